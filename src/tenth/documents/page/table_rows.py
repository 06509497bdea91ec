"""Rows and columns of a table's body: what a column is, and which lines are one row."""

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tenth.documents.model import Box, Cell
from tenth.documents.numbers import MARK
from tenth.documents.page.lines import Row, Segment

_ON = re.compile(r"(?:[,–—/(-]| (?:and|of|the|in|for|to|or|after|before|from|by|with))$")
HALFWAY = 0.75  # of the font's size: between two lines of a label is no room for more


@dataclass(frozen=True)
class Grid:
    """A table of a page before its surroundings are known."""

    cells: list[Cell]
    n_rows: int
    n_columns: int
    header_rows: int
    box: Box
    ruled: bool


@dataclass(slots=True)
class Band:
    """A column: from where to where its cells' ink reaches."""

    x0: float
    x1: float
    figures: int = 0
    texts: int = 0

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def count(self) -> int:
        return self.figures + self.texts

    def overlaps(self, segment: Segment) -> bool:
        return segment.x0 < self.x1 and segment.x1 > self.x0

    def distance(self, segment: Segment) -> float:
        """Points between them; less than 0 where they overlap."""
        return max(self.x0 - segment.x1, segment.x0 - self.x1)


def logical_rows(rows: list[Row], bands: list[Band], fills: list[Box]) -> list[list[Row]]:
    """Lines that are one row of the table: wrapped labels, labels beside their figures' middle."""
    pitches = [
        b.base - a.base
        for a, b in pairwise(rows)
        if any(s.figure for s in a.segments) and any(s.figure for s in b.segments)
    ]
    pitch = median(pitches) if pitches else 0.0
    groups: list[list[Row]] = []
    for i, row in enumerate(rows):
        begins = _figures_between(rows[i : i + 3], bands) and not _goes_on(rows, i, bands)
        begins = begins or _begins_label(rows[max(0, i - 1) : i + 2])
        if groups and not begins and _is_one(groups[-1], row, bands, fills, pitch):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _begins_label(three: list[Row]) -> bool:
    """Whether the middle line begins the label that the line below it ends, beside its figures,
    and is no rest of the row above, which has its own: the line below is no further away."""
    if len(three) < 3:
        return False
    above, row, below = three
    figures = [any(s.figure for s in line.segments) for line in three]
    starts = row.segments[0].text[:1].isupper() and below.segments[0].text[:1].islower()
    return (
        figures == [True, False, True]
        and starts
        and below.base - row.base < 1.1 * (row.base - above.base)
    )


def _figures_between(three: list[Row], bands: list[Band]) -> bool:
    """Whether these are the two lines of a label, and its figures halfway between them."""
    if len(three) < 3:
        return False
    over, figures, under = three
    down, up = figures.base - over.base, under.base - figures.base
    if max(down, up) > HALFWAY * over.size or abs(down - up) > 0.15 * over.size:
        return False
    above, between, below = (filled([row], bands) for row in three)
    alone = above == {0} and 0 in below and not between & (above | below)
    return alone and all(s.figure for s in figures.segments)


def _goes_on(rows: list[Row], i: int, bands: list[Band]) -> bool:
    """Whether the label has as many more lines above line `i` as below the one after its figures:
    then the figures are in the middle of them all."""
    if not 0 < i < len(rows) - 3:
        return False
    if any(filled([row], bands) != {0} for row in (rows[i - 1], rows[i + 3])):
        return False
    above, below = rows[i].base - rows[i - 1].base, rows[i + 3].base - rows[i + 2].base
    return abs(above - below) < 0.15 * rows[i].size


def _is_one(group: list[Row], row: Row, bands: list[Band], fills: list[Box], pitch: float) -> bool:
    """Whether a line goes on with the row of the lines before it."""
    before = group[-1]
    there, here = filled(group, bands), filled([row], bands)
    if _is_heading(group, row) and (there <= here or here <= there):
        return True
    label = min(there)
    if there & here - {label}:
        return False
    both_label = label == min(here)
    level = row.y0 < before.y1 - 0.2 * min(row.y1 - row.y0, before.y1 - before.y0)
    if level and not there & here:
        return True  # they stand beside one another
    if _hangs(group, row, there, label, pitch):
        return True
    if not both_label or before.segments[0].text.rstrip().endswith((":", "：")):
        return False
    gap = row.base - before.base
    if gap > 1.45 * max(row.size, before.size):
        return False
    same = _one_fill(before, row, fills)
    if same is not None:
        return same
    return _reads_on(group, row, bands, label, gap, pitch)


def _hangs(group: list[Row], row: Row, there: set[int], label: int, pitch: float) -> bool:
    """Whether figures without a label stand so closely below a label without figures that no line
    fits between the two: they are its own, set lower."""
    before = group[-1]
    alone = there == {label} and not before.text.rstrip().endswith((":", "："))
    return alone and all(s.figure for s in row.segments) and row.base - before.base < 0.8 * pitch


def _is_heading(group: list[Row], row: Row) -> bool:
    """Whether both are lines of headings, close to each other: neither has a figure."""
    texts = not any(s.figure for r in (*group, row) for s in r.segments)
    several = any(len(r.segments) > 2 for r in (*group, row))
    return texts and several and row.base - group[-1].base < 1.3 * row.size


def _one_fill(before: Row, row: Row, fills: list[Box]) -> bool | None:
    """Whether one shaded band lies under both lines; None where neither is shaded."""
    ys = [(r.y0 + r.y1) / 2 for r in (before, row)]
    x = before.x0 + 1
    under = [
        {(round(f[1]), round(f[3])) for f in fills if f[1] < y < f[3] and f[0] - 3 <= x <= f[2] + 3
         and f[3] - f[1] < 6 * row.size}
        for y in ys
    ]  # fmt: skip
    if under[0] & under[1]:
        return True
    return False if under[0] or under[1] else None


def _reads_on(
    group: list[Row], row: Row, bands: list[Band], column: int, gap: float, pitch: float
) -> bool:
    """Whether the second line of a label (in this column) is the rest of the first."""
    first, before = group[0].segments[0], group[-1].segments[0]
    label = row.segments[0]
    tight = pitch > 0 and gap < 0.88 * pitch
    if MARK.match(label.text) and len(row.segments) == 1:
        return True  # a footnote's mark for which the line above had no room
    small = label.text.lstrip("(")[:1].islower() or bool(_ON.search(before.text.lower()))
    if before.text.count("(") > before.text.count(")"):
        small = True
    if small and (tight or label.x0 >= first.x0 - 1):
        return True
    if not tight or gap > 1.25 * row.size or label.x0 < first.x0 - 1:
        return False
    room = bands[column].x1 - before.x1 - 0.3 * row.size
    return label.x0 > first.x0 + 1 or room < label.words[0].x1 - label.words[0].x0


def filled(rows: list[Row], bands: list[Band]) -> set[int]:
    """Which columns have something in these lines."""
    return {column for row in rows for s in row.segments for column in [column_of(s, bands)[0]]}


def column_of(segment: Segment, bands: list[Band]) -> tuple[int, int]:
    """(column, span) of a segment of the body."""
    hits = [i for i, band in enumerate(bands) if band.overlaps(segment)]
    if not hits:
        near = min(
            range(len(bands)),
            key=lambda i: bands[i].distance(segment),
        )
        return near, 1
    if hits[0] == 0 and not segment.figure:
        return 0, 1  # a long label runs under the columns beside it
    if len(hits) > 1 and segment.figure:
        return max(
            hits, key=lambda i: min(bands[i].x1, segment.x1) - max(bands[i].x0, segment.x0)
        ), 1
    return hits[0], len(hits)
