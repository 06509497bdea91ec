"""What a document is, whatever its format: pages of blocks, tables, charts, and where they stand.

Positions: `page` counts from 1 (a sheet or a slide is a page too). A `Box` is in points (1/72")
from the top left of the page as it is shown, rotation and crop applied, and hugs the ink. Where a
format has no such place, `box` is None and a cell's `ref` tells where it stands: "Sheet1!B3" in a
sheet, "table 2!B3" in a table of any other format without pages.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Box = tuple[float, float, float, float]  # x0, y0, x1, y1

BlockKind = Literal[
    "heading", "paragraph", "list", "code", "formula", "caption",
    "header", "footer", "note", "table", "figure",
]  # fmt: skip
PageSource = Literal["text", "ocr", "native", "failed"]  # native: a format that needs no geometry


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cell. `text` is what is shown; currency signs and parentheses stand with their number."""

    row: int  # from 0, within the table
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    page: int = 0  # 0: the format has no pages
    box: Box | None = None
    ref: str = ""  # "Sheet1!B3"
    value: float | str | bool | None = None  # in sheets: the cached value; dates in ISO form
    formula: str = ""  # in sheets: "=B1+B2"


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table in one piece, also where it goes on over pages: its cells name their own page."""

    cells: tuple[Cell, ...]
    n_rows: int
    n_columns: int
    header_rows: int = 0
    caption: str = ""  # the title above (or below) it
    scale: str = ""  # the line that says "(in millions, except per share amounts)", "单位：万元"
    page: int = 0  # where it begins
    box: Box | None = None  # of its part on that page
    parts: tuple[tuple[int, Box], ...] = ()  # one a page, where it goes on over pages
    kind: Literal["ruled", "borderless", "native"] = "native"
    name: str = ""  # of a sheet's or document's named table

    def grid(self) -> list[list[str]]:
        """Rows of texts; a spanning cell's text stands at its top left."""
        rows = [[""] * self.n_columns for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row][cell.column] = cell.text
        return rows


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph or its like, in reading order within its page."""

    kind: BlockKind
    text: str = ""  # without the lines' ends of a paragraph; a table's is empty
    page: int = 0
    box: Box | None = None
    level: int = 0  # of a heading, from 1; of a list item, from 0
    table: int | None = None  # kind "table": which of Document.tables


class Chart(msgspec.Struct, frozen=True, omit_defaults=True):
    """The numbers embedded in a chart of a slide or sheet."""

    kind: str  # "bar", "line", "pie", ... as the file names it
    title: str = ""
    categories: tuple[str, ...] = ()
    series: tuple[tuple[str, tuple[float | None, ...]], ...] = ()  # name, a value for each category
    page: int = 0
    box: Box | None = None
    ref: str = ""  # where its numbers stand: "Sheet1!B2:B9"


class Page(msgspec.Struct, frozen=True, omit_defaults=True):
    number: int  # from 1
    blocks: tuple[Block, ...] = ()
    width: float = 0.0  # points; 0 where a format has no pages of a size
    height: float = 0.0
    name: str = ""  # of a sheet, a slide's title
    source: PageSource = "native"
    reason: str = ""  # why it failed, or why it was read by OCR

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks if block.text)


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: str  # "pdf", "docx", ...
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    title: str = ""
    warnings: tuple[str, ...] = ()  # what a reader should know: "page 7: not read: ..."

    @property
    def text(self) -> str:
        """All text in reading order, without running headers and footers; a table as its rows,
        all of them where it begins."""
        return "\n\n".join(self.iter_text())

    def iter_text(self) -> Iterable[str]:
        told: set[int] = set()
        for page in self.pages:
            for block in page.blocks:
                if block.table in told:
                    continue
                if block.table is not None:
                    told.add(block.table)
                    rows = self.tables[block.table].grid()
                    yield "\n".join("\t".join(row).rstrip() for row in rows)
                elif block.text and block.kind not in ("header", "footer"):
                    yield block.text


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of at least one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def encode(document: Document | Page) -> bytes:
    """JSON, the same bytes for the same content."""
    return msgspec.json.encode(document)


def decode(data: bytes) -> Document:
    return msgspec.json.decode(data, type=Document)
