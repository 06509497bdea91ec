"""What in the reports cannot all be true: each contradiction with its class and both sources.

Rounding and missing figures are none. A check that cannot be sure stays silent: a false alarm
costs more than a miss.
"""

from collections.abc import Iterable, Mapping, Sequence

from tenth.reader.checks.cash import cash_flow_breaks, cash_unlike_balance
from tenth.reader.checks.evidence import unique
from tenth.reader.checks.growth import growth_breaks
from tenth.reader.checks.notes import told_in
from tenth.reader.checks.per_share import per_share_breaks
from tenth.reader.checks.quarters import quarter_breaks
from tenth.reader.checks.same import same_facts
from tenth.reader.checks.totals import failing_rows, failing_totals, unbalanced
from tenth.reader.checks.world import world_of
from tenth.reader.model import Contradiction, Fact, Report

__all__ = ["contradicted", "contradictions", "told_in"]


def contradictions(
    reports: Sequence[Report], facts: Mapping[str, Fact]
) -> tuple[Contradiction, ...]:
    """All of them, what is surely wrong first; the same for the same reports in any order. `facts`
    by id, as `Ledger.facts()` gives them."""
    world = world_of(reports, facts)
    sums: list[Contradiction] = []  # they tell which figures the other checks may trust
    others: list[Contradiction] = []
    for report in world.reports:
        for table in world.tables[report.sha256]:
            sums += failing_totals(table, facts)
            sums += failing_rows(table.statement, facts)
            if table.statement.kind != "equity":  # its columns are parts, and may be called changes
                others += growth_breaks(table.statement, facts)
            if table.is_statement:
                sums += unbalanced(table.statement, facts)
                sums += cash_flow_breaks(table, facts)
                others += per_share_breaks(table.statement, facts)
        sums += cash_unlike_balance(report, facts)
    world.learn(sums)
    others += same_facts(world)
    others += quarter_breaks(world)
    return unique([*sums, *others])


def contradicted(facts: Mapping[str, Fact], contradictions: Iterable[Contradiction]) -> set[str]:
    """The ids of facts that are or may be wrong. A restatement and a difference in scope leave both
    figures as they were meant."""
    wrong = ("unit", "period", "real")
    return {
        fact for one in contradictions if one.kind in wrong for fact in one.facts if fact in facts
    }
