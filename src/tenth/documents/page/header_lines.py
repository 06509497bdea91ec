"""Which lines above a table's figures belong to it: its header, labels, the line of its scale."""

import re
from dataclasses import replace

from tenth.documents.model import Box
from tenth.documents.numbers import is_date, is_period, is_scale, is_year
from tenth.documents.page.headers import over_rule
from tenth.documents.page.lines import Row, Segment
from tenth.documents.page.table_rows import Band

MAX_LINES = 10
UNAUDITED = re.compile(r"^[(（]?(?:un)?audited[)）]?$|^[(（]?未经审计[)）]?$", re.IGNORECASE)
NOTES = re.compile(r"notes?(?: no\.?)?", re.IGNORECASE)
DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d|\d年|\d月"
)
INDENT = 2.5  # of the font's size: all rows may be indented under the headings and labels above
MAX_OTHERS = 5  # lines between the header and the figures


def header_start(rows: list[Row], low: int, first: int, bands: list[Band], rules: list[Box]) -> int:
    """The first of the lines above row `first` that belong to the table.

    Lines that stand above columns make the header. Others (labels, "(in millions)" or "ASSETS:"
    in the middle) belong to the table where such a line is above them.
    """
    top = first
    others = 0
    middle = (min(r.x0 for r in rows) + max(r.x1 for r in rows)) / 2
    reach = [replace(band) for band in bands]
    for i in range(first - 1, max(low, first - MAX_LINES) - 1, -1):
        row, below = rows[i], rows[i + 1]
        gap = (below.y0 - row.y1) / row.size
        ruled = any(row.y1 - 1 <= r[1] <= below.y0 + 1 and _meets(r, bands) for r in rules)
        years_above = _is_below_years(rows, i, low)
        if gap > _most_apart(row, ruled, years_above):
            break
        if _is_part_of_scale(rows, i, 1):
            continue  # counted with its lower line
        is_scale_end = _is_part_of_scale(rows, i, -1)
        if not is_scale_end and _stands_above(row, below, gap, reach, middle, rules):
            sure = years_above or (_is_over_columns(row, bands) and _is_sure(row, bands))
            sure = sure or _heads_notes(row, bands)
            if others and not sure:
                break
            top, others = i, 0
            _extend(reach, row)
        elif (is_scale_end or _may_stand_between(row, bands, middle)) and others < MAX_OTHERS:
            others += 1
        else:
            break
    return _with_labels(rows, low, top, first, bands)


def _most_apart(row: Row, ruled: bool, years_above: bool) -> float:
    """How far a line of the header may stand above the next, of the font's size. Underlined dates
    side by side head columns, whatever room is left below them."""
    if ruled and sum(is_date(s.text) or is_year(s.text) for s in row.segments) > 1:
        return 6.0
    return 3.0 if ruled or years_above else 2.1


def _heads_notes(row: Row, bands: list[Band]) -> bool:
    """Whether "Note" stands above a column, perhaps beside what the labels are: "Assets  Note"."""
    label, last = row.segments[0], row.segments[-1]
    beside = len(row.segments) == 2 and label.x1 < bands[1].x0
    over = any(band.overlaps(last) for band in bands[1:])
    return beside and over and bool(NOTES.fullmatch(last.text))


def _is_below_years(rows: list[Row], i: int, low: int) -> bool:
    """Whether a row of years stands among a line and the two above it: "Notes", "$" or "ASSETS"
    below the years are of the same header, however far the figures are."""
    return any(
        sum(is_year(s.text) for s in row.segments) > 1
        and not any(s.figure and not is_year(s.text) for s in row.segments)
        for row in rows[max(low, i - 2) : i + 1]
    )


def _is_part_of_scale(rows: list[Row], i: int, step: int) -> bool:
    """Whether a line says the scale only together with the next one above (-1) or below (1):
    "(in thousands, except share" / "and per share amounts)"."""
    k = i + step
    if not 0 <= k < len(rows) or len(rows[i].segments) > 1 or len(rows[k].segments) > 1:
        return False
    upper, lower = rows[min(i, k)].text, rows[max(i, k)].text
    parted = upper.count("(") > upper.count(")") and lower.count(")") > lower.count("(")
    return parted and is_scale(f"{upper} {lower}")


def _is_sure(row: Row, bands: list[Band]) -> bool:
    """Whether a line is a heading though others are between it and the figures: it has several
    texts, or says when, or stands above the only column."""
    said = DATED.search(row.text) or UNAUDITED.match(row.text) or is_period(row.text)
    above = len(bands) == 2 and abs(row.segments[0].centre - bands[1].centre) < 40
    return len(row.segments) > 1 or bool(said) or above


def _extend(bands: list[Band], row: Row) -> None:
    """Columns reach as far as the headings that stand above one of them alone."""
    for segment in row.segments if len(row.segments) > 1 else ():
        hit = [band for band in bands[1:] if band.overlaps(segment)]
        near = hit or [min(bands[1:], key=lambda band: band.distance(segment))]
        if len(near) == 1 and segment.x0 > bands[0].x1:
            near[0].x0, near[0].x1 = min(near[0].x0, segment.x0), max(near[0].x1, segment.x1)


def _is_over_columns(row: Row, bands: list[Band]) -> bool:
    """Whether a line has something above most columns, not a page's header with its two ends."""
    over = [
        s
        for s in row.segments
        if s.x0 > bands[0].x1 or (s.x1 > bands[1].x0 - 20 and s.x0 > bands[0].x0 + 40)
    ]
    return len(over) == len(row.segments) or 2 * len(over) >= len(bands) - 1


def _may_stand_between(row: Row, bands: list[Band], middle: float) -> bool:
    """Whether a line can stand between header and figures without being either."""
    if len(row.segments) > 1 or len(row.text) > 110:
        return False
    if over_labels(row, bands) or is_scale(row.text):
        return True
    centre = row.segments[0].centre
    centred = abs(2 * centre - bands[0].x0 - bands[-1].x1) < 40 or abs(centre - middle) < 5
    return (centred or mid_labels(row, bands)) and len(row.text) < 40


def _with_labels(rows: list[Row], low: int, top: int, first: int, bands: list[Band]) -> int:
    """Also the lines of a label that ends in the first row, or that names the first group."""
    while top > low and len(rows[top - 1].segments) == 1 and over_labels(rows[top - 1], bands):
        row, below = rows[top - 1], rows[top]
        tight = below.base - row.base < 1.35 * row.size
        reads_on = below.text[:1].islower() or row.text.count("(") > row.text.count(")")
        near = below.y0 - row.y1 < 1.5 * row.size
        heads = names_a_group(row, below, bands) or (near and is_period(row.text))
        group = top == first and heads  # else a header is above it
        if not (tight and reads_on) and not group:
            break
        top -= 1
    return top


def _spans(segment: Segment, bands: list[Band], rules: list[Box]) -> bool:
    """Whether a line below a heading tells that it stands above several columns."""
    over = over_rule(segment, 1, len(bands), bands, rules)
    return over is not None and over[1] > 1


def _is_first_line(row: Row, below: Row, bands: list[Band], rules: list[Box]) -> bool:
    """Whether a text is the first line of one heading of several on the line below."""
    only = row.segments[0]
    under = [s for s in below.segments if s.x0 < only.x1 and s.x1 > only.x0]
    return (
        len(below.segments) > 1
        and len(under) == 1
        and only.x0 > bands[0].x1
        and (
            only.x1 - only.x0 < 1.8 * (under[0].x1 - under[0].x0) or _spans(under[0], bands, rules)
        )
        and (abs(under[0].centre - only.centre) < 4 or abs(under[0].x1 - only.x1) < 2)
    )


def over_labels(row: Row, bands: list[Band]) -> bool:
    """Whether a line stands above or among the labels alone."""
    return row.x1 < bands[1].x0 and row.x0 <= bands[0].x1


def mid_labels(row: Row, bands: list[Band]) -> bool:
    """Whether a line stands in the middle of the room for labels, however short those are."""
    only = row.segments[0]
    off = abs(2 * only.centre - bands[0].x0 - bands[1].x0)
    return len(row.segments) == 1 and off < 40 and only.x1 < bands[1].x0 - 20


def names_a_group(row: Row, beside: Row, bands: list[Band]) -> bool:
    """Whether a line right above or below a row of figures is a label of the table's own."""
    return (
        row.text.endswith((":", "："))
        and not row.text[0].islower()
        and row.text.count(")") <= row.text.count("(")
        and len(row.text) < 60
        and -INDENT * row.size < row.x0 - bands[0].x0 < 4
        and abs(beside.base - row.base) < 2.2 * row.size
    )


def _meets(rule: Box, bands: list[Band]) -> bool:
    return rule[0] < bands[-1].x1 and rule[2] > bands[1].x0


def _stands_above(
    row: Row, below: Row, gap: float, bands: list[Band], middle: float, rules: list[Box]
) -> bool:
    """Whether a line's texts stand above the columns, not across the table as a title does.

    `gap` is that to the line below, `middle` that of the page's column of text.
    """
    left = bands[0].x0 - INDENT * max(row.size, below.size)
    right = bands[-1].x1 + 25
    if any(s.x0 < left or s.x1 > right or len(s.text) > 90 for s in row.segments):
        return False
    if len(row.segments) > 1:
        over = any(s.x1 > bands[1].x0 - 20 and s.x0 > bands[0].x0 + 40 for s in row.segments)
        return over and not any(s.figure and not is_year(s.text) for s in row.segments)
    only = row.segments[0]
    if gap < 0.75 and not UNAUDITED.match(only.text) and not is_scale(only.text):
        lower = below.segments[0]
        ruled = len(below.segments) == 1 and over_rule(lower, 1, len(bands), bands, rules)
        if _is_first_line(row, below, bands, rules) or (
            ruled and abs(lower.centre - only.centre) < 4
        ):
            return True
    if over_labels(row, bands) or is_scale(only.text) or only.x0 < bands[0].x0 + 4:
        return False
    if only.text.lower() == "table of contents":
        return False  # the link at the top of pages of filings
    if over_rule(only, 1, len(bands), bands, rules):
        return True
    if abs(2 * only.centre - bands[0].x0 - bands[-1].x1) < 40 or abs(only.centre - middle) < 5:
        return False  # in the middle of the table or the page
    hit = [band for band in bands[1:] if band.overlaps(only)]
    wide = only.x1 - only.x0
    far_wider = len(hit) == 1 and wide > 1.6 * (hit[0].x1 - hit[0].x0) + 10
    if gap > 0.75 and far_wider and not is_period(only.text):
        return False
    if 2 * only.x0 > bands[0].x0 + bands[-1].x1 and len(only.text) < 40:
        return True  # right of the table's middle
    centres = [(bands[1].x0 + band.x1) / 2 for band in bands[1:-1]]
    return only.x0 > bands[1].x0 - 12 or any(abs(only.centre - c) < 8 for c in centres)
