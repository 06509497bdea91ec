"""Where periods begin, how long they are, which is the same a year before: months and weeks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tenth.documents.model import Document
from tenth.reader.dates import add_months, dates_in, is_month_end
from tenth.reader.fiscal import NEAR, FiscalYear, fiscal_year, nearest
from tenth.reader.model import Cover, Period


def printed_ends(document: Document) -> tuple[str, ...]:
    """The days (ISO) that the headers of at least two of a document's tables print: the ends of
    its periods. Headers that only name a quarter take its last day from these."""
    counts: Counter[str] = Counter()
    for table in document.tables:
        heads = [c.text for c in table.cells if c.header or c.row < table.header_rows]
        counts.update({day.isoformat() for text in heads for day, _, _ in dates_in(text)})
    return tuple(sorted(day for day, count in counts.items() if count > 1))


def months_of(period: Period) -> int:
    """How many months a period has, rounded; 0 for an instant and for an unknown one."""
    if not period.start or not period.end:
        return 0
    days = (date.fromisoformat(period.end) - date.fromisoformat(period.start)).days + 1
    return round(days / 30.4375)


def same_span(one: Period, other: Period) -> bool:
    """Whether two known periods are of as many months, or both of a day."""
    return bool(one.end and other.end) and months_of(one) == months_of(other)


def prior_year(period: Period) -> Period:
    """The same period a year before: months that end with a month's end stay so, weeks go back by
    52 of them."""
    if not period.end:
        return period
    end = date.fromisoformat(period.end)
    start = date.fromisoformat(period.start) if period.start else None
    by_months = is_month_end(end) and (start is None or start.day == 1)

    def back(day: date) -> date:
        return add_months(day, -12) if by_months else day - timedelta(364)

    begin = back(start).isoformat() if start else ""
    if by_months and start:
        begin = (back(start - timedelta(1)) + timedelta(1)).isoformat()
    return Period(begin, back(end).isoformat())


def is_year_before(earlier: Period, later: Period) -> bool:
    """Whether `earlier` is the same period of the year before, give or take the weeks' shift."""
    if not same_span(earlier, later):
        return False
    gap = date.fromisoformat(later.end) - date.fromisoformat(earlier.end)
    return abs(gap.days - 365) <= NEAR.days


def refine_starts(periods: Iterable[Period], year_ends: Iterable[str]) -> dict[Period, Period]:
    """Periods whose starts lie within ten days of the day after one of an entity's printed fiscal
    year ends, and the same with that start. Only spans of weeks move: what begins with a month and
    ends with one is exact."""
    starts = sorted({date.fromisoformat(end) + timedelta(1) for end in year_ends if end})
    moved = {}
    for period in periods:
        if not period.start or _is_of_months(period):
            continue
        start = date.fromisoformat(period.start)
        near = [day for day in starts if abs(day - start) <= NEAR]
        if near and start not in near:
            best = min(near, key=lambda day: (abs(day - start), day))
            moved[period] = Period(best.isoformat(), period.end)
    return moved


def span_before(
    end: date, months: int, weeks: int, cover: Cover, known: Sequence[str] = ()
) -> Period:
    """The `months` (or, where said, `weeks`) up to `end`, by the entity's calendar."""
    if weeks:
        return Period((end - timedelta(7 * weeks - 1)).isoformat(), end.isoformat())
    fiscal = fiscal_year(cover)
    by_weeks = not is_month_end(end) or (
        fiscal.by_weeks if fiscal else any(not is_month_end(day) for day in _days(known))
    )
    if not by_weeks:
        start = add_months(end, -months) + timedelta(1)
        return Period(start.isoformat(), end.isoformat())
    nominal = end - timedelta(7 * round(months * 13 / 3) - 1)
    return Period(_week_start(nominal, cover, fiscal, known).isoformat(), end.isoformat())


def _week_start(
    nominal: date, cover: Cover, fiscal: FiscalYear | None, known: Sequence[str]
) -> date:
    """The start of weeks that a fiscal year's start or a printed end tells to the day."""
    starts = fiscal.starts(range(nominal.year - 1, nominal.year + 2)) if fiscal else []
    if cover.fiscal_year_start:
        starts.append(date.fromisoformat(cover.fiscal_year_start))
    begun = nearest(nominal, [day.isoformat() for day in starts])
    if begun:
        return begun
    last = nearest(nominal - timedelta(1), known)
    return last + timedelta(1) if last else nominal


def _days(known: Sequence[str]) -> list[date]:
    return [date.fromisoformat(day) for day in known if day]


def _is_of_months(period: Period) -> bool:
    return period.start.endswith("-01") and is_month_end(date.fromisoformat(period.end))
