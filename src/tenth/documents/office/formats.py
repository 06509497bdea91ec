"""Shows a number as a sheet does: number format codes such as `#,##0.00_);(#,##0.00)`.

Written for what reports hold: digits, thousands, scaling, percent, currency, scientific notation,
fractions, dates and times, sections, conditions. Widths and fills, which only align, are dropped.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS

from tenth.documents.office.date_formats import Token, dated, plain, to_date

_CHINESE = {  # the formats that a number stands for in a Chinese Excel
    'yyyy"年"m"月"': (27, 36, 50, 52, 57),
    'm"月"d"日"': (28, 29, 51, 53, 54, 58),
    'yyyy"年"m"月"d"日"': (31,),
    "m-d-yy": (30,),
    'h"时"mm"分"': (32,),
    'h"时"mm"分"ss"秒"': (33,),
    '上午/下午h"时"mm"分"': (34, 55),
    '上午/下午h"时"mm"分"ss"秒"': (35, 56),
}
BUILTIN = (
    BUILTIN_FORMATS
    | {14: "m/d/yyyy", 22: "m/d/yyyy h:mm"}  # as Excel shows them
    | {number: code for code, numbers in _CHINESE.items() for number in numbers}
)
_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<width>.)|\*(?P<fill>.)'
    r"|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General)|(?P<half>AM/PM|A/P|上午/下午)|(?P<power>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|e+|aaaa?|g+)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)"
    r"|(?P<percent>%)|(?P<slash>/)|(?P<text>@)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")


class Section(NamedTuple):
    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None
    date: bool


@lru_cache(maxsize=4096)
def sections(code: str) -> tuple[Section, ...]:
    parts: list[list[Token]] = [[]]
    for match in _TOKENS.finditer(code[:512]):
        kind = match.lastgroup or "literal"
        text = match[kind]
        if kind == "literal" and text == ";":
            parts.append([])
        elif kind not in ("width", "fill"):
            parts[-1].append(Token("literal" if kind in ("quoted", "escaped") else kind, text))
    return tuple(_section(part) for part in parts[:4])


def _section(tokens: list[Token]) -> Section:
    condition = None
    for token in tokens:
        if token.kind == "bracket" and (match := _CONDITION.fullmatch(token.text)):
            condition = match[1], float(match[2])
    kept = tuple(t for t in tokens if t.kind != "bracket")
    return Section(kept, condition, any(t.kind in ("date", "elapsed", "half") for t in kept))


def is_date(code: str) -> bool:
    return sections(code)[0].date


def shown(value: float, code: str, from_1904: bool = False) -> str:
    """The text that a cell with this number and format shows."""
    section, negative = _choose(sections(code), value)
    if section is None:  # no section is for it: "####" in Excel
        return general(value)
    if section.date:
        moment = to_date(value, from_1904)
        return general(value) if moment is None else dated(section.tokens, moment, value)
    kinds = {token.kind for token in section.tokens}
    if "general" in kinds or "text" in kinds:
        body = general(abs(value) if negative else value)
        texts = (body if t.kind in ("general", "text") else plain(t) for t in section.tokens)
        return "".join(texts).strip()
    if "digit" not in kinds:
        return "".join(map(plain, section.tokens)).strip()
    text = _numbered(section.tokens, abs(value))
    minus = "-" if value < 0 and not negative and re.search("[1-9]", text) else ""
    return (minus + text).strip()


def shown_text(text: str, code: str) -> str:
    """A text in a cell with a format that says how texts are shown: `"Note: "@`."""
    parts = sections(code)
    last = parts[-1].tokens
    if not any(t.kind == "text" for t in last) or (len(parts) < 4 and len(last) == 1):
        return text
    return "".join(text if t.kind == "text" else plain(t) for t in last)


def general(value: float) -> str:
    """Without a format: whole numbers whole, others to 11 digits."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.11G}" if 1e-9 <= abs(value) < 1e15 else f"{value:.5E}"
    mantissa, power, exponent = text.partition("E")
    if power and "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa + power + exponent


def _choose(parts: tuple[Section, ...], value: float) -> tuple[Section | None, bool]:
    """The section for a number, and whether that section itself says that it is negative."""
    if any(part.condition for part in parts):
        for index, part in enumerate(parts[:3]):
            if part.condition is None and index < len(parts) - 1 and index == 0:
                if value > 0:
                    return part, False
            elif part.condition is None or _holds(part.condition, value):
                return part, index > 0 and value < 0
        return None, False
    if value < 0 and len(parts) > 1:
        return parts[1], True
    return parts[2 if value == 0 and len(parts) > 2 else 0], False


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, bound = condition
    return {
        "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound,
        "=": value == bound, "<>": value != bound,
    }[sign]  # fmt: skip


class Plain(NamedTuple):
    """A section such as `$#,##0.00` or `0.0%`: what most cells have."""

    before: str
    grouped: bool
    decimals: int
    power: int  # of ten, that the number is multiplied by
    after: str


@lru_cache(maxsize=4096)
def _as_plain(tokens: tuple[Token, ...]) -> Plain | None:
    signs = {"digit": "", "comma": ",", "point": ".", "power": "E", "slash": "/"}
    shape = "".join(signs.get(t.kind, "x") or t.text for t in tokens)
    match = re.fullmatch(r"(x*)([#,]*)0(?:\.(0*))?(,*)(x*)", shape)
    if match is None:
        return None
    percents = sum(token.kind == "percent" for token in tokens)
    return Plain(
        before="".join(map(plain, tokens[: match.end(1)])),
        grouped="," in match[2],
        decimals=len(match[3] or ""),
        power=2 * percents - 3 * len(match[4]),
        after="".join(map(plain, tokens[match.start(5) :])),
    )


def _numbered(tokens: tuple[Token, ...], value: float) -> str:
    """A number of zero or more in a section with places for digits."""
    simple = _as_plain(tokens)
    if simple is not None:
        scaled = Decimal(repr(float(value))).scaleb(simple.power)
        rounded = scaled.quantize(Decimal(1).scaleb(-simple.decimals), ROUND_HALF_UP)
        digits = f"{rounded:,f}" if simple.grouped else f"{rounded:f}"
        return simple.before + digits + simple.after
    return _by_places(tokens, value)


def _by_places(tokens: tuple[Token, ...], value: float) -> str:
    """Digit by digit: for what is set between them, left out, or shown as a power or fraction."""
    places = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    slash = next((i for i, t in enumerate(tokens) if t.kind == "slash"), None)
    if slash is not None and places[0] < slash and _below(tokens[slash + 1 :]):
        return _fraction(tokens, value, slash)
    number = Decimal(repr(float(value)))
    number *= Decimal(100) ** sum(t.kind == "percent" for t in tokens)
    last = places[-1] + 1
    while last < len(tokens) and tokens[last].kind == "comma":  # each divides by a thousand
        number /= 1000
        last += 1
    power = next((i for i, t in enumerate(tokens) if t.kind == "power"), len(tokens))
    point = next((i for i, t in enumerate(tokens[:power]) if t.kind == "point"), power)
    decimals = sum(t.kind == "digit" for t in tokens[point:power])
    exponent = ""
    if power < len(tokens):
        whole = sum(t.kind == "digit" for t in tokens[:point])
        number, exponent = _scientific(number, whole, decimals, tokens[power:])
    digits = f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    whole_digits, _, part_digits = digits.partition(".")
    text = _whole(tokens[:point], whole_digits) + _part(tokens[point:power], part_digits)
    return text + exponent


def _scientific(
    number: Decimal, whole: int, decimals: int, tokens: tuple[Token, ...]
) -> tuple[Decimal, str]:
    exponent = number.adjusted() if number else 0
    exponent -= exponent % whole if whole > 1 else 0
    scaled = number.scaleb(-exponent)
    if round(scaled, decimals) >= 10 ** max(whole, 1):
        scaled, exponent = scaled.scaleb(-max(whole, 1)), exponent + max(whole, 1)
    width = sum(t.kind == "digit" for t in tokens)
    sign = "-" if exponent < 0 else "+" if tokens[0].text.endswith("+") else ""
    rest = "".join(plain(t) for t in tokens if t.kind != "comma")
    return scaled, f"E{sign}{abs(exponent):0{width}d}{rest}"


def _whole(tokens: tuple[Token, ...], digits: str) -> str:
    """The digits before the point, set into their places from the right."""
    places = [i for i, t in enumerate(tokens) if t.kind == "digit"]
    grouped = bool(places) and any(
        t.kind == "comma" and places[0] < i < places[-1] for i, t in enumerate(tokens)
    )
    digits = "" if digits == "0" else digits
    out: list[str] = []
    done = 0

    def put(digit: str) -> None:
        nonlocal done
        if grouped and done and done % 3 == 0:
            out.append(",")
        out.append(digit)
        done += 1

    for i in range(len(tokens) - 1, -1, -1):
        token = tokens[i]
        if token.kind != "digit":
            out.append("" if token.kind == "comma" else plain(token)[::-1])
        elif i == places[0]:  # the first place takes all that are left
            rest = digits[: len(digits) - done] or ("0" if token.text == "0" else "")
            for digit in reversed(rest):
                put(digit)
        elif done < len(digits):
            put(digits[len(digits) - 1 - done])
        elif token.text == "0":
            put("0")
    return "".join(out)[::-1]


def _part(tokens: tuple[Token, ...], digits: str) -> str:
    """The point and what follows; places with `#` show no trailing zeros."""
    places = [t.text for t in tokens if t.kind == "digit"]
    needed = max((i + 1 for i, p in enumerate(places) if p == "0" or digits[i] != "0"), default=0)
    out, place = "", 0
    for token in tokens:
        if token.kind == "digit":
            out += digits[place] if place < needed else ""
            place += 1
        elif token.kind != "comma":
            out += plain(token)
    return out


def _below(tokens: tuple[Token, ...]) -> str:
    """A fraction's lower places, or its fixed denominator."""
    return "".join(t.text for t in tokens if t.kind in ("digit", "literal")).strip()


def _fraction(tokens: tuple[Token, ...], value: float, slash: int) -> str:
    below = _below(tokens[slash + 1 :])
    mixed = any(t.kind == "literal" and t.text == " " for t in tokens[:slash])
    if below.isdigit() and int(below):
        share = Fraction(round(value * int(below)), 1)
        whole, above = divmod(int(share), int(below)) if mixed else (0, int(share))
        bottom = int(below)
    else:
        near = Fraction(value).limit_denominator(10 ** max(1, len(below)) - 1)
        whole, above = divmod(near.numerator, near.denominator) if mixed else (0, near.numerator)
        bottom = near.denominator
    if mixed and not above:
        return str(whole)
    return f"{whole} {above}/{bottom}" if whole else f"{above}/{bottom}"
