"""Documents back from documents.sqlite, for whoever goes on from what a run has read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from tenth.documents.model import Block, Box, Cell, Document, Page, Table
from tenth.documents.run.database import NAME


class Stored(msgspec.Struct, frozen=True):
    """One document of a run and which member of the archive it is."""

    key: str  # of its results: content, reader and settings
    name: str  # of its outputs: text/NAME.md
    member: str
    kind: str
    sha256: str
    document: Document


def stored_documents(out: Path, wanted: set[str] | None = None) -> Iterator[Stored]:
    """All documents of a run in the order of its members, or those with a key in `wanted`, without
    their charts. Raises ValueError where `out` holds none."""
    path = out / NAME
    if not path.is_file():
        raise ValueError(f"{out} holds no {NAME}; it is what tenth read writes")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as sql:
        query = (
            "SELECT d.id, d.key, d.name, d.member, d.kind, d.sha256, d.title FROM documents d "
            "JOIN members m ON m.document = d.id AND m.name = d.member GROUP BY d.id "
            "ORDER BY min(m.id)"
        )
        for number, key, name, member, kind, sha256, title in sql.execute(query).fetchall():
            if wanted is None or key in wanted:
                document = Document(kind, _pages(sql, number), _tables(sql, number), (), title)
                yield Stored(key, name, member, kind, sha256, document)


def _pages(sql: sqlite3.Connection, document: int) -> tuple[Page, ...]:
    blocks: dict[int, list[Block]] = {}
    query = (
        "SELECT page, kind, text, level, table_number, x0, y0, x1, y1 FROM blocks "
        "WHERE document = ? ORDER BY page, number"
    )
    for page, kind, text, level, table, *box in sql.execute(query, (document,)):
        index = None if table is None else table - 1
        block = Block(kind, text, page, _box(box), level, index)
        blocks.setdefault(page, []).append(block)
    query = (
        "SELECT number, width, height, name, source, reason FROM pages WHERE document = ? "
        "ORDER BY number"
    )
    return tuple(
        Page(number, tuple(blocks.get(number, ())), width, height, name, source, reason)
        for number, width, height, name, source, reason in sql.execute(query, (document,))
    )


def _tables(sql: sqlite3.Connection, document: int) -> tuple[Table, ...]:
    cells: dict[int, list[Cell]] = {}
    query = (
        "SELECT table_number, row, column, text, row_span, column_span, header, page, x0, y0, x1, "
        "y1, ref, value, formula FROM cells WHERE document = ? ORDER BY table_number, row, column"
    )
    for table, row, column, text, rows, columns, header, page, *rest in sql.execute(
        query, (document,)
    ):
        *box, ref, value, formula = rest
        cell = Cell(row, column, text, rows, columns, bool(header), page, _box(box), ref, value,
                    formula)  # fmt: skip
        cells.setdefault(table, []).append(cell)
    query = (
        "SELECT number, rows, columns, header_rows, caption, scale, page, x0, y0, x1, y1, parts, "
        "kind, name FROM tables WHERE document = ? ORDER BY number"
    )
    return tuple(
        Table(tuple(cells.get(number, ())), rows, columns, header_rows, caption, scale, page,
              _box([x0, y0, x1, y1]), msgspec.json.decode(parts, type=tuple[tuple[int, Box], ...]),
              kind, name)
        for number, rows, columns, header_rows, caption, scale, page, x0, y0, x1, y1, parts, kind,
        name in sql.execute(query, (document,))
    )  # fmt: skip


def _box(values: list[float | None]) -> Box | None:
    return None if values[0] is None else tuple(values)  # type: ignore[return-value]
