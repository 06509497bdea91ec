"""Fiscal years by what documents say of them, and their ends to the day."""

from datetime import date

import pytest

from tenth.reader.fiscal import bare_year_end, fiscal_year, is_about_fiscal_year, nearest
from tenth.reader.model import Cover, Period, Place, Said


def told(*texts: str, **others) -> Cover:
    return Cover(said=tuple(Said("period", text, Place()) for text in texts), **others)


@pytest.mark.parametrize(
    ("text", "year", "end"),
    [
        ("Our fiscal year ends on the last Saturday of September.", 2022, "2022-09-24"),
        ("a 52- or 53-week year, ending on the last Sunday in January", 2023, "2023-01-29"),
        ("The fiscal year ends on the Saturday nearest to January 31.", 2023, "2023-01-28"),
        ("Our fiscal year is the 52 or 53 weeks ending on the Friday closest to December 31.",
         2021, "2021-12-31"),
        ("Our fiscal year ends on June 30.", 2023, "2023-06-30"),
        ("The fiscal year is the calendar year.", 2023, "2023-12-31"),
        ("公司会计年度自公历1月1日起至12月31日止。", 2023, "2023-12-31"),
    ],
)  # fmt: skip
def test_a_rule_tells_every_fiscal_years_end(text, year, end):
    assert is_about_fiscal_year(text)
    found = fiscal_year(told(text))
    assert found is not None
    assert found.end_in(year) == date.fromisoformat(end)


@pytest.mark.parametrize(
    "text",
    ["Revenue grew by 3%.", "We ended the year well.", "In calendar year 2021 we sold more."],
)
def test_other_sentences_are_not_about_the_fiscal_year(text):
    assert not is_about_fiscal_year(text)


def test_nothing_said_is_no_fiscal_year():
    assert fiscal_year(Cover()) is None
    assert fiscal_year(Cover(form="10-Q", period=Period("", "2023-09-30"))) is None


def test_weeks_without_a_rule_have_ends_only_where_they_are_printed():
    found = fiscal_year(Cover(form="10-K", period=Period("", "2022-12-25")))
    assert found is not None
    assert found.by_weeks
    assert found.end_in(2022) == date(2022, 12, 25)
    assert found.end_in(2021) is None
    assert found.end_in(2021, ["2021-12-26"]) == date(2021, 12, 26)


def test_quarters_of_a_year_of_52_weeks_are_thirteen_weeks_each():
    found = fiscal_year(told("Our fiscal year ends on the last Saturday in December."))
    assert found is not None
    end, before = found.end(2023), found.end(2022)
    ends = [found.quarter_end(end, before, quarter, ()) for quarter in (1, 2, 3, 4)]
    assert [str(day) for day in ends] == ["2023-04-01", "2023-07-01", "2023-09-30", "2023-12-30"]


def test_in_a_year_of_53_weeks_only_a_printed_end_tells_the_quarters():
    found = fiscal_year(told("Our fiscal year ends on the last Saturday in December."))
    assert found is not None
    end, before = found.end(2022), found.end(2021)
    assert found.quarter_end(end, before, 3, ()) is None
    assert found.quarter_end(end, before, 3, ["2022-10-01"]) == date(2022, 10, 1)


def test_the_nearest_known_date_is_taken_if_it_is_near():
    assert nearest(date(2023, 1, 1), ["2022-12-25", "2023-01-03"]) == date(2023, 1, 3)
    assert nearest(date(2023, 1, 1), ["2022-11-25", ""]) is None


def test_years_listed_after_a_date_are_no_names_of_its_year():
    listed = Said("period", "For the years ended December 31, 2022 2021 2020 2019", Place(4))
    named = Said("period", "Balance sheet as at 31 March 2022 2021", Place(4))
    year = Cover("Acme", "annual report", Period("2022-01-01", "2022-12-31"), said=(listed,))
    assert bare_year_end(year, 2022) is None
    year = Cover("Acme", "annual report", Period("2021-04-01", "2022-03-31"), said=(named,))
    assert bare_year_end(year, 2021) == date(2022, 3, 31)
