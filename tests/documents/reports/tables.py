# ruff: noqa: RUF001
"""Lays a table's content out on pages and notes where each cell's ink went."""

import re
from dataclasses import dataclass, field
from random import Random

from tests.documents.reports import fonts
from tests.documents.reports.content import Content, Head, Row
from tests.documents.reports.flow import Flow, join, pieces, wrap
from tests.documents.reports.gold import Box, GoldBlock, GoldCell, GoldTable, around

NUMBERS = ("amount", "price", "percent")


@dataclass
class Style:
    """How a table looks. `grid`: "full", "columns" (no lines between rows) or "none"."""

    grid: str = "none"
    family: str = "helvetica"
    size: float = 8.5
    pad: float = 4.0  # between the lines of two rows, beyond the leading within a row
    gap: float = 14.0  # between two columns; in a grid it is split about the line
    sign_apart: bool = True
    hang: bool = True  # closing brackets and percent signs stand right of the digits' edge
    head_align: str = "right"
    bold_head: bool = True
    bold_total: bool = True
    numbers: str = "right"
    zebra: bool = False
    label_hang: float = 8.0  # how far a wrapped label's later lines are indented
    values_at: str = "bottom"  # the line of a wrapped label that has the numbers; "top"
    total_rules: bool = True
    head_rule: str = "full"  # "columns": one for each column, "none"
    frame_rules: bool = False  # above the header and below the last row
    spread: bool = True  # as wide as its frame
    section_span: bool = False
    repeat_header: bool = True
    continued: bool = False
    caption_at: str = "center"
    scale_in: str = "line"  # under the caption; "stub": in the header over the labels

    @property
    def ruled(self) -> bool:
        return self.grid != "none"

    @property
    def leading(self) -> float:
        return self.size * 1.12


def random_style(random: Random, ruled: bool, family: str) -> Style:
    pad = random.uniform(4, 7) if ruled else random.uniform(2.5, 6)
    zebra = random.random() < 0.3
    return Style(
        grid=random.choice(("full", "full", "full", "columns")) if ruled else "none",
        family=family,
        size=random.choice((7.5, 8, 8.5, 9)),
        pad=pad,
        gap=random.uniform(8, 14) if ruled else random.uniform(10, 22),
        sign_apart=random.random() < 0.7,
        hang=random.random() < 0.6,
        head_align=random.choice(("right", "center")),
        bold_head=random.random() < 0.7,
        bold_total=random.random() < 0.5,
        numbers="center" if ruled and random.random() < 0.2 else "right",
        zebra=zebra,
        label_hang=0.0 if pad > 4 and random.random() < 0.3 else 8.0,
        values_at="top" if pad > 4 and random.random() < 0.3 else "bottom",
        total_rules=random.random() < 0.8,
        head_rule="full" if zebra else random.choice(("full", "columns", "none")),
        frame_rules=random.random() < 0.5,
        spread=random.random() < 0.7,
        section_span=random.random() < 0.5,
        repeat_header=random.random() < 0.7,
        continued=random.random() < 0.5,
        caption_at=random.choice(("center", "left")),
        scale_in=random.choice(("line", "line", "stub")),
    )


def split_number(text: str) -> tuple[str, str, str]:
    """The sign that may stand apart, the digits, and what hangs right of them."""
    sign, _, body = text.rpartition("|")
    if not re.search(r"\d", body):
        return sign, body, ""
    tail = re.search(r"\D*$", body)
    assert tail
    return sign, body[: tail.start()], tail.group()


@dataclass
class Drawing:
    """One table on its way to the page."""

    flow: Flow
    content: Content
    style: Style
    width: float
    lefts: list[float] = field(default_factory=list)  # of columns, from the table's left
    rights: list[float] = field(default_factory=list)
    gold: GoldTable = field(default_factory=GoldTable)
    part: list[Box] = field(default_factory=list)  # what was drawn on this page

    def __post_init__(self):
        regular, bold = fonts.FAMILIES[self.style.family]
        self.regular, self.bold = regular, bold
        if self.style.scale_in == "stub" and self.content.scale:
            self.put_scale_in_stub()
        if self.style.ruled:
            self.span_single_heads()

    def put_scale_in_stub(self) -> None:
        last = self.content.header_rows - 1
        heads = [h for h in self.content.heads if h.column or h.row != last]
        self.content.heads = [Head(last, 0, self.content.scale), *heads]

    def span_single_heads(self) -> None:
        """In a grid a head under no other reaches up to the table's top."""
        top = self.content.header_rows - 1
        covered = {
            c for h in self.content.heads if h.row < top
            for c in range(h.column, h.column + h.column_span)
        }  # fmt: skip
        for head in self.content.heads:
            if top and head.row == top and head.column not in covered:
                head.row, head.row_span = 0, top + 1

    # widths

    def tail_width(self, column: int) -> float:
        if not self.style.hang or self.style.numbers == "center":
            return 0.0
        tails = {split_number(row.texts[column])[2] for row in self.content.rows}
        return max(fonts.width(self.bold, tail, self.style.size) for tail in tails)

    def natural(self, column: int) -> float:
        """How wide a column's own content is, without spanning heads."""
        size, wide = self.style.size, 8.0
        for row in self.content.rows:
            if self.content.columns[column].kind in NUMBERS:
                sign, digits, tail = split_number(row.texts[column])
                room = self.tail_width(column) or fonts.width(self.bold, tail, size)
                space = size * 0.45 if sign and self.style.sign_apart else 0
                wide = max(wide, fonts.width(self.bold, sign + digits, size) + room + space)
            elif row.style != "section" and not (row.label_span > 1 and column == 0):
                wide = max(wide, self.indent(row) + fonts.width(self.bold, row.texts[column], size))
        for head in self.content.heads:
            if head.column == column and head.column_span == 1:
                for line in head.text.split("\n"):
                    wide = max(wide, fonts.width(self.bold, line, size))
        return wide

    def indent(self, row: Row) -> float:
        return row.indent * self.style.size * 1.2

    def fit(self) -> bool:
        """Sets the columns' edges; False where they do not fit."""
        n, gap = len(self.content.columns), self.style.gap
        wide = [self.natural(c) for c in range(n)]
        texts = [c for c in range(n) if self.content.columns[c].kind in ("label", "text")]
        for head in self.content.heads:
            if head.column_span > 1:
                own = range(head.column, head.column + head.column_span)
                need = max(
                    fonts.width(self.bold, s, self.style.size) for s in head.text.split("\n")
                )
                lack = need + 6 - sum(wide[c] for c in own) - gap * (len(own) - 1)
                for c in own:
                    wide[c] += max(0, lack) / len(own)
        label = self.label_column
        floor = min(wide[label], max(100, self.longest_word() + 2 * self.style.size))
        over = sum(wide) + gap * n - self.width
        wide[label] = max(floor, wide[label] - max(0, over))
        if sum(wide) + gap * n > self.width + 0.01:
            return False
        spare = self.width - sum(wide) - gap * n
        if self.style.spread:
            share = 0.5 if len(texts) == 1 else 1 / n
            for c in range(n):
                wide[c] += spare * share if c == label else spare * (1 - share) / max(1, n - 1)
        x = gap / 2
        for w in wide:
            self.lefts.append(x)
            self.rights.append(x + w)
            x += w + gap
        return True

    def longest_word(self) -> float:
        words = [w for row in self.content.rows for w in pieces(row.texts[self.label_column])]
        return max(fonts.width(self.bold, word, self.style.size) for word in words)

    @property
    def label_column(self) -> int:
        return next(i for i, c in enumerate(self.content.columns) if c.kind == "label")

    # heights

    def label_lines(self, row: Row, column: int) -> list[str]:
        """The lines of a text cell; labels are wrapped, a section's runs over the whole table."""
        if self.content.columns[column].kind in NUMBERS:
            return [row.texts[column]] if row.texts[column] else []
        if not row.texts[column]:
            return []
        wide = self.rights[column] - self.lefts[column]
        if row.style == "section" and (not self.style.ruled or self.style.section_span):
            wide = self.rights[-1] - self.lefts[column]
        elif row.label_span > 1 and column == 0:
            wide = self.rights[row.label_span - 1] - self.lefts[0]
        wide = max(wide - self.indent(row) * (column == self.label_column), 30) + 0.01
        font = self.bold if self.is_bold(row) else self.regular
        return wrap(row.texts[column], font, self.style.size, wide, self.style.label_hang)

    def is_bold(self, row: Row) -> bool:
        return self.style.bold_total and row.style in ("section", "total", "grand")

    def row_height(self, row: Row) -> float:
        columns = range(len(self.content.columns))
        n = max(len(self.label_lines(row, c)) for c in columns if not (c == 0 and row.row_span > 1))
        return max(1, n) * self.style.leading + self.style.pad

    def head_lines(self, head: Head) -> list[str]:
        last = head.column + head.column_span - 1
        wide = self.rights[last] - self.lefts[head.column] + 0.01
        return wrap(head.text, self.bold, self.style.size, wide)

    def head_heights(self) -> list[float]:
        out = [self.style.leading + self.style.pad] * self.content.header_rows
        for head in self.content.heads:
            need = len(self.head_lines(head)) * self.style.leading + self.style.pad
            last = head.row + head.row_span - 1
            lack = need - sum(out[head.row : last + 1])
            out[last] += max(0, lack)
        return out

    def height(self) -> float:
        return sum(self.head_heights()) + sum(self.row_height(row) for row in self.content.rows)

    # drawing

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
            if self.flow.room < sum(self.row_height(content.rows[i]) for i in chunk):
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
            self.flow.line("caption", text, self.bold, self.style.size + 1, align, optional=True)
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
        heights, top = self.head_heights(), self.flow.y
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
        lines, boxes = self.head_lines(head), []
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
        font = self.bold if style.bold_head else self.regular
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
        heights = [self.row_height(content.rows[i]) for i in rows]
        for i, height in zip(rows, heights, strict=True):
            self.draw_row(i, height, spanned=len(rows) > 1)
            self.flow.y += height
        if len(rows) > 1:
            bottom, row = self.flow.y, content.rows[rows[0]]
            self.box_cell(0, 0, top, bottom, False)
            lines = self.label_lines(row, 0)
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
        columns = {c: self.label_lines(row, c) for c in range(int(spanned), n)}
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
        font = self.bold if self.is_bold(row) else self.regular
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
            if column == self.label_column:
                x += self.indent(row) + (self.style.label_hang if n else 0)
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
        hang = self.tail_width(column) or fonts.width(font, tail, style.size)
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
    drawing = Drawing(flow, content, style, flow.frame_width)
    while not drawing.fit():
        style.size -= 0.5
        style.gap = max(6.0, style.gap - 2)
        if style.size < 6:
            return None
    title = 4 * style.size + 24
    if keep:
        limit = flow.bottom - flow.top - title - 12
        while drawing.height() > limit:
            row = next(r for r in content.rows[::-1] if r.style == "item" and r.row_span == 1)
            drop_row(content, row)
        flow.need(drawing.height() + title)
    else:
        flow.need(title + 100)
    drawing.gold.caption, drawing.gold.scale = content.caption, content.scale
    flow.y += 6
    if content.caption:
        flow.line("caption", content.caption, drawing.bold, style.size + 1.5, style.caption_at)
    if content.scale and style.scale_in == "line":
        align = "right" if content.language == "zh" else style.caption_at
        flow.line("caption", content.scale, drawing.regular, style.size, align)
    flow.y += 2
    index, at = sum(b.table is not None for b in flow.blocks), len(flow.blocks)
    gold = drawing.draw()
    page, box = gold.parts[0]
    flow.blocks.insert(at, GoldBlock("table", "", page, box, table=index))
    flow.y += 5
    for note in content.notes:
        flow.line("note", note, drawing.regular, style.size - 1)
    flow.y += 8
    return gold


def drop_row(content: Content, row: Row) -> None:
    at = next(i for i, r in enumerate(content.rows) if r is row)
    for j in range(at, -1, -1):  # the cell that spans it becomes shorter
        if content.rows[j].row_span > at - j:
            content.rows[j].row_span -= content.rows[j].row_span > 1
            break
    del content.rows[at]
