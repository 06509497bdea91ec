"""A page's ink becomes blocks and tables: drawn grids, columns of figures, headers, paragraphs."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenth.documents.model import Table
from tenth.documents.page.ink import Ink, Rule, Word
from tenth.documents.page.layout import read_layout
from tests.documents.inks import (
    centred,
    check_table,
    ending,
    kinds,
    letters,
    lines,
    page,
    prose,
    said,
    statement,
    texts,
    words,
)

RIGHTS = (300.0, 380.0)
TEXT = [
    "The company recognises revenue when control of the goods passes to the customer, net of",
    "returns and rebates, and shows it without the taxes that it collects for the authorities.",
]
ROWS = [("Net sales", "1,234", "(567)"), ("Cost of sales", "89", "12"), ("Total", "1,323", "—")]


def tables(ink: Ink) -> list[Table]:
    found = list(read_layout(ink, 1).tables)
    for table in found:
        check_table(table)
    return found


def only(ink: Ink) -> Table:
    (table,) = tables(ink)
    return table


def spans(table: Table) -> dict[str, tuple[int, int, int, int]]:
    """Row, column, how many rows, how many columns of each text."""
    return {c.text: (c.row, c.column, c.row_span, c.column_span) for c in table.cells}


# whatever the ink

TEXTS = (
    "Revenue", "Net", "of", "income,", "Total", "1,234", "(56", "(78)", ")", "$", "%", "—", "2024",
    "12.5%", "Year-", "ended", "(in", "millions)", "•", "(1)", "A.", "收入", "单位：万元", "：",
    "العربية", "x", "US$", "9", "*", "assets:", "n/a", "September", "30,",
)  # fmt: skip
XS = st.sampled_from([72.0, 150.0, 230.0, 300.0, 305.0, 380.0, 460.0, 540.0])
SNAPPED = st.sampled_from([70.0, 120.0, 200.0, 201.5, 260.0, 300.0, 303.0, 400.0, 480.0, 550.0])
TALL = st.builds(lambda x, a, b: Rule(x, min(a, b), x, max(a, b)), SNAPPED, SNAPPED, SNAPPED)
FLAT = st.builds(lambda y, a, b: Rule(min(a, b), y, max(a, b), y), SNAPPED, SNAPPED, SNAPPED)
FILL = st.builds(lambda x, y: (x, y, x + 100, y + 12), SNAPPED, SNAPPED)


@st.composite
def scattered(draw) -> list[Word]:
    """Words on a few baselines, beginning, ending or centred at a few places."""
    pitch = draw(st.sampled_from([4.0, 9.0, 12.0, 15.0, 30.0]))
    sizes = st.sampled_from([10.0, 10.0, 10.0, 6.0, 14.0])
    found: list[Word] = []
    for k in range(draw(st.integers(1, 14))):
        base = 100 + pitch * k + draw(st.sampled_from([0, 0, 0, 1.5, 3, 6]))
        for _ in range(draw(st.integers(0, 5))):
            put = draw(st.sampled_from([words, ending, centred]))
            text = " ".join(draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3)))
            found += put(draw(XS), base, text, draw(sizes), draw(st.booleans()))
    return found


@st.composite
def in_a_grid(draw) -> tuple[list[Word], list[Rule]]:
    """Figures and labels over a grid some of whose lines are not there, or there twice."""
    xs = [70.0 + 90 * k for k in range(draw(st.integers(3, 5)))]
    ys = [100.0]
    for height in draw(st.lists(st.sampled_from([18, 40, 70]), min_size=1, max_size=4)):
        ys.append(ys[-1] + height)
    pieces = [Rule(a, y, b, y) for y in ys for a, b in pairwise(xs)]
    pieces += [Rule(x, a, x, b) for x in xs for a, b in pairwise(ys)]
    kept = draw(st.lists(st.sampled_from([0, 1, 1, 1, 1, 2]), min_size=len(pieces),
                         max_size=len(pieces)))  # fmt: skip
    rules = [
        Rule(p.x0 + k, p.y0 + k, p.x1 + k, p.y1 + k)
        for p, n in zip(pieces, kept, strict=True) for k in range(n)
    ]  # fmt: skip
    found: list[Word] = []
    for k in range(int((ys[-1] - 90) / 11)):
        for x in xs:
            text = draw(st.sampled_from(["", "1,234", "(56)", "Total assets", "2024", "x"]))
            base = 111 + 11 * k + draw(st.sampled_from([0, 0, 3, 5]))
            found += words(x + 4, base, text, 8) if text else []
    return found, rules


def check_page(ink: Ink) -> None:
    draft = read_layout(ink, 1)
    for table in draft.tables:
        check_table(table)
    assert letters(texts(draft)) == letters([word.text for word in ink.words])
    numbers = [block.table for block in draft.page.blocks if block.table is not None]
    assert numbers == list(range(len(draft.tables)))


@settings(deadline=None)
@given(scattered(), st.lists(st.one_of(TALL, FLAT), max_size=12), st.lists(FILL, max_size=3))
def test_whatever_the_ink_cells_do_not_overlap_and_no_letter_is_lost(found, rules, fills):
    check_page(page(found, rules=rules, fills=tuple(fills)))


@settings(deadline=None)
@given(in_a_grid())
def test_whatever_the_grid_cells_do_not_overlap_and_no_letter_is_lost(drawn):
    found, rules = drawn
    check_page(page(found, rules=rules))


@settings(deadline=None, max_examples=30)
@given(scattered(), st.lists(st.one_of(TALL, FLAT), max_size=12))
def test_without_tables_all_words_are_in_blocks(found, rules):
    draft = read_layout(page(found, rules=rules), 1, tables=False)
    assert not draft.tables
    assert letters(said(draft)) == letters([word.text for word in found])


def test_a_page_without_ink_has_no_blocks():
    assert read_layout(page(), 1).page.blocks == ()


# drawn tables


def test_the_cells_of_a_drawn_table_are_its_squares():
    xs, ys = [70.0, 200.0, 310.0, 400.0], [88.0, 104.0, 119.0, 134.0]
    table = only(page(statement(100, ROWS, rights=RIGHTS), rules=lines(xs, ys)))
    assert table.kind == "ruled" and table.box == (70, 88, 400, 134)
    assert table.grid() == [list(row) for row in ROWS]


def test_a_cell_without_a_line_between_its_squares_spans_them():
    xs, ys = [70.0, 200.0, 290.0, 400.0], [88.0, 104.0, 119.0, 134.0]
    found = [*words(74, 108, "Item"), *centred(295, 100, "Year ended")]
    found += [*centred(245, 115, "2024"), *centred(345, 115, "2023")]
    found += statement(130, [("Net sales", "1,234", "567")], rights=(280, 390))
    rules = [Rule(70, y, 400, y) for y in (88, 119, 134)] + [Rule(200, 104, 400, 104)]
    rules += [Rule(x, 88, x, 134) for x in (70, 200, 400)] + [Rule(290, 104, 290, 134)]
    table = only(page(found, rules=rules))
    assert (table.n_rows, table.n_columns, table.header_rows) == (3, 3, 2)
    assert spans(table)["Year ended"] == (0, 1, 1, 2)
    assert spans(table)["Item"] == (0, 0, 2, 1)
    assert len(xs) == len(ys)


def grouped(*labels: tuple[float, str]) -> Ink:
    """Six rows of figures beside groups in the first column, no lines between the rows."""
    found = [w for base, text in labels for w in words(74, base, text)]
    for k in range(6):
        found += words(160, 115 + 15 * k, f"Line {k}") + ending(390, 115 + 15 * k, f"1,{k}00")
    rules = [Rule(x, 100, x, 195) for x in (70, 150, 300, 400)]
    rules += [Rule(70, y, 400, y) for y in (100, 195)]
    return page(found, rules=rules)


def test_a_label_in_the_middle_of_a_group_spans_its_rows():
    table = only(grouped((152.5, "Region")))
    assert (table.n_rows, table.n_columns) == (6, 3)
    assert spans(table)["Region"] == (0, 0, 6, 1)
    assert [row[1:] for row in table.grid()] == [[f"Line {k}", f"1,{k}00"] for k in range(6)]


def test_two_labels_each_in_the_middle_of_its_group_span_their_rows():
    table = only(grouped((127.5, "East"), (175.5, "West")))
    assert spans(table)["East"] == (0, 0, 3, 1)
    assert spans(table)["West"] == (3, 0, 3, 1)


def test_labels_beside_rows_that_ocr_measured_a_little_apart_are_no_groups():
    """The label that has no figures is not in the middle of the rows it stands beside."""
    found = words(74, 112, "Assets:")
    for k in range(5):
        y = 127 + 15 * k
        found += words(74, y, f"Line {k}") + ending(290, y + 0.6, f"1,{k}00")
        found += ending(390, y - 0.6, f"2,{k}00") + ending(490, y + 0.6, f"3,{k}00")
    rules = [Rule(x, 100, x, 195) for x in (70, 150, 300, 400, 500)]
    rules += [Rule(70, y, 500, y) for y in (100, 195)]
    table = only(page(found, rules=rules))
    assert [row[0] for row in table.grid()] == ["Assets:", *(f"Line {k}" for k in range(5))]


def test_lines_of_a_cell_are_one_text_and_rows_without_lines_between_them_are_rows():
    found = words(74, 112, "Revenue from contracts") + words(74, 124, "with customers")
    found += ending(390, 112, "1,234") + words(74, 145, "Total") + ending(390, 145, "1,234")
    rules = lines([70.0, 250.0, 320.0, 400.0], [100.0, 130.0, 150.0])
    table = only(page(found, rules=rules))
    assert table.grid() == [["Revenue from contracts with customers", "1,234"], ["Total", "1,234"]]
    rows = [(f"Item {k}", f"1,{k}00", f"{k}") for k in range(5)]
    stacked = statement(112, rows, rights=RIGHTS)
    rules = lines([70.0, 200.0, 310.0, 400.0], [100.0, 180.0])
    assert only(page(stacked, rules=rules)).grid() == [list(row) for row in rows]


def test_a_figure_on_two_lines_of_a_narrow_cell_is_one_figure():
    found = [
        *words(74, 100, "按单项计提"), *words(74, 112, "坏账准备"),
        *words(205, 100, "9,251,"), *words(205, 112, "880.12"), *words(315, 100, "100.00"),
        *words(74, 130, "合计"), *words(205, 130, "9,251,88"), *words(205, 142, "0.12"),
        *words(315, 130, "100.00"),
    ]  # fmt: skip
    table = only(page(found, rules=lines([70, 200, 310, 400], [88, 118, 148])))
    assert [row[1:] for row in table.grid()] == [["9,251,880.12", "100.00"]] * 2


def test_a_table_whose_cells_are_framed_one_by_one_is_one_grid():
    xs, ys = [70.0, 200.0, 310.0, 400.0], [88.0, 104.0, 119.0, 134.0]
    rules = [
        rule
        for x0, x1 in pairwise(xs) for y0, y1 in pairwise(ys)
        for rule in lines([x0 + 0.6, x1 - 0.6], [y0 + 0.6, y1 - 0.6])
    ]  # fmt: skip
    table = only(page(statement(100, ROWS, rights=RIGHTS), rules=rules))
    assert table.grid() == [list(row) for row in ROWS]


def test_a_drawn_table_may_be_open_at_its_sides():
    rules = [Rule(70, y, 400, y) for y in (88, 104, 119, 134)]
    rules += [Rule(x, 88, x, 134) for x in (200, 310)]
    table = only(page(statement(100, ROWS, rights=RIGHTS), rules=rules))
    assert table.kind == "ruled" and table.grid() == [list(row) for row in ROWS]


@pytest.mark.parametrize("rows", [ROWS, [row[:2] for row in ROWS]], ids=["two", "one"])
def test_lines_between_rows_and_the_edges_of_one_shaded_column_are_no_grid(rows):
    rules = [Rule(70, y, 400, y) for y in (88, 104, 119, 134)]
    rules += [Rule(x, 88, x, 134) for x in (70, 320, 400)]
    table = only(page(statement(100, rows, rights=RIGHTS), rules=rules))
    assert table.kind == "borderless" and table.grid() == [list(row) for row in rows]


def test_a_frame_around_one_row_leaves_it_in_its_table():
    rows = [(*row, "7") for row in ROWS]
    rows += [("Net earnings", "309", "1,815", "6"), ("Earnings per share", "1.16", "6.54", "5")]
    rules = [Rule(70, y, 480, y) for y in (134.5, 149.5)]
    rules += [Rule(x, 134.5, x, 149.5) for x in (320, 400, 470)]
    table = only(page(statement(100, rows, rights=(*RIGHTS, 460.0)), rules=rules))
    assert table.kind == "borderless" and table.grid() == [list(row) for row in rows]


def test_a_frame_around_text_is_no_table():
    draft = read_layout(page(prose(72, 100, TEXT), rules=lines([60.0, 550.0], [80.0, 130.0])), 1)
    assert not draft.tables and kinds(draft) == ["paragraph"]


def test_two_drawn_tables_on_a_page_are_two_and_the_text_between_stands_between():
    xs = [70.0, 200.0, 310.0, 400.0]
    first = statement(100, ROWS, rights=RIGHTS)
    second = statement(240, ROWS, rights=RIGHTS)
    rules = lines(xs, [88.0, 104.0, 119.0, 134.0]) + lines(xs, [228.0, 244.0, 259.0, 274.0])
    draft = read_layout(page(second, first, prose(72, 180, TEXT), rules=rules), 1)
    assert kinds(draft) == ["table", "paragraph", "table"]
    assert draft.tables[0].box[1] < draft.tables[1].box[1]  # type: ignore[index]


def test_bold_words_alone_make_the_header_of_a_drawn_table_without_figures():
    found = words(74, 100, "Name", bold=True) + words(204, 100, "Office", bold=True)
    found += words(74, 115, "A. Miller") + words(204, 115, "Director")
    found += words(74, 130, "B. Smith") + words(204, 130, "Auditor")
    table = only(page(found, rules=lines([70.0, 200.0, 400.0], [88.0, 104.0, 119.0, 134.0])))
    assert table.header_rows == 1
    assert [cell.text for cell in table.cells if cell.header] == ["Name", "Office"]


# tables without a grid


def test_figures_below_one_another_are_a_table():
    table = only(page(prose(72, 60, TEXT), statement(110, ROWS, rights=RIGHTS)))
    assert table.kind == "borderless" and table.header_rows == 0
    assert table.grid() == [list(row) for row in ROWS]


def test_a_cells_box_hugs_its_ink():
    table = only(page(statement(110, ROWS, rights=RIGHTS)))
    cell = next(cell for cell in table.cells if cell.text == "1,234")
    assert cell.box == pytest.approx((275, 102.8, 300, 112))
    assert cell.page == 1


def test_signs_and_parentheses_stand_with_their_numbers_in_the_cells():
    found = statement(110, ROWS, rights=RIGHTS) + words(250, 110, "$") + words(330, 110, "$")
    assert only(page(found)).grid()[0] == ["Net sales", "$1,234", "$(567)"]


def test_an_empty_cell_is_empty_and_its_column_keeps_its_place():
    rows = [
        ("Net sales", "1,234", "567"),
        ("Cost", "", "12"),
        ("Other", "89", ""),
        ("Sum", "1", "2"),
    ]
    assert only(page(statement(110, rows, rights=RIGHTS))).grid() == [list(row) for row in rows]


def test_a_label_over_two_lines_is_one_row():
    found = words(72, 110, "Revenue from contracts with")
    found += words(82, 122, "customers") + ending(300, 122, "1,234") + ending(380, 122, "567")
    found += statement(140, ROWS, rights=RIGHTS)
    table = only(page(found))
    assert table.grid()[0] == ["Revenue from contracts with customers", "1,234", "567"]
    assert table.n_rows == 4


def test_figures_halfway_between_two_lines_are_of_both_and_not_of_the_label_above():
    found = statement(110, [("Sales of goods", "12", "34"), ("A longer line", "5", "6")],
                      rights=RIGHTS)  # fmt: skip
    for base, label in ((137, "Movement in"), (160.6, "Proceeds of")):
        found += words(72, base, label) + words(72, base + 11.6, "assets held")
        found += ending(300, base + 5.8, "1,234") + ending(380, base + 5.8, "567")
    found += statement(188, ROWS, rights=RIGHTS)
    assert only(page(found)).grid()[1:4] == [
        ["A longer line", "5", "6"],
        ["Movement in assets held", "1,234", "567"],
        ["Proceeds of assets held", "1,234", "567"],
    ]


def test_figures_in_the_middle_of_four_lines_are_of_them_all():
    label = ["Movement in value", "of the", "assets held", "for sale"]
    found = statement(110, [("Sales of goods", "12", "34"), ("Cost", "5", "6")], rights=RIGHTS)
    for k, line in enumerate(label):
        found += words(72, 137 + 11.6 * k, line)
    found += ending(300, 154.4, "1,234") + ending(380, 154.4, "567")
    found += statement(192, ROWS, rights=RIGHTS)
    assert only(page(found)).grid()[2] == [" ".join(label), "1,234", "567"]


def test_a_label_behind_a_wide_gap_goes_on_with_figures_below_all_columns():
    years = statement(90, [("", "2024", "2023"), *ROWS], rights=RIGHTS)
    more = [*words(72, 183, "Increase in cash and"), *words(72, 194.6, "its equivalents")]
    more += [*ending(300, 188.8, "7"), *ending(380, 188.8, "8")]
    grid = only(
        page(years, more, statement(210, [("At the end", "9", "10")], rights=RIGHTS))
    ).grid()
    assert grid[-2:] == [
        ["Increase in cash and its equivalents", "7", "8"],
        ["At the end", "9", "10"],
    ]
    other = statement(
        183, [("Shares of others", "", ""), ("", "2024", "2023"), *ROWS], rights=RIGHTS
    )
    assert len(tables(page(years, other))) == 2


def test_a_period_above_two_columns_stands_above_both():
    """Centred over the columns' width, of which right-aligned figures fill but the end."""
    found = centred(318, 98, "Three Months Ended") + words(72, 114, "Item")
    found += ending(300, 114, "2024") + ending(420, 114, "2023")
    table = only(page(found, statement(128, ROWS, rights=(300.0, 420.0))))
    assert (table.n_rows, table.header_rows) == (5, 2)
    assert spans(table)["Three Months Ended"] == (0, 1, 1, 2)


def test_a_line_below_a_heading_may_begin_left_of_the_figures():
    """The column is wider than its figures: the heading is centred over the whole of it."""
    found = centred(290, 100, "Year ended", bold=True)
    found += ending(300, 114, "2024") + ending(400, 114, "2023")
    rules = [Rule(180, 103, 400, 103), Rule(72, 170, 400, 170)]
    shown = page(found, statement(128, ROWS, rights=(300.0, 400.0)), rules=rules)
    assert spans(only(shown))["Year ended"] == (0, 1, 1, 2)


def test_headings_and_labels_left_of_indented_rows_belong_to_the_table():
    found = words(72, 100, "Periods") + ending(300, 100, "Shares") + ending(380, 100, "Price")
    found += words(72, 114, "March 27, 2022 to April 30, 2022:")
    found += statement(128, [("Open market", "50,578", "$168"), ("Private", "42,069", "$148")],
                       label=92, rights=RIGHTS)  # fmt: skip
    table = only(page(found))
    assert table.grid()[:2] == [
        ["Periods", "Shares", "Price"], ["March 27, 2022 to April 30, 2022:", "", ""]
    ]  # fmt: skip
    assert table.header_rows == 1


def test_the_link_to_the_contents_above_a_table_is_no_heading():
    found = ending(300, 60, "Table of Contents") + words(72, 78, "The fair value was as follows:")
    found += words(72, 100, "(In millions)") + ending(300, 100, "Estimated Value", bold=True)
    found += statement(114, [row[:2] for row in ROWS], rights=(300.0,))
    assert only(page(found)).grid()[0] == ["(In millions)", "Estimated Value"]


def test_numbers_within_a_wrapped_label_are_no_column():
    rows = [
        (f"Accounts receivable of customers number {k}", f"{k},234", f"({k}67)")
        for k in range(1, 7)
    ]
    found = statement(100, rows, rights=(420.0, 500.0))
    found += words(
        72, 190, "Accounts receivable, net of allowance for doubtful accounts of $650 and"
    )
    found += words(80, 200, "$633") + words(112, 200, "(1)")
    found += ending(420, 200, "—") + ending(500, 200, "28,136")
    table = only(page(found))
    assert table.n_columns == 3
    assert table.grid()[-1][0].endswith("doubtful accounts of $650 and $633 (1)")


def test_a_label_of_two_close_lines_begins_below_a_long_label_that_has_its_figures():
    rows = [("Prepayment paid on the acquisition of other non-current assets", "(245)", "(987)")]
    found = statement(145, rows, rights=(400.0, 480.0))
    found += statement(100, ROWS, rights=(400.0, 480.0))
    found += words(72, 156, "Proceeds from redemption of debt instruments at their fair")
    found += statement(167, [("value through income", "323", "—")], 80, (400.0, 480.0))
    found += statement(182, ROWS, rights=(400.0, 480.0))
    labels = [row[0] for row in only(page(found)).grid()]
    assert labels[3:5] == [
        "Prepayment paid on the acquisition of other non-current assets",
        "Proceeds from redemption of debt instruments at their fair value through income",
    ]


def test_the_first_row_with_a_notes_number_below_a_gap_goes_on_with_the_table():
    found = statement(100, [("", "2024", "2023"), *ROWS], rights=RIGHTS)
    found += statement(100 + 15 * len(ROWS) + 45, [("Other income", "473", "664")], rights=RIGHTS)
    found += ending(230, 100 + 15 * len(ROWS) + 45, "4")
    found += statement(100 + 15 * len(ROWS) + 60, ROWS, rights=RIGHTS)
    assert only(page(found)).n_rows == 2 + 2 * len(ROWS)


def test_a_row_of_figures_in_all_columns_far_below_is_the_tables_last():
    found = statement(100, [("", "2024", "2023"), *ROWS], rights=RIGHTS)
    found += statement(100 + 15 * len(ROWS) + 50, [("Net decrease", "(82)", "65")], rights=RIGHTS)
    assert only(page(found)).grid()[-1] == ["Net decrease", "(82)", "65"]


def test_a_heading_near_one_column_and_centred_over_two_is_of_both():
    found = [*centred(328, 112, "Year ended"), *ending(460, 112, "Year")]
    found += [*ending(300, 124, "2023"), *ending(380, 124, "2024")]
    rows = [(*row, "1,000") for row in ROWS]
    table = only(page(found, statement(140, rows, rights=(300.0, 380.0, 460.0))))
    (years,) = [cell for cell in table.cells if cell.text.startswith("Year ended")]
    assert (years.column, years.column_span) == (1, 2)


def test_a_date_on_two_lines_above_each_column_is_the_header():
    found = centred(290, 100, "At December") + centred(370, 100, "At December")
    found += centred(290, 112, "31, 2024") + centred(370, 112, "31, 2023")
    table = only(page(found, statement(128, ROWS, rights=RIGHTS)))
    assert (table.header_rows, table.grid()[0]) == (
        1, ["", "At December 31, 2024", "At December 31, 2023"]
    )  # fmt: skip


def test_labels_of_groups_are_rows_of_their_own():
    rows = [("Current assets:", "", ""), *ROWS, ("Other assets:", "", ""), *ROWS]
    table = only(page(statement(110, rows, rights=RIGHTS)))
    assert table.grid() == [list(row) for row in rows]


def test_years_above_the_columns_are_the_header():
    table = only(page(statement(110, [("", "2024", "2023"), *ROWS], rights=RIGHTS)))
    assert table.header_rows == 1
    assert [(c.text, c.column) for c in table.cells if c.header] == [("2024", 1), ("2023", 2)]


def test_years_with_the_mark_of_a_footnote_are_the_header_too():
    rows = [("", "2024", "2023 1"), ("Net sales", "1,234", "567"), *ROWS]
    table = only(page(statement(110, rows, rights=RIGHTS)))
    assert (table.header_rows, table.grid()[0]) == (1, ["", "2024", "2023 1"])


def test_a_scale_on_two_lines_stands_between_the_years_and_the_figures():
    scale = centred(310, 124, "(in thousands, except share")
    scale += centred(310, 134, "and per share amounts)")
    groups = [*words(200, 147, "ASSETS"), *words(72, 159, "Current assets:")]
    years = [*ending(300, 110, "2024"), *ending(380, 110, "2023")]
    table = only(page(years, scale, groups, statement(174, ROWS, rights=RIGHTS)))
    assert table.grid()[0] == ["", "2024", "2023"]
    assert "(in thousands, except share and per share amounts)" in spans(table)


def test_a_group_far_above_its_rows_belongs_to_the_table_where_years_stand_above_it():
    years = [*ending(300, 100, "2024"), *ending(380, 100, "2023")]
    group = [*words(80, 115, "ASSETS"), *words(72, 150, "CURRENT ASSETS:")]
    table = only(page(years, group, statement(165, ROWS, rights=RIGHTS)))
    assert (table.header_rows, table.grid()[0]) == (1, ["", "2024", "2023"])
    assert [row[0] for row in table.grid()[1:3]] == ["ASSETS", "CURRENT ASSETS:"]


def test_a_line_below_the_years_may_say_what_all_columns_show():
    years = [*ending(300, 100, "2024"), *ending(380, 100, "2023")]
    shown = [*centred(326, 120, "Inflows/(Outflows)"), *words(72, 140, "Cash from operations")]
    table = only(page(years, shown, statement(158, ROWS, rights=RIGHTS)))
    assert table.grid()[0] == ["", "2024", "2023"]


def test_a_long_label_between_two_rows_of_the_same_columns_is_one_of_the_tables():
    label = "Adjustments to reconcile the net (loss) income of all holders to net cash provided "
    label += "by (used in) operating activities of"
    rights = (400.0, 460.0, 540.0)
    made = statement(100, [("", "2024", "2023", "2022"), ("Net income", "12", "34", "56")],
                     rights=rights)  # fmt: skip
    made += words(72, 130, label, size=5) + words(72, 136, "the group:", size=5)
    made += statement(150, [("Depreciation", "78", "—", "9"), ("Total", "90", "34", "65")],
                      rights=rights)  # fmt: skip
    assert len(label) > 110
    assert only(page(made)).n_rows == 5


DATES = (*words(222, 110, "December 31, 2024"), *words(312, 110, "December 31, 2023"))


def test_dates_above_the_word_note_are_the_header():
    note = [*words(72, 130, "Assets"), *words(200, 130, "Note"), *words(72, 145, "Current assets")]
    rows = [("Cash", "6", "1,234", "567"), ("Stock", "7", "89", "12"), ("Total", "", "1,323", "8")]
    found = statement(160, rows, rights=(215.0, 304.0, 394.0))
    table = only(page(DATES, note, found, rules=[Rule(225, 114, 396, 114)]))
    assert table.grid()[0] == ["Assets", "Note", "December 31, 2024", "December 31, 2023"]
    assert table.grid()[1][0] == "Current assets"


@pytest.mark.parametrize(("rules", "header"), [([Rule(220, 114, 396, 114)], 1), ([], 0)])
def test_underlined_dates_head_the_columns_far_below(rules, header):
    found = statement(165, ROWS, rights=(304.0, 394.0))
    assert only(page(DATES, found, rules=rules)).header_rows == header


def test_a_framed_row_is_one_of_the_rows_around_it():
    made = statement(100, ROWS, rights=RIGHTS)
    frame = lines([70.0, 200.0, 310.0, 400.0], [106.0, 119.0])
    assert only(page(made, rules=frame)).grid() == [list(row) for row in ROWS]


def test_a_heading_over_two_columns_spans_them():
    rights = (300.0, 380.0, 460.0, 540.0)
    rows = [("", "2024", "2023", "2024", "2023")]
    rows += [(f"Item {k}", "1,234", "567", "8,901", "234") for k in range(4)]
    found = statement(120, rows, rights=rights)
    found += centred(328, 106, "Three months") + centred(488, 106, "Nine months")
    rules = [Rule(270, 109, 382, 109), Rule(430, 109, 542, 109)]
    table = only(page(found, rules=rules))
    assert table.header_rows == 2
    assert spans(table)["Three months"] == (0, 1, 1, 2)
    assert spans(table)["Nine months"] == (0, 3, 1, 2)


def test_a_heading_on_two_lines_is_one_cell():
    rows = [("", "income", "shares"), *ROWS]
    found = (
        statement(120, rows, rights=RIGHTS) + ending(300, 110, "Net") + ending(380, 110, "No. of")
    )
    table = only(page(found))
    assert [(c.text, c.column) for c in table.cells if c.header] == [
        ("Net income", 1), ("No. of shares", 2),
    ]  # fmt: skip


def test_more_headings_than_columns_are_kept_in_the_last_one():
    rows = [("Item", "2024", "2023"), *ROWS]
    found = statement(110, rows, rights=RIGHTS) + words(392, 110, "No")
    (table,) = tables(page(found))
    assert [cell.text for cell in table.cells if cell.header] == ["Item", "2024", "2023 No"]


def test_headings_of_several_levels_stand_above_those_below_them():
    rows = [(f"Item {k}", "12", "345", "678") for k in "abc"]
    found = words(72, 130, "(In millions)") + centred(340, 112, "Common stock")
    found += ending(300, 130, "Shares") + ending(380, 130, "Amount") + ending(460, 130, "Total")
    found += words(72, 150, "March") + ending(460, 150, "2024")
    found += statement(166, rows, rights=(300, 380, 460))
    table = only(page(found, rules=[Rule(270, 115, 382, 115)]))
    place = spans(table)
    assert place["Common stock"] == (0, 1, 1, 2)
    assert place["Shares"][0] == place["Amount"][0] == 1


def test_two_tables_below_one_another_with_other_columns_are_two():
    other = statement(220, [("Shares", "12", "34"), ("Options", "5", "6")], rights=(420, 500))
    found = tables(page(statement(110, ROWS, rights=RIGHTS), prose(72, 180, TEXT), other))
    assert [table.grid()[0][0] for table in found] == ["Net sales", "Shares"]


def test_two_tables_side_by_side_stay_two():
    def half(x: float) -> list[Word]:
        text = ["the figures of the segments are", "shown before the sums that go from",
                "one segment to another one and are", "taken out in the group's accounts,",
                "which follow the rules of the group"]  # fmt: skip
        rows = statement(190, ROWS, label=x, rights=(x + 110, x + 165))
        return prose(x, 100, text) + rows

    found = tables(page(half(72), half(330)))
    assert [table.grid() for table in found] == [[list(row) for row in ROWS]] * 2


def test_two_drawn_tables_side_by_side_stay_two():
    one, two = statement(100, ROWS, rights=(200, 250)), statement(100, ROWS, 330, (450, 500))
    ys = [88.0, 104.0, 119.0, 134.0]
    rules = lines([70.0, 160.0, 205.0, 255.0], ys) + lines([325.0, 410.0, 455.0, 505.0], ys)
    found = tables(page(one, two, rules=rules))
    assert [table.grid() for table in found] == [[list(row) for row in ROWS]] * 2


def test_a_justified_line_of_prose_is_no_table():
    spread = []
    for k in range(6):
        x = 72.0
        for word in ("in", "2024", "sales", "rose", "by", "12.5%", "and", "costs", "by", "3%"):
            part = words(x, 100 + 13 * k, word)
            spread += part
            x = part[-1].x1 + 12 + k % 3
    draft = read_layout(page(spread), 1)
    assert not draft.tables and kinds(draft) == ["paragraph"]


@pytest.mark.parametrize(
    "lines_of_text",
    [
        TEXT * 5,
        ["1. Revenue", "2. Costs of sales", "3. Other income"],
        ["In 2024 we sold 1,234 units.", "In 2023 we sold 567 units.", "In 2022 we sold none."],
        ["Chapter one .......... 3", "Chapter two"],
    ],
)
def test_text_lists_and_sentences_with_numbers_are_no_tables(lines_of_text):
    draft = read_layout(page(prose(72, 100, lines_of_text)), 1)
    assert not draft.tables


def test_a_line_of_prose_below_a_table_does_not_belong_to_it():
    draft = read_layout(page(statement(100, ROWS, rights=RIGHTS), prose(72, 160, TEXT)), 1)
    assert draft.tables[0].n_rows == 3
    assert kinds(draft) == ["table", "paragraph"]


def test_columns_of_texts_beside_one_of_figures_are_columns():
    rows = [("A. Miller", "Director", "since March", "56"), ("B. Smith", "Auditor", "June", "61"),
            ("C. Jones", "Chair", "July", "48")]  # fmt: skip
    found = [w for k, row in enumerate(rows)
             for x, text in zip((72, 200, 330, 450), row, strict=True)
             for w in words(x, 100 + 15 * k, text)]  # fmt: skip
    assert only(page(found)).grid() == [list(row) for row in rows]


def test_without_tables_their_rows_are_text():
    draft = read_layout(page(statement(100, ROWS, rights=RIGHTS)), 1, tables=False)
    assert not draft.tables and "Net sales 1,234 (567)" in draft.page.text


# blocks


def test_lines_of_a_paragraph_are_one_text_and_a_gap_begins_another():
    draft = read_layout(page(prose(72, 100, TEXT * 2), prose(72, 170, TEXT)), 1)
    assert said(draft) == [" ".join(TEXT * 2), " ".join(TEXT)]
    x0, y0, _, y1 = draft.page.blocks[0].box  # type: ignore[misc]
    assert (x0, y0, y1) == pytest.approx((72, 92.8, 141))


def test_large_print_and_bold_print_are_headings():
    found = words(72, 80, "Annual report", 20) + words(72, 110, "Results of the year", 13)
    found += words(72, 135, "Revenue", bold=True) + prose(72, 150, TEXT * 3)
    draft = read_layout(page(found), 1)
    assert [(b.kind, b.level) for b in draft.page.blocks] == [
        ("heading", 1), ("heading", 2), ("heading", 3), ("paragraph", 0),
    ]  # fmt: skip


def test_items_of_a_list_are_blocks_of_their_own_and_their_second_lines_belong_to_them():
    found = prose(72, 60, TEXT * 3)
    found += words(72, 150, "•") + words(84, 150, "revenue from goods, net of returns and of the")
    found += words(84, 163, "rebates granted") + words(72, 176, "•") + words(84, 176, "interest")
    found += words(86, 189, "–") + words(98, 189, "of banks")
    blocks = read_layout(page(found), 1).page.blocks
    assert [(b.kind, b.level, b.text) for b in blocks[1:]] == [
        ("list", 0, "• revenue from goods, net of returns and of the rebates granted"),
        ("list", 0, "• interest"),
        ("list", 1, "– of banks"),
    ]


def test_a_marked_line_that_is_full_goes_on_though_the_next_one_hangs_under_its_mark():
    full = [
        "(2) The information contained in the report fairly presents, in all material",
        "respects",
    ]
    draft = read_layout(page(prose(72, 100, full), prose(72, 150, TEXT)), 1)
    assert said(draft)[0] == " ".join(full)


def test_a_centred_title_that_is_too_long_for_one_line_is_one_heading():
    narrow = prose(72, 200, [line[:40] for line in TEXT] * 3)  # a column 200 points wide
    title = centred(172, 100, "Condensed Consolidated Statements of", bold=True)
    title += centred(172, 112, "Operations", bold=True)
    assert said(read_layout(page(title, narrow), 1))[0] == (
        "Condensed Consolidated Statements of Operations"
    )


def test_the_scale_below_a_title_that_is_as_wide_is_a_line_of_its_own():
    above = words(72, 60, "Statements of Income") + words(72, 72, "(in thousands)")
    draft = read_layout(page(above, statement(100, ROWS, rights=(150.0, 180.0))), 1)
    assert said(draft) == ["Statements of Income", "(in thousands)"]


def test_small_print_with_a_mark_is_a_note():
    found = [*prose(72, 60, TEXT * 4), *words(72, 700, "(1) Restated for the merger.", 7)]
    assert kinds(read_layout(page(found), 1)) == ["paragraph", "note"]


def test_a_marked_line_right_below_a_table_is_a_note():
    found = statement(100, ROWS, rights=RIGHTS) + words(72, 160, "* As restated")
    assert kinds(read_layout(page(found), 1)) == ["table", "note"]


def test_two_columns_are_read_one_after_the_other():
    one = ["the company reports its results by", "segment and reviews them with the",
           "board each quarter before the filing", "is made, so that changes of method",
           "are seen in time and can be explained"]  # fmt: skip
    two = ["revenue is recognised when control of", "the goods passes to the customer, net",
           "of returns and of rebates granted, and", "is shown without taxes collected for",
           "the authorities of the several states"]  # fmt: skip
    draft = read_layout(page(prose(72, 100, one), prose(320, 100, two)), 1)
    assert said(draft) == [" ".join(one), " ".join(two)]


def test_a_page_keeps_its_size_number_and_source():
    ink = Ink(595.276, 841.89, tuple(prose(72, 100, TEXT)), source="ocr", reason="no text layer")
    found = read_layout(ink, 7).page
    assert (found.number, found.width, found.height) == (7, 595.28, 841.89)
    assert (found.source, found.reason) == ("ocr", "no text layer")
    assert all(block.page == 7 for block in found.blocks)
