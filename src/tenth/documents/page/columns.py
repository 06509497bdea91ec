"""The columns of a table without a grid: where its figures stand below one another."""

import re

from tenth.documents.page.lines import Row, Segment
from tenth.documents.page.table_rows import Band

NOTE = re.compile(r"\d{1,2}(?:[a-z]|\.\d)?")  # its number
STRAY = 7.0  # points: a column stands further than that from the next one


class RunningColumns:
    """Where the figures of the rows so far stand. A row of another layout does not fit."""

    def __init__(self) -> None:
        self.bands: list[list[float]] = []
        self.rows: list[list[Segment]] = []

    def add(self, row: Row) -> bool:
        """Takes the row in, or says that its columns are others."""
        figures = [s for s in row.segments[len(row.segments) > 1 :] if s.figure]
        bands = [list(b) for b in self.bands]
        for s in figures:
            overlapping = [b for b in bands if s.x0 < b[1] and s.x1 > b[0]]
            merged = [min([s.x0, *(b[0] for b in overlapping)]),
                      max([s.x1, *(b[1] for b in overlapping)])]  # fmt: skip
            bands = [b for b in bands if b not in overlapping] + [merged]
        if len(figures) >= 2 or not self.rows:
            for segments in [*self.rows, figures]:
                held = [sum(1 for s in segments if b[0] <= s.centre <= b[1]) for b in bands]
                if any(count > 1 for count in held):
                    return False
        self.bands, self.last = bands, row
        self.rows.append(figures)
        return True

    def holds(self, row: Row) -> bool:
        """Whether figures stand below most of the columns, and nowhere else."""
        figures = [s for s in row.segments if s.figure]
        if len(figures) > 2 and figures[0].x1 < self.left and NOTE.fullmatch(figures[0].text):
            figures = figures[1:]  # the first row with the number of a note
        below = [b for b in self.bands if any(s.x0 < b[1] and s.x1 > b[0] for s in figures)]
        texts = [s for s in row.segments[1:] if not s.figure]
        if not figures:
            return len(row.segments) == 1
        alike = len(row.segments) == len(self.last.segments) and not self.last.segments[1].figure
        return len(below) == len(figures) >= len(self.bands) / 2 and (not texts or alike)

    def fills(self, row: Row) -> bool:
        """Whether a labelled row has figures below all columns, but for one of notes' numbers."""
        figures = [s for s in row.segments if s.figure]
        enough = len(figures) >= max(2, len(self.bands) - 1)
        return not row.segments[0].figure and enough and self.holds(row)

    @property
    def left(self) -> float:
        return min((b[0] for b in self.bands), default=1e9)


def columns_of(rows: list[Row]) -> list[Band]:
    """The columns of a table's rows, from left to right."""
    figures = [s for row in rows for s in row.segments[1:] if s.figure]  # the first is a label
    bands = _merged([Band(s.x0, s.x1, figures=1) for s in figures])
    labels = [row.segments[0] for row in rows if not row.segments[0].figure]
    # Numbers within wrapped labels, which labels reach under again and again, are no column.
    bands = [b for b in bands if sum(map(b.overlaps, labels)) <= 3 * b.figures]
    texts = [
        (s, sum(b.overlaps(s) for b in bands))
        for row in rows
        if len(row.segments) > 1
        for i, s in enumerate(row.segments)
        if not s.figure or i == 0
    ]
    free = _merged([Band(s.x0, s.x1, texts=1) for s, hits in texts if hits == 0])
    bands = sorted([*bands, *free], key=lambda b: b.x0)
    return _without_strays(bands, len(rows))


def _merged(bands: list[Band]) -> list[Band]:
    merged: list[Band] = []
    for band in sorted(bands, key=lambda b: b.x0):
        last = merged[-1] if merged else None
        if last is not None and band.x0 < last.x1:
            last.x1 = max(last.x1, band.x1)
            last.figures += band.figures
            last.texts += band.texts
        else:
            merged.append(band)
    return merged


def _without_strays(bands: list[Band], n_rows: int) -> list[Band]:
    """A text or a footnote's mark that stands once or twice right beside a column belongs to it."""
    few = max(1, n_rows // 8)
    kept: list[Band] = []
    for band in bands:
        last = kept[-1] if kept else None
        if last is None or band.x0 - last.x1 >= STRAY:
            kept.append(band)
        elif band.count <= few < last.count or (band.figures == 0 and band.texts <= few):
            last.x1 = max(last.x1, band.x1)
        elif len(kept) > 1 and last.count <= few < band.count:
            last.x1, last.figures, last.texts = band.x1, band.figures, last.texts + band.texts
        else:
            kept.append(band)
    return kept
