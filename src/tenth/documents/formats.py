"""Shows a number as a sheet does: number format codes such as `#,##0.00_);(#,##0.00)`.

Written for what reports hold: digits, thousands, scaling, percent, currency, scientific notation,
fractions, dates and times, sections, conditions. Widths and fills, which only align, are dropped.
"""

import re
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

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
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


class Token(NamedTuple):
    kind: str
    text: str


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
        return general(value) if moment is None else _dated(section.tokens, moment, value)
    kinds = {token.kind for token in section.tokens}
    if "general" in kinds or "text" in kinds:
        body = general(abs(value) if negative else value)
        texts = (body if t.kind in ("general", "text") else _plain(t) for t in section.tokens)
        return "".join(texts).strip()
    if "digit" not in kinds:
        return "".join(map(_plain, section.tokens)).strip()
    text = _numbered(section.tokens, abs(value))
    minus = "-" if value < 0 and not negative and re.search("[1-9]", text) else ""
    return (minus + text).strip()


def shown_text(text: str, code: str) -> str:
    """A text in a cell with a format that says how texts are shown: `"Note: "@`."""
    parts = sections(code)
    last = parts[-1].tokens
    if not any(t.kind == "text" for t in last) or (len(parts) < 4 and len(last) == 1):
        return text
    return "".join(text if t.kind == "text" else _plain(t) for t in last)


def general(value: float) -> str:
    """Without a format: whole numbers whole, others to 11 digits."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.11G}" if 1e-9 <= abs(value) < 1e15 else f"{value:.5E}"
    mantissa, power, exponent = text.partition("E")
    if power and "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa + power + exponent


def to_date(value: float, from_1904: bool = False) -> datetime | None:
    """None where no date has that number."""
    try:
        epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
        moment = from_excel(value, epoch)
    except (ValueError, OverflowError):
        return None
    if isinstance(moment, time):  # numbers below 1 have a time alone
        return datetime.combine(datetime(1899, 12, 31), moment)
    if isinstance(moment, timedelta) or moment is None:
        return None
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def iso(value: float, from_1904: bool = False) -> str | None:
    moment = to_date(value, from_1904)
    if moment is None:
        return None
    if 0 <= value < 1 and not from_1904:
        return moment.time().isoformat("seconds")
    whole = moment.time() == time()
    return moment.date().isoformat() if whole else moment.isoformat(timespec="seconds")


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
    if len(parts) == 1:
        return parts[0], False
    if value < 0:
        return parts[1], True
    if value == 0 and len(parts) >= 3:
        return parts[2], False
    return parts[0], False


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, bound = condition
    return {
        "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound,
        "=": value == bound, "<>": value != bound,
    }[sign]  # fmt: skip


def _plain(token: Token) -> str:
    return token.text if token.kind in ("literal", "money", "percent", "comma", "point",
                                        "slash") else ""  # fmt: skip


def _numbered(tokens: tuple[Token, ...], value: float) -> str:
    """A number of zero or more in a section with places for digits."""
    places = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    slash = next((i for i, t in enumerate(tokens) if t.kind == "slash"), None)
    if slash is not None and places[0] < slash < places[-1]:
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
    rest = "".join(_plain(t) for t in tokens if t.kind != "comma")
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
            out.append("" if token.kind == "comma" else _plain(token)[::-1])
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
            out += _plain(token)
    return out


def _fraction(tokens: tuple[Token, ...], value: float, slash: int) -> str:
    below = "".join(t.text for t in tokens[slash + 1 :] if t.kind in ("digit", "literal")).strip()
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


def _dated(tokens: tuple[Token, ...], moment: datetime, value: float) -> str:
    half = any(t.kind == "half" for t in tokens)
    decimals = _decimals(tokens)
    moment += timedelta(microseconds=5 * 10 ** (5 - decimals))  # rounds to the last place shown
    out, clock = "", ""  # the last part of a time that was written
    for i, token in enumerate(tokens):
        text = token.text.lower()
        if token.kind == "date":
            minute = (
                text[0] == "m" and len(text) < 3 and (clock == "h" or _before_seconds(tokens, i))
            )
            out += _minutes(text, moment) if minute else _date_part(text, moment, half)
            clock = text[0] if text[0] in "hs" else "" if text[0] in "yd" else clock
        elif token.kind == "elapsed":
            seconds = Decimal(repr(float(value))) * 86400
            size = {"h": 3600, "m": 60, "s": 1}[text[0]]
            out += f"{int(round(seconds, 3) // size):0{len(text)}d}"
            clock = "h" if text[0] == "h" else clock
        elif token.kind == "half":
            chinese = "上" in text
            names = ("上午", "下午") if chinese else ("A", "P") if text == "a/p" else ("AM", "PM")
            out += names[moment.hour >= 12]
        elif token.kind == "digit" and decimals:
            out += f"{moment.microsecond:06d}"[_place(tokens, i)]
        else:
            out += token.text if token.kind == "digit" else _plain(token)
    return out.strip()


def _decimals(tokens: tuple[Token, ...]) -> int:
    """Places of a second's fraction: `ss.00`."""
    for i, token in enumerate(tokens):
        if token.kind == "point" and i and tokens[i - 1].text.lower().startswith("s"):
            rest = [t.kind == "digit" for t in tokens[i + 1 :]]
            return min(6, rest.index(False) if False in rest else len(rest))
    return 0


def _place(tokens: tuple[Token, ...], index: int) -> int:
    start = max(i for i in range(index) if tokens[i].kind == "point")
    return min(5, index - start - 1)


def _before_seconds(tokens: tuple[Token, ...], index: int) -> bool:
    later = next((t for t in tokens[index + 1 :] if t.kind in ("date", "elapsed")), None)
    return later is not None and later.text.lower().startswith("s")


def _minutes(text: str, moment: datetime) -> str:
    return f"{moment.minute:0{len(text)}d}"


def _date_part(text: str, moment: datetime, half: bool) -> str:
    letter, width = text[0], len(text)
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and width <= 2 else f"{moment.year:04d}"
    if letter == "h":
        return f"{(moment.hour % 12 or 12) if half else moment.hour:0{min(width, 2)}d}"
    if letter == "s":
        return f"{moment.second:0{min(width, 2)}d}"
    if letter == "g":
        return ""
    if letter == "a":
        return ("周" if width == 3 else "星期") + "一二三四五六日"[moment.weekday()]
    number = moment.month if letter == "m" else moment.day
    if width <= 2:
        return f"{number:0{width}d}"
    name = _MONTHS[moment.month - 1] if letter == "m" else _DAYS[moment.weekday()]
    return name[:3] if width == 3 else name[:1] if width == 5 else name
