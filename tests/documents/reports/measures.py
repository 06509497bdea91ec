"""Measures a table before it is drawn: the edges of its columns, the lines and heights of rows."""

from dataclasses import dataclass, field

from tests.documents.reports import fonts
from tests.documents.reports.content import Content, Head, Row
from tests.documents.reports.flow import pieces, wrap
from tests.documents.reports.style import NUMBERS, Style, split_number


@dataclass
class Measures:
    """A table that fits in `width`."""

    content: Content
    style: Style
    width: float
    lefts: list[float] = field(default_factory=list)  # of columns, from the table's left
    rights: list[float] = field(default_factory=list)

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
