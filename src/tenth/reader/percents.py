"""Percents whose sign stands at the first or last figure of a group alone."""

from collections.abc import Sequence

from tenth.documents.model import Cell
from tenth.reader.figures import parse_figure
from tenth.reader.grid import Grid, Sections
from tenth.reader.periods import is_change


def percents_of(grid: Grid) -> set[tuple[int, int]]:
    """Cells whose percent sign stands at the first or last figure of their heading's lines: "57 %",
    "24", "19", "100 %"; in a column of changes, at its first figure for all of them."""
    sections, groups = Sections(), {}
    for row in grid.rows:
        if row.is_heading:
            sections.heading(row)
            groups.setdefault(sections.path, [])
        elif row.figures:
            groups.setdefault(sections.line(row), []).append(row)
    found: set[tuple[int, int]] = set()
    for path, rows in groups.items():
        for column in {column for row in rows for column in row.figures}:
            cells = [row.figures[column] for row in rows if column in row.figures]
            if _signed_at_ends(cells, both=not path):
                found |= {(cell.row, cell.column) for cell in cells}
    for column, header in grid.headers.items():
        cells = [row.figures[column] for row in grid.rows if column in row.figures]
        if any(map(is_change, header.texts)) and _first_is_percent(cells):
            found |= {(cell.row, cell.column) for cell in cells}
    return found


def _first_is_percent(cells: Sequence[Cell]) -> bool:
    printed = [found for cell in cells if (found := parse_figure(cell.text))]
    if any(one.currency or one.own_scale or one.measure for one in printed):
        return False
    told = [one for one in printed if not one.nothing]
    return len(told) > 1 and told[0].percent


def _signed_at_ends(cells: Sequence[Cell], both: bool) -> bool:
    printed = [found for cell in cells if (found := parse_figure(cell.text))]
    if len(printed) < 3 or any(one.currency or one.own_scale for one in printed):
        return False
    ends = (printed[0].percent, printed[-1].percent)
    return all(ends) if both else any(ends)
