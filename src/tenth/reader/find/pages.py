"""The pages of a document as texts to search: words, tables with their captions and headers."""

from collections.abc import Iterator, Mapping

import msgspec

from tenth.documents.model import Document, Table
from tenth.documents.numbers import is_figure
from tenth.reader.find.words import couples, terms
from tenth.reader.kinds import kind_of
from tenth.reader.model import StatementKind

HEADING = 2.0  # how often a heading's or a caption's term counts
BEFORE = 0.5  # and one of the heading that a page goes on under
ROW = 240  # characters of a table's row that a snippet shows


class PageText(msgspec.Struct):
    """What stands on one page."""

    number: int
    lines: list[tuple[float, str]] = msgspec.field(default_factory=list)  # how much each counts
    figures: list[str] = msgspec.field(default_factory=list)
    kinds: list[StatementKind] = msgspec.field(default_factory=list)  # of its tables

    def counts(self) -> tuple[dict[str, float], float]:
        """How much each term counts, and the length: figures are found, but are no length."""
        count: dict[str, float] = {}
        length = 0.0
        for weight, line in self.lines:
            found = terms(line)
            length += len(found)
            for term in (*found, *couples(found)):
                count[term] = count.get(term, 0.0) + weight
        for figure in self.figures:
            for term in terms(figure):
                count.setdefault(term, 1.0)
        return count, length


def pages_of(
    document: Document, kinds: Mapping[int, StatementKind] | None = None
) -> list[PageText]:
    """Every page with what is to be found on it. `kinds`: of the document's tables, where these
    are known; else they are told by title and rows."""
    found = {page.number: PageText(page.number) for page in document.pages}
    placed: dict[int, int] = {}  # table -> the page its block stands on
    under = ""
    for page in document.pages:
        own = found[page.number]
        if under:
            own.lines.append((BEFORE, under))
        for block in page.blocks:
            if block.table is not None:
                placed.setdefault(block.table, page.number)
            elif block.text and block.kind not in ("header", "footer"):
                own.lines.append((HEADING if block.kind == "heading" else 1.0, block.text))
                under = block.text if block.kind == "heading" else under
    for index, table in enumerate(document.tables):
        kind = kind_of_table(table) if kinds is None else kinds.get(index, "other")
        _add_table(table, kind, found, placed.get(index, table.page))
    return list(found.values())


def _add_table(table: Table, kind: StatementKind, found: dict[int, PageText], home: int) -> None:
    pages = dict.fromkeys((home, *(cell.page or home for cell in table.cells)))
    for number in pages:
        if number not in found:
            continue
        own = found[number]
        own.kinds.append(kind)
        if table.caption:
            own.lines.append((HEADING, table.caption))
        if table.scale:
            own.lines.append((1.0, table.scale))
    for number, row in rows_of(table, home):
        if number in found:
            words = [text for text in row if not is_figure(text)]
            if words:
                found[number].lines.append((1.0, " | ".join(words)))
            found[number].figures += [text for text in row if is_figure(text)]


def kind_of_table(table: Table) -> StatementKind:
    """Which statement a table is, told as the ledger tells it."""
    header = [cell.text for cell in table.cells if cell.row < table.header_rows]
    labels = [
        cell.text for cell in table.cells if cell.column == 0 and cell.row >= table.header_rows
    ]
    return kind_of(table.caption, table.scale, header, labels)


def rows_of(table: Table, home: int) -> Iterator[tuple[int, list[str]]]:
    """The texts of each row and the page it stands on."""
    rows: dict[int, tuple[int, list[str]]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, (cell.page or home, []))[1].append(cell.text)
    for number in sorted(rows):
        yield rows[number]


def passages_of(document: Document, number: int) -> Iterator[str]:
    """The paragraphs and rows of a page as printed, in order, for snippets."""
    tables: dict[int, None] = {}
    for page in document.pages:
        if page.number != number:
            continue
        for block in page.blocks:
            if block.table is not None:
                tables[block.table] = None
            elif block.text and block.kind not in ("header", "footer"):
                yield block.text
    for index, table in enumerate(document.tables):
        on = index in tables or any(page == number for page, _ in table.parts)
        if not on:
            continue
        if table.caption:
            yield table.caption
        for page, row in rows_of(table, number):
            if page == number:
                yield " | ".join(row)[:ROW]
