"""Pages end between blocks."""

from tenth.reader.workbook.book import Sheet, Style
from tenth.reader.workbook.paging import A3, A4, page_breaks, pages_wide, paper_of, row_heights


def sheet_with(blocks: list[tuple[int, int]]) -> Sheet:
    sheet = Sheet("S", "S")
    sheet.widths = {0: 40.0}
    sheet.blocks = blocks
    for first, last in blocks:
        for row in range(first, last + 1):
            sheet.put(row, 0, "text", Style())
    return sheet


def test_a_block_that_would_be_cut_begins_a_page() -> None:
    assert page_breaks(sheet_with([(0, 19), (21, 40), (42, 61)])) == [21, 42]
    assert page_breaks(sheet_with([(0, 9), (11, 20)])) == []


def test_a_block_longer_than_a_page_is_left_alone() -> None:
    assert page_breaks(sheet_with([(0, 99)])) == []
    assert page_breaks(sheet_with([(0, 5), (7, 99)])) == []


def test_breaks_that_are_set_stay_and_begin_the_count_anew() -> None:
    sheet = sheet_with([(0, 19), (25, 44)])
    sheet.breaks = [25]
    assert page_breaks(sheet) == [25]


def test_wide_sheets_get_a_larger_paper() -> None:
    sheet = sheet_with([])
    assert paper_of(sheet) == A4
    sheet.widths = dict.fromkeys(range(20), 12.0)
    assert paper_of(sheet) == A3 and pages_wide(sheet) == 1
    sheet.widths = dict.fromkeys(range(40), 12.0)
    assert pages_wide(sheet) == 2


def test_rows_are_as_high_as_their_texts() -> None:
    sheet = Sheet("S", "S")
    sheet.widths = {0: 10.0}
    sheet.put(0, 0, "a few words that take three lines", Style(wrap=True))
    sheet.put(1, 0, "a few words that are not broken", Style())
    sheet.put(2, 0, "Title", Style(size=14))
    heights = row_heights(sheet)
    assert heights[0] > 40 and 1 not in heights and heights[2] > 15
