"""Where the cells of a Word table stand in its grid: spans, merges, deleted rows, headers."""

from collections.abc import Iterator
from typing import Any

import msgspec

from tenth.documents.model import Cell, Table
from tenth.documents.office.grids import header_rows
from tenth.documents.office.xml import attr, child, chosen, every, integer, is_on, tag, value_of

MOST_COLUMNS = 256  # Word's own limit is 63
_THROUGH = frozenset({"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag"})


class Place:
    """A cell; its row span grows while the rows below go on with it."""

    def __init__(self, element: Any, row: int, column: int, column_span: int):
        self.element = element
        self.row = row
        self.column = column
        self.column_span = column_span
        self.row_span = 1


def rows_of(table: Any) -> list[Any]:
    return [row for row in _inside(table, "w:tr") if not _deleted(row)]


def _inside(element: Any, name: str) -> Iterator[Any]:
    for item in chosen(element):
        if tag(item) == name:
            yield item
        elif tag(item) in _THROUGH:
            yield from _inside(item, name)


def only_frames(table: Any) -> bool:
    """Whether its cells hold other tables and no text of their own."""
    return _nests(table) and not any(_own(table, text) for text in every(table, "w:t", "m:t"))


def _nests(table: Any) -> bool:
    return sum(1 for _ in every(table, "w:tbl")) > 1


def _own(table: Any, element: Any) -> bool:
    if not (element.text or "").strip():
        return False
    while tag(element) != "w:tbl":
        element = element.getparent()
    return element is table


def _deleted(row: Any) -> bool:
    properties = child(row, "w:trPr")
    return properties is not None and child(properties, "w:del") is not None


def places(rows: list[Any]) -> list[Place]:
    """All cells that are shown, row by row."""
    found: list[Place] = []
    open_cells: dict[int, Place] = {}  # by column: what a cell there may go on with
    for number, row in enumerate(rows):
        column = min(MOST_COLUMNS, integer(value_of(row, "w:trPr", "w:gridBefore")))
        wide: Place | None = None  # what a horizontal merge of the old kind goes on with
        below: dict[int, Place] = {}
        for cell in _inside(row, "w:tc"):
            properties = child(cell, "w:tcPr")
            span = _span(properties)
            above = open_cells.get(column)
            if wide is not None and _merge(properties, "w:hMerge") == "continue":
                wide.column_span += span
            elif above is not None and _merge(properties, "w:vMerge") == "continue":
                above.row_span = number - above.row + 1
                below[column] = wide = above
            else:
                wide = Place(cell, number, column, span)
                found.append(wide)
                if _merge(properties, "w:vMerge"):
                    below[column] = wide
            column += span
        open_cells = below
    return found


def _span(properties: Any) -> int:
    span = integer(value_of(properties, "w:gridSpan"), 1) if properties is not None else 1
    return min(MOST_COLUMNS, max(1, span))


def _merge(properties: Any, name: str) -> str:
    """ "restart", "continue", or "" where nothing is merged."""
    found = None if properties is None else child(properties, name)
    return "" if found is None else attr(found, "w:val", "continue")


def repeated_rows(rows: list[Any]) -> int:
    """Header rows as Word knows them: those it repeats on each page."""
    count = 0
    for row in rows:
        properties = child(row, "w:trPr")
        if properties is None or not is_on(properties, "w:tblHeader"):
            break
        count += 1
    return count


def title_of(table: Any) -> str:
    """What its writer called it, for those who cannot see it."""
    properties = child(table, "w:tblPr")
    return "" if properties is None else value_of(properties, "w:tblCaption")


def made(element: Any, rows: list[Any], cells: list[Cell], page: int) -> Table:
    n_rows = max((c.row + c.row_span for c in cells), default=0)
    headers = repeated_rows(rows) or header_rows(cells, n_rows)
    headers = headers if headers < n_rows else 0
    return Table(
        cells=tuple(
            msgspec.structs.replace(c, header=True) if c.row < headers else c for c in cells
        ),
        n_rows=n_rows,
        n_columns=max((c.column + c.column_span for c in cells), default=0),
        header_rows=headers,
        name=title_of(element),
        page=page,
    )
