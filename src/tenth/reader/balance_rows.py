"""Rows of balances within statements of flows: at which day, the label's words tell."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from tenth.reader.dates import MONTH, MONTHS
from tenth.reader.model import Period

BALANCE_ROW = re.compile(
    r"^(?:(?:beginning |ending )?balances?\b|.{0,4}[期年][初末]余额)[\s,]*", re.I
)
_SPAN = r"(?:(?:fiscal|financial) )?(?:period|year|quarter)\b"
_OF = r" ?of ?(?:the ?)?"  # also where a file leaves no room between words
_END_BEFORE = rf"end of (?:the )?(?:previous|prior|preceding) {_SPAN}"  # a beginning by its words
_BALANCE_OF = re.compile(
    r"^(?:beginning|ending|opening|closing) |^(?:total )?cash\b.*\b(?:beginning|ending)$"
    r"|\b(?:beginning|ending|opening|closing) balances?$"
    rf"|(?:^|\bat |, ?| |[-–—] ?)(?:the )?(?:beginning|start|end){_OF}{_SPAN}"
    rf"|(?:^|\bat |,? |[-–—] ?)(?:the )?{_END_BEFORE}"
    r"|(?:^|[-–—,:(] ?|\bat )(?:the )?(?:beginning|ending|opening|closing|end)\)?$"
    r"|(?:[-–—,:(] ?|\bat )(?:fiscal )?(?:year|period|quarter)[- ]end\)?$"
    r"|[期年][初末].{0,6}余额|余额$",
    re.IGNORECASE,
)
_TO_BALANCE_SHEET = re.compile(r"reconciliation of .*cash.* to .*balance sheet", re.IGNORECASE)
_OF_ITS_COLUMN = re.compile(r"[期年][初末]")  # "期末现金余额": of which period, its column says
_CASH_HELD = re.compile(  # a line of a cash flow that is no flow
    r"(?:total )?cash(?: and bank balances?|(?:,| and) cash equivalents)"
    r"(?:,? (?:and|including) restricted cash)?",
    re.IGNORECASE,
)
_CHANGES = re.compile(r"\b(?:increase|decrease|changes?|movements?|adjust)", re.IGNORECASE)
_BEGINNING = re.compile(rf"\b(?:beginning|opening|start)\b|\b{_END_BEFORE}|[期年]初", re.IGNORECASE)
_DAY = re.compile(  # "Cash and cash equivalents at 1 January", of each column's year
    rf"(?:^|\b)(?:as )?(?:at|of|on) (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{MONTH})"
    rf"|(?P<month_>{MONTH}) (?P<day_>\d{{1,2}})(?:st|nd|rd|th)?)$",
    re.IGNORECASE,
)


def is_balance(label: str, section: Sequence[str]) -> bool:
    """Whether a row's figures are of a day, by its label or by what its headings reconcile."""
    told = BALANCE_ROW.match(label) or _BALANCE_OF.search(label)
    return bool(told) or bool(_TO_BALANCE_SHEET.search(" ".join(section)))


def is_cash_held(label: str, section: Sequence[str]) -> bool:
    """Whether a line such as "Total cash and cash equivalents", below the flows, is none."""
    others = (_CHANGES.search(heading) or _BEGINNING.search(heading) for heading in section)
    return bool(_CASH_HELD.fullmatch(label)) and not any(others)


def dates_itself(label: str) -> bool:
    """Whether a balance's label may print its own day."""
    return not _OF_ITS_COLUMN.search(label)


def first_or_last_day(label: str, period: Period) -> Period:
    """The day of a balance of `period`: the one before it begins, or its last."""
    return _before(period) if _BEGINNING.search(label) else Period("", period.end)


def day_told(label: str, period: Period) -> Period:
    """The first or last day of a `period` of flows where a label ends with its day and month;
    unknown where it ends with none, or with another."""
    found = _DAY.search(label.rstrip(" :.,"))
    if not found or not period.start:
        return Period()
    month, day = found["month"] or found["month_"], int(found["day"] or found["day_"])
    told = MONTHS[month.lower()], day
    start, end = date.fromisoformat(period.start), date.fromisoformat(period.end)
    if told in ((end.month, end.day), (start.month, start.day)):
        return Period("", period.end) if told == (end.month, end.day) else _before(period)
    return Period()


def _before(period: Period) -> Period:
    return Period("", (date.fromisoformat(period.start) - timedelta(1)).isoformat())
