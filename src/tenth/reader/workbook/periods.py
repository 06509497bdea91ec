"""Periods as columns: how long they are, in which order they stand, which one is a year before."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from tenth.reader.model import Period

Length = Literal["quarter", "half", "nine_months", "year", "other", "instant", "unknown"]
ORDER: tuple[Length, ...] = (
    "quarter", "half", "nine_months", "year", "other", "instant", "unknown",
)  # fmt: skip
# days, both ends included: weeks-based fiscal calendars are up to three weeks off the months
_DAYS: tuple[tuple[int, int, Length], ...] = (
    (80, 118, "quarter"), (165, 203, "half"), (245, 294, "nine_months"), (345, 385, "year"),
)  # fmt: skip
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def length_of(period: Period) -> Length:
    if not period.end:
        return "unknown"
    if not period.start:
        return "instant"
    days = days_of(period)
    for low, high, name in _DAYS:
        if low <= days <= high:
            return name
    return "other"


def days_of(period: Period) -> int:
    return (day(period.end) - day(period.start)).days + 1


def day(text: str) -> date:
    return date.fromisoformat(text)


def sort_key(period: Period) -> tuple[int, str, str]:
    """Quarters, halves, ... instants; oldest first within each."""
    return ORDER.index(length_of(period)), period.end, period.start


def year_before(period: Period, others: Iterable[Period]) -> Period | None:
    """The one of the same length that ended about a year earlier."""
    if not period.end:
        return None
    length = length_of(period)
    found = [
        other
        for other in others
        if other.end
        and length_of(other) == length
        and (length != "other" or abs(days_of(other) - days_of(period)) <= 8)
        and abs((day(period.end) - day(other.end)).days - 365) <= 10
    ]
    return min(found, key=lambda other: (other.end, other.start)) if found else None


def is_fiscal_year(period: Period, ends: Iterable[str]) -> bool:
    """Whether a year ends within ten days of the anniversary of one of `ends`, or none is known."""
    if length_of(period) != "year":
        return False
    apart = [abs((day(period.end) - day(end)).days) % 365.25 for end in ends]
    return not apart or any(min(days, 365.25 - days) <= 10 for days in apart)


def calendar_quarter(end: str) -> tuple[int, int]:
    """Year and quarter whose last day is nearest to `end`."""
    at = day(end)
    lasts = [
        (quarter_end(year, quarter), (year, quarter))
        for year in (at.year - 1, at.year, at.year + 1)
        for quarter in (1, 2, 3, 4)
    ]
    return min(lasts, key=lambda last: (abs((last[0] - at).days), last[0]))[1]


def quarter_end(year: int, quarter: int) -> date:
    first_after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return first_after - timedelta(days=1)


def date_text(end: str, language: str) -> str:
    """ "2023-09-30" as "Sep 30, 2023" or 2023年9月30日."""
    if not end:
        return ""
    at = day(end)
    if language == "zh":
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{MONTHS[at.month - 1]} {at.day}, {at.year}"


def previous_part(period: Period, others: Iterable[Period]) -> Period | None:
    """For a year-to-date period, the one with the same first day that is a quarter shorter: what is
    left is the last quarter."""
    if not period.start:
        return None
    for other in sorted(others):
        rest = (day(period.end) - day(other.end)).days if other.end else 0
        if other.start == period.start and 80 <= rest <= 118:
            return other
    return None


def last_quarter(period: Period, before: Period) -> Period:
    """What `period` has beyond `before`, which begins with it."""
    return Period((day(before.end) + timedelta(days=1)).isoformat(), period.end)
