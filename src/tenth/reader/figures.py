"""What a printed figure says: its value, sign, percent, currency and the scale it carries."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import msgspec

from tenth.documents.currencies import HAN, PRINTED, SIGNS, any_of
from tenth.documents.numbers import DASHES, LONGEST, YEAR

Measure = Literal["", "shares", "per share", "multiple", "time", "other"]

CURRENCIES = SIGNS | HAN
SCALES = {
    "thousand": 10**3, "thousands": 10**3, "k": 10**3, "million": 10**6, "millions": 10**6,
    "mn": 10**6, "mm": 10**6, "m": 10**6, "billion": 10**9, "billions": 10**9, "bn": 10**9,
    "b": 10**9, "trillion": 10**12, "trillions": 10**12, "tn": 10**12,
    "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "lacs": 10**5, "crore": 10**7, "crores": 10**7,
    "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12, "兆": 10**12,
}  # fmt: skip
PERCENTS = {
    "%": 2, "percent": 2, "percentage points": 2, "percentage point": 2, "pp": 2, "ppt": 2,
    "ppts": 2, "pt": 2, "pts": 2, "个百分点": 2, "百分点": 2, "‰": 3, "bp": 4, "bps": 4,
    "basis points": 4, "basis point": 4, "个基点": 4, "基点": 4,
}  # fmt: skip
MEASURES: dict[str, Measure] = {
    "shares": "shares", "股": "shares", "万股": "shares", "元/股": "per share", "x": "multiple",
    "X": "multiple", "×": "multiple", "times": "multiple", "倍": "multiple", "year": "time",
    "years": "time", "month": "time", "months": "time", "week": "time", "weeks": "time",
    "day": "time", "days": "time", "年": "time", "个月": "time", "天": "time", "日": "time",
    "人": "other", "名": "other", "户": "other", "家": "other", "吨": "other", "台": "other",
    "辆": "other", "件": "other", "项": "other", "个": "other", "次": "other",
}  # fmt: skip
MOST_DIGITS = 26  # of a figure, its marks counted: no more than Decimal keeps exactly

_PLAIN = {0xFF01 + i: 0x21 + i for i in range(94)} | {
    ord("　"): " ", ord("￥"): "¥", ord("﹣"): "-", ord("〔"): "(", ord("〕"): ")",
}  # fmt: skip
_MINUS = DASHES + "△▲"


_CURRENCY = rf"(?:{PRINTED}|{any_of(HAN)})"
_NUMBER = r"(?:\d[\d,.'’\u00a0\u2009\u202f]*\d|\d|\.\d+)"
_MARKS = r"(?:\s*(?:\*{1,3}|†|‡|§|\([a-z]\)|\(注?\d{1,2}\)|[¹²³⁴⁵⁶⁷⁸⁹]|注\d{0,2}))*"
_FIGURE = re.compile(
    rf"(?P<bound>[~≈<>≤≥约])?\s*(?P<outer>\()?\s*(?P<sign>[{_MINUS}+])?\s*(?P<before>{_CURRENCY})?"
    rf"\s*(?P<inner>\()?\s*(?P<sign_inside>[{_MINUS}+])?\s*(?P<before_inside>{_CURRENCY})?"
    rf"\s*(?P<number>{_NUMBER})\s*(?P<close>\)(?!\s*\)))?"
    rf"\s*(?P<percent>(?i:{any_of(PERCENTS)})(?![a-z]))?"
    rf"\s*(?P<scale>(?i:{any_of(SCALES)})(?![a-z]))?\s*(?P<after>{_CURRENCY}|元(?!/股))?"
    rf"\s*(?P<measure>(?:{any_of(MEASURES)})(?![a-z]))?\s*(?P<close_late>\))?\s*(?P<late>%)?{_MARKS}"
)
_NOTHING = re.compile(
    rf"(?:{_CURRENCY})?\s*\(?(?:(?P<zero>[{DASHES}]{{1,3}}|(?i:nil))|(?i:n/?a\.?|n\.a\.|n\.?m\.?|不适用|无))"
    rf"\s*\)?\s*(?P<percent>%)?\s*\)?(?:\s*(?:\*{{1,3}}|†|‡|\([a-z]\)|[¹²³⁴⁵⁶⁷⁸⁹]))*"
)
_GROUPED = {  # digits with marks between them: how, and which mark is the decimal point
    re.compile(r"\d+(?:\.\d+)?|\.\d+"): ".",
    re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"): ".",
    re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?"): ".",  # lakhs and crores
    re.compile(r"\d{1,3}(?:['’]\d{3})+(?:\.\d+)?"): ".",
    re.compile(r"\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?:\.\d+)?"): ".",
    re.compile(r"\d{1,3}(?:[.\u00a0\u2009\u202f'’]\d{3})+,\d{1,2}"): ",",
    re.compile(r"\d{1,3}(?:\.\d{3}){2,}"): ",",  # two points or more: none is the decimal's
}


class Printed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure as printed, before the scale of any header.

    `value` is signed, percent and basis points already a fraction; None where the print says that
    there is no value (n/a), or only a bound of it ("<1%"). `currency` is an ISO code, or one of
    "$", "¥", "Rs", "元" where only the document can say which is meant.
    """

    value: Decimal | None
    percent: bool = False
    currency: str = ""
    own_scale: int | None = None  # "1.2 million", "3,400万": not yet in `value`
    nothing: bool = False  # a dash or "nil" (value 0), "n/a", "不适用" (no value)
    measure: Measure = ""  # what stands behind it: "3.2x", "5.1 years", "1,200万股"
    bound: str = ""  # "~", "<", ...

    @property
    def has_own_unit(self) -> bool:
        """Whether the figure says itself that no header's scale is meant for it."""
        return self.percent or self.own_scale is not None or self.measure not in ("", "shares")

    def scaled(self, scale: int | None) -> Decimal | None:
        """The value in whole units by its own scale, else by the `scale` of its header; None
        where neither says."""
        if self.value is None or self.percent or self.measure not in ("", "shares"):
            return self.value
        if self.own_scale is not None:
            return _times(self.value, self.own_scale)
        if self.value == 0:
            return self.value  # nothing is nothing in every scale
        return None if scale is None else _times(self.value, scale)


def _times(value: Decimal, scale: int) -> Decimal:
    """Without the zeros that a scale leaves behind the point: 7.3 million is 7300000."""
    scaled = value * scale
    return scaled.quantize(Decimal(1)) if scale > 1 and scaled % 1 == 0 else scaled


def parse_figure(text: str, *, triangles_are_minus: bool = False) -> Printed | None:
    """What the whole of `text` says as a figure; None where it is none, or one that two readings
    fit ("1,23", "-(5)", "1.2-1.5"). A triangle before a figure is a minus only where the caller
    knows so: elsewhere it marks a rise."""
    if len(text) > LONGEST:
        return None
    text = plain(text)
    if found := _NOTHING.fullmatch(text):
        value = Decimal(0) if found["zero"] else None
        return Printed(value, percent=bool(found["percent"]), nothing=True)
    found = _FIGURE.fullmatch(text)
    if found is None:
        return None
    negative = _is_negative(found, triangles_are_minus)
    number = parse_number(found["number"])
    if number is None or negative is None:
        return None
    currencies = {found["before"], found["before_inside"], found["after"]} - {None}
    meant = _currency(currencies)
    percents = [found["percent"], found["late"]]
    if meant is None or all(percents) or not _letter_is_scale(found, bool(currencies)):
        return None
    if any(percents):
        number = number.scaleb(-PERCENTS[(percents[0] or "%").lower()])
    bound = found["bound"] or ""
    return Printed(
        None if bound in set("<>≤≥") else -number if negative else number,
        percent=any(percents),
        currency=meant,
        own_scale=SCALES[found["scale"].lower()] if found["scale"] else None,
        measure=MEASURES[found["measure"]] if found["measure"] else "",
        bound="~" if bound in ("≈", "约") else bound,
    )


def plain(text: str) -> str:
    """`text` with half-width digits, brackets and signs; plain spaces at its ends left off."""
    return text.translate(_PLAIN).strip()


def parse_number(text: str) -> Decimal | None:
    """An unsigned number with its marks between thousands; None where they stand wrongly."""
    if len(text) > MOST_DIGITS:
        return None
    for pattern, point in _GROUPED.items():
        if pattern.fullmatch(text):
            whole, _, part = text.partition(point)
            digits = re.sub(r"\D", "", whole, flags=re.ASCII)
            return Decimal(f"{digits or '0'}.{part or '0'}" if part else digits)
    return None


def looks_like_year(text: str) -> bool:
    """Whether `text` may be a year: "2023", "FY 2023", "2024E". Whether it is one, only its
    column's header says."""
    return bool(YEAR.match(plain(text)))


def triangles_mean_minus(texts: Iterable[str]) -> bool:
    """Whether a table's triangles are its minus: there are some, none points down, and no figure
    is negative in another way."""
    seen = False
    for text in map(plain, texts):
        if "▼" in text or "▽" in text:
            return False
        if text[:1] in ("△", "▲"):
            seen = True
        elif (figure := parse_figure(text)) and figure.value is not None and figure.value < 0:
            return False
    return seen


def _is_negative(found: re.Match[str], triangles_are_minus: bool) -> bool | None:
    opened = [bool(found["outer"]), bool(found["inner"])]
    closed = [bool(found["close"]), bool(found["close_late"])]
    signs = [sign for sign in (found["sign"], found["sign_inside"]) if sign]
    if sum(closed) > sum(opened) or all(opened) or len(signs) > 1:
        return None  # what closes has been opened; brackets within brackets mean nothing known
    if found["sign"] and opened[1]:
        return None  # a minus before brackets
    if signs and signs[0] in "△▲" and not triangles_are_minus:
        return None
    if signs:
        return signs[0] != "+"
    return any(opened)


def _currency(signs: set[str]) -> str | None:
    """The one currency that all signs of a figure may mean; None where they differ."""
    known = {CURRENCIES[sign] for sign in signs if sign in CURRENCIES}
    unsure = {sign.rstrip(".") for sign in signs if sign not in CURRENCIES}
    if len(known) > 1 or len(unsure) > 1:
        return None
    return next(iter(known or unsure), "")


def _letter_is_scale(found: re.Match[str], is_money: bool) -> bool:
    """Letters alone are a scale only behind money, or as capitals right behind the number: "5 m"
    is a length."""
    scale = found["scale"] or ""
    if len(scale) != 1 or not scale.isascii():
        return True
    is_close = found.string[found.start("scale") - 1] != " "
    return is_money or (scale.isupper() and is_close)
