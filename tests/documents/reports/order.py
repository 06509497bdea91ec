"""Scores the order in which a reader gives the blocks of a report."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from tests.documents.reports.gold import GoldBlock, Report
from tests.documents.reports.tally import Tally
from tests.documents.reports.texts import tight


@dataclass(frozen=True)
class FoundBlock:
    index: int  # in the document
    page: int
    kind: str
    text: str
    table: int | None


def found_blocks(found: Any) -> list[FoundBlock]:
    blocks = [(page, block) for page in found.pages for block in page.blocks]
    return [
        FoundBlock(i, block.page or page.number, block.kind, tight(block.text), block.table)
        for i, (page, block) in enumerate(blocks)
    ]


def score_order(
    report: Report, found: Any, pairs: dict[int, int], order: Tally, furniture: Tally
) -> None:
    """Adds to both tallies; `pairs` tells which found table is which of the gold's."""
    blocks = found_blocks(found)
    taken: set[tuple[int, int]] = set()
    places: list[tuple[int, int] | None] = []
    for block in report.blocks:
        if block.kind in ("header", "footer"):
            same = [b for b in blocks if b.page == block.page and b.text == tight(block.text)]
            furniture.add(any(b.kind == block.kind for b in same))
        elif not block.optional:
            place = place_of(block, blocks, taken) or kept_with_table(block, report, found, pairs)
            if block.table is not None:
                index = pairs.get(block.table)
                place = next(((b.index, 0) for b in blocks if b.table == index is not None), None)
            places.append(place)
    for a, b in pairwise(places):
        order.add(a is not None and b is not None and a < b)


def place_of(
    block: GoldBlock, blocks: list[FoundBlock], taken: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """The found block that has this text, and where in it. A paragraph is to be one block of its
    own; a caption and the line under it may be one block."""
    text = tight(block.text)
    for other in blocks:
        if other.table is not None or (block.page and other.page != block.page) or not text:
            continue
        at = other.text.find(text)
        loose = block.kind in ("caption", "note", "heading") and len(other.text) < len(text) + 120
        if at < 0 and SequenceMatcher(None, text, other.text, False).ratio() >= 0.9:
            at, loose = 0, True
        place = other.index, at
        if at >= 0 and place not in taken and (loose or len(text) >= 0.9 * len(other.text)):
            taken.add(place)
            return place
    return None


def kept_with_table(
    block: GoldBlock, report: Report, found: Any, pairs: dict[int, int]
) -> tuple[int, int] | None:
    """A caption that is no block of its own stands right before the table that has it."""
    for i, j in pairs.items():
        gold, table = report.tables[i], found.tables[j]
        kept = {gold.caption: table.caption, gold.scale: table.scale}.get(block.text, "")
        if block.kind == "caption" and kept and tight(kept) == tight(block.text):
            index = next((b.index for b in found_blocks(found) if b.table == j), None)
            return None if index is None else (index, -1 if block.text == gold.scale else -2)
    return None
