"""Tables whose header stands elsewhere: above another piece, or on their first page.

Two tables side by side whose rows drift apart are read as two pieces, one below the other. The
header's cells are given to the second piece in rows above its first: its own keep their numbers.
"""

import msgspec

from tenth.documents.model import Document, Table
from tenth.documents.numbers import is_figure
from tenth.reader.balance_pages import first_page

NEAR = 30.0  # points between two pieces, at most
ALIGNED = 6.0  # points between the right edges of a column's figures, at most


def with_headers(document: Document) -> Document:
    """The document, each of its tables that has no header with that of the piece above it or of
    its first page."""
    tables: list[Table] = []
    for table in document.tables:
        above = tables[-1] if tables else None
        if not (above and _goes_on(table, above)):
            above = first_page(table, tables[::-1], document)
        tables.append(_headed(table, above) if above else table)
    return msgspec.structs.replace(document, tables=tuple(tables))


def _goes_on(table: Table, above: Table) -> bool:
    if table.caption or table.scale or table.n_columns != above.n_columns or _has_header(table):
        return False
    if table.page != above.page or not table.box or not above.box or len(above.parts) > 1:
        return False
    if not -ALIGNED <= table.box[1] - above.box[3] <= NEAR:
        return False
    edges, before = _edges(table), _edges(above)
    shared = edges.keys() & before.keys()
    return len(shared) >= 2 and all(abs(edges[c] - before[c]) <= ALIGNED for c in shared)


def _has_header(table: Table) -> bool:
    """Whether anything is said above a column of figures: a heading of some rows is no header."""
    columns = _edges(table)
    return any(
        cell.row < table.header_rows and (cell.column in columns or cell.column_span > 1)
        for cell in table.cells
    )


def _edges(table: Table) -> dict[int, float]:
    """The right edge of each column's figures."""
    edges: dict[int, float] = {}
    for cell in table.cells:
        if cell.box and cell.column and cell.row >= table.header_rows and is_figure(cell.text):
            edges[cell.column] = max(edges.get(cell.column, 0.0), cell.box[2])
    return edges


def _headed(table: Table, above: Table) -> Table:
    head = [cell for cell in above.cells if cell.row < above.header_rows]
    rows = above.header_rows
    lifted = [
        msgspec.structs.replace(cell, row=cell.row - rows) if cell.row >= 0 else cell
        for cell in head
    ]
    own = [msgspec.structs.replace(cell, header=False) for cell in table.cells]
    return msgspec.structs.replace(
        table, cells=(*lifted, *own), caption=above.caption, scale=above.scale, header_rows=0
    )
