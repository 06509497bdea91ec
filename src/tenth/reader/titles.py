"""Tables of sheets that stand below a region of titles: the titles are their caption and scale."""

import msgspec

from tenth.documents.model import Document, Table
from tenth.documents.numbers import is_scale, scale_in
from tenth.reader.grid import is_value

MOST_LINES = 8  # of a region of titles


def with_titles(document: Document) -> Document:
    """The document, each of its tables that has no caption with the titles above it. Sheets leave a
    row free between their titles and the table, so that the titles are a table of their own."""
    tables: list[Table] = []
    titles: tuple[str, ...] = ()
    sheet: object = None
    for table in document.tables:
        here = table.page, _sheet_of(table)
        titles = titles if here == sheet else ()
        sheet = here
        if table.kind == "native" and _is_titles(table):
            titles = tuple(line for cell in table.cells for line in cell.text.split("\n"))
        elif titles and not table.caption:
            table = _titled(table, titles)
        tables.append(table)
    return msgspec.structs.replace(document, tables=tuple(tables))


def _sheet_of(table: Table) -> str:
    return table.cells[0].ref.rpartition("!")[0] if table.cells else ""


def _is_titles(table: Table) -> bool:
    cells = [cell for cell in table.cells if cell.text.strip()]
    columns = {cell.column for cell in cells}
    return 0 < len(cells) <= MOST_LINES and len(columns) == 1 and not any(map(is_value, cells))


def _titled(table: Table, titles: tuple[str, ...]) -> Table:
    caption = " ".join(line for line in titles if not is_scale(line))
    scale = table.scale or next(filter(None, map(scale_in, titles)), "")
    return msgspec.structs.replace(table, caption=caption, scale=scale)
