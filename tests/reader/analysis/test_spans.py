"""How periods lie to each other."""

import pytest

from tenth.reader.analysis.spans import (
    days_in,
    is_quarter_before,
    is_year_before,
    length_of,
    rest_of,
)
from tenth.reader.model import Period


def test_a_quarter_of_fourteen_weeks_is_a_quarter():
    assert length_of(Period("2022-09-25", "2022-12-31")) == "quarter"
    assert length_of(Period("2023-05-08", "2023-09-03")) == "quarter"  # 17 weeks
    assert length_of(Period("2023-01-01", "2023-06-30")) == "half"
    assert length_of(Period("", "2023-06-30")) == "instant"
    assert length_of(Period()) == "unknown"


@pytest.mark.parametrize(
    ("earlier", "later", "is_before"),
    [
        (Period("2022-07-01", "2022-09-30"), Period("2023-07-01", "2023-09-30"), True),
        (Period("2021-09-26", "2021-12-25"), Period("2022-09-25", "2022-12-31"), True),
        (Period("2022-01-01", "2022-09-30"), Period("2023-07-01", "2023-09-30"), False),
        (Period("2021-07-01", "2021-09-30"), Period("2023-07-01", "2023-09-30"), False),
        (Period("", "2022-09-24"), Period("", "2023-09-30"), True),
        (Period("", "2022-12-31"), Period("", "2023-09-30"), False),
        (Period("", "2022-09-30"), Period("2023-07-01", "2023-09-30"), False),
    ],
)
def test_the_year_before_has_the_same_length(earlier, later, is_before):
    assert is_year_before(earlier, later) is is_before


def test_the_quarter_before_ends_on_the_day_before():
    second, third = Period("2023-04-01", "2023-06-30"), Period("2023-07-01", "2023-09-30")
    assert is_quarter_before(second, third)
    assert not is_quarter_before(Period("2023-01-01", "2023-03-31"), third)
    assert not is_quarter_before(Period("2023-01-01", "2023-06-30"), third)


def test_what_is_left_of_a_period_to_date_is_a_quarter_or_nothing():
    nine = Period("2023-01-01", "2023-09-30")
    six, three = Period("2023-01-01", "2023-06-30"), Period("2023-01-01", "2023-03-31")
    assert rest_of(nine, six) == Period("2023-07-01", "2023-09-30")
    assert rest_of(nine, three) is None  # half a year, but not its second half
    assert rest_of(Period("2023-01-01", "2023-12-31"), six) == Period("2023-07-01", "2023-12-31")
    assert rest_of(nine, Period("2022-07-01", "2022-12-31")) is None


def test_days_count_both_ends():
    assert days_in(Period("2023-07-01", "2023-09-30")) == 92
    assert days_in(Period("", "2023-09-30")) == 0
