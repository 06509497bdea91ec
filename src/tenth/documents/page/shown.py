"""Positions read from a scan that was set upright, back on the page as it is shown."""

import msgspec

from tenth.documents.model import Block, Box, Cell, Table
from tenth.documents.page.ink import Draft, Ink, Shown

replace = msgspec.structs.replace


def as_shown(draft: Draft, ink: Ink) -> Draft:
    """The draft of `ink`, its positions those on the page as it is shown."""
    at = ink.shown
    if at is None:
        return draft
    page = replace(
        draft.page,
        blocks=tuple(_block(block, at) for block in draft.page.blocks),
        width=at.width,
        height=at.height,
    )
    return Draft(page, tuple(_table(table, at) for table in draft.tables))


def shown_box(box: Box, at: Shown) -> Box:
    """The upright box around a box that may be askew on the page as it is shown."""
    a, b, c, d, e, f = at.matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [a * x + b * y + c for x, y in corners]
    ys = [d * x + e * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _block(block: Block, at: Shown) -> Block:
    return block if block.box is None else replace(block, box=shown_box(block.box, at))


def _table(table: Table, at: Shown) -> Table:
    return replace(
        table,
        cells=tuple(_cell(cell, at) for cell in table.cells),
        box=None if table.box is None else shown_box(table.box, at),
        parts=tuple((page, shown_box(box, at)) for page, box in table.parts),
    )


def _cell(cell: Cell, at: Shown) -> Cell:
    return cell if cell.box is None else replace(cell, box=shown_box(cell.box, at))
