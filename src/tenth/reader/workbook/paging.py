"""Where printed pages should end: between blocks of rows, not within them."""

import math

from tenth.reader.workbook.book import Sheet
from tenth.reader.workbook.looks import has_chinese, line_count

A4, A3 = 9, 8  # as spreadsheets count papers
SIDE, TOP = 0.4, 0.6  # margins in inches
_POINTS = {A4: (842.0, 595.0), A3: (1191.0, 842.0)}  # landscape
FITS_A4, FITS_A3 = 190.0, 340.0  # characters of column width
DEFAULT_WIDTH, DEFAULT_HEIGHT = 8.43, 15.0  # of a column in characters, of a row in points
CHINESE_ROOM = 0.88  # Latin letters are wider in Chinese fonts
HIGHEST = 400.0  # a row has at most 409 points


def paper_of(sheet: Sheet) -> int:
    return A4 if sum(sheet.widths.values()) <= FITS_A4 else A3


def pages_wide(sheet: Sheet) -> int:
    """One, unless print would be too small to read: then the first columns are on each page."""
    return max(1, math.ceil(sum(sheet.widths.values()) / FITS_A3))


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
    width, height = _POINTS[paper_of(sheet)]
    columns = range(sheet.n_columns)
    wanted = sum((sheet.widths.get(column, DEFAULT_WIDTH) * 7 + 5) * 0.75 for column in columns)
    across = pages_wide(sheet) * (width - 2 * 72 * SIDE)
    scale = min(1.0, across / max(wanted, 1.0))
    return (height - 2 * 72 * TOP) / scale * 0.96  # what differs between programs
