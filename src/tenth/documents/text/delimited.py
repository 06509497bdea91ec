"""A table of text: which delimiter, what stands above the header, where the header ends."""

import csv
import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from tenth.config import ReadConfig
from tenth.documents.model import Block, Document, Page
from tenth.documents.native import PLAIN_BYTES, Budget, header_rows, table_of
from tenth.documents.numbers import is_figure, scale_in

DELIMITERS = "\t;|,"  # the comma last: it also stands within numbers and sentences
SNIFFED = 64 << 10  # characters that the delimiter is told by
MAX_ABOVE = 20  # lines above the header
LINE = re.compile(r"[^\n]*\n|[^\n]+")


def read_csv(text: str, name: str, config: ReadConfig, warnings: tuple[str, ...]) -> Document:
    """One table; the lines above it that have one cell alone are its caption and scale.

    A cell's ref counts rows and columns as a spreadsheet would that opens the file.
    """
    named = re.match(r"sep=(.)\n", text)  # Excel's own first line
    delimiter = named[1] if named else sniff(text[:SNIFFED])
    start = named.end() if named else 0
    rows = list(_rows(text, start, delimiter, Budget(name, config, PLAIN_BYTES), quoted=True))
    if rows and rows[-1] and "\n" in rows[-1][-1] and not text.rstrip().endswith('"'):
        rows = list(_rows(text, start, delimiter, Budget(name, config, PLAIN_BYTES), quoted=False))
        warnings += ("a quote is never closed: quotes are taken for text",)
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        return Document("csv", (Page(1),), warnings=warnings)
    Budget(name, config, PLAIN_BYTES).check_area(len(rows), max(map(len, rows)))
    first = _first_row(rows)
    above = [next(filter(None, row)) for row in rows[:first] if row]
    body = rows[first:]
    table = msgspec.structs.replace(
        table_of(body, 1, header_rows(body), first + (2 if named else 1)),
        caption=" ".join(line for line in above if scale_in(line) != line),
        scale=next(filter(None, map(scale_in, above)), ""),
    )
    blocks = (*(Block("caption", line) for line in above), Block("table", table=0))
    return Document("csv", (Page(1, blocks),), (table,), title=table.caption, warnings=warnings)


def sniff(sample: str) -> str:
    """The delimiter that cuts most rows into the same number of cells."""
    lines = LINE.findall(sample)
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> float:
    try:
        rows, share = list(csv.reader(lines, delimiter=delimiter, strict=True)), 1.0
    except csv.Error:  # quotes that it does not part
        rows, share = list(csv.reader(lines, delimiter=delimiter)), 0.5
    widths = Counter(len(row) for row in rows if len(row) > 1)
    filled = sum(map(bool, rows))
    if not widths:
        return 0.1 * (delimiter == ",")
    return share * (max(widths.values()) + 0.5 * widths.total()) / filled


def _rows(
    text: str, start: int, delimiter: str, budget: Budget, quoted: bool
) -> Iterator[list[str]]:
    """Rows without the empty cells at their ends."""

    def lines() -> Iterator[str]:
        for match in LINE.finditer(text, start):
            budget.fits(match[0].count(delimiter))  # before the row is there, all of it
            yield match[0]

    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    before = csv.field_size_limit(len(text) + 1)
    try:
        for row in csv.reader(lines(), delimiter=delimiter, quoting=quoting, skipinitialspace=True):
            cells = [cell.strip() for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            budget.take(len(row) or 1)
            yield cells
    finally:
        csv.field_size_limit(before)


def _first_row(rows: list[list[str]]) -> int:
    """Where the table begins: the first row with two cells, if what is above are lines of words."""
    for i, row in enumerate(rows[:MAX_ABOVE]):
        filled = [cell for cell in row if cell]
        if len(filled) > 1:
            return i
        if filled and is_figure(filled[0]):
            return 0
    return 0
