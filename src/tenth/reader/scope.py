"""Whose figures a note's table shows: a metric's name is kept where it can be the company's.

"Cost of sales" in a table of stock-based compensation is not the company's cost of sales, and no
label tells. The statements do: a table of which most figures agree with them is of their scope, and
what differs in it is a contradiction; in any other table only figures that agree, or would but for
a factor of ten, thousand, ..., keep their metric.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from tenth.reader.kinds import MAIN
from tenth.reader.metrics import metric
from tenth.reader.model import Fact, Period, Report, Statement
from tenth.reader.sums import printed_step

SCALES = (10**3, 10**4, 10**5, 10**6, 10**7, 10**8)
Key = tuple[str, Period, str]  # metric, period, unit
Main = dict[Key, set[Decimal]]  # what the statements of an entity's reports say


def with_scopes(reports: Sequence[Report]) -> list[Report]:
    """The reports with the metrics that their facts may keep, by the statements of all reports of
    an entity: a note may be of a period that only another report's statements show."""
    said: dict[str, Main] = {}
    for report in reports:
        known = said.setdefault(report.cover.entity, {})
        for key, value in _main(_own(report)).items():
            known.setdefault(key, set()).add(value)
    return [_with_scope(report, said[report.cover.entity]) for report in reports]


def _with_scope(report: Report, main: Main) -> Report:
    lost = _of_two_statements(_own(report))
    by_table: dict[int, list[Fact]] = defaultdict(list)
    for fact in report.facts:
        if fact.metric and fact.table and fact.statement not in MAIN and fact.value is not None:
            by_table[fact.table].append(fact)
    unconfirmed: list[Fact] = []
    for facts in by_table.values():
        known = [fact for fact in facts if key_of(fact) in main]
        agree = {fact.id for fact in known if _agrees(fact, main[key_of(fact)])}
        if len(agree) * 2 <= len(known):
            lost |= {f.id for f in known if f.id not in agree and not _scaled(f, main[key_of(f)])}
            # nothing vouches for other periods either, where there are statements to do so
            lost |= {f.id for f in facts if main and key_of(f) not in main and _of_statement(f)}
        unconfirmed += [fact for fact in facts if key_of(fact) not in main]
    lost |= _disagreeing(unconfirmed)
    return _without(report, lost) if lost else report


def _own(report: Report) -> list[Fact]:
    """Without those of another company's statements."""
    return [fact for fact in report.facts if fact.entity == report.cover.entity]


def key_of(fact: Fact) -> Key:
    return fact.metric, fact.period, fact.unit


def _main(facts: Iterable[Fact]) -> dict[Key, Decimal]:
    """What the statements say, each metric by the statement that it belongs to first."""
    found: dict[Key, tuple[bool, Decimal]] = {}
    for fact in facts:
        if fact.metric and fact.statement in MAIN and fact.value is not None and fact.period.end:
            at_home = _at_home(fact)
            if key_of(fact) not in found or (at_home and not found[key_of(fact)][0]):
                found[key_of(fact)] = at_home, fact.value
    return {key: value for key, (_, value) in found.items()}


def _at_home(fact: Fact) -> bool:
    known = metric(fact.metric)
    return known.statements[:1] == (fact.statement,)


def _of_statement(fact: Fact) -> bool:
    """A line that statements print, in a table of no kind; members of segments are not."""
    first = metric(fact.metric).statements[:1]
    return fact.statement == "other" and bool(first) and first[0] in MAIN


def _of_two_statements(facts: Sequence[Fact]) -> set[str]:
    """Lines of a cash flow that are called like one of the income statement, and are not it."""
    main = _main(facts)
    return {
        fact.id
        for fact in facts
        if fact.metric and fact.statement in MAIN and not _at_home(fact)
        and fact.value is not None and main.get(key_of(fact), fact.value) != fact.value
    }  # fmt: skip


def _agrees(fact: Fact, values: set[Decimal]) -> bool:
    """Up to the rounding of what is printed."""
    assert fact.value is not None
    return any(abs(fact.value - value) <= printed_step(fact) for value in values)


def _scaled(fact: Fact, values: set[Decimal]) -> bool:
    known = values - {Decimal(0)}
    return any(fact.value in (value * by, value / by) for value in known for by in SCALES)


def _disagreeing(facts: Iterable[Fact]) -> set[str]:
    """Those of which tables that no statement confirms say different things."""
    said: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        said[key_of(fact)].append(fact)
    return {
        fact.id for key, group in said.items() if _differ(group)
        for fact in group if "[" not in key[0] or _of_two_wholes(group)
    }  # fmt: skip


def _of_two_wholes(group: Sequence[Fact]) -> bool:
    """Whether a member is so unlike itself that it must be a part of two wholes, such as the
    premiums of two segments, each with a table of its own."""
    values = sorted(abs(fact.value) for fact in group if fact.value)
    return bool(values) and values[-1] > 2 * values[0] and values[-1] / values[0] not in SCALES


def _differ(group: Sequence[Fact]) -> bool:
    """By more than the rounding of what is printed."""
    values = [fact.value for fact in group if fact.value is not None]
    return max(values) - min(values) > max(map(printed_step, group)) if values else False


def _without(report: Report, lost: set[str]) -> Report:
    facts = tuple(
        msgspec.structs.replace(fact, metric="") if fact.id in lost else fact
        for fact in report.facts
    )
    statements = tuple(_lines_without(one, lost) for one in report.statements)
    return msgspec.structs.replace(report, facts=facts, statements=statements)


def _lines_without(statement: Statement, lost: set[str]) -> Statement:
    def kept(ids: tuple[str, ...]) -> bool:
        return not any(ids) or any(id_ and id_ not in lost for id_ in ids)

    lines = tuple(
        line if kept(line.facts) else msgspec.structs.replace(line, metric="")
        for line in statement.lines
    )
    return msgspec.structs.replace(statement, lines=lines)
