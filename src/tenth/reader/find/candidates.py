"""The figures of a table, each with what stands left of it and above it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tenth.documents.model import Cell, Table
from tenth.reader.find.asks import OF_BEFORE
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


def candidates_of(number: int, table: Table) -> Iterator[Candidate]:
    """The figures of a table with what stands left of them and above them."""
    line = 0
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
            label = row.label or (" ".join(("total", *sections.path[-1:])) if before else "")
            before = before if OF_BEFORE.match(row.label) else row.label or before
            for column, cell in row.figures.items():
                header = headers.get(column, "")
                yield Candidate(number, cell, label, path, header, line, table.caption)
            line += 1


def _headers(grid: Grid) -> dict[int, str]:
    """The header of each column; one that stands over several columns is that of all of them."""
    most = max((len(header.texts) for header in grid.headers.values()), default=0)
    found: dict[int, str] = {}
    above: list[str] = []
    for column in sorted(grid.headers):
        texts = grid.headers[column].texts
        if len(texts) < most and len(texts) <= len(above):
            texts = [*above[: most - len(texts)], *texts]
        above = texts[:-1]
        found[column] = " ".join(texts)
    return found
