"""Pages end between blocks."""

from tenth.reader.workbook.book import Sheet, Style
from tenth.reader.workbook.paging import A3, A4, layout_of, page_breaks, row_heights


def sheet_with(blocks: list[tuple[int, int]]) -> Sheet:
    sheet = Sheet("S", "S")
    sheet.widths = {0: 40.0}
    sheet.blocks = blocks
    for first, last in blocks:
        for row in range(first, last + 1):
            sheet.put(row, 0, "text", Style())
    return sheet


def test_a_block_that_would_be_cut_begins_a_page() -> None:
    blocks = [(0, 39), (41, 80), (82, 121)]
    assert page_breaks(sheet_with(blocks)) == [41, 82]
    assert page_breaks(sheet_with([(0, 9), (11, 20)])) == []


def test_a_block_longer_than_a_page_is_left_alone() -> None:
    assert page_breaks(sheet_with([(0, 299)])) == []
    assert page_breaks(sheet_with([(0, 5), (7, 299)])) == []


def test_breaks_that_are_set_stay_and_begin_the_count_anew() -> None:
    sheet = sheet_with([(0, 19), (25, 44)])
    sheet.breaks = [25]
    assert page_breaks(sheet) == [25]


def rows(count: int, widths: dict[int, float]) -> Sheet:
    sheet = sheet_with([(0, count - 1)])
    sheet.widths = widths
    for column in widths:
        sheet.put(0, column, "text", Style())
    return sheet


def test_a_sheet_is_printed_on_the_smallest_page_on_which_it_can_be_read() -> None:
    landscape, upright = layout_of(rows(20, {0: 120.0})), layout_of(rows(60, {0: 60.0}))
    assert landscape.whole and landscape.landscape and landscape.paper == A4
    assert upright.whole and not upright.landscape and upright.paper == A4
    large = layout_of(rows(60, {0: 54.0} | dict.fromkeys(range(1, 10), 14.0)))
    assert large.whole and large.paper == A3


def test_what_no_page_holds_goes_over_pages_of_one_width() -> None:
    many = layout_of(rows(300, {0: 90.0}))
    assert not many.whole and many.wide == 1 and not many.landscape
    wide = layout_of(rows(300, dict.fromkeys(range(20), 12.0)))
    assert not wide.whole and wide.wide == 1 and wide.landscape and wide.paper == A3
    assert layout_of(rows(300, dict.fromkeys(range(40), 12.0))).wide == 2


def test_what_is_for_the_screen_alone_takes_no_paper() -> None:
    sheet = rows(20, dict.fromkeys(range(40), 12.0))
    sheet.aside = 5
    assert layout_of(sheet).whole and layout_of(sheet).paper == A4
    sheet = rows(5000, {0: 60.0})
    sheet.printed = (0, 3)
    assert layout_of(sheet).whole and page_breaks(sheet) == []


def test_rows_are_as_high_as_their_texts() -> None:
    sheet = Sheet("S", "S")
    sheet.widths = {0: 10.0}
    sheet.put(0, 0, "a few words that take three lines", Style(wrap=True))
    sheet.put(1, 0, "a few words that are not broken", Style())
    sheet.put(2, 0, "Title", Style(size=14))
    heights = row_heights(sheet)
    assert heights[0] > 40 and 1 not in heights and heights[2] > 15
