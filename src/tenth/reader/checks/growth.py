"""Printed changes, in percent or in money, against the two figures that they compare."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tenth.reader.checks.evidence import figure, is_change, name_of, plain, record, source
from tenth.reader.model import Contradiction, Fact, Line, Statement
from tenth.reader.sums import printed_step

PROOF = 2  # other rows in which the same three columns must agree
OF_OTHERS = re.compile(  # changes of other figures than those beside them
    r"\bexclud\w+|\bother movements?\b|固定汇率"
    r"|\b(?:constant|organic|comparable|adjusted|currency|underlying)\b",
    re.IGNORECASE,
)
Pair = tuple[int, int]  # columns of the new and of the old figure


def growth_breaks(statement: Statement, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    """What a column of changes compares is what it agrees with in most of its rows; a row in which
    it agrees with no other two figures either is a contradiction."""
    for place, column in enumerate(statement.columns):
        if not is_change(column) or OF_OTHERS.search(column.header):
            continue
        rows = [line for line in statement.lines if place < len(line.facts) and line.facts[place]]
        dated = {k for k, other in enumerate(statement.columns) if not is_change(other)}
        votes: dict[Pair, int] = {}
        for row in rows:
            for pair in _agreeing(row, place, facts):
                if dated.issuperset(pair):  # a change is none of two changes
                    votes[pair] = votes.get(pair, 0) + 1
        if not votes:
            continue
        pair = max(sorted(votes), key=lambda p: (votes[p], -abs(place - p[0]), -abs(place - p[1])))
        failing = [
            row for row in rows if _both(row, pair, facts) and not _agreeing(row, place, facts)
        ]
        if votes[pair] < PROOF or len(failing) * 2 > votes[pair]:
            continue
        for row in failing:
            yield from _break(row, place, pair, facts)


def _figure(line: Line, place: int, facts: Mapping[str, Fact]) -> Fact | None:
    fact = figure(line, place, facts)
    return fact if fact is not None and fact.value is not None else None


def _both(line: Line, pair: Pair, facts: Mapping[str, Fact]) -> bool:
    new, old = (_figure(line, place, facts) for place in pair)
    return new is not None and old is not None and bool(old.value) and new.unit == old.unit


def _agreeing(line: Line, place: int, facts: Mapping[str, Fact]) -> list[Pair]:
    """The pairs of columns, the new one first, whose figures change by what is printed."""
    change = _figure(line, place, facts)
    others = {k: f for k in range(len(line.facts)) if k != place and (f := _figure(line, k, facts))}
    return [
        (new, old)
        for new, one in others.items()
        for old, other in others.items()
        if change and new != old and _both(line, (new, old), facts) and _agrees(change, one, other)
    ]


def _agrees(change: Fact, new: Fact, old: Fact) -> bool:
    """Within the rounding of all three; the sign of a change from a loss is anybody's choice."""
    step = printed_step(change) / 2
    value = abs(change.value or Decimal(0))
    if change.unit != new.unit and (old.value or Decimal(0)) <= 0:
        return True
    return any(
        low - step <= value <= high + step or low - step <= -value <= high + step
        for low, high in _ranges(change, new, old)
    )


def _ranges(change: Fact, new: Fact, old: Fact) -> Iterator[tuple[Decimal, Decimal]]:
    """Of the difference, where the units are alike, and of the rate: of two ratios it is either."""
    news, olds = (
        [(fact.value or Decimal(0)) + side * printed_step(fact) / 2 for side in (-1, 1)]
        for fact in (new, old)
    )
    if change.unit == new.unit:
        yield news[0] - olds[1], news[1] - olds[0]
    if change.unit == "pure" and (made := [a / b - 1 for a in news for b in olds if b]):
        yield min(made), max(made)


def _break(
    line: Line, place: int, pair: Pair, facts: Mapping[str, Fact]
) -> Iterator[Contradiction]:
    change, new, old = (_figure(line, k, facts) for k in (place, *pair))
    if change is None or new is None or old is None or new.value is None or not old.value:
        return
    if change.unit not in (new.unit, "pure") or not change.value:
        return
    rate = change.unit != new.unit
    right = new.value / old.value - 1 if rate else new.value - old.value
    expected = right.quantize(printed_step(change)) if rate else right
    shown = f"{plain(expected * 100)} %" if rate else plain(expected)
    note = (
        f"The change of {name_of(change)} is printed as {source(change)}, but from {source(old)} "
        f"to {source(new)} it is {shown}."
    )
    yield record("real", "growth", (change, new, old), expected, change.value, note)
