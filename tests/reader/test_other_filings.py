"""Shapes that filings of other houses showed, each made small: headers, scales, units, periods."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from tenth.reader.cover import read_cover
from tenth.reader.fiscal import fiscal_year, is_about_fiscal_year
from tenth.reader.kinds import kind_of
from tenth.reader.model import Cover, Period, Place, Said
from tenth.reader.periods import parse_period
from tests.reader.pages import document_of, page_of
from tests.reader.test_tables import by_label, facts, table

ANNUAL = Cover("Acme Inc.", "10-K", Period("2022-01-01", "2022-12-31"), currency="USD")
WEEKS = Cover("Acme Inc.", "10-K", Period("2020-12-27", "2021-12-25"), currency="USD")
TITLE = "Consolidated Statements of Income"
RESULT = [
    ["Net sales", "30", "20", "10"], ["Cost of sales", "(12)", "(8)", "(4)"],
    ["Income before income taxes", "18", "12", "6"], ["Net income", "15", "10", "5"],
]  # fmt: skip


def years(ends: list[str]) -> list[Period]:
    return [Period(f"{year}-01-01", f"{year}-12-31") for year in ends]


# periods


def test_a_span_over_the_first_column_lends_its_day_to_the_earlier_years_beside_it():
    rows = [["", "Years ended December 31, 2022", "2021", "2020"], *RESULT]
    made = table(rows, header_rows=1, caption=TITLE, spans={(0, 1): 2})
    found = by_label(facts(made, ANNUAL))["Net income"]
    assert [fact.period for fact in found] == years(["2022", "2021", "2020"])


@pytest.mark.parametrize(
    "pieces",
    [
        ["Year ended December 31, 2022", "2024"],  # years to come: when what is due falls due
        ["December 31, 2022", "2021"],  # loans by the year they were made in
        ["Year ended December 25, 2022", "2021"],  # weeks: another day
    ],
)
def test_a_date_over_another_year_is_left_unknown_where_its_day_may_not_be_meant(pieces):
    assert parse_period(pieces, ANNUAL) == Period()
    rows = [["", "", ""], ["", *[" ".join(pieces)] * 2], ["Net sales", "3", "2"]]
    assert {fact.period for fact in facts(table(rows), ANNUAL)} <= {Period()}


def test_an_annual_reports_flows_below_the_last_days_of_its_years_are_of_these_years():
    rows = [["", "December 25, 2021", "December 26, 2020", "December 28, 2019"], *RESULT]
    found = by_label(facts(table(rows, header_rows=1, caption=TITLE), WEEKS))["Net income"]
    assert [fact.period for fact in found] == [
        Period("2020-12-27", "2021-12-25"), Period("2019-12-29", "2020-12-26"),
        Period("2018-12-30", "2019-12-28"),
    ]  # fmt: skip


def test_a_flow_below_a_day_alone_is_of_an_unknown_span_in_a_quarters_report():
    cover = Cover("Acme Inc.", "10-Q", Period("2021-06-27", "2021-09-25"), currency="USD")
    rows = [["", "September 25, 2021", "September 26, 2020"], ["Net sales", "3", "2"]]
    assert {fact.period for fact in facts(table(rows, header_rows=1), cover)} == {Period()}


def test_thirty_nine_weeks_in_a_title_are_no_nine_weeks():
    cover = Cover("Acme Inc.", "10-Q", Period("2022-07-31", "2022-10-29"), currency="USD")
    rows = [["", "Hedges", "Pensions"], ["Before reclassification", "3", "2"]]
    made = table(rows, header_rows=1,
                 caption="Changes for the thirty-nine weeks ended October 29, 2022")  # fmt: skip
    assert {fact.period for fact in facts(made, cover)} == {Period("2022-01-30", "2022-10-29")}


def test_years_of_two_columns_in_a_title_are_the_period_of_neither():
    rows = [["", "", ""], ["Cash", "3", "2"], ["Total assets", "9", "8"]]
    made = table(rows, caption="Balance Sheet As of June 30, 2022 2021 Assets")
    assert {fact.period for fact in facts(made, ANNUAL)} <= {Period()}


def test_a_date_that_is_none_is_no_year():
    rows = [["", "31 February 2023", "31 February 2022"], ["Net sales", "3", "2"]]
    cover = Cover("Acme", "annual report", Period("2023-01-01", "2023-12-31"), currency="USD")
    assert {fact.period for fact in facts(table(rows, header_rows=1), cover)} == {Period()}


def test_the_balance_at_the_beginning_of_a_fiscal_year_is_of_the_day_before_it():
    rows = [
        ["", "2022", "2021"], ["Net cash provided by operating activities", "9", "8"],
        ["Net cash used in investing activities", "(5)", "(4)"],
        ["Net cash used in financing activities", "(2)", "(3)"],
        ["Cash balance at beginning of the fiscal year", "5", "4"],
        ["Cash balance at end of the fiscal year", "7", "5"],
        ["Taxes paid", "1", "1"], ["Interest paid", "1", "1"],
    ]  # fmt: skip
    made = table(rows, header_rows=1, caption="Consolidated Statements of Cash Flows")
    found = by_label(facts(made, ANNUAL))
    begun = found["Cash balance at beginning of the fiscal year"]
    assert [fact.period for fact in begun] == [Period("", "2021-12-31"), Period("", "2020-12-31")]


def test_the_middle_columns_span_lends_its_day_to_the_later_year_of_the_report():
    cover = Cover("Acme", "10-K", Period("2022-02-01", "2023-01-31"), currency="USD")
    span = "Fiscal years ended January 31, 2022"
    ends = [parse_period(pieces, cover).end for pieces in ([span, "2023"], [span], [span, "2021"])]
    assert ends == ["2023-01-31", "2022-01-31", "2021-01-31"]


CASH = [
    ["", "2022", "2021"],
    ["Net cash provided by operating activities", "9", "8"],
    ["Net cash used in investing activities", "(5)", "(4)"],
    ["Shares of common stock repurchased to satisfy tax withholding", "(1)", "(1)"],
    ["Net cash used in financing activities", "(2)", "(3)"],
    ["Effect of exchange rate fluctuations on cash", "(6)", "8"],
    ["Net change in cash", "(4)", "9"], ["Cash at beginning of period", "5", "4"],
    ["Cash at end of period", "1", "13"],
]  # fmt: skip
SUNDAYS = Cover("Acme", "10-Q", Period("2022-03-28", "2022-06-26"), currency="USD",
                fiscal_year_start="2022-01-01")  # fmt: skip


def test_years_that_end_with_december_begin_in_january_although_quarters_end_on_sundays():
    rows = [
        ["", "Six Months Ended", ""], ["", "June 26, 2022", "June 27, 2021"], *CASH[1:],
    ]  # fmt: skip
    made = table(rows, caption="Consolidated Statements of Cash Flows", spans={(0, 1): 2})
    found = by_label(facts(made, SUNDAYS))
    begun = [fact.period for fact in found["Cash at beginning of period"]]
    assert begun == [Period("", "2021-12-31"), Period("", "2020-12-31")]
    spans = [fact.period for fact in found["Net change in cash"]]
    assert spans == [Period("2022-01-01", "2022-06-26"), Period("2021-01-01", "2021-06-27")]


def test_years_end_on_a_day_or_with_a_week_as_a_sentence_or_whole_weeks_say():
    said = Said("period", "Our fiscal year ends on December 31.", Place())
    sunday = msgspec.structs.replace(
        SUNDAYS, period=Period("2024-07-01", "2024-09-29"), fiscal_year_start="2024-01-01"
    )  # whole weeks after a year's last day, by chance
    covers = (SUNDAYS, sunday, msgspec.structs.replace(sunday, said=(said,)))
    found = [year for cover in covers if (year := fiscal_year(cover))]
    assert [year.end_in(2020) for year in found] == [
        date(2020, 12, 31), None, date(2020, 12, 31),
    ]  # fmt: skip


def told(*texts: str, end: str) -> Cover:
    said = tuple(Said("period", text, Place()) for text in texts)
    return Cover(form="10-K", period=Period("", end), said=said)


RULE = "Our fiscal year ends on the Saturday nearest the end of January."


def test_fiscal_years_whose_weeks_a_sentence_lists_are_called_so():
    listed = "Fiscal 2023, fiscal 2022 and fiscal 2021 included 52 weeks."
    assert is_about_fiscal_year(listed)
    found = fiscal_year(told(RULE, listed, end="2023-01-28"))
    assert found is not None and str(found.end(2023)) == "2023-01-28"


def test_fiscal_years_that_a_sentence_refers_to_a_company_are_called_so():
    text = ("References to fiscal 2022, 2021 and 2020 are to Acme, Inc.'s fiscal years ended "
            "May 31, 2022, 2021 and 2020, respectively.")  # fmt: skip
    found = fiscal_year(told(text, end="2022-05-31"))
    assert found is not None and str(found.end(2021)) == "2021-05-31"


def test_one_year_whose_weeks_are_told_may_be_the_one_before():
    found = fiscal_year(told(RULE, "Fiscal 2022 included 53 weeks.", end="2023-01-28"))
    assert found is not None and found.end(2022) is None


# units and scales


def test_percents_of_a_column_of_changes_print_their_sign_once():
    rows = [
        ["", "2022", "2021", "Increase/(decrease)"], ["Revenues:"],
        [" Own restaurants", "$90", "$100", "(10)%"], [" Licences", "60", "50", "20"],
        ["Costs:"], [" Wages", "44", "40", "10"], [" Rents", "21", "20", "5"],
    ]  # fmt: skip
    found = by_label(facts(table(rows, header_rows=1), ANNUAL))
    assert found["Wages"][2].value == Decimal("0.1") and found["Wages"][2].unit == "pure"
    assert found["Wages"][0].value == 44_000_000


def test_a_row_of_asterisks_is_no_heading_of_the_rows_below_it():
    rows = [
        ["", "2022", "2021"], ["Product", "35", "41"],
        [" Percentage of revenue", "*", "*"], ["Services", "484", "450"],
    ]  # fmt: skip
    found = by_label(facts(table(rows, header_rows=1), ANNUAL))["Services"]
    assert [(fact.value, fact.unit) for fact in found] == [
        (484_000_000, "currency"), (450_000_000, "currency"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "label", ["Effect of exchange rate fluctuations on cash", CASH[3][0]], ids=["rate", "shares"]
)
def test_what_a_cash_flow_statement_shows_is_money(label):
    made = table(CASH, header_rows=1, caption="Consolidated Statements of Cash Flows")
    found = by_label(facts(made, ANNUAL))[label]
    assert {fact.unit for fact in found} == {"currency"}
    assert found[0].value == int(CASH[[row[0] for row in CASH].index(label)][1].strip("()")) * -(
        10**6
    )


def test_lines_below_a_heading_of_earnings_per_share_are_per_share():
    rows = [
        ["", "2022", "2021", "2020"], *RESULT, ["Basic earnings per share:"],
        ["Income from continuing operations", "0.532", "0.604", "0.387"],
        ["Loss from discontinued operations", "—", "—", "(0.005)"],
    ]  # fmt: skip
    found = by_label(facts(table(rows, header_rows=1, caption=TITLE), ANNUAL))
    basic = found["Income from continuing operations"]
    assert [str(fact.value) for fact in basic] == ["0.532", "0.604", "0.387"]
    assert {fact.unit for fact in basic} == {"currency/share"}
    assert found["Net income"][0].unit == "currency"


def test_lines_below_basic_that_stands_as_deep_as_earnings_per_share_are_per_share():
    rows = [
        ["", "2022", "2021", "2020"], *RESULT, ["Earnings per common share"], ["Basic"],
        [" Continuing operations", "$0.53", "$0.60", "$0.38"],
        [" Discontinued operations", "—", "—", ".10"], ["Diluted"],
        [" Discontinued operations", "—", "—", ".09"], ["Other figures"],
        [" Backlog", "7", "8", "9"],
    ]  # fmt: skip
    found = by_label(facts(table(rows, header_rows=1, caption=TITLE), ANNUAL))
    stopped = found["Discontinued operations"]
    assert [str(fact.value) for fact in stopped] == ["0", "0", "0.10", "0", "0", "0.09"]
    assert {(fact.unit, fact.scale) for fact in stopped} == {("currency/share", 1)}
    assert found["Backlog"][0].section == ("Other figures",)
    assert found["Backlog"][0].value == 7_000_000


EQUITY_LINES = [
    ["", "2022", "2021"], ["Total assets", "99", "88"], ["Equity:"],
    [" Common stock – Par value $0.50 per share; Shares authorized: 3.8 billion;"],
    ["  Shares issued: 1,713 million and 1,708 million", "857", "854"],
    ["  Additional paid-in capital – common stock", "14,212", "14,089"],
    [" Treasury stock, at cost; Shares held: 925 million", "(18,870)", "(16,633)"],
    ["Total liabilities and equity", "99", "88"], ["Common shares outstanding", "788", "858"],
]  # fmt: skip


def test_lines_of_equity_are_amounts_whatever_counts_of_shares_stand_in_their_words():
    scale = "(In millions, except share and per share amounts)"
    made = table(EQUITY_LINES, scale, 1, "Consolidated Balance Sheets")
    found = facts(made, ANNUAL)
    by_row = {fact.row: fact for fact in found if fact.column == 1}
    assert [by_row[row].value for row in (4, 5, 6)] == [
        857_000_000, 14_212_000_000, -18_870_000_000,
    ]  # fmt: skip
    assert {by_row[row].unit for row in (4, 5, 6)} == {"currency"}
    assert (by_row[8].value, by_row[8].unit) == (788, "shares")  # this one counts them


def test_an_amount_per_share_in_a_label_says_nothing_of_its_figures():
    rows = [["", "2022", "2021"], ["Common stock dividends, $2.80 per share", "(702)", "(568)"]]
    found = facts(table(rows, header_rows=1), ANNUAL)
    assert found[0].value == -702_000_000 and found[0].unit == "currency"


SHARES = ["Weighted-average shares outstanding", "102.5", "104.3", "108.7"]


def test_counts_of_shares_follow_money_where_amounts_per_share_alone_are_excepted():
    rows = [["", "2022", "2021", "2020"], *RESULT, SHARES]
    scale = "($ in millions, except per share amounts)"
    found = by_label(facts(table(rows, scale, header_rows=1, caption=TITLE), ANNUAL))
    assert found[SHARES[0]][0].value == 102_500_000
    made = table([*rows[:-1], [SHARES[0], "1,250,000", "1", "1"]], scale, 1, TITLE)
    found = by_label(facts(made, ANNUAL))
    assert found[SHARES[0]][0].value is None  # more than there are: counted in something else


def test_the_scale_in_a_heading_of_shares_is_that_of_the_counts_below_it_alone():
    heading = "Shares used in calculation (000's)"
    rows = [
        ["", "2022", "2021", "2020"], *RESULT, ["Net income per share:"],
        [" Basic", "$6.11", "$5.36", "$5.41"], [" " + heading],
        ["  Basic", "438,437", "438,585", "439,455"],
        ["Other figures"], [" Backlog", "7", "8", "9"],
    ]  # fmt: skip
    scale = "(in millions, except per share amounts)"
    found = by_label(facts(table(rows, scale, header_rows=1, caption=TITLE), ANNUAL))
    assert [(fact.value, fact.scale) for fact in found["Basic"][::3]] == [
        (Decimal("6.11"), 1), (438_437_000, 1000),
    ]  # fmt: skip
    assert heading in [said.text for said in found["Basic"][3].said if said.what == "scale"]
    assert found["Backlog"][0].value == 7_000_000


@pytest.mark.parametrize(
    "scale", ["($ in millions)", "(Dollars in millions, except par value and per share amounts)"]
)
def test_counts_of_shares_are_unknown_where_more_or_nothing_is_excepted(scale):
    rows = [["", "2022", "2021", "2020"], *RESULT, SHARES]
    found = by_label(facts(table(rows, scale, header_rows=1, caption=TITLE), ANNUAL))
    assert found[SHARES[0]][0].value is None


def test_a_scale_at_the_end_of_a_title_counts():
    rows = [["", "2022", "2021", "2020"], *RESULT]
    made = table(rows, "", 1, caption="Consolidated Statements of Income $ in millions")
    assert by_label(facts(made, ANNUAL))["Net income"][0].value == 15_000_000


# statements


EQUITY = ["Common Stock Shares", "Capital in Excess of Par Value", "Retained Earnings", "Total"]
LABELS = ["Balance", "Net income", "Shares withheld for taxes", "Sales of stock"]


def test_columns_of_equity_make_a_statement_of_equity_whatever_its_title():
    assert kind_of("", "(in millions)", EQUITY, LABELS) == "equity"


@pytest.mark.parametrize(
    "title",
    ["Statement of Income for Obligor Group", "Deed of Cross Guarantee Statements of Income"],
)
def test_a_part_of_the_group_is_not_the_group(title):
    assert kind_of(title, "(in millions)", ["2022"], [row[0] for row in RESULT]) == "other"


def test_columns_of_one_period_that_words_tell_apart_are_no_statement():
    rows = [
        ["", "2021 Pretax", "2021 Tax", "2021 Net"], ["Net income", "9", "3", "6"],
        ["Other comprehensive income", "3", "1", "2"], ["Comprehensive income", "12", "4", "8"],
    ]  # fmt: skip
    cover = Cover("Acme", "10-K", Period("2021-01-01", "2021-12-31"), currency="USD")
    found = facts(table(rows, header_rows=1), cover)
    assert {fact.metric for fact in found} == {""}


def test_signs_named_over_all_columns_of_a_statement_make_them_no_changes():
    rows = [
        ["", "Years Ended", "", ""],
        ["", "December 2, 2022", "December 3, 2021", "November 27, 2020"],
        ["", "Increase/(Decrease)", "", ""], ["Net income", "4,756", "4,822", "5,260"],
        ["Other comprehensive income, net of taxes", "(156)", "21", "30"],
        ["Total comprehensive income", "4,600", "4,843", "5,290"],
    ]  # fmt: skip
    made = table(rows, header_rows=3, spans={(0, 1): 3, (2, 1): 3},
                 caption="Consolidated Statements of Comprehensive Income")  # fmt: skip
    cover = Cover("Acme", "10-K", Period("2021-12-04", "2022-12-02"), currency="USD")
    ends = [fact.period.end for fact in facts(made, cover)[:3]]
    assert ends == ["2022-12-02", "2021-12-03", "2020-11-27"]


# covers


def test_a_logo_for_a_name_leaves_no_name_rather_than_the_line_above():
    lines = ["FORM 10-K", "For the fiscal year ended January 29, 2022", "OR",
             "For the transition period from to", "Commission File No. 1-1",
             "(Exact name of registrant as specified in its charter)"]  # fmt: skip
    assert read_cover(document_of(page_of(*lines))).entity == ""


def test_a_logos_company_is_the_one_that_its_statements_are_titled_with():
    cover = ["FORM 10-K", "For the fiscal year ended January 29, 2022",
             "(Exact name of registrant as specified in its charter)"]  # fmt: skip
    pages = [page_of(*cover)]
    for number, name in enumerate(["BALANCE SHEETS", "STATEMENTS OF INCOME", "CASH FLOWS"], 2):
        pages.append(page_of(f"ACME COLA COMPANY AND SUBSIDIARIES CONSOLIDATED {name}",
                             number=number))  # fmt: skip
    assert read_cover(document_of(*pages)).entity == "ACME COLA COMPANY"


def test_a_press_release_is_of_the_company_whose_listing_it_names_and_of_its_quarter():
    lines = ["Acme Reports Second Quarter Results",
             "SPRINGFIELD, August 29, 2023 -- Acme Tools Co., Inc. (NYSE: ACM) today announced",
             "results for the second quarter. See our most recent Annual Report on Form 10-K.",
             ]  # fmt: skip
    cover = read_cover(document_of(page_of(*lines)))
    assert (cover.entity, cover.form) == ("Acme Tools Co., Inc.", "quarterly report")
