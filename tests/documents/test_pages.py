"""Pages as one document: running headers and footers, tables that go on over pages."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenth.documents.model import Block, Cell, Document, Page, Table
from tenth.documents.page.captions import title_at_end, with_captions, with_title_before
from tenth.documents.page.ink import Draft, Ink, Word
from tenth.documents.page.layout import read_layout
from tenth.documents.page.pages import join
from tenth.documents.read import collect
from tests.documents.inks import centred, check_table, ending, page, prose, statement, words

RIGHTS = (300.0, 380.0)
YEARS = ("", "2024", "2023")
TEXT = [
    "The company recognises revenue when control of the goods passes to the customer, net of",
    "returns and rebates, and shows it without the taxes that it collects for the authorities.",
]


def document(*inks: Ink) -> Document:
    drafts = [read_layout(ink, number) for number, ink in enumerate(inks, 1)]
    return collect("pdf", lambda: drafts)


def of_kind(found: Document, kind: str) -> list[list[str]]:
    return [[b.text for b in page.blocks if b.kind == kind] for page in found.pages]


def body(top: float, name: str, n: int, header: bool = False) -> list[Word]:
    rows = [(f"{name} {k}", f"1,{200 + k}", f"({k + 1})") for k in range(n)]
    return statement(top, [YEARS, *rows] if header else rows, rights=RIGHTS)


# running headers and footers


def told(k: int, n: int = 4) -> list[str]:
    """Lines of prose, other ones on each page."""
    names = ["goods", "services", "licences", "interest", "rents", "royalties"]
    return [f"The company recognises revenue from {names[k % 6]} and from {names[(k + i) % 6]} as"
            f" the {names[i % 6]} are delivered" for i in range(n)]  # fmt: skip


def test_the_same_line_on_top_of_the_pages_is_a_header_and_numbers_below_are_footers():
    found = document(*(
        page(words(72, 40, "Example Corp Annual Report"), prose(72, 100, told(k)),
             centred(306, 770, str(k)))
        for k in range(1, 5)
    ))  # fmt: skip
    assert of_kind(found, "header") == [["Example Corp Annual Report"]] * 4
    assert of_kind(found, "footer") == [["1"], ["2"], ["3"], ["4"]]
    assert "Example Corp" not in found.text and "from services" in found.text


def test_a_header_that_differs_only_in_its_number_is_one():
    found = document(*(
        page(words(72, 40, f"Page {k} of 12 Example Corp"), prose(72, 100, told(k)))
        for k in (7, 8, 9)
    ))  # fmt: skip
    assert [len(texts) for texts in of_kind(found, "header")] == [1, 1, 1]


@pytest.mark.parametrize("lengths", [(4, 20, 9), (30, 30, 2, 25), (3, 3, 3)])
def test_a_footer_that_floats_with_the_text_is_a_footer(lengths):
    found = document(*(
        page(words(72, 40, "Example Corp"), prose(72, 100, told(k, n)),
             centred(306, 150 + 13 * n, "Report on Form 10-Q"))
        for k, n in enumerate(lengths)
    ))  # fmt: skip
    assert of_kind(found, "header") == [["Example Corp"]] * len(lengths)
    assert of_kind(found, "footer") == [["Report on Form 10-Q"]] * len(lengths)


def test_a_title_that_one_page_has_is_no_header_and_its_last_line_no_footer():
    found = document(
        page(words(72, 40, "Letter to the shareholders"), prose(72, 100, TEXT)),
        page(words(72, 40, "The year in numbers"), prose(72, 100, TEXT[::-1])),
        page(words(72, 40, "What we expect"), prose(72, 100, [TEXT[1].upper()])),
    )
    assert of_kind(found, "header") == of_kind(found, "footer") == [[], [], []]
    assert found.text.startswith("Letter to the shareholders")


def test_a_sentence_that_returns_amid_the_pages_is_text():
    found = document(*(
        page(prose(72, 100, told(k, 8)), prose(72, 250, told(k + 1, 8)),
             prose(72, 380, told(k, 3)), words(72, 440, "See accompanying notes."),
             prose(72, 480, told(k + 2, 4)), prose(72, 560, told(k + 3, 4)),
             prose(72, 640, told(k + 1, 4)))
        for k in range(4)
    ))  # fmt: skip
    assert all("See accompanying notes." in page.text for page in found.pages)
    assert of_kind(found, "header") == of_kind(found, "footer") == [[]] * 4


# tables over pages


def test_a_table_over_three_pages_is_one_table_whose_rows_know_their_page():
    found = document(
        page(body(100, "Item", 40, header=True)), page(body(60, "More", 44)), page(body(60, "L", 5))
    )
    (table,) = found.tables
    check_table(table)
    assert table.n_rows == 1 + 40 + 44 + 5
    assert table.header_rows == 1
    pages = [next(c.page for c in table.cells if c.row == row) for row in range(table.n_rows)]
    assert pages == [1] * 41 + [2] * 44 + [3] * 5
    assert [number for number, _ in table.parts] == [1, 2, 3]
    assert all(page.blocks[0].table == 0 for page in found.pages)
    assert table.grid()[41] == ["More 0", "1,200", "(1)"]


def test_a_repeated_header_is_dropped():
    found = document(
        page(body(100, "Item", 40, header=True)),
        page(words(72, 45, "Table 2 (continued)"), body(75, "More", 6, header=True)),
    )
    (table,) = found.tables
    assert table.n_rows == 1 + 40 + 6 and table.header_rows == 1
    assert [row for row in table.grid() if "2024" in row] == [list(YEARS)]


def test_running_lines_between_its_parts_do_not_part_a_table():
    found = document(*(
        page(words(72, 30, "Example Corp Annual Report"), body(100, name, 40, header=name == "A"),
             centred(306, 770, str(k)))
        for k, name in enumerate("ABC", 1)
    ))  # fmt: skip
    assert len(found.tables) == 1 and found.tables[0].n_rows == 121


def test_the_label_of_a_group_at_the_end_of_a_page_belongs_to_the_table_that_goes_on():
    """Its rows are indented, it is not."""
    first = body(100, "Item", 44, header=True) + words(64, 100 + 15 * 45, "Energy:")
    found = document(page(first), page(body(60, "Other", 6), prose(72, 200, TEXT)))
    (table,) = found.tables
    assert [page for page, _ in table.parts] == [1, 2]
    assert ["Energy:", "", ""] in table.grid()


def test_a_new_header_begins_a_new_table():
    other = statement(60, [("", "Low", "High"), ("Share price", "1,234", "5,678")] + [
        (f"Quarter {k}", "1,100", "2,200") for k in range(4)], rights=RIGHTS)  # fmt: skip
    found = document(page(body(100, "Item", 40, header=True)), page(other))
    assert [table.n_rows for table in found.tables] == [41, 6]
    assert [table.page for table in found.tables] == [1, 2]


def test_text_between_two_tables_of_the_same_columns_keeps_them_apart():
    found = document(
        page(body(100, "Item", 40, header=True)), page(prose(72, 60, TEXT), body(120, "More", 6))
    )
    assert [table.n_rows for table in found.tables] == [41, 6]


def test_a_table_does_not_go_on_where_text_follows_it_on_its_page():
    found = document(
        page(body(100, "Item", 30, header=True), prose(72, 600, TEXT)), page(body(60, "More", 6))
    )
    assert [table.n_rows for table in found.tables] == [31, 6]


def test_figures_in_other_places_are_another_table():
    shifted = statement(60, [("Net sales", "1,234", "5,678")] * 6, rights=(420, 520))
    found = document(page(body(100, "Item", 40, header=True)), page(shifted))
    assert len(found.tables) == 2


def test_tables_are_counted_through_the_document_and_blocks_tell_which_they_are():
    two = [*body(60, "More", 6), *prose(72, 250, TEXT), *body(350, "Third", 20, header=True)]
    found = document(
        page(prose(72, 60, TEXT), body(120, "Item", 35, header=True)), page(two),
        page(prose(72, 60, TEXT)), page(body(60, "Last", 5, header=True)),
    )  # fmt: skip
    assert [t.cells[-3].text for t in found.tables] == ["More 5", "Third 19", "Last 4"]
    numbers = [[b.table for b in p.blocks if b.table is not None] for p in found.pages]
    assert numbers == [[0], [0, 1], [], [2]]


def test_the_text_of_a_document_has_each_row_once_though_its_table_goes_on():
    found = document(page(body(100, "Item", 40, header=True)), page(body(60, "More", 5)))
    assert found.text.count("More 4") == 1 and found.text.count("Item 0") == 1


def test_a_failed_page_is_a_warning_and_the_others_stand():
    good = read_layout(page(prose(72, 100, TEXT)), 1)
    bad = Draft(Page(number=2, source="failed", reason="took over 8 s"))
    found = collect("pdf", lambda: [good, bad])
    assert found.warnings == ("page 2: took over 8 s",)
    assert [p.source for p in found.pages] == ["text", "failed"]


# captions and scales


def test_the_title_and_the_scale_above_a_table_are_kept_with_it():
    found = document(page(
        prose(72, 60, TEXT),
        centred(226, 110, "CONSOLIDATED STATEMENTS OF INCOME", bold=True),
        centred(226, 125, "(In millions, except per share amounts)"),
        body(150, "Item", 6, header=True),
    ))  # fmt: skip
    (table,) = found.tables
    assert table.caption == "CONSOLIDATED STATEMENTS OF INCOME"
    assert table.scale == "(In millions, except per share amounts)"
    assert of_kind(found, "caption") == [[table.caption, table.scale]]


def test_the_sentence_that_leads_to_a_table_says_its_scale():
    found = document(page(
        prose(72, 60, ["Revenue rose. Sales by region were as follows (in thousands):"]),
        body(90, "Item", 6, header=True),
    ))  # fmt: skip
    (table,) = found.tables
    assert table.scale == "(in thousands)"
    assert table.caption == "Sales by region were as follows (in thousands):"
    assert of_kind(found, "caption") == [[]]


def test_a_sentence_about_several_tables_says_the_scale_of_all_that_have_amounts():
    shares = statement(460, [YEARS, ("Asia", "12.5%", "11.0%"), ("Europe", "9.1%", "8.8%")],
                       rights=RIGHTS)  # fmt: skip
    found = document(page(
        prose(72, 60, ["The following tables show details of the balance sheets (in millions):"]),
        words(72, 90, "Inventories", bold=True), body(105, "Item", 6, header=True),
        words(72, 260, "Liabilities", bold=True), body(275, "Item", 6, header=True),
        words(72, 440, "Shares of sales", bold=True), shares,
    ))  # fmt: skip
    assert [table.caption for table in found.tables][1:] == ["Liabilities", "Shares of sales"]
    assert [table.scale for table in found.tables] == ["(in millions)", "(in millions)", ""]


@pytest.mark.parametrize(("scale", "right"), [("单位：人民币百万元", 380), ("单位：元", 540)])
def test_a_chinese_unit_line_is_the_scale_however_far_right_of_a_narrow_table(scale, right):
    found = document(page(
        words(72, 60, "合并利润表", bold=True), ending(right, 75, scale),
        body(100, "营业收入", 6, header=True),
    ))  # fmt: skip
    (table,) = found.tables
    assert (table.caption, table.scale) == ("合并利润表", scale)


def test_a_numbered_title_right_below_a_table_is_its_caption():
    found = document(page(
        prose(72, 60, TEXT), body(150, "Item", 6, header=True),
        words(72, 262, "Table 3: Revenue by item, audited."),
    ))  # fmt: skip
    assert found.tables[0].caption == "Table 3: Revenue by item, audited."


def test_prose_above_a_table_is_no_caption():
    found = document(page(prose(72, 60, TEXT), body(110, "Item", 6, header=True)))
    assert (found.tables[0].caption, found.tables[0].scale) == ("", "")
    assert of_kind(found, "caption") == [[]]


def test_a_title_far_above_a_table_is_not_its_caption():
    title = words(72, 60, "Chairman's letter", bold=True)
    found = document(page(title, body(300, "Item", 6, header=True)))
    assert found.tables[0].caption == ""


def test_the_name_of_a_statement_may_stand_far_above_it():
    title = centred(226, 60, "STATEMENT OF CASH FLOWS", size=14, bold=True)
    found = document(page(title, body(140, "Item", 6, header=True)))
    assert found.tables[0].caption == "STATEMENT OF CASH FLOWS"


@pytest.mark.parametrize("continued", [" (Continued)", ""])
def test_a_continued_statements_title_at_the_end_of_a_page_is_the_next_tables(continued):
    title = f"Consolidated Statements of Cash Flows{continued}"
    end = centred(306, 700, title, bold=True) + centred(306, 712, "(In thousands)", bold=True)
    found = document(
        page(prose(72, 100, TEXT), body(160, "Loan", 6, header=True), end),
        page(body(60, "Bond", 6, header=True)),
    )
    want = (title, "(In thousands)") if continued else ("", "")
    assert (found.tables[-1].caption, found.tables[-1].scale) == want


def test_a_title_and_years_at_the_end_of_a_page_head_the_table_that_begins_the_next():
    end = centred(306, 690, "Consolidated Statements of Operations", bold=True)
    end += centred(306, 702, "(In thousands)", bold=True)
    years = ending(300, 718, "2024") + ending(380, 718, "2023")
    found = document(
        page(prose(72, 100, TEXT), end, years), page(body(60, "Revenue", 6), prose(72, 300, TEXT))
    )
    (table,) = found.tables
    assert (table.caption, table.scale) == (
        "Consolidated Statements of Operations", "(In thousands)"
    )  # fmt: skip
    assert (table.header_rows, table.grid()[0]) == (1, ["", "2024", "2023"])
    check_table(table)


@pytest.mark.parametrize("label", ["Adjustments to reconcile net loss:", "The table is of 2022."])
def test_a_groups_label_on_top_of_a_page_does_not_part_a_table(label):
    first = page(prose(72, 100, TEXT), body(600, "Net loss", 9, header=True))
    second = page(words(72, 60, label), body(72, "Loan", 6))
    assert len(document(first, second).tables) == (1 if label.endswith(":") else 2)


def test_a_table_that_goes_on_keeps_the_caption_and_scale_of_its_first_page():
    found = document(
        page(words(72, 70, "Table 2 Items", bold=True), words(72, 85, "(in thousands)"),
             body(110, "Item", 40, header=True)),
        page(words(72, 40, "Table 2 Items (continued)", bold=True), body(75, "More", 6)),
    )  # fmt: skip
    (table,) = found.tables
    assert (table.caption, table.scale) == ("Table 2 Items", "(in thousands)")
    assert table.n_rows == 47


# joining


@st.composite
def any_table(draw, number: int) -> Table:
    """A table of a page: columns at chance places, cells that span or are not there."""
    n_rows, n_columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    lefts = sorted(
        draw(st.lists(st.sampled_from(range(50, 500, 45)), min_size=n_columns, max_size=n_columns,
                      unique=True))
    )  # fmt: skip
    header_rows = draw(st.integers(0, n_rows))
    cells = []
    for row in range(n_rows):
        column = 0
        while column < n_columns:
            span = draw(st.integers(1, n_columns - column))
            if draw(st.booleans()):
                box = (lefts[column], 20.0 * row, lefts[column + span - 1] + 30, 20.0 * row + 10)
                text = draw(st.sampled_from(["2024", "1,234", "Total"]))
                header = row < header_rows
                cells.append(Cell(row, column, text, 1, span, header, number, box))
            column += span
    box = (lefts[0], 0.0, lefts[-1] + 30.0, 20.0 * n_rows)
    kind = draw(st.sampled_from(["ruled", "borderless"]))
    return Table(tuple(cells), n_rows, n_columns, header_rows, "", "", number, box,
                 ((number, box),), kind)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(any_table(1), any_table(2))
def test_whatever_is_joined_is_a_sound_table_with_all_rows_but_a_repeated_header(before, after):
    whole = join(before, after)
    if whole is None:
        return
    check_table(whole)
    assert whole.cells[: len(before.cells)] == before.cells
    dropped = before.n_rows + after.n_rows - whole.n_rows
    assert dropped in (0, after.header_rows)
    kept = [(c.text, c.page) for c in after.cells if c.row >= dropped]
    assert [(c.text, c.page) for c in whole.cells[len(before.cells) :]] == kept


def test_two_parts_in_the_same_columns_are_joined():
    def part(number: int, *rows: tuple[str, str]) -> Table:
        cells = [
            Cell(r, c, text, page=number, box=(72 + 200 * c, 20 * r, 110 + 200 * c, 20 * r + 9))
            for r, row in enumerate(rows) for c, text in enumerate(row)
        ]  # fmt: skip
        box = (72.0, 0.0, 310.0, 20.0 * len(rows))
        return Table(tuple(cells), len(rows), 2, box=box, parts=((number, box),), kind="ruled")

    whole = join(part(1, ("a", "1")), part(2, ("b", "2"), ("c", "3")))
    assert whole is not None and whole.grid() == [["a", "1"], ["b", "2"], ["c", "3"]]


@pytest.mark.parametrize("text", ["iv", "12", "A-3", "Page 3 of 20", "- 7 -", "第 3 页 共 20 页"])
def test_page_numbers_of_many_kinds_are_footers(text):
    block = Block("paragraph", text, 1, (300, 765, 320, 775))
    draft = Draft(Page(1, (Block("paragraph", "Text.", 1, (72, 80, 500, 90)), block), 612, 792))
    found = collect("pdf", lambda: [draft])
    assert [b.kind for b in found.pages[0].blocks] == ["paragraph", "footer"]


# a title that the page before ends with


def test_three_short_lines_that_end_with_the_scale_are_the_title_of_the_next_pages_table():
    lines = ("合并现金流量表", "2023 年 1—12 月", "单位：元 币种：人民币")
    before = [Block("paragraph", text, 1) for text in lines]
    after = [Block("header", "2023 年年度报告", 2), Block("table", page=2, table=0)]
    piece = Table((Cell(0, 0, "流动资产"), Cell(0, 1, "1,230")), 1, 2, page=2)
    [made] = with_title_before(after, [piece], title_at_end(before))
    assert made.caption == "合并现金流量表 2023 年 1—12 月" and made.scale.startswith("单位：元")
    [made] = with_title_before([Block("paragraph", "注", 2), *after], [piece], title_at_end(before))
    assert not made.caption and not made.scale
    assert not title_at_end(before[1:]) and not title_at_end(before[::-1])


def test_a_statements_title_its_period_and_its_scale_may_end_a_page():
    lines = [
        "Consolidated Statements of Cash Flows",
        "Year ended December 31, 2020",
        "(in thousands)",
    ]
    assert len(title_at_end([Block("paragraph", text, 1) for text in lines])) == 3
    lines[:2] = ["See accompanying notes to", "the consolidated financial statements"]
    assert not title_at_end([Block("paragraph", text, 1) for text in lines])


def test_years_that_a_gap_parts_from_their_rows_are_the_heads_of_its_columns():
    lines = {"Statements of Comprehensive Income": 100, "For the year ended June 30, 2022": 113,
             "(in thousands, except share amounts)": 128, "2022 2021": 150, "$ $": 162}  # fmt: skip
    blocks = [Block("paragraph", text, 1, (72, y, 400, y + 11)) for text, y in lines.items()]
    rows = [("Equity income", "(13,299)", "800"), ("Net income", "(12,547)", "1,121")]
    cells = tuple(
        Cell(r, c, text, page=1) for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    piece = Table(cells, 2, 3, page=1, box=(72, 205, 400, 260))
    whole = [*blocks, Block("table", page=1, box=piece.box, table=0)]
    _, [made] = with_captions(whole, [piece])
    assert [(c.column, c.text) for c in made.cells if c.row == 0] == [(1, "2022"), (2, "2021")]
    assert (made.header_rows, made.n_rows) == (1, 3)
    assert made.caption == "Statements of Comprehensive Income For the year ended June 30, 2022"
    assert made.scale == "(in thousands, except share amounts)"
    change = (Cell(0, 3, "5%", page=1), Cell(1, 3, "7%", page=1))
    piece = Table((*cells, *change), 2, 4, page=1, box=piece.box)
    _, [made] = with_captions(whole, [piece])
    assert [(c.column, c.text) for c in made.cells if c.row == 0] == [(1, "2022"), (2, "2021")]
    alike = tuple(c if c.column < 2 else Cell(c.row, 2, "5%", page=1) for c in cells)
    _, [made] = with_captions(whole, [Table(alike, 2, 3, page=1, box=piece.box)])
    assert made.header_rows == 0


def test_the_scale_of_the_sentence_that_leads_to_a_table_is_its_own():
    lines = {"Level 3 assets of the year ended November 30, 2022 (in thousands):": 100,
             "For instruments still held at": 118, "November 30, 2022,": 130}  # fmt: skip
    blocks = [Block("paragraph", text, 1, (72, y, 400, y + 10)) for text, y in lines.items()]
    rows = [("Loans", "(13,299)", "800"), ("Bonds", "(12,547)", "1,121")]
    cells = tuple(
        Cell(r, c, text, page=1) for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    piece = Table(cells, 2, 3, page=1, box=(72, 145, 400, 200))
    end = Block("table", page=1, box=piece.box, table=0)
    _, [made] = with_captions([*blocks, end], [piece])
    assert "in thousands" in made.scale
    other = Block("table", page=1, box=(72, 105, 400, 116), table=0)
    _, [_, made] = with_captions(
        [blocks[0], other, *blocks[1:], msgspec.structs.replace(end, table=1)], [piece, piece]
    )
    assert not made.scale
