"""The cells of a header without a grid: what each of its texts stands above."""

import itertools
from dataclasses import dataclass, replace

from tenth.documents.model import Box, Cell, union
from tenth.documents.numbers import is_period
from tenth.documents.page.lines import Row, Segment, joined
from tenth.documents.page.table_rows import Band


@dataclass(slots=True)
class Heading:
    """A cell of the header: its lines, and the columns it stands above."""

    segments: list[Segment]
    column: int
    span: int
    line: int  # which of the header's lines is its last
    level: int = 0  # rows of the header below it

    @property
    def end(self) -> int:
        return self.column + self.span

    def stands_over(self, other: "Heading") -> bool:
        return self.column < other.end and other.column < self.end and self.line < other.line


def header_cells(
    rows: list[Row], bands: list[Band], rules: list[Box], number: int
) -> tuple[list[Cell], int]:
    """The header's cells, and how many rows they make. A heading that is alone in its column
    stands in the lowest row, whatever the others' lines."""
    places: list[list[tuple[Segment, int, int]]] = []
    reach = [replace(band) for band in bands]
    for row in reversed(rows):  # a heading of one column tells how far that reaches
        places.insert(0, _columns(row, reach, rules))
        for segment, column, span in places[0]:
            if span == 1 and column > 0:
                reach[column].x0 = min(reach[column].x0, segment.x0)
                reach[column].x1 = max(reach[column].x1, segment.x1)
    headings: list[Heading] = []
    for line, placed in enumerate(places):
        for segment, column, span in placed:
            above = next((h for h in headings if _goes_on(h, segment, column, span, rules)), None)
            if above is None:
                headings.append(Heading([segment], column, span, line))
            else:  # it stands above the columns that are common to its lines
                end = min(above.end, column + span)
                above.segments.append(segment)
                above.column, above.line = max(above.column, column), line
                above.span = end - above.column
    for line in reversed(range(len(rows))):  # those printed on one line stand in one row
        level = [h for h in headings if h.line == line]
        below = [b.level for h in level for b in headings if h.stands_over(b)]
        for heading in level:
            heading.level = max(below) + 1 if below else 0
    n_rows = max((h.level for h in headings), default=-1) + 1
    cells = []
    for heading in sorted(headings, key=lambda h: (-h.level, h.column)):
        text = joined([s.text for s in heading.segments])
        box = union(s.box for s in heading.segments)
        row = n_rows - 1 - heading.level
        cells.append(Cell(row, heading.column, text, 1, heading.span, True, number, box))
    return cells, n_rows


def _goes_on(heading: Heading, segment: Segment, column: int, span: int, rules: list[Box]) -> bool:
    """Whether a text is the next line of a heading above it."""
    last = heading.segments[-1]
    gap, size = segment.box[1] - last.box[3], segment.words[0].size
    if not -0.3 * size < gap < (1.2 if last.text.endswith((",", "，")) else 0.75) * size:
        return False
    same = (heading.column, heading.span) == (column, span)
    near = abs(last.centre - segment.centre) < 4 or abs(last.x1 - segment.x1) < 2
    within = heading.column <= column < heading.column + heading.span or (
        column <= heading.column < column + span
    )
    if not same and not (near and within):
        return False
    x0, x1 = max(last.x0, segment.x0), min(last.x1, segment.x1)
    return not any(
        last.box[3] - 2 <= r[1] <= segment.box[1] + 2 and r[0] < x1 and r[2] > x0 for r in rules
    )


def _columns(row: Row, bands: list[Band], rules: list[Box]) -> list[tuple[Segment, int, int]]:
    """Each segment of a header line with its first column and its span."""
    segments = [part for s in row.segments for part in _split(s, bands)]
    if len(segments) == len(bands):
        return [(segment, column, 1) for column, segment in enumerate(segments)]
    places: list[tuple[Segment, int, int]] = []
    if shared := _shared_out(segments, bands):
        return shared
    alone = sum(segment.x0 > bands[0].x1 for segment in segments) == 1
    for i, segment in enumerate(segments):
        low = places[-1][1] + places[-1][2] if places else 0
        if low == len(bands):  # no column is left: more of the last heading
            last, column, span = places[-1]
            places[-1] = Segment([*last.words, *segment.words]), column, span
            continue
        following = segments[i + 1] if i + 1 < len(segments) else None
        high = len(bands)
        if following is not None:
            high = max(low + 1, _nearest(following, bands))
        places.append((segment, *_span(segment, low, high, bands, rules, alone)))
    return places


def _shared_out(
    segments: list[Segment], bands: list[Band]
) -> list[tuple[Segment, int, int]] | None:
    """Headings that share out the columns evenly, each at the right end or the middle of its."""
    labels = [s for s in segments if s.x0 < bands[0].x0 + 0.35 * (bands[1].x0 - bands[0].x0)]
    over = segments[len(labels) :]
    columns = len(bands) - 1
    if len(labels) > 1 or len(over) < 2 or columns % len(over) or columns == len(over):
        return None
    span = columns // len(over)
    places: list[tuple[Segment, int, int]] = [(s, 0, 1) for s in labels]
    for k, segment in enumerate(over):
        first = 1 + k * span
        x0, x1 = bands[first].x0, bands[first + span - 1].x1
        if abs(segment.x1 - x1) > 6 and abs(segment.centre - (x0 + x1) / 2) > 12:
            return None
        places.append((segment, first, span))
    return places


def _nearest(segment: Segment, bands: list[Band]) -> int:
    """The leftmost column that a segment could stand above."""
    hits = [i for i, band in enumerate(bands) if band.overlaps(segment)]
    if hits:
        return hits[0]
    return min(range(len(bands)), key=lambda i: abs(bands[i].centre - segment.centre))


def _span(
    segment: Segment, low: int, high: int, bands: list[Band], rules: list[Box], alone: bool
) -> tuple[int, int]:
    """(column, span): by the line drawn below the text, else by what it is centred over."""
    high = max(high, low + 1)
    if low == 0:
        if segment.x0 < bands[0].x0 + 0.35 * (bands[1].x0 - bands[0].x0):
            return 0, 1
        low = 1  # the labels' ink may reach far to the right, below other columns' headings
        high = max(high, 2)
    high = min(high, len(bands))
    if under := over_rule(segment, low, high, bands, rules):
        return under
    hits = [i for i in range(low, high) if bands[i].overlaps(segment)]
    if not hits:
        near = min(range(low, high), key=lambda i: bands[i].distance(segment))
        if bands[near].distance(segment) < 4 and not _is_between(segment, near, bands[:high]):
            return near, 1
        hits = [near]
    over_all = abs((bands[1].x0 + bands[-1].x1) / 2 - segment.centre) < 8
    if alone and over_all and len(bands) > 3:
        return 1, len(bands) - 1
    if len(hits) == 1 and _fits(segment, bands[hits[0]]):
        return hits[0], 1
    if alone and len(bands) == 3 and is_period(segment.text):
        return 1, 2
    if len(hits) > 1 and abs(segment.x1 - bands[hits[-1]].x1) < 4:
        return hits[0], len(hits)  # at the right end of its columns
    first, last = min(
        (
            (a, b)
            for a in range(max(low, hits[0] - 3), hits[0] + 1)
            for b in range(hits[-1], min(high, hits[-1] + 4))
        ),
        key=lambda ends: (
            abs((bands[ends[0]].x0 + bands[ends[1]].x1) / 2 - segment.centre)
            + 1.5 * (ends[1] - ends[0])
        ),  # no wider than need be
    )
    return first, last - first + 1


def _is_between(segment: Segment, near: int, bands: list[Band]) -> bool:
    """Whether a heading beside a column is centred over that one and the next."""
    pairs = [(near - 1, near)] if near > 1 else []
    pairs += [(near, near + 1)] if near + 1 < len(bands) else []
    middles = [(bands[a].x0 + bands[b].x1) / 2 for a, b in pairs]
    return any(abs(middle - segment.centre) < 8 for middle in middles)


def over_rule(
    segment: Segment, low: int, high: int, bands: list[Band], rules: list[Box]
) -> tuple[int, int] | None:
    """The columns below the line that is drawn right below a heading."""
    for x0, y0, x1, _ in rules:
        below = segment.box[3] - 2 <= y0 <= segment.box[3] + 7
        underlined = x1 - x0 < segment.x1 - segment.x0 + 4
        if below and not underlined and x0 - 2 <= segment.x0 and segment.x1 <= x1 + 2:
            under = [i for i in range(low, high) if x0 - 3 <= bands[i].centre <= x1 + 3]
            of_all = x0 <= (bands[0].x0 + bands[1].x0) / 2  # the whole header is underlined
            if under and (len(under) < len(bands) - 1 or not of_all):
                return under[0], len(under)
    return None


def _fits(segment: Segment, band: Band) -> bool:
    """Whether a heading stands over this column alone."""
    return (
        abs(band.centre - segment.centre) < 9
        or abs(band.x1 - segment.x1) < 4
        or min(segment.x1, band.x1) - max(segment.x0, band.x0) > 0.7 * (segment.x1 - segment.x0)
    )


def _split(segment: Segment, bands: list[Band]) -> list[Segment]:
    """A segment over several columns, parted where a gap of words stands between two of them."""
    over = [band for band in bands if band.overlaps(segment)]
    if len(over) < 2 or len(segment.words) < 2:
        return [segment]
    parts: list[list] = [[segment.words[0]]]
    for a, b in zip(segment.words, segment.words[1:], strict=False):
        gap = b.x0 - a.x1
        between = any(
            p.x1 - 12 <= (a.x1 + b.x0) / 2 <= q.x0 + 12 for p, q in itertools.pairwise(over)
        )
        if between and gap > 0.5 * a.size:
            parts.append([b])
        else:
            parts[-1].append(b)
    return [Segment(words) for words in parts]
