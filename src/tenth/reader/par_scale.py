"""The scale of statements that nothing says, by what a balance sheet's shares come to at par.

"Common stock, $0.01 par value, 12,613,978 shares issued" beside 126,140 multiplies out in whole
dollars, and beside 126 in thousands. That holds only if the count itself is whole: a sentence of
the cover, which counts the shares outstanding one by one, has to be near to it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from tenth.documents.model import Document
from tenth.documents.numbers import CURRENCY
from tenth.reader.columns import kind_of_table
from tenth.reader.figures import parse_figure
from tenth.reader.grid import Grid, grids
from tenth.reader.model import Said
from tenth.reader.passages import lines_of

POSSIBLE = (1, 10**3, 10**6)
LEAST = 2  # figures that have to multiply out: one may be chance
LEAST_FIGURE = 100  # three digits: a count at par comes near to fewer by chance
COVER_PAGES = 4
NEAR = 3  # times as many shares, between the year's end and the cover's date
LEAST_COUNT = 100_000
PAR = re.compile(
    rf"(?:{CURRENCY}\s?(?P<before>\d?\.\d+|\d+)[^.;\d]{{0,20}}\bpar value\b"
    rf"|\bpar value\b(?: of)?\s?{CURRENCY}\s?(?P<after>\d?\.\d+|\d+))",
    re.IGNORECASE,
)
COUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.])")
OUTSTANDING = re.compile(r"\bshares\b.*\boutstanding\b|\boutstanding\b.*\bshares\b", re.IGNORECASE)


class Capital(NamedTuple):
    """A figure of capital stock, and the counts of shares that its line names times par."""

    figure: Decimal
    counts: tuple[Decimal, ...]
    par: Decimal
    said: Said


def scale_by_par(document: Document) -> tuple[int, tuple[Said, ...]] | None:
    """The scale of a document's statements that its capital stock says, and where it says it."""
    capital = [one for one in _capital(document) if one.figure >= LEAST_FIGURE]
    whole = tuple(_counts_of_cover(document)) if capital else ()
    found = {
        scale: {one.figure: one.said for one in capital if _multiplies_out(one, scale, whole)}
        for scale in POSSIBLE
    }
    sure = [scale for scale, figures in found.items() if figures]
    if len(sure) != 1 or len(found[sure[0]]) < LEAST:
        return None
    return sure[0], tuple(dict.fromkeys(found[sure[0]].values()))


def _capital(document: Document) -> Iterator[Capital]:
    for table in document.tables:
        for grid in grids(table):
            if kind_of_table(table, grid) == "balance":
                yield from _capital_of(grid)


def _capital_of(grid: Grid) -> Iterator[Capital]:
    for row in grid.rows:
        par = PAR.search(row.label)
        if par is None:
            continue
        counts = tuple(_number(text) for text in COUNT.findall(row.label))
        each = Decimal(par["before"] or par["after"])
        for cell in row.figures.values():
            printed = parse_figure(cell.text)
            if printed and printed.value and counts and each:
                said = Said("scale", row.label, row.place)
                yield Capital(abs(printed.value), counts, each, said)


def _multiplies_out(one: Capital, scale: int, whole: tuple[Decimal, ...]) -> bool:
    """Whether the figure is a count times par to its last digit, the count a whole one."""
    return any(
        abs(count * one.par / scale - one.figure) <= 1
        and any(count < NEAR * own and own < NEAR * count for own in whole)
        for count in one.counts
    )


def _counts_of_cover(document: Document) -> Iterator[Decimal]:
    """The counts of shares outstanding that the first pages name in sentences."""
    for line in lines_of(document, COVER_PAGES):
        if OUTSTANDING.search(line.text):
            yield from (n for n in map(_number, COUNT.findall(line.text)) if n >= LEAST_COUNT)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
