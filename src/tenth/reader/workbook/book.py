"""The plan of a workbook before it is written: sheets of cells with looks, links and values."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from tenth.reader.model import Fact, Period
from tenth.reader.workbook.expressions import (
    Expression,
    Ref,
    cell_name,
    evaluate,
    leaves,
    quoted,
)
from tenth.reader.workbook.names import entity_key
from tenth.reader.workbook.periods import is_fiscal_year, length_of
from tenth.reader.workbook.words import word

FIRST_SOURCE = 4  # row of the first fact on the sources sheet
VALUE_COLUMN = 6  # of the sources sheet
INPUT, OUTSIDE, BLACK, GREY, WARNING = "0000FF", "006100", "000000", "7F7F7F", "9C2B00"
NAVY, BAND, PALE, AMBER = "1F3864", "DCE6F1", "F2F5F9", "FCE4D6"


class Style(msgspec.Struct, frozen=True, omit_defaults=True):
    number: str = ""  # the spreadsheet's number format
    bold: bool = False
    italic: bool = False
    colour: str = BLACK
    fill: str = ""
    top: bool = False  # a thin line above: a total
    bottom: bool = False
    indent: int = 0
    wrap: bool = False
    align: str = ""  # "left", "center", "right"
    size: int = 9
    underline: bool = False


class Logic(msgspec.Struct, frozen=True):
    """A formula that gives a text; `text` is without its "="."""

    text: str
    value: str


Content = str | int | Decimal | Expression | Logic


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    content: Content
    style: Style
    fact: str = ""  # id: the cell links to its row in the sources
    link: str = ""  # else: "internal:'Sheet'!A1" or "external:pages/x.html#id"
    tip: str = ""  # shown over a link
    note: str = ""  # a comment


class Chart(msgspec.Struct, frozen=True):
    kind: str  # "line", "column"
    title: str
    number: str  # format of the axis
    categories: tuple[int, int, int]  # row, first column, last column
    series: tuple[tuple[int, int], ...]  # row and column of each name; values stand on its row
    from_zero: bool  # columns cut off at their foot would lie
    at: tuple[int, int]  # row, and 0 or 1 for left or right
    width: int  # pixels
    height: int


class Sheet:
    def __init__(self, name: str, title: str, company: str = "", kind: str = "") -> None:
        self.name, self.title = name, title
        self.company, self.kind = company, kind  # of a company's sheet
        self.about = ""  # what the contents say of it
        self.cells: dict[tuple[int, int], Cell] = {}
        self.widths: dict[int, float] = {}  # in characters
        self.heights: dict[int, float] = {}  # points
        self.frozen: tuple[int, int] = (0, 0)
        self.repeat: tuple[int, int] | None = None  # rows at the head of every page
        self.printed: tuple[int, int] | None = None  # rows, where not all are
        self.aside: int | None = None  # the first column of what is for the screen alone
        self.breaks: list[int] = []  # a page ends above these rows
        self.blocks: list[tuple[int, int]] = []  # first and last rows that one page should hold
        self.charts: list[Chart] = []
        self.valign = "bottom"  # figures stand with the last line of their label

    def put(
        self,
        row: int,
        column: int,
        content: Content,
        style: Style,
        *,
        fact: str = "",
        link: str = "",
        tip: str = "",
        note: str = "",
    ) -> Ref:
        self.cells[row, column] = Cell(content, style, fact, link, tip, note)
        return Ref(self.name, row, column)

    @property
    def n_rows(self) -> int:
        return max((row for row, _ in self.cells), default=-1) + 1

    @property
    def n_columns(self) -> int:
        return max((column for _, column in self.cells), default=-1) + 1

    @property
    def n_printed(self) -> int:
        """Columns on paper."""
        return self.n_columns if self.aside is None else self.aside


class Shown(msgspec.Struct, frozen=True):
    """A cell that shows a fact's value divided by `scale`."""

    cell: Ref
    scale: Decimal
    unit: str
    currency: str


class Book:
    """Sheets in order, which cell shows which fact, and rows of the sources, given on first use."""

    def __init__(
        self,
        facts: dict[str, Fact],
        language: str,
        sources: str,
        fiscal_ends: dict[str, tuple[str, ...]],
    ) -> None:
        self.facts, self.language = facts, language
        self.sheets: dict[str, Sheet] = {}
        self.sources = sources  # the name of that sheet
        self.fiscal_ends = fiscal_ends  # last days of fiscal years that are known, by entity's key
        self.used: dict[str, int] = {}  # fact: its row among the sources, from 0
        self._order: list[str] = []
        self.first_use: dict[str, Ref] = {}
        self.shown: dict[str, Shown] = {}  # fact: the statement's cell
        self.by_metric: dict[tuple[str, str, Period], str] = {}  # entity's key, ...: shown fact
        self.figures: dict[str, Shown] = {}  # derived figure: its cell
        self._values: dict[Ref, Decimal] = {}
        self._open: set[Ref] = set()

    def add(self, sheet: Sheet) -> Sheet:
        self.sheets[sheet.name] = sheet
        return sheet

    def use(self, fact: str, at: Ref | None = None) -> int:
        """The fact gets a row among the sources."""
        if at is not None:
            self.first_use.setdefault(fact, at)
        if fact not in self.used:
            self.used[fact] = len(self._order)
            self._order.append(fact)
        return self.used[fact]

    def value(self, sheet: str, row: int, column: int) -> Decimal | None:
        """A cell's number, formulas calculated."""
        ref = Ref(sheet, row, column)
        if ref in self._values:
            return self._values[ref]
        if ref in self._open:
            raise ValueError(f"the formula in {sheet}, row {row + 1}, needs its own result")
        self._open.add(ref)
        value = self._calculate(ref)
        self._open.discard(ref)
        if value is not None:  # a cell that is empty now may still be filled
            self._values[ref] = value
        return value

    def forget_values(self) -> None:
        """After cells were taken back."""
        self._values.clear()

    def _calculate(self, ref: Ref) -> Decimal | None:
        if ref.sheet == self.sources:
            return self._source_value(ref)
        sheet = self.sheets.get(ref.sheet)
        cell = sheet.cells.get((ref.row, ref.column)) if sheet else None
        if cell is None or isinstance(cell.content, str | Logic):
            return None
        if isinstance(cell.content, int | Decimal):
            return Decimal(cell.content)
        return evaluate(cell.content, self.value)

    def _source_value(self, ref: Ref) -> Decimal | None:
        """Known before that sheet is made: formulas may point at it."""
        index = ref.row - FIRST_SOURCE
        if ref.column != VALUE_COLUMN or not 0 <= index < len(self._order):
            return None
        return self.facts[self._order[index]].value

    def result(self, expression: Expression) -> Decimal | None:
        return evaluate(expression, self.value)

    def length_text(self, entity: str, period: Period) -> str:
        """ "Quarter ended"; twelve months that are no fiscal year are not called one."""
        length = length_of(period)
        if length == "year" and not self.is_fiscal_year(entity, period):
            return word("twelve_months", self.language)
        return word(f"length.{length}", self.language)

    def is_fiscal_year(self, entity: str, period: Period) -> bool:
        """False for a year that ends elsewhere than the company's known fiscal years."""
        return is_fiscal_year(period, self.fiscal_ends.get(entity_key(entity), ()))

    def source_cell(self, fact: str) -> Shown:
        """Its value cell among the sources, in whole units."""
        found = self.facts[fact]
        cell = Ref(self.sources, FIRST_SOURCE + self.use(fact), VALUE_COLUMN)
        return Shown(cell, Decimal(1), found.unit, found.currency)

    def cell_of(self, fact: str) -> Shown:
        """Where a statement shows it, else its row among the sources."""
        return self.shown[fact] if fact in self.shown else self.source_cell(fact)

    def needs(self, expression: Expression) -> Iterator[Ref]:
        """The cells below a formula, all the way down."""
        todo, seen = [expression], set()
        while todo:
            for leaf in leaves(todo.pop()):
                if leaf in seen:
                    continue
                seen.add(leaf)
                yield leaf
                sheet = self.sheets.get(leaf.sheet)
                cell = sheet.cells.get((leaf.row, leaf.column)) if sheet else None
                if cell is not None and not isinstance(cell.content, str | int | Decimal | Logic):
                    todo.append(cell.content)


def jump(sheet: str, row: int = 0, column: int = 0) -> str:
    """A link to a cell of the book."""
    return f"internal:{quoted(sheet)}!{cell_name(row, column)}"
