"""Dates and times in a sheet: numbers that count days, shown by codes such as `d mmm yyyy`."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


class Token(NamedTuple):
    kind: str
    text: str


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


def plain(token: Token) -> str:
    return token.text if token.kind in ("literal", "money", "percent", "comma", "point",
                                        "slash") else ""  # fmt: skip


def dated(tokens: tuple[Token, ...], moment: datetime, value: float) -> str:
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
            out += token.text if token.kind == "digit" else plain(token)
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
