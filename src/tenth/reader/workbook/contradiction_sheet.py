"""The sheet of figures that cannot both be right, each side with its source."""

from decimal import Decimal

from tenth.reader.checks import told_in
from tenth.reader.model import Contradiction
from tenth.reader.workbook import looks
from tenth.reader.workbook.book import (
    BLACK,
    GREY,
    INPUT,
    NAVY,
    PALE,
    Book,
    Sheet,
    Style,
    jump,
)
from tenth.reader.workbook.expressions import Call, Expression, Operation, Ref
from tenth.reader.workbook.periods import date_text
from tenth.reader.workbook.sources import place_words
from tenth.reader.workbook.words import word

HEAD = 4
COLUMNS = (
    ("kind", 12.0), ("check", 11.0), ("entity", 22.0), ("line", 30.0), ("period", 18.0),
    ("found", 19.0), ("expected", 19.0), ("difference", 19.0), ("source", 34.0),
    ("other_source", 42.0), ("note", 52.0),
)  # fmt: skip
FOUND, EXPECTED, DIFFERENCE, SOURCE, NOTE = 5, 6, 7, 8, 10


def add_contradictions(book: Book, sheet: Sheet, many: tuple[Contradiction, ...]) -> Sheet:
    book.add(sheet)
    sheet.valign = "top"
    language = book.language
    sheet.put(0, 0, word("title.contradictions", language), Style(bold=True, size=14, colour=NAVY))
    about = "contradictions_about" if many else "no_contradictions"
    sheet.put(1, 0, word(about, language), Style(italic=True, colour=GREY))
    back = Style(underline=True, colour=INPUT)
    sheet.put(2, 0, f"← {word('back', language)}", back, link=jump(word("contents", language)))
    sheet.about = word("contradictions_count", language, n=len(many))
    if not many:
        sheet.widths[0] = 30.0
        return sheet
    for column, (key, width) in enumerate(COLUMNS):
        align = "right" if column in (FOUND, EXPECTED, DIFFERENCE) else "left"
        indent = int(column in (SOURCE, SOURCE + 1))
        head = Style(bold=True, fill=PALE, bottom=True, align=align, indent=indent)
        sheet.put(HEAD, column, word(f"contradiction.{key}", language), head)
        sheet.widths[column] = width
    for i, one in enumerate(many):
        _row(book, sheet, one, HEAD + 1 + i)
    sheet.frozen, sheet.repeat = (HEAD + 1, 2), (HEAD, HEAD)
    return sheet


def _row(book: Book, sheet: Sheet, one: Contradiction, row: int) -> None:
    language = book.language
    length = book.length_text(one.entity, one.period)
    when = f"{length} {date_text(one.period.end, language)}".strip()
    kind = word(f"conflict.{one.kind}", language)
    texts = (kind, _check_word(one.check, language), one.entity, _line(book, one), when)
    for column, text in enumerate(texts):
        sheet.put(row, column, text, Style(wrap=True))
    sheet.put(row, NOTE, told_in(one.note, language), Style(wrap=True))
    facts = [fact for fact in one.facts if fact in book.facts]
    for fact in facts:
        book.use(fact)
    cells = {
        column: _side(book, sheet, row, column, value, facts, other)
        for column, value, other in (
            (FOUND, one.found, one.expected),
            (EXPECTED, one.expected, one.found),
        )
    }
    found, expected = cells[FOUND], cells[EXPECTED]
    if found and expected:
        number = sheet.cells[row, FOUND].style.number
        sheet.put(row, DIFFERENCE, Operation("-", found, expected), Style(number=number))
    for column, fact in enumerate(facts[:2], SOURCE):
        style = Style(colour=INPUT, underline=True, indent=1)
        sheet.put(row, column, _short(book, fact), style, fact=fact)
    if len(facts) > 2:
        last = sheet.cells[row, SOURCE + 1]
        more = word("more_sources", language, n=len(facts) - 2)
        sheet.put(row, SOURCE + 1, f"{last.content} {more}", last.style, fact=last.fact)


def _short(book: Book, fact: str) -> str:
    """Where it stands, in the width of a column: its tip says all."""
    found = book.facts[fact]
    name = looks.clipped(found.document.rpartition("/")[2], 24)
    return f"{name}, {place_words(found, book.language)}"


def _line(book: Book, one: Contradiction) -> str:
    """The label as printed tells more than a metric's name."""
    first = book.facts.get(one.facts[0]) if one.facts else None
    return first.label if first else one.metric


def _check_word(check: str, language: str) -> str:
    try:
        return word(f"check.{check}", language)
    except KeyError:
        return check


def _side(
    book: Book, sheet: Sheet, row: int, column: int, value: Decimal | None, facts: list[str],
    other: Decimal | None,
) -> Ref | None:  # fmt: skip
    """A formula over the sources where one gives the value; else the value as the check's word."""
    faint = Style(colour=GREY, italic=True, align="right", wrap=True)
    if value is None:
        sheet.put(row, column, word("unknown", book.language), faint)
        return None
    made = _formula(book, value, facts, other)
    if made is None:
        text = f"{value:,f} ({word('by_the_check', book.language)})"
        sheet.put(row, column, text, faint)
        return None
    percent = any(looks.is_percent(book.facts[fact]) for fact in facts)
    number = looks.percent_format(2) if percent else looks.signed_format(value)
    return sheet.put(row, column, made, Style(number=number, colour=BLACK))


def _formula(
    book: Book, value: Decimal, facts: list[str], other: Decimal | None
) -> Expression | None:
    """One of the facts, or what the rest of them come to."""
    known = [fact for fact in facts if book.facts[fact].value is not None]
    for fact in known:
        if book.facts[fact].value == value:
            return book.source_cell(fact).cell
    rest = [fact for fact in known if book.facts[fact].value != other]
    for some in (rest, known[1:], known[:-1]):
        values = [book.facts[fact].value or Decimal(0) for fact in some]
        cells = tuple(book.source_cell(fact).cell for fact in some)
        if len(cells) > 1 and sum(values, Decimal(0)) == value:
            return Call("SUM", cells)
        if len(cells) == 2:
            for a, b in ((0, 1), (1, 0)):
                if values[a] - values[b] == value:
                    return Operation("-", cells[a], cells[b])
    return None
