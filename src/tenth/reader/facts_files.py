"""All facts of a ledger as CSV and as Parquet, one row each, the same columns in both."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tenth.files import atomic_open
from tenth.reader.ledger import plain
from tenth.reader.model import Fact, Ledger

UNKNOWN = "unknown"
COLUMNS: dict[str, Callable[[Fact], str]] = {
    "id": lambda fact: fact.id,
    "entity": lambda fact: fact.entity,
    "metric": lambda fact: fact.metric,
    "label": lambda fact: fact.label,
    "period_start": lambda fact: fact.period.start,
    "period_end": lambda fact: fact.period.end,
    "value": lambda fact: plain(fact.value) or "",
    "unit": lambda fact: fact.unit,
    "currency": lambda fact: fact.currency,
    "scale": lambda fact: UNKNOWN if fact.scale is None else str(fact.scale),
    "status": lambda fact: fact.status,
    "document": lambda fact: fact.document,
    "locator": lambda fact: fact.place.locator,
    "verbatim": lambda fact: fact.verbatim,
}


def facts_csv(ledger: Ledger) -> bytes:
    """RFC 4180 in UTF-8, a header first, in the ledger's order. Labels stand as printed, also those
    that a spreadsheet would take for a formula: load them as text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for report in ledger.reports:
        for fact in report.facts:
            writer.writerow([of(fact) for of in COLUMNS.values()])
    return text.getvalue().encode()


def facts_parquet(ledger: Ledger, path: Path) -> None:
    """The same as Parquet, wholly or not at all. Every column is text: `value` is the plain decimal
    of the CSV, which fits whatever its size and loses no digit (CAST(value AS DECIMAL(38, 10))
    gives a number), and null where there is none."""
    facts = [fact for report in ledger.reports for fact in report.facts]
    columns = {
        name: pa.array(
            [None if name == "value" and fact.value is None else of(fact) for fact in facts],
            pa.string(),
        )
        for name, of in COLUMNS.items()
    }
    with atomic_open(path) as file:
        pq.write_table(pa.table(columns), file, compression="zstd")
