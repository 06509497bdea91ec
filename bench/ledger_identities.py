"""How many identities of statements hold, by the ledger's own values: nothing of the checks room.

Balance: total assets are total liabilities and equity. Cash: the three activities and exchange
rates make the change, and the opening balance and the change make the closing one. Sums: a total
is the sum of the parts that the ledger gives it, so what matters beside it is how many totals of
income statements and balance sheets have parts. One count is one column of one statement.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from tenth.reader.ledger import read_ledger
from tenth.reader.model import Fact, Line, Statement

LINES = {  # the first line of a statement that reads so and has a figure
    "assets": r"total assets",
    "both": r"total liabilities and .*(equity|deficit)",
    "operating": r"(net )?cash .*\boperat(ing activities|ions)",
    "investing": r"(net )?cash .*\binvesting",
    "financing": r"(net )?cash .*\bfinancing",
    "rates": r".*(foreign currency effect|exchange rate)",
    "change": r"(net )?(increase|decrease|change)\b.* in cash",
    "opening": r"cash\b.*\bbeginning",
    "closing": r"cash\b.*\bend(ing)?\b",
}
PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in LINES.items()}
Count = dict[str, int | list[str]]
Outcome = tuple[str, bool, str]  # which identity, does it hold, what fails


def count_identities(out: Path) -> dict[str, Count]:
    """By identity: how many were checked, how many hold, and those that do not."""
    ledger = read_ledger(out)
    facts = ledger.facts()
    tally: dict[str, Count] = {}
    for report in ledger.reports:
        for statement in report.statements:
            for name, holds, text in _outcomes(statement, facts):
                one = tally.setdefault(name, {"checked": 0, "hold": 0, "fail": []})
                one["checked"] += 1  # type: ignore[operator]
                one["hold"] += holds  # type: ignore[operator]
                if not holds:
                    one["fail"].append(text)  # type: ignore[union-attr]
    return dict(sorted(tally.items()))


def _outcomes(statement: Statement, facts: Mapping[str, Fact]) -> Iterator[Outcome]:
    here = f"{statement.document} page {statement.page}"
    for k, column in enumerate(statement.columns):
        at = f"{here}, {column.header}"
        if statement.kind == "balance":
            yield from _equal("balance", at, statement, facts, k, ("both",), "assets")
        if statement.kind == "cash":
            flows = ("operating", "investing", "financing", "rates")
            yield from _equal("cash: change", at, statement, facts, k, flows, "change")
            yield from _equal(
                "cash: closing", at, statement, facts, k, ("opening", "change"), "closing"
            )
        for line in statement.lines:
            yield from _sum(at, statement, line, facts, k)


def _value(line: Line, facts: Mapping[str, Fact], column: int) -> Decimal | None:
    id_ = line.facts[column] if column < len(line.facts) else ""
    return facts[id_].value if id_ else None


def _named(
    statement: Statement, facts: Mapping[str, Fact], name: str, column: int
) -> Decimal | None:
    for line in statement.lines:
        if PATTERNS[name].match(line.label):
            value = _value(line, facts, column)
            if value is not None:
                return value
    return None


def _equal(
    identity: str,
    at: str,
    statement: Statement,
    facts: Mapping[str, Fact],
    column: int,
    parts: tuple[str, ...],
    whole: str,
) -> Iterator[Outcome]:
    """Checked only where all its lines are there; what misses a line is a failure that says so."""
    values = {name: _named(statement, facts, name, column) for name in (*parts, whole)}
    missing = [name for name, value in values.items() if value is None and name != "rates"]
    if missing:
        yield identity, False, f"{at}: no line for {', '.join(missing)}"
        return
    total = sum((values[name] or Decimal(0) for name in parts), Decimal(0))
    yield identity, total == values[whole], f"{at}: {total} is not {whole} {values[whole]}"


def _sum(
    at: str, statement: Statement, line: Line, facts: Mapping[str, Fact], column: int
) -> Iterator[Outcome]:
    value = _value(line, facts, column)
    if value is None or facts[line.facts[column]].unit == "pure":  # shares of a whole, changes
        return
    if re.match("total", line.label, re.IGNORECASE) and statement.kind in ("income", "balance"):
        yield "totals with parts", bool(line.parts), f"{at}: {line.label}: no parts"
    if not line.parts:
        return
    parts = [(part.sign, _value(statement.lines[part.line], facts, column)) for part in line.parts]
    total = sum((sign * (amount or 0) for sign, amount in parts), Decimal(0))
    kind = f"sums: {statement.kind}"
    yield kind, total == value, f"{at}: {line.label}: its parts make {total}, it is {value}"
