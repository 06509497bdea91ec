"""What an output folder says otherwise than the archive does, place by place."""

import csv
import difflib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pyarrow.parquet
from openpyxl.utils.exceptions import InvalidFileException

from tenth.documents.run.database import NAME as DOCUMENTS
from tenth.documents.run.workspace import LOCK, MARKER, SPOOL, STORE
from tenth.reader.ledger import NAME as LEDGER

# Kept from run to run, or of this machine: no figure is shown from them
OURS = frozenset((MARKER, LOCK, SPOOL, STORE, ".facts", "sources", "seconds.csv"))
RUN_TABLES = frozenset(("runs", "settings"))
RUN_COLUMNS = frozenset(("seconds",))
MOST = 50  # differences told of one file; the rest is counted
SHOWN = 80  # characters of a value


class Difference(msgspec.Struct, frozen=True):
    """One place where the folder and the archive part."""

    file: str
    where: str  # "f1a2b3c4d5e, value", "Apple Income!C7", "line 12"
    here: str  # "" where it is missing
    archive: str  # "" where the archive has no such thing

    @property
    def line(self) -> str:
        if not self.archive:
            return f"{self.file}: {self.where}: {_short(self.here)} is not in the archive"
        if not self.here:
            return f"{self.file}: {self.where}: missing, the archive has {_short(self.archive)}"
        return (
            f"{self.file}: {self.where}: {_short(self.here)} here, "
            f"{_short(self.archive)} from the archive"
        )


def differences(out: Path, truth: Path) -> list[Difference]:
    """All files of `out` against those of `truth`, which was made from the archive."""
    found: list[Difference] = []
    names = sorted(_files(out) | _files(truth))
    for name in names:
        here, there = out / name, truth / name
        if not there.is_file():
            found.append(Difference(name, "the file", "it", ""))
        elif not here.is_file():
            found.append(Difference(name, "the file", "", "it"))
        elif name in (LEDGER, DOCUMENTS) or here.read_bytes() != there.read_bytes():
            found += _of_one(name, here, there)
    return found


def _files(folder: Path) -> set[str]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in paths
        if path.parts[0] not in OURS and not path.parts[0].startswith((".ledger", ".spool-"))
    }


def _of_one(name: str, here: Path, there: Path) -> list[Difference]:
    compare = {
        ".sqlite": _databases, ".csv": _csvs, ".parquet": _parquets, ".xlsx": _workbooks,
        ".png": _pictures,
    }.get(Path(name).suffix, _texts)  # fmt: skip
    try:
        found = list(_bounded(name, compare(here, there)))
    except UNREADABLE as error:
        return [Difference(name, "the file", f"unreadable ({type(error).__name__}: {error})", "it")]
    if not found and compare in (_csvs, _texts):  # line ends, a final blank
        return [Difference(name, "the file", "other bytes, the same lines", "it")]
    return found


UNREADABLE = (
    sqlite3.DatabaseError, pyarrow.ArrowInvalid, InvalidFileException, OSError, KeyError,
    ValueError,
)  # fmt: skip
Rows = dict[Any, dict[Any, Any]]
Part = tuple[str, Any, Any]  # where, what stands here, what the archive gives


def _bounded(name: str, parts: Iterable[Part]) -> Iterator[Difference]:
    more = 0
    for number, (where, here, there) in enumerate(parts):
        if number < MOST:
            yield Difference(name, where, _text(here), _text(there))
        else:
            more += 1
    if more:
        yield Difference(name, "further places", f"{more} more differences", "it")


def _text(value: Any) -> str:
    return "" if value is None else str(value) or "(empty)"


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


# By kinds of files


def _rows(here: Rows, there: Rows) -> Iterator[Part]:
    for key in sorted({*here, *there}, key=str):
        ours, theirs = here.get(key), there.get(key)
        if ours is None or theirs is None:
            yield f"row {key}", ours and "a row", theirs and "a row"
            continue
        for column in {**theirs, **ours}:
            one, other = ours.get(column), theirs.get(column)
            if one != other:
                yield f"{key}, {column}", _text(one) or "(none)", _text(other) or "(none)"


def _databases(here: Path, there: Path) -> Iterator[Part]:
    with closing(_opened(here)) as ours, closing(_opened(there)) as theirs:
        tables = [_tables(ours), _tables(theirs)]
        for table in sorted({*tables[0], *tables[1]} - RUN_TABLES):
            if table not in tables[0] or table not in tables[1]:
                yield f"table {table}", table in tables[0] or None, table in tables[1] or None
                continue
            for where, one, other in _rows(_table(ours, table), _table(theirs, table)):
                yield f"{table} {where}", one, other


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _tables(sql: sqlite3.Connection) -> set[str]:
    return {name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _table(sql: sqlite3.Connection, table: str) -> dict[Any, dict[str, Any]]:
    """Its rows by their primary keys. Documents are numbered as they were written: their names
    stand for their numbers."""
    columns = sql.execute(f'PRAGMA table_info("{table}")').fetchall()
    keys = [row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]]
    names = [row[1] for row in columns if row[1] not in RUN_COLUMNS]
    read = ", ".join(f'"{name}"' for name in names)
    rows = [
        dict(zip(names, row, strict=True)) for row in sql.execute(f'SELECT {read} FROM "{table}"')
    ]
    if "document" in names or table == "documents":
        numbers = _document_names(sql)
        for row in rows:
            column = "id" if table == "documents" and "id" in row else "document"
            row[column] = numbers.get(row.get(column), row.get(column))
    return {" ".join(str(row[key]) for key in keys): row for row in rows}


def _document_names(sql: sqlite3.Connection) -> dict[Any, str]:
    columns = {row[1] for row in sql.execute("PRAGMA table_info(documents)")}
    if "name" not in columns:
        return {}
    return dict(sql.execute("SELECT id, name FROM documents").fetchall())


def _csvs(here: Path, there: Path) -> Iterator[Part]:
    return _rows(_csv(here), _csv(there))


def _csv(path: Path) -> Rows:
    """By ids where the file has them, else by line."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    if not rows:
        return {}
    with_ids = path.name == "facts.csv"
    found: Rows = {"columns": dict(enumerate(rows[0]))}
    for number, row in enumerate(rows[1:], 2):
        names = rows[0] if with_ids else range(len(row))
        key = row[0] if with_ids and row else f"line {number}"
        key = f"{key} (again, line {number})" if key in found else key
        found[key] = dict(zip(names, row, strict=False)) | {"fields": len(row)}
    return found


def _parquets(here: Path, there: Path) -> Iterator[Part]:
    tables = [pyarrow.parquet.read_table(path).to_pylist() for path in (here, there)]
    ours, theirs = ({row["id"]: row for row in table} for table in tables)
    if len(ours) != len(tables[0]):
        yield "ids", f"{len(tables[0]) - len(ours)} twice", "each once"
    yield from _rows(ours, theirs)


def _workbooks(here: Path, there: Path) -> Iterator[Part]:
    for kept in (False, True):  # formulas, then the values that they gave
        ours, theirs = (openpyxl.load_workbook(path, data_only=kept) for path in (here, there))
        what = " (value kept)" if kept else ""
        for title in dict.fromkeys([*theirs.sheetnames, *ours.sheetnames]):
            if title not in ours.sheetnames or title not in theirs.sheetnames:
                found = [title in book.sheetnames or None for book in (ours, theirs)]
                yield f"sheet {title}", found[0], found[1]
                continue
            cells = [_cells(book[title], not kept) for book in (ours, theirs)]
            for at in sorted({*cells[0], *cells[1]}):
                one, other = cells[0].get(at), cells[1].get(at)
                if one != other:
                    yield f"{title}!{at}{what}", one, other


def _cells(sheet: Any, with_looks: bool) -> dict[str, Any]:
    """What each cell holds, where its link leads and how its number is shown."""
    found: dict[str, Any] = {}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                found[cell.coordinate] = cell.value
                if with_looks and not isinstance(cell.value, str):
                    found[f"{cell.coordinate} format"] = cell.number_format
            if with_looks and cell.hyperlink:
                link = cell.hyperlink
                found[f"{cell.coordinate} link"] = f"{link.target or ''}#{link.location or ''}"
            if with_looks and cell.comment:
                found[f"{cell.coordinate} note"] = cell.comment.text
    return found


def _pictures(here: Path, there: Path) -> Iterator[Part]:
    yield "the picture", "other bytes", "it"


def _texts(here: Path, there: Path) -> Iterator[Part]:
    ours, theirs = (path.read_text("utf-8").splitlines() for path in (here, there))
    matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            for i in range(max(b - a, d - c)):
                one = ours[c + i] if c + i < d else None
                other = theirs[a + i] if a + i < b else None
                yield f"line {(c + i if one is not None else c) + 1}", one, other
