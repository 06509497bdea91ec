"""Tells HTML's tables from what only lays out a page, and puts their cells where they belong.

What only lays out a page gives what it holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tenth.documents.model import Block
from tenth.documents.native import Budget
from tenth.documents.numbers import MARK, is_figure
from tenth.documents.refusal import Refused
from tenth.documents.text.html_grid import Grid, Placed, tidy

MAX_SPAN = 1_000  # columns, as in browsers
MAX_COLUMNS = 16_384  # of a table, as in sheets
LONG = 600  # characters of a cell that is a text, not an entry of a table
BULLETS = frozenset("•·▪■●○◦‣–—-*□o§")


class Flow:
    """Blocks and tables in order. Another flow is added as a whole, at once whatever its size."""

    def __init__(self) -> None:
        self.items: list[Block | Grid | Flow] = []
        self.blocks = self.grids = self.characters = 0

    def add(self, block: Block) -> None:
        self.items.append(block)
        self.blocks += 1
        self.characters += len(block.text)

    def add_grid(self, grid: Grid) -> None:
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

    def flat(self) -> Iterator[Block | Grid]:
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
    grid = tidy(_placed(draft, budget), draft.heads, draft.caption.text())
    budget.check_area(grid.n_rows, grid.n_columns)
    return grid


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
