"""Percents whose sign stands at the first or last figure of a group alone."""

from collections.abc import Sequence

from tenth.documents.model import Cell
from tenth.reader.figures import parse_figure
from tenth.reader.grid import Grid, Sections


def percents_of(grid: Grid) -> set[tuple[int, int]]:
    """Cells whose percent sign stands at the first or last figure of their heading's lines: "57 %",
    "24", "19", "100 %"."""
    sections, groups = Sections(), {}
    for row in grid.rows:
        if not row.figures:
            sections.heading(row)
            groups.setdefault(sections.path, [])
        else:
            groups.setdefault(sections.line(row), []).append(row)
    found: set[tuple[int, int]] = set()
    for path, rows in groups.items():
        for column in {column for row in rows for column in row.figures}:
            cells = [row.figures[column] for row in rows if column in row.figures]
            if _signed_at_ends(cells, both=not path):
                found |= {(cell.row, cell.column) for cell in cells}
    return found


def _signed_at_ends(cells: Sequence[Cell], both: bool) -> bool:
    printed = [found for cell in cells if (found := parse_figure(cell.text))]
    if len(printed) < 3 or any(one.currency or one.own_scale for one in printed):
        return False
    ends = (printed[0].percent, printed[-1].percent)
    return all(ends) if both else any(ends)
