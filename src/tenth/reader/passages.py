"""A document's texts with the places they stand at: lines, rows of tables, sentences."""

import re
from collections.abc import Iterator

import msgspec

from tenth.documents.model import Block, Cell, Document, Table, union
from tenth.reader.model import Place

ABBREVIATIONS = frozenset(
    {
        "inc", "corp", "co", "ltd", "plc", "no", "nos", "mr", "mrs", "ms", "rs", "dr", "st", "vs",
        "fig", "approx", "eq", "vol", "dept", "est", "jr", "sr", "art", "sec", "jan", "feb", "mar",
        "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "u.s", "u.k", "e.g", "i.e",
        "l.p", "n.v", "s.a", "a.m", "p.m",
    }
)  # fmt: skip
RUNNING = ("header", "footer")  # on a cover such a line may be the title that pages repeat
_LEFT_OUT = frozenset({"header", "footer", "table", "figure", "code", "formula"})
_STOP = re.compile(r"[.!?](?:[”\"’')\]]|\(\d\))*\s+(?=[“\"'‘(\[]?[A-Z0-9$€£¥])|(?<=[。！？])|\n+")


class Passage(msgspec.Struct, frozen=True):
    text: str
    place: Place
    heading: bool = False


def lines_of(document: Document, pages: int, rows: int = 12) -> Iterator[Passage]:
    """Blocks of the first pages in reading order, and the first rows of the tables there: what a
    cover prints in a grid is read as a row."""
    for page in document.pages[:pages]:
        told: set[int] = set()
        for block in page.blocks:
            if block.table is not None and block.table not in told:
                told.add(block.table)
                yield from rows_of(document.tables[block.table], rows)
            elif block.text.strip() and (page.number == 1 or block.kind not in RUNNING):
                yield passage(block)


def rows_of(table: Table, rows: int) -> Iterator[Passage]:
    """The texts of a table's first rows, and what is said above it."""
    for text in (table.caption, table.scale):
        if text:
            yield Passage(text, Place(table.page, table.box))
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.row < rows and cell.text.strip():
            by_row.setdefault(cell.row, []).append(cell)
    for _, cells in sorted(by_row.items()):
        yield Passage(" ".join(cell.text for cell in cells), place_of(cells))


def place_of(cells: list[Cell]) -> Place:
    """Where cells of a row stand: the box around those on its page, or the first one's name."""
    boxes = [cell.box for cell in cells if cell.box and cell.page == cells[0].page]
    return Place(cells[0].page, union(boxes) if boxes else None, "" if boxes else cells[0].ref)


def passage(block: Block) -> Passage:
    return Passage(block.text, Place(block.page, block.box), block.kind == "heading")


def paragraphs_of(document: Document) -> Iterator[Passage]:
    """All running text, without tables, headers and footers."""
    for page in document.pages:
        for block in page.blocks:
            if block.kind not in _LEFT_OUT and block.text.strip():
                yield passage(block)


def sentences_in(text: str) -> list[str]:
    """The sentences of a paragraph, English or Chinese, each as it stands in it. A stop within a
    number, after an abbreviation or an initial ends none."""
    sentences, start = [], 0
    for found in _STOP.finditer(text):
        before = text[start : found.start()].rsplit(None, 1)
        last = before[-1].lower().lstrip("(“\"'") if before else ""
        is_point = text[found.start() : found.start() + 1] == "."
        if is_point and (last in ABBREVIATIONS or (len(last) == 1 and last.isalpha())):
            continue
        sentences.append(text[start : found.end()].strip())
        start = found.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]
