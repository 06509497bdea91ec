"""Tables without a grid: rows whose figures stand below one another, and what belongs to them."""

from dataclasses import dataclass
from statistics import median

from tenth.documents.headers import header_cells, header_start
from tenth.documents.lines import Row, Segment, joined
from tenth.documents.model import Box, Cell, union
from tenth.documents.numbers import is_figure, is_year
from tenth.documents.ruled import Grid

MAX_LABELS = 6  # so many rows without a figure may stand between two with one
GAP = 2.7  # of the font's size: after a wider gap a row must have the same columns
PITCHES = 4.2  # of the font's size: a wider gap between two rows ends a table


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

    def overlaps(self, segment: Segment) -> bool:
        return segment.x0 < self.x1 and segment.x1 > self.x0


@dataclass(slots=True)
class Found:
    """A table among the rows of a zone: which rows, and its grid."""

    first: int
    last: int
    grid: Grid


def borderless_grids(
    rows: list[Row], rules: list[Box], fills: list[Box], number: int
) -> list[Found]:
    """The tables among a zone's rows, from top to bottom. `rules` are the horizontal ones."""
    found: list[Found] = []
    at = 0
    while at < len(rows):
        core = _core(rows, at)
        if core is None:
            break
        first, last = core
        at = last + 1
        bands = _bands(rows[first : last + 1])
        if len(bands) < 2 or not _is_table(rows[first : last + 1], bands):
            at = first + 1 if last == first else last + 1
            continue
        low = found[-1].last + 1 if found else 0
        top = header_start(rows, low, first, bands, rules)
        last = _with_last_lines(rows, last, bands)
        grid = _grid(rows[top : last + 1], first - top, bands, rules, fills, number)
        found.append(Found(top, last, grid))
        at = last + 1
    return found


def _core(rows: list[Row], start: int) -> tuple[int, int] | None:
    """The next rows from `start` on that have figures in columns: (first, last)."""
    for first in range(start, len(rows)):
        if not _has_figures(rows[first]):
            continue
        last, bands = first, _Bands()
        bands.add(rows[first])
        waiting = 0
        for i in range(first + 1, len(rows)):
            row, before = rows[i], rows[i - 1]
            gap = (row.base - before.base) / max(row.size, before.size)
            if gap > PITCHES or (gap > GAP and not bands.holds(row)):
                break
            if _has_columns(row):
                if not bands.add(row):
                    break
                last, waiting = i, 0
            elif _is_label(row, bands) and waiting < MAX_LABELS:
                waiting += 1
            else:
                break
        if last > first or len(rows[first].segments) >= 3:
            return first, last
    return None


def _has_columns(row: Row) -> bool:
    """Several segments, one of them (not the first alone) a figure, or three and more texts."""
    segments = row.segments
    if len(segments) < 2:
        return False
    return any(s.figure for s in segments[1:]) or len(segments) >= 3 or _short(segments)


def _has_figures(row: Row) -> bool:
    return len(row.segments) > 1 and any(s.figure for s in row.segments[1:])


def _short(segments: list[Segment]) -> bool:
    """Two texts side by side, neither a full line of prose."""
    return all(len(s.text) < 60 for s in segments)


class _Bands:
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
        self.bands = bands
        self.rows.append(figures)
        return True

    def holds(self, row: Row) -> bool:
        """Whether figures stand below most of the columns, and nowhere else."""
        figures = [s for s in row.segments if s.figure]
        below = [b for b in self.bands if any(s.x0 < b[1] and s.x1 > b[0] for s in figures)]
        texts = [s for s in row.segments[1:] if not s.figure]
        if not figures:
            return len(row.segments) == 1
        return len(below) == len(figures) >= len(self.bands) / 2 and not texts

    @property
    def left(self) -> float:
        return min((b[0] for b in self.bands), default=1e9)


def _is_label(row: Row, bands: _Bands) -> bool:
    """A line of labels within a table: it begins left of the figures and is not prose."""
    if len(row.segments) > 1:
        return True
    segment = row.segments[0]
    if segment.figure:
        return True
    return segment.x0 < bands.left and (segment.x1 < bands.left + 40 or len(segment.text) < 90)


def _bands(rows: list[Row]) -> list[Band]:
    """The columns of a table's rows, from left to right."""
    figures = [s for row in rows for s in row.segments[1:] if s.figure]  # the first is a label
    bands = _merged([Band(s.x0, s.x1, figures=1) for s in figures])
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
    """A text or two between two columns of figures, nearer to one of them, belong to it."""
    kept: list[Band] = []
    for band in bands:
        last = kept[-1] if kept else None
        stray = band.figures == 0 and band.texts <= max(1, n_rows // 8)
        if last is not None and stray and band is not bands[0] and band.x0 - last.x1 < 6:
            last.x1 = max(last.x1, band.x1)
            continue
        if (
            last is not None
            and last is not bands[0]
            and last.figures == 0
            and last.texts <= max(1, n_rows // 8)
            and band.x0 - last.x1 < 6
        ):
            last.x1, last.figures = band.x1, band.figures
            last.texts += band.texts
            continue
        kept.append(band)
    return kept


def _is_table(rows: list[Row], bands: list[Band]) -> bool:
    """Enough rows with enough in them; lists of items and lines of a form are none."""
    columned = [row for row in rows if len(row.segments) > 1]
    figures = [s for row in columned for s in row.segments if s.figure]
    if not columned:
        return False
    if len(rows) == 1:
        return len([s for s in rows[0].segments if s.figure and not is_year(s.text)]) >= 2
    if len(figures) >= 2 and any(b.figures >= 2 for b in bands[1:]):
        return True
    if len(figures) >= 2 and len(columned) >= 2 and any(b.figures for b in bands[1:]):
        return True
    return len(columned) >= 3 and _is_text_table(columned, bands)


def _is_text_table(rows: list[Row], bands: list[Band]) -> bool:
    """Texts in columns whose left edges stand below one another."""
    aligned = 0
    for band in bands:
        edges = [s.x0 for row in rows for s in row.segments if band.overlaps(s)]
        if len(edges) >= 3 and sum(abs(e - median(edges)) < 3 for e in edges) >= 0.6 * len(edges):
            aligned += 1
    filled = median(len(row.segments) for row in rows)
    return aligned >= 2 and filled >= min(3, len(bands)) and len(bands) <= 12


def _with_last_lines(rows: list[Row], last: int, bands: list[Band]) -> int:
    """The last row's label may go on below it."""
    while last + 1 < len(rows):
        row, before = rows[last + 1], rows[last]
        tight = row.base - before.base < 1.3 * row.size
        text = row.segments[0].text
        goes_on = text[:1].islower() or before.segments[0].text.endswith((",", "-", " of", " and"))
        inside = len(row.segments) == 1 and row.x1 < max(bands[0].x1, bands[1].x0) + 2
        if not (tight and goes_on and inside and not is_figure(text)):
            break
        last += 1
    return last


def _grid(
    rows: list[Row],
    n_above: int,
    bands: list[Band],
    rules: list[Box],
    fills: list[Box],
    number: int,
) -> Grid:
    """Cells of the header lines above and of the body."""
    above, body = rows[:n_above], rows[n_above:]
    while body and _is_header_row(body[0], len(body)):
        above, body = [*above, body[0]], body[1:]
    groups = _logical_rows(body, bands, fills)
    cells, n_header = header_cells(above, bands, rules, number)
    for k, group in enumerate(groups):
        cells += _body_cells(group, n_header + k, bands, number)
    box = union(row.box for row in rows)
    return Grid(cells, n_header + len(groups), len(bands), n_header, box, False)


def _is_header_row(row: Row, left: int) -> bool:
    """Years, dates or texts above the columns, and no label, at the top of the body."""
    values = row.segments
    if left <= 1 or not values:
        return False
    if any(s.figure and not is_year(s.text) for s in values):
        return False
    if all(is_year(s.text) for s in values):
        return True
    return len(values) > 1 and all(s.bold for s in values) and not values[0].figure


def _logical_rows(rows: list[Row], bands: list[Band], fills: list[Box]) -> list[list[Row]]:
    """Lines that are one row of the table: wrapped labels, labels beside their figures' middle."""
    pitches = [b.base - a.base for a, b in zip(rows, rows[1:], strict=False)]
    pitch = median(pitches) if pitches else 0.0
    groups: list[list[Row]] = []
    for row in rows:
        if groups and _is_one(groups[-1], row, bands, fills, pitch):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _is_one(group: list[Row], row: Row, bands: list[Band], fills: list[Box], pitch: float) -> bool:
    """Whether a line goes on with the row of the lines before it."""
    before = group[-1]
    if _filled(group, bands) & _filled([row], bands) - {0}:
        return False
    both_label = 0 in _filled(group, bands) and 0 in _filled([row], bands)
    if row.y0 < before.y1 - 0.2 * min(row.y1 - row.y0, before.y1 - before.y0):
        return True  # they stand beside one another
    if not both_label or before.segments[0].text.rstrip().endswith((":", "：")):
        return False
    gap = row.base - before.base
    if gap > 1.45 * max(row.size, before.size):
        return False
    same = _one_fill(before, row, fills)
    if same is not None:
        return same
    return _reads_on(group, row, bands, gap, pitch)


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


def _reads_on(group: list[Row], row: Row, bands: list[Band], gap: float, pitch: float) -> bool:
    """Whether the second label line is the rest of the first."""
    first, before = group[0].segments[0], group[-1].segments[0]
    label = row.segments[0]
    has_figures = any(_filled([r], bands) - {0} for r in group)
    tight = pitch > 0 and gap < 0.88 * pitch
    small = label.text[:1].islower() or before.text.endswith(
        (",", "-", "–", "—", " and", " of", " the", " in", " for", " to", " or", "/", "(")
    )
    if before.text.count("(") > before.text.count(")"):
        small = True
    if small and (tight or label.x0 >= first.x0 - 1):
        return True
    deeper = label.x0 > first.x0 + 1
    full = before.x1 > bands[0].x0 + 0.8 * (bands[0].x1 - bands[0].x0)
    if tight and gap < 1.25 * row.size and not has_figures and label.x0 >= first.x0 - 1:
        return deeper or full
    return False


def _filled(rows: list[Row], bands: list[Band]) -> set[int]:
    """Which columns have something in these lines."""
    return {column for row in rows for s in row.segments for column in [column_of(s, bands)[0]]}


def column_of(segment: Segment, bands: list[Band]) -> tuple[int, int]:
    """(column, span) of a segment of the body."""
    hits = [i for i, band in enumerate(bands) if band.overlaps(segment)]
    if not hits:
        near = min(
            range(len(bands)),
            key=lambda i: max(bands[i].x0 - segment.x1, segment.x0 - bands[i].x1),
        )
        return near, 1
    if hits[0] == 0 and not segment.figure:
        return 0, 1  # a long label runs under the columns beside it
    if len(hits) > 1 and segment.figure:
        return max(
            hits, key=lambda i: min(bands[i].x1, segment.x1) - max(bands[i].x0, segment.x0)
        ), 1
    return hits[0], len(hits)


def _body_cells(group: list[Row], row: int, bands: list[Band], number: int) -> list[Cell]:
    parts: dict[int, list[Segment]] = {}
    spans: dict[int, int] = {}
    for line in group:
        for segment in line.segments:
            column, span = column_of(segment, bands)
            parts.setdefault(column, []).append(segment)
            spans[column] = max(span, spans.get(column, 1))
    cells = []
    for column, segments in sorted(parts.items()):
        following = min((c for c in parts if c > column), default=len(bands))
        span = max(1, min(spans[column], following - column))
        text = joined([s.text for s in segments])
        box = union(s.box for s in segments)
        cells.append(Cell(row, column, text, 1, span, page=number, box=box))
    return cells
