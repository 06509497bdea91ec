"""What a made-up report really holds: the truth that readers are scored against."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Box = tuple[float, float, float, float]  # points from the top left of the page as it is shown


def around(boxes: list[Box]) -> Box:
    """The smallest box around all of at least one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


@dataclass
class GoldCell:
    """A cell with text; empty cells are not listed. The box hugs its ink."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    page: int = 0  # 0: a format without pages
    box: Box | None = None
    ref: str = ""  # "Sheet1!B3"
    value: float | str | None = None  # in sheets: the cached value
    formula: str = ""


@dataclass
class GoldTable:
    cells: list[GoldCell] = field(default_factory=list)
    n_rows: int = 0
    n_columns: int = 0
    header_rows: int = 0
    caption: str = ""
    scale: str = ""
    kind: Literal["ruled", "borderless", "native"] = "native"  # ruled: it has vertical lines
    parts: list[tuple[int, Box]] = field(default_factory=list)  # one a page: ink, rules and fills

    @property
    def page(self) -> int:
        return self.parts[0][0] if self.parts else 0

    def grid(self) -> list[list[str]]:
        rows = [[""] * self.n_columns for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row][cell.column] = cell.text
        return rows


@dataclass
class GoldBlock:
    kind: str  # as in the document model
    text: str
    page: int
    box: Box
    table: int | None = None  # which of Report.tables
    optional: bool = False  # a "(continued)" caption: a reader may keep or drop it


@dataclass
class GoldPage:
    number: int
    width: float
    height: float


@dataclass
class Report:
    path: Path
    kind: str
    seed: int
    pages: list[GoldPage] = field(default_factory=list)
    blocks: list[GoldBlock] = field(default_factory=list)  # in reading order, page after page
    tables: list[GoldTable] = field(default_factory=list)
