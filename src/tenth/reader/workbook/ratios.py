"""A company's derived figures: a row for each formula, a column a period, every cell live."""

from collections.abc import Sequence
from decimal import Decimal

from tenth.reader.analysis import note_in
from tenth.reader.model import Figure, Input
from tenth.reader.workbook import looks
from tenth.reader.workbook.book import (
    BLACK,
    GREY,
    INPUT,
    NAVY,
    OUTSIDE,
    PALE,
    WARNING,
    Book,
    Shown,
    Style,
    jump,
)
from tenth.reader.workbook.expressions import leaves
from tenth.reader.workbook.figure_formula import formula_over, times
from tenth.reader.workbook.figure_names import (
    family_name,
    figure_format,
    figure_unit,
    formula_text,
    member_name,
)
from tenth.reader.workbook.periods import date_text, sort_key
from tenth.reader.workbook.ratio_plan import FIRST, GAP_WIDTH, HEAD, Line, Plan
from tenth.reader.workbook.words import word

CLOSE = Decimal("1e-9")  # relative: how near a formula has to come to the ledger's figure


def add_ratios(book: Book, plan: Plan, entity: str) -> None:
    """Writes the sheet that was planned."""
    sheet, language = plan.sheet, book.language
    sheet.put(0, 0, f"{entity} — {word('title.ratios', language)}",
              Style(bold=True, size=14, colour=NAVY))  # fmt: skip
    sheet.put(1, 0, word("ratios_about", language), Style(italic=True, colour=GREY))
    back = Style(underline=True, colour=INPUT)
    sheet.put(2, 0, f"← {word('back', language)}", back, link=jump(word("contents", language)))
    _headers(book, plan, entity)
    for family, row in plan.headings.items():
        sheet.put(row, 0, family_name(family, language), Style(bold=True, wrap=True))
    for line, row in plan.lines.items():
        _texts(book, plan, line, row)
        for figure in plan.figures[line]:
            _figure(book, plan, figure)
    sheet.widths |= {0: 48.0, 1: 10.5, plan.aside - 1: GAP_WIDTH}
    for column, most in ((plan.aside, 110.0), (plan.aside + 1, 90.0)):
        texts = [str(cell.content) for (_, at), cell in sheet.cells.items() if at == column]
        sheet.widths[column] = min(max(map(looks.text_width, texts)) + 2.0, most)
    sheet.aside = plan.aside - 1  # on paper they would leave the figures no room
    sheet.valign = "top"
    sheet.frozen, sheet.repeat = (FIRST, 2), (HEAD, HEAD + 1)
    sheet.about = word("ratios_count", language, n=sum(map(len, plan.figures.values())))


def _headers(book: Book, plan: Plan, entity: str) -> None:
    sheet, language = plan.sheet, book.language
    for column in range(plan.aside + 2):
        sheet.put(HEAD, column, "", Style(fill=PALE))
        sheet.put(HEAD + 1, column, "", Style(fill=PALE, bottom=True))
    left = Style(bold=True, fill=PALE, bottom=True)
    texts = {0: "figure", 1: "unit", plan.aside: "formula", plan.aside + 1: "note"}
    for column, key in texts.items():
        sheet.put(HEAD + 1, column, word(key, language), left)
    right = Style(bold=True, fill=PALE, align="right", wrap=True)
    for period, column in plan.columns.items():
        sheet.put(HEAD, column, book.length_text(entity, period), right)
        below = Style(bold=True, fill=PALE, align="right", bottom=True)
        sheet.put(HEAD + 1, column, date_text(period.end, language), below)
        sheet.widths[column] = 13.0 if language == "en" else 17.0
    sheet.heights[HEAD] = 25


def _texts(book: Book, plan: Plan, line: Line, row: int) -> None:
    """Name, unit, formula and note of a row."""
    sheet, language = plan.sheet, book.language
    figures = plan.figures[line]
    money = plan.scale if line.unit == "currency" else Decimal(1)
    unit = figure_unit(line.metric, line.unit, line.currency, money, language)
    member = member_name(line.metric, language)
    name = member or family_name(line.metric, language)
    if not member and line.family in plan.headings:
        name, member = word("whole", language), "whole"
    faint = Style(colour=GREY)  # on one line: rows as high as a long formula would fill the paper
    sheet.put(row, 0, name, Style(wrap=True, indent=int(bool(member))))
    sheet.put(row, 1, unit, Style(colour=GREY))
    formula = formula_text([figure.formula for figure in figures])
    sheet.put(row, plan.aside, formula, faint)
    sheet.put(row, plan.aside + 1, _note(book, figures), faint)


def _note(book: Book, figures: list[Figure]) -> str:
    """The note of a row's figures where they have one; else that of the latest, and which it is."""
    latest = max(figures, key=lambda figure: sort_key(figure.period))
    if len({figure.note for figure in figures}) == 1:
        return note_in(latest.note, book.language)
    when = date_text(latest.period.end, book.language)
    colon = "：" if book.language == "zh" else ": "
    length = book.length_text(latest.entity, latest.period)
    return f"{length} {when}{colon}{note_in(latest.note, book.language)}"


def _figure(book: Book, plan: Plan, figure: Figure) -> None:
    """Its formula; whether it gives the ledger's figure is seen when all of them stand."""
    at = book.figures[figure.id]
    expression = None
    if all(one.id in book.figures or one.id in book.facts for one in figure.inputs):
        cells = {one.name: input_cell(book, one) for one in figure.inputs}
        expression = formula_over(figure.formula, cells)
    if expression is None:
        _take_back(book, plan, figure)
        return
    expression = times(expression, 1 / at.scale)
    outside = any(leaf.sheet != plan.sheet.name for leaf in leaves(expression))
    number = figure_format(figure.metric, figure.unit)
    style = Style(number=number, colour=OUTSIDE if outside else BLACK)
    plan.sheet.put(at.cell.row, at.cell.column, expression, style)


def check_ratios(book: Book, plans: Sequence[Plan]) -> None:
    """Takes back every figure whose formula does not give the ledger's value, and what is built on
    it: no figure without a source stays."""
    standing = [(plan, figure) for plan in plans for own in plan.figures.values() for figure in own]
    while True:
        wrong = [(plan, figure) for plan, figure in standing if not _is_right(book, figure)]
        for plan, figure in wrong:
            _take_back(book, plan, figure)
        if not wrong:
            return
        book.forget_values()
        gone = {figure.id for _, figure in wrong}
        standing = [(plan, figure) for plan, figure in standing if figure.id not in gone]


def _is_right(book: Book, figure: Figure) -> bool:
    at = book.figures[figure.id]
    if isinstance(book.sheets[at.cell.sheet].cells[at.cell.row, at.cell.column].content, str):
        return True  # taken back already
    value, wanted = book.result(at.cell), figure.value / at.scale
    return value is not None and abs(value - wanted) <= CLOSE * max(abs(wanted), abs(value))


def _take_back(book: Book, plan: Plan, figure: Figure) -> None:
    cell = book.figures[figure.id].cell
    style = Style(colour=WARNING, italic=True, align="right")
    plan.sheet.put(cell.row, cell.column, word("unreadable", book.language), style)


def input_cell(book: Book, given: Input) -> Shown:
    """Where an input is shown: a figure's cell, a statement's, else its row of the sources."""
    if given.id in book.figures:
        return book.figures[given.id]
    return book.cell_of(given.id)
