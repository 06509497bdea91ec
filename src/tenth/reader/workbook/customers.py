"""Customers and suppliers by year: shares, who stayed, who is new, who is no longer named."""

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from tenth.reader.model import Fact, Period
from tenth.reader.workbook import looks
from tenth.reader.workbook.book import (
    BLACK,
    GREY,
    INPUT,
    NAVY,
    PALE,
    Book,
    Logic,
    Sheet,
    Style,
    jump,
)
from tenth.reader.workbook.expressions import Call, Expression, Ref, Span, cell_name
from tenth.reader.workbook.names import entity_key
from tenth.reader.workbook.periods import date_text, sort_key
from tenth.reader.workbook.words import word

PATTERN = re.compile(r"(Customer|Supplier)(Share|Revenue|Purchases?|Amount)\[(.+)\]")
FIRST = 4


class Named(msgspec.Struct, frozen=True):
    """A figure of a customer or supplier."""

    side: str  # "Customer", "Supplier"
    what: str  # "Share", or an amount
    name: str
    fact: Fact


def named_parties(facts: Sequence[Fact]) -> list[Named]:
    """The figures with a customer's or supplier's name in their metric, in the order given."""
    found = []
    for fact in facts:
        match = PATTERN.fullmatch(fact.metric)
        if match and fact.value is not None and fact.period.end:
            what = "Share" if match[2] == "Share" else "Amount"
            found.append(Named(match[1], what, match[3], fact))
    return found


def add_customers(book: Book, sheet: Sheet, parties: list[Named], shown: dict[str, str]) -> Sheet:
    """`shown` gives a company's name by its key."""
    book.add(sheet)
    language = book.language
    sheet.put(0, 0, word("title.customers", language), Style(bold=True, size=14, colour=NAVY))
    sheet.put(1, 0, word("customers_about", language), Style(italic=True, colour=GREY))
    back = Style(underline=True, colour=INPUT)
    sheet.put(2, 0, f"← {word('back', language)}", back, link=jump(word("contents", language)))
    row = FIRST
    groups: dict[tuple[str, str, str], list[Named]] = {}
    for one in parties:
        key = (entity_key(one.fact.entity), one.side, one.what)
        groups.setdefault(key, []).append(one)
    for (entity, side, what), own in groups.items():
        name = shown.get(entity) or own[0].fact.entity or word("unknown_company", language)
        title = f"{name} — {word(f'parties.{side}.{what}', language)}"
        row = _block(book, sheet, title, own, what == "Share", row) + 2
    sheet.widths |= {0: 40.0, 1: 10.0}
    sheet.frozen = (0, 1)
    names = {(entity_key(one.fact.entity), one.side, one.name) for one in parties}
    sheet.about = word("customers_count", language, n=len(names))
    return sheet


def _block(book: Book, sheet: Sheet, title: str, own: list[Named], share: bool, top: int) -> int:
    """A table of one company's customers, its statuses to the right. Returns its last row."""
    language = book.language
    periods = sorted({one.fact.period for one in own}, key=sort_key)
    cells: dict[tuple[str, Period], Fact] = {}
    for one in own:  # the latest document's figure comes last and stays
        cells[one.name, one.fact.period] = one.fact
    names = sorted({one.name for one in own}, key=lambda name: _rank(name, periods, cells))
    sheet.put(top, 0, title, Style(bold=True, size=11, colour=NAVY))
    head, first = top + 1, top + 2
    columns = {period: 2 + i for i, period in enumerate(periods)}
    changes = {period: 3 + len(periods) + i for i, period in enumerate(periods[1:])}
    _heads(book, sheet, head, columns, changes)
    scale = _scale(own)
    facts = [one.fact for one in own]
    number = looks.fact_format(facts, scale)
    newest = own[-1].fact
    unit = "%" if share else looks.unit_words("currency", newest.currency, scale, language)
    for i, name in enumerate(names):
        row = first + i
        sheet.put(row, 0, name, Style(wrap=True, indent=1))
        sheet.put(row, 1, unit, Style(colour=GREY))
        for period, column in columns.items():
            fact = cells.get((name, period))
            if fact is None or fact.value is None:
                continue
            book.use(fact.id, Ref(sheet.name, row, column))
            style = Style(number=number, colour=INPUT)
            sheet.put(row, column, fact.value / scale, style, fact=fact.id)
        _statuses(book, sheet, row, periods, columns, changes)
    return _totals(book, sheet, first, names, columns, changes, number, unit)


def _rank(name: str, periods: list[Period], cells: dict[tuple[str, Period], Fact]):
    """By the year in which a name comes first, then by size in it."""
    for i, period in enumerate(periods):
        fact = cells.get((name, period))
        if fact is not None:
            return i, -(fact.value or Decimal(0)), name
    return len(periods), Decimal(0), name


def _scale(own: list[Named]) -> Decimal:
    return Decimal(own[-1].fact.scale or 1) if own[-1].fact.unit == "currency" else Decimal(1)


def _heads(
    book: Book, sheet: Sheet, row: int, columns: dict[Period, int], changes: dict[Period, int]
) -> None:
    left = Style(bold=True, fill=PALE, bottom=True)
    right = Style(bold=True, fill=PALE, bottom=True, align="right", wrap=True)
    centre = Style(bold=True, fill=PALE, bottom=True, align="center", wrap=True)
    sheet.put(row, 0, "", left)
    sheet.put(row, 1, word("unit", book.language), left)
    for period, column in columns.items():
        sheet.put(row, column, date_text(period.end, book.language), right)
        sheet.widths[column] = 17.0
    for period, column in changes.items():
        text = word("change_to", book.language, when=date_text(period.end, book.language))
        sheet.put(row, column, text, centre)
        sheet.widths[column] = 18.0
    sheet.widths.setdefault(2 + len(columns), 2.0)
    sheet.heights[row] = 25


def _statuses(
    book: Book, sheet: Sheet, row: int, periods: list[Period], columns: dict[Period, int],
    changes: dict[Period, int],
) -> None:  # fmt: skip
    words = {key: word(f"party.{key}", book.language) for key in ("stayed", "gone", "new")}
    for before, period in itertools.pairwise(periods):
        old, new = cell_name(row, columns[before]), cell_name(row, columns[period])
        text = (
            f'IF(AND(N({old})>0,N({new})>0),"{words["stayed"]}",'
            f'IF(N({old})>0,"{words["gone"]}",IF(N({new})>0,"{words["new"]}","")))'
        )
        has_old = _is_there(book, sheet, row, columns[before])
        has_new = _is_there(book, sheet, row, columns[period])
        key = "stayed" if has_old and has_new else "gone" if has_old else "new" if has_new else ""
        colour = {"gone": "9C2B00", "new": "006100"}.get(key, BLACK)
        value = words[key] if key else ""
        sheet.put(row, changes[period], Logic(text, value), Style(align="center", colour=colour))


def _is_there(book: Book, sheet: Sheet, row: int, column: int) -> bool:
    """Named with more than nothing: documents print a dash for who has gone."""
    return (book.value(sheet.name, row, column) or 0) > 0


def _totals(
    book: Book, sheet: Sheet, first: int, names: list[str], columns: dict[Period, int],
    changes: dict[Period, int], number: str, unit: str,
) -> int:  # fmt: skip
    """What is named in all, and what of it is no longer named a year later."""
    last = first + len(names) - 1
    row = last + 1
    bold = Style(bold=True)
    sheet.put(row, 0, word("parties_total", book.language), bold)
    sheet.put(row, 1, unit, Style(colour=GREY))
    for column in columns.values():
        whole = Call("SUM", (Span(sheet.name, first, last, column),))
        sheet.put(row, column, whole, Style(number=number, bold=True, top=True))
    if not changes:
        return row
    row += 1
    sheet.put(row, 0, word("parties_lost", book.language), bold)
    sheet.put(row, 1, unit, Style(colour=GREY))
    periods = list(columns)
    for before, period in itertools.pairwise(periods):
        gone: tuple[Expression, ...] = tuple(
            Ref(sheet.name, first + i, columns[before])
            for i in range(len(names))
            if _is_there(book, sheet, first + i, columns[before])
            and not _is_there(book, sheet, first + i, columns[period])
        )
        style = Style(number=number, bold=True, colour="9C2B00" if gone else BLACK)
        if gone:
            sheet.put(row, changes[period], Call("SUM", gone), style)
        else:
            sheet.put(row, changes[period], "–", Style(align="right"))
    return row
