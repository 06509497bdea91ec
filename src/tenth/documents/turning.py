"""Pages whose print lies on its side are read upright, and their positions turned back."""

import msgspec

from tenth.documents.ink import Draft, Ink, Rule, Word
from tenth.documents.model import Block, Box, Cell, Table, union


def turned_box(box: Box, angle: int, width: float, height: float) -> Box:
    """A box of a page of this size, when the page is turned clockwise by `angle` degrees."""
    x0, y0, x1, y1 = box
    if angle == 90:
        return height - y1, x0, height - y0, x1
    if angle == 180:
        return width - x1, height - y1, width - x0, height - y0
    if angle == 270:
        return y0, width - x1, y1, width - x0
    return box


def turn_word(ink: Ink, aside: tuple[Word, ...], angle: int) -> Ink:
    """The ink turned so that words written at `angle` (clockwise) stand upright.

    `aside` are words in other directions: they come last, as they are.
    """
    back = -angle % 360
    if back == 0:
        return msgspec.structs.replace(ink, words=ink.words + _stacked(aside))
    w, h = ink.width, ink.height
    sideways = angle in (90, 270)

    def turn(box: Box) -> Box:
        return turned_box(box, back, w, h)

    words = []
    for word in ink.words:
        x0, y0, x1, y1 = turn((word.x0, word.y0, word.x1, word.y1))
        words.append(msgspec.structs.replace(word, x0=x0, y0=y0, x1=x1, y1=y1, base=y1))
    return Ink(
        width=h if sideways else w,
        height=w if sideways else h,
        words=tuple(words),
        rules=tuple(Rule(*turn((r.x0, r.y0, r.x1, r.y1))) for r in ink.rules),
        fills=tuple(turn(box) for box in ink.fills),
        images=tuple(turn(box) for box in ink.images),
        source=ink.source,
        reason=ink.reason,
    )


def _stacked(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Words written upwards or downwards beside upright text: each run of them as one word."""
    runs: list[list[Word]] = []
    for word in words:
        last = runs[-1][-1] if runs else None
        beside = last is not None and abs(last.x0 - word.x0) < word.size
        if beside:
            runs[-1].append(word)
        else:
            runs.append([word])
    joined = []
    for run in runs:
        x0, y0, x1, y1 = union((w.x0, w.y0, w.x1, w.y1) for w in run)
        text = " ".join(w.text for w in run)
        joined.append(Word(text, x0, y0, x1, y1, run[0].size, y1, run[0].bold, run[0].font))
    return tuple(joined)


def turn_draft(draft: Draft, angle: int, ink: Ink) -> Draft:
    """A draft that was read from turned ink, with positions on the page as it is shown."""
    if angle % 360 == 0:
        return draft

    def turn(box: Box | None) -> Box | None:
        return None if box is None else turned_box(box, angle, ink.width, ink.height)

    replace = msgspec.structs.replace

    def turn_cell(cell: Cell) -> Cell:
        return replace(cell, box=turn(cell.box))

    def turn_table(table: Table) -> Table:
        cells = tuple(map(turn_cell, table.cells))
        return replace(table, cells=cells, box=turn(table.box))

    def turn_block(block: Block) -> Block:
        return replace(block, box=turn(block.box))

    sideways = angle in (90, 270)
    page = replace(
        draft.page,
        blocks=tuple(map(turn_block, draft.page.blocks)),
        width=ink.height if sideways else ink.width,
        height=ink.width if sideways else ink.height,
    )
    return Draft(page, tuple(map(turn_table, draft.tables)))
