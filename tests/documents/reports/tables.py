"""Draws a table on pages and notes where each cell's ink went."""

from dataclasses import dataclass, field

from tests.documents.reports import fonts
from tests.documents.reports.content import Content, Head, Row
from tests.documents.reports.flow import Flow, join
from tests.documents.reports.gold import Box, GoldBlock, GoldCell, GoldTable, around
from tests.documents.reports.measures import Measures
from tests.documents.reports.style import NUMBERS, Style, split_number


@dataclass
class Drawing:
    """One table on its way to the page."""

    flow: Flow
    measures: Measures
    gold: GoldTable = field(default_factory=GoldTable)
    part: list[Box] = field(default_factory=list)  # what was drawn on this page

    def __post_init__(self):
        self.content, self.style = self.measures.content, self.measures.style
        self.lefts, self.rights = self.measures.lefts, self.measures.rights

    def draw(self) -> GoldTable:
        content, gold = self.content, self.gold
        gold.n_rows = content.header_rows + len(content.rows)
        gold.n_columns, gold.header_rows = len(content.columns), content.header_rows
        gold.kind = "ruled" if self.style.ruled else "borderless"
        self.rule_top()
        self.draw_header(first=True)
        start = 0
        while start < len(content.rows):
            chunk = range(start, start + content.rows[start].row_span)
            if self.flow.room < sum(self.measures.row_height(content.rows[i]) for i in chunk):
                self.turn_page()
            self.draw_chunk(chunk)
            start = chunk.stop
        self.rule_bottom()
        self.end_part()
        gold.cells.sort(key=lambda cell: (cell.row, cell.column))
        return gold

    def turn_page(self) -> None:
        if self.style.frame_rules:
            self.rule_bottom()
        self.end_part()
        self.flow.next_frame()
        if self.style.continued and self.gold.caption:
            text = self.gold.caption + (
                "（续）" if self.content.language == "zh" else " (continued)"
            )
            align = self.style.caption_at
            self.flow.line(
                "caption", text, self.measures.bold, self.style.size + 1, align, optional=True
            )
        self.rule_top()
        if self.style.repeat_header:
            self.draw_header(first=False)

    def end_part(self) -> None:
        self.gold.parts.append((self.flow.page, around(self.part)))
        self.part = []

    def x(self, inner: float) -> float:
        return self.flow.left + inner

    def edges(self, first: int, last: int) -> tuple[float, float]:
        """The left and right lines about columns first..last."""
        gap = self.style.gap / 2
        return self.x(self.lefts[first] - gap), self.x(self.rights[last] + gap)

    def rule_top(self) -> None:
        if not self.style.ruled and self.style.frame_rules:
            x0, x1 = self.edges(0, len(self.lefts) - 1)
            self.part.append(self.flow.pen.rule(x0, self.flow.y, x1, self.flow.y, 1.0))

    def rule_bottom(self) -> None:
        if self.style.frame_rules or self.style.ruled:
            x0, x1 = self.edges(0, len(self.lefts) - 1)
            self.part.append(self.flow.pen.rule(x0, self.flow.y, x1, self.flow.y, 0.8))

    def box_cell(self, first: int, last: int, y0: float, y1: float, is_head: bool) -> None:
        """The lines of a grid about one cell."""
        if not self.style.ruled:
            return
        x0, x1 = self.edges(first, last)
        if self.style.grid == "full" or is_head:
            self.part.append(self.flow.pen.rule(x0, y0, x1, y0))
            self.part.append(self.flow.pen.rule(x0, y1, x1, y1))
        self.part.append(self.flow.pen.rule(x0, y0, x0, y1))
        self.part.append(self.flow.pen.rule(x1, y0, x1, y1))

    def draw_header(self, first: bool) -> None:
        heights, top = self.measures.head_heights(), self.flow.y
        starts = [top + sum(heights[:i]) for i in range(len(heights) + 1)]
        if self.style.ruled and self.style.zebra:
            x0, x1 = self.edges(0, len(self.lefts) - 1)
            self.part.append(self.flow.pen.fill(x0, top, x1, starts[-1], 0.85))
        filled: set[tuple[int, int]] = set()
        for head in self.content.heads:
            y0, y1 = starts[head.row], starts[head.row + head.row_span]
            self.draw_head(head, y0, y1, first)
            last = head.column + head.column_span - 1
            self.box_cell(head.column, last, y0, y1, True)
            rows = range(head.row, head.row + head.row_span)
            filled |= {(r, c) for r in rows for c in range(head.column, last + 1)}
            if head.column_span > 1 and not self.style.ruled:
                a, b = self.x(self.lefts[head.column]), self.x(self.rights[last])
                self.part.append(self.flow.pen.rule(a, y1 - 0.5, b, y1 - 0.5, 0.5))
        for c in range(len(self.lefts)):
            if not any((r, c) in filled for r in range(self.content.header_rows)):
                self.box_cell(c, c, top, starts[-1], True)
        self.flow.y = starts[-1]
        self.rule_header()

    def rule_header(self) -> None:
        y, style = self.flow.y, self.style
        if style.ruled or style.head_rule == "none":
            return
        if style.head_rule == "full":
            x0, x1 = self.edges(0, len(self.lefts) - 1)
            self.part.append(self.flow.pen.rule(x0, y, x1, y))
            return
        for head in self.content.heads:
            if head.row + head.row_span == self.content.header_rows and head.column:
                x0, x1 = self.x(self.lefts[head.column]), self.x(self.rights[head.column])
                self.part.append(self.flow.pen.rule(x0, y, x1, y))

    def draw_head(self, head: Head, y0: float, y1: float, first: bool) -> None:
        style, column = self.style, head.column
        lines, boxes = self.measures.head_lines(head), []
        last = column + head.column_span - 1
        align = style.head_align
        if self.content.columns[column].kind in ("label", "text"):
            align = "left" if head.text != "项目" else "center"
        if head.column_span > 1:
            align = "center"
        a, b = self.x(self.lefts[column]), self.x(self.rights[last])
        x = {"left": a, "right": b, "center": (a + b) / 2}[align]
        y = y1 - style.pad / 2 - style.size * 0.24 - (len(lines) - 1) * style.leading
        if style.ruled:  # in the middle of its box
            y -= (y1 - y0 - style.pad - len(lines) * style.leading) / 2
        font = self.measures.bold if style.bold_head else self.measures.regular
        for line in lines:
            boxes.append(self.flow.pen.text(x, y, line, font, style.size, align))
            y += style.leading
        self.part += boxes
        if first:
            self.gold.cells.append(
                GoldCell(
                    head.row, column, join(lines), head.row_span, head.column_span, True,
                    self.flow.page, around(boxes),
                )
            )  # fmt: skip

    def draw_chunk(self, rows: range) -> None:
        """Rows that stay together: one, or those that a cell of the first spans."""
        content, top = self.content, self.flow.y
        heights = [self.measures.row_height(content.rows[i]) for i in rows]
        for i, height in zip(rows, heights, strict=True):
            self.draw_row(i, height, spanned=len(rows) > 1)
            self.flow.y += height
        if len(rows) > 1:
            bottom, row = self.flow.y, content.rows[rows[0]]
            self.box_cell(0, 0, top, bottom, False)
            lines = self.measures.label_lines(row, 0)
            y = (top + bottom - len(lines) * self.style.leading) / 2 + self.style.size * 0.85
            self.write(row, rows[0], 0, lines, y, row_span=len(rows))

    def draw_row(self, i: int, height: float, spanned: bool) -> None:
        row, style, y0 = self.content.rows[i], self.style, self.flow.y
        n = len(self.content.columns)
        if style.zebra and i % 2 == 0 and not spanned:
            x0, x1 = self.edges(0, n - 1)
            self.part.append(self.flow.pen.fill(x0, y0, x1, y0 + height))
        cover = 1
        if row.style == "section" and style.section_span and style.ruled:
            cover = n
        cover = max(cover, row.label_span)
        if not spanned:
            self.box_cell(0, cover - 1, y0, y0 + height, False)
        for c in range(cover, n):
            self.box_cell(c, c, y0, y0 + height, False)
        columns = {c: self.measures.label_lines(row, c) for c in range(int(spanned), n)}
        tallest = max(map(len, columns.values()))
        base = y0 + style.pad / 2 + style.size * 0.85
        for c, lines in columns.items():
            if lines:
                drop = (tallest - len(lines)) * style.leading
                y = base if style.values_at == "top" or len(lines) == tallest else base + drop
                self.write(row, i, c, lines, y, column_span=cover if c == 0 else 1)
        if style.total_rules and not style.ruled and row.style in ("total", "grand"):
            self.rule_total(row, y0, y0 + height)

    def rule_total(self, row: Row, y0: float, y1: float) -> None:
        for c, column in enumerate(self.content.columns):
            if column.kind in NUMBERS and row.texts[c]:
                x0, x1 = self.x(self.lefts[c]), self.x(self.rights[c])
                self.part.append(self.flow.pen.rule(x0, y0, x1, y0, 0.6))
                if row.style == "grand":
                    for y in (y1 - 1.8, y1):
                        self.part.append(self.flow.pen.rule(x0, y, x1, y, 0.6))

    def write(
        self, row: Row, i: int, column: int, lines: list[str], y: float,
        row_span: int = 1, column_span: int = 1,
    ) -> None:  # fmt: skip
        """One cell's text, and its gold."""
        font = self.measures.bold if self.measures.is_bold(row) else self.measures.regular
        if self.content.columns[column].kind in NUMBERS:
            boxes, text = self.write_number(column, lines[0], y, font)
        else:
            boxes, text = self.write_label(row, column, lines, y, font), join(lines)
        self.part += boxes
        self.gold.cells.append(
            GoldCell(
                self.content.header_rows + i, column, text, row_span, column_span, False,
                self.flow.page, around(boxes),
            )
        )  # fmt: skip

    def write_label(
        self, row: Row, column: int, lines: list[str], y: float, font: str
    ) -> list[Box]:
        kind, boxes = self.content.columns[column].kind, []
        for n, line in enumerate(lines):
            x, align = self.x(self.lefts[column]), "left"
            if column == self.measures.label_column:
                x += self.measures.indent(row) + (self.style.label_hang if n else 0)
            elif kind in ("ref", "unit"):
                x, align = (x + self.x(self.rights[column])) / 2, "center"
            boxes.append(self.flow.pen.text(x, y, line, font, self.style.size, align))
            y += self.style.leading
        return boxes

    def write_number(self, column: int, text: str, y: float, font: str) -> tuple[list[Box], str]:
        style, pen = self.style, self.flow.pen
        sign, digits, tail = split_number(text)
        left, right = self.x(self.lefts[column]), self.x(self.rights[column])
        if style.numbers == "center":
            box = pen.text((left + right) / 2, y, sign + digits + tail, font, style.size, "center")
            return [box], sign + digits + tail
        hang = self.measures.tail_width(column) or fonts.width(font, tail, style.size)
        x = right - hang - fonts.width(font, digits, style.size)
        if sign and style.sign_apart:
            boxes = [
                pen.text(left, y, sign, font, style.size),
                pen.text(x, y, digits + tail, font, style.size),
            ]
            return boxes, f"{sign} {digits}{tail}"
        x -= fonts.width(font, sign, style.size)
        return [pen.text(x, y, sign + digits + tail, font, style.size)], sign + digits + tail


def draw_table(flow: Flow, content: Content, style: Style, keep: bool) -> GoldTable | None:
    """Draws a table with its caption; None where it does not fit the frame's width. `keep`: it
    stays on one page, and loses rows where it is too long for that."""
    style.caption_at = style.caption_at if style.spread else "left"
    measures = Measures(content, style, flow.frame_width)
    while not measures.fit():
        style.size -= 0.5
        style.gap = max(6.0, style.gap - 2)
        if style.size < 6:
            return None
    title = 4 * style.size + 24
    if keep:
        limit = flow.bottom - flow.top - title - 12
        while measures.height() > limit:
            row = next(r for r in content.rows[::-1] if r.style == "item" and r.row_span == 1)
            drop_row(content, row)
        flow.need(measures.height() + title)
    else:
        flow.need(title + 100)
    drawing = Drawing(flow, measures)
    drawing.gold.caption, drawing.gold.scale = content.caption, content.scale
    flow.y += 6
    if content.caption:
        flow.line("caption", content.caption, measures.bold, style.size + 1.5, style.caption_at)
    if content.scale and style.scale_in == "line":
        align = "right" if content.language == "zh" else style.caption_at
        flow.line("caption", content.scale, measures.regular, style.size, align)
    flow.y += 2
    index, at = sum(b.table is not None for b in flow.blocks), len(flow.blocks)
    gold = drawing.draw()
    page, box = gold.parts[0]
    flow.blocks.insert(at, GoldBlock("table", "", page, box, table=index))
    flow.y += 5
    for note in content.notes:
        flow.line("note", note, measures.regular, style.size - 1)
    flow.y += 8
    return gold


def drop_row(content: Content, row: Row) -> None:
    at = next(i for i, r in enumerate(content.rows) if r is row)
    for j in range(at, -1, -1):  # the cell that spans it becomes shorter
        if content.rows[j].row_span > at - j:
            content.rows[j].row_span -= content.rows[j].row_span > 1
            break
    del content.rows[at]
