"""ledger.sqlite: what is written comes back, whole or not at all."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenth.reader.ledger import (
    NAME,
    Settings,
    plain,
    read_ledger,
    settings_of,
    write_ledger,
)
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
from tests.reader.reading import sample

RUN = ("2026-11-24T00:00:00+00:00", 1.5, "0.1")
MADE_OF = Settings(("/where/reports.zip",), "zh", {"ocr": "auto", "max_pages": 9}, 1)
# No lone surrogates: no file name or text that is read has one
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False, width=32)
BOXES = st.none() | st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
PLACES = st.builds(Place, st.integers(0, 9999), BOXES, TEXT)
PERIODS = st.builds(Period, TEXT, TEXT)
SAID = st.builds(Said, st.sampled_from(["label", "scale", "period"]), TEXT, PLACES)
VALUES = st.decimals(allow_nan=False, allow_infinity=False, places=6).map(
    lambda value: Decimal(plain(value) or "0")
)
SCALES = st.none() | st.sampled_from([1, 1000, 10**8])


@st.composite
def reports(draw: st.DrawFn, document: str) -> Report:
    facts = draw(st.lists(st.builds(
        Fact, st.just(""), TEXT, TEXT, TEXT, PERIODS, st.none() | VALUES,
        st.sampled_from(["currency", "currency/share", "shares", "pure"]), TEXT, SCALES,
        st.sampled_from(["ok", "unknown", "contradicted"]), st.just(document), TEXT, PLACES, TEXT,
        st.lists(SAID, max_size=2).map(tuple), st.sampled_from(["income", "text"]),
        st.integers(0, 99), st.integers(0, 99), st.integers(0, 99),
        st.lists(TEXT, max_size=2).map(tuple), st.booleans(),
    ), max_size=3))  # fmt: skip
    named = [
        Fact(f"{document}-{i}", *(getattr(fact, name) for name in Fact.__struct_fields__[1:]))
        for i, fact in enumerate(facts)
    ]
    in_order = sorted(named, key=lambda fact: (fact.table, fact.row, fact.column, fact.id))
    lines = st.builds(Line, st.integers(0, 99), TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT,
                      st.lists(TEXT, max_size=2).map(tuple),
                      st.lists(st.builds(Part, st.integers(0, 9), st.sampled_from([1, -1])),
                               max_size=2).map(tuple), st.integers(0, 3))  # fmt: skip
    statements = draw(st.lists(st.builds(
        Statement, st.sampled_from(["income", "balance"]), TEXT, st.just(document),
        st.integers(1, 99), TEXT,
        st.lists(st.builds(Column, st.integers(0, 9), PERIODS, TEXT), max_size=2).map(tuple),
        st.lists(lines, max_size=3).map(tuple), st.integers(0, 99), SCALES, TEXT,
    ), max_size=2))  # fmt: skip
    cover = draw(st.builds(Cover, TEXT, TEXT, PERIODS, st.sampled_from(["en", "zh"]), TEXT, SCALES,
                           TEXT, st.lists(SAID, max_size=2).map(tuple)))  # fmt: skip
    return Report(document, draw(TEXT), "pdf", cover, tuple(in_order), tuple(statements),
                  draw(TEXT))  # fmt: skip


FIGURES = st.lists(
    st.builds(Figure, TEXT, TEXT, TEXT, PERIODS, VALUES, st.sampled_from(["currency", "pure"]),
              TEXT, TEXT, st.lists(st.builds(Input, TEXT, TEXT, VALUES), max_size=3).map(tuple),
              TEXT), max_size=3, unique_by=lambda figure: figure.id)  # fmt: skip
CONTRADICTIONS = st.lists(
    st.builds(Contradiction, TEXT, st.sampled_from(["unit", "real"]), TEXT, TEXT, TEXT, PERIODS,
              st.lists(TEXT, max_size=3).map(tuple), st.none() | VALUES, st.none() | VALUES, TEXT),
    max_size=3, unique_by=lambda one: one.id)  # fmt: skip
LEDGERS = st.builds(
    lambda a, b, figures, found: Ledger((a, b), tuple(figures), tuple(found)),
    reports("a.pdf"), reports("b.pdf"), FIGURES, CONTRADICTIONS,
)  # fmt: skip


@given(LEDGERS)
@settings(max_examples=60, deadline=None,
          suppress_health_check=[*HealthCheck])  # fmt: skip
def test_what_is_written_comes_back(tmp_path: Path, ledger: Ledger):
    write_ledger(ledger, tmp_path, MADE_OF, RUN)
    assert read_ledger(tmp_path) == ledger


def test_the_ledger_of_real_documents_comes_back(tmp_path):
    ledger = read_ledger(sample()[1])
    assert len(ledger.facts()) > 1000 and ledger.figures and ledger.contradictions
    write_ledger(ledger, tmp_path, MADE_OF, RUN)
    assert read_ledger(tmp_path) == ledger


def test_settings_come_back_and_each_run_is_kept(tmp_path):
    for _ in range(3):
        write_ledger(Ledger(), tmp_path, MADE_OF, RUN)
    assert settings_of(tmp_path) == MADE_OF
    with closing(sqlite3.connect(tmp_path / NAME)) as sql:
        runs = sql.execute("SELECT * FROM runs").fetchall()
    assert runs == [(number, *RUN, 0) for number in (1, 2, 3)]


def test_a_decimal_keeps_its_digits_and_no_zeros():
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("-0.0")) == "0"
    assert plain(Decimal("0.1250")) == "0.125"
    assert plain(Decimal("123456789012345678901234567890.5")) == "123456789012345678901234567890.5"
    assert plain(None) is None


BROKEN = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "empty": lambda path: path.write_bytes(b""),
    "other": lambda path: path.write_bytes(b"no database at all" * 99),
    "another value": lambda path: run(path, "UPDATE figures SET value = '1x'"),
    "another box": lambda path: run(path, "UPDATE facts SET box = '[1]' WHERE box IS NOT NULL"),
    "no settings": lambda path: run(path, "DELETE FROM settings"),
    "no table": lambda path: run(path, "DROP TABLE said"),
    "a number that nobody has": lambda path: run(path, "UPDATE facts SET said = '[999999]'"),
    "another version": lambda path: run(path, "PRAGMA user_version = 99"),
}


def run(path: Path, command: str) -> None:
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(command)
        sql.commit()


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_ledger_is_named_with_what_to_do(tmp_path, how):
    write_ledger(read_ledger(sample()[1]), tmp_path, MADE_OF, RUN)
    BROKEN[how](tmp_path / NAME)
    with pytest.raises(ValueError, match=r"ledger\.sqlite: .*; read the archive again"):
        read_ledger(tmp_path)
        settings_of(tmp_path)


def test_a_folder_without_a_ledger_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"holds no ledger\.sqlite; it is what tenth read writes"):
        read_ledger(tmp_path)


FULL = """
import resource, sys
from pathlib import Path
from tenth.reader.ledger import read_ledger, write_ledger, settings_of
whole, out = map(Path, sys.argv[1:])
ledger = read_ledger(whole)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    write_ledger(ledger, out, settings_of(whole), ("now", 1.0, "1"))
except OSError as error:
    print(error.filename)
"""


def test_a_full_disk_leaves_the_former_ledger_and_nothing_else(tmp_path):
    write_ledger(Ledger(), tmp_path, MADE_OF, RUN)
    before = (tmp_path / NAME).read_bytes()
    done = subprocess.run([sys.executable, "-c", FULL, str(sample()[1]), str(tmp_path)],
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.stdout.strip() == str(tmp_path / NAME), done.stderr
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


@pytest.fixture
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the sample's ledger attached; the extension comes from its wheel, not the net."""
    extension = files("duckdb_extension_sqlite_scanner") / "extensions" / f"v{duckdb.__version__}"
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as sql:
        sql.execute(f"LOAD '{extension / 'sqlite_scanner.duckdb_extension'}'")
        sql.execute(f"ATTACH '{sample()[1] / NAME}' AS ledger (TYPE sqlite, READ_ONLY)")
        sql.execute("USE ledger")
        yield sql


def test_duckdb_reads_the_facts(duck):
    """As exact decimals, dates and whole numbers; a value that is unknown is NULL."""
    rows = duck.execute(
        "SELECT id, CAST(value AS DECIMAL(38, 10)), unit, currency, scale, status,"
        " TRY_CAST(period_start AS DATE), TRY_CAST(period_end AS DATE), locator FROM facts"
    ).fetchall()
    facts = read_ledger(sample()[1]).facts()
    assert {row[0] for row in rows} == facts.keys()
    for id_, value, unit, currency, scale, status, start, end, locator in rows:
        fact = facts[id_]
        assert value == fact.value, id_  # Decimal against Decimal: nothing went through a float
        assert (unit, currency, scale, status) == (
            fact.unit, fact.currency, fact.scale, fact.status,
        )  # fmt: skip
        assert (start.isoformat() if start else "") == fact.period.start
        assert (end.isoformat() if end else "") == fact.period.end
        assert locator == fact.place.locator
    assert {type(row[1]) for row in rows} == {Decimal}


def test_duckdb_joins_facts_with_what_they_rest_on(duck):
    rows = duck.execute(
        "SELECT f.id, s.what, s.text, s.locator FROM"
        " (SELECT id, unnest(CAST(CAST(said AS JSON) AS BIGINT[])) AS number FROM facts) f"
        " JOIN said s USING (number)"
    ).fetchall()
    said = {
        (fact.id, one.what, one.text, one.place.locator)
        for fact in read_ledger(sample()[1]).facts().values()
        for one in fact.said
    }
    assert set(rows) == said
    assert {what for _, what, _, _ in rows} >= {"label", "period", "scale"}


def test_duckdb_recomputes_margins_from_their_inputs(duck):
    """A derived figure, its inputs and the documents that these stand in: three tables joined."""
    rows = duck.execute(
        "SELECT g.value, CAST(f.value AS DECIMAL(38, 4)) / CAST(r.value AS DECIMAL(38, 4)),"
        " f.document, r.document FROM figures g"
        " JOIN inputs a ON a.figure = g.id AND a.number = 1 JOIN facts f ON f.id = a.id"
        " JOIN inputs b ON b.figure = g.id AND b.number = 2 JOIN facts r ON r.id = b.id"
        " WHERE g.metric = 'net_margin' AND g.formula LIKE '% / %'"
    ).fetchall()
    assert len(rows) >= 3
    documents = {document for document, _ in duck.execute(
        "SELECT document, sha256 FROM documents").fetchall()}  # fmt: skip
    for margin, recomputed, *where in rows:
        assert float(margin) == pytest.approx(float(recomputed), abs=1e-9)
        assert set(where) <= documents


def test_duckdb_reads_the_parquet_of_facts_to_the_same_sum(duck):
    parquet = str(sample()[1] / "facts.parquet")
    sums = [
        duck.execute(
            f"SELECT currency, count(*), sum(CAST(value AS DECIMAL(38, 4))) FROM {table}"
            " WHERE unit = 'currency' GROUP BY currency ORDER BY currency", values
        ).fetchall()
        for table, values in (("facts", []), ("read_parquet(?)", [parquet]))
    ]  # fmt: skip
    assert sums[0] == sums[1] and sums[0]
