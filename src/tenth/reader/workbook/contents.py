"""The first sheet: what was read, how much of it is sure, and where everything stands."""

from tenth.reader.model import Fact, Ledger, Report
from tenth.reader.summary.names import form_name
from tenth.reader.workbook.book import (
    AMBER,
    BLACK,
    GREY,
    INPUT,
    NAVY,
    OUTSIDE,
    PALE,
    WARNING,
    Book,
    Sheet,
    Style,
    jump,
)
from tenth.reader.workbook.periods import date_text
from tenth.reader.workbook.words import word

DOCUMENT_COLUMNS = ("document", "company", "form", "period", "facts", "ok", "unknown",
                    "contradicted")  # fmt: skip
KINDS = ("income", "comprehensive", "balance", "cash", "equity", "segments", "ratios")
WIDTHS = (40.0, 26.0, 16.0, 28.0, 14.0, 14.0, 14.0, 14.0)


def add_contents(book: Book, sheet: Sheet, ledger: Ledger) -> None:
    """Fills the sheet, which the book has already as its first one."""
    language = book.language
    sheet.put(0, 0, word("title.contents", language), Style(bold=True, size=16, colour=NAVY))
    entities = sorted({one.entity for report in ledger.reports for one in report.statements} - {""})
    sheet.put(1, 0, " · ".join(entities)[:300], Style(italic=True, colour=GREY))
    sheet.valign = "top"
    row = _sheets(book, sheet, 3)
    sheet.blocks.append((0, row))
    first, row = row + 2, _documents(book, sheet, ledger, row + 2)
    sheet.blocks.append((first, row))
    _legend(book, sheet, row + 2)
    sheet.blocks.append((row + 2, row + 7))
    sheet.widths |= dict(enumerate(WIDTHS))


def _heading(book: Book, sheet: Sheet, row: int, keys: tuple[str, ...]) -> None:
    for column in range(len(WIDTHS)):
        key = keys[column] if column < len(keys) else ""
        right = column >= 4
        head = Style(bold=True, fill=PALE, bottom=True, align="right" if right else "left")
        sheet.put(row, column, word(f"contents.{key}", book.language) if key else "", head)


def _sheets(book: Book, sheet: Sheet, row: int) -> int:
    """A line for each sheet of its own, then a company a line with its sheets side by side."""
    link = Style(colour=INPUT, underline=True)
    _heading(book, sheet, row, ("sheet", "shows"))
    for name, other in book.sheets.items():
        if name != sheet.name and not other.company:
            row += 1
            sheet.put(row, 0, name, link, link=jump(name))
            sheet.put(row, 1, other.about, Style(colour=GREY))
    companies = list(dict.fromkeys(one.company for one in book.sheets.values() if one.company))
    if not companies:
        return row
    row += 2
    _heading(book, sheet, row, ("company", "statements"))
    kinds = [kind for kind in KINDS if any(one.kind == kind for one in book.sheets.values())]
    for company in companies:
        row += 1
        sheet.put(row, 0, company, Style(bold=True))
        own = [one for one in book.sheets.values() if one.company == company]
        for other in own:
            column = 1 + kinds.index(other.kind)
            text = word(other.kind, book.language)
            sheet.put(row, column, text, link, link=jump(other.name), tip=other.about)
    return row


def _documents(book: Book, sheet: Sheet, ledger: Ledger, row: int) -> int:
    _heading(book, sheet, row, DOCUMENT_COLUMNS)
    count = Style(number="#,##0", align="right")
    first = row + 1
    for report in sorted(ledger.reports, key=_order):
        row += 1
        cover = report.cover
        length = book.length_text(cover.entity, cover.period)
        ended = date_text(cover.period.end, book.language)
        period = f"{length} {ended}" if cover.period.start else ended
        texts = (report.document, cover.entity, form_name(cover.form, book.language), period)
        for column, text in enumerate(texts):
            sheet.put(row, column, text, Style(wrap=True))
        for column, number in enumerate(_counts(report.facts), 4):
            sheet.put(row, column, number, count)
    if row < first:
        return row
    row += 1
    whole = Style(number="#,##0", align="right", bold=True, top=True)
    every = [fact for report in ledger.reports for fact in report.facts]
    sheet.put(row, 0, word("contents.all", book.language), Style(bold=True))
    for column, number in enumerate(_counts(every), 4):
        sheet.put(row, column, number, whole)
    row += 1
    sheet.put(row, 0, word("contents.contradictions", book.language), Style(bold=True))
    sheet.put(row, 7, len(ledger.contradictions), Style(number="#,##0", align="right", bold=True))
    return row


def _order(report: Report) -> tuple[str, str, str]:
    return report.cover.entity, report.cover.period.end, report.document


def _counts(facts: list[Fact] | tuple[Fact, ...]) -> tuple[int, int, int, int]:
    by_status = {"ok": 0, "unknown": 0, "contradicted": 0}
    for fact in facts:
        by_status[fact.status] += 1
    return len(facts), by_status["ok"], by_status["unknown"], by_status["contradicted"]


def _legend(book: Book, sheet: Sheet, row: int) -> None:
    _heading(book, sheet, row, ("legend",))
    for key, style in (
        ("legend.input", Style(colour=INPUT)),
        ("legend.formula", Style(colour=BLACK)),
        ("legend.outside", Style(colour=OUTSIDE)),
        ("legend.contradicted", Style(colour=WARNING, fill=AMBER)),
        ("legend.unknown", Style(colour=GREY, italic=True)),
    ):
        row += 1
        sheet.put(row, 0, word(key, book.language), style)
        sheet.put(row, 1, word(f"{key}.about", book.language), Style(colour=GREY))
