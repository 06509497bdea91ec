"""Which periods a question speaks of."""

import re

import msgspec

from tenth.reader.dates import MONTH, MONTHS, dates_in, han_digits
from tenth.reader.find.words import LONGEST, terms

_YEAR = r"(?:(?P<year>(?:19|20)\d\d)|['’]?(?P<short>\d\d))"
OF = r"[\s,-]*(?:of\s+)?(?:the\s+)?(?P<fiscal>(?:fiscal|financial)(?:\s+years?)?\s*|fy\s*['’]?)?"
PARTS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_COUNTS = {"three": 3, "six": 6, "nine": 9, "3": 3, "6": 6, "9": 9}
_NAMED = re.compile(
    rf"\b(?P<fb>(?:fiscal|financial)\s+)?(?:q(?P<q>[1-4])|(?P<q2>[1-4])q|(?P<part>{'|'.join(PARTS)})(?P<ff>\s+(?:fiscal|financial))?"
    rf"\s+(?P<what>quarter|half)|(?P<half>h[12]|[12]h)|first\s+(?P<count>{'|'.join(_COUNTS)})\s+months|"
    rf"(?P<ytd>9m|6m|3m)){OF}(?:year\s+)?{_YEAR}(?!\d)",
    re.I,
)
_BACKWARD = re.compile(
    r"\b(?P<fiscal>(?:fiscal|financial)(?:\s+year)?\s*|fy\s*['’]?)?(?P<year>(?:19|20)\d\d|(?<=fy)\d\d)"
    r"[\s,-]*(?:q(?P<q>[1-4])|h(?P<half>[12])|(?P<part>first|second|third|fourth)\s+quarter)\b",
    re.I,
)
_MONTH_YEAR = re.compile(rf"\b(?P<month>{MONTH})\.?,?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b", re.I)
_HAN = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*年?\s*(?:度)?\s*(?:(?:前|第)?(?P<quarter>[一二三四1-4])\s*个?季度?|"
    r"(?P<half>上半年|下半年|半年度?|中期|H1)|q(?P<q>[1-4])|1\s*[-–—~至到]\s*(?P<last>\d{1,2})\s*月)",
    re.I,
)
_HAN_MONTH = re.compile(r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月")
_YEAR_ALONE = re.compile(
    r"(?<![\d,.$-])(?P<fiscal>(?:fiscal|financial)(?:\s+year)?\s+|fy\s*['’]?)?"
    r"(?P<year>(?:19|20)\d\d)(?!\d|,\d|%)|\bfy\s*['’]?(?P<short>\d\d)\b",
    re.I,
)
_LATEST = re.compile(r"\b(?:latest|most recent|newest|current quarter)\b|最新|最近一期|最近", re.I)
_HAN_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4}

WHEN_WORDS = frozenset(
    terms(
        "quarter quarters quarterly year years fiscal financial month months ended ending first "
        "second third fourth half three six nine twelve january february march april may june july "
        "august september october november december q1 q2 q3 q4 h1 h2 fy q h latest recent newest"
    )
)


class When(msgspec.Struct, frozen=True):
    """One period that a question speaks of, as far as it is said."""

    day: str = ""  # ISO: its last day
    month: str = ""  # "2023-06": it ends in this month
    quarter: int = 0  # which quarter of the year it ends with
    months: int = 0  # of how many it is; 0 where nothing says so
    year: int = 0
    fiscal: bool = False  # the year is said to be a fiscal one
    latest: bool = False


def periods_in(question: str) -> list[When]:
    """The periods that a question names, in order; a year alone only where nothing finer is."""
    text = han_digits(question[:LONGEST])
    found: dict[When, None] = {}
    for day, start, end in reversed(dates_in(text)):
        found[When(day=day.isoformat())] = None
        text = text[:start] + " " * (end - start) + text[end:]
    for pattern, read in (
        (_NAMED, _named), (_BACKWARD, _named), (_HAN, _han), (_HAN_MONTH, _month),
        (_MONTH_YEAR, _month),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            when = read(match)
            if when is not None:
                found.setdefault(when)
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    if not found:
        for match in _YEAR_ALONE.finditer(text):
            year = int(match["year"] or f"20{match['short']}")
            fiscal = bool(match["fiscal"] or match["short"])
            found.setdefault(When(year=year, fiscal=fiscal))
    if _LATEST.search(text):
        found.setdefault(When(latest=True))
    return list(found)


def _year(match: re.Match[str]) -> int:
    said = match.groupdict()
    text = said.get("year") or said.get("short") or "0"
    return int(text) + (2000 if len(text) == 2 else 0)


def _named(match: re.Match[str]) -> When | None:
    said = {name: value.lower() for name, value in match.groupdict().items() if value}
    fiscal = bool({"fiscal", "ff", "fb"} & set(said))
    year = _year(match)
    if number := said.get("q") or said.get("q2"):
        return When(quarter=int(number), months=3, year=year, fiscal=fiscal)
    if half := said.get("half"):
        return When(quarter=2 * int(half.strip("h")), months=6, year=year, fiscal=fiscal)
    if count := said.get("count"):
        months = _COUNTS[count]
        return When(quarter=months // 3, months=months, year=year, fiscal=fiscal)
    if ytd := said.get("ytd"):
        return When(quarter=int(ytd[0]) // 3, months=int(ytd[0]), year=year, fiscal=fiscal)
    number = PARTS[said["part"]]
    if said.get("what") == "half":
        if number > 2:
            return None
        return When(quarter=2 * number, months=6, year=year, fiscal=fiscal)
    return When(quarter=number, months=3, year=year, fiscal=fiscal)


def _han(match: re.Match[str]) -> When | None:
    year = int(match["year"])
    if last := match["last"]:
        months = int(last)
        return (
            When(quarter=months // 3, months=months, year=year) if months in (3, 6, 9, 12) else None
        )
    if half := match["half"]:
        return When(quarter=4 if half == "下半年" else 2, months=6, year=year)
    number = match["quarter"] or match["q"]
    to_date = "前" in match.group()
    quarter = _HAN_NUMBERS.get(number) or int(number)
    return When(quarter=quarter, months=3 * quarter if to_date else 3, year=year)


def _month(match: re.Match[str]) -> When | None:
    word = match["month"].lower()
    month = MONTHS.get(word) or int(word)
    return When(month=f"{match['year']}-{month:02d}") if 1 <= month <= 12 else None
