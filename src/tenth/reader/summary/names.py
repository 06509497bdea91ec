"""What the summary calls metrics and periods, in English and Chinese."""

from datetime import date
from typing import Literal

from tenth.reader.analysis.catalogue import metric_of, readable
from tenth.reader.analysis.spans import length_of
from tenth.reader.metrics import title_of
from tenth.reader.model import Fact, Period

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FORMS_ZH = {
    "annual report": "年度报告", "half-year report": "半年度报告", "quarterly report": "季度报告",
    "research report": "研究报告", "prospectus": "招股说明书",
}  # fmt: skip
COUNTS = {"two": "两", "three": "三", "four": "四", "five": "五", "ten": "十"}
SPANS = (  # as analysis.spans names them, in English, in Chinese
    ("quarter", "Three months to", "三个月"),
    ("half", "Six months to", "六个月"),
    ("nine months", "Nine months to", "九个月"),
    ("year", "Year to", "一年"),
)


def title(metric: str, language: Language, label: str = "") -> str:
    """How a metric is called; one without a name by its label as printed."""
    if metric_of(metric) is not None:
        return readable(metric, language)
    name = title_of(metric, language)
    return name if name != metric else label or metric


def member_of(metric: str) -> str:
    """ "Products" of Revenues[Products]; "" of a metric of the whole."""
    return metric.partition("[")[2].removesuffix("]")


def is_group(member: str) -> bool:
    """Whether a customer or supplier is nobody in particular: "others", "top five"."""
    return member == "others" or member.startswith("top ")


def group_name(member: str, language: str) -> str:
    """ "the five largest together", "前五名合计"."""
    zh, count = language == "zh", member.removeprefix("top ")
    if member == "others":
        return "其他" if zh else "others"
    return f"前{COUNTS.get(count, count)}名合计" if zh else f"the {count} largest together"


def form_name(form: str, language: str) -> str:
    """What kind of document it is: "10-Q", "年度报告"."""
    return FORMS_ZH.get(form, form) if language == "zh" else form


def title_of_fact(fact: Fact, language: Language) -> str:
    return title(fact.metric, language, fact.label)


def span(period: Period) -> int:
    """Which of SPANS it is, -1 for another or an instant."""
    length = length_of(period)
    return next((k for k, (name, *_) in enumerate(SPANS) if name == length), -1)


def within(period: Period, language: Language) -> str:
    """ "three months to Jul 1, 2023": within a sentence."""
    name = period_name(period, language)
    return name[:1].lower() + name[1:] if period.end and name[:3] not in MONTHS else name


def day(iso: str, language: Language) -> str:
    """ "Jul 1, 2023", "2023年7月1日"."""
    of = date.fromisoformat(iso)
    if language == "zh":
        return f"{of.year}年{of.month}月{of.day}日"
    return f"{MONTHS[of.month - 1]} {of.day}, {of.year}"


def period_name(period: Period, language: Language) -> str:
    """ "Three months to Jul 1, 2023", "At Sep 24, 2022"."""
    if not period.end:
        return "Period unknown" if language == "en" else "期间未知"
    end = day(period.end, language)
    if period.is_instant:
        return f"At {end}" if language == "en" else end
    which = span(period)
    if which >= 0:
        _, en, zh = SPANS[which]
        return f"{en} {end}" if language == "en" else f"截至{end}的{zh}"
    start = day(period.start, language)
    return f"{start} to {end}" if language == "en" else f"{start}至{end}"
