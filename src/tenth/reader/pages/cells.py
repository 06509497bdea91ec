"""What is shown of a table around its cited cells, for formats whose pages are no pictures."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tenth.documents.model import Cell, Table

MOST_ROWS, MOST_COLUMNS = 120, 24  # a table up to this size is shown whole
ROWS_AROUND, COLUMNS_AROUND = 4, 3
LABEL_COLUMNS = 2  # that stay in sight beside a far column

At = tuple[int, int]  # row, column


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown; `row_span` and `column_span` count what is shown."""

    cell: Cell
    row_span: int
    column_span: int


@dataclass(frozen=True)
class Excerpt:
    """Rows of a table in order, each of cells or None where nothing (more) begins; a row that is
    an empty list stands for those left out."""

    rows: list[list[Shown | None]]
    columns: list[int]
    cut: bool  # something was left out


def excerpt(
    table: Table, cited: Collection[At], most: tuple[int, int] = (MOST_ROWS, MOST_COLUMNS)
) -> Excerpt:
    """The table, or the neighbourhood of its cited cells and its headers where it is larger."""
    header = range(min(table.header_rows or 1, table.n_rows))
    rows = _kept(table.n_rows, most[0], (r for r, _ in cited), ROWS_AROUND, header)
    columns = _kept(
        table.n_columns, most[1], (c for _, c in cited), COLUMNS_AROUND, range(LABEL_COLUMNS)
    )
    at: dict[At, Cell] = {(cell.row, cell.column): cell for cell in table.cells}
    cut = len(rows) < table.n_rows or len(columns) < table.n_columns
    hidden: set[At] = set()
    shown: list[list[Shown | None]] = []
    before = -1
    for row in rows:
        if row > before + 1:
            shown.append([])
        before = row
        line: list[Shown | None] = []
        for column in columns:
            if (row, column) in hidden:
                line.append(None)
                continue
            cell = at.get((row, column), Cell(row, column, ""))
            wide = sum(c in range(column, column + cell.column_span) for c in columns)
            high = 1 if cut else cell.row_span
            hidden |= {(r, c) for r in range(row, row + high)
                       for c in range(column, column + cell.column_span)}  # fmt: skip
            line.append(Shown(cell, high, max(1, wide)))
        shown.append(line)
    if rows and rows[-1] < table.n_rows - 1:
        shown.append([])
    return Excerpt(shown, columns, cut)


def _kept(count: int, most: int, cited: Iterable[int], around: int, always: range) -> list[int]:
    if count <= most:
        return list(range(count))
    kept = {index for index in always if index < count}
    for middle in cited:
        kept.update(range(max(0, middle - around), min(count, middle + around + 1)))
    return sorted(kept)
