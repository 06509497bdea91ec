"""Which period a column's header means: dates, months and weeks, fiscal quarters and years."""

import re
from collections.abc import Sequence
from datetime import date

from tenth.reader.dates import (
    MONTH,
    MONTH_DAY,
    MONTHS,
    add_months,
    dates_in,
    han_digits,
    is_month_end,
)
from tenth.reader.figures import looks_like_year, plain
from tenth.reader.fiscal import bare_year_end, fiscal_year
from tenth.reader.model import Cover, Period
from tenth.reader.period_labels import label_in, quarter_ends, whole_year
from tenth.reader.periods_zh import is_han_period, parse_han_period
from tenth.reader.spans import (
    is_year_before,
    months_of,
    prior_year,
    refine_starts,
    same_span,
    span_before,
)

__all__ = [
    "is_change",
    "is_restated",
    "is_year_before",
    "months_of",
    "parse_period",
    "prior_year",
    "refine_starts",
    "same_span",
    "share_spans",
]

UNKNOWN = Period()
BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "six": 6, "nine": 9, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "twenty-six": 26, "twenty-seven": 27, "thirty-nine": 39, "forty": 40,
    "fifty-two": 52, "fifty-three": 53, "eighteen": 18,
}  # fmt: skip
_COUNT = r"(?P<count>\d{1,2}|" + "|".join(n.replace("-", "[- ]") for n in _NUMBERS) + r")"
_ENDED = r"(?:period |periods )?(?:end(?:ed|ing|s)|to date|through|to)\b"
_SPAN = re.compile(
    rf"\b{_COUNT}[- ](?P<unit>months?|weeks?)[- ]{_ENDED}|"
    rf"\b(?P<word>(?:fiscal |financial )?years?|quarters?|quarterly periods?|half[- ]years?)"
    rf"[ -]{_ENDED}",
    re.I,
)
_TO = re.compile(r"\s*(?:to|through|until|[-–—~])\s*", re.I)
_DASHED = re.compile(r"(?<=\d[.\d])\s?[-–—]\s?(?=\d{1,2}\.\d{1,2}\.\d{4}(?!\d))")
_FROM = re.compile(  # the first day of a span that says its year once: "1 January to", "1.1. to"
    rf"(?:\b(?P<name>{MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?<![\d.])(?P<day_>\d{{1,2}})"
    rf"(?:\.(?P<number>\d{{1,2}})\.|(?:st|nd|rd|th)? (?P<name_>{MONTH})))"
    rf"(?:{_TO.pattern})$",
    re.I,
)
_NOISE = re.compile(
    r"\((?:un)?audited\)|\b(?:un)?audited\b|\(note[^)]*\)|\([a-z0-9]{1,2}\)|[*†‡]|"
    r"\(?\b(?:as )?(?:adjusted|restated|recast|revised|previously reported|originally reported|"
    r"as reported)\d?\b\)?|\bpro forma\b|"
    r"\([^()]*\b(?:in|000s?|millions?|thousands?|billions?)\b[^()]*\)|"
    r"(?:US\$|HK\$|NT\$|[ACS]\$|RMB|[$€£¥])\s?['’]?(?:000s?|millions?|billions?|thousands?|mn?|bn)?\b|"
    r"\bactual\b|\bestimated?\b",
    re.I,
)
_FOOTNOTE = re.compile(r"(?<=\b(?:19|20)\d\d) \d(?= ?[$€£¥]|$)")  # of a year: "2021 1"
_CHANGE = re.compile(
    r"^\W*(?:year[- ]over[- ]year|quarter[- ]over[- ]quarter|yoy|qoq|y/y|q/q|percent(?:age)?|"
    r"[%$€£]|\d{4} (?:vs\.?|versus|to|over) \d{4}|amount of|favorable)?\W*"
    r"(?:changes?|variance|growth|increase|decrease|delta|yoy|qoq|y/y|q/q)\b|"
    r"\b(?:vs\.?|versus)\b|增减|同比|环比|变动|增长率|增幅",
    re.I,
)
_RESTATED = re.compile(
    r"\b(?:restated|recast|re-?presented|as adjusted|as revised|retrospectively adjusted"
    r"|pro ?forma)\b|重述|追溯调整|调整后|追溯重述|经重述|备考",
    re.I,
)
_BEFORE = re.compile(r"调整前|重述前|\bbefore (?:re|adj)", re.I)


def is_restated(text: str) -> bool:
    """Whether a header says that its column was restated, recast or made up for comparison."""
    return bool(_RESTATED.search(text)) and not re.search(
        r"调整前|重述前|before (?:re|adj)", text, re.I
    )


def is_change(text: str) -> bool:
    """Whether a header heads changes between two periods, so that its column is of neither."""
    return bool(_CHANGE.search(plain(text)))


def parse_period(
    pieces: Sequence[str],
    cover: Cover,
    instant: bool | None = None,
    known: Sequence[str] = (),
) -> Period:
    """What the header texts of one column, from the top down, say of its period.

    `instant`: whether its figures are of a day (a balance sheet), None where either may be.
    `known`: ISO dates that other headers of the document print; they tell to the day where weeks
    begin and end. What the texts and the cover leave open is unknown.
    """
    if any(is_change(piece) for piece in pieces):
        return UNKNOWN
    text = _clean(_with_own_year(pieces, cover))
    if not text:
        return UNKNOWN
    if is_han_period(text):
        found = parse_han_period(text, cover, instant)
    else:
        found = _english(text, cover, instant, known)
    if instant and found.end:
        return Period("", found.end)
    return UNKNOWN if instant is False and not found.start else found


def share_spans(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """Headers of columns side by side, where "Three Months Ended September 30," stands over one of
    them although it is centred over a neighbour too, which has only its year or date. Left alone
    where there are several such spans."""
    shared = {text for texts in columns for text in texts if _SPAN.match(text)}
    given = [list(texts) for texts in columns]
    if len(shared) != 1:
        return given
    (span,) = shared
    for i, texts in enumerate(columns):
        beside = [columns[k] for k in (i - 1, i + 1) if 0 <= k < len(columns)]
        is_bare = len(texts) == 1 and bool(looks_like_year(texts[0]) or dates_in(texts[0]))
        if is_bare and any(span in other for other in beside):
            given[i] = [span, *texts]
    return given


def _with_own_year(pieces: Sequence[str], cover: Cover) -> Sequence[str]:
    """ "Years ended December 31, 2022" over one of three columns lends its day to the years of the
    others; not to years after the report's, in which something may fall due."""
    year = pieces[-1].strip() if len(pieces) == 2 else ""
    dates = dates_in(pieces[0]) if BARE_YEAR.fullmatch(year) and _SPAN.search(pieces[0]) else []
    if len(dates) != 1 or not is_month_end(dates[0][0]):
        return pieces
    day = dates[0][0]
    if int(year) > day.year and add_months(day, 12 * (int(year) - day.year)) > _end_of(cover):
        return pieces
    return [pieces[0].replace(str(day.year), year)]


def _end_of(cover: Cover) -> date:
    return date.fromisoformat(cover.period.end) if cover.period.end else date.min


def _clean(pieces: Sequence[str]) -> str:
    text = " ".join(_FOOTNOTE.sub("", han_digits(plain(piece))) for piece in pieces if piece)
    text = _DASHED.sub(" to ", _NOISE.sub(" ", text))
    return " ".join(text.split()).strip(" :,;：")


def _english(text: str, cover: Cover, instant: bool | None, known: Sequence[str]) -> Period:
    dates = dates_in(text)
    if not dates:
        dates = _split_date(text)
    days = sorted({day for day, _, _ in dates})
    if len(days) == 2 and _TO.fullmatch(text[dates[0][2] : dates[-1][1]]):
        return Period(days[0].isoformat(), days[1].isoformat())
    if len(days) > 1 or (days and _other_years(text, dates)):
        return UNKNOWN
    if len(days) == 1 and (first := _first_day(text[: dates[0][1]], days[0])):
        return Period(first.isoformat(), days[0].isoformat())
    span = _SPAN.search(text)
    if not days:
        return _labelled(text, cover, instant, known)
    if span:
        months, weeks = _length(span)
        return span_before(days[0], months, weeks, cover, known) if months or weeks else UNKNOWN
    return Period("", days[0].isoformat())


def _first_day(before: str, end: date) -> date | None:
    """The first day of a span by what stands before its last: "1.1. to" 31.12.2022, "1 October to"
    30 September 2022. Without its own year it is the latest such day."""
    found = _FROM.search(before)
    if found is None:
        return None
    name = found["name"] or found["name_"]
    month = MONTHS[name.lower()] if name else int(found["number"])
    day = int(found["day"] or found["day_"])
    try:
        first = date(end.year, month, day)
        return first if first <= end else date(end.year - 1, month, day)
    except ValueError:
        return None


def _other_years(text: str, dates: Sequence[tuple[date, int, int]]) -> bool:
    """Whether a year stands beside the date that is not its own."""
    years = {str(day.year) for day, _, _ in dates}
    return not set(re.findall(r"(?<![\d,])(?:19|20)\d\d(?![\d,])", text)) <= years


def _split_date(text: str) -> list[tuple[date, int, int]]:
    """ "Three Months Ended September 30, As Reported 2023": a day and its year apart."""
    days = {(MONTHS[m["month"].lower()], int(m["day"])) for m in MONTH_DAY.finditer(text)}
    years = set(re.findall(r"\b(?:19|20)\d\d\b", text))
    if len(days) != 1 or len(years) != 1:
        return []
    (month, day), year = days.pop(), int(years.pop())
    try:
        return [(date(year, month, day), 0, 0)]
    except ValueError:
        return []


def _length(span: re.Match[str]) -> tuple[int, int]:
    """Months, or weeks, of what a span says."""
    if word := span["word"]:
        word = word.lower()
        return (12 if "half" not in word and "year" in word else 6 if "half" in word else 3), 0
    said = span["count"].lower().replace(" ", "-")
    count = int(said) if said.isdigit() else _NUMBERS[said]
    return (0, count) if span["unit"].lower().startswith("week") else (count, 0)


def _labelled(text: str, cover: Cover, instant: bool | None, known: Sequence[str]) -> Period:
    """Periods that are called by a fiscal year."""
    fiscal = fiscal_year(cover)
    if label := label_in(text, _months_to_date(cover)):
        end = quarter_ends(fiscal, label, cover, known) if fiscal else ""
        if not end:
            return UNKNOWN
        return span_before(date.fromisoformat(end), label.months, 0, cover, known)
    named = whole_year(text, cover)
    if named is None:
        return UNKNOWN
    year, is_calendar = named
    if is_calendar:
        return Period(f"{year}-01-01", f"{year}-12-31")
    end = fiscal.end(year, known) if fiscal else None
    if fiscal and not fiscal.by_weeks and BARE_YEAR.fullmatch(text):
        end = bare_year_end(cover, year) or end
    if end is None:
        return UNKNOWN
    return Period("", end.isoformat()) if instant else span_before(end, 12, 0, cover, known)


def _months_to_date(cover: Cover) -> int:
    """How many months of its fiscal year a report is over; 0 where that is not known."""
    if not cover.period.end or not cover.fiscal_year_start:
        return 0
    return months_of(Period(cover.fiscal_year_start, cover.period.end))
