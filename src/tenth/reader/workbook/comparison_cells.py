"""What a comparison shows of a company: its main figures by calendar quarter or year."""

from decimal import Decimal
from typing import Literal

import msgspec

from tenth.reader.model import Period
from tenth.reader.workbook.book import Book
from tenth.reader.workbook.expressions import Call, Expression, Operation
from tenth.reader.workbook.figure_formula import times
from tenth.reader.workbook.main_metrics import CARRIERS, DEBT, carrier
from tenth.reader.workbook.periods import (
    calendar_quarter,
    last_quarter,
    length_of,
    previous_part,
)

Grain = Literal["quarter", "half", "year"]
FLOWS = ("revenue", "gross_profit", "operating_income", "net_income", "operating_cash_flow",
         "capex")  # fmt: skip
BALANCES = ("cash_held", "assets", "equity_held")


class Column(msgspec.Struct, frozen=True, order=True):
    """A calendar quarter, or a year (quarter 0), that a fiscal period ends nearest to."""

    year: int
    quarter: int = 0


class Taken(msgspec.Struct, frozen=True):
    """A figure of a comparison, in the units of the company's `scale`."""

    expression: Expression
    period: Period
    derived: bool = False  # a year-to-date figure less the one before it


class Company(msgspec.Struct, frozen=True):
    """One line of each group: a company in one currency."""

    entity: str  # key
    name: str
    currency: str
    scale: Decimal
    taken: dict[tuple[str, Column], Taken]
    ends: dict[Column, Period]  # the fiscal period of each column


def company(book: Book, entity: str, name: str, grain: Grain, scale: Decimal) -> Company:
    """All main figures that the company's statement sheets carry, or that follow from two of
    them. Cells are converted to `scale`."""
    flows = _flow_periods(book, entity)
    taken: dict[tuple[str, Column], Taken] = {}
    ends: dict[Column, Period] = {}
    for figure in (*FLOWS, "eps"):
        of_grain = _direct(book, entity, figure, flows, grain, scale)
        if figure in FLOWS and grain == "quarter":
            for period, one in _derived(book, entity, figure, flows, scale).items():
                of_grain.setdefault(period, one)
        for period, one in sorted(of_grain.items()):
            column = column_of(period, grain)
            taken[figure, column] = one
            ends[column] = period
    for column, period in ends.items():
        at = Period("", period.end)
        for figure in BALANCES:
            fact = carrier(book, entity, figure, at)
            if fact:
                taken[figure, column] = Taken(_cell(book, fact, scale), at)
        debt = _debt(book, entity, at, scale)
        if debt is not None:
            taken["debt", column] = Taken(debt, at)
    return Company(entity, name, _currency(book, entity), scale, taken, ends)


def column_of(period: Period, grain: Grain) -> Column:
    year, quarter = calendar_quarter(period.end)
    return Column(year) if grain == "year" else Column(year, quarter)


def _flow_periods(book: Book, entity: str) -> list[Period]:
    metrics = {metric for name in (*FLOWS, "eps") for metric in CARRIERS[name]}
    periods = {
        period
        for (of, metric, period) in book.by_metric
        if of == entity and metric in metrics and period.start
    }
    return sorted(periods)


def _direct(
    book: Book, entity: str, figure: str, periods: list[Period], grain: Grain, scale: Decimal
) -> dict[Period, Taken]:
    found = {}
    for period in periods:
        if length_of(period) != grain:
            continue
        if grain == "year" and not book.is_fiscal_year(entity, period):
            continue
        fact = carrier(book, entity, figure, period)
        if fact:
            money = scale if book.facts[fact].unit == "currency" else Decimal(1)
            found[period] = Taken(_cell(book, fact, money), period)
    return found


def _derived(
    book: Book, entity: str, figure: str, periods: list[Period], scale: Decimal
) -> dict[Period, Taken]:
    """Quarters that only the difference of two year-to-date figures tells."""
    found = {}
    for period in periods:
        if length_of(period) not in ("half", "nine_months", "year"):
            continue
        metric = _metric(book, entity, figure, period)
        printed = [one for one in periods if (entity, metric, one) in book.by_metric]
        before = previous_part(period, printed)
        if not metric or before is None:
            continue
        whole = book.by_metric[entity, metric, period]
        part = book.by_metric[entity, metric, before]
        difference = Operation("-", _cell(book, whole, scale), _cell(book, part, scale))
        quarter = last_quarter(period, before)
        found[quarter] = Taken(difference, quarter, derived=True)
    return found


def _metric(book: Book, entity: str, figure: str, period: Period) -> str:
    fact = carrier(book, entity, figure, period)
    return book.facts[fact].metric if fact else ""


def _cell(book: Book, fact: str, scale: Decimal) -> Expression:
    shown = book.cell_of(fact)
    return times(shown.cell, shown.scale / scale)


def _debt(book: Book, entity: str, at: Period, scale: Decimal) -> Expression | None:
    """All borrowings of the balance sheet, those that are a subtotal's parts only in it."""
    facts = [book.by_metric.get((entity, metric, at), "") for metric in DEBT]
    cells = [book.cell_of(fact) for fact in facts if fact]
    inside = set()
    for shown in cells:
        inside.update(leaf for leaf in book.needs(shown.cell) if leaf != shown.cell)
    wanted = [shown for shown in cells if shown.cell not in inside]
    if not wanted:
        return None
    parts = tuple(times(shown.cell, shown.scale / scale) for shown in wanted)
    return parts[0] if len(parts) == 1 else Call("SUM", parts)


def _currency(book: Book, entity: str) -> str:
    """What the company's main figures are printed in."""
    for name in ("revenue", "net_income", "assets"):
        for (of, metric, _), fact in book.by_metric.items():
            if of == entity and metric in CARRIERS[name] and book.facts[fact].currency:
                return book.facts[fact].currency
    return ""
