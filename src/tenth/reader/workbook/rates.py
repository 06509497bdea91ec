"""Margins, growth and checks below a statement, as formulas over its rows."""

from collections.abc import Callable
from decimal import Decimal

from tenth.reader.workbook.book import BLACK, GREY, NAVY, Book, Sheet, Style
from tenth.reader.workbook.expressions import Call, Expression, Number, Operation, Ref
from tenth.reader.workbook.looks import PERCENT, number_format, unit_words
from tenth.reader.workbook.main_metrics import CARRIERS
from tenth.reader.workbook.merge import Key
from tenth.reader.workbook.periods import year_before
from tenth.reader.workbook.totals import Placed
from tenth.reader.workbook.words import word

ONE = Number(Decimal(1))


def add_rates(book: Book, sheet: Sheet, placed: Placed, kind: str, row: int) -> int:
    """Writes from `row` on what the block has the rows for; returns the row after it."""
    made = {"income": _income, "cash": _cash, "balance": _balance}.get(kind)
    lines = made(book, placed, sheet.name) if made else []
    lines = [line for line in lines if line[2]]
    if not lines:
        return row
    row += 1
    sheet.put(row, 0, word("rates", book.language), Style(bold=True, colour=NAVY))
    for name, number, cells, unit in lines:
        row += 1
        sheet.put(row, 0, word(name, book.language), Style(indent=1, wrap=True))
        sheet.put(row, 1, unit, Style(colour=GREY))
        for column, expression in cells.items():
            if book.result(expression) is None:
                text = word("not_meaningful", book.language)
                sheet.put(row, column, text, Style(colour=GREY, align="right"))
            else:
                sheet.put(row, column, expression, Style(number=number, colour=BLACK))
    return row + 1


Line = tuple[str, str, dict[int, Expression], str]  # name, number format, by column, unit


def _income(book: Book, placed: Placed, sheet: str) -> list[Line]:
    at = _finder(book, placed, sheet)
    lines: list[Line] = []
    for name, over in (
        ("gross_margin", "gross_profit"),
        ("operating_margin", "operating_income"),
        ("net_margin", "net_income"),
    ):
        lines.append((name, PERCENT, _each(placed, ratio(at, over, "revenue")), "%"))
    for name, of in (("revenue_growth", "revenue"), ("net_income_growth", "net_income")):
        lines.append((name, PERCENT, _growth(book, placed, at, of), "%"))
    return lines


def _cash(book: Book, placed: Placed, sheet: str) -> list[Line]:
    at = _finder(book, placed, sheet)

    def free(key: Key) -> Expression | None:
        return free_cash_flow(at("operating_cash_flow", key), at("capex", key))

    return [_money(book, placed, "free_cash_flow", "operating_cash_flow", free)]


def _balance(book: Book, placed: Placed, sheet: str) -> list[Line]:
    at = _finder(book, placed, sheet)

    def check(key: Key) -> Expression | None:
        assets, rest = at("assets", key), at("liabilities_and_equity", key)
        return Operation("-", assets, rest) if assets and rest else None

    return [_money(book, placed, "balance_check", "assets", check)]


def _money(
    book: Book, placed: Placed, name: str, like: str, make: Callable[[Key], Expression | None]
) -> Line:
    row = row_of(placed, like)
    scale = placed.scales[row] if row is not None else Decimal(1)
    currency = placed.block.statements[0].currency
    unit = unit_words("currency", currency, scale, book.language)
    return name, number_format(0), _each(placed, make), unit


def free_cash_flow(operating: Expression | None, capex: Expression | None) -> Expression | None:
    """Capital expenditure is an outflow whether it is printed with a minus or without."""
    if operating is None or capex is None:
        return None
    return Operation("-", operating, Call("ABS", (capex,)))


def growth_of(book: Book, new: Expression, old: Expression) -> Expression:
    """On a base that is not positive growth says nothing: a division by zero stands for that."""
    base = book.result(old)
    if base is None or base <= 0:
        return Operation("/", new, Number(Decimal(0)))
    return Operation("-", Operation("/", new, old), ONE)


def row_of(placed: Placed, name: str) -> int | None:
    """The block's row that carries a main figure."""
    for metric in CARRIERS[name]:
        for i, row in enumerate(placed.block.rows):
            if row.metric == metric and not row.is_heading:
                return i
    return None


Finder = Callable[[str, Key], Ref | None]


def _finder(book: Book, placed: Placed, sheet: str) -> Finder:
    rows = {name: row_of(placed, name) for name in CARRIERS}

    def at(name: str, key: Key) -> Ref | None:
        row = rows[name]
        if row is None:
            return None
        cell = Ref(sheet, placed.first_row + row, placed.columns[key])
        return cell if book.result(cell) is not None else None

    return at


def ratio(at: Finder, over: str, under: str) -> Callable[[Key], Expression | None]:
    def make(key: Key) -> Expression | None:
        a, b = at(over, key), at(under, key)
        return Operation("/", a, b) if a and b else None

    return make


def _each(placed: Placed, make: Callable[[Key], Expression | None]) -> dict[int, Expression]:
    made = {column: make(key) for key, column in placed.columns.items()}
    return {column: one for column, one in made.items() if one is not None}


def _growth(book: Book, placed: Placed, at: Finder, name: str) -> dict[int, Expression]:
    by_period = {key.period: key for key in placed.columns if not key.header}

    def make(key: Key) -> Expression | None:
        before = year_before(key.period, by_period)
        new, old = at(name, key), at(name, by_period[before]) if before else None
        return growth_of(book, new, old) if new and old else None

    return _each(placed, make)
