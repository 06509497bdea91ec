"""The sheet where every figure's source stands: one row a fact, with a link to its page."""

from collections.abc import Callable

from tenth.reader.model import Fact
from tenth.reader.workbook import looks
from tenth.reader.workbook.book import (
    AMBER,
    FIRST_SOURCE,
    GREY,
    INPUT,
    NAVY,
    PALE,
    VALUE_COLUMN,
    Book,
    Sheet,
    Style,
    jump,
)
from tenth.reader.workbook.expressions import cell_name
from tenth.reader.workbook.words import word

COLUMNS = (  # key of the heading, width
    ("id", 14.0), ("entity", 24.0), ("metric", 40.0), ("label", 48.0), ("start", 11.0),
    ("end", 11.0), ("value", 18.0), ("unit", 15.0), ("currency", 9.0), ("scale", 10.0),
    ("status", 13.0), ("document", 44.0), ("place", 18.0), ("verbatim", 18.0), ("opens", 10.0),
    ("used_at", 30.0),
)  # fmt: skip
TEXT_CUT = 500  # characters of a label or a quotation that a cell shows


def place_words(fact: Fact, language: str) -> str:
    """ "page 4", or the cell."""
    if fact.place.box is None or not fact.place.page:
        return fact.place.ref or (word("page", language, n=fact.place.page))
    return word("page", language, n=fact.place.page)


def tip_of(fact: Fact, language: str) -> str:
    """What a figure's link says before it is followed."""
    return f"{fact.document}, {place_words(fact, language)}: {fact.verbatim}"


def add_sources(book: Book, sheet: Sheet, page_link: Callable[[Fact], str] | None) -> Sheet:
    """Fills the sheet with the facts that the sheets before it use, in their order."""
    book.add(sheet)
    sheet.valign = "top"
    language = book.language
    sheet.put(0, 0, word("title.sources", language), Style(bold=True, size=14, colour=NAVY))
    about = word("sources_about", language)
    sheet.put(1, 0, about, Style(italic=True, colour=GREY))
    screen = word("sources_screen", language, n=f"{len(book.used):,}")
    sheet.put(2, 2, screen, Style(italic=True, colour=GREY))
    back = Style(underline=True, colour=INPUT)
    sheet.put(2, 0, f"← {word('back', language)}", back, link=jump(word("contents", language)))
    for column, (key, width) in enumerate(COLUMNS):
        align = "right" if column in (VALUE_COLUMN, 9) else "left"
        beside = int(column in (VALUE_COLUMN + 1, 10))
        head = Style(bold=True, fill=PALE, bottom=True, align=align, indent=beside)
        sheet.put(FIRST_SOURCE - 1, column, word(f"source.{key}", language), head)
        sheet.widths[column] = width
    for fact, row in book.used.items():
        _row(book, sheet, book.facts[fact], FIRST_SOURCE + row, page_link)
    sheet.frozen = (FIRST_SOURCE, 1)
    sheet.repeat = (FIRST_SOURCE - 1, FIRST_SOURCE - 1)
    sheet.about = word("sources_count", language, n=len(book.used))
    if book.used:
        sheet.printed, sheet.aside = (0, FIRST_SOURCE - 2), VALUE_COLUMN
    return sheet


def _row(
    book: Book, sheet: Sheet, fact: Fact, row: int, page_link: Callable[[Fact], str] | None
) -> None:
    fill = AMBER if fact.status == "contradicted" else ""
    plain, wrapped = Style(fill=fill), Style(fill=fill, wrap=True)
    texts = {
        0: fact.id, 1: fact.entity, 2: fact.metric, 3: fact.label, 4: fact.period.start,
        5: fact.period.end, 7: fact.unit, 8: fact.currency, 10: fact.status, 11: fact.document,
        12: place_words(fact, book.language), 13: fact.verbatim,
    }  # fmt: skip
    styles: dict[int, Style] = dict.fromkeys((1, 2, 3, 11, 12, 13), wrapped)
    styles |= dict.fromkeys((7, 10), Style(fill=fill, indent=1))  # beside a number
    for column, text in texts.items():
        sheet.put(row, column, text[:TEXT_CUT], styles.get(column, plain))
    unknown = word("unknown", book.language)
    faint = Style(colour=GREY, italic=True, align="right", fill=fill)
    if fact.value is None:
        sheet.put(row, VALUE_COLUMN, unknown, faint)
    else:
        number = Style(number=looks.exact_format(fact.value), colour=INPUT, fill=fill)
        sheet.put(row, VALUE_COLUMN, fact.value, number)
    if fact.scale is None:
        sheet.put(row, 9, unknown, faint)
    else:
        sheet.put(row, 9, fact.scale, Style(number="#,##0", fill=fill, align="right"))
    link = Style(colour=INPUT, underline=True, fill=fill)
    if page_link is not None and (target := page_link(fact)):
        sheet.put(row, 14, word("open", book.language), link, link=_external(target))
    used = book.first_use.get(fact.id)
    if used is not None:
        where = f"{used.sheet}!{cell_name(used.row, used.column)}"
        sheet.put(row, 15, where, link, link=jump(used.sheet, used.row, used.column))


def _external(target: str) -> str:
    known = ("http://", "https://", "internal:", "external:")
    return target if target.startswith(known) else f"external:{target}"
