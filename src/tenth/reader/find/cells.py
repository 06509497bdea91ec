"""Which cell of a table answers a question, of the period that is asked for.

A cell is said by what stands left of it (its row's label, the headings above that) and above it
(its column's header). Each of these is compared with the question: what both say counts, by how
rare it is in the table; what only the table says counts against it. The period chooses among the
columns, or among rows where these are the periods.
"""

from collections.abc import Sequence

import msgspec

from tenth.documents.model import Cell, Table
from tenth.reader.find.candidates import candidates_of
from tenth.reader.find.extremes import EXTREME, extremes_of, place_of
from tenth.reader.find.fits import kind_fit, period_fit, year_fit
from tenth.reader.find.likeness import asked_terms, likeness, rarity


class CellHit(msgspec.Struct, frozen=True):
    table: int  # which of those given, from 0
    cell: Cell
    score: float
    row: str  # its label, as printed; "total" and its heading where a sum has none
    column: str  # the header above it


def ranked_cells(
    tables: Sequence[Table], question: str, period: str = "", top: int = 10
) -> list[CellHit]:
    """The figures of tables that answer, best first; of equals the one that stands first.

    `period`: as a header prints it, "2019" or "September 30, 2019"; "" where none is asked for.
    """
    candidates = [
        one for number, table in enumerate(tables) for one in candidates_of(number, table)
    ]
    if not candidates:
        return []
    rare = rarity(candidates)
    extremes = extremes_of(candidates, question)
    asked = asked_terms(question, period, rare)
    scored = [
        (
            round(
                likeness(one, asked, rare)
                + period_fit(one, period)
                + kind_fit(one, period, question)
                + year_fit(one, period, question)
                + (EXTREME if place_of(one) in extremes else 0.0),
                9,
            ),
            -i,
            one,
        )
        for i, one in enumerate(candidates)
    ]
    scored.sort(key=lambda entry: entry[:2], reverse=True)
    return [
        CellHit(one.table, one.cell, score, one.label, one.header) for score, _, one in scored[:top]
    ]
