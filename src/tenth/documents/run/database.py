"""documents.sqlite: every page, block, cell and chart of an archive, one transaction a document."""

import errno
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tenth.documents.model import Block, Box, Cell, Chart, Page, Table
from tenth.documents.run.messages import Finished, Output

NAME = "documents.sqlite"
VERSION = 1  # of the schema; a file of another is made again
PATIENCE = 60.0  # seconds to wait while somebody reads the file

# A position is NULL where the format has none. Table and page numbers count from 1 in a document,
# rows and columns from 0 in a table, blocks from 1 on a page.
SCHEMA = """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, limits TEXT NOT NULL,
  name TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
  title TEXT NOT NULL, pages INTEGER NOT NULL, ocr_pages INTEGER NOT NULL,
  failed_pages INTEGER NOT NULL, tables INTEGER NOT NULL, charts INTEGER NOT NULL,
  reason TEXT NOT NULL, seconds REAL NOT NULL);
CREATE TABLE members (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
  document INTEGER REFERENCES documents ON DELETE SET NULL);
CREATE TABLE pages (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, number INTEGER NOT NULL,
  name TEXT NOT NULL, width REAL NOT NULL, height REAL NOT NULL, source TEXT NOT NULL,
  reason TEXT NOT NULL, PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE blocks (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, page INTEGER NOT NULL,
  number INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, level INTEGER NOT NULL,
  table_number INTEGER, x0 REAL, y0 REAL, x1 REAL, y1 REAL,
  PRIMARY KEY (document, page, number)) WITHOUT ROWID;
CREATE TABLE tables (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, number INTEGER NOT NULL,
  page INTEGER NOT NULL, parts TEXT NOT NULL, caption TEXT NOT NULL, scale TEXT NOT NULL,
  rows INTEGER NOT NULL, columns INTEGER NOT NULL, header_rows INTEGER NOT NULL,
  kind TEXT NOT NULL, name TEXT NOT NULL, x0 REAL, y0 REAL, x1 REAL, y1 REAL,
  PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE cells (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  table_number INTEGER NOT NULL, row INTEGER NOT NULL, column INTEGER NOT NULL,
  row_span INTEGER NOT NULL, column_span INTEGER NOT NULL, text TEXT NOT NULL,
  header INTEGER NOT NULL, page INTEGER NOT NULL, x0 REAL, y0 REAL, x1 REAL, y1 REAL,
  ref TEXT NOT NULL, value, formula TEXT NOT NULL,
  PRIMARY KEY (document, table_number, row, column)) WITHOUT ROWID;
CREATE TABLE charts (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, number INTEGER NOT NULL,
  kind TEXT NOT NULL, title TEXT NOT NULL, page INTEGER NOT NULL, ref TEXT NOT NULL,
  x0 REAL, y0 REAL, x1 REAL, y1 REAL, PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE series (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  chart INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
  position INTEGER NOT NULL, category TEXT NOT NULL, value REAL,
  PRIMARY KEY (document, chart, number, position)) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, finished TEXT NOT NULL, seconds REAL NOT NULL, version TEXT NOT NULL,
  members INTEGER NOT NULL, documents INTEGER NOT NULL, pages_read INTEGER NOT NULL);
CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE INDEX members_by_document ON members (document);
CREATE INDEX members_by_name ON members (name);
CREATE INDEX tables_by_caption ON tables (caption);
"""
NOWHERE = (None, None, None, None)


class Database:
    """The file, made when it is missing, of another version, or no database at all."""

    def __init__(self, folder: Path):
        self.path = folder / NAME
        with _spelled(self.path):
            try:
                self.sql = self._opened()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):  # locked, or the disk's trouble
                    raise
                self.path.unlink()  # torn by a power cut: all of it can be written again
                self.sql = self._opened()

    def _opened(self) -> sqlite3.Connection:
        sql = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        try:
            (version,) = sql.execute("PRAGMA user_version").fetchone()
            if version not in (0, VERSION):
                raise sqlite3.DatabaseError("another version")
            sql.execute("PRAGMA foreign_keys = ON")
            if version == 0:
                begin = "BEGIN IMMEDIATE;"
                sql.executescript(f"{begin}{SCHEMA}PRAGMA user_version = {VERSION};COMMIT;")
        except BaseException:
            sql.close()
            raise
        return sql

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_) -> None:
        self.sql.close()

    def rows(self, query: str, *values) -> list[tuple]:
        with _spelled(self.path):
            return self.sql.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with _spelled(self.path):
            self.sql.execute("BEGIN IMMEDIATE")
            try:
                yield self.sql
            except BaseException:
                if self.sql.in_transaction:  # a full disk has ended it already
                    self.sql.execute("ROLLBACK")
                raise
            self.sql.execute("COMMIT")

    @contextmanager
    def document(self, output: Output) -> Iterator["DocumentRows"]:
        """The rows of one document, which take the place of its former ones all at once."""
        with self.transaction() as sql:
            sql.execute(
                "DELETE FROM documents WHERE key = ? OR name = ?", (output.entry, output.name)
            )
            yield DocumentRows(sql, output)


class DocumentRows:
    def __init__(self, sql: sqlite3.Connection, output: Output):
        self.sql = sql
        values = (output.entry, "", output.name, output.member, output.kind, output.sha256)
        self.id = self._insert("documents", [(None, *values, "", 0, 0, 0, 0, 0, "", 0.0)])

    def add_page(self, page: Page) -> None:
        key, n = self.id, page.number
        row = (key, n, page.name, page.width, page.height, page.source, page.reason)
        self._insert("pages", [row])
        self._insert("blocks", (_block(key, n, i, b) for i, b in enumerate(page.blocks, 1)))

    def add_table(self, number: int, table: Table) -> None:
        parts = msgspec.json.encode(table.parts).decode()
        row = (
            self.id, number, table.page, parts, table.caption, table.scale, table.n_rows,
            table.n_columns, table.header_rows, table.kind, table.name, *_box(table.box),
        )  # fmt: skip
        self._insert("tables", [row])
        self._insert("cells", (_cell(self.id, number, cell) for cell in table.cells))

    def add_chart(self, number: int, chart: Chart) -> None:
        row = (self.id, number, chart.kind, chart.title, chart.page, chart.ref, *_box(chart.box))
        self._insert("charts", [row])
        for i, (name, values) in enumerate(chart.series, 1):
            categories = (*chart.categories, *("" for _ in values))
            points = enumerate(zip(categories, values, strict=False), 1)
            self._insert("series", ((self.id, number, i, name, k, c, v) for k, (c, v) in points))

    def finish(self, title: str, limits: str, found: Finished) -> None:
        self.sql.execute(
            "UPDATE documents SET title = ?, limits = ?, pages = ?, ocr_pages = ?, "
            "failed_pages = ?, tables = ?, charts = ?, reason = ?, seconds = ? WHERE id = ?",
            (title, limits, found.pages, found.ocr_pages, found.failed_pages, found.tables,
             found.charts, found.reason, found.seconds, self.id),
        )  # fmt: skip

    def _insert(self, table: str, rows: Iterable[Sequence]) -> int:
        rows = list(rows)
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            # OR REPLACE: of two cells in one place the last is shown, as in Table.grid
            statement = f"INSERT OR REPLACE INTO {table} VALUES ({marks})"
            if len(rows) == 1:
                return self.sql.execute(statement, rows[0]).lastrowid or 0
            self.sql.executemany(statement, rows)
        return 0


def _block(document: int, page: int, number: int, block: Block) -> tuple:
    table = None if block.table is None else block.table + 1
    return (document, page, number, block.kind, block.text, block.level, table, *_box(block.box))


def _cell(document: int, table: int, cell: Cell) -> tuple:
    return (
        document, table, cell.row, cell.column, cell.row_span, cell.column_span, cell.text,
        cell.header, cell.page, *_box(cell.box), cell.ref, cell.value, cell.formula,
    )  # fmt: skip


def _box(box: Box | None) -> tuple:
    return NOWHERE if box is None else box


@contextmanager
def _spelled(path: Path) -> Iterator[None]:
    """The disk's trouble as an OSError, which is told in one line."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = "full" in str(error)
        code = errno.ENOSPC if full else errno.EIO
        raise OSError(code, "no space left" if full else str(error), str(path)) from error
