"""Each fact's place looked up in its file by another way than the one that found it."""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
from openpyxl.utils.cell import coordinate_to_tuple

from tenth.reader.model import Fact

LOOKED_UP = ("pdf", "xlsx", "xlsm")
SLACK = 1.0  # points around a box within which its characters' middles lie
DASHES = str.maketrans(dict.fromkeys("–—―−‒", "-"))


def unresolved(path: Path, kind: str, facts: Iterable[Fact]) -> Iterator[tuple[Fact, str]]:
    """The facts of one file whose place does not hold what they say, and what stands there.

    PDFs are looked up by pypdfium2's own text of the box, sheets by openpyxl; a page without a text
    layer, and formats that have neither, by reading them again alone.
    """
    if kind == "pdf":
        yield from _in_pdf(path, facts)
    elif kind in ("xlsx", "xlsm"):
        yield from _in_sheets(path, facts)


def _in_pdf(path: Path, facts: Iterable[Fact]) -> Iterator[tuple[Fact, str]]:
    by_page: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.place.box is not None:
            by_page.setdefault(fact.place.page, []).append(fact)
    document = pypdfium2.PdfDocument(path)
    try:
        for number, own in sorted(by_page.items()):
            page = document[number - 1]
            text = page.get_textpage()
            if text.count_chars():
                yield from _on_page(page, text, own)
            text.close()
            page.close()
    finally:
        document.close()


def _on_page(page, text, facts: list[Fact]) -> Iterator[tuple[Fact, str]]:
    # what is shown is what both boxes hold
    (cx, *_, cy), (mx, *_, my) = page.get_cropbox(), page.get_mediabox()
    x0, y1 = max(cx, mx), min(cy, my)
    if page.get_rotation():
        return  # boxes are of the page as shown
    for fact in facts:
        left, top, right, bottom = fact.place.box or (0, 0, 0, 0)
        bounds = (x0 + left - SLACK, y1 - bottom - SLACK, x0 + right + SLACK, y1 - top + SLACK)
        said = text.get_text_bounded(*bounds)
        if bare(fact.verbatim) not in bare(said):
            yield fact, said


def _in_sheets(path: Path, facts: Iterable[Fact]) -> Iterator[tuple[Fact, str]]:
    by_sheet: dict[str, dict[tuple[int, int], list[Fact]]] = {}
    for fact in facts:
        sheet, _, cell = fact.place.ref.rpartition("!")
        own = by_sheet.setdefault(sheet.strip("'").replace("''", "'"), {})
        own.setdefault(coordinate_to_tuple(cell), []).append(fact)
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)  # streamed: it may be large
    try:
        for name, own in by_sheet.items():
            values = _values(book[name], own) if name in book.sheetnames else {}
            for at, here in own.items():
                value = values.get(at)
                said = "nothing" if value is None else str(value)
                yield from ((fact, said) for fact in here if not _holds(value, fact))
    finally:
        book.close()


def _values(sheet: Any, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], object]:
    """What stands at these rows and columns, from 1."""
    last = max(row for row, _ in wanted)
    return {
        (i, k): value
        for i, row in enumerate(sheet.iter_rows(max_row=last, values_only=True), 1)
        for k, value in enumerate(row, 1)
        if (i, k) in wanted
    }


def _holds(value: object, fact: Fact) -> bool:
    """Whether a cell's value is the fact's: as a number before its scale, or as its text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return isinstance(value, str) and bare(fact.verbatim) in bare(value)
    if fact.value is None:
        return True  # its scale is unknown: nothing was made of it
    number = Decimal(str(value))
    return fact.value in (number * (fact.scale or 1), number, number / 100)


def bare(text: str) -> str:
    """Without spaces, and with one kind of dash: what a figure consists of."""
    return re.sub(r"\s+", "", text).translate(DASHES)
