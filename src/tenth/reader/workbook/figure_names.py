"""What the ledger's derived figures are called and how they are shown."""

import re
from decimal import Decimal

from tenth.reader.analysis import metric_of
from tenth.reader.metrics import title_of
from tenth.reader.workbook import looks
from tenth.reader.workbook.words import word

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")


def family_name(metric: str, language: str) -> str:
    """Of a metric without its member: "Share of revenue"."""
    base = metric.partition("[")[0]
    known, zh = metric_of(base), language == "zh"
    if known is not None:
        return known.zh if zh else known.en
    title = title_of(base, "zh" if zh else "en")
    return title if title != base else _words(base)


def member_name(metric: str, language: str) -> str:
    """Of a member in brackets, "" without one: a line of the vocabulary has its title."""
    member = metric.partition("[")[2].removesuffix("]")
    name, colon, part = member.partition(": ")  # brackets do not stand within brackets
    title = title_of(f"{name}[{part}]" if colon else member, "zh" if language == "zh" else "en")
    return member if title == f"{name}[{part}]" else title


def figure_format(metric: str, unit: str) -> str:
    if unit == "currency/share":
        return looks.PER_SHARE
    if unit != "pure":
        return looks.number_format(0)
    known = metric_of(metric)
    shown = known.shown if known else "index"
    formats = {"times": looks.TIMES, "days": looks.DAYS, "index": looks.number_format(3)}
    return formats.get(shown, looks.PERCENT)


def figure_unit(metric: str, unit: str, currency: str, scale: Decimal, language: str) -> str:
    if unit != "pure":
        return looks.unit_words(unit, currency, scale, language)
    known = metric_of(metric)
    shown = known.shown if known else "index"
    if shown in ("days", "points"):
        return word(shown, language)
    return {"percent": "%", "times": "x"}.get(shown, "")


def template(formula: str) -> str:
    """With n for its numbers: formulas that differ in the days of their period are one row's."""
    return _NUMBER.sub("n", formula)


def formula_text(formulas: list[str]) -> str:
    """One text for the formulas of a row, with all of their numbers."""
    different = sorted(set(formulas))
    if len(different) == 1:
        return different[0]
    numbers = {tuple(_NUMBER.findall(one)) for one in different}
    width = len(next(iter(numbers)))
    values = sorted({one[0] for one in numbers}, key=lambda text: (len(text), text))
    if width == 1:
        return f"{template(different[0])}; n = {', '.join(values)}"
    return "; ".join(different)


def _words(name: str) -> str:
    """ "free_cash_flow" as "Free cash flow", "NetIncomeLoss" as "Net Income Loss"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
