"""Totals that are not the sum of their lines, down a column and across a row, and balance sheets
that do not balance.

A row that was not read makes a sum fail too. So a failing sum counts only where one slip in one
figure (a sign, a scale, a digit) explains it, and its other columns hold or its label says total.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenth.reader.checks.evidence import (
    ZERO,
    agree,
    factor,
    figure,
    is_change,
    name_of,
    plain,
    record,
    slip,
    source,
)
from tenth.reader.checks.world import Table
from tenth.reader.model import Conflict, Contradiction, Fact, Line, Part, Statement
from tenth.reader.sums import line_items, printed_step, shared_step
from tenth.reader.sums_candidates import Item
from tenth.reader.sums_labels import sum_kind
from tenth.reader.sums_search import Trials, near, search

ALONE = 3  # lines that a sum in one column alone must have
ROWS = 3  # in which a column of totals must hold
ASSETS = re.compile(r"^\W*(?:total assets|资产总计|资产合计|资产总额)\W*$", re.IGNORECASE)
CLAIMS = re.compile(
    r"^\W*(?:total liabilities\b.*\b(?:equity|deficit|capital|investment)"
    r"|total equity and liabilities|负债和(?:所有者|股东)权益.*(?:总计|合计)"
    r"|负债及(?:所有者|股东)权益.*(?:总计|合计)|负债和权益.*(?:总计|合计))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Term:
    fact: Fact
    sign: int


def failing_totals(table: Table, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    columns = table.statement.columns
    dated = any(column.period.end for column in columns)
    for line, fit in table.sums.items():
        for number in fit.off:
            # beside columns of periods, one without may be of changes: what is better is positive
            if not is_change(columns[number]) and (columns[number].period.end or not dated):
                yield from _failing(table.statement, line, fit.parts, number, facts)
    yield from _alone(table, facts)


def _failing(
    statement: Statement, total: int, parts: Sequence[Part], column: int, facts: Mapping[str, Fact]
) -> Iterator[Contradiction]:
    fact = figure(statement.lines[total], column, facts)
    between = statement.lines[min(part.line for part in parts) : total]
    figures = [own for line in between if (own := figure(line, column, facts))]
    if fact is None or any(own.unit != fact.unit or own.value is None for own in figures):
        return  # a row in between was not read as money: it may belong to the sum
    terms = [
        Term(own, part.sign)
        for part in parts
        if (own := figure(statement.lines[part.line], column, facts))
    ]
    yield from judge_sum("sum", fact, terms)


def judge_sum(check: str, total: Fact, terms: Sequence[Term]) -> Iterator[Contradiction]:
    """A contradiction, if one slip explains why the total is not the sum of its terms."""
    if total.value is None or any(term.fact.value is None for term in terms):
        return
    expected = sum((t.sign * (t.fact.value or ZERO) for t in terms), ZERO)
    over = expected - total.value
    step = shared_step([total, *(term.fact for term in terms)])
    if abs(over) <= step * len(terms) / 2:
        return
    suspects: dict[str, tuple[Fact, Decimal, str]] = {}  # the fact, what it should be, its slip
    for fact, sign in ((total, -1), *((term.fact, term.sign) for term in terms)):
        right = (fact.value or ZERO) - sign * over
        if what := slip(fact.value or ZERO, right, printed_step(fact)):
            suspects[fact.id] = fact, right, what
    if not suspects:
        return
    hint = ""
    if len(suspects) == 1 and total.id not in suspects:
        ((fact, right, _),) = suspects.values()
        hint = f"; {name_of(fact)} would have to be {plain(right)}"
    lines = ", ".join(f"{'less ' if t.sign < 0 else ''}{name_of(t.fact)}" for t in terms)
    note = (
        f"{name_of(total)} is printed as {source(total)}, but {lines} make {plain(expected)}{hint}."
    )
    kind: Conflict = "unit" if {what for *_, what in suspects.values()} == {"scale"} else "real"
    parts = [fact for fact, *_ in suspects.values() if fact is not total]
    shown = parts or [term.fact for term in terms]
    yield record(kind, check, (total, *shown), expected, total.value, note)


def _alone(table: Table, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    """A table's only column: a line that says total, under the lines of its own section, all of
    which have a figure."""
    statement = table.statement
    items = line_items(statement, facts, "currency")
    taken = {part.line for fit in table.sums.values() for part in fit.parts}
    for k, item in enumerate(items):
        columns = [c for c, value in enumerate(item.values) if value is not None]
        labelled = item.kind == "total" and statement.lines[item.line].label.strip()
        if not labelled or item.line in table.sums or len(columns) != 1:
            continue
        start = next((j for j in range(k - 1, -1, -1) if items[j].opens), 0)
        run = items[start:k]
        if len(run) < ALONE or any(r.kind or r.memo or r.optional or r.line in taken for r in run):
            continue
        if all(r.values[columns[0]] is not None for r in run):
            parts = [Part(r.line, -1 if r.less else 1) for r in run]
            yield from _failing(statement, item.line, parts, columns[0], facts)


def unbalanced(statement: Statement, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    """Total assets against total liabilities and equity, column by column."""
    if statement.kind != "balance":
        return
    assets = [line for line in statement.lines if _is(line, ASSETS, "Assets")]
    claims = [
        line for line in statement.lines if _is(line, CLAIMS, "LiabilitiesAndStockholdersEquity")
    ]
    if len(assets) != 1 or len(claims) != 1:
        return
    for left, right in zip(assets[0].facts, claims[0].facts, strict=False):
        one, other = facts.get(left), facts.get(right)
        if one is not None and other is not None and not agree(one, other):
            kind: Conflict = "unit" if factor(one.value, other.value) else "real"
            note = (
                f"The balance sheet does not balance: {name_of(one)} is {source(one)}, "
                f"{name_of(other)} is {source(other)}."
            )
            yield record(kind, "balance", (one, other), other.value, one.value, note)


def _is(line: Line, label: re.Pattern[str], metric: str) -> bool:
    return not line.is_heading and (bool(label.match(line.label)) or line.metric == metric)


def failing_rows(statement: Statement, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    """Columns headed "Total" that are the sum of the columns before them in all rows but one."""
    rows = [
        line
        for line in statement.lines
        if all(f is None or f.unit == "currency" for f in map(facts.get, line.facts))
        and sum(bool(own) for own in line.facts) == len(statement.columns)
    ]
    if len(rows) <= ROWS:
        return
    items = []
    for k, column in enumerate(statement.columns):
        own = [facts.get(row.facts[k]) for row in rows]
        values = tuple(fact.value if fact is not None else None for fact in own)
        steps = tuple(printed_step(fact) for fact in own)
        kind = sum_kind(Line(0, column.header or "-"))
        items.append(Item(k, values, steps, kind, opens=not k))
    for k, total in enumerate(items):
        if total.kind != "total" or search(total, items[:k]):
            continue
        fit = near(total, items[:k])
        if fit is None or len(fit.off) > 1 or len(Trials(total).columns) - 1 < ROWS:
            continue
        for row in (rows[number] for number in fit.off):
            terms = [Term(facts[row.facts[part.line]], part.sign) for part in fit.parts]
            yield from judge_sum("sum", facts[row.facts[k]], terms)
