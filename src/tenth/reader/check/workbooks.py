"""Two workbooks: cell by cell, then whatever else of their parts is not the same."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from tenth.reader.check.parts import Part, lines

SHEET = re.compile(r"xl/worksheets/(?:_rels/)?sheet(\d+)\.xml(?:\.rels)?")
BESIDE = re.compile(r"xl/(charts|drawings)/")  # what no cell shows
EMPTY = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
Parts = dict[str, bytes]


def workbooks(here: Path, there: Path) -> Iterator[Part]:
    ours, theirs = _parts(here), _parts(there)
    differing = {name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)}
    beside = {name for name in differing if BESIDE.match(name)}
    found = False
    for part in _sheets(ours, theirs, differing - beside):
        found = True
        yield part
    for name in sorted(beside if found else differing):
        tags = (_tags(one[name]) if name in one else None for one in (ours, theirs))
        yield from _part(name, *tags)


def _parts(path: Path) -> Parts:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def _part(name: str, ours: list[str] | None, theirs: list[str] | None) -> Iterator[Part]:
    if ours is None or theirs is None:
        yield f"part {name}", ours and "it", theirs and "it"
    elif ours == theirs:
        yield f"part {name}", "other bytes", "it"
    else:
        yield from lines(ours, theirs, f"{name}, tag")


def _tags(part: bytes) -> list[str]:
    return re.split(r"(?<=>)(?=<)", part.decode("utf-8", "backslashreplace"))


def _sheets(ours: Parts, theirs: Parts, differing: set[str]) -> Iterator[Part]:
    """Cells of the sheets that differ; of all where what they share does."""
    if not differing:
        return
    matches = [SHEET.fullmatch(name) for name in differing]
    touched = {match[1] for match in matches if match} if all(matches) else None
    files = [_with_only(one, touched) for one in (ours, theirs)]
    for kept in (False, True):  # formulas, then the values that they gave
        books = [openpyxl.load_workbook(io.BytesIO(file), data_only=kept) for file in files]
        what = " (value kept)" if kept else ""
        for title in dict.fromkeys([*books[1].sheetnames, *books[0].sheetnames]):
            if not all(title in book.sheetnames for book in books):
                has = ["it" if title in book.sheetnames else None for book in books]
                yield f"sheet {title}", has[0], has[1]
                continue
            cells = [_cells(book[title], not kept) for book in books]
            for at in sorted({*cells[0], *cells[1]}):
                one, other = cells[0].get(at), cells[1].get(at)
                if one != other:
                    yield f"{title}!{at}{what}", one, other


def _with_only(parts: Parts, touched: set[str] | None) -> bytes:
    """The workbook with its other sheets empty, which are the same in both: large ones are slow."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts.items():
            match = SHEET.fullmatch(name)
            if touched is not None and match and match[1] not in touched:
                if name.endswith(".rels"):
                    continue
                content = EMPTY
            package.writestr(name, content)
    return file.getvalue()


def _cells(sheet: Any, with_looks: bool) -> dict[str, Any]:
    """What each cell holds, where its link leads and how its number is shown."""
    found: dict[str, Any] = {}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                found[cell.coordinate] = _value(cell.value)
                if with_looks and cell.data_type != "s":
                    found[f"{cell.coordinate} format"] = cell.number_format
            if with_looks and cell.hyperlink:
                link = cell.hyperlink
                found[f"{cell.coordinate} link"] = f"{link.target or ''}#{link.location or ''}"
            if with_looks and cell.comment:
                found[f"{cell.coordinate} note"] = cell.comment.text
    return found


def _value(value: Any) -> Any:
    """Formulas over ranges are objects that equal themselves alone."""
    return (
        f"{value.ref}: {value.text}" if hasattr(value, "ref") and hasattr(value, "text") else value
    )
