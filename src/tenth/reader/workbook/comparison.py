"""The comparison of companies: a group of rows for each main figure, a column a period, charts."""

from collections.abc import Callable
from decimal import Decimal

import msgspec

from tenth.reader.workbook import looks
from tenth.reader.workbook.book import (
    BAND,
    BLACK,
    GREY,
    INPUT,
    NAVY,
    OUTSIDE,
    Book,
    Chart,
    Sheet,
    Style,
    jump,
)
from tenth.reader.workbook.comparison_cells import Column, Company, Grain, company
from tenth.reader.workbook.comparison_charts import Wanted, charts_of
from tenth.reader.workbook.expressions import Expression, Operation, Ref
from tenth.reader.workbook.periods import date_text
from tenth.reader.workbook.rates import free_cash_flow, growth_of
from tenth.reader.workbook.words import word

CHART_ROW, CHART_ROWS = 4, 14  # where charts stand, the rows of a line of them
CHART_WIDTH, CHART_HEIGHT = 590, 266  # pixels
MOST_CLUSTERS = 6  # periods that columns side by side still show well
FIRST_PERIOD = 2
MONEY = ("revenue", "gross_profit", "operating_income", "net_income", "operating_cash_flow",
         "capex", "free_cash_flow", "cash_held", "debt", "equity_held", "assets")  # fmt: skip
MARGINS = {
    "gross_margin": "gross_profit", "operating_margin": "operating_income",
    "net_margin": "net_income", "fcf_margin": "free_cash_flow",
}  # fmt: skip
GROWTH = {"revenue_growth": "revenue", "net_income_growth": "net_income"}


class Table(msgspec.Struct):
    """Where the rows of a grain stand: what a later row or a chart refers to."""

    companies: list[Company]
    columns: dict[Column, int]
    grain: Grain
    rows: dict[tuple[str, str], int]  # figure and company's key
    heads: dict[str, int]  # a figure's heading row


def add_comparison(book: Book, sheet: Sheet, names: dict[str, str], scale: Decimal) -> Sheet | None:
    """None where no company's statements carry a main figure. `names` gives companies by key."""
    tables = [
        made
        for grain in ("quarter", "half", "year")
        if (made := _table(book, names, grain, scale)) is not None
    ]
    if len(tables) > 1:
        tables = [one for one in tables if one.grain != "half"]
    if not tables:
        return None
    book.add(sheet)
    language = book.language
    sheet.put(0, 0, word("title.comparison", language), Style(bold=True, size=14, colour=NAVY))
    sheet.put(1, 0, word("comparison_about", language), Style(italic=True, colour=GREY))
    back = Style(underline=True, colour=INPUT)
    sheet.put(2, 0, f"← {word('back', language)}", back, link=jump(word("contents", language)))
    charts = charts_of(tables[0].companies, book.language)
    lines = -(-len(charts) // 2)  # two side by side
    row = CHART_ROW + lines * CHART_ROWS
    sheet.breaks += [CHART_ROW + line * CHART_ROWS for line in range(2, lines, 2)]
    sheet.breaks += [row] if charts else []
    for table in tables:
        row = _write(book, sheet, table, row) + 2
    _place_charts(book, sheet, tables[0], charts)
    for column in range(FIRST_PERIOD, sheet.n_columns):
        sheet.widths[column] = 12.5 if language == "en" else 17.0
    sheet.widths |= {0: 38.0, 1: 11.0}
    sheet.frozen = (0, 2)
    shown = {one.entity for table in tables for one in table.companies}
    about = "comparison_one" if len(shown) == 1 else "comparison_count"
    sheet.about = word(about, language, n=len(shown))
    return sheet


def _table(book: Book, names: dict[str, str], grain: Grain, scale: Decimal) -> Table | None:
    many = [company(book, entity, name, grain, scale) for entity, name in names.items()]
    many = [one for one in many if one.ends]
    columns = sorted({column for one in many for column in one.ends})
    at = {column: FIRST_PERIOD + i for i, column in enumerate(columns)}
    return Table(many, at, grain, {}, {}) if columns else None


def _write(book: Book, sheet: Sheet, table: Table, row: int) -> int:
    """All groups of a table; returns its last row."""
    title = Style(bold=True, size=12, colour=NAVY)
    sheet.put(row, 0, word(f"comparison.{table.grain}", book.language), title)
    row = _group(book, sheet, table, "period_ends", row + 2, lambda _one, _column: None)
    for figure in (*MONEY[:4], "eps", *MONEY[4:]):
        row = _group(book, sheet, table, figure, row, _printed(book, sheet, table, figure))
    for figure, over in MARGINS.items():
        row = _group(book, sheet, table, figure, row, _margin(book, sheet, table, over))
    for figure, of in GROWTH.items():
        row = _group(book, sheet, table, figure, row, _growth(book, sheet, table, of))
    return row


Make = Callable[[Company, Column], Expression | None]


def _group(book: Book, sheet: Sheet, table: Table, figure: str, row: int, make: Make) -> int:
    """A heading and a row for each company that has the figure; returns the row after a gap."""
    made = {
        one.entity: {column: made for column in one.ends if (made := make(one, column)) is not None}
        for one in table.companies
    }
    if figure != "period_ends" and not any(made.values()):
        return row
    table.heads[figure] = first = row
    _heading(book, sheet, table, figure, row)
    for one in table.companies:
        if figure == "period_ends":
            row += 1
            _ends(book, sheet, table, one, row)
        elif made[one.entity]:
            row += 1
            table.rows[figure, one.entity] = row
            _company_row(book, sheet, table, one, figure, row, made[one.entity])
    sheet.blocks.append((first, row))
    return row + 2


def _heading(book: Book, sheet: Sheet, table: Table, figure: str, row: int) -> None:
    sheet.put(row, 0, word(figure, book.language), Style(bold=True, fill=BAND))
    sheet.put(row, 1, word("unit", book.language), Style(colour=GREY, fill=BAND))
    for column, at in table.columns.items():
        head = Style(bold=True, fill=BAND, align="right")
        sheet.put(row, at, column_text(column, book.language), head)


def column_text(column: Column, language: str) -> str:
    if not column.quarter:
        return f"{column.year}年" if language == "zh" else str(column.year)
    if language == "zh":
        return f"{column.year}Q{column.quarter}"
    return f"Q{column.quarter} {column.year}"


def _ends(book: Book, sheet: Sheet, table: Table, one: Company, row: int) -> None:
    sheet.put(row, 0, one.name, Style(indent=1))
    for column, period in one.ends.items():
        text = date_text(period.end, book.language)
        sheet.put(row, table.columns[column], text, Style(align="right", colour=GREY))


def _company_row(
    book: Book, sheet: Sheet, table: Table, one: Company, figure: str, row: int,
    made: dict[Column, Expression],
) -> None:  # fmt: skip
    rate = figure in MARGINS or figure in GROWTH
    scale = Decimal(1) if figure == "eps" else one.scale
    unit = "currency/share" if figure == "eps" else "currency"
    words = "%" if rate else looks.unit_words(unit, one.currency, scale, book.language)
    number = (
        looks.PERCENT if rate else looks.PER_SHARE if figure == "eps" else looks.number_format(0)
    )
    sheet.put(row, 0, one.name, Style(indent=1))
    sheet.put(row, 1, words, Style(colour=GREY))
    for column, expression in made.items():
        at = table.columns[column]
        if book.result(expression) is None:
            text = word("not_meaningful", book.language)
            sheet.put(row, at, text, Style(align="right", colour=GREY))
            continue
        taken = one.taken.get((figure, column))
        own = rate or figure == "free_cash_flow"
        style = Style(number=number, colour=BLACK if own else OUTSIDE,
                      italic=taken is not None and taken.derived)  # fmt: skip
        sheet.put(row, at, expression, style)


def _printed(book: Book, sheet: Sheet, table: Table, figure: str) -> Make:
    def make(one: Company, column: Column) -> Expression | None:
        if figure == "free_cash_flow":
            return free_cash_flow(
                _at(book, sheet, table, "operating_cash_flow", one, column),
                _at(book, sheet, table, "capex", one, column),
            )
        taken = one.taken.get((figure, column))
        if taken is None or book.result(taken.expression) is None:
            return None
        return taken.expression

    return make


def _margin(book: Book, sheet: Sheet, table: Table, over: str) -> Make:
    def make(one: Company, column: Column) -> Expression | None:
        a = _at(book, sheet, table, over, one, column)
        b = _at(book, sheet, table, "revenue", one, column)
        return Operation("/", a, b) if a and b else None

    return make


def _growth(book: Book, sheet: Sheet, table: Table, of: str) -> Make:
    def make(one: Company, column: Column) -> Expression | None:
        new = _at(book, sheet, table, of, one, column)
        old = _at(book, sheet, table, of, one, Column(column.year - 1, column.quarter))
        return growth_of(book, new, old) if new and old else None

    return make


def _at(
    book: Book, sheet: Sheet, table: Table, figure: str, one: Company, column: Column
) -> Ref | None:
    """The comparison's own cell, where it has a number."""
    row = table.rows.get((figure, one.entity))
    if row is None or column not in table.columns:
        return None
    cell = Ref(sheet.name, row, table.columns[column])
    return (
        cell if (cell.row, cell.column) in sheet.cells and book.result(cell) is not None else None
    )


def _place_charts(book: Book, sheet: Sheet, table: Table, charts: list[Wanted]) -> None:
    columns = (min(table.columns.values()), max(table.columns.values()))
    for place, wanted in enumerate(charts):
        rows = [
            table.rows[wanted.figure, one.entity]
            for one in wanted.companies
            if (wanted.figure, one.entity) in table.rows
        ]
        few = len(table.columns) <= MOST_CLUSTERS and not wanted.rate
        values = [book.value(sheet.name, row, at) for row in rows for at in table.columns.values()]
        sheet.charts.append(
            Chart(
                kind="column" if few else "line",
                title=wanted.title,
                number="0%" if wanted.rate else "#,##0",
                categories=(table.heads[wanted.figure], *columns),
                series=tuple((row, 0) for row in rows),
                from_zero=few and all(value >= 0 for value in values if value is not None),
                at=(CHART_ROW + place // 2 * CHART_ROWS, place % 2),
                width=CHART_WIDTH,
                height=CHART_HEIGHT,
            )
        )
