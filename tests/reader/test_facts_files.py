"""All facts as CSV and Parquet."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from tenth.reader.facts_files import COLUMNS, facts_csv, facts_parquet
from tenth.reader.model import Ledger, Place
from tests.reader.made import Q3, YEAR_END, report, statement

NAMES = [
    "id", "entity", "metric", "label", "period_start", "period_end", "value", "unit", "currency",
    "scale", "status", "document", "locator", "verbatim",
]  # fmt: skip


def made() -> Ledger:
    income, facts = statement("income", [('Sales, "net"', "Revenues", ["$1,234.50"]),
                                         ("利润\n总额", "", ["(2,028)"])], [Q3])  # fmt: skip
    unknown = msgspec.structs.replace(facts[1], value=None, scale=None, status="unknown")
    cell = msgspec.structs.replace(facts[0], id="cell", period=YEAR_END, value=Decimal("-0.0"),
                                   place=Place(1, None, "Sheet1!B3"))  # fmt: skip
    return Ledger((report((income, [facts[0], unknown, cell])),))


def test_columns_and_values_are_as_the_file_format_says() -> None:
    rows = list(csv.DictReader(io.StringIO(facts_csv(made()).decode(), newline="")))
    assert list(rows[0]) == NAMES
    assert rows[0]["label"] == 'Sales, "net"'
    assert rows[0]["value"] == "1234500000"
    assert rows[0]["scale"] == "1000000"
    assert (rows[0]["period_start"], rows[0]["period_end"]) == ("2023-07-01", "2023-09-30")
    assert rows[0]["locator"] == "3:300.00,100.00,350.00,110.00"
    assert rows[1]["label"] == "利润\n总额"
    assert (rows[1]["value"], rows[1]["scale"], rows[1]["status"]) == ("", "unknown", "unknown")
    assert (rows[2]["period_start"], rows[2]["locator"], rows[2]["value"]) == (
        "", "Sheet1!B3", "0",
    )  # fmt: skip


def test_lines_end_as_rfc_4180_has_them() -> None:
    text = facts_csv(made())
    assert text.startswith(",".join(NAMES).encode() + b"\r\n")
    assert text.endswith(b"\r\n") and b'"Sales, ""net"""' in text


def test_parquet_holds_the_same_rows_and_no_value_is_null(tmp_path: Path) -> None:
    facts_parquet(made(), tmp_path / "facts.parquet")
    table = pq.read_table(tmp_path / "facts.parquet")
    assert table.column_names == list(COLUMNS) == NAMES
    rows = list(csv.DictReader(io.StringIO(facts_csv(made()).decode(), newline="")))
    expected = [row | {"value": row["value"] or None} for row in rows]
    assert table.to_pylist() == expected


def test_a_value_of_any_size_keeps_every_digit(tmp_path: Path) -> None:
    ledger = made()
    huge = Decimal("123456789012345678901234567890123456789012.000000000000001")
    first = msgspec.structs.replace(ledger.reports[0].facts[0], value=huge)
    big = Ledger((msgspec.structs.replace(ledger.reports[0], facts=(first,)),))
    facts_parquet(big, tmp_path / "facts.parquet")
    assert Decimal(pq.read_table(tmp_path / "facts.parquet")["value"][0].as_py()) == huge


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    assert facts_csv(made()) == facts_csv(made())
    for name in ("a", "b"):
        facts_parquet(made(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
