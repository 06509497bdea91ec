"""Tables without a grid: rows whose figures stand below one another, and what belongs to them."""

from dataclasses import dataclass
from statistics import median

from tenth.documents.model import Box, Cell, union
from tenth.documents.numbers import (
    MARK,
    is_figure,
    is_nothing,
    is_period,
    is_scale,
    is_year,
    scale_in,
)
from tenth.documents.page.columns import RunningColumns, columns_of
from tenth.documents.page.header_lines import (
    header_start,
    mid_labels,
    names_a_group,
    over_labels,
)
from tenth.documents.page.headers import header_cells
from tenth.documents.page.lines import Row, Segment, joined
from tenth.documents.page.table_rows import Band, Grid, column_of, logical_rows

LONGEST_LABEL = 110  # characters of one line: longer ones are prose
MAX_LABELS = 6  # so many rows without a figure may stand between two with one
GAP = 2.7  # of the font's size: after a wider gap a row must have the same columns
PITCHES = 4.2  # of the font's size: a wider gap between two rows ends a table,
FAR = 5.5  # unless a label and figures below all of the columns stand behind it


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
        body = first + _count_years(rows[first : last + 1])
        bands = columns_of(rows[body : last + 1])
        if len(bands) < 2 or not _is_table(rows[body : last + 1], bands):
            at = first + 1 if last == first else last + 1
            continue
        low = found[-1].last + 1 if found else 0
        top = header_start(rows, low, body, bands, rules)
        last = _with_last_lines(rows, last, bands)
        grid = _grid(rows[top : last + 1], body - top, bands, rules, fills, number)
        found.append(Found(top, last, grid))
        at = last + 1
    return found


def _core(rows: list[Row], start: int) -> tuple[int, int] | None:
    """The next rows from `start` on that have figures in columns: (first, last)."""
    for first in range(start, len(rows)):
        if not _has_figures(rows[first]):
            continue
        last = _last_of_core(rows, first)
        while last > first and _heads_the_next(rows[last], rows[first:last]):
            last -= 1
        if last > first or len(rows[first].segments) >= 3:
            return first, last
    return None


def _last_of_core(rows: list[Row], first: int) -> int:
    last, bands = first, RunningColumns()
    bands.add(rows[first])
    waiting, gaps = 0, []
    for i in range(first + 1, len(rows)):
        row, before = rows[i], rows[i - 1]
        gap = (row.base - before.base) / max(row.size, before.size)
        wide = gap > GAP and gap > 1.4 * median(gaps or [0.0])
        if gap > PITCHES and not (gap <= FAR and _goes_on_below(rows, i, bands)):
            break
        if wide and not bands.holds(row):
            break
        if (
            i == len(rows) - 1
            and gap > 1.5 * median(gaps or [gap])
            and _numbers_the_page(row, bands)
        ):
            break
        gaps.append(gap)
        if waiting and len(row.segments) > 1 and _heads_the_next(row, rows[first:i]):
            break
        if _has_columns(row):
            if not bands.add(row):
                break
            last, waiting = i, 0
        elif (_is_label(row, bands) or _is_among(rows, i, bands)) and waiting < MAX_LABELS:
            waiting += 1
        else:
            break
    return last


def _numbers_the_page(row: Row, bands: RunningColumns) -> bool:
    """Whether the last line's only figure is a small number, though there are several columns."""
    figures = [s.text for s in row.segments if s.figure]
    return (
        len(bands.bands) > 1
        and len(figures) == 1
        and figures[0].isdigit()
        and (len(figures[0]) < 4)
    )


def _heads_the_next(row: Row, above: list[Row]) -> bool:
    """Whether a row below a table's is in truth the heading of one that begins there: no figures
    but years, and among the labels nothing but a period or the scale."""
    if any(s.figure and not is_year(s.text) for s in row.segments):
        return False
    labels = min(r.x0 for r in above)
    if row.x0 > labels + 60:
        return True
    label = row.segments[0].text
    years = any(is_year(s.text) for s in row.segments[1:])
    return (years and is_period(label)) or bool(scale_in(label))


def _has_columns(row: Row) -> bool:
    """Several segments, one of them (not the first alone) a figure, or three and more texts."""
    segments = row.segments
    if len(segments) < 2:
        return False
    return any(s.figure for s in segments[1:]) or _short(segments)


def _has_figures(row: Row) -> bool:
    return len(row.segments) > 1 and any(s.figure for s in row.segments[1:])


def _short(segments: list[Segment]) -> bool:
    """Two texts side by side, neither a full line of prose."""
    return all(len(s.text) < 60 for s in segments)


def _is_label(row: Row, bands: RunningColumns) -> bool:
    """A line of labels within a table: it begins left of the figures and is not prose."""
    if len(row.segments) > 1:
        return True
    segment = row.segments[0]
    if segment.figure:
        return True
    if is_scale(segment.text) or (MARK.match(segment.words[0].text) and len(segment.text) > 60):
        return False  # of a table below; a note
    crossed = sum(band[0] < segment.x1 for band in bands.bands)
    within = segment.x1 < bands.left and len(bands.rows) > 3
    if segment.x0 >= bands.left or (len(segment.text) > LONGEST_LABEL and not within):
        return False
    return crossed < min(2, len(bands.bands)) or segment.x1 < bands.left + 40


def _is_among(rows: list[Row], i: int, bands: RunningColumns) -> bool:
    """Whether a line, however long, is left of all figures, and those of the first row with
    figures below it stand in all the same columns again: it is a label between the two."""
    if len(rows[i].segments) > 1 or rows[i].x1 >= bands.left or len(bands.bands) < 2:
        return False
    below = next((row for row in rows[i + 1 : i + 4] if _has_figures(row)), None)
    figures = [s for s in below.segments if s.figure] if below else []
    return below is not None and len(figures) == len(bands.bands) and bands.holds(below)


def _goes_on_below(rows: list[Row], i: int, bands: RunningColumns) -> bool:
    """Whether a label far below the rows so far is one of theirs: figures stand beside it in all
    their columns, or the next line of several segments is a row of such, and no header."""
    if bands.fills(rows[i]) and not any(is_year(s.text) for s in rows[i].segments[1:]):
        return True
    below = next((row for row in rows[i + 1 : i + 4] if len(row.segments) > 1), None)
    if below is None or is_period(rows[i].text) or is_scale(rows[i].text):
        return False
    figures = [s.text for s in below.segments if s.figure]
    if len(figures) < len(below.segments) - 1 or any(is_year(text) for text in figures):
        return False
    return _is_among(rows, i, bands)


def _count_years(rows: list[Row]) -> int:
    """How many rows at the top have no figures but years, which may stand beside their column."""
    for i, row in enumerate(rows):
        if any(s.figure and not is_year(s.text) for s in row.segments[1:]):
            return i
    return 0


def _is_table(rows: list[Row], bands: list[Band]) -> bool:
    """Enough rows with enough in them; lists of items and lines of a form are none."""
    columned = [row for row in rows if len(row.segments) > 1]
    figures = [s for row in columned for s in row.segments if s.figure]
    if not columned:
        return False
    if len(rows) == 1:
        counted = [s for s in rows[0].segments if s.figure and not is_nothing(s.text)]
        return len([s for s in counted if not is_year(s.text)]) >= 2
    below = any(b.figures >= 2 for b in bands[1:])
    beside = any(sum(s.figure for s in row.segments[1:]) > 1 for row in columned)
    if len(figures) >= 2 and (below or (beside and len(columned) >= 2)):
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


def _in_the_middle(group: list[Row], bands: list[Band]) -> Segment | None:
    """A text by itself in the middle of the table: it stands above all columns."""
    only = group[0].segments[0]
    alone = len(group) == 1 and len(group[0].segments) == 1 and not only.figure
    off = abs(2 * only.centre - bands[0].x0 - bands[-1].x1)
    return only if alone and off < 16 and only.x0 > bands[0].x0 + 40 else None


def _with_last_lines(rows: list[Row], last: int, bands: list[Band]) -> int:
    """The last row's label may go on below it, and a label may open a group that goes on
    on the next page."""
    while last + 1 < len(rows):
        row, before = rows[last + 1], rows[last]
        if len(row.segments) > 1 or not over_labels(row, bands):
            break
        text = row.segments[0].text
        gap = (row.base - before.base) / row.size
        goes_on = text[:1].islower() or before.segments[0].text.endswith((",", "-", " of", " and"))
        rest = gap < 1.3 and (goes_on or row.x0 > before.x0 + 2) and not is_figure(text)
        at_the_end = len(rows) - last <= 3  # of the page, but for a footer
        if not rest and not (at_the_end and names_a_group(row, before, bands)):
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
    while above and _is_first_label(above[-1], above[:-1], bands):
        above, body = above[:-1], [above[-1], *body]
    while body and _is_header_row(body[0], len(body), bands):
        above, body = [*above, body[0]], body[1:]
    groups = logical_rows(body, bands, fills)
    cells, n_header = header_cells(above, bands, rules, number)
    for k, group in enumerate(groups):
        cells += _body_cells(group, n_header + k, bands, number)
    box = union(row.box for row in rows)
    return Grid(cells, n_header + len(groups), len(bands), n_header, box, False)


def _is_first_label(row: Row, header: list[Row], bands: list[Band]) -> bool:
    """A label above the first figures, which says what these are of."""
    if len(row.segments) > 1 or scale_in(row.text) or is_figure(row.text):
        return False
    if is_period(row.text) and not any(len(r.segments) > 1 for r in header):
        return False  # what the labels are
    centred = abs(2 * row.segments[0].centre - bands[0].x0 - bands[-1].x1) < 40
    if mid_labels(row, bands) and not is_period(row.text):
        return True
    return over_labels(row, bands) or (centred and row.x0 < bands[1].x0 - 20)


def _is_header_row(row: Row, left: int, bands: list[Band]) -> bool:
    """Years, dates or texts above columns of figures, at the top of the body."""
    if left <= 1 or any(s.figure and not is_year(s.text) for s in row.segments):
        return False
    above = [bands[column_of(s, bands)[0]] for s in row.segments]
    return any(band.figures for band in above if band is not bands[0])


def _body_cells(group: list[Row], row: int, bands: list[Band], number: int) -> list[Cell]:
    if label := _in_the_middle(group, bands):
        return [Cell(row, 0, label.text, 1, len(bands), page=number, box=label.box)]
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
