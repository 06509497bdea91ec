"""Each table of a report with its lines, also those that are no statement."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from tenth.reader.model import Column, Fact, Line, Report, Statement


def tables_of(report: Report) -> Iterator[Statement]:
    """The statements as they are, then the other tables put together from their facts: a change of
    section stands for the heading that was there."""
    known = {statement.table for statement in report.statements}
    yield from report.statements
    rest = [fact for fact in report.facts if fact.table and fact.table not in known]
    rest.sort(key=lambda fact: (fact.table, fact.row, fact.column))
    for table, facts in groupby(rest, key=lambda fact: fact.table):
        yield _table(report, table, list(facts))


def _table(report: Report, table: int, facts: list[Fact]) -> Statement:
    columns: dict[int, Column] = {}
    for fact in facts:
        if fact.column not in columns or fact.period.end:
            columns[fact.column] = Column(fact.column, fact.period, _header(fact))
    order = sorted(columns)
    lines: list[Line] = []
    section: tuple[str, ...] = ()
    for row, own in groupby(facts, key=lambda fact: fact.row):
        by_column = {fact.column: fact for fact in own}
        first = next(iter(by_column.values()))
        if (mine := _row_section(by_column)) != section:
            section = mine
            lines.append(Line(row, section[-1] if section else "", section, level=len(section)))
        ids = tuple(by_column[c].id if c in by_column else "" for c in order)
        lines.append(Line(row, first.label, section, first.metric, ids, level=len(section)))
    first = facts[0]
    return Statement(
        first.statement, first.entity, report.document, table, "",
        tuple(columns[c] for c in order), tuple(lines), first.place.page, first.scale,
        first.currency,
    )  # fmt: skip


def _row_section(facts: Mapping[int, Fact]) -> tuple[str, ...]:
    """What all figures of the row stand under; a column's own header is not of the row."""
    sections = [fact.section for fact in facts.values()]
    shortest = min(sections, key=len)
    return shortest if all(s[: len(shortest)] == shortest for s in sections) else ()


def _header(fact: Fact) -> str:
    """The header of a column that is no period stands at the end of its figures' section."""
    if fact.period.end:
        return " ".join(said.text for said in fact.said if said.what == "period")
    return fact.section[-1] if fact.section else ""
