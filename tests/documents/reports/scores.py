"""Scores what a reader found against a report's gold: cells, positions, reading order, captions.

Two measures of cells. The strict one (`f1`), which the bars are on, wants each cell at its row and
column of one whole table; a reader that keeps the caption as a first row, or cuts a table in two,
loses nearly all of it though it has every text. So readers are compared by neighbours as well
(`linked_f1`): which text stands right of, or below, which (as in the ICDAR 2013 competition), over
all tables of a report, numbers by their value. A shift costs nothing there, a cut only its seam.

A reader's result is anything with `tables` and `pages` like the document model's; peers build it
from the gold's own classes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from itertools import pairwise
from math import isnan
from typing import Any

from tests.documents.reports.gold import Box, GoldCell, GoldTable, Report
from tests.documents.reports.order import score_order
from tests.documents.reports.tally import Tally
from tests.documents.reports.texts import amount, compact, plain, tight

NEAR = 2.0  # points


@dataclass
class Score:
    """Sums, so that the scores of many reports add up to one."""

    recall: Tally = field(default_factory=Tally)  # of the gold's cells
    precision: Tally = field(default_factory=Tally)  # of the cells found
    linked_recall: Tally = field(default_factory=Tally)  # of the gold's pairs of neighbours
    linked_precision: Tally = field(default_factory=Tally)
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
        return (self.recall + self.precision).share

    @property
    def linked_f1(self) -> float:
        return (self.linked_recall + self.linked_precision).share

    def line(self) -> str:
        shares = {
            "F1": self.f1, "linked F1": self.linked_f1,
            "recall": self.recall.share, "precision": self.precision.share,
            "near": self.near.share, "order": self.order.share, "whole": self.whole.share,
            "furniture": self.furniture.share, "header rows": self.header_rows.share,
            "captions": self.captions.share, "scales": self.scales.share,
            "refs": self.refs.share, "values": self.values.share, "formulas": self.formulas.share,
        }  # fmt: skip
        return ", ".join(f"{k} -" if isnan(v) else f"{k} {v:.3f}" for k, v in shares.items())


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
    score_links(report.tables, found.tables, out)
    score_order(report, found, pairs, out.order, out.furniture)
    return out


def total(scores: Iterable[Score]) -> Score:
    return sum(scores, Score())


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


# neighbours


def links(tables: Iterable[Any]) -> Counter[tuple[str, str, str]]:
    """Each cell's text with that of the next cell right of it, and of the next below."""
    out: Counter[tuple[str, str, str]] = Counter()
    for table in tables:
        texts = {place: amount(item[0].text) for place, item in compact(table.cells).items()}
        by_row = sorted(texts)
        by_column = sorted(texts, key=lambda place: place[::-1])
        out.update(("right", texts[a], texts[b]) for a, b in pairwise(by_row) if a[0] == b[0])
        out.update(("below", texts[a], texts[b]) for a, b in pairwise(by_column) if a[1] == b[1])
    return out


def score_links(gold: Iterable[Any], found: Iterable[Any], out: Score) -> None:
    ours, theirs = links(gold), links(found)
    right = (ours & theirs).total()
    out.linked_recall += Tally(right, ours.total())
    out.linked_precision += Tally(right, theirs.total())
