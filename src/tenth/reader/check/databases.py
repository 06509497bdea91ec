"""Two SQLite files row by row, without what they tell of a run."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tenth.reader.check.parts import Part, Rows, keyed, rows

RUN_TABLES = frozenset(("runs", "settings"))
RUN_COLUMNS = frozenset(("seconds",))


def databases(here: Path, there: Path) -> Iterator[Part]:
    with closing(_opened(here)) as ours, closing(_opened(there)) as theirs:
        tables = _tables(ours), _tables(theirs)
        yield from rows(*({name: {"made as": sql} for name, sql in one.items()} for one in tables))
        numbered = _document_names(ours), _document_names(theirs)
        for table in sorted((tables[0].keys() & tables[1].keys()) - RUN_TABLES):
            if tables[0][table] != tables[1][table] or not table.isidentifier():
                continue  # told already
            if numbered[0] == numbered[1] and _same(ours, theirs, table):
                continue
            read = (_table(*one, table) for one in zip((ours, theirs), numbered, strict=True))
            for where, one, other in rows(*read):
                yield f"{table} {where}", one, other


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _tables(sql: sqlite3.Connection) -> dict[str, str]:
    """How each was made, views and triggers too; indexes and statistics say nothing of a row."""
    made = sql.execute("SELECT name, sql FROM sqlite_master WHERE type <> 'index'").fetchall()
    return {name: how for name, how in made if not name.startswith("sqlite_")}


def _columns(sql: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """The names of what is compared, and of what a row is known by."""
    columns = sql.execute(f'PRAGMA table_info("{table}")').fetchall()
    keys = [row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]]
    return [row[1] for row in columns if row[1] not in RUN_COLUMNS], keys


def _query(names: list[str], keys: list[str], table: str) -> str:
    read, order = (", ".join(f'"{name}"' for name in some) for some in (names, keys))
    return f'SELECT {read} FROM "{table}"' + (f" ORDER BY {order}" if order else "")


def _same(ours: sqlite3.Connection, theirs: sqlite3.Connection, table: str) -> bool:
    """Whether all rows are the same, one by one: the usual case, fast."""
    query = _query(*_columns(theirs, table), table)
    return ours.execute(query).fetchall() == theirs.execute(query).fetchall()


def _table(sql: sqlite3.Connection, numbers: dict[Any, str], table: str) -> Rows:
    """Its rows by their primary keys. Documents are numbered as they were written: their names
    stand for their numbers."""
    names, keys = _columns(sql, table)
    column = "id" if table == "documents" and "id" in names else "document"

    def pairs() -> Iterator[tuple[Any, dict[Any, Any]]]:
        for number, values in enumerate(sql.execute(_query(names, keys, table))):
            row = dict(zip(names, values, strict=True))
            if column in row:
                row[column] = numbers.get(row[column], row[column])
            yield " ".join(str(row[key]) for key in keys) or number, row

    return keyed(pairs())


def _document_names(sql: sqlite3.Connection) -> dict[Any, str]:
    columns = {row[1] for row in sql.execute("PRAGMA table_info(documents)")}
    if not {"id", "name"} <= columns:
        return {}
    return dict(sql.execute("SELECT id, name FROM documents").fetchall())
