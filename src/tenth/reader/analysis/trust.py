"""Which facts are the company's own figures under the names that they bear.

A note may print a subsidiary's revenue, a pro forma or a segments' income under the same words as
the income statement. So outside the statements a table's totals serve only where it agrees with
them in something and in nothing does not, or where its document has no statements at all; sentences
serve for nobody's totals.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from tenth.reader.analysis.concepts import partner_in, split
from tenth.reader.model import Fact, Period, Report

PRIMARY = ("income", "balance", "cash")
_NOTES = ("other", "segments", "customers", "suppliers")
_PARENT = re.compile(
    r"母公司|parent[- ]company|company[- ]only|information of (?:the )?(?:registrant|parent)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"合并|consolidated", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d[\d,，'’ ]*)?(?:\.(\d+))|\d[\d,，'’ ]*")
Key = tuple[str, Period, str]


def left_out(reports: Iterable[Report]) -> set[str]:
    """Ids of the facts that are not to be relied on as the company's own."""
    found: set[str] = set()
    for report in reports:
        found |= facts_of_the_parent(report)
        found |= _doubtful(report, found)
    return found


def facts_of_the_parent(report: Report) -> set[str]:
    """Facts of statements, or columns, of the parent company alone."""
    found: set[str] = set()
    for statement in report.statements:
        whole = _is_of_parent(statement.title)
        for k, column in enumerate(statement.columns):
            if whole or _is_of_parent(column.header):
                found |= {line.facts[k] for line in statement.lines if k < len(line.facts)}
    return found - {""}


def _is_of_parent(text: str) -> bool:
    return bool(_PARENT.search(text)) and not _GROUP.search(text)


def _doubtful(report: Report, of_parent: set[str]) -> set[str]:
    primary: dict[Key, list[Fact]] = defaultdict(list)
    tables: dict[int, list[Fact]] = defaultdict(list)
    found: set[str] = set()
    for fact in report.facts:
        if not fact.metric or fact.id in of_parent or partner_in(fact):
            continue
        if fact.statement in PRIMARY:
            primary[_key(fact)].append(fact)
        elif fact.statement == "text":
            found.add(fact.id)
        elif fact.statement in _NOTES and not split(fact.metric)[1]:
            tables[fact.table].append(fact)
    for facts in tables.values() if primary else ():
        checks = [
            any(same_amount(fact, other) for other in primary[_key(fact)])
            for fact in facts
            if fact.value is not None and _key(fact) in primary
        ]
        if not checks or not all(checks):
            found |= {fact.id for fact in facts}
    return found


def _key(fact: Fact) -> Key:
    return fact.metric, fact.period, fact.currency


def digit_of(fact: Fact) -> Decimal:
    """What its last printed digit counts, in whole units."""
    number = _NUMBER.search(fact.verbatim)
    decimals = len(number[1] or "") if number else 0
    percent = Decimal("0.01") if "%" in fact.verbatim or "％" in fact.verbatim else Decimal(1)
    return percent * (fact.scale or 1) / 10**decimals


def same_amount(first: Fact, other: Fact) -> bool:
    """Whether one may be a rounding of the other."""
    if first.value is None or other.value is None:
        return False
    return abs(first.value - other.value) <= max(digit_of(other), digit_of(first)) / 2
