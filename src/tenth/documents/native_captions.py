"""Gives the tables of a document without geometry the captions and scale lines around them."""

import re
from typing import NamedTuple

import msgspec

from tenth.documents.model import Block, Table
from tenth.documents.office.grids import is_numbered, is_title, line_scale, scale_within

PLAIN = 100  # characters of a title that is not set like one
REACH = 4  # blocks above a table that may be its own
_FIGURE = re.compile(r"^(?:fig(?:ure|\.)?|chart|图|圖)\s*[\d一二三四五六七八九十]", re.IGNORECASE)


class Item(NamedTuple):
    block: Block
    title: bool = False  # set like one: bold, or centred

    @property
    def apart(self) -> bool:
        """Whether it stays a block of its own where it stands in a table's cell."""
        return self.block.kind in ("table", "figure", "note")


class Found(NamedTuple):
    caption: str = ""
    scale: str = ""
    lines: tuple[int, ...] = ()  # the items that say so


def linked(items: list[Item], tables: list[Table]) -> tuple[list[Block], list[Table]]:
    """Blocks and tables; a line that turns out to be a caption or a scale is of kind "caption"."""
    tables = list(tables)
    blocks = [item.block for item in items]
    places = [i for i, block in enumerate(blocks) if block.table is not None]
    below = _captions_below(items, places)
    for place in places:
        found = _above(items, place, labels=not below)
        if not found.caption and (below or not _before_table(items, place + 1)):
            under = _under(items, place)
            found = Found(under.caption, found.scale or under.scale, found.lines + under.lines)
        top = min(place, *found.lines, place)  # a title may stand above the scale's line
        caption = found.caption or _plain_title(items, top) or _plain_title(items, place)
        for line in found.lines:
            if blocks[line].kind == "paragraph":
                blocks[line] = msgspec.structs.replace(blocks[line], kind="caption")
        index = blocks[place].table
        assert index is not None
        table = tables[index]
        tables[index] = msgspec.structs.replace(
            table,
            caption=caption or table.name,
            scale=found.scale or scale_within(table.cells, table.header_rows),
        )
    return blocks, tables


def _is_caption(item: Item) -> bool:
    """Said by its style or its number; a picture's is not a table's."""
    text = item.block.text
    return (item.block.kind == "caption" or is_numbered(text)) and not _FIGURE.match(text)


def _captions_below(items: list[Item], places: list[int]) -> bool:
    """Whether this document sets its captions below its tables."""
    above = sum(i > 0 and _is_caption(items[i - 1]) for i in places)
    below = sum(i + 1 < len(items) and _is_caption(items[i + 1]) for i in places)
    return below > above


def _before_table(items: list[Item], index: int) -> bool:
    after = items[index + 1 : index + 2]
    return bool(after) and after[0].block.table is not None


def _above(items: list[Item], place: int, labels: bool) -> Found:
    scale, lines = "", []
    for i in range(place - 1, max(-1, place - 1 - REACH), -1):
        item = items[i]
        text = item.block.text
        said = line_scale(text)
        if said and not scale:
            scale = said
            lines.append(i)
            if said == text or len(text) - len(said) < 3:
                continue
            return Found(text, scale, tuple(lines))
        if (_is_caption(item) and labels) or _heads(item):
            lines.append(i)
            return Found(text, scale, tuple(lines))
        break
    return Found("", scale, tuple(lines))


def _heads(item: Item) -> bool:
    """A heading, or a short line set like one."""
    block = item.block
    set_apart = item.title and block.kind == "paragraph"
    return is_title(block.text) and (block.kind == "heading" or set_apart)


def _plain_title(items: list[Item], place: int) -> str:
    """The line right above a table, if it is short and no sentence: it may be its title."""
    if place == 0:
        return ""
    block = items[place - 1].block
    fits = block.kind == "paragraph" and len(block.text) <= PLAIN and "\n" not in block.text
    ends = block.text.endswith(tuple(":：!！"))
    return block.text if fits and is_title(block.text) and not ends else ""


def _under(items: list[Item], place: int) -> Found:
    for i in range(place + 1, min(len(items), place + 3)):
        if _is_caption(items[i]):
            return Found(items[i].block.text, line_scale(items[i].block.text), (i,))
        if not line_scale(items[i].block.text):
            break
    return Found()
