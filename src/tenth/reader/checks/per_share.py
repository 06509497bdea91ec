"""Earnings per share against income and shares of the same statement."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tenth.reader.checks.evidence import name_of, plain, record, slip, source
from tenth.reader.model import Conflict, Contradiction, Fact, Line, Statement
from tenth.reader.sums import printed_step

KIND = re.compile(r"\b(basic|diluted)\b|(基本)|(稀释)", re.IGNORECASE)
INCOME = re.compile(
    r"^\W*(?:五、)?(?:net (?:income|loss|earnings)|profit (?:for the|attributable)"
    r"|归属于母公司|净利润)",
    re.IGNORECASE,
)
DISTINCT = 0.02  # of the amount: two classes of shares and preferred dividends make less


def per_share_breaks(statement: Statement, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    """Where some column's income, shares and amount per share agree, another one's must, too."""
    if statement.kind != "income":
        return
    for amounts in _lines(statement, facts, "currency/share"):
        kind = _kind(amounts)
        for shares in _lines(statement, facts, "shares"):
            if kind and _kind(shares) == kind:
                incomes = [
                    line
                    for line in _lines(statement, facts, "currency")
                    if INCOME.match(line.label) or line.metric.startswith("NetIncomeLoss")
                ]
                yield from _judge(amounts, shares, incomes, facts)


def _judge(
    amounts: Line, shares: Line, incomes: list[Line], facts: Mapping[str, Fact]
) -> Iterator[Contradiction]:
    for income in reversed(incomes):
        columns = [
            (a, s, i)
            for ids in zip(amounts.facts, shares.facts, income.facts, strict=False)
            if (a := facts.get(ids[0])) and (s := facts.get(ids[1])) and (i := facts.get(ids[2]))
            if a.value is not None and s.value and i.value is not None
        ]
        failing = [column for column in columns if not _holds(*column)]
        if len(failing) == len(columns):
            continue  # not this income, or not these shares
        for amount, count, earned in failing:
            yield from _break(amount, count, earned)
        return


def _break(amount: Fact, count: Fact, earned: Fact) -> Iterator[Contradiction]:
    right = (earned.value or Decimal(0)) / (count.value or Decimal(1))
    step = printed_step(amount)
    right = (right / step).to_integral_value() * step
    found = amount.value or Decimal(0)
    over = abs(found - right)
    if over <= 2 * step or (over <= abs(right) * Decimal(str(DISTINCT))):
        return
    note = (
        f"{name_of(amount)} is printed as {source(amount)}, but {source(earned)} of "
        f"{name_of(earned)} over {source(count)} shares is {plain(right)} a share."
    )
    kind: Conflict = "unit" if slip(found, right, step) == "scale" else "real"
    yield record(kind, "per share", (amount, earned, count), right, found, note)


def _holds(amount: Fact, count: Fact, earned: Fact) -> bool:
    """Income over shares is the amount as printed, both ends of every rounding allowed."""
    if amount.value is None or earned.value is None or not count.value:
        return True
    room = printed_step(amount) / 2 + printed_step(earned) / 2 / count.value
    room += abs(earned.value) / count.value / count.value * printed_step(count) / 2
    return abs(earned.value / count.value - amount.value) <= room * Decimal("1.02")


def _lines(statement: Statement, facts: Mapping[str, Fact], unit: str) -> list[Line]:
    return [
        line
        for line in statement.lines
        if not line.is_heading
        and all(facts[fact].unit == unit for fact in line.facts if fact in facts)
        and any(fact in facts for fact in line.facts)
    ]


def _kind(line: Line) -> str:
    found = KIND.search(" ".join((*line.section, line.label)))
    if not found:
        return ""
    return "diluted" if found[0].lower() in ("diluted", "稀释") else "basic"
