"""One figure of one output file changed in place: a digit, a sign, a scale, a year, a currency."""

import random
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

KINDS = ("digit", "sign", "scale", "year", "currency")
NUMBER = re.compile(
    r"(?<![\w.,#/-])[(-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,#/-])-?\d+(?:\.\d+)?(?![\w/-])"
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SCALES = ("thousand", "million", "billion", "亿", "万", "千")
CURRENCIES = ("USD", "US$", "$", "CNY", "EUR", "¥", "元")
TRIES = 40


class Untouchable(Exception):
    """Nothing there that such a change would change."""


@dataclass(frozen=True)
class Mutation:
    kind: str
    place: str  # "ledger.sqlite facts.value", "a formula", "a line"
    before: str
    after: str


def mutate(path: Path, kind: str, draw: random.Random, truth: Path) -> Mutation:
    """Changes the file at `path`. Raises Untouchable where it holds nothing of that kind."""
    by_suffix: dict[str, Callable[..., Mutation]] = {
        ".sqlite": _database, ".parquet": _parquet, ".xlsx": _workbook, ".png": _picture,
    }  # fmt: skip
    return by_suffix.get(path.suffix, _text)(path, kind, draw, truth)


def changed(text: str, kind: str, draw: random.Random) -> str:
    """The text with one figure of it changed. Raises Untouchable where there is none."""
    if kind == "year":
        return _replaced(
            text, draw, YEAR.finditer(text), lambda s: str(int(s) + draw.choice((-1, 1)))
        )
    if kind == "currency":
        found = re.finditer("|".join(map(re.escape, CURRENCIES)), text)
        return _replaced(
            text, draw, found, lambda s: draw.choice([c for c in ("EUR", "HK$", "JPY") if c != s])
        )
    numbers = [m for m in NUMBER.finditer(text) if re.search("[1-9]", m[0])]
    if kind == "digit":
        return _replaced(text, draw, numbers, lambda s: _digit(s, draw))
    if kind == "sign":
        return _replaced(text, draw, numbers, lambda s: s[1:] if s[0] in "-(" else f"-{s}")
    words = list(re.finditer("|".join(SCALES), text))
    if words and draw.random() < 0.5:
        return _replaced(text, draw, words, lambda s: draw.choice([w for w in SCALES if w != s]))
    return _replaced(
        text, draw, numbers, lambda s: f"{s}000" if "." not in s else s.replace(".", "")
    )


def _replaced(text: str, draw: random.Random, matches: Any, by: Callable[[str], str]) -> str:
    places = list(matches)
    if not places:
        raise Untouchable
    match = draw.choice(places)
    return text[: match.start()] + by(match[0]) + text[match.end() :]


def _digit(number: str, draw: random.Random) -> str:
    at = draw.choice([i for i, char in enumerate(number) if char.isdigit()])
    return (
        number[:at] + draw.choice([d for d in "0123456789" if d != number[at]]) + number[at + 1 :]
    )


# By kinds of files


def _text(path: Path, kind: str, draw: random.Random, truth: Path) -> Mutation:
    """One line; of a page only what stands behind its style."""
    text = path.read_bytes().decode()
    head, style, body = text.rpartition("</style>")
    lines = body.split("\n")
    for number in draw.sample(range(len(lines)), len(lines)):
        try:
            after = changed(lines[number], kind, draw)
        except Untouchable:
            continue
        before, lines[number] = lines[number], after
        path.write_bytes((head + style + "\n".join(lines)).encode())
        return Mutation(kind, "a line", before, after)
    raise Untouchable


# Columns in which a figure, or what it is of, is stored
COLUMNS = {
    "facts": ("value", "verbatim", "period_start", "period_end", "currency", "scale", "locator",
              "box", "page"),
    "figures": ("value", "period_start", "period_end", "currency", "formula", "note"),
    "inputs": ("value",),
    "lines": ("label", "parts"),
    "contradictions": ("expected", "found", "note", "period_end"),
    "said": ("text", "locator"),
    "statements": ("scale", "currency", "columns", "title"),
    "documents": ("period_start", "period_end", "currency", "scale", "fiscal_year_start", "said"),
    "cells": ("text", "value", "x0", "y1", "ref"),
    "tables": ("caption", "scale"),
    "blocks": ("text",),
    "pages": ("width",),
}  # fmt: skip


def _database(path: Path, kind: str, draw: random.Random, truth: Path) -> Mutation:
    with closing(sqlite3.connect(path)) as sql:
        tables = {name for (name,) in sql.execute("SELECT name FROM sqlite_master")}
        for _ in range(TRIES):
            here = [name for name in COLUMNS if name in tables]
            table = draw.choice([*here, *here[:2] * 2])  # facts and figures above all
            info = sql.execute(f'PRAGMA table_info("{table}")').fetchall()
            keys = [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]
            column = draw.choice(
                [c for c in COLUMNS[table] if c in {row[1] for row in info}] or [""]
            )
            if not column:
                continue
            count = sql.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            if not count:
                continue
            read = ", ".join(f'"{name}"' for name in (column, *keys))
            row = sql.execute(
                f'SELECT {read} FROM "{table}" LIMIT 1 OFFSET {draw.randrange(count)}'
            )
            before, *key = row.fetchone()
            try:
                after = _stored(before, kind, draw)
            except Untouchable:
                continue
            where = " AND ".join(f'"{name}" = ?' for name in keys)
            sql.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {where}', (after, *key))
            now = sql.execute(f'SELECT "{column}" FROM "{table}" WHERE {where}', key).fetchone()[0]
            if now == before:
                continue
            sql.commit()
            return Mutation(kind, f"{path.name} {table}.{column}", str(before), str(now))
    raise Untouchable


def _stored(value: Any, kind: str, draw: random.Random) -> Any:
    if value is None:
        raise Untouchable
    text = changed(f"{value:f}" if isinstance(value, float) else str(value), kind, draw)
    try:
        return text if isinstance(value, str) else type(value)(text)
    except ValueError:
        raise Untouchable from None


def _parquet(path: Path, kind: str, draw: random.Random, truth: Path) -> Mutation:
    table = pq.read_table(path)
    names = ("value", "period_start", "period_end", "currency", "scale", "locator", "verbatim")
    for _ in range(TRIES):
        column, at = draw.choice(names), draw.randrange(len(table))
        values = table[column].to_pylist()
        try:
            after = _stored(values[at], kind, draw)
        except Untouchable:
            continue
        before, values[at] = values[at], after
        index = table.schema.get_field_index(column)
        pq.write_table(
            table.set_column(index, column, pa.array(values, pa.string())), path, compression="zstd"
        )
        return Mutation(kind, f"facts.parquet {column}", before, after)
    raise Untouchable


# What is changed in which parts of a workbook, and in what of them
SHEETS = r"xl/worksheets/sheet\d+\.xml"
XML = {
    "an input cell": (SHEETS, r'(<c r="[^"]+"(?: s="\d+")?><v>)([^<]+)(?=</v>)'),
    "a formula": (SHEETS, r"(<f>)([^<]+)(?=</f>)"),
    "a value that a formula gave": (SHEETS, r"(</f><v>)([^<]+)(?=</v>)"),
    "a link": (r"xl/worksheets/_rels/sheet\d+\.xml\.rels", r'(Target=")([^"]+)(?=")'),
    "a link within": (SHEETS, r'(location=")([^"]+)(?=")'),
    "a text": (r"xl/sharedStrings\.xml", r"(<t(?: [^>]*)?>)([^<]+)(?=</t>)"),
    "a format": (r"xl/styles\.xml", r'(formatCode=")([^"]+)(?=")'),
    "a chart": (r"xl/charts/chart\d+\.xml", r"(<c:v>|<c:f>)([^<]+)(?=<)"),
}  # fmt: skip


def _workbook(path: Path, kind: str, draw: random.Random, truth: Path) -> Mutation:
    with zipfile.ZipFile(path) as file:
        parts = {info: file.read(info) for info in file.infolist()}
    for _ in range(TRIES):
        place = draw.choice([*XML] * 2 + [*XML][:4] * 3)  # cells and their formulas above all
        names, pattern = XML[place]
        found = [info for info in parts if re.fullmatch(names, info.filename)]
        if not found:
            continue
        info = draw.choice(found)
        text = parts[info].decode()
        matches = list(re.finditer(pattern, text))
        if not matches:
            continue
        match = draw.choice(matches)
        try:
            after = _in_workbook(match[2], place, kind, draw)
        except Untouchable:
            continue
        parts[info] = (text[: match.start(2)] + after + text[match.end(2) :]).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for one, content in parts.items():
                file.writestr(one, content)
        return Mutation(kind, place, match[2], after)
    raise Untouchable


def _in_workbook(text: str, place: str, kind: str, draw: random.Random) -> str:
    """Of formulas and links any digit counts, and a format scales by its commas."""
    if place == "a format" and kind == "scale":
        return _replaced(text, draw, re.finditer(r"#,##0", text), lambda s: f"{s},")
    if place in ("a formula", "a link", "a link within", "a chart") and kind == "digit":
        return _replaced(text, draw, re.finditer(r"\d+", text), lambda s: _digit(s, draw))
    if place == "a formula" and kind == "sign":
        return _replaced(text, draw, re.finditer(r"[-+]", text), lambda s: "+" if s == "-" else "-")
    if place in ("a link", "a link within", "a formula"):
        raise Untouchable
    return changed(text, kind, draw)


def _picture(path: Path, kind: str, draw: random.Random, truth: Path) -> Mutation:
    """Ink of one place of a page laid over another, as a forger would."""
    if kind != "digit":
        raise Untouchable
    with Image.open(path) as image:
        image.load()
        whole, info = image.copy(), dict(image.info)
    for _ in range(TRIES):
        width, height = 40, 12
        boxes = []
        for _ in range(2):
            x, y = draw.randrange(whole.width - width), draw.randrange(whole.height - height)
            boxes.append((x, y, x + width, y + height))
        before, after = (whole.crop(box) for box in boxes)
        if before.tobytes() != after.tobytes():
            whole.paste(after, boxes[0][:2])
            texts = _texts(info)
            whole.save(path, "PNG", pnginfo=texts)
            return Mutation(kind, "a picture", str(boxes[0]), str(boxes[1]))
    raise Untouchable


def _texts(info: dict) -> Any:
    from PIL.PngImagePlugin import PngInfo

    made = PngInfo()
    for name, text in info.items():
        if isinstance(text, str):
            made.add_text(name, text)
    return made
