"""Dates as documents print them, in English and Chinese, and the arithmetic of months."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = r"(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")"
_FREE = r"(?:\b|(?<=ended))"  # some files print no room before the month
MONTH_DAY = re.compile(rf"{_FREE}(?P<month>{MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b", re.I)
HAN_NUMBERS = {char: value for value, char in enumerate("〇一二三四五六七八九十")} | {
    "零": 0,
    "○": 0,
}

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = (
    re.compile(
        rf"{_FREE}(?P<month>{MONTH})\.? ?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s?,? ?{_YEAR}(?!\d)",
        re.I,
    ),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: |-)(?P<month>{MONTH})\.?,?(?: |-){_YEAR}(?!\d)",
        re.I,
    ),
    re.compile(rf"(?<![\d./-]){_YEAR}([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})(?![\d/-])"),
    re.compile(rf"(?<!\d){_YEAR} ?年 ?(?P<month>\d{{1,2}}) ?月 ?(?P<day>\d{{1,2}}) ?[日号]"),
    re.compile(rf"(?<![\d./-])(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}(?!\d)"),
    re.compile(rf"(?<![\d/])(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/{_YEAR}(?![\d/])"),
)
_SLASHED = re.compile(rf"(?<![\d/])(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/{_YEAR}(?![\d/])")


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def is_month_end(day: date) -> bool:
    return (day + timedelta(1)).day == 1


def add_months(end: date, months: int) -> date:
    """The same day some months on; a month's end stays one, and a day that is missing there is
    the last one."""
    count = end.year * 12 + end.month - 1 + months
    year, month = count // 12, count % 12 + 1
    last = monthrange(year, month)[1]
    return date(year, month, last if is_month_end(end) else min(end.day, last))


def dates_in(text: str) -> list[tuple[date, int, int]]:
    """All whole dates of `text` in order, with where each begins and ends. 7/8/2023 is none: which
    of its numbers is the month nothing says."""
    found: dict[int, tuple[date, int, int]] = {}
    for pattern in _DATES:
        for match in pattern.finditer(text):
            day = _date(match)
            if day is not None and not any(
                start < match.end() and match.start() < end for _, start, end in found.values()
            ):
                found[match.start()] = (day, match.start(), match.end())
    return [found[start] for start in sorted(found)]


def says_month_first(texts: Iterable[str]) -> bool:
    """Whether a date such as 6/17/2023 among `texts` can only begin with its month, and none can
    only begin with its day: then 6/11/2022 beside it does too."""
    found = [(int(m["one"]), int(m["two"])) for text in texts for m in _SLASHED.finditer(text)]
    return any(two > 12 for _, two in found) and all(one <= 12 for one, _ in found)


def month_first(text: str) -> str:
    """`text` with each 6/11/2022 as 2022-06-11."""
    return _SLASHED.sub(lambda m: f"{m['year']}-{int(m['one']):02}-{int(m['two']):02}", text)


def han_digits(text: str) -> str:
    """`text` with dates written in ideographs ("二〇二三年六月三十日") in digits."""
    text = re.sub(
        r"[〇零○一二三四五六七八九]{4}(?= ?年)",
        lambda found: "".join(str(HAN_NUMBERS[char]) for char in found.group()),
        text,
    )
    return re.sub(
        r"(?<![一二三四五六七八九十])[一二三四五六七八九十]{1,3}(?=[月日])", _han_number, text
    )


def _han_number(found: re.Match[str]) -> str:
    tens, mark, ones = found.group().rpartition("十")
    if not mark:
        return str(HAN_NUMBERS[ones]) if len(ones) == 1 else found.group()
    value = HAN_NUMBERS.get(tens or "一", -10) * 10 + (HAN_NUMBERS.get(ones, -10) if ones else 0)
    return str(value) if value > 0 else found.group()


def _date(match: re.Match[str]) -> date | None:
    word, day = match["month"].lower(), int(match["day"])
    month = MONTHS.get(word) or int(word)
    if "/" in match.group() and match.group()[-5] == "/" and month <= 12 and day <= 12:
        return None if month != day else date(int(match["year"]), month, day)
    try:
        return date(int(match["year"]), month, day)
    except ValueError:
        return None  # June 31
