"""Which period the header of a Chinese table means: "2023年1-9月", "上年同期", "期末余额"."""

import re
from datetime import date, timedelta

from tenth.reader.dates import add_months, dates_in, is_month_end, month_end
from tenth.reader.fiscal import ANNUAL, FiscalYear, fiscal_year
from tenth.reader.model import Cover, Period

UNKNOWN = Period()
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?P<year>(?:19|20)\d\d) ?年?"
_MONTHS = re.compile(
    rf"{_YEAR}[ (]*(?P<first>\d{{1,2}}) ?月?[-–—－~至到]+ ?(?P<last>\d{{1,2}}) ?月"
)
_QUARTER = re.compile(rf"{_YEAR}[ (]*(?P<to_date>前)?第?(?P<quarter>[一二三四1-4]) ?(?:个)?季度?")
_HALF = re.compile(rf"{_YEAR}[ (]*(?:度)?(?P<half>上半年|下半年|半年度?|中期)")
_WHOLE = re.compile(rf"^{_YEAR}(?P<mark>年?度|全年|年?报)?(?: ?[AEF])?$")
_YEAR_END = re.compile(rf"^{_YEAR}(?:年?[末底])$")
_OWN_QUARTER = re.compile(
    r"^第?(?P<quarter>[一二三四])季度(?:[ (]*\d{1,2} ?[-–—至] ?\d{1,2} ?月份?\)?)?$"
)
_BESIDE = re.compile(
    r"[ (/]*(?:合并|母公司|本集团|本公司|调整[前后]|经?重述后?|未?经审计|金额|余额|数|元|万元)+\)?$"
)
_ENDED = re.compile(
    r"止\S{0,2}?(?P<what>(?P<months>[三六九3-9]|十二|12)个月|年度|季度|半年度?|期间)?"
)
_SPAN_MONTHS = {"三": 3, "六": 6, "九": 9, "十二": 12}
_LAST = re.compile(r"期末|年末|本报告期末|报告期末|期末数|期末余额|年末余额")
_FIRST = re.compile(r"期初|年初(?!至|到)|上年度?末|上年年末|上年期末|上期期末")
_PRIOR = re.compile(r"上年|上期|去年|上一?年度|同期|上一期")
_THIS = re.compile(r"本年|本期|本报告期|报告期|当期|年初至|年初到|本季度")
_TO_DATE = re.compile(r"年初[至到](?:本?报告期|本?期)?期?末?")
_QUARTER_ONLY = re.compile(r"本报告期|本季度|报告期内")


def is_han_period(text: str) -> bool:
    return any("一" <= char <= "鿿" for char in text)


def parse_han_period(text: str, cover: Cover, instant: bool | None) -> Period:
    """What a Chinese header says, with the cover for "this period" and the like."""
    days = sorted({day for day, _, _ in dates_in(text)})
    if days:
        return _dated(text, days, cover)
    if period := _named(text, cover):
        return period
    bare = _BESIDE.sub("", text)
    if found := _WHOLE.match(bare):
        return _whole_year(found, cover, instant)
    if found := _YEAR_END.match(bare):
        end = _year_end(fiscal_year(cover), int(found["year"]))
        return Period("", end.isoformat()) if end else UNKNOWN
    if re.search(r"(?:19|20)\d\d", text):
        return UNKNOWN  # what else it says of its year, these words do not tell
    return _relative(text, cover, instant)


def _dated(text: str, days: list[date], cover: Cover) -> Period:
    if len(days) == 2 and re.search(r"[日号] ?(?:至|到|-|–|—|~)", text):
        return Period(days[0].isoformat(), days[1].isoformat())
    if len(days) > 1:
        return UNKNOWN
    end = days[0]
    found = _ENDED.search(text)
    if found is None:
        return Period("", end.isoformat())
    if not found["what"] or not is_month_end(end):
        return UNKNOWN
    months = {"年": 12, "季": 3, "半": 6}.get(found["what"][0], 0)
    if said := found["months"]:
        months = _SPAN_MONTHS.get(said) or int(said)
    if not months:
        return cover.period if cover.period.end == end.isoformat() else UNKNOWN
    return _until(end, months)


def _named(text: str, cover: Cover) -> Period | None:
    """Months, quarters and halves of a year that is named. Months are the calendar's; quarters
    and halves the fiscal year's, where the cover tells it."""
    if found := _MONTHS.search(text):
        first, last = int(found["first"]), int(found["last"])
        if not 1 <= first <= last <= 12:
            return UNKNOWN
        year = int(found["year"])
        return Period(date(year, first, 1).isoformat(), month_end(year, last).isoformat())
    quarter, half = _QUARTER.search(text), _HALF.search(text)
    if quarter is None and half is None:
        return None
    fiscal = fiscal_year(cover)
    end = _year_end(fiscal, int((quarter or half)["year"]))  # type: ignore[index]
    if fiscal is None or end is None or fiscal.by_weeks:
        return UNKNOWN
    if quarter:
        number = _QUARTERS[quarter["quarter"]]
        last = add_months(end, 3 * number - 12)
        return _until(last, 3 * number if quarter["to_date"] else 3)
    assert half is not None
    return _until(end if half["half"] == "下半年" else add_months(end, -6), 6)


def _whole_year(found: re.Match[str], cover: Cover, instant: bool | None) -> Period:
    if not found["mark"] and cover.form not in ANNUAL and cover.form != "research report":
        return UNKNOWN  # of a quarter's report: the year of what, nothing says
    end = _year_end(fiscal_year(cover), int(found["year"]))
    if end is None:
        return UNKNOWN
    return Period("", end.isoformat()) if instant else _until(end, 12)


def _relative(text: str, cover: Cover, instant: bool | None) -> Period:
    """ "本期", "上年同期", "期末", "期初": by the cover's own period."""
    if not cover.period.end:
        return UNKNOWN
    end = date.fromisoformat(cover.period.end)
    fiscal = fiscal_year(cover)
    if _FIRST.search(text) or _LAST.search(_TO_DATE.sub("", text)):
        return _balance(text, end, cover, fiscal)
    if found := _OWN_QUARTER.match(text):
        return _own_quarter(_QUARTERS[found["quarter"]], end, cover, fiscal)
    prior = bool(_PRIOR.search(text))
    if not prior and not _THIS.search(text):
        return UNKNOWN
    if instant:
        return UNKNOWN
    months = _months(text, cover, fiscal, end)
    if not months:
        return UNKNOWN
    return _until(add_months(end, -12) if prior else end, months)


def _own_quarter(quarter: int, end: date, cover: Cover, fiscal: FiscalYear | None) -> Period:
    """A quarter of the year that an annual report is about."""
    if cover.form not in ANNUAL or fiscal is None or fiscal.by_weeks:
        return UNKNOWN
    return _until(add_months(end, 3 * quarter - 12), 3)


def _balance(text: str, end: date, cover: Cover, fiscal: FiscalYear | None) -> Period:
    if not _FIRST.search(text):
        return Period("", end.isoformat())
    if _LAST.search(re.sub(_FIRST, "", text)):
        return UNKNOWN  # both are named
    if cover.fiscal_year_start:
        first = date.fromisoformat(cover.fiscal_year_start)
    elif fiscal is None or fiscal.by_weeks:
        return UNKNOWN
    else:
        first = _first_day(fiscal, end)
    return Period("", (first - timedelta(1)).isoformat())


def _months(text: str, cover: Cover, fiscal: FiscalYear | None, end: date) -> int:
    """Of how many months "this period" is. A third quarter's report has both its quarter and the
    months so far: which is meant its text must say."""
    if fiscal is None or fiscal.by_weeks:
        return 0
    first = _first_day(fiscal, end)
    to_date = (end.year - first.year) * 12 + end.month - first.month + 1
    own = 0
    if cover.period.start:
        start = date.fromisoformat(cover.period.start)
        own = (end.year - start.year) * 12 + end.month - start.month + 1
    if _TO_DATE.search(text):
        return to_date
    if cover.form in ANNUAL or own == to_date:
        return to_date
    return own if _QUARTER_ONLY.search(text) else 0


def _first_day(fiscal: FiscalYear, end: date) -> date:
    """Of the fiscal year that `end` is in."""
    last = fiscal.end_in(end.year)
    if last is None or last < end:
        last = fiscal.end_in(end.year + 1)
    assert last is not None
    return add_months(last, -12) + timedelta(1)


def _year_end(fiscal: FiscalYear | None, year: int) -> date | None:
    return fiscal.end(year) if fiscal else None


def _until(end: date, months: int) -> Period:
    return Period((add_months(end, -months) + timedelta(1)).isoformat(), end.isoformat())
