"""Figures as a reader of English or Chinese writes them, with no more digits than were printed."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise

from tenth.documents.currencies import han_name_of, sign_of
from tenth.reader.analysis.catalogue import metric_of
from tenth.reader.model import Fact, Figure, Unit
from tenth.reader.summary.names import Language

MINUS = "−"
PERCENT = ("%", "％")
SCALES: dict[str, tuple[tuple[int, str], ...]] = {
    "en": ((12, " trillion"), (9, " billion"), (6, " million"), (3, " thousand"), (0, "")),
    "zh": ((8, "亿"), (4, "万"), (0, "")),
}
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def of_fact(fact: Fact, language: Language, signed: bool = False) -> str:
    """ "US$81.8 billion", "818.0亿美元", "43.8%"; "" of a fact without a value."""
    if fact.value is None:
        return ""
    if not fact.value and not any(c.isdigit() for c in fact.verbatim):
        return "—"  # nothing, as printed
    if fact.unit == "pure":
        if is_percent(fact):
            return percent(fact.value, min(1, _decimals(fact.verbatim)), signed)
        return number(fact.value, _decimals(fact.verbatim), signed)
    return amount(fact.value, fact.unit, fact.currency, language, step(fact), signed)


def of_figure(
    figure: Figure, language: Language, facts: Mapping[str, Fact], signed: bool = False
) -> str:
    """A derived figure: percent and amounts with one decimal, ratios with two."""
    if figure.unit == "pure":
        known = metric_of(figure.metric)
        form = known.shown if known else "index"
        if form == "percent":
            return percent(figure.value, 1, signed)
        after = {"points": (" points", "个百分点"), "days": (" days", "天"), "times": ("×", "×")}
        value, places = (figure.value * 100, 1) if form == "points" else (figure.value, 2)
        text = number(value, 0 if form == "days" else places, signed)
        return text + after.get(form, ("", ""))[language == "zh"]
    printed = [step(facts[item.id]) for item in figure.inputs
               if item.id in facts and facts[item.id].unit == figure.unit]  # fmt: skip
    finest = Decimal("0.01") if figure.unit == "currency/share" else Decimal(1)
    least = max(printed, default=finest)
    return amount(figure.value, figure.unit, figure.currency, language, least, signed)


def amount(
    value: Decimal, unit: Unit, currency: str, language: Language, least: Decimal, signed: bool
) -> str:
    """An amount of money or shares, `least` being what its last printed digit stands for."""
    before = after = ""
    if unit != "shares" and currency:
        if language == "en":
            before = sign_of(currency)
        else:
            after = han_name_of(currency)
    elif unit == "shares":
        after = " shares" if language == "en" else "股"
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    if unit == "currency/share":
        text = f"{_rounded(abs(value), _places(least)):,f}"
        return f"{sign}{before}{text}{after}"
    power, name = _scale(abs(value), language, least)
    most = 2 if language == "zh" and abs(value) < Decimal(10) ** (power + 1) else 1
    places = max(0, min(most, power - _power(least)))
    text = f"{_rounded(abs(value) / Decimal(10) ** power, places):,f}"
    return f"{sign}{before}{text}{name}{after}"


def percent(value: Decimal, places: int, signed: bool = False) -> str:
    return number(value * 100, places, signed) + "%"


def number(value: Decimal, places: int, signed: bool = False) -> str:
    rounded = _rounded(value, places)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return f"{sign}{abs(rounded):,f}"


def is_percent(fact: Fact) -> bool:
    """By its sign, or because the column that it stands in says so: 47.8 for 0.478."""
    if fact.unit != "pure" or any(sign in fact.verbatim for sign in PERCENT):
        return fact.unit == "pure"
    found = re.search(r"\d[\d,]*(?:\.\d+)?|\.\d+", fact.verbatim)
    if not fact.value or not found:
        return False
    return abs(fact.value) * 100 == Decimal(found[0].replace(",", ""))


def step(fact: Fact) -> Decimal:
    """What the last digit of the figure stands for, as printed: a million, a cent."""
    if is_percent(fact):
        return Decimal(10) ** (-2 - _decimals(fact.verbatim))
    return Decimal(10) ** -_decimals(fact.verbatim) * (fact.scale or 1)


def _scale(value: Decimal, language: Language, least: Decimal) -> tuple[int, str]:
    """The largest unit that the value reaches, or one whose tenth is the last printed digit."""
    if not value:
        return 0, ""
    scales = [item for item in SCALES[language] if item[0] != 3 or _power(least) >= 3]
    for (power, name), (smaller, _) in pairwise(scales):
        unit = Decimal(10) ** power
        reached = value + Decimal("0.05").scaleb(smaller) >= unit  # 999.96 million is 1.0 billion
        # a coarse figure in a fine unit would gain digits: 0.2 billion is not 200 million
        coarse = smaller < _power(least) == power - 1
        if reached or coarse:
            return power, name
    return scales[-1]


def _power(least: Decimal) -> int:
    return least.adjusted()


def _places(least: Decimal) -> int:
    return max(0, -least.adjusted())


def _decimals(verbatim: str) -> int:
    found = re.search(r"\d[\d,，]*[.．](\d+)", verbatim) or re.search(r"[.．](\d+)", verbatim)
    return len(found[1]) if found else 0


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=WIDE)
