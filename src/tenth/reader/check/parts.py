"""Two files of one kind, part by part: rows, lines, pictures."""

import csv
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
from PIL import Image

from tenth.reader.facts_files import COLUMNS

Rows = dict[Any, dict[Any, Any]]
Part = tuple[str, Any, Any]  # where, what stands here, what the archive gives


def text_of(value: Any) -> str:
    """ "" for what is not there at all."""
    return "" if value is None else str(value) or "(empty)"


def rows(here: Rows, there: Rows) -> Iterator[Part]:
    """Rows by what names them, in order of the names."""
    for key in sorted({*here, *there}, key=str):
        ours, theirs = here.get(key), there.get(key)
        if ours is None or theirs is None:
            yield (
                f"row {key}",
                None if ours is None else "a row",
                None if theirs is None else "a row",
            )
            continue
        for column in {**theirs, **ours}:
            one, other = ours.get(column), theirs.get(column)
            if one != other:
                yield f"{key}, {column}", text_of(one) or "(none)", text_of(other) or "(none)"


def keyed(pairs: Iterator[tuple[Any, dict[Any, Any]]]) -> Rows:
    """Rows that share a key, as those that somebody has added may, each under one of its own."""
    found: Rows = {}
    for key, row in pairs:
        name, again = key, 1
        while name in found:
            again += 1
            name = f"{key} (again, {again})"
        found[name] = row
    return found


def csvs(here: Path, there: Path) -> Iterator[Part]:
    return rows(_csv(here), _csv(there))


def _csv(path: Path) -> Rows:
    """By ids where the file has them, else by line."""
    csv.field_size_limit(sys.maxsize)
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    with_ids = path.name == "facts.csv"
    head = lines[0] if with_ids and lines else ()

    def pairs() -> Iterator[tuple[Any, dict[Any, Any]]]:
        for number, line in enumerate(lines, 1):
            key = line[0] if with_ids and line and number > 1 else f"line {number}"
            names = head if number > 1 and len(head) == len(line) else range(len(line))
            yield key, dict(zip(names, line, strict=True)) | {"fields": len(line)}

    return keyed(pairs())


def parquets(here: Path, there: Path) -> Iterator[Part]:
    tables = [pyarrow.parquet.read_table(path) for path in (here, there)]
    ours, theirs = ([*zip(one.schema.names, map(str, one.schema.types), strict=True)]
                    for one in tables)  # fmt: skip
    if ours != theirs:
        yield "columns", ours, theirs
    first = next(iter(COLUMNS))
    ours, theirs = (
        keyed((row.get(first, number), row) for number, row in enumerate(table.to_pylist()))
        for table in tables
    )
    yield from rows(ours, theirs)


def pictures(here: Path, there: Path) -> Iterator[Part]:
    ours, theirs = map(_pixels, (here, there))
    if ours != theirs:
        yield "the picture", "another", "it"


def _pixels(path: Path) -> tuple:
    """What is seen, and what the picture says of itself; not how it was packed."""
    with Image.open(path, formats=("PNG",)) as image:
        return image.size, image.info.get("Source"), image.convert("RGBA").tobytes()


def texts(here: Path, there: Path) -> Iterator[Part]:
    ours, theirs = (path.read_text("utf-8").splitlines() for path in (here, there))
    return lines(ours, theirs)


def lines(ours: list[str], theirs: list[str], what: str = "line") -> Iterator[Part]:
    """The lines that differ, each beside the one in its place."""
    start, most = 0, min(len(ours), len(theirs))
    while start < most and ours[start] == theirs[start]:
        start += 1
    end = 0  # most lines are the same: only what lies between is matched, which is slow
    while end < most - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    between = [one[start : len(one) - end] for one in (theirs, ours)]
    matcher = difflib.SequenceMatcher(None, between[0], between[1])
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            for i in range(max(b - a, d - c)):
                one = ours[start + c + i] if c + i < d else None
                other = theirs[start + a + i] if a + i < b else None
                number = start + (c + i if one is not None else c) + 1
                yield f"{what} {number}", one, other
