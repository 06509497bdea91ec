"""More shapes that filings of other houses showed, each made small: what they say further off."""

import msgspec
import pytest

from tenth.documents.model import Block, Page
from tenth.documents.pdf.ligatures import with_ligatures
from tenth.reader.below import with_headers
from tenth.reader.model import Cover, Period
from tests.documents.inks import centred, ending, page, statement, words
from tests.documents.test_layout import only
from tests.documents.test_pages import document
from tests.reader.pages import document_of, table_of
from tests.reader.test_other_filings import RESULT, TITLE
from tests.reader.test_tables import by_label, facts, table

QUARTER = Cover("Acme Inc.", "", Period("2023-03-26", "2023-06-17"), currency="USD")


@pytest.mark.parametrize(
    ("heads", "last"),
    [
        (["6/17/2023", "6/11/2022"], "2022-06-11"),  # there is no month 17
        (["6/10/2023", "6/11/2022"], ""),  # nothing says which is the month
        (["17/6/2023", "6/11/2022"], ""),
    ],
)
def test_a_date_in_digits_is_read_as_one_beside_it_that_can_be_read_one_way_alone(heads, last):
    rows = [["", "12 Weeks Ended", ""], ["", *heads], *[row[:3] for row in RESULT]]
    made = table(rows, caption=TITLE, spans={(0, 1): 2})
    assert by_label(facts(made, QUARTER))["Net income"][-1].period.end == last


# headers

RIGHTS = (460.0, 540.0)
ASSETS = [("Cash", "30", "37"), ("Inventories", "16", "5"), ("Total assets", "46", "42")]


def test_a_year_with_a_footnotes_mark_heads_its_column():
    head = ending(460, 86, "2021") + ending(536, 86, "2020") + ending(540, 83, "1", size=5)
    head += ending(460, 100, "$’000") + ending(540, 100, "$’000")
    table = only(page(head, statement(116, ASSETS, rights=RIGHTS)))
    assert (table.header_rows, table.grid()[0][1:]) == (1, ["2021 $’000", "2020 1 $’000"])


def test_assets_in_the_middle_of_the_room_for_labels_does_not_part_the_header_from_its_table():
    head = words(72, 86, "(in millions)", size=7)
    head += ending(460, 86, "2021", size=7) + ending(540, 86, "2020", size=7)
    head += centred(255, 100, "ASSETS")
    table = only(page(head, statement(115, ASSETS, label=90, rights=RIGHTS)))
    assert (table.header_rows, table.grid()[:2]) == (
        1, [["(in millions)", "2021", "2020"], ["ASSETS", "", ""]]
    )  # fmt: skip


def test_figures_set_lower_than_their_label_are_its_own():
    cash = statement(110, ASSETS[:2], rights=RIGHTS)
    cash += words(72, 140, "Other assets") + ending(460, 149, "7") + ending(540, 149, "8")
    table = only(page(cash, statement(165, ASSETS[2:], rights=RIGHTS)))
    assert table.grid()[2] == ["Other assets", "7", "8"]


@pytest.mark.parametrize(("label", "lower"), [("Other assets:", 9), ("Other assets", 15)])
def test_a_total_below_a_heading_is_not_the_headings(label, lower):
    cash = statement(110, ASSETS[:2], rights=RIGHTS)
    base = 140 + lower
    cash += words(72, 140, label) + ending(460, base, "7") + ending(540, base, "8")
    table = only(page(cash, statement(base + 15, ASSETS[2:], rights=RIGHTS)))
    assert table.grid()[2:4] == [[label, "", ""], ["", "7", "8"]]


def test_a_heading_in_capitals_that_ends_with_to_goes_on_in_the_next_line():
    head = words(72, 155, "INCOME PER SHARE ATTRIBUTABLE TO") + words(72, 166, "ACME:")
    shown = page(statement(110, ASSETS, rights=RIGHTS), head,
                 statement(178, ASSETS, label=80, rights=RIGHTS))  # fmt: skip
    assert only(shown).grid()[3] == ["INCOME PER SHARE ATTRIBUTABLE TO ACME:", "", ""]


FAR_TITLE = ["BALANCE SHEETS", "(dollars in millions)", "(unaudited)"]


@pytest.mark.parametrize(
    ("lines", "scale"),
    [
        (FAR_TITLE, "(dollars in millions)"),
        ([*FAR_TITLE, "Our stores are where our members are"], ""),
        (["(dollars in millions)"], ""),  # of what, nothing says
    ],
)
def test_a_title_that_ends_with_the_scale_is_that_of_the_table_below_a_wide_gap(lines, scale):
    title = [w for k, line in enumerate(lines)
             for w in centred(306, 60 + 16 * k, line, size=12, bold=True)]  # fmt: skip
    head = ending(460, 175, "2021") + ending(540, 175, "2020")
    (table,) = document(page(title, head, statement(190, ASSETS, rights=RIGHTS))).tables
    assert table.scale == scale
    assert table.caption == ("BALANCE SHEETS (unaudited)" if scale else "")


# pages

ABOVE = [["", "March 31, 2023", "December 31, 2022"], ["Cash", "$5", "$4"],
         ["Total assets", "20", "30"], ["LIABILITIES AND EQUITY"]]  # fmt: skip
BELOW = [["Short-term debt", "12", "11"], ["Total liabilities and equity", "20", "30"]]


def two_pages(second: list[list[str]], between: str = "", caption: str = "") -> list[str]:
    """The ends of the periods of what the second page's table says."""
    made = table_of(ABOVE, 1, "(In millions)", "Consolidated Balance Sheet")
    rest = msgspec.structs.replace(table_of(second, 2, "", caption), header_rows=0)
    texts = [Block("paragraph", between, 1, (0, 90, 50, 99))] if between else []
    texts = [Block("table", page=1, box=made.box, table=0), *texts]
    named = [Block("caption", caption, 2, (0, 0, 50, 9))] if caption else []
    pages = (
        Page(1, tuple(texts), 612.0, 792.0),
        Page(2, (*named, Block("table", page=2, box=rest.box, table=1)), 612.0, 792.0),
    )
    whole = with_headers(document_of(*pages, tables=[made, rest]))
    found = facts(whole.tables[1], QUARTER)
    return sorted({fact.period.end for fact in found if fact.value == 12_000_000})


@pytest.mark.parametrize("caption", ["", "LIABILITIES AND EQUITY"])  # the line cut by the page
def test_the_second_page_of_a_balance_sheet_is_of_the_first_ones_days(caption):
    assert two_pages(BELOW, caption=caption) == ["2023-03-31"]


@pytest.mark.parametrize(
    ("second", "between", "caption"),
    [
        ([BELOW[0], ["Total liabilities and equity", "20", "31"]], "", ""),
        ([BELOW[0], ["Other debt", "20", "30"]], "", ""),
        ([*BELOW, ["Total assets", "20", "30"]], "", ""),  # a whole one of its own
        (BELOW, "See the notes.", ""),
        (BELOW, "", "Acme Insurance"),
    ],
)
def test_a_table_without_a_header_is_no_second_page_where_anything_speaks_against_it(
    second, between, caption
):
    assert two_pages(second, between, caption) == []


# words


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("Income tax bene�t (provision)", "Income tax benefit (provision)"),
        ("re�nancing; o�cers' a�liates", "refinancing; officers' affiliates"),
        ("�nancing re�ects cash �ow e�ects", "financing reflects cash flow effects"),
        ("he e�ects a �ow", "he e�ects a �ow"),  # elects, row?
        ("a jou�nal of the �ve", "a jou�nal of the �ve"),  # no word that is known
        ("1�234 ��nance", "1�234 ��nance"),
    ],
)
def test_a_ligature_that_the_font_does_not_name_is_read_by_its_word(shown, read):
    assert " ".join(with_ligatures(shown.split())) == read
