"""A table seen as rows of labels and columns of figures: what each header says of which column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_figure, is_nothing, is_period, is_scale, is_year
from tenth.reader.bands import bands
from tenth.reader.model import Place
from tenth.reader.whole import is_whole
from tenth.reader.wrapped import unwrapped

MOST_ROWS = 1_500  # of a table; what has more is data, and no statement
BARE_YEAR = re.compile(r"(?:19|20)\d\d")
YEAR_END = re.compile(r"(?:19|20)\d\d ?年?[末底]")
STATEMENT = re.compile(  # a row that names a statement, and has no figures
    r"(?:合并)?(?:资产负债|利润|损益|综合收益|现金流量)表(?:[(（](?:人民币)?[十百千万亿]*元?(?:人民币)?[)）])?"
)
MARK = re.compile(r"[^\w$€£¥¢₵]{1,3}%?|n/?m\W{0,3}", re.IGNORECASE)  # where a figure means nothing
PER_SHARE = re.compile(r"\bper\b.*\bshare\b|\bshares\b", re.IGNORECASE)
PART = re.compile(r"\W*(?:basic|diluted)\W*", re.IGNORECASE)
INDENT = 3.0  # points by which a label stands deeper than its heading


_POINTS = re.compile(r"\s*(?:bps?|basis points?)\s*", re.IGNORECASE)
LEADERS = re.compile(r"(?: ?\.){4,}$")  # that lead the eye from a label to its figures


@dataclass
class Row:
    """One row below the headers. `figures` by column; a heading has none."""

    number: int
    label: str
    place: Place
    indent: float | None  # of its label, in points; None where the format has no places
    figures: dict[int, Cell] = field(default_factory=dict)
    marks: bool = False  # "*" or "n/m" stands where its figures would
    words: dict[int, str] = field(default_factory=dict)  # "Pence" where a heading has no figures

    @property
    def is_heading(self) -> bool:
        return not self.figures and not self.marks

    @property
    def heads_years(self) -> bool:
        """Whether its figures are years, one after the other: a header that was taken for a row."""
        texts = [cell.text.strip() for cell in self.figures.values()]
        years = [int(text) for text in texts if BARE_YEAR.fullmatch(text)]
        return len(years) == len(texts) > 1 and all(abs(a - b) == 1 for a, b in pairwise(years))


@dataclass
class Header:
    """What stands above one column, from the top down, without scale lines."""

    texts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def as_said(self) -> tuple[str, ...]:
        """The whole, then its lines from the figures up: where they differ the nearest counts."""
        return self.text, *reversed(self.texts)


@dataclass
class Grid:
    headers: dict[int, Header]  # of the columns with figures
    rows: list[Row]
    scale_cells: list[Cell]  # headers that say a scale
    corner: str = ""  # what stands above the labels


def place_of(cell: Cell) -> Place:
    return Place(cell.page, cell.box, cell.ref)


def grids(table: Table) -> Iterator[Grid]:
    """The table, in as many pieces as it has headers: a row of years or dates further down begins
    a new one, under the same columns; so does another column of labels beside the first."""
    if table.n_rows > MOST_ROWS:
        return
    for band in bands(table, is_value):
        yield from _pieces(band)


def _pieces(table: Table) -> Iterator[Grid]:
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            by_row.setdefault(cell.row, []).append(cell)
    first = _first_figure_column(table, by_row)
    if first is None:
        return
    starts = [0, *(row for row in sorted(by_row) if _is_header_again(table, by_row, row, first))]
    inherited: list[Cell] = []
    for start, end in zip(starts, [*starts[1:], table.n_rows], strict=True):
        head, body = _head(table, by_row, first, start, inherited)
        inherited = inherited or head
        yield _grid(by_row, first, head, range(body, end))


def _head(
    table: Table, by_row: dict[int, list[Cell]], first: int, start: int, inherited: Sequence[Cell]
) -> tuple[list[Cell], int]:
    """The header's cells of a piece and its first row below; `inherited`: the first piece's."""
    body = _first_of_body(table, by_row, first) if start == 0 else start + 1
    first_row = (
        min(start, *by_row) if start == 0 else start
    )  # a header taken from above is negative
    head = [cell for row in range(first_row, body) for cell in by_row.get(row, ())]
    if start and all(cell.column < first for cell in head):
        return [
            cell for cell in inherited if cell.column >= first or is_scale(cell.text)
        ] + head, body
    if start and not any(_is_words(cell) for cell in head if cell.column >= first):
        return [cell for cell in inherited if _is_words(cell)] + head, body
    return head, body


def _grid(by_row: dict[int, list[Cell]], first: int, head: Sequence[Cell], numbers: range) -> Grid:
    lines = [_row(number, by_row[number], first) for number in numbers if number in by_row]
    rows = unwrapped(lines)
    columns = sorted({column for row in rows for column in row.figures})
    headers = {column: _header(head, column, first) for column in columns}
    scales = [cell for cell in head if _says_scale(cell)]
    corner = " ".join(c.text for c in head if c.column < first and not _says_scale(c))
    return Grid(headers, rows, scales, corner)


def _first_of_body(table: Table, by_row: dict[int, list[Cell]], first: int) -> int:
    """Below the rows flagged as headers may stand more: of dates or units, and of no label."""
    body = table.header_rows
    while (
        body
        and body in by_row
        and all(cell.column >= first and _heads(cell) for cell in by_row[body])
    ):
        body += 1
    return body


def _says_scale(cell: Cell) -> bool:
    return is_scale(cell.text) or is_whole(cell.text)


def _heads(cell: Cell) -> bool:
    return is_scale(cell.text) or is_year(cell.text) or not is_value(cell)


def _first_figure_column(table: Table, by_row: dict[int, list[Cell]]) -> int | None:
    """The first column that holds figures below the headers more often than words."""
    figures: dict[int, int] = {}
    words: dict[int, int] = {}
    for number, cells in by_row.items():
        if number < table.header_rows:
            continue
        for cell in cells:
            if cell.column_span == 1:
                counts = figures if is_value(cell) else words
                counts[cell.column] = counts.get(cell.column, 0) + 1
    found = [c for c, count in figures.items() if count > words.get(c, 0) and c > 0]
    return min(found, default=None)


def is_value(cell: Cell) -> bool:
    """A figure, or a sheet's number."""
    number = isinstance(cell.value, float | int) and not isinstance(cell.value, bool)
    return number or is_figure(cell.text)


def _is_words(cell: Cell) -> bool:
    return not is_value(cell) and not is_scale(cell.text)


def _is_header_again(table: Table, by_row: dict[int, list[Cell]], number: int, first: int) -> bool:
    """A row of nothing but years, or flagged as a header, or the name of another statement, below
    the first rows of figures."""
    if number < table.header_rows or number == 0:
        return False
    right = [cell for cell in by_row[number] if cell.column >= first]
    left = [cell for cell in by_row[number] if cell.column < first and not is_scale(cell.text)]
    years = [cell for cell in right if is_year(cell.text) or YEAR_END.match(cell.text)]
    if left:  # "现金流量表", alone or above the same years again
        named = len(left) == 1 and bool(STATEMENT.fullmatch("".join(left[0].text.split())))
        return named and len(years) == len(right)
    if len(years) > 1 and not any(is_value(c) and not is_year(c.text) for c in right):
        return True
    return bool(right) and all(cell.header for cell in right)


def _with_points(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, a figure with the "bps" of the cell beside it."""
    found: list[Cell] = []
    for cell in cells:
        last = found[-1] if found else None
        if last and last.box and cell.box and _POINTS.fullmatch(cell.text) and is_value(last):
            (x0, y0, _, y1), (_, above, x1, below) = last.box, cell.box
            box = (x0, min(y0, above), x1, max(y1, below))
            found[-1] = msgspec.structs.replace(last, text=f"{last.text} {cell.text}", box=box)
        else:
            found.append(cell)
    return found


def _row(number: int, cells: list[Cell], first: int) -> Row:
    cells = _with_points(cells)
    left = [cell for cell in cells if cell.column < first]
    named = [cell for cell in left if not is_value(cell)] or left
    label = " ".join(cell.text for cell in named[:1])
    place = place_of(named[0]) if named else Place()
    indent = named[0].box[0] if named and named[0].box else None
    figures = {
        cell.column: cell
        for cell in cells
        if cell.column >= first and (is_value(cell) or is_nothing(cell.text))
    }
    marks = any(cell.column >= first and MARK.fullmatch(cell.text.strip()) for cell in cells)
    words = {} if figures else {cell.column: cell.text for cell in cells if cell.column >= first}
    return Row(
        number, LEADERS.sub("", " ".join(label.split())), place, indent, figures, marks, words
    )


def _header(head: Sequence[Cell], column: int, first: int) -> Header:
    header = Header()
    for cell in sorted(head, key=lambda cell: cell.row):
        covers = cell.column <= column < cell.column + cell.column_span
        covers = covers or _goes_on(cell, head, column)
        if covers and (cell.column >= first or cell.column_span > 1) and not _says_scale(cell):
            header.texts.append(" ".join(cell.text.split()))
            header.places.append(place_of(cell))
    return header


def _goes_on(cell: Cell, head: Sequence[Cell], column: int) -> bool:
    """A sheet's "Three Months Ended" over the first of its columns is of the free ones beside it,
    where the rows below say the ends."""
    if cell.box is not None or cell.column >= column or not is_period(cell.text):
        return False
    if any(is_year(word) for word in cell.text.replace(",", " ").split()):
        return False  # it has its own end
    beside = [other for other in head if other.row == cell.row and other is not cell]
    below = [other for other in head if other.row > cell.row and other.column == column]
    return bool(below) and not any(cell.column < other.column <= column for other in beside)


class Sections:
    """The headings above a row, as indents or, where there are none, totals tell them."""

    def __init__(self):
        self.stack: list[tuple[float | None, str]] = []
        self.last_was_heading = False

    def heading(self, row: Row) -> tuple[str, ...]:
        """The headings above this heading."""
        if row.indent is None:
            if not self.last_was_heading and self.stack:
                self.stack.pop()
        else:
            while self.stack and not self._below(row, *self.stack[-1]):
                self.stack.pop()
        above = self.path
        self.stack.append((row.indent, row.label))
        self.last_was_heading = True
        return above

    def line(self, row: Row) -> tuple[str, ...]:
        """The headings above a line with figures."""
        indented = row.indent is not None and self.stack and self.stack[-1][0] is not None
        if indented and not self.last_was_heading:
            while self.stack and self._shallower(row.indent, self.stack[-1][0]):
                self.stack.pop()
        path = self.path
        if not row.label and self.stack and not self.last_was_heading:
            self.stack.pop()  # a total without a name ends what is above it
        self.last_was_heading = False
        self._close(row.label)
        return path

    def _close(self, label: str) -> None:
        """ "Total current assets" ends the section "Current assets:"."""
        words = label.casefold().rstrip(":：")
        for i in range(len(self.stack) - 1, -1, -1):
            name = self.stack[i][1].casefold().rstrip(":：").strip()
            if name and words in (f"total {name}", f"{name}合计", f"{name}总计"):
                del self.stack[i:]
                return

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(label for _, label in self.stack)

    @staticmethod
    def _below(row: Row, of: float | None, heading: str) -> bool:
        """Deeper, or "Basic" as deep as the heading "Earnings per share"."""
        if row.indent is None or of is None:
            return False
        part = PART.fullmatch(row.label) and PER_SHARE.search(heading)
        return row.indent > of + INDENT or (bool(part) and row.indent > of - INDENT)

    @staticmethod
    def _shallower(indent: float | None, of: float | None) -> bool:
        return indent is not None and of is not None and indent < of - INDENT
