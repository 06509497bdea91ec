"""A table of HTML with its cells laid out: signs joined to numbers, empty columns dropped."""

import re
from collections import Counter
from dataclasses import dataclass

from tenth.documents.model import Cell, Table
from tenth.documents.native import header_rows, ref
from tenth.documents.numbers import CLOSING, is_figure, is_sign, is_year, scale_in

TOP_ROWS = 8  # rows that a header is looked for in


@dataclass(slots=True)
class Placed:
    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    named: bool


@dataclass(slots=True)
class Grid:
    """A table that is whole, but not yet numbered."""

    cells: list[Placed]
    n_rows: int
    n_columns: int
    header_rows: int
    caption: str

    def table(self, number: int) -> Table:
        cells = tuple(
            Cell(
                c.row, c.column, c.text, c.row_span, c.column_span,
                header=c.row < self.header_rows or c.named,
                ref=ref(number, c.row + 1, c.column + 1),
            )
            for c in self.cells
        )  # fmt: skip
        scale = scale_in(self.caption)
        caption = "" if scale == self.caption else self.caption
        return Table(cells, self.n_rows, self.n_columns, self.header_rows, caption, scale)

    def text(self) -> str:
        rows: dict[int, list[str]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell.text)
        return "\n".join("\t".join(row) for row in rows.values())


def tidy(cells: list[Placed], heads: int, caption: str) -> Grid:
    """A grid of the cells as a browser shows them; the first `heads` rows are named a header."""
    _join_signs(cells)
    cells = [cell for cell in cells if cell.text]
    heads = _drop_rows(cells, heads)
    n_columns = _drop_columns(cells)
    n_rows = max((cell.row + cell.row_span for cell in cells), default=0)
    first = [cell for cell in cells if cell.row == 0]
    if not caption and len(first) == 1 and first[0].column_span == n_columns > 1:
        caption = first[0].text  # a title across the whole table
    return Grid(cells, n_rows, n_columns, heads or _headers(cells), caption)


def _join_signs(cells: list[Placed]) -> None:
    """Currency signs and what closes a number, in cells of their own, go to the number's cell."""
    rows: dict[int, list[Placed]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    moves: dict[int, Counter[int]] = {}  # from a column of signs to that of their numbers
    for row in rows.values():
        sign = number = None
        for cell in row:
            if number and CLOSING.match(cell.text) and _is_open(number.text, cell.text):
                number.text, cell.text = number.text + cell.text, ""
                continue
            is_number = is_figure(cell.text) and not is_year(cell.text)
            if sign and is_number:
                moves.setdefault(sign.column, Counter())[cell.column] += 1
                cell.text, sign.text = sign.text + cell.text, ""
            sign = cell if is_sign(cell.text) else None
            number = cell if is_number else None
    for row in rows.values():
        _move_figures(row, moves)


def _is_open(number: str, closing: str) -> bool:
    """Whether a parenthesis that closes finds one to close."""
    if closing[0] not in ")）":
        return True
    return not re.search("[)）]", number) and bool(re.search("[(（]", number))


def _move_figures(row: list[Placed], moves: dict[int, Counter[int]]) -> None:
    """A number without a sign that stands where others have theirs goes below their numbers."""
    standing = {cell.column for cell in row if cell.text}
    for cell in row:
        if cell.column_span == 1 and cell.column in moves and is_figure(cell.text):
            target = moves[cell.column].most_common(1)[0][0]
            if target not in standing:
                cell.column = target


def _drop_rows(cells: list[Placed], heads: int) -> int:
    """Without the rows in which nothing begins; how many of the first `heads` are left."""
    kept = sorted({cell.row for cell in cells})
    place = {row: i for i, row in enumerate(kept)}
    last = max((cell.row + cell.row_span for cell in cells), default=0)
    before, count = [], 0  # how many kept rows stand above each
    for row in range(last + 1):
        before.append(count)
        count += row in place
    for cell in cells:
        cell.row_span = before[cell.row + cell.row_span] - before[cell.row]
        cell.row = place[cell.row]
    return before[min(heads, last)] if before else 0


def _drop_columns(cells: list[Placed]) -> int:
    """Without the columns that every cell in them can do without; how many are left."""
    by_column: dict[int, list[Placed]] = {}
    for cell in cells:
        for column in range(cell.column, cell.column + cell.column_span):
            by_column.setdefault(column, []).append(cell)
    left = {id(cell): cell.column_span for cell in cells}
    place: dict[int, int] = {}
    count = 0
    for column in range(max(by_column, default=-1) + 1):
        here = by_column.get(column, ())
        place[column] = count
        if all(left[id(cell)] > 1 for cell in here):
            left |= {id(cell): left[id(cell)] - 1 for cell in here}
        else:
            count += 1
    for cell in cells:
        cell.column, cell.column_span = place[cell.column], left[id(cell)]
    return count


def _headers(cells: list[Placed]) -> int:
    """The rows at the top that are all <th>; where there are none, those that look like it."""
    top: list[list[str]] = []
    named: list[bool] = []
    for cell in cells:
        if cell.row > TOP_ROWS:
            break
        if cell.row == len(top):
            top.append([])
            named.append(True)
        row = top[cell.row]
        row += [""] * (cell.column - len(row)) + [cell.text]
        named[cell.row] &= cell.named
    count = named.index(False) if False in named else 0
    return count or header_rows(top)
