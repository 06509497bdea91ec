"""Column headers become periods: calendar months, weeks, fiscal quarters and years, or unknown."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.reader.dates import add_months, dates_in, is_month_end, month_end
from tenth.reader.model import Cover, Period, Place, Said
from tenth.reader.periods import (
    is_change,
    is_restated,
    is_year_before,
    months_of,
    parse_period,
    prior_year,
    refine_starts,
    same_span,
    share_spans,
)
from tenth.reader.spans import printed_ends
from tests.reader.pages import document_of, table_of

CALENDAR = Cover("Acme", "10-K", Period("", "2023-12-31"))
JUNE = Cover("Acme", "10-Q", Period("", "2023-03-31"), fiscal_year_start="2022-07-01")
UNTOLD = Cover("Acme", "10-Q", Period("", "2023-03-31"))
UNKNOWN = Period()


def said(*texts: str) -> tuple[Said, ...]:
    return tuple(Said("period", text, Place()) for text in texts)


SATURDAYS = Cover(
    "Fruit", "10-Q", Period("", "2022-12-31"), fiscal_year_start="2022-09-25",
    said=said("Our fiscal year is the 52- or 53-week period that ends on the last Saturday of "
              "September."),
)  # fmt: skip
CHIPS = Cover("Chips", "10-Q", Period("", "2022-10-01"), fiscal_year_start="2021-12-26")


def check(pieces, cover, start, end, instant=None, known=()):
    assert parse_period(pieces, cover, instant, known) == Period(start, end)


@pytest.mark.parametrize(
    ("pieces", "start", "end"),
    [
        (["Three Months Ended", "June 30, 2023"], "2023-04-01", "2023-06-30"),
        (["Nine Months Ended September 30,", "2022"], "2022-01-01", "2022-09-30"),
        (["Three Months Ended September 30,", "(unaudited)", "2022"], "2022-07-01", "2022-09-30"),
        (["Three Months Ended September 30,", "2022", "As Reported"], "2022-07-01", "2022-09-30"),
        (["Year ended December 31, 2023"], "2023-01-01", "2023-12-31"),
        (["For the six months ended 30 June", "2023", "RMB'000"], "2023-01-01", "2023-06-30"),
        (["Twelve Months Ended March 31, 2023"], "2022-04-01", "2023-03-31"),
        (["From July 1, 2022 to September 30, 2022"], "2022-07-01", "2022-09-30"),
        (["Sep 30, 2023"], "", "2023-09-30"),
        (["As of March 31, 2023"], "", "2023-03-31"),
        (["31.12.2023"], "", "2023-12-31"),
        (["1.1.-31.12.2022"], "2022-01-01", "2022-12-31"),
        (["1.1.-31.12.2022 1"], "2022-01-01", "2022-12-31"),
        (["01.07.2022 – 30.06.2023"], "2022-07-01", "2023-06-30"),
        (["1 January to 30 June 2022"], "2022-01-01", "2022-06-30"),
        (["October 1 – September 30, 2022"], "2021-10-01", "2022-09-30"),
        (["2023-12-31"], "", "2023-12-31"),
        (["13 Weeks Ended", "April 2, 2023"], "2023-01-02", "2023-04-02"),
        (["Fourteen weeks ended", "April 2, 2023"], "2022-12-26", "2023-04-02"),
    ],
)
def test_dates_and_spans_need_no_cover(pieces, start, end):
    check(pieces, Cover(), start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Q3 2023", "2023-07-01", "2023-09-30"),
        ("3Q23", "2023-07-01", "2023-09-30"),
        ("FY22 Q3", "2022-07-01", "2022-09-30"),
        ("2023 Q1", "2023-01-01", "2023-03-31"),
        ("1H23", "2023-01-01", "2023-06-30"),
        ("H2 2023", "2023-07-01", "2023-12-31"),
        ("2023H1", "2023-01-01", "2023-06-30"),
        ("9M 2023", "2023-01-01", "2023-09-30"),
        ("First nine months of 2023", "2023-01-01", "2023-09-30"),
        ("third quarter of fiscal 2023", "2023-07-01", "2023-09-30"),
        ("FY2023", "2023-01-01", "2023-12-31"),
        ("Fiscal 2023", "2023-01-01", "2023-12-31"),
        ("2023A", "2023-01-01", "2023-12-31"),
        ("2024E", "2024-01-01", "2024-12-31"),
        ("24E", "2024-01-01", "2024-12-31"),
        ("2023FY", "2023-01-01", "2023-12-31"),
        ("2023", "2023-01-01", "2023-12-31"),
    ],
)
def test_labels_of_fiscal_years_resolve_by_the_cover(text, start, end):
    check([text], CALENDAR, start, end)


def test_a_fiscal_year_that_ends_in_june_has_its_first_quarter_in_july():
    check(["Q1 FY23"], JUNE, "2022-07-01", "2022-09-30")
    check(["Fiscal Year", "2023"], JUNE, "2022-07-01", "2023-06-30")
    check(["YTD 2023"], JUNE, "2022-07-01", "2023-03-31")


@pytest.mark.parametrize("text", ["2023", "Q1 2023", "FY2023", "H1 2023", "YTD 2023"])
def test_without_a_fiscal_year_its_labels_are_unknown(text):
    assert parse_period([text], UNTOLD) == UNKNOWN


def test_a_footnotes_mark_behind_a_year_is_none_of_its_digits():
    check(["2021 1", "$’000"], CALENDAR, "2021-01-01", "2021-12-31")
    assert parse_period(["2021 12"], CALENDAR) == UNKNOWN


def test_the_mark_of_a_footnote_is_no_part_of_a_year():
    check(["2023 1"], CALENDAR, "2023-01-01", "2023-12-31")
    check(["As at 31 March 2023 2"], Cover(), "", "2023-03-31")


def test_a_bare_year_is_what_the_statements_call_by_it():
    """ "FY2021" of the same company may be the year that ends in 2022."""
    told = Cover(
        "Acme", "annual report", Period("2021-04-01", "2022-03-31"),
        said=said("Statement of financial position as at 31 March 2022 2022 $’000"),
    )  # fmt: skip
    check(["2021"], told, "2020-04-01", "2021-03-31")
    assert parse_period(["FY2021"], told) == UNKNOWN
    retail = msgspec.structs.replace(
        told, said=said("For the year ended March 31, 2022 2021 $’000")
    )
    check(["2021"], retail, "2021-04-01", "2022-03-31")


def test_a_calendar_year_is_one_whatever_the_fiscal_year():
    check(["Calendar year 2023"], UNTOLD, "2023-01-01", "2023-12-31")


def test_a_bare_year_in_a_quarters_report_is_unknown():
    assert parse_period(["2023"], JUNE) == UNKNOWN


def test_a_year_named_after_neither_end_is_unknown_until_a_sentence_tells():
    retail = Cover("Shop", "10-K", Period("", "2023-01-28"))
    assert parse_period(["FY2022"], retail) == UNKNOWN
    told = Cover(
        "Shop", "10-K", Period("", "2023-01-28"),
        said=said("The fiscal year ended January 28, 2023 (“fiscal 2022”) had 52 weeks."),
    )  # fmt: skip
    check(["FY2022"], told, "2022-01-30", "2023-01-28")
    named = Cover(
        "Grid", "10-Q", Period("", "2022-10-30"), fiscal_year_start="2022-01-31",
        said=said("We operate on a 52- or 53-week year, ending on the last Sunday in January.",
                  "Fiscal years 2023 and 2022 are both 52-week years."),
    )  # fmt: skip
    check(["Q3 FY23"], named, "2022-08-01", "2022-10-30")
    check(["FY2023"], named, "2022-01-31", "2023-01-29")


def test_quarters_of_weeks_begin_thirteen_weeks_before_their_end():
    check(["Three Months Ended", "July 1, 2023"], Cover(), "2023-04-02", "2023-07-01")


def test_a_first_quarter_begins_the_day_after_the_fiscal_year_that_the_document_tells():
    check(["Three Months Ended", "December 31, 2022"], SATURDAYS, "2022-09-25", "2022-12-31")
    check(["Three Months Ended", "December 25, 2021"], SATURDAYS, "2021-09-26", "2021-12-25")
    check(["Nine Months Ended", "Oct 1, 2022"], CHIPS, "2021-12-26", "2022-10-01")
    check(["Nine Months Ended", "Sep 25, 2021"], CHIPS, "2020-12-27", "2021-09-25")


def test_a_quarter_of_weeks_that_ends_with_a_month_is_told_by_the_rule():
    chips = Cover(
        "Chips", "10-Q", Period("", "2023-09-30"), fiscal_year_start="2023-01-01",
        said=said("We have a 52- or 53-week fiscal year ending on the last Saturday in December."),
    )  # fmt: skip
    check(["Three Months Ended", "Sep 30, 2023"], chips, "2023-07-02", "2023-09-30")
    check(["Q3 2023"], chips, "2023-07-02", "2023-09-30")
    assert parse_period(["Q3 2022"], chips) == UNKNOWN  # where 2022 has its 53rd week, who knows
    check(["Q3 2022"], chips, "2022-07-03", "2022-10-01", known=["2022-10-01"])
    check(["YTD 2022"], chips, "2021-12-26", "2022-10-01", known=["2022-10-01"])


@pytest.mark.parametrize(
    "pieces",
    [
        ["Three Months Ended June 30, 2023", "Change"],
        ["2023 vs 2022"],
        ["% Change"],
        ["Less than 12 Months"],
        ["Level 1"],
        ["Total"],
        [],
        ["Three Months Ended June 25, 2022 June 26, 2021"],
        ["December 31,", "2023", "2022"],
        ["Three Months Ended", "2023"],
    ],
)
def test_what_is_no_period_or_two_is_unknown(pieces):
    assert parse_period(pieces, CALENDAR) == UNKNOWN


def test_a_balance_is_of_the_day_its_span_ends():
    check(["Year ended December 31, 2023"], CALENDAR, "", "2023-12-31", instant=True)
    check(["2023"], CALENDAR, "", "2023-12-31", instant=True)


def test_a_flow_without_a_span_is_unknown():
    assert parse_period(["June 30, 2023"], CALENDAR, instant=False) == UNKNOWN


def test_restated_columns_say_so():
    assert is_restated("2022 (As Restated)")
    assert is_restated("2022年度（调整后）")
    assert not is_restated("2022年度（调整前）")
    assert not is_restated("As Reported")
    check(["2022 (Restated)"], CALENDAR, "2022-01-01", "2022-12-31")


def test_a_span_that_is_centred_over_two_years_is_both_columns():
    span = "Three Months Ended September 30,"
    heads = [["2023"], [span, "2022"], ["Percentage Change"]]
    assert share_spans(heads) == [[span, "2023"], [span, "2022"], ["Percentage Change"]]


def test_of_two_spans_none_is_shared():
    heads = [
        ["2023"],
        ["Three Months Ended June 30,", "2022"],
        ["Six Months Ended June 30,", "2023"],
    ]
    assert share_spans(heads) == heads
    assert share_spans([["2023"], ["Total"]]) == [["2023"], ["Total"]]


def test_changes_are_told_from_periods():
    assert is_change("$ Change")
    assert is_change("本年比上年增减(%)")
    assert not is_change("Three Months Ended")


def test_starts_move_to_the_day_after_a_printed_fiscal_year_end():
    guessed = Period("2022-01-02", "2022-04-02")
    exact = Period("2023-01-01", "2023-03-31")
    moved = refine_starts([guessed, exact, Period("", "2022-04-02")], ["2021-12-25", "2022-12-31"])
    assert moved == {guessed: Period("2021-12-26", "2022-04-02")}


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2023-01-01", "2023-03-31", 3), ("2022-09-25", "2022-12-31", 3),
        ("2021-12-26", "2022-10-01", 9), ("2022-01-01", "2022-12-31", 12), ("", "2022-12-31", 0),
        ("2022-09-25", "2023-04-01", 6),
    ],
)  # fmt: skip
def test_months_are_counted_and_rounded(start, end, months):
    assert months_of(Period(start, end)) == months


def test_the_year_before_keeps_months_ends_and_weeks():
    assert prior_year(Period("2024-01-01", "2024-02-29")) == Period("2023-01-01", "2023-02-28")
    assert prior_year(Period("", "2023-12-31")) == Period("", "2022-12-31")
    assert prior_year(Period("2023-04-02", "2023-07-01")) == Period("2022-04-03", "2022-07-02")
    earlier, later = Period("2022-03-27", "2022-06-25"), Period("2023-04-02", "2023-07-01")
    assert is_year_before(earlier, later)
    assert same_span(earlier, later)
    assert not is_year_before(later, earlier)
    assert not same_span(UNKNOWN, UNKNOWN)


def test_the_ends_of_periods_are_dates_that_two_tables_head_their_columns_with():
    once = table_of([["", "Oct 1, 2022", "Sep 30, 2023"], ["Sales", "1", "2"]])
    again = table_of([["", "Oct 1, 2022", "Dec 29, 2021"], ["Costs", "July 4, 2020", "2"]])
    assert printed_ends(document_of(tables=[once, again])) == ("2022-10-01",)


def test_a_day_that_may_be_a_month_is_no_date():
    assert dates_in("7/8/2023") == []
    assert [day for day, _, _ in dates_in("12/31/2023")] == [date(2023, 12, 31)]
    assert dates_in("June 31, 2023") == []


DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))


@given(DAYS, st.sampled_from([3, 6, 9, 12]))
def test_months_to_a_months_end_are_calendar_months(day, months):
    end = month_end(day.year, day.month)
    name = {3: "Three", 6: "Six", 9: "Nine", 12: "Twelve"}[months]
    period = parse_period([f"{name} Months Ended", f"{end:%B} {end.day}, {end.year}"], Cover())
    assert period.end == end.isoformat()
    assert period.start.endswith("-01")
    assert months_of(period) == months


@given(DAYS, st.integers(-40, 40))
def test_months_added_and_taken_keep_a_months_end(day, months):
    end = month_end(day.year, day.month)
    assert is_month_end(add_months(end, months))
    assert add_months(add_months(end, months), -months) == end


FORMS = ("{0:%B} {1}, {0:%Y}", "{0:%b} {1}, {0:%Y}", "{1} {0:%B} {0:%Y}", "{0:%Y}-{0:%m}-{0:%d}",
         "{0:%d}.{0:%m}.{0:%Y}", "{0:%Y}年{2}月{1}日")  # fmt: skip


@given(DAYS, st.sampled_from(FORMS))
def test_every_way_to_print_a_day_is_read_as_that_day(day, form):
    text = form.format(day, day.day, day.month)
    assert [found for found, _, _ in dates_in(text)] == [day]
