"""From one year to the next: who stayed, who is no longer named, who is new, and the share lost."""

from tenth.reader.analysis import Partner, Turnover, note_in
from tenth.reader.model import Fact, Figure
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
    Logic,
    Sheet,
    Style,
)
from tenth.reader.workbook.expressions import Call, Operation, Ref, cell_name
from tenth.reader.workbook.periods import date_text
from tenth.reader.workbook.words import word

BEFORE, AFTER, CHANGE, STATUS = 2, 3, 4, 5  # columns
COLOURS = {"vanished": WARNING, "new": OUTSIDE, "unknown": GREY}


def add_turnover(book: Book, sheet: Sheet, one: Turnover, company: str, top: int) -> int:
    """A table of both years' shares. Returns its last row."""
    language = book.language
    when = [
        f"{book.length_text(one.entity, period)} {date_text(period.end, language)}"
        for period in (one.before, one.after)
    ]
    title = word(f"turnover.{one.side}", language, company=company)
    sheet.put(top, 0, title, Style(bold=True, size=11, colour=NAVY))
    _heads(book, sheet, when, top + 1)
    row = top + 1
    rows: dict[str, list[int]] = {}
    groups = (("stayed", one.stayed), ("vanished", one.vanished), ("new", one.new))
    for group, partners in groups:
        for partner in partners:
            row += 1
            rows.setdefault(group, []).append(row)
            _partner(book, sheet, partner, group, row)
    for name in one.unknown:
        row += 1
        sheet.put(row, 0, name, Style(wrap=True, indent=1))
        _status(book, sheet, "unknown", row)
    totals = (("vanished", BEFORE), ("new", AFTER), ("stayed", AFTER))
    for group, column in totals if rows else ():
        row += 1
        _total(book, sheet, group, [Ref(sheet.name, at, column) for at in rows.get(group, [])], row)
    row += 1
    sheet.put(row, 0, note_in(one.note, language), Style(italic=True, colour=GREY))
    return row


def _heads(book: Book, sheet: Sheet, when: list[str], row: int) -> None:
    head = Style(bold=True, fill=PALE, bottom=True, align="right", wrap=True)
    texts = ("", "", *when, word("change", book.language), word("turnover.status", book.language))
    for column, text in enumerate(texts):
        sheet.put(row, column, text, head)
        if column >= BEFORE:
            sheet.widths[column] = 17.0


def _partner(book: Book, sheet: Sheet, partner: Partner, group: str, row: int) -> None:
    sheet.put(row, 0, partner.name, Style(wrap=True, indent=1))
    before = _share(book, sheet, partner.before, row, BEFORE)
    after = _share(book, sheet, partner.after, row, AFTER)
    if before and after:
        style = Style(number=looks.PERCENT)
        sheet.put(row, CHANGE, Operation("-", after, before), style)
    _status(book, sheet, group, row)


def _share(
    book: Book, sheet: Sheet, term: Fact | Figure | None, row: int, column: int
) -> Ref | None:
    """A printed share links to its source, a figure is taken from the company's ratios."""
    if isinstance(term, Fact) and term.value is not None:
        cell = Ref(sheet.name, row, column)
        book.use(term.id, cell)
        style = Style(number=looks.fact_format([term], looks.ONE), colour=INPUT)
        return sheet.put(row, column, term.value, style, fact=term.id)
    shown = book.figures.get(term.id) if isinstance(term, Figure) else None
    if shown is None or book.result(shown.cell) is None:
        return None
    return sheet.put(row, column, shown.cell, Style(number=looks.PERCENT, colour=OUTSIDE))


def _status(book: Book, sheet: Sheet, group: str, row: int) -> None:
    """A formula over both shares where it says what the analysis says; else that as a word."""
    style = Style(align="right", colour=COLOURS.get(group, BLACK))
    words = {key: word(f"party.{key}", book.language) for key in ("stayed", "vanished", "new")}
    there = [(book.value(sheet.name, row, column) or 0) > 0 for column in (BEFORE, AFTER)]
    by_shares = {(True, True): "stayed", (True, False): "vanished", (False, True): "new"}
    if by_shares.get((there[0], there[1])) != group:
        sheet.put(row, STATUS, word(f"party.{group}", book.language), style)
        return
    old, new = cell_name(row, BEFORE), cell_name(row, AFTER)
    text = (
        f'IF(AND(N({old})>0,N({new})>0),"{words["stayed"]}",'
        f'IF(N({old})>0,"{words["vanished"]}",IF(N({new})>0,"{words["new"]}","")))'
    )
    sheet.put(row, STATUS, Logic(text, words[group]), style)


def _total(book: Book, sheet: Sheet, group: str, cells: list[Ref], row: int) -> None:
    """The share that a group has, in the year that has it."""
    sheet.put(row, 0, word(f"party_total.{group}", book.language), Style(bold=True))
    column = BEFORE if group == "vanished" else AFTER
    known = [cell for cell in cells if book.result(cell) is not None]
    if known:
        colour = WARNING if group == "vanished" else BLACK
        style = Style(number=looks.PERCENT, bold=True, colour=colour)
        sheet.put(row, column, Call("SUM", tuple(known)), style)
    else:
        sheet.put(row, column, "–", Style(align="right"))
