"""Number formats and the units a reader sees, in both languages."""

import re
import unicodedata
from decimal import Decimal

from tenth.documents.currencies import han_name_of
from tenth.reader.model import Fact

SCALES = {
    "en": {1: "", 1000: "thousand", 10_000: "ten thousand", 100_000: "lakh",
           1_000_000: "million", 10**7: "crore", 10**8: "hundred million", 10**9: "billion"},
    "zh": {1: "", 1000: "千", 10_000: "万", 100_000: "十万", 1_000_000: "百万",
           10**7: "千万", 10**8: "亿", 10**9: "十亿"},
}  # fmt: skip
SHORT = {1: "", 1000: "k", 10_000: "10k", 10**5: "lakh", 10**6: "m", 10**7: "crore", 10**8: "100m",
         10**9: "bn"}  # fmt: skip
ONE = Decimal(1)


def number_format(decimals: int) -> str:
    """Negatives in parentheses, zero as a dash."""
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{digits}_);({digits});"–"_)'


def percent_format(decimals: int = 1) -> str:
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"{digits}%_);({digits}%);{digits}%_)"


PER_SHARE = '#,##0.00_);(#,##0.00);"–"_)'
PERCENT = percent_format()
TIMES = '#,##0.00"x"_);(#,##0.00"x");0.00"x"_)'
DAYS = "#,##0.0_);(#,##0.0);0.0_)"


def exact_format(value: Decimal) -> str:
    """Every digit that a value has, no more, with a minus: as in facts.csv."""
    exponent = value.normalize().as_tuple().exponent
    decimals = min(-exponent, 15) if isinstance(exponent, int) and exponent < 0 else 0
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def signed_format(value: Decimal) -> str:
    """Every digit, negatives in parentheses."""
    return number_format(len(exact_format(value).partition(".")[2]))


def printed_decimals(verbatim: str) -> int:
    """Digits after the point of a figure as printed."""
    found = re.search(r"[.．](\d+)", unicodedata.normalize("NFKC", verbatim))
    return min(len(found[1]), 6) if found else 0


def is_percent(fact: Fact) -> bool:
    """Printed as such, or worth a hundredth of what is printed: the sign stands on a column's first
    row alone."""
    if fact.unit != "pure":
        return False
    if re.search(r"[%％]|bps|基点|个百分点", fact.verbatim):
        return True
    digits = re.sub(r"[^\d.]", "", unicodedata.normalize("NFKC", fact.verbatim)).strip(".")
    if not fact.value or not re.fullmatch(r"\d+(\.\d+)?", digits):
        return False
    return abs(fact.value) * 100 == Decimal(digits)


def fact_format(facts: list[Fact], scale: Decimal) -> str:
    """One format for a row: the unit's, with the decimals its figures are printed with."""
    first = facts[0]
    decimals = max(printed_decimals(fact.verbatim) for fact in facts)
    if any(is_percent(fact) for fact in facts):
        return percent_format(min(decimals, 4))
    if first.unit == "currency/share":
        return number_format(max(decimals, 2))
    shown = [fact.value / scale for fact in facts if fact.value is not None]
    # figures of another scale than the row's, converted, may need more digits
    converted = any(value != value.quantize(Decimal(1).scaleb(-decimals)) for value in shown)
    return number_format(min(decimals + 3, 6) if converted else decimals)


def scale_words(scale: Decimal | int | None, currency: str, language: str) -> str:
    """ "USD in millions", "人民币百万元"; "" where nothing is said."""
    if scale is None:
        return currency
    word = SCALES[language].get(int(scale), f"× {int(scale):,}")
    if language == "zh":
        return f"{word}{han_name_of(currency) or '元'}"
    words = f"in {word}s" if word else ""
    return " ".join(part for part in (currency, words) if part)


def unit_words(unit: str, currency: str, scale: Decimal | int, language: str) -> str:
    """What a row is counted in, short: "USD m", "USD/share", "k shares", "%"."""
    if language == "zh":
        word = SCALES["zh"].get(int(scale), f"×{int(scale)}")
        money = han_name_of(currency) or "元"
        names = {"currency": word + money, "currency/share": money + "/股", "shares": word + "股"}
        return names.get(unit, "" if scale == 1 else f"×{int(scale)}")
    short = SHORT.get(int(scale), f"×{int(scale)}")
    if unit == "currency":
        return f"{currency} {short}".strip()
    if unit == "currency/share":
        return f"{currency or 'per'}/share" if currency else "per share"
    if unit == "shares":
        return f"{short} shares".strip()
    return "" if scale == 1 else short


_NARROW, _THIN = set("fjrtI()[]{}/-‐ ,.:;'’‘\"!"), set("il|")
_WIDE = set("mwMW@%&—")


def text_width(text: str, bold: bool = False) -> float:
    """Widths of a digit that a text takes in the workbook's font; a Chinese character takes two."""
    width = 0.0
    for one in text:
        if unicodedata.east_asian_width(one) in "WF":
            width += 2.0
        elif one in _THIN:
            width += 0.42
        elif one in _NARROW:
            width += 0.6
        elif one in _WIDE:
            width += 1.5
        else:
            width += 1.25 if one.isupper() else 1.0
    return width * (1.07 if bold else 1.0)


def line_count(text: str, width: float, bold: bool = False) -> int:
    """Lines that a text takes in a column, broken between words."""
    lines, used = 1, 0.0
    for piece in re.findall(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]|\s+", text):
        size = text_width(piece, bold)
        if used and used + size > width:
            if piece.isspace():
                continue
            lines, used = lines + 1, 0.0
        lines += int(size / width) if size > width else 0
        used += size % width if size > width else size
    return lines


def clipped(text: str, longest: int) -> str:
    """Cut at a word's end, with a mark, where it is too long."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    at_word = head.rpartition(" ")[0]
    return (at_word if len(at_word) * 2 > longest else head).rstrip(" ,.;:") + "…"


def fitted(text: str, width: float) -> str:
    """Cut with a mark where a bold text is wider than its columns: paper shows no more of it."""
    longest = len(text)
    while text_width(text[:longest], bold=True) > width and longest:
        longest -= 1
    return clipped(text, longest)


def has_chinese(text: str) -> bool:
    return any(unicodedata.east_asian_width(one) in "WF" for one in text)
