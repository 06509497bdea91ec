"""Amounts in whole units, by lines and signs that name a currency; in cents, where one says so."""

import pytest

from tenth.documents.model import Table
from tenth.reader.model import Cover, Fact, Period
from tenth.reader.tables import Origin, statements_of_table
from tenth.reader.whole import Otherwise, is_whole, may_be_whole, sign_of, whole_in
from tests.reader.pages import document_of, page_of, table_of
from tests.reader.test_tables import by_label, table

YEAR = Cover("Acme plc", "annual report", Period("2021-04-01", "2022-03-31"), currency="GBP")
POSITION = "Statement of financial position as at 31 March 2022"
ROWS = [
    ["Current assets"],
    [" Inventories", "4,000", "3,000"],
    [" Cash and cash equivalents", "1,500,250", "2,500,125"],
    ["Total assets", "1,504,250", "2,503,125"],
    ["Total liabilities", "504,250", "503,125"],
    ["Total equity and liabilities", "1,504,250", "2,503,125"],
]


def facts(made: Table, whole: bool = True) -> list[Fact]:
    origin = Origin("acme.pdf", "00", YEAR, 1, otherwise=Otherwise(whole))
    return [fact for _, own in statements_of_table(made, origin) for fact in own]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Figures in Pound Sterling", "Figures in Pound Sterling"),
        ("as at 31 March 2022 Figures in Pound Sterling", "Figures in Pound Sterling"),
        ("Balance sheets (Expressed in US dollars)", "Expressed in US dollars"),
        ("All amounts are stated in Canadian dollars", "amounts are stated in Canadian dollars"),
        ("Expressed in thousands of Canadian dollars", ""),
        ("Figures in US dollars thousands", ""),
        ("Figures in £m", ""),
        ("Amounts in £'000", ""),
        ("Amounts in NOK 1000", ""),
        ("Amounts in CHF mio", ""),
        ("All amounts in ₹ crore unless otherwise stated", ""),
        ("Amounts in RM", "Amounts in RM"),
        ("Amounts presented in this table", ""),
        ("2022", ""),
    ],
)
def test_a_line_that_names_the_currency_alone_is_told_from_a_scale(text, said):
    assert whole_in(text) == said


def test_a_cell_says_whole_units_where_it_says_nothing_else():
    assert is_whole("Figures in Pound Sterling") and is_whole("(Expressed in US dollars)")
    assert not is_whole("as at 31 March 2022 Figures in Pound Sterling")


def test_the_sign_of_a_header_stands_at_its_end_or_alone():
    assert sign_of(["Year ended 31 March 2022 £"]) == sign_of(["2022", "£"]) == "£"
    assert sign_of(["2022", "(US$)"]) == "US$"
    assert sign_of(["2022 £'000"]) == sign_of(["£m"]) == sign_of(["2022"]) == ""


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("Revenue grew to £2.5 million.", "Acme plc"), True),
        (("(in thousands of pounds)",), False),
        (("All values are rounded to the nearest thousand (£000).",), False),
    ],
)
def test_a_document_that_tells_a_scale_says_no_whole_units_by_a_currency(lines, whole):
    assert may_be_whole(document_of(page_of(*lines))) == whole
    told = table_of([["", "2022 $"]], scale="($ in millions)")
    assert not may_be_whole(document_of(page_of(*lines), tables=[told]))


def headed(*head: list[str]) -> Table:
    return table([*head, *ROWS], "", len(head), POSITION)


def test_signs_above_all_columns_say_whole_units():
    found = by_label(facts(headed(["", "2022", "2021"], ["", "£", "£"])))
    assert [f.value for f in found["Total assets"]] == [1_504_250, 2_503_125]
    assert [f.period.end for f in found["Total assets"]] == ["2022-03-31", "2021-03-31"]
    assert {f.currency for f in found["Total assets"]} == {"GBP"}
    (scale,) = (one for one in found["Total assets"][0].said if one.what == "scale")
    assert scale.text == "£"


def test_large_counts_are_whole_where_nothing_says_another_scale():
    counts = [["Ordinary shares outstanding", "16,220,682", "900,582"]]
    found = by_label(facts(table([["", "2022 £", "2021 £"], *ROWS, *counts], "", 1, POSITION)))
    assert [f.value for f in found["Ordinary shares outstanding"]] == [16_220_682, None]


def test_a_currencys_name_above_all_columns_says_whole_units():
    found = by_label(facts(headed(["", "US dollars", "US dollars"], ["", "2022", "2021"])))
    assert [f.value for f in found["Total assets"]] == [1_504_250, 2_503_125]
    assert {f.currency for f in found["Total assets"]} == {"USD"}


@pytest.mark.parametrize(
    ("head", "whole"),
    [
        ([["", "2022", "2021"]], True),  # no sign
        ([["", "2022 £", "2021"]], True),  # not above all
        ([["", "2022 £", "2021 %"]], True),  # to be told from percents
        ([["", "2022", "2021"], ["", "£", "£"]], False),  # the document tells a scale elsewhere
    ],
)
def test_other_signs_say_nothing_of_the_scale(head, whole):
    found = by_label(facts(headed(*head), whole))
    assert found["Total assets"][0].value is None and found["Total assets"][0].scale is None


def test_a_line_within_the_header_is_said_of_all_columns_and_no_words_of_theirs():
    head = [["as at 31 March 2022", "", "Figures in Pound Sterling"],
            ["", "31 March 2022", "31 March 2021"]]  # fmt: skip
    found = by_label(facts(table([*head, *ROWS], "", 2, "Statement of financial position")))
    assert [f.value for f in found["Total liabilities"]] == [504_250, 503_125]
    assert {f.statement for f in found["Total liabilities"]} == {"balance"}


def test_amounts_per_share_in_pence_have_no_scale_that_is_known():
    rows = [["", "2022", "2021"], ["Revenue", "50", "40"], ["Profit before tax", "5", "4"],
            ["Basic earnings per share (pence)", "5.93", "7.89"]]  # fmt: skip
    title = "Income statement for the year ended 31 March 2022"
    found = by_label(facts(table(rows, "(£ in millions)", 1, title)))
    assert [f.value for f in found["Revenue"]] == [50_000_000, 40_000_000]
    assert [f.value for f in found["Basic earnings per share (pence)"]] == [None, None]


def test_a_rows_own_scale_printed_above_its_table_too_is_not_the_tables():
    rows = [["", "2022", "2021"], ["Net asset value (millions)", "$345.4", "$235.9"],
            ["Number of units outstanding", "16,168,419", "10,207,582"],
            ["Closing price of a unit", "$13.40", "$13.20"]]  # fmt: skip
    made = table(rows, "Net asset value (millions)", 1, "Ratios, years ended March 31")
    found = by_label(facts(made, whole=False))
    assert found["Net asset value (millions)"][0].value == 345_400_000
    assert found["Number of units outstanding"][0].unit == "shares"
    assert found["Number of units outstanding"][0].value is None
    price = found["Closing price of a unit"][0]
    assert (str(price.value), price.unit) == ("13.40", "currency/share")
