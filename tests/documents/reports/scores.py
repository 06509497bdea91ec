# ruff: noqa: RUF001
"""Scores what a reader found against a report's gold: cells, positions, reading order, captions.

A reader's result is anything with `tables` and `pages` like the document model's; peers build it
from the gold's own classes.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from tests.documents.reports.gold import Box, GoldBlock, GoldCell, GoldTable, Report

NEAR = 2.0  # points
DASHES = re.compile("[‐‑‒–—―−]")
WIDE = r"[\u2e80-\u9fff]"


@dataclass
class Tally:
    right: int = 0
    total: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.total + other.total)

    def add(self, right: bool) -> None:
        self.right += right
        self.total += 1

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 1.0


@dataclass
class Score:
    """Sums, so that the scores of many reports add up to one."""

    recall: Tally = field(default_factory=Tally)  # of the gold's cells
    precision: Tally = field(default_factory=Tally)  # of the cells found
    near: Tally = field(default_factory=Tally)  # cells found whose box is within two points
    order: Tally = field(default_factory=Tally)  # pairs of neighbours in the reading order
    furniture: Tally = field(default_factory=Tally)  # headers and footers found as such
    whole: Tally = field(default_factory=Tally)  # tables with every cell right and none besides
    header_rows: Tally = field(default_factory=Tally)
    captions: Tally = field(default_factory=Tally)
    scales: Tally = field(default_factory=Tally)
    refs: Tally = field(default_factory=Tally)
    values: Tally = field(default_factory=Tally)
    formulas: Tally = field(default_factory=Tally)
    errors: list[float] = field(default_factory=list)  # of each box: the worst of its four edges

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def f1(self) -> float:
        right = self.recall.right + self.precision.right
        return right / max(1, self.recall.total + self.precision.total)

    def line(self) -> str:
        shares = {
            "F1": self.f1, "recall": self.recall.share, "precision": self.precision.share,
            "near": self.near.share, "order": self.order.share, "whole": self.whole.share,
            "furniture": self.furniture.share, "header rows": self.header_rows.share,
            "captions": self.captions.share, "scales": self.scales.share,
            "refs": self.refs.share, "values": self.values.share, "formulas": self.formulas.share,
        }  # fmt: skip
        return ", ".join(f"{name} {share:.3f}" for name, share in shares.items())


def score(report: Report, found: Any) -> Score:
    """How well `found`, a Document or its like, holds what the report holds."""
    out = Score()
    pairs = match(report.tables, found.tables)
    for i, gold in enumerate(report.tables):
        table = found.tables[pairs[i]] if i in pairs else GoldTable()
        score_table(gold, table, out)
    for j, table in enumerate(found.tables):
        if j not in pairs.values():
            out.precision.total += len(compact(table.cells))
    score_order(report, found, pairs, out)
    return out


def total(scores: Iterable[Score]) -> Score:
    return sum(scores, Score())


# texts


def plain(text: str) -> str:
    """What two spellings of the same text share: brackets and signs stand at their number."""
    text = DASHES.sub("-", unicodedata.normalize("NFKC", text).replace("’", "'"))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s*([()])\s*", r"\1", text)
    text = re.sub(r"([$€£¥]) (?=[\d(.-])", r"\1", text)
    text = re.sub(r"(?<=[\d)]) %", "%", text)
    return re.sub(rf"(?<={WIDE}) | (?={WIDE})", "", text)


def tight(text: str) -> str:
    return plain(text).replace(" ", "")


# tables


def places(table: Any) -> tuple[tuple[int, Box], ...]:
    if table.parts:
        return tuple(table.parts)
    box = getattr(table, "box", None)
    return ((table.page, box),) if box else ()


def overlap(a: Any, b: Any) -> float:
    """How much two tables are the same: by their boxes; where one has none, by their texts."""
    ours, theirs = places(a), places(b)
    if ours and theirs:
        common = sum(area(intersection(x, y)) for p, x in ours for q, y in theirs if p == q)
        return common / max(1e-9, sum(area(x) for _, x in (*ours, *theirs)) - common)
    x, y = (Counter(plain(c.text) for c in t.cells if c.text.strip()) for t in (a, b))
    return (x & y).total() / max(1, (x | y).total())


def area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def intersection(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def match(gold: list[GoldTable], found: Any) -> dict[int, int]:
    """One found table for each of the gold's, the best overlaps first."""
    ranked = sorted(
        ((overlap(a, b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found)),
        key=lambda item: -item[0],
    )
    out: dict[int, int] = {}
    for share, i, j in ranked:
        if share > 0.05 and i not in out and j not in out.values():
            out[i] = j
    return out


def compact(cells: Iterable[Any]) -> dict[tuple[int, int], tuple[Any, int, int]]:
    """Cells with text by row and column, empty rows and columns removed; with their spans then."""
    cells = [cell for cell in cells if cell.text.strip()]
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells})
    out = {}
    for cell in cells:
        down = sum(cell.row <= r < cell.row + cell.row_span for r in rows)
        across = sum(cell.column <= c < cell.column + cell.column_span for c in columns)
        out[rows.index(cell.row), columns.index(cell.column)] = cell, down, across
    return out


def same_cell(gold: tuple[GoldCell, int, int], found: tuple[Any, int, int] | None) -> bool:
    if found is None or plain(gold[0].text) != plain(found[0].text):
        return False
    return not gold[0].header or gold[1:] == found[1:]


def score_table(gold: GoldTable, found: Any, out: Score) -> None:
    ours, theirs = compact(gold.cells), compact(found.cells)
    right = 0
    for place, item in ours.items():
        other = theirs.get(place)
        if other and same_cell(item, other):
            right += 1
            score_cell(item[0], other[0], out)
    out.recall += Tally(right, len(ours))
    out.precision += Tally(right, len(theirs))
    out.whole.add(right == len(ours) == len(theirs))
    out.header_rows.add(gold.header_rows == found.header_rows)
    if gold.caption:
        out.captions.add(plain(gold.caption) == plain(found.caption))
    if gold.scale:
        out.scales.add(bool(found.scale) and tight(gold.scale) in tight(found.scale))


def score_cell(gold: GoldCell, found: Any, out: Score) -> None:
    """Where a cell stands, and what lies behind its text."""
    if gold.box and found.box:
        error = max(abs(a - b) for a, b in zip(gold.box, found.box, strict=True))
        error = error if gold.page == found.page else float("inf")
        out.errors.append(error)
        out.near.add(error <= NEAR)
    if gold.ref:
        out.refs.add(gold.ref == found.ref)
    if isinstance(gold.value, float):
        out.values.add(isinstance(found.value, float) and abs(gold.value - found.value) < 1e-6)
    if gold.formula:
        out.formulas.add(gold.formula == found.formula)


# reading order


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


def score_order(report: Report, found: Any, pairs: dict[int, int], out: Score) -> None:
    blocks = found_blocks(found)
    taken: set[tuple[int, int]] = set()
    places: list[tuple[int, int] | None] = []
    for block in report.blocks:
        if block.kind in ("header", "footer"):
            same = [b for b in blocks if b.page == block.page and b.text == tight(block.text)]
            out.furniture.add(any(b.kind == block.kind for b in same))
        elif not block.optional:
            place = place_of(block, blocks, taken) or kept_with_table(block, report, found, pairs)
            if block.table is not None:
                index = pairs.get(block.table)
                place = next(((b.index, 0) for b in blocks if b.table == index is not None), None)
            places.append(place)
    for a, b in pairwise(places):
        out.order.add(a is not None and b is not None and a < b)


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
