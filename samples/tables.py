"""What a sample report is made of: tables and texts, and the facts that they state."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

Kind = Literal["line", "heading", "total"]
Unit = Literal["currency", "currency/share", "shares", "pure"]


@dataclass(frozen=True)
class Column:
    header: str
    start: str  # ISO; "" for an instant
    end: str
    group: str = ""  # the header above it, over all of its neighbours with the same one
    unit: Unit = "currency"


@dataclass(frozen=True)
class Row:
    label: str
    values: tuple[Decimal | None, ...] = ()  # as printed, before scale; 0 is a dash, None is empty
    kind: Kind = "line"
    level: int = 0
    unit: Unit | None = None  # where it is not its column's
    at: Literal["", "opening", "closing"] = ""  # an instant among flows


@dataclass(frozen=True)
class Table:
    statement: str
    title: str
    scale_line: str  # as printed
    scale: int  # what is meant, also where the line is wrong
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    first: str = ""  # the header of the labels' column


@dataclass(frozen=True)
class Known:
    """A fact of the sample: what a reader should find. `value` is in whole units."""

    statement: str
    label: str
    section: tuple[str, ...]  # the headings above it, outermost first
    start: str
    end: str
    value: Decimal
    unit: Unit
    scale: int
    year: int  # of the report that says it


@dataclass
class Told:
    """Facts that sentences carry, noted as they are written."""

    year: int
    facts: list[Known] = field(default_factory=list)

    def note(
        self, label: str, start: str, end: str, value: Decimal, unit: Unit, scale: int
    ) -> None:
        self.facts.append(Known("text", label, (), start, end, value, unit, scale, self.year))


def facts_of(table: Table, year: int) -> list[Known]:
    """Each figure of a table with its place in it."""
    facts: list[Known] = []
    headings: list[tuple[int, str]] = []
    for row in table.rows:
        while headings and headings[-1][0] >= row.level:
            headings.pop()
        if row.kind == "heading":
            headings.append((row.level, row.label))
        section = tuple(label for _, label in headings)
        for column, value in zip(table.columns, row.values, strict=False):
            if value is None:
                continue
            unit = row.unit or column.unit
            scale = table.scale if unit in ("currency", "shares") else 1
            span = _span(row, column)
            found = (value * scale, unit, scale, year)
            facts.append(Known(table.statement, row.label, section, *span, *found))
    return facts


def _span(row: Row, column: Column) -> tuple[str, str]:
    if row.at == "opening":
        return "", (date.fromisoformat(column.start) - timedelta(days=1)).isoformat()
    return ("" if row.at else column.start), column.end
