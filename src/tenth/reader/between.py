"""Rows between two balances that name their days: flows of the time between.

Statements of equity and tables of notes carry a balance forward: "Balance at June 30, 2021",
issues, profit, "Balance at June 30, 2022". What stands between is of the year to June 30, 2022.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import msgspec

from tenth.reader.balance_rows import is_balance
from tenth.reader.dates import dates_in
from tenth.reader.grid import Row
from tenth.reader.model import Fact, Period, Said

LEAST, MOST = 25, 800  # days from one balance to the next
_HELD = re.compile(  # words beside the day of a balance
    r"(?:opening|closing|beginning|ending|total|net|gross|balances?|equity|outstanding|cost|shares"
    r"|options|units|rsus|awards|(?:un|non)-?vested|book|carrying|values?|amounts?|as|at|of|on|and"
    r"|the|previously|originally|reported|stated|restated|adjusted|(?:un)?audited|余额|年[初末])"
)


class Balance(NamedTuple):
    row: Row
    closes: date  # what stands above it; a label may name two days, "31 December and 1 January"
    opens: date  # what stands below


def balance_of(row: Row) -> Balance | None:
    """The day or days that a row's label names, if it says nothing else but that it is held."""
    found = dates_in(row.label)
    if not found or len(found) > 2:
        return None
    rest, at = [], 0
    for _, start, end in found:
        rest.append(row.label[at:start])
        at = end
    words = re.findall(r"\w+(?:-\w+)?", " ".join([*rest, row.label[at:]]).casefold())
    held = all(_HELD.fullmatch(word) for word in words)
    return Balance(row, found[0][0], found[-1][0]) if held else None


def carries_forward(rows: Sequence[Row]) -> bool:
    """Whether other rows stand between two balances that name their days."""
    at = [i for i, row in enumerate(rows) if balance_of(row)]
    return bool(at) and len(at) < at[-1] - at[0] + 1


def with_time_between(
    rows: Sequence[Row], facts: Sequence[Fact], changes: Collection[int] = ()
) -> list[Fact]:
    """The facts, those without a period dated by the balances of their table: such a row's own by
    its label, a flow by the balances above and below it; none in a column of `changes`."""
    if all(fact.period.end for fact in facts):
        return list(facts)
    balances = [found for row in rows if (found := balance_of(row))]
    days = {one.row.number: one for one in balances}
    between = [(a, b, span) for a, b in pairwise(balances) if (span := _span(a, b)).end]
    return [
        fact if fact.period.end or fact.column in changes else _dated(fact, days, between)
        for fact in facts
    ]


def _span(above: Balance, below: Balance) -> Period:
    opens, closes = above.opens, below.closes
    if not LEAST <= (closes - opens).days <= MOST:
        return Period()
    # "Balance at 1 January 2022": before that day's flows
    start = opens if opens.day == 1 else opens + timedelta(1)
    end = closes - timedelta(1) if closes.day == 1 else closes
    return Period(start.isoformat(), end.isoformat())


def _dated(
    fact: Fact, days: dict[int, Balance], between: Sequence[tuple[Balance, Balance, Period]]
) -> Fact:
    if fact.row in days:
        own = days[fact.row]
        return _known(fact, Period("", own.closes.isoformat()), own)
    for above, below, span in between:
        if above.row.number < fact.row < below.row.number and not is_balance(fact.label, ()):
            return _known(fact, span, above, below)
    return fact


def _known(fact: Fact, period: Period, *by: Balance) -> Fact:
    said = tuple(Said("period", one.row.label, one.row.place) for one in by)
    ok = fact.value is not None and fact.scale is not None and bool(fact.label)
    return msgspec.structs.replace(
        fact, period=period, said=(*fact.said, *said), status="ok" if ok else "unknown"
    )
