"""Cash: its change is what the three activities bring, its end is its beginning and the change, and
the balance sheet shows the same end."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from tenth.reader.checks.evidence import ZERO, figure, name_of, record, slip, source
from tenth.reader.checks.totals import Term, judge_sum
from tenth.reader.checks.world import Table
from tenth.reader.model import Conflict, Contradiction, Fact, Line, Report, Statement
from tenth.reader.sums import printed_step

BEGIN = re.compile(r"\bbeginning\b|\bopening\b|\bat start\b|期初|年初", re.IGNORECASE)
END = re.compile(r"\bend(?:ing)?\b|\bclosing\b|期末|年末", re.IGNORECASE)
CASH = re.compile(r"\bcash\b|现金", re.IGNORECASE)
CHANGE = re.compile(
    r"^\W*[五六]?[、.]?\s*(?:net )?\(?(?:increase|decrease|change)s?\b.*\b(?:in|of) cash\b"
    r"|现金及现金等价物(?:的)?净(?:增加|减少|变动)",
    re.IGNORECASE,
)
RATES = re.compile(r"exchange|currenc|汇率", re.IGNORECASE)
ACTIVITY = {
    name: re.compile(rf"\b{name}\b|{zh}", re.IGNORECASE)
    for name, zh in (("operati(?:ng|ons)", "经营"), ("investing", "投资"), ("financing", "筹资"))
}
NET = re.compile(r"\b(?:net )?cash (?:flows? )?(?:from|used|provided|generated|inflow|outflow)"
                 r"|活动产生的现金流量净额", re.IGNORECASE)  # fmt: skip
RESTRICTED = re.compile(r"restrict|受限|受到限制", re.IGNORECASE)
SHEET_CASH = re.compile(r"^\W*cash and (?:cash )?equivalents\W*$|^现金及现金等价物$", re.IGNORECASE)


def cash_flow_breaks(table: Table, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    """Where no sums were found, not even in some of the columns, the well-known ones are tried."""
    statement, known = table.statement, table.sums
    if statement.kind != "cash":
        return
    lines = list(enumerate(statement.lines))
    change = _only(lines, lambda line: bool(CHANGE.search(line.label)))
    begin = _only(lines, lambda line: _is_cash(line, BEGIN))
    end = _only(lines, lambda line: _is_cash(line, END))
    if end and change and begin and end[0] not in known:
        yield from _columns(statement, facts, end[1], [begin[1], change[1]])
    if change and change[0] not in known:
        nets = [
            _only(lines, lambda line, a=a: bool(NET.search(line.label) and a.search(line.label)))
            for a in ACTIVITY.values()
        ]
        rates = _only(
            lines, lambda line: bool(RATES.search(line.label) and CASH.search(line.label))
        )
        if all(nets):
            parts = [*nets, rates] if rates else nets
            yield from _columns(statement, facts, change[1], [part[1] for part in parts if part])


def _is_cash(line: Line, which: re.Pattern[str]) -> bool:
    return bool(CASH.search(line.label) and which.search(line.label)) and not CHANGE.search(
        line.label
    )


def _only(lines: list[tuple[int, Line]], wanted: Callable[[Line], bool]) -> tuple[int, Line] | None:
    found = [(k, line) for k, line in lines if not line.is_heading and wanted(line)]
    return found[0] if len(found) == 1 else None


def _columns(
    statement: Statement, facts: Mapping[str, Fact], total: Line, parts: list[Line]
) -> Iterator[Contradiction]:
    for column in range(len(statement.columns)):
        own = [figure(line, column, facts) for line in (total, *parts)]
        if all(fact is not None for fact in own):
            first, *rest = [fact for fact in own if fact is not None]
            yield from judge_sum("cash", first, [Term(fact, 1) for fact in rest])


def cash_unlike_balance(report: Report, facts: Mapping[str, Fact]) -> Iterator[Contradiction]:
    """The end (and the beginning) of the cash flow against the balance sheet of the same day, where
    the two are the same thing: another day of theirs agrees, and one slip explains the difference.
    Restricted cash and overdrafts make them differ, and are no contradiction."""
    pairs = list(_same_days(report, facts))
    agreeing = [pair for pair in pairs if _equal(*pair)]
    for one, other in pairs:
        found, right = one.value or ZERO, other.value or ZERO
        what = slip(found, right, max(printed_step(one), printed_step(other)))
        if (one, other) in agreeing or not what or (not agreeing and what != "scale"):
            continue
        note = (
            f"Cash on {other.period.end} is {source(one)} in the cash flow statement "
            f"({name_of(one)}) and {source(other)} in the balance sheet."
        )
        kind: Conflict = "unit" if what == "scale" else "real"
        yield record(kind, "cash", (one, other), right, found, note)


def _same_days(report: Report, facts: Mapping[str, Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Cash in the cash flow statement with cash in the balance sheet."""
    sheet: dict[str, list[Fact]] = {}
    flow: list[tuple[str, Fact]] = []
    for statement in report.statements:
        for line in statement.lines:
            own = [facts[fact] for fact in line.facts if fact in facts]
            if statement.kind == "balance" and SHEET_CASH.match(line.label):
                for fact in own:
                    sheet.setdefault(fact.period.end, []).append(fact)
            if statement.kind == "cash" and not RESTRICTED.search(line.label):
                flow += [(day, fact) for fact in own if (day := _day(line, fact))]
    for day, one in flow:
        others = sheet.get(day, [])
        if len(others) == 1 and one.currency == others[0].currency:
            yield one, others[0]


def _day(line: Line, fact: Fact) -> str:
    """The day of a balance; in a column of months, their last or the day before their first."""
    if fact.period.is_instant or _is_cash(line, END):
        return fact.period.end if _is_cash(line, END) or _is_cash(line, BEGIN) else ""
    if fact.period.start and _is_cash(line, BEGIN):
        return (date.fromisoformat(fact.period.start) - timedelta(days=1)).isoformat()
    return ""


def _equal(one: Fact, other: Fact) -> bool:
    difference = (one.value or ZERO) - (other.value or ZERO)
    return abs(difference) <= max(printed_step(one), printed_step(other)) / 2
