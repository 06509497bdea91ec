"""A document as its writer thinks of it, with the truth beside: lines of text and tables."""

from dataclasses import dataclass, field


def span(text: str) -> tuple[str, str]:
    """ "2023" is the year, "2023-09-30" a day, "2023-07-01..2023-09-30" what lies between."""
    if len(text) == 4:
        return f"{text}-01-01", f"{text}-12-31"
    start, _, end = text.rpartition("..")
    return start, end


@dataclass(frozen=True)
class Col:
    """What a column of figures means. `period` "" : none that anybody could say; `kind` "%": its
    figures are percents, "-": it holds no figures of the company (notes)."""

    period: str = ""
    kind: str = ""
    currency: str | None = None  # where it is another than the table's
    scale: int | None = None  # where it is another than the table's


@dataclass(frozen=True)
class Grid:
    """Rows of cells as printed, the first one the label's. `units` by the label's beginning, for
    rows that are not money in the table's scale: "share" is money per share, "shares:1000"."""

    title: str
    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[Col, ...]
    scale: int | None
    currency: str
    scale_line: str = ""
    units: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, str] = field(default_factory=dict)  # by label; "" where it must have none
    balances: tuple[str, ...] = ()  # beginnings of labels that are instants within spans


@dataclass(frozen=True)
class Claim:
    """A figure of a sentence: verbatim, value, period, unit."""

    verbatim: str
    value: str
    period: str
    unit: str = "currency"


@dataclass(frozen=True)
class Words:
    text: str
    level: int = 0  # of a heading
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Break:
    """A new page, where a format has such."""


@dataclass(frozen=True)
class Paper:
    name: str
    kind: str  # of the table of results: "A-share annual report"
    parts: tuple[Words | Grid | Break, ...]
    language: str = "en"


def table(text: str) -> tuple[tuple[str, ...], ...]:
    """Rows of cells parted by bars, a line each."""
    lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)


def laid_out(grid: Grid) -> tuple[list[list[str]], list[tuple[int, int, int]]]:
    """Header rows in which "<" goes on with the cell before it."""
    spans, rows = [], []
    for number, row in enumerate(grid.head):
        cells, start = list(row), 0
        for i in range(1, len(cells) + 1):
            if i == len(cells) or cells[i] != "<":
                if i - start > 1:
                    spans.append((number, start, i - 1))
                start = i
        rows.append(["" if cell == "<" else cell for cell in cells])
    return rows, spans
