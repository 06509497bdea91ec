"""Cuts a sheet into its tables: regions that blank rows or blank columns part."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from tenth.documents.office.grids import (
    is_datum,
    is_numbered,
)
from tenth.documents.office.sheet_xml import Raw

MOST_CUTS = 16  # regions within regions
MOST_LOOKED_AT = 20_000_000  # cells, to find those of the areas that a sheet names
MOST_COVERED = 1_000_000  # places that merges may cover, beside four for each cell


class Area(NamedTuple):
    """A table that the sheet itself defines."""

    name: str
    top: int
    left: int
    bottom: int
    right: int
    headers: int

    def holds(self, cell: Raw) -> bool:
        return self.top <= cell.row <= self.bottom and self.left <= cell.column <= self.right


class Region(NamedTuple):
    cells: list[Raw]
    area: Area | None = None

    @property
    def top(self) -> int:
        return min(cell.row for cell in self.cells)

    @property
    def left(self) -> int:
        return min(cell.column for cell in self.cells)

    @property
    def bottom(self) -> int:
        return max(cell.row + cell.row_span - 1 for cell in self.cells)

    @property
    def right(self) -> int:
        return max(cell.column + cell.column_span - 1 for cell in self.cells)


def merged(cells: list[Raw], merges: list[tuple[int, int, int, int]]) -> list[Raw]:
    """The cells with their spans; what a merge covers is not shown, and goes.

    Spans end where the sheet's cells do: a merge over a whole column is as long as its table.
    """
    if not merges or not cells:
        return cells
    last_row = max(cell.row for cell in cells)
    last_column = max(cell.column for cell in cells)
    spans = {
        (top, left): (
            max(1, min(bottom, last_row) - top + 1),
            max(1, min(right, last_column) - left + 1),
        )
        for top, left, bottom, right in merges
    }
    covered: set[tuple[int, int]] = set()
    filled = {(cell.row, cell.column) for cell in cells}
    patience = MOST_COVERED + 4 * len(filled)  # merges do not overlap, but a file may say so
    for (top, left), (rows, columns) in spans.items():
        if rows * columns <= patience:
            patience -= rows * columns
            places = ((r, c) for r in range(top, top + rows) for c in range(left, left + columns))
            covered |= {place for place in places if place in filled and place != (top, left)}
    return [
        cell._replace(row_span=span[0], column_span=span[1]) if span else cell
        for cell in cells
        if (cell.row, cell.column) not in covered
        for span in (spans.get((cell.row, cell.column)),)
    ]


def regions(cells: list[Raw], areas: Sequence[Area], most: int) -> list[Region]:
    """In reading order; no more than `most` and one, where they are not all of them."""
    found = []
    for area in areas[: MOST_LOOKED_AT // max(1, len(cells))]:
        inside = [cell for cell in cells if area.holds(cell)]
        if inside:
            found.append(Region(inside, area))
            cells = [cell for cell in cells if not area.holds(cell)]
    parts = islice(_cut(cells, 0), most + 1)
    cut = sorted((Region(part) for part in parts), key=lambda r: (r.top, r.left))
    return sorted(found + _continued(cut), key=lambda region: (region.top, region.left))


def _continued(found: list[Region]) -> list[Region]:
    """One blank row does not part a table from figures that have no headings of their own."""
    whole: list[Region] = []
    ends: dict[tuple[int, int], int] = {}  # where a region ends: row, left column -> which
    for region in found:
        at = ends.get((region.top - 2, region.left))
        if at is not None and _goes_on(whole[at], region):
            del ends[region.top - 2, region.left]
            whole[at] = Region(whole[at].cells + region.cells)
        else:
            at = len(whole)
            whole.append(region)
        ends[region.bottom, region.left] = at
    return whole


def _goes_on(above: Region, below: Region) -> bool:
    """Whether `below` are rows of `above`: labels and figures in its columns, without a header."""
    if below.right > above.right or above.right == above.left:
        return False
    rows: dict[int, list[Raw]] = {}
    for cell in below.cells:
        rows.setdefault(cell.row, []).append(cell)
    first = next((line for line in rows.values() if len(line) > 1), None)
    if first is None or first[0].column != below.left or is_numbered(below.cells[0].text):
        return False
    figures = [is_datum(cell.text) for cell in first[1:]]
    return isinstance(first[0].value, str) and all(figures)


def _cut(cells: list[Raw], depth: int) -> Iterator[list[Raw]]:
    """At blank rows, at blank columns, and where two parts touch at a corner alone; again within
    what is cut out."""
    bands = [part for band in _parted(cells, _rows) for part in _steps(band)]
    for band in bands:
        columns = _joined(list(_parted(band, _columns)))
        if (len(columns) == 1 and len(bands) == 1) or depth == MOST_CUTS:
            if band:
                yield band
            continue
        for part in columns:
            yield from _cut(part, depth + 1)


def _rows(cell: Raw) -> tuple[int, int]:
    return cell.row, cell.row + cell.row_span - 1


def _columns(cell: Raw) -> tuple[int, int]:
    return cell.column, cell.column + cell.column_span - 1


def _joined(groups: list[list[Raw]]) -> list[list[Raw]]:
    """One blank column alone does not part a table's labels from its figures, or its figures from
    each other: it parts two only if each could stand for itself."""
    joined = groups[:1]
    for left, right in pairwise(groups):
        gap = min(c.column for c in right) - max(_columns(c)[1] for c in left) - 1
        if gap == 1 and _share_rows(left, right) and not (_stands(left) and _stands(right)):
            joined[-1] = joined[-1] + right
        else:
            joined.append(right)
    return [sorted(group, key=lambda c: c[:2]) for group in joined] if len(groups) > 1 else groups


def _share_rows(left: list[Raw], right: list[Raw]) -> bool:
    ours, theirs = {c.row for c in left}, {c.row for c in right}
    return len(ours & theirs) >= max(2, 0.5 * min(len(ours), len(theirs)))


def _stands(group: list[Raw]) -> bool:
    """Whether a group is a table by itself: labels in its first column, and more beside them."""
    first = min(c.column for c in group)
    labels = [c for c in group if c.column == first]
    texts = sum(isinstance(c.value, str) for c in labels)
    return len(labels) < len(group) and texts > len(labels) / 2


def _steps(cells: list[Raw]) -> Iterator[list[Raw]]:
    """Parts such that each stands wholly right of the one above it, or wholly left."""
    if len(cells) < 2:
        yield cells
        return
    lowest = [0] * len(cells)  # of the columns of this cell and those after it
    highest = [0] * len(cells)
    low, high = 1 << 30, 0
    for i in range(len(cells) - 1, -1, -1):
        low, high = min(low, cells[i].column), max(high, _columns(cells[i])[1])
        lowest[i], highest[i] = low, high
    start, left, right, bottom = 0, 1 << 30, 0, 0
    for i, cell in enumerate(cells):
        beyond = lowest[i] > right or highest[i] < left
        if i > start and beyond and cell.row > bottom:
            yield cells[start:i]
            start, left, right, bottom = i, 1 << 30, 0, 0
        left, right = min(left, cell.column), max(right, _columns(cell)[1])
        bottom = max(bottom, _rows(cell)[1])
    yield cells[start:]


def _parted(cells: list[Raw], extent: Callable[[Raw], tuple[int, int]]) -> Iterator[list[Raw]]:
    """Groups with at least one blank row (or column) between them; each keeps the cells' order."""
    ends: list[int] = []  # of the groups
    starts: list[int] = []
    for start, end in sorted({extent(cell) for cell in cells}):
        if ends and start <= ends[-1] + 1:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    if len(starts) <= 1:
        yield cells
        return
    groups: list[list[Raw]] = [[] for _ in starts]
    for cell in cells:
        groups[bisect_right(starts, extent(cell)[0]) - 1].append(cell)
    yield from groups
