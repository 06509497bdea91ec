"""Fiscal years: when one ends by what a document says of it, and what its quarters are then."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from tenth.reader.dates import MONTHS, add_months, dates_in, is_month_end, month_end
from tenth.reader.model import Cover, Period

NEAR = timedelta(10)  # a week that a 53-week year moves its quarters by, and a little
ANNUAL = frozenset({"10-K", "20-F", "40-F", "annual report"})
_DAYS = {
    day: i
    for i, day in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}
RULE = re.compile(
    rf"\b(?P<which>last|nearest|closest)\b[^.]{{0,12}}?\b(?P<day>{'|'.join(_DAYS)})\b|"
    rf"\b(?P<day2>{'|'.join(_DAYS)})\b (?P<which2>nearest|closest)(?: to)?",
    re.I,
)
_MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = re.compile(rf"\b(?P<month>{_MONTH_NAMES})\b", re.I)
_WEEKS = re.compile(r"\b5[23](?:-week|[ -]?(?:or|to|/)[ -]?5[23])", re.I)
_NAMED = re.compile(
    r"\b(?:fiscal(?: year)?|FY) ?(?P<label>20\d\d)(?:[^.;]|(?<=Inc)\.|(?<=Co)\.){0,72}?"
    r"\b(?:ended|ending|ends)(?: on)? ",
    re.I,
)

_NAMED_AFTER = re.compile(
    r"\byears? ended (?P<date>[A-Z][a-z]+\.? \d{1,2}, (?:19|20)\d\d)\W{1,4}(?:the |or )?\W?"
    r"fiscal (?:year )?(?P<label>20\d\d)", re.I,
)  # fmt: skip
_SPANNED = re.compile(
    r"\bfiscal(?P<word> years?)? 20\d\d(?:,? (?:and|,)? ?(?:fiscal (?:years? )?)?20\d\d)*"
    r"[^.]{0,40}\b5[23][- ]?weeks?\b", re.I,
)  # fmt: skip
_BARE = re.compile(r"\s(?P<label>20\d\d)(?!\d)")
_ABOUT = re.compile(r"\bfiscal (?:years?|calendar)\b|\bfinancial years?\b|会计年度", re.I)
_CALENDAR = re.compile(
    r"\b(?:fiscal|financial) years?\b[^.]{0,40}\b(?:is|same|coincides?|corresponds?)\b[^.]{0,20}"
    r"\bcalendar year|(?:公历|1 ?月 ?1 ?日).{0,12}12 ?月 ?31 ?日|证券代码|股票代码|公司代码"
    r"|A股代码|\b\d{6}\.(?:SH|SZ|SS|BJ)\b"
    r"|^[(（](?:00|30|60|68|43|83|87|92)\d{4}(?: ?CH)?[)）]$", re.I,
)  # fmt: skip
_ENDS_ON = re.compile(
    rf"\b(?:fiscal|financial) years?\b[^.]{{0,30}}?\bend(?:s|ed|ing)?\b(?: on)? "
    rf"(?P<month>{_MONTH_NAMES}) (?P<day>\d{{1,2}})\b", re.I,
)  # fmt: skip


class FiscalYear(msgspec.Struct, frozen=True):
    """When an entity's fiscal years end.

    `by_weeks`: on a weekday, so that quarters are 13 or 14 weeks. `rule`: ("last" or "nearest",
    0 for Monday) where the document says it. `names_next`: a year is named after the one it begins
    in (2022 ends in January 2023); None where nothing says so and both are in use.
    """

    month: int
    day: int  # 31 where it is the month's last
    by_weeks: bool = False
    rule: tuple[str, int] | None = None
    names_next: bool | None = False
    known_ends: tuple[str, ...] = ()  # of fiscal years, printed
    by_date: bool = False

    def end(self, label: int, known: Sequence[str] = ()) -> date | None:
        """The last day of the fiscal year that is called `label`."""
        if self.names_next is None:
            return None
        return self.end_in(label + self.names_next, known)

    def end_in(self, year: int, known: Sequence[str] = ()) -> date | None:
        """The last day of the fiscal year that ends about then in `year`; None where only its
        week is known."""
        last = month_end(year, self.month)
        nominal = last if self.day == 31 else date(year, self.month, min(self.day, last.day))
        if not self.by_weeks or self.by_date:
            return nominal
        if self.rule:
            return _by_rule(self.rule, last)
        return nearest(nominal, (*self.known_ends, *known))

    def quarter_end(
        self, end: date | None, before: date | None, quarter: int, known: Sequence[str]
    ) -> date | None:
        """The last day of a quarter of the fiscal year that ends on `end`, the year before it on
        `before`, as far as these are known. In which quarter a 53-week year has its extra week,
        only a date that is printed somewhere tells."""
        if quarter == 4:
            return end
        if not self.by_weeks:
            return add_months(end, 3 * quarter - 12) if end else None
        if end and before and (end - before).days == 364:
            return before + timedelta(91 * quarter)
        nominal = before + timedelta(91 * quarter) if before else None
        if end and not nominal:
            nominal = end - timedelta(91 * (4 - quarter))
        return nearest(nominal, known) if nominal else None

    def starts(self, years: Iterable[int]) -> list[date]:
        """The first days of fiscal years that are known to the day."""
        ends = [self.end_in(year) for year in years]
        return [end + timedelta(1) for end in ends if end is not None]


def is_about_fiscal_year(sentence: str) -> bool:
    """Whether a sentence tells when fiscal years end, or how they are called."""
    if _WEEKS.search(sentence) and re.search(r"\byears?\b", sentence, re.I):
        return True
    if _listed(sentence):
        return True
    if not _ABOUT.search(sentence):
        return False
    told = (RULE, _NAMED, _NAMED_AFTER, _SPANNED)
    return any(pattern.search(sentence) for pattern in told) or bool(_said_end(sentence))


@lru_cache(maxsize=256)
def fiscal_year(cover: Cover) -> FiscalYear | None:
    """What a document's cover, and the sentences noted with it, say of the fiscal year; None where
    they say nothing. A report by the rules of mainland China is of the calendar year, as the
    Accounting Law has it."""
    texts = [said.text for said in cover.said if said.what == "period"]
    end = last_year_end(cover)
    current = end if end is None or cover.form in ANNUAL else end + timedelta(365)
    by_weeks = any(_WEEKS.search(text) for text in texts) or _ends_within_months(cover, end)
    rule = next(filter(None, (_rule(text) for text in texts)), None)
    if rule:
        which, weekday, month = rule
        return FiscalYear(
            month, 31, True, (which, weekday), _names_next(texts, month, current),
            (end.isoformat(),) if end else (),
        )  # fmt: skip
    if end is None:
        said = next(filter(None, (_said_end(text) for text in texts)), None)
        if said is None:
            return None
        return FiscalYear(*said, by_weeks, None, _names_next(texts, said[0], None))
    anchor = end
    if by_weeks and end.day <= 7:  # a week's end that has slipped into the next month
        anchor = end.replace(day=1) - timedelta(1)
    day = 31 if is_month_end(anchor) else anchor.day
    names = _names_next(texts, anchor.month, current)
    by_date = by_weeks and _is_by_date(cover, end, texts)
    return FiscalYear(anchor.month, day, by_weeks, None, names, (end.isoformat(),), by_date)


def bare_year_end(cover: Cover, year: int) -> date | None:
    """The last day of the year that stands as "2022" above columns, where the statements tell it:
    "as at 31 March 2022" above columns of which the last is "2022". Sentences may call the same
    year "FY2021"."""
    if not cover.period.end:
        return None
    end = date.fromisoformat(cover.period.end)
    for said in cover.said:
        dates = dates_in(said.text) if said.what == "period" else []
        label = _BARE.match(said.text, dates[0][2]) if len(dates) == 1 else None
        if label and re.search(r"(?:19|20)\d\d", said.text[label.end() :]):
            continue  # "December 31, 2022 2021 2020": the years before it
        if label and dates[0][0] == end and 0 <= end.year - int(label["label"]) <= 1:
            return add_months(end, 12 * (year - int(label["label"])))
    return None


def last_year_end(cover: Cover) -> date | None:
    """The last end of a fiscal year that the document tells to the day."""
    if cover.form in ANNUAL and cover.period.end and not _is_shorter(cover.period):
        return date.fromisoformat(cover.period.end)
    if cover.fiscal_year_start:
        return date.fromisoformat(cover.fiscal_year_start) - timedelta(1)
    return None


def _is_shorter(period: Period) -> bool:
    """Whether it is known to be less than a year, whatever the form says."""
    days = date.fromisoformat(period.end) - date.fromisoformat(period.start or "0001-01-01")
    return days < timedelta(350)


def nearest(nominal: date, known: Iterable[str], reach: timedelta = NEAR) -> date | None:
    """The one of the known dates that is nearest to `nominal`; None where none is near."""
    days = [date.fromisoformat(day) for day in known if day]
    near = [day for day in days if abs(day - nominal) <= reach]
    return min(near, key=lambda day: (abs(day - nominal), day), default=None)


def _ends_within_months(cover: Cover, end: date | None) -> bool:
    ends = [end] if end else []
    if cover.period.end:
        ends.append(date.fromisoformat(cover.period.end))
    return any(not is_month_end(day) for day in ends)


def _is_by_date(cover: Cover, end: date, texts: Sequence[str]) -> bool:
    """Whether years end with a month although quarters end with a week: as a sentence says, or
    because no whole weeks lie between the year's end and the report's."""
    if not is_month_end(end) or any(_WEEKS.search(text) for text in texts):
        return False
    last = date.fromisoformat(cover.period.end) if cover.period.end else end
    said = {found for text in texts if (found := _said_end(text))}
    return said == {(end.month, 31)} or (not said and (last - end).days % 7 != 0)


def _rule(text: str) -> tuple[str, int, int] | None:
    found = RULE.search(text)
    month = _MONTH.search(text, found.end()) if found else None
    if found is None or month is None or month.start() - found.end() > 30:
        return None
    which = (found["which"] or found["which2"]).lower()
    weekday = _DAYS[(found["day"] or found["day2"]).lower()]
    return "last" if which == "last" else "nearest", weekday, MONTHS[month["month"].lower()]


def _by_rule(rule: tuple[str, int], last: date) -> date:
    which, weekday = rule
    back = last - timedelta((last.weekday() - weekday) % 7)
    ahead = back + timedelta(7)
    return back if which == "last" or last - back <= ahead - last else ahead


def _said_end(text: str) -> tuple[int, int] | None:
    """ "Our fiscal year ends on June 30"; "会计年度自公历1月1日起至12月31日止"."""
    if _CALENDAR.search(text):
        return 12, 31
    found = _ENDS_ON.search(text)
    if found is None:
        return None
    month, day = MONTHS[found["month"].lower()], int(found["day"])
    return month, 31 if day == month_end(2023, month).day else day


def _listed(text: str) -> list[int]:
    """The years that a sentence says the weeks of. One alone may be any year, unless it is called
    a year: "Fiscal 2022 included 53 weeks" is said of the year before, too."""
    found = [
        [int(year) for year in re.findall(r"20\d\d", match.group())]
        for match in _SPANNED.finditer(text)
        if match["word"] or len(re.findall(r"20\d\d", match.group())) > 1
    ]
    return [max(years) for years in found]


def _names_next(texts: Sequence[str], month: int, current: date | None) -> bool | None:
    """Whether fiscal years are named after the year before the one they end in: as a sentence
    calls one that ends on a date, or calls the `current` one."""
    for text in texts:
        for found in (*_NAMED.finditer(text), *_NAMED_AFTER.finditer(text)):
            said = found.groupdict().get("date") or text[found.end() : found.end() + 24]
            dates = dates_in(said)
            if dates and dates[0][1] == 0 and dates[0][0].year - int(found["label"]) in (0, 1):
                return dates[0][0].year - int(found["label"]) == 1
    if month > 5:
        return False
    labels = {label for text in texts for label in _listed(text)}
    if current and labels and current.year - max(labels) in (0, 1):
        return current.year - max(labels) == 1
    return None
