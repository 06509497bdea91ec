"""Periods in questions, and which reports are meant."""

import pytest

from tenth.reader.find.reporting import Reporting, fit
from tenth.reader.find.when import When, periods_in
from tenth.reader.model import Cover, Period

JUNE = Cover(  # a company whose fiscal year ends in September
    "Acme Inc.", "10-Q", Period("2023-04-02", "2023-07-01"), fiscal_year_start="2022-09-25"
)
CALENDAR = Cover(
    "Widget Co.", "10-Q", Period("2023-07-01", "2023-09-30"), fiscal_year_start="2023-01-01"
)


@pytest.mark.parametrize(
    ("question", "quarter", "months", "year"),
    [
        ("net sales in the third quarter of 2023", 3, 3, 2023),
        ("Q3 2023 net sales", 3, 3, 2023),
        ("3Q23 sales", 3, 3, 2023),
        ("sales, Q1 FY24", 1, 3, 2024),
        ("first half of 2023", 2, 6, 2023),
        ("H1 2023", 2, 6, 2023),
        ("first nine months of 2022", 3, 9, 2022),
        ("2023 Q2 report", 2, 3, 2023),
        ("2023年三季度营业收入", 3, 3, 2023),
        ("2023年第三季度", 3, 3, 2023),
        ("2023年半年度", 2, 6, 2023),
        ("2023年1-9月", 3, 9, 2023),
    ],
)
def test_a_part_of_a_year_is_read(question, quarter, months, year):
    (found,) = periods_in(question)
    assert (found.quarter, found.months, found.year) == (quarter, months, year)


def test_dates_and_months_and_years_alone_are_read():
    assert periods_in("quarter ended July 1, 2023") == [When(day="2023-07-01")]
    assert periods_in("2023年9月30日的存货") == [When(day="2023-09-30")]
    assert periods_in("in the June 2023 quarter") == [When(month="2023-06")]
    assert periods_in("fiscal 2023 sales") == [When(year=2023, fiscal=True)]
    assert periods_in("the latest report") == [When(latest=True)]


def test_a_question_without_a_period_has_none():
    assert periods_in("How did sales develop over time?") == []
    assert periods_in("more than $2023 or 2,023 shares") == []


def test_a_fiscal_quarter_is_the_company_s_own():
    (third,) = periods_in("third quarter of fiscal 2023")
    assert fit(third, Reporting(JUNE)) == 1
    assert fit(third, Reporting(CALENDAR)) == 1


def test_a_quarter_that_is_not_said_to_be_fiscal_may_be_the_calendar_s():
    (second,) = periods_in("second quarter of 2023")
    assert 0 < fit(second, Reporting(JUNE)) < 1
    (fiscal,) = periods_in("second quarter of fiscal 2023")
    assert fit(fiscal, Reporting(JUNE)) == 0


def test_a_quarter_is_told_by_the_text_where_the_cover_tells_no_year():
    cover = Cover("Acme Inc.", "10-Q", Period("", "2023-07-30"))
    (second,) = periods_in("Q2 fiscal 2024")
    assert fit(second, Reporting(cover)) == 0
    assert fit(second, Reporting(cover, (2, 2024))) == 1


def test_a_month_is_met_by_a_week_s_end_in_the_next():
    (june,) = periods_in("the June 2023 quarter")
    assert fit(june, Reporting(JUNE)) > 0.5
    assert fit(june, Reporting(CALENDAR)) == 0


def test_a_report_without_a_period_meets_none():
    assert fit(When(year=2023), Reporting(Cover())) == 0


def test_impossible_dates_do_no_harm():
    assert periods_in("the month 2023年99月 and June 31, 2023") is not None
    assert periods_in("Q9 2023") == [When(year=2023)]
