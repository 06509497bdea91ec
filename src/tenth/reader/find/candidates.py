"""The figures of a table, each with what stands left of it and above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_nothing
from tenth.reader.dates import dates_in
from tenth.reader.find.asks import (
    ASIDE,
    DATE,
    FUNCTION,
    IS_SUM_COLUMN,
    IS_TOTAL,
    NUMBERS,
    OF_BEFORE,
    WEAK_WORDS,
)  # fmt: skip
from tenth.reader.find.shape import pieces_of
from tenth.reader.find.words import terms
from tenth.reader.grid import Grid, Sections, grids


@dataclass
class Candidate:
    """A figure of a table and what says which one it is."""

    table: int
    cell: Cell
    label: str
    path: tuple[str, ...]  # the headings above its row, outermost first
    header: str
    line: int  # of the table
    caption: str = ""  # of the table
    unlabelled: bool = False  # its label is not printed: it is the sum of its section
    beside_amounts: bool = False  # a percentage, in a row of amounts
    parts: str = ""  # the words that all rows share which it is the sum of
    is_bare_sum: bool = False  # its label says no more than that it is a sum
    is_sum_column: bool = False
    has_sum_column: bool = False  # its table
    between: tuple[date, ...] = ()  # the days of the balances before and after it
    whole: str = ""  # the label below all sections, of what they are parts
    of_percents: bool = False  # its column begins and ends with percentages

    @property
    def percent(self) -> bool:
        return self.of_percents or "%" in f"{self.cell.text} {self.header}"


def candidates_of(number: int, table: Table) -> Iterator[Candidate]:
    """The figures of a table with what stands left of them and above them."""
    line = 0
    for piece, places in pieces_of(table):
        for one in _of_piece(number, piece, line):
            cell = places[one.cell.row, one.cell.column]
            line = one.line + 1
            yield replace(one, cell=cell)


def _of_piece(number: int, table: Table, line: int) -> Iterator[Candidate]:
    for grid in grids(table):
        headers = _headers(grid)
        sections = Sections()
        before = ""
        above: list[str] = []  # the labels since the last heading or sum
        sums = {column for column, text in headers.items() if IS_SUM_COLUMN.search(text)}
        percents = _percents(grid)
        between = _between(grid, headers)
        whole = _whole(grid)
        for row in grid.rows:
            if not row.figures:
                if row.label:
                    sections.heading(row)
                    before = ""
                    above = []
                continue
            path = (grid.corner, *sections.line(row)) if grid.corner else sections.line(row)
            if before and OF_BEFORE.match(row.label):
                path = (*path, before)
            # a total is often printed without a label, under what it adds up
            label = row.label
            unlabelled = bool(before and not label)
            if unlabelled:
                label = " ".join(("total", *path[-1:]))
                path = path[:-1]
            is_sum = unlabelled or bool(IS_TOTAL.search(label))
            is_bare = unlabelled or (is_sum and not _named(label))
            parts = _shared_words(above) if is_bare else ""
            above = [] if is_sum else [*above, label]
            before = before if OF_BEFORE.match(row.label) else row.label or before
            amounts = any(
                not is_nothing(cell.text)
                and column not in percents
                and "%" not in f"{cell.text} {headers.get(column, '')}"
                for column, cell in row.figures.items()
            )
            for column, cell in row.figures.items():
                header = headers.get(column, "")
                one = Candidate(number, cell, label, path, header, line, table.caption, unlabelled)
                one.between = between.get(row.number, ())
                one.whole = whole if path else ""
                one.of_percents = column in percents
                one.beside_amounts = one.percent and amounts
                one.parts, one.is_bare_sum = parts, is_bare
                one.is_sum_column, one.has_sum_column = column in sums, bool(sums)
                yield one
            line += 1


def _headers(grid: Grid) -> dict[int, str]:
    """The header of each column; one that stands over several columns is that of all of them, and
    a column without any (of percentages, beside its amounts) has that of the column left of it."""
    most = max((len(header.texts) for header in grid.headers.values()), default=0)
    found: dict[int, str] = {}
    above: list[str] = []
    for column in sorted(grid.headers):
        texts = grid.headers[column].texts
        if not texts and column - 1 in found:
            found[column] = found[column - 1]
            continue
        if len(texts) < most and len(texts) <= len(above):
            texts = [*above[: most - len(texts)], *texts]
        above = texts[:-1]
        found[column] = " ".join(texts)
    return found


def _percents(grid: Grid) -> set[int]:
    """Columns whose first and last figure have the sign of what all are."""
    columns: dict[int, list[str]] = {}
    for row in grid.rows:
        for column, cell in row.figures.items():
            columns.setdefault(column, []).append(cell.text)
    return {c for c, found in columns.items() if "%" in found[0] and "%" in found[-1]}


def _between(grid: Grid, headers: dict[int, str]) -> dict[int, tuple[date, ...]]:
    """What is granted or paid between "Outstanding at June 30, 2018" and the same of 2019: for each
    such row both days. Only where no column has a year."""
    if any(NUMBERS.search(text) for text in headers.values()):
        return {}
    dated = {row.number: days[-1][0] for row in grid.rows if (days := dates_in(row.label))}
    found = {}
    for row in grid.rows:
        before = [day for number, day in dated.items() if number < row.number]
        after = [day for number, day in dated.items() if number > row.number]
        if row.number not in dated and before and after:
            found[row.number] = (before[-1], after[0])
    return found


def _whole(grid: Grid) -> str:
    """The last row's label, where it stands below sections and in none: "Provision for taxes"
    below the current and the deferred ones."""
    sections, path, label = Sections(), (), ""
    for row in grid.rows:
        if row.figures:
            path, label = sections.line(row), row.label
        elif row.label:
            sections.heading(row)
    return "" if path else label


def _named(label: str) -> list[str]:
    """What a label says beside that it is a sum, and of which time."""
    text = NUMBERS.sub(" ", DATE.sub(" ", ASIDE.sub(" ", label)))
    found = terms(text)
    return [t for t in found if t not in WEAK_WORDS and t not in FUNCTION and not t.isdigit()]


def _shared_words(labels: Sequence[str]) -> str:
    """The words that all of several labels have."""
    if len(labels) < 2:
        return ""
    shared = set.intersection(*(set(terms(label)) for label in labels))
    return " ".join(word for word in labels[0].split() if set(terms(word)) & shared)
