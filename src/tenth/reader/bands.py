"""Tables that stand side by side and were read as one: assets | liabilities, statements | ratios.

Each has its own column of labels; what is right of the second is no figure of the first's rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_nothing, is_scale

LEAST_LABELS = 3  # of a column that names rows
IsValue = Callable[[Cell], bool]


@dataclass
class _Column:
    """What a column holds below the headers, and what stands above it."""

    values: int = 0
    words: int = 0
    head: str = ""


def bands(table: Table, is_value: IsValue) -> Iterator[Table]:
    """The tables that stand side by side in one, under their own columns' numbers; else itself."""
    starts = _starts(table, is_value)
    for start, end in zip(starts, [*starts[1:], table.n_columns], strict=True):
        if len(starts) == 1:
            yield table
            return
        cells = tuple(
            cell for cell in table.cells
            if (start <= cell.column < end and not _is_of_next(cell, end, table.header_rows))
            or (cell.row < table.header_rows and _reaches(cell, start))
        )  # fmt: skip
        yield msgspec.structs.replace(table, cells=cells)


def _reaches(cell: Cell, column: int) -> bool:
    """Whether a header goes on from the left across a column."""
    return cell.column < column < cell.column + cell.column_span


def _is_of_next(cell: Cell, end: int, header_rows: int) -> bool:
    """Whether a header begins over the last column alone, and goes on over the next table."""
    return cell.row < header_rows and cell.column == end - 1 and _reaches(cell, end)


def _starts(table: Table, is_value: IsValue) -> list[int]:
    """The columns that each table's labels stand in: the first, and any that stands between two
    blocks of figures under the same headers."""
    columns = _columns(table, is_value)
    starts = [0]
    for column in range(2, table.n_columns - 1):
        if not _names_rows(columns[column]):
            continue
        left = [one.head for one in columns[starts[-1] : column] if one.values]
        end = next((c for c in range(column + 1, table.n_columns) if _names_rows(columns[c])), None)
        right = [one.head for one in columns[column + 1 : end] if one.values]
        if left and right and _same_heads(left, right):
            starts.append(column)
    return starts


def _columns(table: Table, is_value: IsValue) -> list[_Column]:
    columns = [_Column() for _ in range(table.n_columns)]
    for cell in table.cells:
        text = cell.text.strip()
        if not text or cell.column_span > 1 or cell.column >= table.n_columns:
            continue
        one = columns[cell.column]
        if cell.row < table.header_rows:
            one.head = "" if is_scale(text) else "".join(text.split())
        elif is_value(cell) or is_nothing(text):
            one.values += 1
        else:
            one.words += 1
    return columns


def _names_rows(column: _Column) -> bool:
    return column.words >= LEAST_LABELS and column.words > 3 * column.values


def _same_heads(left: list[str], right: list[str]) -> bool:
    """Whether the one block's headers are the other's again, as far as they are read; none at all
    say nothing against it."""
    pairs = list(zip(reversed(left), reversed(right), strict=False))
    if not any(left) and not any(right):
        return len(left) == len(right)
    if any(a and b and a != b for a, b in pairs) or len(right) > len(left):
        return False
    return (any(a and a == b for a, b in pairs) and len(right) > 1) or left == right
