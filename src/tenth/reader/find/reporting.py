"""Which documents report on a period that a question speaks of."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from tenth.documents.model import Document
from tenth.reader.dates import month_end
from tenth.reader.find.when import OF, PARTS, When
from tenth.reader.fiscal import NEAR, fiscal_year
from tenth.reader.model import Cover, Period
from tenth.reader.periods import parse_period

_OWN = re.compile(
    rf"\b(?:(?P<part>first|second|third|fourth)\s+quarter|q(?P<q>[1-4])){OF}(?P<year>20\d\d)\b",
    re.I,
)


class Reporting(msgspec.Struct, frozen=True):
    """What a document reports on, and how it calls that itself."""

    cover: Cover
    own: tuple[int, int] | None = None  # the quarter and the year that its text speaks of most
    is_latest: bool = False  # of its company's


def own_quarter(document: Document) -> tuple[int, int] | None:
    """The quarter that a document speaks of as its own: of those that its text names about as often
    as any, the last; the others are what it compares with."""
    count: Counter[tuple[int, int]] = Counter()
    for page in document.pages:
        for block in page.blocks:
            for match in _OWN.finditer(block.text):
                number = match["q"] or PARTS[match["part"].lower()]
                count[int(number), int(match["year"])] += 1
    if not count:
        return None
    most = max(count.values())
    return max((key for key, n in count.items() if 3 * n >= most), key=lambda key: key[::-1])


def fit(when: When, reporting: Reporting) -> float:
    """How well a document's period is the one asked for: 1 it is, 0 it is not, between them where
    the words may mean it."""
    if when.latest:
        return 1.0 if reporting.is_latest else 0.0
    end = reporting.cover.period.end
    if not end:
        return 0.0
    last = date.fromisoformat(end)
    if when.day:
        return 1.0 if end == when.day else 0.6 if _near(last, when.day) else 0.0
    if when.month:
        year, month = map(int, when.month.split("-"))
        first, close = date(year, month, 1), month_end(year, month)
        slipped = timedelta(0) if reporting.cover.period.start == "" else timedelta(7)
        return (
            1.0
            if first <= last <= close
            else 0.9
            if last <= close + slipped and last > close
            else 0.0
        )
    if not when.quarter:
        return _year_fit(when, reporting, last)
    return _quarter_fit(when, reporting, last)


def _near(last: date, day: str) -> bool:
    return abs(last - date.fromisoformat(day)) <= NEAR


def _quarter_fit(when: When, reporting: Reporting, last: date) -> float:
    cover = reporting.cover
    fiscal = parse_period([f"Q{when.quarter} {when.year}"], cover)
    if fiscal.end:
        if abs(date.fromisoformat(fiscal.end) - last) <= NEAR:
            return 1.0
    elif reporting.own == (when.quarter, when.year):
        return 1.0
    if when.fiscal or not 1 <= when.year <= 9998:
        return 0.0
    calendar = month_end(when.year, 3 * when.quarter)
    return 0.5 if abs(calendar - last) <= NEAR else 0.0


def _year_fit(when: When, reporting: Reporting, last: date) -> float:
    year = fiscal_year(reporting.cover)
    if year is not None:
        end = year.end(when.year, (reporting.cover.period.end,))
        if end is not None:
            inside = end - timedelta(370) < last <= end + NEAR
            if inside or when.fiscal:
                return 1.0 if inside else 0.0
    return 0.7 if last.year == when.year else 0.0


def period_of(when: When, cover: Cover) -> Period:
    """The period itself by a document's calendar; unknown where that is not clear."""
    if when.day:
        return Period("", when.day)
    if when.quarter and when.months in (3, 6, 9, 12):
        label = {3: f"Q{when.quarter}", 6: f"H{when.quarter // 2}"}.get(
            when.months, f"{when.months}M"
        )
        return parse_period([f"{label} {when.year}"], cover)
    if when.year and not when.quarter:
        return parse_period([f"FY{when.year}"], cover)
    return Period()


def latest_of(covers: Sequence[Cover], keys: Sequence[str]) -> list[bool]:
    """Which covers are the latest of their company (`keys`)."""
    newest: dict[str, str] = {}
    for cover, key in zip(covers, keys, strict=True):
        newest[key] = max(newest.get(key, ""), cover.period.end)
    return [
        bool(cover.period.end) and cover.period.end == newest[key]
        for cover, key in zip(covers, keys, strict=True)
    ]
