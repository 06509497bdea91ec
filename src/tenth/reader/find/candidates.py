"""The figures of a table, each with what stands left of it and above it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_nothing
from tenth.reader.find.asks import OF_BEFORE
from tenth.reader.find.shape import pieces_of
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

    @property
    def percent(self) -> bool:
        return "%" in f"{self.cell.text} {self.header}"


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
        for row in grid.rows:
            if not row.figures:
                if row.label:
                    sections.heading(row)
                    before = ""
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
            before = before if OF_BEFORE.match(row.label) else row.label or before
            amounts = any(
                not is_nothing(cell.text) and "%" not in f"{cell.text} {headers.get(column, '')}"
                for column, cell in row.figures.items()
            )
            for column, cell in row.figures.items():
                header = headers.get(column, "")
                one = Candidate(number, cell, label, path, header, line, table.caption, unlabelled)
                one.beside_amounts = one.percent and amounts
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
