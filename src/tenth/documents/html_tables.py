"""Makes tables of HTML's: spans laid out, signs joined to their numbers, empty columns dropped.

Tables that only lay out a page are none: their content is taken out of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tenth.documents.model import Block, Cell, Table
from tenth.documents.native import Budget, header_rows, ref
from tenth.documents.numbers import CLOSING, MARK, is_figure, is_sign, is_year, scale_in
from tenth.documents.refusal import Refused

MAX_SPAN = 1_000  # columns, as in browsers
MAX_COLUMNS = 16_384  # of a table, as in sheets
LONG = 600  # characters of a cell that is a text, not an entry of a table
BULLETS = frozenset("•·▪■●○◦‣–—-*□o§")  # noqa: RUF001
TOP_ROWS = 8  # rows that a header is looked for in


class Flow:
    """Blocks and tables in order. Another flow is added as a whole, at once whatever its size."""

    def __init__(self) -> None:
        self.items: list[Block | Grid | Flow] = []
        self.blocks = self.grids = self.characters = 0

    def add(self, block: Block) -> None:
        self.items.append(block)
        self.blocks += 1
        self.characters += len(block.text)

    def add_grid(self, grid: "Grid") -> None:
        self.items.append(grid)
        self.grids += 1

    def add_all(self, other: "Flow") -> None:
        if len(other.items) == 1:
            self.items += other.items
        elif other.items:
            self.items.append(other)
        self.blocks += other.blocks
        self.grids += other.grids
        self.characters += other.characters

    def flat(self) -> Iterator["Block | Grid"]:
        stack = [iter(self.items)]
        while stack:
            item = next(stack[-1], None)
            if item is None:
                stack.pop()
            elif isinstance(item, Flow):
                stack.append(iter(item.items))
            else:
                yield item

    @property
    def entry(self) -> str:
        """The text, if it is one short line as in a table's cell."""
        only = self.items[0] if len(self.items) == 1 else None
        return only.text if isinstance(only, Block) and len(only.text) < 100 else ""

    def text(self) -> str:
        """As a cell shows it."""
        if not self.items:
            return ""
        pieces = [(item.kind, item.text) for item in self.flat() if isinstance(item, Block)]
        grids = [("code", item.text()) for item in self.flat() if isinstance(item, Grid)]
        if not grids and all(kind not in ("list", "code") for kind, _ in pieces):
            return " ".join(" ".join(text.split("\n")) for _, text in pieces)
        return "\n".join(text for _, text in pieces + grids)


@dataclass(slots=True)
class DraftCell:
    row_span: int
    column_span: int
    named: bool  # <th>
    flow: Flow = field(default_factory=Flow)


class Draft:
    """A table while its tags come by."""

    def __init__(self, around: Flow, role: str):
        self.around, self.role = around, role
        self.caption = Flow()
        self.rows: list[list[DraftCell]] = []
        self.heads = 0  # rows within <thead>, which come first
        self.section = ""

    def begin_row(self) -> None:
        if self.section == "thead" and self.heads == len(self.rows):
            self.heads += 1
        self.rows.append([])

    def begin_cell(self, row_span: int, column_span: int, named: bool) -> DraftCell:
        if not self.rows:
            self.begin_row()
        cell = DraftCell(row_span, column_span, named)
        self.rows[-1].append(cell)
        return cell

    def filled(self) -> Iterator[list[DraftCell]]:
        """The cells with something in them, by rows."""
        for row in self.rows:
            if cells := [cell for cell in row if cell.flow.items]:
                yield cells


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


def finished(draft: Draft, budget: Budget) -> Flow:
    """The table; or what it holds, where it only lays that out."""
    flow = Flow()
    if (marked := _marked(draft)) is not None:
        flow.add_all(draft.caption)
        for block in marked:
            flow.add(block)
    elif _is_layout(draft):
        flow.add_all(draft.caption)
        for row in draft.filled():
            for cell in row:
                flow.add_all(cell.flow)
    else:
        flow.add_grid(_grid(draft, budget))
    return flow


def _is_layout(draft: Draft) -> bool:
    rows = list(draft.filled())
    cells = [cell for row in rows for cell in row]
    if len(cells) < 2:
        return True
    figures = sum(is_figure(cell.flow.entry) for cell in cells if cell.flow.entry)
    if figures:
        return figures < 2 and any(cell.flow.grids for cell in cells)
    if any(cell.flow.grids for cell in cells) or draft.role in ("presentation", "none"):
        return True
    if draft.heads or any(cell.named for cell in cells):
        return False
    if len(rows) == 1 or max(map(len, rows)) == 1:
        return True
    return any(cell.flow.blocks > 2 or cell.flow.characters > LONG for cell in cells)


def _marked(draft: Draft) -> list[Block] | None:
    """A list or footnotes laid out as a table: in each row a mark and a text, and nothing else."""
    blocks: list[Block] = []
    for row in draft.filled():
        mark = row[0].flow.entry
        if len(row) != 2 or row[1].flow.grids or not (mark in BULLETS or MARK.match(mark)):
            return None
        texts = [item for item in row[1].flow.flat() if isinstance(item, Block)]
        if not mark or is_figure(texts[0].text):
            return None
        kind, before = ("list", "") if mark in BULLETS else ("paragraph", mark + " ")
        blocks.append(Block(kind, before + texts[0].text))
        blocks += texts[1:]
    return blocks or None


def _grid(draft: Draft, budget: Budget) -> Grid:
    cells = _placed(draft, budget)
    _join_signs(cells)
    cells = [cell for cell in cells if cell.text]
    heads = _drop_rows(cells, draft.heads)
    n_columns = _drop_columns(cells)
    n_rows = max((cell.row + cell.row_span for cell in cells), default=0)
    budget.check_area(n_rows, n_columns)
    caption = draft.caption.text()
    first = [cell for cell in cells if cell.row == 0]
    if not caption and len(first) == 1 and first[0].column_span == n_columns > 1:
        caption = first[0].text  # a title across the whole table
    return Grid(cells, n_rows, n_columns, heads or _headers(cells), caption)


def _placed(draft: Draft, budget: Budget) -> list[Placed]:
    """Cells with a text, at their row and column as a browser lays them out."""
    cells: list[Placed] = []
    taken: dict[int, int] = {}  # columns that a cell above reaches into: the row it ends before
    for r, row in enumerate(draft.rows):
        taken = {column: end for column, end in taken.items() if end > r}
        budget.take(len(taken))
        column = 0
        for cell in row:
            while column in taken:
                column += 1
            width = min(max(1, cell.column_span), MAX_SPAN)
            budget.take(width - 1)
            width = next((k for k in range(1, width) if column + k in taken), width)
            height = min(cell.row_span or len(draft.rows), len(draft.rows) - r)
            if height > 1:
                taken |= dict.fromkeys(range(column, column + width), r + height)
            if text := cell.flow.text():
                cells.append(Placed(r, column, height, width, text, cell.named))
            column += width
        if column > MAX_COLUMNS:
            raise Refused(f"{budget.name}: a table has more than {MAX_COLUMNS:,} columns")
    return cells


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
    if closing[0] not in ")）":  # noqa: RUF001
        return True
    return not re.search("[)）]", number) and bool(re.search("[(（]", number))  # noqa: RUF001


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
