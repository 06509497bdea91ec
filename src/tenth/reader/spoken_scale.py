"""The scale of statements that nothing says, by sentences that say amounts of theirs with one.

A 10-K may print its statements in whole dollars without a word. Where the text says "a net loss of
$132.6 million" and a statement prints 132,596,000, the sentence says what the print is in; so many
such sentences as agree on one scale, and on hardly any other, leave nothing to guess.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from tenth.documents.model import Document
from tenth.documents.numbers import CURRENCY
from tenth.reader.columns import kind_of_table
from tenth.reader.figures import SCALES, parse_figure
from tenth.reader.grid import grids
from tenth.reader.kinds import MAIN
from tenth.reader.model import Place, Said
from tenth.reader.par_scale import scale_by_par
from tenth.reader.passages import paragraphs_of
from tenth.reader.whole import UNSAID, Otherwise, heads_in_whole, may_be_whole

POSSIBLE = (1, 10**3, 10**6)
LEAST = 5  # amounts that have to agree, and by so many times more than on another scale
LEAST_DIGITS = 3  # of an amount: "$2 million" is near to anything
LEAST_FIGURE = 1_000
AMOUNT = re.compile(
    rf"{CURRENCY}\s?(?P<number>\d{{1,3}}(?:,\d{{3}})*(?:\.\d+)?)"
    r"\s?(?P<scale>thousand|million|billion|mn?|bn)\b",
    re.IGNORECASE,
)


class Unsaid:
    """What says the scale of tables that do not say it: of any table, then of the statements.

    Where the statements are in whole units and nothing in the document says another scale, its
    notes are in whole units too.
    """

    def __init__(self, document: Document):
        self.document = document

    @cached_property
    def tables(self) -> Otherwise:
        if not may_be_whole(self.document):
            return UNSAID
        if self._spoken is None or self._spoken[0] != 1:
            return Otherwise(self._spoken is None)
        return Otherwise(True, 1, self._spoken[1], everywhere=heads_in_whole(self.document))

    @cached_property
    def statements(self) -> Otherwise:
        scale, said = self._spoken or (None, ())
        return replace(self.tables, scale=scale, said=said)

    @cached_property
    def _spoken(self) -> tuple[int, tuple[Said, ...]] | None:
        by_sentences = scale_in_sentences(self.document)
        by_par = scale_by_par(self.document)
        if by_sentences and by_par and by_sentences[0] != by_par[0]:
            return None
        return by_sentences or by_par


class Amount(NamedTuple):
    """An amount that a sentence says, and by how much its rounding may be off."""

    value: Decimal
    off: Decimal


def scale_in_sentences(document: Document) -> tuple[int, tuple[Said, ...]] | None:
    """The scale of a document's statements that its sentences say, and the amounts that say it."""
    figures = sorted(set(_figures(document)))
    amounts = dict(_amounts(document)) if figures else {}
    found = {
        scale: [said for amount, said in amounts.items() if _is_among(amount, scale, figures)]
        for scale in POSSIBLE
    }
    best = max(POSSIBLE, key=lambda scale: len(found[scale]))
    others = max(len(found[scale]) for scale in POSSIBLE if scale != best)
    if len(found[best]) < max(LEAST, LEAST * others):
        return None
    return best, tuple(found[best][:LEAST])


def _figures(document: Document) -> Iterator[Decimal]:
    """Those of the statements that may be in thousands or more: no notes' numbers, no years."""
    for table in document.tables:
        for grid in grids(table):
            if kind_of_table(table, grid) in MAIN:
                for row in grid.rows:
                    for cell in row.figures.values():
                        printed = parse_figure(cell.text)
                        if printed and printed.value and abs(printed.value) >= LEAST_FIGURE:
                            yield abs(printed.value)


def _amounts(document: Document) -> Iterator[tuple[Amount, Said]]:
    for paragraph in paragraphs_of(document):
        for found in AMOUNT.finditer(paragraph.text):
            number = found["number"].replace(",", "")
            if len(number.replace(".", "").strip("0")) < LEAST_DIGITS:
                continue
            scale, decimals = SCALES[found["scale"].lower()], len(number.partition(".")[2])
            off = Decimal(scale).scaleb(-decimals) / 2
            place = Place(paragraph.place.page, paragraph.place.box)
            yield Amount(Decimal(number) * scale, off), Said("scale", found.group(), place)


def _is_among(amount: Amount, scale: int, figures: list[Decimal]) -> bool:
    return any(abs(figure * scale - amount.value) <= amount.off for figure in figures)
