"""Live formulas for the totals of a statement, kept only where they give what is printed."""

from decimal import Decimal

import msgspec

from tenth.reader.workbook.book import Book, Sheet
from tenth.reader.workbook.expressions import Expression, Ref, total
from tenth.reader.workbook.looks import printed_decimals
from tenth.reader.workbook.merge import Block, Key


class Placed(msgspec.Struct, frozen=True):
    """Where a block stands on its sheet."""

    block: Block
    first_row: int
    columns: dict[Key, int]
    scales: list[Decimal]  # of each row


class Sum(msgspec.Struct, frozen=True):
    """What became of a total: "live"; "rounding", "part_restated" or "off" where the formula gives
    another value than is printed; "" where not all parts are there."""

    outcome: str
    expression: Expression | None = None


def total_of(book: Book, sheet: Sheet, placed: Placed, row: int, key: Key) -> Sum:
    """The sum of a cell's parts as its statement has them, tried against the printed figure."""
    printed = placed.block.rows[row].printed[key][0]
    statement = placed.block.statements[printed.statement]
    parts = statement.lines[printed.line].parts
    column = placed.columns[key]
    rows: list[tuple[int, int]] = []
    for part in parts:
        at = placed.block.row_of(printed.statement, part.line)
        if at is None or placed.scales[at] != placed.scales[row]:
            return Sum("")
        if (placed.first_row + at, column) in sheet.cells:
            rows.append((placed.first_row + at, part.sign))
    if not rows or any(book.value(sheet.name, at, column) is None for at, _ in rows):
        return Sum("")
    expression = total(
        rows, sheet.name, column, lambda at: book.value(sheet.name, at, column) is None
    )
    assert expression is not None, "there are rows"
    own = Ref(sheet.name, placed.first_row + row, column)
    if own in book.needs(expression):
        return Sum("")
    value, wanted = book.result(expression), book.value(sheet.name, own.row, own.column)
    if value is None or wanted is None:
        return Sum("")
    if value == wanted:
        return Sum("live", expression)
    if not _of_one_statement(placed, row, key, printed.statement):
        return Sum("part_restated", expression)
    decimals = printed_decimals(book.facts[printed.fact].verbatim)
    slack = Decimal(1).scaleb(-decimals) * (len(rows) + 1) / 2
    return Sum("rounding" if abs(value - wanted) <= slack else "off", expression)


def _of_one_statement(placed: Placed, row: int, key: Key, statement: int) -> bool:
    """Whether all parts of a total are shown as the total's own statement prints them."""
    lines = placed.block.statements[statement].lines
    for part in lines[placed.block.rows[row].printed[key][0].line].parts:
        at = placed.block.row_of(statement, part.line)
        many = placed.block.rows[at].printed.get(key) if at is not None else None
        if many and many[0].statement != statement:
            return False
    return True
