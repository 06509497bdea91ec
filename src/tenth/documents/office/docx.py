"""Reads Word documents: everything the XML shows, in order, with lists' and headings' real numbers.

A page begins where the writer broke one, or where the program that saved the file last did; a
document without any such mark is one page.
"""

import re
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from tenth.config import ReadConfig
from tenth.documents.model import Block, BlockKind, Cell, Chart, Document, Page, Table
from tenth.documents.native import cell_limit
from tenth.documents.native_captions import Item, linked
from tenth.documents.office import docx_tables
from tenth.documents.office.charts import charts_of
from tenth.documents.office.docx_notes import Notes
from tenth.documents.office.docx_styles import Numbering, Style, Styles, numbered, outlined
from tenth.documents.office.docx_text import Float, Paragraph
from tenth.documents.office.omml import linear
from tenth.documents.office.package import Package, blocks, open_package, title_of
from tenth.documents.office.xml import (
    attr,
    child,
    children,
    chosen,
    every,
    integer,
    is_on,
    tag,
    value_of,
)
from tenth.documents.refusal import Refused

_THROUGH = frozenset({"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag"})
_CODE = re.compile(r"[{}<>=;\[\]\\|#]|\w\(|_\w|^\s*(?:\$|>>>|//)")
_TOP = ("w:p", "w:tbl", "w:sdt", "w:sectPr", "w:customXml", "w:ins", "w:moveTo", "w:altChunk",
        "mc:AlternateContent", "m:oMathPara", "m:oMath")  # fmt: skip


def read(path: Path, config: ReadConfig) -> Document:
    with open_package(path, config) as package:
        main = package.main("w:document", "a Word document")
        reader = Reader(package, main, config)
        for element in blocks(package, main, _TOP, ("w:body",)):
            reader.block(element)
            if reader.full:
                break
        return reader.document()


class Reader:
    def __init__(self, package: Package, main: str, config: ReadConfig):
        self.package = package
        self.config = config
        self.relations = package.relations(main)
        self.styles = Styles(package, main)
        self.numbering = Numbering(package, main, self.styles)
        self.notes = Notes(package, main)
        self.limit, self.limit_name = cell_limit(config)
        self.left = self.limit
        self.full = False
        self.page = 1
        self.fresh = True  # nothing stands on the page yet
        self.section_start = 1
        self.items: list[Item] = []  # of the part that is being read: the body, or a cell
        self.tables: list[Table | None] = []
        self.charts: list[Chart] = []
        self.margins: list[Block] = []  # headers and footers
        self.references: dict[tuple[str, str], str] = {}  # of them: (kind, pages) -> id
        self.even = any(
            is_on(package.tree(part), "w:evenAndOddHeaders")
            for part in package.related(main, "settings")
        )
        self.warnings: list[str] = []

    def block(self, element: Any) -> None:
        name = tag(element)
        if name == "w:p":
            self.paragraph(element)
        elif name == "w:tbl":
            self.table(element)
        elif name in _THROUGH or name == "mc:AlternateContent":
            inner = [element] if name == "mc:AlternateContent" else element
            for item in chosen(inner):
                self.block(item)
        elif name in ("m:oMathPara", "m:oMath"):
            self.add("formula", " ".join(linear(element).split()))
        elif name == "w:sectPr":
            self.section(element)
        elif name == "w:altChunk":
            self.warnings.append(f"page {self.page}: an embedded document is not read")

    def add(self, kind: BlockKind, text: str, level: int = 0, title: bool = False) -> None:
        if not text.strip() and kind != "figure":
            return
        if self.left <= 0:
            return self._full()
        self.left -= 1
        self.fresh = False
        self.items.append(Item(Block(kind, text.strip("\n"), self.page, level=level), title))

    def turn(self) -> None:
        if self.page == self.config.max_pages:
            raise Refused(f"{self.package.name}: has more than max_pages={self.page:,} pages")
        self.page += 1
        self.fresh = True

    def paragraph(self, element: Any) -> None:
        properties = child(element, "w:pPr")
        style = self._style(properties)
        if properties is not None and is_on(properties, "w:pageBreakBefore") and not self.fresh:
            self.turn()
        found = Paragraph(element)
        kind, level, label = self._kind(style, found)
        centred = properties is not None and value_of(properties, "w:jc") == "center"
        for index, part in enumerate(found.parts):
            if index:
                self.turn()
            if found.leading[index] and not self.fresh:
                self.turn()
            text = part.rstrip() if kind == "code" else part.strip()
            equations = found.math[index]
            if kind == "formula" and len(equations) > 1:
                for equation in equations:
                    self.add(kind, equation)
            elif text.strip():
                text = f"{label} {text}" if label else text
                self.add(kind, text, level, title=found.bold or centred)
                label = ""
            for _ in range(found.rendered[index] - found.leading[index]):
                self.turn()
        for item in found.floats:
            self.float(item)
        if properties is not None and (section := child(properties, "w:sectPr")) is not None:
            self.section(section)

    def _style(self, properties: Any) -> Style:
        if properties is None:
            return self.styles[self.styles.default]
        style = self.styles[value_of(properties, "w:pStyle") or self.styles.default]
        outline = value_of(properties, "w:outlineLvl")
        if outline and style.kind in ("paragraph", "heading"):
            kind, level = outlined(integer(outline, 9))
            style = style._replace(kind=kind, level=level)
        number, depth = numbered(properties)
        style = style._replace(number=number or style.number)
        return style if depth is None else style._replace(depth=depth)

    def _kind(self, style: Style, found: Paragraph) -> tuple[BlockKind, int, str]:
        """Its kind, its level, and the number that stands before its text."""
        text = found.text
        label = None
        if style.number not in ("", "0") and (text or found.floats):
            label = self.numbering.next(style.number, style.depth)
        equations = sum(len(equation) for part in found.math for equation in part)
        if equations and equations >= len("".join(text.split())):
            return "formula", 0, label or ""
        if style.kind == "paragraph" and label is not None:
            return "list", style.depth, label
        if style.kind == "paragraph" and found.mono and self._is_code(text):
            return "code", 0, ""
        return style.kind, style.level, label or ""

    def _is_code(self, text: str) -> bool:
        """In a typewriter's letters, with signs that prose has not, or below such a line."""
        last = self.items[-1].block if self.items else None
        return bool(_CODE.search(text)) or (last is not None and last.kind == "code")

    def float(self, item: Float) -> None:
        if item.kind == "textbox":
            for inner in item.value:
                self.block(inner)
        elif item.kind == "picture":
            self.add("figure", item.value)
        elif item.kind == "chart":
            self.chart(item.value)
        elif item.kind == "diagram":
            self.diagram(item.value)
        elif item.kind == "comment":
            self.add("note", self.notes.comment(item.value))
        else:
            self.notes.refer(item.kind, item.value, self.page)

    def _part(self, identity: str) -> Any:
        relation = self.relations.get(identity)
        inside = relation is not None and not relation.external and relation.target in self.package
        return self.package.tree(relation.target) if relation and inside else None

    def chart(self, identity: str) -> None:
        root = self._part(identity)
        if root is not None:
            found = charts_of(root, page=self.page)
            self.charts += found
            self.add("figure", found[0].title)

    def diagram(self, identity: str) -> None:
        """The words of a SmartArt graphic."""
        root = self._part(identity)
        for point in every(root, "dgm:pt") if root is not None else ():
            self.add("paragraph", "".join(t.text or "" for t in every(point, "a:t")))

    def section(self, element: Any) -> None:
        """At its end: its headers and footers, once each, where they first stand. A section
        without its own has those of the section before it."""
        for kind, name in (("w:headerReference", "header"), ("w:footerReference", "footer")):
            for item in children(element, kind):
                self.references[name, attr(item, "w:type", "default")] = attr(item, "r:id")
        first = is_on(element, "w:titlePg")
        other = min(self.section_start + 1, self.page) if first else self.section_start
        pages = {"first": self.section_start if first else 0, "default": other}
        pages["even"] = other if self.even else 0
        for (name, which), identity in self.references.items():
            if pages.get(which):
                self._margin(identity, "header" if name == "header" else "footer", pages[which])
        breaks = value_of(element, "w:type") in ("", "nextPage", "oddPage", "evenPage")
        if breaks and not self.fresh:
            self.turn()
        self.section_start = self.page

    def _margin(self, identity: str, kind: BlockKind, page: int) -> None:
        root = self._part(identity)
        if root is None:
            return
        text = self._text_of(root)
        if text and not any(b.text == text and b.kind == kind for b in self.margins):
            self.margins.append(Block(kind, text, page))

    def _text_of(self, element: Any) -> str:
        """The text of a part that is no part of the body: its blocks are not kept apart."""
        outside = self.items, self.page, self.fresh
        tables = len(self.tables)
        self.items = []
        for item in chosen(element):
            self.block(item)
        lines = self._lines(self.items)
        del self.tables[tables:]
        self.items, self.page, self.fresh = outside
        return "\n".join(lines)

    def _lines(self, items: list[Item]) -> list[str]:
        lines = []
        for block, _ in items:
            table = None if block.table is None else self.tables[block.table]
            if table is not None:
                lines += ["\t".join(row).rstrip() for row in table.grid()]
            elif block.text and block.kind != "figure":
                lines.append(block.text)
        return lines

    def table(self, element: Any) -> None:
        """Tables and pictures inside its cells come after it, as blocks of their own."""
        rows = docx_tables.rows_of(element)
        if docx_tables.only_frames(element):  # it lays out what is inside its cells
            for place in docx_tables.places(rows):
                for item in chosen(place.element):
                    self.block(item)
            return
        index = len(self.tables)
        self.tables.append(None)  # it comes before those in its cells
        outside, page = self.items, self.page
        inner: list[Item] = []
        cells: list[Cell] = []
        row, row_page, next_page = 0, self.page, self.page
        for place in docx_tables.places(rows):
            if self.left <= 0:
                self._full()
                break
            self.left -= 1
            if place.row != row:
                row, row_page = place.row, next_page
            self.items, self.page, self.fresh = [], row_page, False
            for item in chosen(place.element):
                self.block(item)
            next_page = max(next_page, self.page)
            inner += [item for item in self.items if item.apart]
            text = "\n".join(item.block.text for item in self.items if not item.apart)
            cells.append(Cell(
                place.row, place.column, text, place.row_span, place.column_span, page=row_page,
                ref=f"table {index + 1}!{get_column_letter(place.column + 1)}{place.row + 1}",
            ))  # fmt: skip
        self.items, self.page, self.fresh = outside, next_page, False
        if not any(cell.text for cell in cells) and not inner:
            self.tables.pop()
            return
        self.tables[index] = docx_tables.made(element, rows, cells, page)
        self.items.append(Item(Block("table", page=page, table=index), False))
        self.items += inner

    def _full(self) -> None:
        if not self.full:
            self.full = True
            self.warnings.append(
                f"page {self.page}: not read from here on: {self.limit:,} paragraphs and cells are "
                f"read, {self.limit_name}"
            )

    def document(self) -> Document:
        tables = [table for table in self.tables if table is not None]
        body, tables = linked(self.items, tables)
        body = _joined_code(body)
        last = max([self.page if not self.fresh else 1] + [block.page for block in body])
        notes = self.notes.by_page(last)
        by_page: dict[int, list[Block]] = {}
        for block in body:
            by_page.setdefault(block.page, []).append(block)
        pages = []
        for number in range(1, last + 1):
            own = [b for b in self.margins if b.page == number]
            pages.append(Page(number, tuple(
                [b for b in own if b.kind == "header"]
                + by_page.get(number, [])
                + [Block("note", text, number) for text in notes.get(number, ())]
                + [b for b in own if b.kind == "footer"]
            )))  # fmt: skip
        return Document(
            kind="docx",
            pages=tuple(pages),
            tables=tuple(tables),
            charts=tuple(self.charts),
            title=title_of(self.package),
            warnings=tuple(self.warnings),
        )


def _joined_code(body: list[Block]) -> list[Block]:
    """Lines of code that follow each other are one block."""
    joined: list[Block] = []
    for block in body:
        last = joined[-1] if joined else None
        if last is not None and block.kind == last.kind == "code" and block.page == last.page:
            joined[-1] = Block("code", f"{last.text}\n{block.text}", block.page)
        else:
            joined.append(block)
    return joined
