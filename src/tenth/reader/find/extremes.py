"""The greatest and the least figure of a column, where a question asks for one."""

from collections.abc import Sequence

from tenth.reader.figures import parse_figure
from tenth.reader.find.asks import ASKS_GREATEST, ASKS_LEAST, IS_TOTAL
from tenth.reader.find.candidates import Candidate

EXTREME = 3.0  # what the greatest or the least gains


def extremes_of(candidates: Sequence[Candidate], question: str) -> set[tuple[int, int, int]]:
    """Where the figures stand that a question asks for by their size: of each column the greatest
    or the least, sums left out."""
    greatest = bool(ASKS_GREATEST.search(question))
    if greatest == bool(ASKS_LEAST.search(question)):
        return set()
    columns: dict[tuple, list[tuple]] = {}
    for one in candidates:
        printed = parse_figure(one.cell.text)
        if printed and printed.value is not None and not IS_TOTAL.search(one.label):
            key = (one.table, one.cell.column, one.header, one.percent)
            columns.setdefault(key, []).append((printed.value, place_of(one)))
    pick = max if greatest else min
    return {pick(found, key=lambda entry: entry[0])[1] for found in columns.values()}


def place_of(one: Candidate) -> tuple[int, int, int]:
    return one.table, one.cell.row, one.cell.column
