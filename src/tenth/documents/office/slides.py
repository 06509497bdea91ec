"""Reads presentations (pptx): a page a slide, its blocks in reading order with their boxes."""

from pathlib import Path
from typing import Any

import msgspec
from openpyxl.utils import get_column_letter

from tenth.config import ReadConfig
from tenth.documents.model import Block, BlockKind, Box, Cell, Chart, Document, Page, Table
from tenth.documents.native import cell_limit
from tenth.documents.office.charts import charts_of
from tenth.documents.office.grids import header_rows, line_scale, scale_within
from tenth.documents.office.package import Package, Relation, open_package, relation_of, title_of
from tenth.documents.office.slide_shapes import Placeholders, Shape, shapes
from tenth.documents.office.slide_text import lines, plain
from tenth.documents.office.xml import EMU, attr, child, children, every, integer, tag

_MARGINS: dict[str, BlockKind] = {"ftr": "footer", "dt": "footer", "sldNum": "footer",
                                  "hdr": "header"}  # fmt: skip
MOST_SPAN = 256  # columns or rows that a cell may cover


def read(path: Path, config: ReadConfig) -> Document:
    with open_package(path, config) as package:
        return Reader(package, config).document()


class Reader:
    def __init__(self, package: Package, config: ReadConfig):
        self.package = package
        self.main = package.main("p:presentation", "a PowerPoint presentation")
        self.config = config
        root = package.tree(self.main)
        self.order = [attr(item, "r:id") for item in every(root, "p:sldId")]
        size = next(every(root, "p:sldSz"), None)
        self.width = 0.0 if size is None else integer(size.get("cx")) / EMU
        self.height = 0.0 if size is None else integer(size.get("cy")) / EMU
        self.tables: list[Table] = []
        self.charts: list[Chart] = []
        self.warnings: list[str] = []
        self.limit, self.limit_name = cell_limit(config)
        self.left = self.limit
        self.authors = self._authors()
        self._layouts: dict[str, Placeholders] = {}

    def document(self) -> Document:
        relations = self.package.relations(self.main)
        pages = []
        for number, identity in enumerate(self.order[: self.config.max_pages], 1):
            relation = relations.get(identity)
            if relation is None or relation.external or relation.target not in self.package:
                reason = "not read: the file has no such slide"
                pages.append(Page(number, source="failed", reason=reason))
                self.warnings.append(f"page {number}: {reason}")
            else:
                pages.append(Slide(self, relation.target, number).page())
        if len(self.order) > self.config.max_pages:
            self.warnings.append(
                f"{len(self.order):,} slides: read up to max_pages={self.config.max_pages:,}"
            )
        return Document(
            kind="pptx",
            pages=tuple(pages),
            tables=tuple(self.tables),
            charts=tuple(self.charts),
            title=title_of(self.package),
            warnings=tuple(self.warnings),
        )

    def placeholders(self, slide: str) -> Placeholders:
        """Of the slide's layout, which many slides share."""
        layout = next(iter(self.package.related(slide, "slideLayout")), "")
        if layout not in self._layouts:
            self._layouts[layout] = Placeholders(self.package, layout)
        return self._layouts[layout]

    def _authors(self) -> dict[str, str]:
        found = {}
        for kind in ("commentAuthors", "authors"):
            for part in self.package.related(self.main, kind):
                for item in self.package.tree(part):
                    found[item.get("id", "")] = item.get("name", "")
        return found


class Slide:
    def __init__(self, reader: Reader, part: str, number: int):
        self.reader = reader
        self.package = reader.package
        self.part = part
        self.number = number
        self.relations: dict[str, Relation] = reader.package.relations(part)
        self.blocks: list[Block] = []
        self.title = ""

    def page(self) -> Page:
        root = self.package.tree(self.part)
        first = len(self.reader.tables)
        tree = child(root, "p:cSld", "p:spTree")
        known = self.reader.placeholders(self.part)
        found = shapes(tree, known) if tree is not None else []
        titles = [s for s in found if s.place in ("title", "ctrTitle")]
        for shape in titles + [s for s in found if s.place not in ("title", "ctrTitle")]:
            self.shape(shape)
        self._describe(first)
        self._notes()
        if root.get("show") in ("0", "false"):
            self.reader.warnings.append(f"page {self.number}: the slide is hidden")
        return Page(
            self.number, tuple(self.blocks), self.reader.width, self.reader.height, self.title
        )

    def add(self, kind: BlockKind, text: str, box: Box | None = None, level: int = 0) -> None:
        if text or kind == "figure":
            self.blocks.append(Block(kind, text, self.number, box, level))

    def shape(self, shape: Shape) -> None:
        name = tag(shape.element)
        if name == "p:pic":
            self.add("figure", _alt(shape.element), shape.box)
        elif name == "p:graphicFrame":
            self.frame(shape)
        else:
            self.text(shape)

    def text(self, shape: Shape) -> None:
        bodies = list(children(shape.element, "p:txBody"))
        if not bodies and tag(shape.element) != "p:sp":  # a kind of shape that is not known
            self.add("paragraph", plain(shape.element), shape.box)
        for body in bodies:
            if shape.place in ("title", "ctrTitle"):
                text = " ".join(plain(body).split())
                self.title = self.title or text
                self.add("heading", text, shape.box, 1)
            elif shape.place in _MARGINS:
                self.add(_MARGINS[shape.place], plain(body), shape.box)
            else:
                for line in lines(body, shape.styles):
                    kind = "formula" if line.formula else "list" if line.bullet else "paragraph"
                    self.add(kind, line.text, shape.box, line.level)

    def frame(self, shape: Shape) -> None:
        """A table, a chart, a diagram, or an object of another program, shown by its picture."""
        table = next(every(shape.element, "a:tbl"), None)
        if table is not None:
            self.table(table, shape.box)
            return
        for reference in every(shape.element, "c:chart", "cx:chart"):
            target = relation_of(reference, self.relations)
            if target in self.package:
                charts = charts_of(self.package.tree(target), self.number, shape.box)
                self.reader.charts += charts
                self.add("figure", charts[0].title or _alt(shape.element), shape.box)
                return
        for reference in every(shape.element, "dgm:relIds"):
            target = relation_of(reference, self.relations, "r:dm")
            if target in self.package:
                for point in every(self.package.tree(target), "dgm:pt"):
                    self.add("paragraph", plain(point), shape.box)
                return
        self.add("figure", _alt(shape.element), shape.box)

    def table(self, element: Any, box: Box | None) -> None:
        index = len(self.reader.tables)
        rows = list(children(element, "a:tr"))
        widths = [integer(c.get("w")) for c in every(element, "a:gridCol")]
        xs, ys = _edges(widths, box, 0), _edges([integer(r.get("h")) for r in rows], box, 1)
        cells: list[Cell] = []
        for row, line in enumerate(rows):
            for column, cell in enumerate(children(line, "a:tc")):
                if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
                    continue
                if not self.reader.left:
                    break
                self.reader.left -= 1
                rows_down = min(_span(cell, "rowSpan"), len(rows) - row)
                across = min(_span(cell, "gridSpan"), max(1, len(widths) - column))
                body = child(cell, "a:txBody")
                cells.append(Cell(
                    row, column, "" if body is None else plain(body), rows_down, across,
                    page=self.number, box=_cell_box(xs, ys, row, column, rows_down, across),
                    ref=f"table {index + 1}!{get_column_letter(column + 1)}{row + 1}",
                ))  # fmt: skip
        if not cells:
            return
        if not self.reader.left:
            self.reader.warnings.append(
                f"table {index + 1}: not read to its end: {self.reader.limit:,} cells are read, "
                f"{self.reader.limit_name}"
            )
        properties = child(element, "a:tblPr")
        first = properties is not None and properties.get("firstRow") in ("1", "true")
        n_rows = max(c.row + c.row_span for c in cells)
        headers = header_rows(cells, n_rows) or (1 if first and n_rows > 1 else 0)
        self.reader.tables.append(Table(
            cells=tuple(
                msgspec.structs.replace(c, header=True) if c.row < headers else c for c in cells
            ),
            n_rows=n_rows,
            n_columns=max(c.column + c.column_span for c in cells),
            header_rows=headers,
            page=self.number,
            box=box,
        ))  # fmt: skip
        self.blocks.append(Block("table", page=self.number, box=box, table=index))

    def _describe(self, first: int) -> None:
        """A slide's title is its tables' caption, a line on it their scale."""
        said = next(filter(None, (line_scale(b.text) for b in self.blocks)), "")
        for index in range(first, len(self.reader.tables)):
            table = self.reader.tables[index]
            self.reader.tables[index] = msgspec.structs.replace(
                table,
                caption=self.title,
                scale=scale_within(table.cells, table.header_rows) or said,
            )

    def _notes(self) -> None:
        for part in self.package.related(self.part, "notesSlide"):
            for shape in every(self.package.tree(part), "p:sp"):
                place = child(shape, "p:nvSpPr", "p:nvPr", "p:ph")
                body = child(shape, "p:txBody")
                if body is not None and (place is None or place.get("type") == "body"):
                    self.add("note", plain(body))
        for part in self.package.related(self.part, "comments"):
            for comment in self.package.tree(part):
                texts = [t.text or "" for t in every(comment, "p:text")] or [plain(comment)]
                author = self.reader.authors.get(comment.get("authorId", ""), "")
                said = "\n".join(filter(None, texts))
                self.add("note", f"Comment ({author}): {said}" if author else f"Comment: {said}")


def _alt(element: Any) -> str:
    about = next(every(element, "p:cNvPr"), None)
    return "" if about is None else about.get("descr") or about.get("title") or ""


def _span(cell: Any, name: str) -> int:
    return min(MOST_SPAN, max(1, integer(cell.get(name), 1)))


def _edges(sizes: list[int], box: Box | None, axis: int) -> list[float]:
    """Where columns or rows begin and end, stretched over the table's box."""
    total = sum(sizes)
    if box is None or total <= 0:
        return []
    start, length = box[axis], box[axis + 2] - box[axis]
    edges, done = [start], 0
    for size in sizes:
        done += size
        edges.append(start + length * done / total)
    return edges


def _cell_box(
    xs: list[float], ys: list[float], row: int, column: int, down: int, across: int
) -> Box | None:
    if column + across >= len(xs) or row + down >= len(ys):
        return None
    return xs[column], ys[row], xs[column + across], ys[row + down]
