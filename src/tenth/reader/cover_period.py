"""Which form a document has and the period it reports on, by its first pages."""

import re
from collections.abc import Sequence
from datetime import date

from tenth.documents.model import Document
from tenth.reader.dates import dates_in, han_digits
from tenth.reader.figures import plain
from tenth.reader.fiscal import fiscal_year
from tenth.reader.labels import simplified
from tenth.reader.model import Cover, Period
from tenth.reader.passages import Passage, passage, rows_of
from tenth.reader.spans import span_before

FORMS = {  # form: months of the period it reports on
    "10-K": 12, "20-F": 12, "40-F": 12, "annual report": 12, "10-Q": 3, "quarterly report": 3,
    "half-year report": 6, "8-K": 0, "6-K": 0, "research report": 0, "prospectus": 0,
}  # fmt: skip
US_FORMS = frozenset({"10-K", "10-Q", "8-K"})
ANNUAL_IN_SHORT = re.compile(r"年报(?!告)")
LONGEST = 200  # of a cover's line that says the period: longer ones speak of other things
_REFERS = re.compile(
    r"详见|参见|请见|查阅|披露|\b(?:see|our|its|recent|subsequent) ", re.IGNORECASE
)
_FORM = r"(?P<form>10-[kq]|20-f|40-f|8-k|6-k)"
_US_FORM = re.compile(rf"^\W*form\s+{_FORM}(?:/a)?\b\W*(?:amendment.*)?$", re.I)
_FORM_WITHIN = re.compile(r"\bFORM\s+(?P<form>10-[KQ]|20-F|40-F|8-K|6-K)(?![\w/])")
_ON_FORM = re.compile(rf"\breport on form {_FORM}\b", re.I)
_WORDS = tuple(  # the first that fits a line
    (re.compile(pattern, re.I), form)
    for pattern, form in (
        (
            r"半年度报告|半年报|中期报告|中期业绩"
            r"|\b(?:interim|half[- ]year(?:ly)?) (?:financial )?(?:report|results)\b",
            "half-year report",
        ),
        (
            r"第[一二三四]季度报告?|季度报告|[一二三四]季报"
            r"|\bquarterly (?:financial )?report\b"
            r"|\b(?:first|second|third|fourth)[- ]quarter (?:\d{4} )?(?:report|results)\b",
            "quarterly report",
        ),
        (
            r"证券研究报告|研究报告|深度报告|公司点评|\b(?:equity|company) research\b",
            "research report",
        ),
        (r"招股(?:说明)?书|\bprospectus\b", "prospectus"),
        (r"年度报告|年报(?!告)|\bannual (?:financial )?(?:report|results)\b", "annual report"),
    )
)
_SPAN = r"half[- ]year|(?P<months>three|six|nine|twelve) months"
_ENDED = re.compile(
    r"\bfor (?:the )?(?:(?:fiscal|financial) )?"
    rf"(?P<what>quarterly period|annual period|quarter|year|{_SPAN})s? ended:?\s+"
    r"(?P<date>.{6,24})",
    re.I,
)
_ANY_ENDED = re.compile(rf"\b(?P<what>year|quarter|{_SPAN})s? ended:?\s+(?P<date>.{{6,24}})", re.I)
_HAN_REPORT = re.compile(
    r"(?P<year>(?:19|20)\d\d) ?年?"
    r"(?P<what>年度|半年度?|中期|第?(?P<quarter>[一二三四1-4])季度?)?报告?"
)
_HAN_UNTIL = re.compile(
    r"截至(?P<date>.{8,14}?)止(?P<months>三|六|九|十二|3|6|9|12)?个?(?P<what>月|年度|半年)"
)
_LABEL = re.compile(
    r"\b(?P<year>20\d\d)\b.{0,12}\bannual (?:report|results)"
    r"|\bannual (?:report|results)\b.{0,20}\b(?P<year2>20\d\d)\b",
    re.I,
)
_COUNT = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "三": 3, "六": 6, "九": 9, "十二": 12}


def form_of(lines: Sequence[Passage], title: str) -> str:
    """ "10-Q", "annual report", ...; "" where nothing on the first pages says it."""
    for line in lines:
        found = _US_FORM.match(line.text)
        if found is None and len(line.text) <= LONGEST and not _REFERS.search(line.text):
            found = _ON_FORM.search(line.text)
        if found:
            return found["form"].upper()
    for line in lines[:12]:  # a heading in one piece: "UNITED STATES ... FORM 10-K"
        if line.place.page == 1 and (found := _FORM_WITHIN.search(line.text)):
            return found["form"]
    for line in lines:
        text = re.sub(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])", "", simplified(line.text))
        if len(text) > 90 or _REFERS.search(text):
            continue  # a sentence that speaks of a report
        for pattern, form in _WORDS:
            if pattern.search(text):
                return form
    return ""


def period_of(
    document: Document, lines: Sequence[Passage], cover: Cover
) -> tuple[Period, Passage | None]:
    """The period that the cover names, and where; for an annual report that prints only its year,
    the year ended on the date that its statements name."""
    for line in lines:
        is_cover = len(line.text) <= LONGEST or (line.place.page == 1 and cover.form in US_FORMS)
        if is_cover and (found := _period(line.text, _ENDED, cover)):
            return found, line
    for line in lines:
        own = not cover.form or form_of([line], "") in ("", cover.form)
        own = own and not _REFERS.search(line.text)
        if own and (found := _han_period(line.text, cover)):
            return found, line
    if cover.form not in FORMS or not FORMS[cover.form]:
        return Period(), None
    return _by_statements(document, lines, cover)


def _period(text: str, pattern: re.Pattern[str], cover: Cover) -> Period | None:
    found = pattern.search(text)
    dates = dates_in(found["date"]) if found else []
    if found is None or not dates or dates[0][1] > 2:
        return None
    what = found["what"].lower()
    months = _COUNT.get((found["months"] or "").lower(), 0)
    if not months:
        months = 6 if "half" in what else 3 if "quarter" in what else 12
    return span_before(dates[0][0], months, 0, cover)


def _han_period(text: str, cover: Cover) -> Period | None:
    text = re.sub(r"(?<=[\u3400-\u9fff\d]) +(?=[\u3400-\u9fff\d])", "", han_digits(plain(text)))
    if found := _HAN_UNTIL.search(text):
        dates = dates_in(found["date"])
        months = {"年度": 12, "半年": 6}.get(found["what"]) or _COUNT.get(
            found["months"], 0
        ) or int(found["months"] or 0)  # fmt: skip
        return span_before(dates[0][0], months, 0, cover) if dates and months else None
    found = _HAN_REPORT.search(text)
    fiscal = fiscal_year(cover)
    if found is None or len(text) > 60 or fiscal is None or fiscal.by_weeks:
        return None
    end = fiscal.end(int(found["year"]))
    if end is None:
        return None
    what = found["what"] or ""
    if found["quarter"]:
        quarter = "一二三四".find(found["quarter"]) + 1 or int(found["quarter"])
        end = fiscal.quarter_end(end, None, quarter, ())
        return span_before(end, 3, 0, cover) if end else None
    if what.startswith("半年") or what == "中期":
        end = fiscal.quarter_end(end, None, 2, ())
        return span_before(end, 6, 0, cover) if end else None
    return (
        span_before(end, 12, 0, cover) if what == "年度" or ANNUAL_IN_SHORT.search(text) else None
    )


def _by_statements(
    document: Document, lines: Sequence[Passage], cover: Cover
) -> tuple[Period, Passage | None]:
    """The latest period of the form's months that titles, captions and headers name, if the year
    on the cover fits it."""
    labels = {
        int(found["year"] or found["year2"])
        for line in lines
        for found in _LABEL.finditer(line.text)
    }
    best: tuple[date, Period, Passage] | None = None
    for title in _titles(document):
        period = _period(title.text, _ANY_ENDED, cover)
        if period is None:
            continue
        end = date.fromisoformat(period.end)
        fits = not labels or end.year in labels or end.year - 1 in labels
        if fits and _is_of(period, FORMS[cover.form]) and (best is None or end > best[0]):
            best = (end, period, title)
    return (best[1], best[2]) if best else (Period(), None)


def _is_of(period: Period, months: int) -> bool:
    days = (date.fromisoformat(period.end) - date.fromisoformat(period.start)).days + 1
    return round(days / 30.4375) == months


def _titles(document: Document) -> list[Passage]:
    found = [
        passage(block)
        for page in document.pages
        for block in page.blocks
        if block.kind in ("heading", "caption") or len(block.text) < 120
    ]
    for table in document.tables:
        found.extend(rows_of(table, max(table.header_rows, 3)))
    return found
