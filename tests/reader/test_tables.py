"""Figures of a table become facts with the period, scale, unit and section that the table says."""

from decimal import Decimal

import pytest

from tenth.documents.model import Cell, Table
from tenth.reader.model import Cover, Fact, Period
from tenth.reader.tables import Origin, fact_id, statements_of_table

COVER = Cover("Acme Corporation", "10-Q", Period("2023-07-01", "2023-09-30"), currency="USD")
INDENTS = {0: 40.0, 1: 50.0, 2: 60.0}


def table(
    rows: list[list[str]], scale: str = "(in millions)", header_rows: int = 2, caption: str = "",
    spans: dict[tuple[int, int], int] | None = None,
) -> Table:  # fmt: skip
    """A table whose cells stand 80 by 12 points apart; labels are indented by leading spaces."""
    cells = []
    for i, row in enumerate(rows):
        for k, text in enumerate(row):
            if text:
                left = INDENTS[len(text) - len(text.lstrip())] if k == 0 else 300.0 + 80 * k
                box = (left, 100.0 + 12 * i, left + 50, 110.0 + 12 * i)
                span = (spans or {}).get((i, k), 1)
                cells.append(Cell(i, k, text.strip(), 1, span, i < header_rows, page=3, box=box))
    return Table(tuple(cells), len(rows), max(map(len, rows)), header_rows, caption, scale, 3)


def facts(made: Table, cover: Cover = COVER) -> list[Fact]:
    origin = Origin("acme.pdf", "00", cover, 1)
    return [fact for _, own in statements_of_table(made, origin) for fact in own]


def by_label(found: list[Fact]) -> dict[str, list[Fact]]:
    named: dict[str, list[Fact]] = {}
    for fact in found:
        named.setdefault(fact.label, []).append(fact)
    return named


INCOME = [
    ["", "Three Months Ended September 30,", "", "Nine Months Ended September 30,", ""],
    ["", "2023", "2022", "2023", "2022"],
    ["Net sales:"],
    [" Products", "$60", "$50", "$160", "$150"],
    [" Services", "40", "30", "110", "90"],
    [" Total net sales", "100", "80", "270", "240"],
    ["Cost of sales", "70", "90", "200", "180"],
    ["Gross margin", "30", "(10)", "70", "60"],
    ["Net income", "$30", "$(10)", "$70", "$60"],
    ["Earnings per share:"],
    [" Basic", "$1.25", "$(0.42)", "$2.90", "$2.50"],
    ["Shares used in computing earnings per share:"],
    [" Basic", "24,000", "24,000", "24,100", "24,000"],
]
SPANS = {(0, 1): 2, (0, 3): 2}
TITLE = "CONSOLIDATED STATEMENTS OF OPERATIONS"
SCALE = "(In millions, except shares in thousands and per share amounts)"


def test_each_figure_has_its_period_scale_unit_and_sign():
    found = by_label(facts(table(INCOME, SCALE, caption=TITLE, spans=SPANS)))
    total = found["Total net sales"]
    assert [f.value for f in total] == [Decimal(n) * 10**6 for n in (100, 80, 270, 240)]
    assert [f.period for f in total] == [
        Period("2023-07-01", "2023-09-30"), Period("2022-07-01", "2022-09-30"),
        Period("2023-01-01", "2023-09-30"), Period("2022-01-01", "2022-09-30"),
    ]  # fmt: skip
    assert {f.status for f in total} == {"ok"} and {f.currency for f in total} == {"USD"}
    assert found["Net income"][1].value == -10_000_000
    assert found["Net income"][1].verbatim == "$(10)"


def test_equal_labels_are_told_apart_by_the_headings_above_them():
    basic = by_label(facts(table(INCOME, SCALE, caption=TITLE, spans=SPANS)))["Basic"]
    assert [f.unit for f in basic] == ["currency/share"] * 4 + ["shares"] * 4
    assert basic[0].value == Decimal("1.25") and basic[4].value == 24_000_000
    assert basic[0].metric == "EarningsPerShareBasic"
    assert basic[4].metric == "WeightedAverageNumberOfSharesOutstandingBasic"


def test_a_line_knows_the_headings_above_it_and_no_others():
    found = by_label(facts(table(INCOME, SCALE, caption=TITLE, spans=SPANS)))
    assert found["Products"][0].section == ("Net sales:",)
    assert found["Cost of sales"][0].section == ()


def test_a_scale_that_nobody_says_is_unknown_and_gives_no_value():
    found = by_label(facts(table(INCOME, "", caption=TITLE, spans=SPANS)))
    total = found["Total net sales"][0]
    assert (total.value, total.scale, total.status) == (None, None, "unknown")
    assert total.verbatim == "100"
    assert found["Basic"][0].value == Decimal("1.25")  # no scale is ever meant for it


def test_a_statement_whose_words_stand_without_room_between_them_is_read():
    made = table(
        [["", "For the year EndedDecember 31,", ""], ["", "2022", "2021"],
         ["Total revenue", "$863,438", "$670,171"], ["Income tax", "248", "—"],
         ["Net loss", "$(5,634,971)", "$(21,665,704)"]],
        scale="", spans={(0, 1): 2},
        caption="CONSOLIDATEDSTATEMENTS OF OPERATIONS (In U.S. dollars,except for number ofshares "
        "and pershare (or ADS) data)",
    )  # fmt: skip
    cover = Cover("Acme", "annual report", Period("2022-01-01", "2022-12-31"), currency="USD")
    (revenue, _) = by_label(facts(made, cover))["Total revenue"]
    assert (revenue.value, revenue.status) == (Decimal(863_438), "ok")
    assert (revenue.period, revenue.metric) == (Period("2022-01-01", "2022-12-31"), "Revenues")


def test_a_column_is_in_what_stands_nearest_above_it():
    made = table(
        [["", "Millions of yen", "", ""],
         ["", "Year ended March 31,", "", "Thousands of U.S. dollars"],
         ["", "2021", "2022", "Year ended March 31, 2022"],
         ["Depreciation", "69", "64", "528"], ["Income taxes", "13", "4", "39"]],
        scale="", header_rows=3, spans={(0, 1): 3, (1, 1): 2}, caption="Statement of Cash Flows",
    )  # fmt: skip
    yen, _, dollars = by_label(facts(made, Cover("Acme", currency="JPY")))["Depreciation"]
    assert (yen.value, yen.currency) == (Decimal(69_000_000), "JPY")
    assert (dollars.value, dollars.currency) == (Decimal(528_000), "USD")


def test_a_balance_sheet_is_of_days():
    rows = [
        ["", "September 30, 2023", "December 31, 2022"],
        ["Total current assets", "$10", "$9"],
        ["Total assets", "$30", "$29"],
        ["Total liabilities", "12", "12"],
        ["Total stockholders' equity", "18", "17"],
        ["Total liabilities and stockholders' equity", "$30", "$29"],
    ]
    made = table(rows, header_rows=1, caption="CONSOLIDATED BALANCE SHEETS")
    assets = by_label(facts(made))["Total assets"]
    assert [f.period for f in assets] == [Period("", "2023-09-30"), Period("", "2022-12-31")]
    assert {f.statement for f in assets} == {"balance"}


def test_cash_at_the_beginning_of_a_period_is_of_the_day_before():
    rows = [
        ["", "Nine Months Ended September 30,", ""],
        ["", "2023", "2022"],
        ["Net cash provided by operating activities", "$10", "$9"],
        ["Net cash used in investing activities", "(4)", "(3)"],
        ["Net cash used in financing activities", "(3)", "(3)"],
        ["Net increase in cash", "3", "3"],
        ["Cash and cash equivalents, beginning of period", "7", "4"],
        ["Cash and cash equivalents, end of period", "$10", "$7"],
    ]
    made = table(rows, caption="CONSOLIDATED STATEMENTS OF CASH FLOWS", spans={(0, 1): 2})
    found = by_label(facts(made))
    begin, end = (found[f"Cash and cash equivalents, {x} of period"] for x in ("beginning", "end"))
    assert [f.period for f in begin] == [Period("", "2022-12-31"), Period("", "2021-12-31")]
    assert [f.period for f in end] == [Period("", "2023-09-30"), Period("", "2022-09-30")]


def test_what_stands_above_the_labels_is_said_of_the_columns():
    rows = [
        ["Three Months Ended September 30,", "2023", "2022"],
        ["Revenue", "$10", "$9"],
        ["Operating income", "4", "3"],
        ["Net income", "$3", "$2"],
    ]
    found = by_label(facts(table(rows, header_rows=1, caption="INCOME STATEMENTS")))
    assert found["Revenue"][0].period == Period("2023-07-01", "2023-09-30")


def test_percents_whose_sign_stands_at_the_first_figure_alone_are_percents():
    rows = [
        ["", "Three Months Ended September 30,", ""],
        ["", "2023", "2022"],
        ["Net Sales Mix:"],
        [" North America", "61%", "62%"],
        [" International", "23", "22"],
        [" Total", "100%", "100%"],
    ]
    found = by_label(facts(table(rows, spans={(0, 1): 2})))
    assert found["International"][0].value == Decimal("0.23")
    assert {f.unit for own in found.values() for f in own} == {"pure"}


def test_a_column_of_changes_is_of_no_period():
    rows = [
        ["", "Three Months Ended September 30,", "", ""],
        ["", "2023", "2022", "% Change"],
        ["Net sales", "$10", "$8", "25%"],
    ]
    now, before, change = facts(table(rows, spans={(0, 1): 3}))
    assert now.metric == before.metric != ""
    assert change.metric == "" and not change.period.end and change.value == Decimal("0.25")


def test_a_date_as_a_heading_is_said_of_the_lines_below_it():
    rows = [
        ["(In millions)", "Adjusted Cost", "Fair Value"],
        ["September 30, 2023"],
        ["Commercial paper", "$10", "$11"],
        ["December 31, 2022"],
        ["Commercial paper", "8", "9"],
    ]
    found = facts(table(rows, "(In millions)", header_rows=1))
    assert [f.period.end for f in found] == ["2023-09-30"] * 2 + ["2022-12-31"] * 2
    assert [f.section[-1] for f in found[:2]] == ["Adjusted Cost", "Fair Value"]


def test_rows_that_are_periods_and_columns_that_are_measures_change_places():
    rows = [["", "Revenue", "Net income"], ["2022", "$80", "$8"], ["2023", "$100", "$10"]]
    cover = Cover("Acme", "annual report", Period("2023-01-01", "2023-12-31"), currency="USD")
    found = facts(table(rows, header_rows=1), cover)
    assert [(f.label, f.period.end) for f in found] == [
        ("Revenue", "2022-12-31"), ("Net income", "2022-12-31"),
        ("Revenue", "2023-12-31"), ("Net income", "2023-12-31"),
    ]  # fmt: skip


def test_numbers_of_pages_are_no_facts():
    rows = [["", "Page"], ["Item 1. Financial Statements", "3"], ["Item 2. Discussion", "17"]]
    assert facts(table(rows, "", header_rows=1)) == []


def test_a_chinese_statement_in_wan_yuan_is_read_alike():
    rows = [
        ["项目", "2023年度", "2022年度"],
        ["一、营业收入", "12,345.60", "11,000.00"],
        ["减：营业成本", "7,000.00", "6,500.00"],
        ["归属于母公司股东的净利润", "(1,200.50)", "800.00"],
    ]
    cover = Cover(
        "某某股份有限公司", "annual report", Period("2023-01-01", "2023-12-31"), "zh", "CNY"
    )
    made = table(rows, "单位：万元 币种：人民币", header_rows=1, caption="合并利润表")
    found = facts(made, cover)
    assert found[0].metric == "Revenues" and found[0].value == Decimal("123456000")
    assert found[0].period == Period("2023-01-01", "2023-12-31") and found[0].currency == "CNY"
    assert found[4].value == Decimal("-12005000")


def test_the_id_of_a_fact_is_of_its_place_in_its_file():
    first, second = (facts(table(INCOME, SCALE, caption=TITLE, spans=SPANS)) for _ in range(2))
    assert [f.id for f in first] == [f.id for f in second]
    assert len({f.id for f in first}) == len(first)
    assert first[0].id == fact_id("00", first[0].place)


def test_the_total_of_cash_that_a_cash_flow_ends_with_is_of_a_day():
    rows = [
        ["", "2024", "2023"],
        ["Net cash from operating activities", "$10", "$9"],
        ["Purchases of equipment", "(4)", "(3)"],
        ["Net cash from investing activities", "(4)", "(3)"],
        ["Dividends paid", "(3)", "(3)"],
        ["Net cash from financing activities", "(3)", "(3)"],
        ["Net increase in cash held for own use", "3", "3"],
        ["Cash at the beginning of the year", "7", "4"],
        ["Own cash at the end of the year", "10", "7"],
        ["Total cash and cash equivalents", "$12", "$9"],
    ]
    title = "Statement of cash flows for the year ended 31 December 2024"
    total = by_label(facts(table(rows, header_rows=1, caption=title)))[rows[-1][0]]
    assert [f.period for f in total] == [Period("", "2024-12-31"), Period("", "2023-12-31")]


def test_a_period_above_the_labels_is_of_all_columns_that_say_none():
    rows = [["2024 $’m", "Transport", "Total"], ["Revenue", "12", "20"], ["2023"],
            ["Revenue", "11", "19"]]  # fmt: skip
    year = Cover("Acme Ltd", "annual report", Period("2023-07-01", "2024-06-30"))
    found = facts(table(rows, header_rows=1, caption="Segments, year ended June 30, 2022"), year)
    assert [f.period.end for f in found] == ["2024-06-30"] * 2 + ["2023-06-30"] * 2
    assert any(said.text == "2024 $’m" for said in found[0].said)
    for label in ("Segment assets", "Closing balance"):  # of the year's end, which nothing says
        both = [*rows[:2], [label, "50", "60"]]
        assert not any(f.period.end for f in facts(table(both, header_rows=1), year))
    rows[0][0] = "Contract of July 12, 2018"
    assert not any(f.period.end for f in facts(table(rows[:2], header_rows=1), year))


@pytest.mark.parametrize("rows", [[["", "2023"]], [["words", "and words"], ["more", "words"]]])
def test_a_table_without_figures_has_no_facts(rows):
    assert facts(table(rows, header_rows=1)) == []


@pytest.mark.parametrize(
    "title",
    [
        "for the year ended December 31, 2024", "for the years ended December 31, 2024 and 2023",
        "For the year ended 31 December 2024",
    ],
)  # fmt: skip
def test_a_year_alone_is_the_one_that_ends_when_the_title_says(title):
    rows = [["", "2024", "2023"], ["Revenue", "12", "11"], ["Net income", "2", "1"]]
    made = table(rows, header_rows=1, caption=f"Income statement {title}")
    first, second, *_ = facts(made, Cover("Acme Inc.", currency="EUR"))
    assert first.period == Period("2024-01-01", "2024-12-31")
    assert second.period == Period("2023-01-01", "2023-12-31")


def test_a_year_alone_is_unknown_where_nothing_says_when_it_ends():
    rows = [["", "2024", "2023"], ["Revenue", "12", "11"], ["Net income", "2", "1"]]
    made = table(rows, header_rows=1, caption="Income statement")
    assert {fact.status for fact in facts(made, Cover("Acme Inc."))} == {"unknown"}


def test_a_table_of_thousands_of_rows_is_data_and_has_no_facts():
    rows = [["", "2023", "2022"], *([f"item {i}", str(i + 1), str(i + 2)] for i in range(2_000))]
    assert facts(table(rows, header_rows=1)) == []


# currencies


@pytest.mark.parametrize(
    ("heads", "scale", "currencies"),
    [
        (["Webster", "Sterling"], "($ in thousands)", ["USD", "USD"]),
        (["Insurance", "Reinsurance & ILS"], "($ in millions)", ["USD", "USD"]),
        (["Polish zloty", "Czech koruna", "Other"], "(in thousands of euros)", ["EUR"] * 3),
        (["Polish zloty", "Czech koruna"], "(in thousands)", ["PLN", "CZK"]),
        (["2022 RMB", "2022 US$"], "(in thousands)", ["CNY", "USD"]),
        (["2022", "2022 US$"], "(RMB in thousands)", ["CNY", "USD"]),
    ],
)
def test_a_heads_currency_counts_where_it_is_a_sign_or_all_have_one(heads, scale, currencies):
    rows = [["", *heads], ["Revenue", *(f"1,20{i}" for i in range(len(heads)))]]
    found = by_label(facts(table(rows, scale, 1, "Revenue of 2022")))["Revenue"]
    assert [fact.currency for fact in found] == currencies


def test_a_sign_that_cannot_be_the_tables_currency_has_none():
    rows = [["", "2022"], ["Rent of the office in Osaka", "¥ 900"]]
    found = facts(table(rows, "(US$ in thousands)", 1, "Leases, year 2022"))
    assert [fact.currency for fact in found] == [""]


# scales


@pytest.mark.parametrize("line", ["(in thousands)", "RMB'000", "单位：千元"])
def test_a_scale_on_a_row_of_its_own_is_the_tables(line):
    rows = [["", "2022", "2021"], [line], ["Revenue", "1,204", "1,193"]]
    found = by_label(facts(table(rows, line, 1, "Income statement, years 2022 and 2021")))
    assert [fact.value for fact in found["Revenue"]] == [1_204_000, 1_193_000]


def test_a_word_in_a_label_is_no_crore():
    rows = [["", "2022"], ["Movement in Cr. balances", "12"]]
    found = facts(table(rows, "(₹ in million)", 1, "Year 2022"))
    assert [fact.value for fact in found] == [12_000_000]


def test_basis_points_may_stand_in_a_cell_of_their_own():
    rows = [["", "2022", "2021", "Change", ""], ["Customer pay", "57.9%", "56.8%", "110", "bps"],
            ["Warranty", "58.2%", "58.3%", "(10)", "bps"]]  # fmt: skip
    found = by_label(facts(table(rows, "(in millions)", 1, "Gross margins, years 2022 and 2021")))
    points = [fact for label in ("Customer pay", "Warranty") for fact in found[label][2:]]
    assert [(str(f.value), f.unit) for f in points] == [("0.0110", "pure"), ("-0.0010", "pure")]
    assert points[0].verbatim == "110 bps" and points[0].place.box[2] > points[0].place.box[0] + 80


RECONCILED = [
    ["", "2022", "2021"],
    ["Diluted earnings per common share"],
    ["Net income", "$1.40", "$7.19"],
    ["Adjustments before income tax items:"],
    ["Stock-based compensation", "0.42", "0.36"],
    ["Net other", "-", "0.09"],
    ["Adjusted Diluted Earnings per Share", "$1.82", "$7.64"],
]


def test_what_leads_from_one_amount_per_share_to_another_is_per_share():
    caption = "Adjusted Net Income, years 2022 and 2021"
    found = by_label(facts(table(RECONCILED, "(dollars in millions)", 1, caption)))
    assert {(f.unit, f.scale) for f in found["Stock-based compensation"]} == {("currency/share", 1)}
    assert [str(f.value) for f in found["Stock-based compensation"]] == ["0.42", "0.36"]
    rows = [*RECONCILED[:-1], ["Adjusted Net Income", "1,204", "1,193"], RECONCILED[-1]]
    found = by_label(facts(table(rows, "(dollars in millions)", 1, caption)))
    units = {fact.unit for fact in found.get("Stock-based compensation", ())}
    assert "currency/share" not in units  # beside an amount that is none


def test_a_dash_where_nothing_says_the_scale_is_unknown():
    rows = [["", "2022", "2021"], ["Grants received", "-", "-"], ["Grants paid", "12", "11"]]
    found = by_label(facts(table(rows, "", 1, "Grants, years 2022 and 2021")))
    assert {fact.status for one in found.values() for fact in one} == {"unknown"}


def test_earnings_that_are_shared_out_are_no_amount_per_share():
    rows = [["", "2022", "2021"], ["Earnings per share:"],
            [" Net earnings for basic earnings per share", "782,463", "691,200"],
            [" Basic earnings per share", "3.13", "2.75"]]  # fmt: skip
    found = by_label(facts(table(rows, "", 1, "Earnings per share, years 2022 and 2021")))
    large = [fact for fact in found.get(rows[2][0].strip(), ()) if fact.unit == "currency/share"]
    assert all(fact.value is None for fact in large)
    assert [str(fact.value) for fact in found["Basic earnings per share"]] == ["3.13", "2.75"]


def test_a_row_of_years_is_no_row_of_figures():
    rows = [["", "2022", "2021"], ["CHF 000", "2022", "2021"], ["Fees", "1,204", "1,193"]]
    found = by_label(facts(table(rows, "(CHF in thousands)", 1, "Fees, years 2022 and 2021")))
    assert list(found) == ["Fees"]
