"""Customers and suppliers: what became of them from year to year, and how each document lists
them."""

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePosixPath

import msgspec

from tenth.reader.analysis import Turnover
from tenth.reader.model import Fact, Period
from tenth.reader.summary.names import group_name, is_group
from tenth.reader.workbook import looks
from tenth.reader.workbook.book import GREY, INPUT, NAVY, PALE, Book, Sheet, Style, jump
from tenth.reader.workbook.expressions import Ref
from tenth.reader.workbook.looks import ONE
from tenth.reader.workbook.names import entity_key
from tenth.reader.workbook.periods import date_text, sort_key
from tenth.reader.workbook.turnovers import add_turnover
from tenth.reader.workbook.words import word

PATTERN = re.compile(r"(Customer|Supplier)(Share|Revenue|Purchases?|Amount)\[(.+)\]")
FIRST = 4
NAMES, AMOUNTS = 40.0, 17.0  # widths of columns


class Named(msgspec.Struct, frozen=True):
    """A figure of a customer or supplier."""

    side: str  # "customer", "supplier"
    is_share: bool
    name: str
    fact: Fact


Column = tuple[Period, bool]  # and whether it is of shares


def named_parties(facts: Sequence[Fact]) -> list[Named]:
    """The figures with a customer's or supplier's name in their metric, in the order given."""
    found = []
    for fact in facts:
        match = PATTERN.fullmatch(fact.metric)
        if match and fact.value is not None and fact.period.end:
            found.append(Named(match[1].lower(), match[2] == "Share", match[3], fact))
    return found


def add_customers(
    book: Book,
    sheet: Sheet,
    parties: list[Named],
    turnovers: Sequence[Turnover],
    shown: dict[str, str],
) -> Sheet:
    """First who stayed, went and came, as the analysis can tell it; then the lists themselves.
    `shown` gives a company's name by its key."""
    book.add(sheet)
    language = book.language
    sheet.put(0, 0, word("title.customers", language), Style(bold=True, size=14, colour=NAVY))
    sheet.put(1, 0, word("customers_about", language), Style(italic=True, colour=GREY))
    back = Style(underline=True, colour=INPUT)
    sheet.put(2, 0, f"← {word('back', language)}", back, link=jump(word("contents", language)))
    row = FIRST
    for one in turnovers:
        name = shown.get(entity_key(one.entity), one.entity)
        last = add_turnover(book, sheet, one, name, row)
        sheet.blocks.append((row, last))
        row = last + 2
    lists: dict[tuple[str, str, str], list[Named]] = {}
    for one in parties:
        key = (entity_key(one.fact.entity), one.side, one.fact.document)
        lists.setdefault(key, []).append(one)
    for (entity, side, document), own in lists.items():
        name = shown.get(entity) or own[0].fact.entity or word("unknown_company", language)
        file = PurePosixPath(document).name  # the sources say where it lies
        title = f"{name} — {word(f'parties.{side}', language)} · {file}"
        last = _list(book, sheet, title, own, row)
        sheet.blocks.append((row, last))
        row = last + 2
    sheet.widths |= {0: NAMES, 1: 12.0}
    sheet.frozen = (0, 1)
    names = {(entity_key(one.fact.entity), one.side, one.name) for one in parties}
    sheet.about = word("customers_count", language, n=len(names))
    return sheet


def _list(book: Book, sheet: Sheet, title: str, own: list[Named], top: int) -> int:
    """What one document says, a name a row, a column for the shares and amounts of each period.
    Returns the last row."""
    keys = {(one.fact.period, one.is_share) for one in own}
    columns = {
        key: 2 + i for i, key in enumerate(sorted(keys, key=lambda key: (sort_key(key[0]), key[1])))
    }
    width = (NAMES + 12.0 + AMOUNTS * len(columns)) / 1.1  # its type is that much larger
    sheet.put(top, 0, looks.fitted(title, width), Style(bold=True, size=11, colour=NAVY))
    scale = max((Decimal(one.fact.scale or 1) for one in own if not one.is_share), default=ONE)
    _heads(book, sheet, own, columns, scale, top + 1)
    rows: dict[tuple[str, int], int] = {}  # a name, and how often it was there before
    seen: dict[tuple[str, Column], int] = {}
    said: set[tuple[str, Column, Decimal | None]] = set()
    for one in own:
        column: Column = one.fact.period, one.is_share
        told = (one.name, column, one.fact.value)
        if told in said:  # a document says one thing more than once
            continue
        said.add(told)
        again = seen.get((one.name, column), 0)
        seen[one.name, column] = again + 1
        row = rows.setdefault((one.name, again), top + 2 + len(rows))
        _figure(book, sheet, one, row, columns[column], ONE if one.is_share else scale)
    for (name, _), row in rows.items():
        group = is_group(name)
        text = group_name(name, book.language) if group else name
        sheet.put(row, 0, text, Style(wrap=True, indent=1, italic=group))
    return top + 1 + len(rows)


def _heads(
    book: Book, sheet: Sheet, own: list[Named], columns: dict[Column, int], scale: Decimal, row: int
) -> None:
    language = book.language
    currency = next((one.fact.currency for one in own if one.fact.currency), "")
    for column in (0, 1):
        sheet.put(row, column, "", Style(fill=PALE, bottom=True))
    head = Style(bold=True, fill=PALE, bottom=True, align="right", wrap=True)
    for (period, is_share), column in columns.items():
        length = book.length_text(own[0].fact.entity, period)
        money = looks.unit_words("currency", currency, scale, language)
        what = word("parties_share", language) if is_share else money
        text = f"{length} {date_text(period.end, language)} · {what}"
        sheet.put(row, column, text, head)
        sheet.widths[column] = AMOUNTS


def _figure(book: Book, sheet: Sheet, one: Named, row: int, column: int, scale: Decimal) -> None:
    fact = one.fact
    assert fact.value is not None, "named parties have values"
    book.use(fact.id, Ref(sheet.name, row, column))
    style = Style(number=looks.fact_format([fact], scale), colour=INPUT)
    sheet.put(row, column, fact.value / scale, style, fact=fact.id)
