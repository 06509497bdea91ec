"""A sheet for a company's statements of a kind: as printed, a column a period, totals live."""

from decimal import Decimal

import msgspec

from tenth.reader.model import Fact, StatementKind
from tenth.reader.workbook import looks
from tenth.reader.workbook.book import (
    AMBER,
    GREY,
    INPUT,
    NAVY,
    PALE,
    WARNING,
    Book,
    Sheet,
    Shown,
    Style,
    jump,
)
from tenth.reader.workbook.expressions import Ref
from tenth.reader.workbook.merge import Block, Key, restatements
from tenth.reader.workbook.names import entity_key
from tenth.reader.workbook.periods import date_text, length_of
from tenth.reader.workbook.rates import add_rates
from tenth.reader.workbook.restated import add_restated
from tenth.reader.workbook.totals import Placed, total_of
from tenth.reader.workbook.words import word

LABEL_WIDTH, UNIT_WIDTH, GAP_WIDTH, LEAST_WIDTH = 54.0, 10.0, 1.5, 12.5
LONGEST_TITLE = 110  # characters
FIRST_BLOCK = 4  # row
VALUE_COLUMNS = 2  # the first one
TOTAL_WORDS = ("total", "合计", "总计", "总额", "小计", "共计")


def add_statement(
    book: Book, sheet: Sheet, entity: str, kind: StatementKind, blocks: list[Block]
) -> Sheet:
    """Fills a sheet that is new to the book. `entity` is the company's name as shown."""
    book.add(sheet)
    documents = {one.document for block in blocks for one in block.statements}
    _title(book, sheet, entity, kind, blocks[0], len(documents))
    row = FIRST_BLOCK
    for number, block in enumerate(blocks):
        first = row
        if number:
            sheet.put(
                row,
                0,
                looks.clipped(block.title, LONGEST_TITLE),
                Style(bold=True, size=11, colour=NAVY),
            )
            row += 1
        row = _add_block(book, sheet, block, kind, row, gaps=len(blocks) == 1) + 1
        sheet.blocks.append((first, row - 2))
        if not number:
            sheet.frozen = (FIRST_BLOCK + 2, VALUE_COLUMNS)
            if len(blocks) == 1:  # another table's columns are not the first one's
                sheet.repeat = (FIRST_BLOCK, FIRST_BLOCK + 1)
    sheet.widths |= {0: LABEL_WIDTH, 1: UNIT_WIDTH}
    return sheet


def _title(
    book: Book, sheet: Sheet, entity: str, kind: str, block: Block, n_documents: int
) -> None:
    language = book.language
    newest = block.statements[0]
    many = "from_documents" if n_documents > 1 else "from_document"
    about = looks.scale_words(newest.scale, newest.currency, language)
    about += word("otherwise", language) if about else ""
    from_where = word(many, language, n=n_documents)
    sheet.put(0, 0, f"{entity} — {word(f'title.{kind}', language)}",
              Style(bold=True, size=14, colour=NAVY))  # fmt: skip
    sheet.put(1, 0, " · ".join(filter(None, (about, from_where))), Style(italic=True, colour=GREY))
    back = Style(underline=True, colour=INPUT)
    sheet.put(2, 0, f"← {word('back', language)}", back, link=jump(word("contents", language)))
    sheet.about = " · ".join(filter(None, (about, from_where)))


def _add_block(book: Book, sheet: Sheet, block: Block, kind: str, top: int, gaps: bool) -> int:
    """Returns the row after it."""
    columns = _place_columns(sheet, block.columns, gaps)
    _headers(book, sheet, block.statements[0].entity, columns, top)
    placed = Placed(block, top + 2, columns, _row_scales(book, block))
    for i in range(len(block.rows)):
        _row(book, sheet, placed, i)
    for i in range(len(block.rows)):
        for key in block.columns:
            if block.rows[i].printed.get(key):
                _make_live(book, sheet, placed, i, key)
    row = add_rates(book, sheet, placed, kind, placed.first_row + len(block.rows))
    row = add_restated(book, sheet, placed, restatements(block, book.facts), row)
    _fit_columns(book, sheet, columns)
    return row


def _place_columns(sheet: Sheet, keys: list[Key], gaps: bool) -> dict[Key, int]:
    """A narrow empty column stands between periods of different lengths, where there is but one
    table: several have not the same columns."""
    columns: dict[Key, int] = {}
    column, before = VALUE_COLUMNS, ""
    for key in keys:
        length = length_of(key.period)
        if gaps and before and length != before:
            sheet.widths.setdefault(column, GAP_WIDTH)
            column += 1
        columns[key] = column
        column, before = column + 1, length
    return columns


def _headers(book: Book, sheet: Sheet, entity: str, columns: dict[Key, int], top: int) -> None:
    head = Style(bold=True, fill=PALE, align="right", wrap=True)
    for column in range(max(columns.values()) + 1):
        sheet.put(top, column, "", Style(fill=PALE))
        sheet.put(top + 1, column, "", Style(fill=PALE, bottom=True))
    unit = Style(bold=True, fill=PALE, bottom=True)
    sheet.put(top + 1, 1, word("unit", book.language), unit)
    lines = 1
    for key, column in columns.items():
        over = book.length_text(entity, key.period)
        if key.header:
            over = f"{key.header} · {over}" if key.period.end else key.header
        lines = max(lines, looks.line_count(over, LEAST_WIDTH - 1, bold=True))
        sheet.put(top, column, over, head)
        below = Style(bold=True, fill=PALE, align="right", bottom=True)
        sheet.put(top + 1, column, date_text(key.period.end, book.language), below)
    sheet.heights[top] = 12.0 * lines + 3


def _row_scales(book: Book, block: Block) -> list[Decimal]:
    """What each row's values are divided by: the table's scale for money that follows it, else the
    scale of the row's latest figure. Percentages are none of them: each stands for itself."""
    scales = []
    for row in block.rows:
        shown = [row.printed[key][0] for key in reversed(block.columns) if row.printed.get(key)]
        scale = Decimal(1)
        for printed in shown:
            fact, statement = book.facts[printed.fact], block.statements[printed.statement]
            if not looks.is_percent(fact):
                follows = fact.unit == "currency" and fact.scale == statement.scale
                scale = Decimal((block.statements[0].scale if follows else fact.scale) or 1)
                break
        scales.append(scale)
    return scales


def _row(book: Book, sheet: Sheet, placed: Placed, i: int) -> None:
    row, at = placed.block.rows[i], placed.first_row + i
    total = _is_total(placed.block, i)
    label = Style(bold=row.is_heading or total, indent=min(row.level, 8), wrap=True)
    sheet.put(at, 0, row.label, label)
    facts = [book.facts[many[0].fact] for many in row.printed.values()]
    if not facts:
        return
    # amounts beside their shares of a whole: each kind of figure has its own form
    shares = [fact for fact in facts if looks.is_percent(fact)]
    amounts = [fact for fact in facts if not looks.is_percent(fact)]
    unit = "%"
    if amounts:
        # a statement of equity counts shares in some columns, and its rows are of money
        newest = next((fact for fact in amounts if fact.unit == "currency"), amounts[0])
        unit = looks.unit_words(newest.unit, newest.currency, placed.scales[i], book.language)
    sheet.put(at, 1, unit, Style(colour=GREY))
    for key, many in row.printed.items():
        fact = book.facts[many[0].fact]
        alike, scale = (amounts, placed.scales[i]) if fact in amounts else (shares, looks.ONE)
        number = looks.fact_format(alike, scale)
        cell = _figure(book, sheet, fact, at, placed.columns[key], scale, number, total)
        if fact.value is None:
            continue
        shown = Shown(cell, scale, fact.unit, fact.currency)
        for printed in many:  # what other documents say the same of
            if book.facts[printed.fact].value == fact.value:
                book.shown.setdefault(printed.fact, shown)
        if fact.metric:
            key_of = (entity_key(fact.entity), fact.metric, fact.period)
            book.by_metric.setdefault(key_of, fact.id)


def _figure(
    book: Book, sheet: Sheet, fact: Fact, row: int, column: int, scale: Decimal, number: str,
    total: bool,
) -> Ref:  # fmt: skip
    cell = Ref(sheet.name, row, column)
    book.use(fact.id, cell)
    contradicted = fact.status == "contradicted"
    note = ""
    if contradicted:
        where = word("contradictions", book.language)
        note = word("contradicted", book.language, sheet=where)
    fill = AMBER if contradicted else ""
    if fact.value is None:
        style = Style(colour=GREY, italic=True, align="right", fill=fill, top=total)
        text = f"{fact.verbatim} ({word('unknown', book.language)})"
        return sheet.put(row, column, text, style, fact=fact.id, note=note)
    unsure = fact.status == "unknown"  # of what period, or whose
    style = Style(number=number, colour=INPUT, bold=total, italic=unsure, fill=fill, top=total)
    return sheet.put(row, column, fact.value / scale, style, fact=fact.id, note=note)


def _make_live(book: Book, sheet: Sheet, placed: Placed, i: int, key: Key) -> None:
    """A total's cell becomes a formula, or says why it is not one."""
    at = placed.first_row + i, placed.columns[key]
    cell = sheet.cells[at]
    made = total_of(book, sheet, placed, i, key)
    style = cell.style
    if made.outcome == "live" and made.expression is not None:
        changed = {"colour": WARNING if style.fill else "000000"}
        sheet.put(*at, made.expression, _with(style, changed), fact=cell.fact, note=cell.note)
    elif made.outcome in ("rounding", "part_restated"):
        sheet.put(*at, cell.content, style, fact=cell.fact, note=cell.note,
                  tip=word(made.outcome, book.language))  # fmt: skip
    elif made.outcome == "off":
        note = cell.note or word("off", book.language)
        changed = {"colour": WARNING, "fill": AMBER}
        sheet.put(*at, cell.content, _with(style, changed), fact=cell.fact, note=note)


def _with(style: Style, changed: dict[str, str]) -> Style:
    return msgspec.structs.replace(style, **changed)


def _is_total(block: Block, i: int) -> bool:
    row = block.rows[i]
    if row.is_heading:
        return False
    made_of = any(block.statements[s].lines[line].parts for s, line in row.lines.items())
    return made_of or any(name in row.label.casefold() for name in TOTAL_WORDS)


def _fit_columns(book: Book, sheet: Sheet, columns: dict[Key, int]) -> None:
    """Wide enough for the longest number: a spreadsheet shows ### instead of cutting one."""
    for column in columns.values():
        longest = LEAST_WIDTH
        for (_, at), cell in sheet.cells.items():
            if at == column and isinstance(cell.content, Decimal):
                digits = len(f"{abs(cell.content):,.0f}") + len(
                    cell.style.number.partition(".")[2][:4]
                )
                longest = max(longest, digits + 3.0)
            elif at == column and isinstance(cell.content, str) and cell.content:
                words = cell.content.split() if cell.style.wrap else [cell.content]
                wanted = max(looks.text_width(word, cell.style.bold) for word in words) + 1.0
                longest = max(longest, min(wanted, 24.0))
        sheet.widths[column] = max(sheet.widths.get(column, 0.0), longest)
