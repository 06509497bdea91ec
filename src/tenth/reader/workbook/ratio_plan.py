"""Where each of a company's derived figures stands, settled before the first formula is written."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from tenth.reader.analysis import metric_of
from tenth.reader.model import Figure, Period
from tenth.reader.workbook.book import Book, Sheet, Shown
from tenth.reader.workbook.expressions import Ref
from tenth.reader.workbook.figure_names import template
from tenth.reader.workbook.periods import length_of, sort_key

HEAD, FIRST = 4, 6  # rows: headers, first figure
VALUE_COLUMNS = 2  # the first one; formulas and notes stand after the last
GAP_WIDTH = 1.5


class Line(msgspec.Struct, frozen=True):
    """What the figures of a row have in common."""

    metric: str
    formula: str  # its numbers as n
    unit: str
    currency: str
    edition: int = 0  # a second figure of one period has a row of its own

    @property
    def family(self) -> str:
        return self.metric.partition("[")[0]


class Plan(msgspec.Struct, frozen=True):
    sheet: Sheet
    lines: dict[Line, int]  # row
    headings: dict[str, int]  # row of a family of metrics with members
    columns: dict[Period, int]
    scale: Decimal  # of money
    figures: dict[Line, list[Figure]]

    @property
    def aside(self) -> int:
        """The column of formulas; notes follow."""
        return max(self.columns.values()) + 2


def plan_ratios(book: Book, sheet: Sheet, figures: Sequence[Figure], scale: Decimal) -> Plan:
    """Gives every figure its cell: they build on each other. Families stand in the ledger's order,
    members below one heading, worked-out quarters and years last."""
    book.add(sheet)
    by_line = _lines(figures)
    lines, headings = _rows(by_line)
    plan = Plan(sheet, lines, headings, _columns(sheet, figures), scale, by_line)
    for line, own in by_line.items():
        for figure in own:
            cell = Ref(sheet.name, lines[line], plan.columns[figure.period])
            shown = scale if figure.unit == "currency" else Decimal(1)
            book.figures[figure.id] = Shown(cell, shown, figure.unit, figure.currency)
    return plan


def _lines(figures: Sequence[Figure]) -> dict[Line, list[Figure]]:
    by_line: dict[Line, list[Figure]] = {}
    taken: set[tuple[Line, Period]] = set()
    for figure in figures:
        edition = 0
        while True:
            line = Line(
                figure.metric, template(figure.formula), figure.unit, figure.currency, edition
            )
            if (line, figure.period) not in taken:
                break
            edition += 1
        taken.add((line, figure.period))
        by_line.setdefault(line, []).append(figure)
    return by_line


def _rows(by_line: dict[Line, list[Figure]]) -> tuple[dict[Line, int], dict[str, int]]:
    families: dict[str, list[Line]] = {}
    # what stands under a metric's own name (a quarter that was worked out) follows the ratios
    for line in sorted(by_line, key=lambda line: metric_of(line.metric) is None):
        families.setdefault(line.family, []).append(line)
    lines: dict[Line, int] = {}
    headings: dict[str, int] = {}
    row = FIRST
    for family, own in families.items():
        if any(line.metric != family for line in own):
            headings[family] = row
            row += 1
        metrics = list(dict.fromkeys(line.metric for line in own))
        for line in sorted(own, key=lambda line: metrics.index(line.metric)):
            lines[line] = row
            row += 1
    return lines, headings


def _columns(sheet: Sheet, figures: Sequence[Figure]) -> dict[Period, int]:
    columns: dict[Period, int] = {}
    column, before = VALUE_COLUMNS, ""
    for period in sorted({figure.period for figure in figures}, key=sort_key):
        length = length_of(period)
        if before and length != before:
            sheet.widths[column] = GAP_WIDTH
            column += 1
        columns[period] = column
        column, before = column + 1, length
    return columns
