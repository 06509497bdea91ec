"""What all checks look at: the tables with their sums, the order of the reports, which figures
stand in sums that hold and which in sums that fail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tenth.reader.checks.tables import tables_of
from tenth.reader.model import Contradiction, Fact, Period, Report, Statement
from tenth.reader.sums import find_sums
from tenth.reader.sums_search import Fit


@dataclass(frozen=True)
class Table:
    """A table, a statement or not, with what its totals are the sum of."""

    statement: Statement
    sums: Mapping[int, Fit]  # by line
    is_statement: bool


@dataclass
class World:
    reports: list[Report]  # earlier ones first
    facts: Mapping[str, Fact]
    tables: dict[str, list[Table]] = field(default_factory=dict)  # by sha256
    titles: dict[tuple[str, int, int], str] = field(default_factory=dict)  # sha256, table, column
    order: dict[str, int] = field(default_factory=dict)  # sha256 -> place in time
    covers: dict[str, Period] = field(default_factory=dict)
    sound: set[str] = field(default_factory=set)  # facts in sums that hold
    broken: set[str] = field(default_factory=set)  # facts in sums and balances that fail

    def mine(self) -> list[Fact]:
        """The facts of the reports, in the order of time and print."""
        return [
            self.facts[fact.id]
            for report in self.reports
            for fact in report.facts
            if fact.id in self.facts
        ]

    def learn(self, found: Iterable[Contradiction]) -> None:
        self.broken |= {fact for one in found for fact in one.facts}
        self.sound -= self.broken

    def title(self, fact: Fact) -> str:
        """The title of its table and the header of its column."""
        return self.titles.get((fact.sha256, fact.table, fact.column), "")


def world_of(reports: Sequence[Report], facts: Mapping[str, Fact]) -> World:
    ordered = sorted(reports, key=lambda r: (r.cover.period.end, r.document, r.sha256))
    world = World(ordered, facts)
    for k, report in enumerate(ordered):
        world.order[report.sha256] = k
        world.covers[report.sha256] = report.cover.period
        tables = []
        for statement in tables_of(report):
            is_statement = any(statement is own for own in report.statements)
            tables.append(Table(statement, find_sums(statement, facts), is_statement))
            for column in statement.columns:
                place = report.sha256, statement.table, column.column
                world.titles[place] = f"{statement.title} | {column.header}"
        world.tables[report.sha256] = tables
        for table in tables:
            world.sound |= _sound(table)
    return world


def _sound(table: Table) -> set[str]:
    """The facts of the sums that hold in their column, both the totals and their parts."""
    return {
        fact
        for total, fit in table.sums.items()
        for line in (total, *(part.line for part in fit.parts))
        for column, fact in enumerate(table.statement.lines[line].facts)
        if fact and column not in fit.off
    }
