"""How periods lie to each other: the same one a year before, the quarter before, what is left."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from tenth.reader.model import Period

Length = Literal["instant", "quarter", "half", "nine months", "year", "other", "unknown"]

# Days. Retailers' quarters have 12 to 17 weeks, years of 52 or 53 weeks 364 or 371 days.
_LENGTHS: tuple[tuple[Length, int, int], ...] = (
    ("quarter", 80, 120),
    ("half", 160, 200),
    ("nine months", 240, 290),
    ("year", 350, 378),
)
_A_WEEK = 8  # days by which fiscal years of whole weeks come to differ, and a leap day


@lru_cache(maxsize=65_536)
def day(iso: str) -> date:
    """Raises ValueError where it is no ISO date."""
    return date.fromisoformat(iso)


def is_dated(period: Period) -> bool:
    """Whether it has an end, in dates that are in the calendar and in their order."""
    try:
        return bool(period.end) and day(period.start or period.end) <= day(period.end)
    except ValueError:
        return False


def days_in(period: Period) -> int:
    """From the first to the last day, both included; 0 where there is no start."""
    if not period.start or not period.end:
        return 0
    return (day(period.end) - day(period.start)).days + 1


def length_of(period: Period) -> Length:
    if not period.start:
        return "instant" if period.end else "unknown"
    days = days_in(period)
    for name, least, most in _LENGTHS:
        if least <= days <= most:
            return name
    return "other" if days > 0 else "unknown"


def is_year_before(earlier: Period, later: Period) -> bool:
    """Whether both are instants, or of one length to within a week, and their ends a year apart."""
    if not earlier.end or not later.end or bool(earlier.start) != bool(later.start):
        return False
    apart = (day(later.end) - day(earlier.end)).days
    return abs(apart - 365) <= _A_WEEK and abs(days_in(later) - days_in(earlier)) <= _A_WEEK


def is_quarter_before(earlier: Period, later: Period) -> bool:
    """Whether two quarters of one length, to within a week, follow each other."""
    return (
        length_of(earlier) == length_of(later) == "quarter"
        and follows(earlier, later)
        and abs(days_in(later) - days_in(earlier)) <= _A_WEEK
    )


def next_day(iso: str) -> str:
    return (day(iso) + timedelta(1)).isoformat()


def follows(earlier: Period, later: Period) -> bool:
    """Whether the later one begins on the day after the earlier one's end."""
    if not earlier.end or not later.start:
        return False
    return later.start == next_day(earlier.end)


def rest_of(longer: Period, shorter: Period) -> Period | None:
    """What is left of a period to date when one with the same first day is taken off: a quarter,
    or the second half of a year; else None."""
    if not longer.start or longer.start != shorter.start or shorter.end >= longer.end:
        return None
    left = Period(next_day(shorter.end), longer.end)
    halves = (length_of(longer), length_of(shorter), length_of(left)) == ("year", "half", "half")
    return left if halves or length_of(left) == "quarter" else None


def in_words(period: Period) -> str:
    """ "2023-07-01 to 2023-09-30"."""
    return f"{period.start} to {period.end}" if period.start else period.end or "an unknown period"
