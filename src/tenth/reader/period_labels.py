"""Periods that are called by their fiscal year: "Q3 2023", "1H23", "YTD 2022", "FY2023"."""

import re
from collections.abc import Sequence

import msgspec

from tenth.reader.fiscal import ANNUAL, FiscalYear
from tenth.reader.model import Cover

_FISCAL = r"(?:fiscal(?: year)? ?|fy ?['’]?|of |the |year )*"
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)|['’]?(?P<short>\d\d))"
_PART = r"(?P<part>first|second|third|fourth|1st|2nd|3rd|4th)[ -](?P<what>quarter|half)"
_LABELS = tuple(
    re.compile(rf"\b(?:{form})(?![\w/])", re.I)
    for form in (
        rf"q(?P<quarter>[1-4])[ ,]*{_FISCAL}{_YEAR}",
        rf"(?P<quarter>[1-4])q[ ']?{_FISCAL}{_YEAR}",
        rf"(?:h(?P<half>[12])|(?P<half_before>[12])h)[ ,]*{_FISCAL}{_YEAR}",
        rf"{_PART}[ ,]*{_FISCAL}(?P<year>(?:19|20)\d\d)",
        r"(?:fy ?['’]?|fiscal )?(?P<year>(?:19|20)\d\d)[ ,-]*"
        rf"(?:{_PART}|q(?P<quarter>[1-4])|h(?P<half>[12]))",
        r"fy ?['’]?(?P<short>\d\d)[ ,-]*(?:q(?P<quarter>[1-4])|h(?P<half>[12]))",
        rf"(?P<to_date>ytd|[369]m|first (?:three|six|nine) months(?: of)?)[ ,]*{_FISCAL}{_YEAR}",
    )
)
_WHOLE_YEAR = re.compile(
    r"(?:for )?(?:the )?(?P<mark>fy|fiscal(?: years?)?|(?:fiscal |financial )?years? ended|years?|"
    r"calendar years?|cy)?\s*['’]?"
    r"(?P<year>(?:19|20)\d\d|(?<=fy)\d\d|(?<=fy )\d\d|(?<=['’])\d\d|\d\d(?=[ae]$))"
    r"\s?(?P<kind>fy|[aef])?",
    re.I,
)
_MONTHS = {"three": 3, "six": 6, "nine": 9}
_ORDINALS = ("first", "second", "third", "fourth")


class Label(msgspec.Struct, frozen=True):
    """The part of a fiscal year that a header names: its months, and the quarter it ends with."""

    year: int
    quarter: int
    months: int


def label_in(text: str, months_to_date: int) -> Label | None:
    """The one quarter, half or year to date that `text` names; None where it names none, or
    several. `months_to_date`: of how many months "year to date" is; 0 where that is not known."""
    found = {_label(match, months_to_date) for form in _LABELS for match in form.finditer(text)}
    only = next(iter(found)) if len(found) == 1 else None
    return only if only and only.quarter else None


def whole_year(text: str, cover: Cover) -> tuple[int, bool] | None:
    """The year that `text` is, and whether it is a calendar year. A bare year names a whole one
    only in a document about years: in a quarter's report it may be the year of anything."""
    found = _WHOLE_YEAR.fullmatch(text)
    if found is None:
        return None
    mark = (found["mark"] or "").lower()
    about_years = cover.form in ANNUAL or cover.form == "research report"
    if not (mark or found["kind"] or about_years):
        return None
    year = int(found["year"])
    return year + 2000 if year < 100 else year, mark.startswith(("calendar", "cy"))


def quarter_ends(fiscal: FiscalYear, label: Label, cover: Cover, known: Sequence[str]) -> str:
    """The last day (ISO) of what is labelled; "" where nothing tells it to the day."""
    known = (*known, cover.period.end)
    end, before = fiscal.end(label.year, known), fiscal.end(label.year - 1, known)
    last = fiscal.quarter_end(end, before, label.quarter, known)
    return last.isoformat() if last else ""


def _label(match: re.Match[str], months_to_date: int) -> Label:
    said = {name: value.lower() for name, value in match.groupdict().items() if value}
    year = int(said["year"]) if "year" in said else 2000 + int(said["short"])
    if "quarter" in said:
        return Label(year, int(said["quarter"]), 3)
    if "to_date" in said:
        word = said["to_date"].removeprefix("first ").split()[0]
        months = months_to_date if word == "ytd" else _MONTHS.get(word) or int(word[0])
        return Label(year, months // 3, months)
    if "part" in said:
        part = said["part"]
        number = int(part[0]) if part[0].isdigit() else _ORDINALS.index(part) + 1
        if said["what"] == "quarter":
            return Label(year, number, 3)
    else:
        number = int(said.get("half") or said["half_before"])
    return Label(year, 2 * number if number <= 2 else 0, 6)
