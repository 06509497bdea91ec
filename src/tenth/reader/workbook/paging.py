"""On which paper a sheet is printed, on one page where that can be read, and where pages end:
between blocks of rows, not within them."""

import math

import msgspec

from tenth.reader.workbook.book import Sheet
from tenth.reader.workbook.looks import has_chinese, line_count

A4, A3 = 9, 8  # as spreadsheets count papers
SIDE, TOP = 0.4, 0.6  # margins in inches
_POINTS = {A4: (842.0, 595.0), A3: (1191.0, 842.0)}  # landscape
LEGIBLE = 0.66  # of the size on screen: 9 points become 6
FITS_A4, FITS_A3 = 190.0, 340.0  # characters of column width
DEFAULT_WIDTH, DEFAULT_HEIGHT = 8.43, 15.0  # of a column in characters, of a row in points
CHINESE_ROOM = 0.88  # Latin letters are wider in Chinese fonts
HIGHEST = 400.0  # a row has at most 409 points


class Layout(msgspec.Struct, frozen=True):
    """How a sheet is printed."""

    paper: int
    landscape: bool
    wide: int  # pages side by side
    whole: bool  # all of it on one page

    @property
    def room(self) -> tuple[float, float]:
        """Points within the margins, across and down."""
        across, down = _POINTS[self.paper] if self.landscape else _POINTS[self.paper][::-1]
        return across - 2 * 72 * SIDE, down - 2 * 72 * TOP


def layout_of(sheet: Sheet) -> Layout:
    """One page, the smallest on which its figures can be read; else one page's width, unless print
    would be too small then too: the first columns are on each page."""
    width, height = _printed_size(sheet)
    for paper in (A4, A3):
        scales = {
            landscape: min(one.room[0] / width, one.room[1] * 0.97 / height, 1.0)
            for landscape in (True, False)
            for one in (Layout(paper, landscape, 1, True),)
        }
        best = max(scales, key=lambda landscape: (scales[landscape], landscape))
        if scales[best] >= LEGIBLE and not sheet.breaks:
            return Layout(paper, best, 1, True)
    characters = sum(sheet.widths.get(column, 0.0) for column in range(sheet.n_printed))
    paper, wide = A4 if characters <= FITS_A4 else A3, max(1, math.ceil(characters / FITS_A3))
    upright = Layout(paper, False, 1, False)
    narrow = upright.room[0] / width >= LEGIBLE and not sheet.charts
    return upright if narrow else Layout(paper, True, wide, False)


def _printed_size(sheet: Sheet) -> tuple[float, float]:
    """Points, at least 1 of each, of what is printed."""
    first, last = sheet.printed or (0, sheet.n_rows - 1)
    columns, heights = range(sheet.n_printed), row_heights(sheet)
    width = sum((sheet.widths.get(column, DEFAULT_WIDTH) * 7 + 5) * 0.75 for column in columns)
    height = sum(heights.get(row, DEFAULT_HEIGHT) for row in range(first, last + 1))
    for chart in sheet.charts:
        width = max(width, (1 + chart.at[1]) * (chart.width + 12) * 0.75)
    return max(width, 1.0), max(height, 1.0)


def row_heights(sheet: Sheet) -> dict[int, float]:
    """Points for every row with large type, or whose texts take more than a line: only Excel would
    find them out."""
    heights = dict(sheet.heights)
    for (row, column), cell in sheet.cells.items():
        if cell.style.size > 10:
            heights[row] = max(heights.get(row, 0.0), cell.style.size * 1.4)
        if row in sheet.heights or not cell.style.wrap or not isinstance(cell.content, str):
            continue
        width = sheet.widths.get(column, DEFAULT_WIDTH) - 1.2 * cell.style.indent - 0.8
        if has_chinese(cell.content):
            width *= CHINESE_ROOM
        lines = line_count(cell.content, max(width, 3.0), cell.style.bold)
        if lines > 1:
            heights[row] = max(heights.get(row, 0.0), min(12.0 * lines + 3, HIGHEST))
    return heights


def page_breaks(sheet: Sheet) -> list[int]:
    """Rows above which a page ends: those that are set, and blocks that would be cut though a page
    can hold them."""
    if layout_of(sheet).whole:
        return []
    room = _room(sheet)
    heights = row_heights(sheet)

    def points(first: int, last: int) -> float:
        return sum(heights.get(row, DEFAULT_HEIGHT) for row in range(first, last + 1))

    repeated = points(*sheet.repeat) if sheet.repeat else 0.0
    breaks, begins = set(sheet.breaks), 0
    for first, last in sorted(sheet.blocks):
        begins = max([begins, *(one for one in sheet.breaks if one <= first)])
        used = points(begins, last) + (repeated if begins else 0.0)
        if used <= room:
            continue
        if first > begins and points(first, last) + repeated <= room:
            breaks.add(first)
            begins = first
        else:  # longer than a page: the next one begins somewhere within it
            while points(begins, last) + repeated > room and begins < last:
                begins += 1
    return sorted(breaks)


def _room(sheet: Sheet) -> float:
    """Points of a sheet's rows on one page, which is as wide as the sheet."""
    layout = layout_of(sheet)
    across, down = layout.room
    scale = min(1.0, layout.wide * across / _printed_size(sheet)[0])
    return down / scale * 0.96  # what differs between programs
