"""ledger.sqlite: every fact with what it rests on, statements, figures, contradictions.

The file is written whole under a temporary name and takes the former one's place. Values are
decimals as text, exactly. `runs` and `settings` tell of this machine and command; all other tables
are the same rows for the same archive.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from tenth.documents.model import Box
from tenth.files import sync_folder, temporary_of
from tenth.reader.model import (
    Column,
    Contradiction,
    Cover,
    Fact,
    Figure,
    Input,
    Ledger,
    Line,
    Part,
    Period,
    Place,
    Report,
    Said,
    Statement,
)

NAME = "ledger.sqlite"
VERSION = 1
SCHEMA = """
CREATE TABLE documents (
  number INTEGER PRIMARY KEY, document TEXT NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL,
  entity TEXT NOT NULL, form TEXT NOT NULL, period_start TEXT NOT NULL, period_end TEXT NOT NULL,
  language TEXT NOT NULL, currency TEXT NOT NULL, scale INTEGER, fiscal_year_start TEXT NOT NULL,
  said TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE facts (
  id TEXT PRIMARY KEY, entity TEXT NOT NULL, metric TEXT NOT NULL, label TEXT NOT NULL,
  period_start TEXT NOT NULL, period_end TEXT NOT NULL, value TEXT, unit TEXT NOT NULL,
  currency TEXT NOT NULL, scale INTEGER, status TEXT NOT NULL, document TEXT NOT NULL,
  locator TEXT NOT NULL, verbatim TEXT NOT NULL, sha256 TEXT NOT NULL, page INTEGER NOT NULL,
  box TEXT, ref TEXT NOT NULL, statement TEXT NOT NULL, table_number INTEGER NOT NULL,
  row INTEGER NOT NULL, column INTEGER NOT NULL, section TEXT NOT NULL, restated INTEGER NOT NULL,
  said TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE said (
  number INTEGER PRIMARY KEY, what TEXT NOT NULL, text TEXT NOT NULL, locator TEXT NOT NULL,
  page INTEGER NOT NULL, box TEXT, ref TEXT NOT NULL);
CREATE TABLE statements (
  number INTEGER PRIMARY KEY, document TEXT NOT NULL, entity TEXT NOT NULL, kind TEXT NOT NULL,
  table_number INTEGER NOT NULL, title TEXT NOT NULL, page INTEGER NOT NULL, scale INTEGER,
  currency TEXT NOT NULL, columns TEXT NOT NULL);
CREATE TABLE lines (
  statement INTEGER NOT NULL REFERENCES statements, number INTEGER NOT NULL, row INTEGER NOT NULL,
  label TEXT NOT NULL, section TEXT NOT NULL, metric TEXT NOT NULL, facts TEXT NOT NULL,
  parts TEXT NOT NULL, level INTEGER NOT NULL, PRIMARY KEY (statement, number)) WITHOUT ROWID;
CREATE TABLE figures (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, entity TEXT NOT NULL, metric TEXT NOT NULL,
  period_start TEXT NOT NULL, period_end TEXT NOT NULL, value TEXT NOT NULL, unit TEXT NOT NULL,
  currency TEXT NOT NULL, formula TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE inputs (
  figure TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,
  value TEXT NOT NULL, PRIMARY KEY (figure, number)) WITHOUT ROWID;
CREATE TABLE contradictions (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, "check" TEXT NOT NULL,
  entity TEXT NOT NULL, metric TEXT NOT NULL, period_start TEXT NOT NULL, period_end TEXT NOT NULL,
  facts TEXT NOT NULL, expected TEXT, found TEXT, note TEXT NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
  number INTEGER PRIMARY KEY, finished TEXT NOT NULL, seconds REAL NOT NULL, version TEXT NOT NULL,
  facts INTEGER NOT NULL);
CREATE INDEX facts_by_metric ON facts (entity, metric, period_end);
CREATE INDEX facts_by_document ON facts (document, table_number);
"""


class Settings(msgspec.Struct, frozen=True):
    """Of what a ledger was made, and how: what it takes to make it again."""

    archives: tuple[str, ...]  # absolute paths
    language: str = "auto"
    config: dict[str, str | int | float | bool] = {}
    facts: int = 0  # version of what finds facts


def json_of(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def write_ledger(ledger: Ledger, out: Path, settings: Settings, run: tuple) -> None:
    """`run`: when it finished, its seconds, the version. Raises OSError of the disk."""
    path, temporary = out / NAME, temporary_of(out / NAME)
    runs = [*_former_runs(path), (*run, len(ledger.facts()))]
    temporary.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as sql:
            sql.execute("PRAGMA journal_mode = OFF")  # the file is whole when it gets its name
            sql.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version = {VERSION};")
            _fill(sql, ledger)
            _insert(sql, "settings", [("settings", json_of(settings))])
            _insert(sql, "runs", ((i, *row) for i, row in enumerate(runs, 1)))
            sql.execute("COMMIT")
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(out)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, sqlite3.OperationalError):
            raise OSError(None, str(error), str(path)) from error
        raise


def _former_runs(path: Path) -> list[tuple]:
    try:
        with closing(_opened(path)) as sql:
            query = "SELECT finished, seconds, version, facts FROM runs ORDER BY number"
            return sql.execute(query).fetchall()
    except (ValueError, sqlite3.DatabaseError):
        return []


def _fill(sql: sqlite3.Connection, ledger: Ledger) -> None:
    for number, report in enumerate(ledger.reports, 1):
        cover, period = report.cover, report.cover.period
        row = (number, report.document, report.sha256, report.kind, cover.entity, cover.form,
               period.start, period.end, cover.language, cover.currency, cover.scale,
               cover.fiscal_year_start, json_of(cover.said), report.reason)  # fmt: skip
        _insert(sql, "documents", [row])
    said: dict[Said, int] = {}  # the same header is said of a whole column
    for fact in ledger.facts().values():
        for one in fact.said:
            said.setdefault(one, len(said) + 1)
    _insert(sql, "said", (
        (number, one.what, one.text, one.place.locator, one.place.page, _box(one.place),
         one.place.ref)
        for one, number in said.items()
    ))  # fmt: skip
    _insert(sql, "facts", (_fact_row(fact, said) for fact in ledger.facts().values()))
    number = 0
    for report in ledger.reports:
        for one in report.statements:
            number += 1
            row = (number, one.document, one.entity, one.kind, one.table, one.title, one.page,
                   one.scale, one.currency, json_of(one.columns))  # fmt: skip
            _insert(sql, "statements", [row])
            _insert(sql, "lines", (_line_row(number, i, line) for i, line in enumerate(one.lines)))
    for number, figure in enumerate(ledger.figures, 1):
        row = (number, figure.id, figure.entity, figure.metric, figure.period.start,
               figure.period.end, plain(figure.value), figure.unit, figure.currency,
               figure.formula, figure.note)  # fmt: skip
        _insert(sql, "figures", [row])
        given = ((figure.id, i, one.name, one.id, plain(one.value))
                 for i, one in enumerate(figure.inputs, 1))  # fmt: skip
        _insert(sql, "inputs", given)
    _insert(sql, "contradictions", (
        (i, one.id, one.kind, one.check, one.entity, one.metric, one.period.start, one.period.end,
         json_of(one.facts), plain(one.expected), plain(one.found), one.note)
        for i, one in enumerate(ledger.contradictions, 1)
    ))  # fmt: skip


def _fact_row(fact: Fact, said: dict[Said, int]) -> tuple:
    return (
        fact.id, fact.entity, fact.metric, fact.label, fact.period.start, fact.period.end,
        plain(fact.value), fact.unit, fact.currency, fact.scale, fact.status, fact.document,
        fact.place.locator, fact.verbatim, fact.sha256, fact.place.page, _box(fact.place),
        fact.place.ref, fact.statement, fact.table, fact.row, fact.column, json_of(fact.section),
        fact.restated, json_of([said[one] for one in fact.said]),
    )  # fmt: skip


def _box(place: Place) -> str | None:
    return None if place.box is None else json_of(place.box)


def _line_row(statement: int, number: int, line: Line) -> tuple:
    return (statement, number, line.row, line.label, json_of(line.section), line.metric,
            json_of(line.facts), json_of(line.parts), line.level)  # fmt: skip


def plain(value: Decimal | None) -> str | None:
    """Without an exponent and without zeros at its end."""
    if value is None:
        return None
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _insert(sql: sqlite3.Connection, table: str, rows: Iterable[Sequence]) -> None:
    rows = list(rows)
    if rows:
        sql.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


# And back


def read_ledger(out: Path) -> Ledger:
    """Raises ValueError where `out` holds no ledger of this version, or what is none of ours."""
    out = Path(out)
    with _told(out / NAME), closing(_opened(out / NAME)) as sql:
        said = {
            row[0]: Said(row[1], row[2], Place(row[4], _unboxed(row[5]), row[6]))
            for row in sql.execute("SELECT * FROM said")
        }
        facts: dict[str, list[Fact]] = {}
        for row in sql.execute(
            "SELECT * FROM facts ORDER BY document, table_number, row, column, id"
        ):
            facts.setdefault(row[11], []).append(_fact(row, said))
        statements: dict[str, list[Statement]] = {}
        for number, *row in sql.execute("SELECT * FROM statements ORDER BY number").fetchall():
            statements.setdefault(row[0], []).append(_statement(sql, number, row))
        reports = tuple(
            Report(row[1], row[2], row[3], _cover(row), tuple(facts.get(row[1], ())),
                   tuple(statements.get(row[1], ())), row[13])
            for row in sql.execute("SELECT * FROM documents ORDER BY number").fetchall()
        )  # fmt: skip
        return Ledger(reports, _figures(sql), _contradictions(sql))


def settings_of(out: Path) -> Settings:
    """Raises ValueError as `read_ledger`."""
    with _told(out / NAME), closing(_opened(out / NAME)) as sql:
        (text,) = sql.execute("SELECT value FROM settings WHERE name = 'settings'").fetchone()
        return msgspec.json.decode(text, type=Settings)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What a file that is torn, or that somebody has changed, gives rise to, as one line."""
    try:
        yield
    except (
        sqlite3.DatabaseError, msgspec.DecodeError, ArithmeticError, LookupError, TypeError,
    ) as error:  # fmt: skip
        raise ValueError(f"{path}: {error}; read the archive again") from None


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise ValueError(f"{path.parent} holds no {path.name}; it is what tenth read writes")
    sql = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        (version,) = sql.execute("PRAGMA user_version").fetchone()
    except BaseException:
        sql.close()
        raise
    if version != VERSION:
        sql.close()
        raise ValueError(f"{path}: of version {version}, not {VERSION}; read the archive again")
    return sql


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _json(text: str, type_: Any) -> Any:
    return msgspec.json.decode(text, type=type_)


def _unboxed(text: str | None) -> Box | None:
    return None if text is None else _json(text, Box)


def _fact(row: tuple, said: dict[int, Said]) -> Fact:
    return Fact(
        row[0], row[1], row[2], row[3], Period(row[4], row[5]), _decimal(row[6]), row[7], row[8],
        row[9], row[10], row[11], row[14], Place(row[15], _unboxed(row[16]), row[17]), row[13],
        tuple(said[number] for number in _json(row[24], list[int])), row[18], row[19],
        row[20], row[21],        _json(row[22], tuple[str, ...]), bool(row[23]),
    )  # fmt: skip


def _cover(row: tuple) -> Cover:
    return Cover(row[4], row[5], Period(row[6], row[7]), row[8], row[9], row[10], row[11],
                 _json(row[12], tuple[Said, ...]))  # fmt: skip


def _statement(sql: sqlite3.Connection, number: int, row: Sequence) -> Statement:
    query = ("SELECT row, label, section, metric, facts, parts, level FROM lines "
             "WHERE statement = ? ORDER BY number")  # fmt: skip
    lines = tuple(
        Line(at, label, _json(section, tuple[str, ...]), metric, _json(facts, tuple[str, ...]),
             _json(parts, tuple[Part, ...]), level)
        for at, label, section, metric, facts, parts, level in sql.execute(query, (number,))
    )  # fmt: skip
    document, entity, kind, table, title, page, scale, currency, columns = row
    return Statement(kind, entity, document, table, title, _json(columns, tuple[Column, ...]),
                     lines, page, scale, currency)  # fmt: skip


def _figures(sql: sqlite3.Connection) -> tuple[Figure, ...]:
    given: dict[str, list[Input]] = {}
    for figure, _, name, id_, value in sql.execute("SELECT * FROM inputs ORDER BY figure, number"):
        given.setdefault(figure, []).append(Input(name, id_, Decimal(value)))
    return tuple(
        Figure(row[1], row[2], row[3], Period(row[4], row[5]), Decimal(row[6]), row[7], row[8],
               row[9], tuple(given.get(row[1], ())), row[10])
        for row in sql.execute("SELECT * FROM figures ORDER BY number")
    )  # fmt: skip


def _contradictions(sql: sqlite3.Connection) -> tuple[Contradiction, ...]:
    return tuple(
        Contradiction(row[1], row[2], row[3], row[4], row[5], Period(row[6], row[7]),
                      _json(row[8], tuple[str, ...]), _decimal(row[9]), _decimal(row[10]), row[11])
        for row in sql.execute("SELECT * FROM contradictions ORDER BY number")
    )  # fmt: skip
