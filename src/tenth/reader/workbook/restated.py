"""Below a statement: the figures that a later document prints differently, both with sources."""

from tenth.reader.workbook.book import BLACK, GREY, INPUT, NAVY, Book, Sheet, Style
from tenth.reader.workbook.expressions import Operation, Ref
from tenth.reader.workbook.looks import fact_format
from tenth.reader.workbook.merge import Restated
from tenth.reader.workbook.periods import date_text
from tenth.reader.workbook.totals import Placed
from tenth.reader.workbook.words import word


def add_restated(
    book: Book, sheet: Sheet, placed: Placed, restated: list[Restated], row: int
) -> int:
    """Returns the row after it."""
    if not restated:
        return row
    language = book.language
    columns = _three(placed)
    row += 1
    head = Style(bold=True, colour=NAVY, bottom=True, align="right", wrap=True)
    sheet.put(row, 0, word("restated", language), Style(bold=True, colour=NAVY, bottom=True))
    for column, name in zip(columns, ("earlier", "later", "change"), strict=True):
        sheet.put(row, column, word(name, language), head)
        sheet.widths.setdefault(column, 11.0)
    sheet.heights[row] = 25
    for one in restated:
        row += 1
        _line(book, sheet, placed, one, row, columns)
    return row + 1


def _line(
    book: Book, sheet: Sheet, placed: Placed, one: Restated, row: int, columns: list[int]
) -> None:
    earlier, later = book.facts[one.earlier], book.facts[one.later]
    scale = placed.scales[one.row]
    number = fact_format([earlier, later], scale)
    when = date_text(one.key.period.end, book.language)
    length = book.length_text(later.entity, one.key.period)
    label = " · ".join(filter(None, (placed.block.rows[one.row].label, f"{length} {when}")))
    sheet.put(row, 0, label, Style(indent=1, wrap=True))
    unit = sheet.cells.get((placed.first_row + one.row, 1))
    sheet.put(row, 1, unit.content if unit else "", Style(colour=GREY))
    assert earlier.value is not None, "a figure without a value is not compared"
    first = Ref(sheet.name, row, columns[0])
    book.use(earlier.id, first)
    style = Style(number=number, colour=INPUT)
    sheet.put(row, columns[0], earlier.value / scale, style, fact=earlier.id)
    second = Ref(sheet.name, placed.first_row + one.row, placed.columns[one.key])
    live = Style(number=number, colour=BLACK)
    sheet.put(row, columns[1], second, live)
    sheet.put(row, columns[2], Operation("-", second, first), live)


def _three(placed: Placed) -> list[int]:
    """The first value columns, and new ones where the statement has too few."""
    columns = sorted(placed.columns.values())[:3]
    while len(columns) < 3:
        columns.append(columns[-1] + 1)
    return columns
