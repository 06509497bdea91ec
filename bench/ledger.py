"""Are the figures of real statements right: value, scale, sign and period?

    .venv/bin/python bench/ledger.py [OUT] [--save]   # OUT: what tenth read wrote of the filings
    .venv/bin/python bench/ledger.py --gold bench/gold/filings.csv OUT   # other companies' filings

bench/gold/figures.csv holds what a person's eye read from images of the pages, never a parser:
`nth` counts rows of one label down the page, `column` counts figures from the left, `columns` is
how many of them a whole row has; `months` of an instant are 0. Values are in whole units, signs as
printed. OUT/facts.csv is taken as a stranger would take it: the fact that stands on the page at
the label's row and the column's place is

    right    in value, scale, sign, the period's end and its length in months,
    wrong    if one of these differs,
    unknown  if no fact stands there, or it says that its value, scale or period is unknown.

bench/gold/filings.csv is alike, of annual and quarterly reports and earnings releases of other
companies: PDFs of the public FinanceBench repository (patronus-ai/financebench, folder pdfs), read
with `tenth read PDF ... -o OUT`. Of half of the companies, by a hash of their names, no output was
looked at before the labels stood; they are counted apart, as "held back". Documents of the gold
that OUT has not read are named and not counted.
bench/gold/reports.csv and reports_2.csv to _6.csv are alike, of annual reports of 85 companies of
many countries, drawn at random from the public repository trustbit/enterprise-rag-challenge, whose
file names they bear. All were worked with in the end; docs/log.md says what a first look gave.
bench/gold/figures_zh.csv holds figures of three annual reports of mainland companies, which are not
among the shared data: `tenth read` them into OUT, then `--gold bench/gold/figures_zh.csv`.

Without OUT, the 20 filings are zipped, and `tenth read` reads them into a folder that goes again.
Identities are counted over the statements of OUT/ledger.sqlite, see ledger_identities.py.
"""

import csv
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from ledger_identities import count_identities
from ledger_places import Row, on_pages, place
from tenth.reader.ledger import read_ledger

ROOT = Path(__file__).resolve().parents[1]
FILINGS = ROOT.parent / "shared/data/reports/sec-10-q"
GOLD = ROOT / "bench/gold/figures.csv"
HALVED = ROOT / "bench/gold/filings.csv"  # its companies were parted in two
RIGHT, WRONG = 0.98, 0.005  # at least, at most
DAYS = 30.4375  # of a month
VERDICTS = ("right", "wrong", "unknown")


def months(start: str, end: str) -> int:
    if not start:
        return 0
    return round(((date.fromisoformat(end) - date.fromisoformat(start)).days + 1) / DAYS)


def judge(gold: Row, fact: Row | None) -> tuple[str, str]:
    """The verdict, and what differs."""
    if fact is None:
        return "unknown", "no fact stands there"
    gaps = [name for name in ("value", "period_end") if not fact[name]]
    if gaps or fact["scale"] == "unknown" or fact["status"] == "unknown":
        return "unknown", ", ".join(gaps) or "scale or status"
    said = {
        "value": Decimal(fact["value"]) == Decimal(gold["value"]),
        "scale": fact["scale"] == gold["scale"],
        "period_end": fact["period_end"] == gold["period_end"],
        "months": str(months(fact["period_start"], fact["period_end"])) == gold["months"],
    }
    differing = [name for name, same in said.items() if not same]
    return ("wrong", ", ".join(differing)) if differing else ("right", "")


def measure(facts: list[Row], gold: list[Row]) -> dict:
    """Counts by statement, how many units differ beside, and a line for each miss."""
    pages = on_pages(facts)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    misses, units = [], 0
    for one in gold:
        found = place(one, pages.get((one["document"], int(one["page"])), []))
        fact = found.fact if found else None
        verdict, why = judge(one, fact)
        counts[one["statement"]][verdict] += 1
        units += verdict == "right" and fact is not None and fact["unit"] != one["unit"]
        if verdict != "right":
            said = "" if fact is None else (
                f"; said: {fact['value']}, scale {fact['scale']}, "
                f"{fact['period_start']}..{fact['period_end']}, {fact['status']}"
            )  # fmt: skip
            misses.append(
                f"{verdict}: {one['document']} page {one['page']}, {one['label'][:60]}, column "
                f"{one['column']}: {one['verbatim']} ({one['months']} months to "
                f"{one['period_end']}): {why}{said}"
            )
    return {
        "counts": {name: {v: c[v] for v in VERDICTS} for name, c in sorted(counts.items())},
        "units_that_differ": units,
        "misses": misses,
    }


def read_filings(filings: Path, out: Path) -> float:
    """Zips the filings and has `tenth read` read them; returns the seconds it took."""
    archive = out / "filings.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(filings.glob("*.pdf")):
            made.write(path, path.name)
    began = time.monotonic()
    command = [sys.executable, "-m", "tenth", "read", str(archive), "-o", str(out / "out")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def table_of(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_held_back(document: str) -> bool:
    """Whether a file's company, by its name before the year, is one of the half held back."""
    company = re.split(r"_(?=20\d\d|8K)", document)[0].upper()
    return int(hashlib.sha256(company.encode()).hexdigest(), 16) % 2 == 1


def evaluate(out: Path, seconds: float | None, gold: Path) -> dict:
    facts, figures = table_of(out / "facts.csv"), table_of(gold)
    read = {fact["document"].rsplit("/")[-1] for fact in facts}
    there = [one for one in figures if one["document"] in read]
    result = measure(facts, there)
    result["not_read"] = sorted({one["document"] for one in figures} - read)
    if gold == HALVED:
        held = [one for one in there if is_held_back(one["document"])]
        result["held_back"] = measure(facts, held)["counts"]
    result["identities"] = count_identities(out)
    kinds = Counter(one.kind for one in read_ledger(out).contradictions)
    result["contradictions"] = dict(sorted(kinds.items()))
    if seconds is not None:
        result["seconds_with_reading"] = round(seconds, 1)
    return result


def show(result: dict) -> bool:
    """Prints the rates and each miss; True where both bars are met."""
    console = Console(width=120, highlight=False)
    table = Table("statement", *VERDICTS)
    totals: Counter[str] = Counter()
    for name, counts in result["counts"].items():
        table.add_row(name, *(str(counts[verdict]) for verdict in VERDICTS))
        totals.update(counts)
    whole = totals.total()
    table.add_section()
    table.add_row("all", *(f"{totals[v]} ({totals[v] / whole:.2%})" for v in VERDICTS))
    console.print(table)
    if held := result.get("held_back"):
        apart = {v: sum(counts[v] for counts in held.values()) for v in VERDICTS}
        print("of these held back:", apart)
    if result["not_read"]:
        print("not read:", *result["not_read"])
    for miss in result["misses"]:
        print(miss)
    for name, one in result["identities"].items():
        print(f"{name}: {one['hold']} of {one['checked']} hold", *one["fail"], sep="\n  ")
    print(f"units that differ: {result['units_that_differ']}")
    print("contradictions:", result["contradictions"])
    return totals["right"] >= RIGHT * whole and totals["wrong"] <= WRONG * whole


@click.command()
@click.argument("out", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--gold", type=click.Path(exists=True, path_type=Path), default=GOLD,
              help="Another file of figures.")  # fmt: skip
@click.option("--save", is_flag=True, help="Write bench/results/DATE-ledger.json.")
def main(out: Path | None, gold: Path, save: bool) -> None:
    """Measures the facts of OUT against the gold figures; exit code 1 where a bar is missed."""
    gold = gold.resolve()
    if gold != GOLD and out is None:
        raise click.UsageError("--gold needs OUT, what tenth read wrote of its filings")
    if out:
        result = evaluate(out, None, gold)
    else:
        with tempfile.TemporaryDirectory() as folder:
            seconds = read_filings(FILINGS, Path(folder))
            result = evaluate(Path(folder) / "out", seconds, gold)
    met = show(result)
    print(f"bars (right >= {RIGHT:.1%}, wrong <= {WRONG:.1%}): {'met' if met else 'missed'}")
    if save:
        today = date.today().isoformat()
        head = {
            "date": today,
            "command": "python bench/ledger.py"
            + (" OUT" if out else "")
            + (f" --gold bench/gold/{gold.name}" if gold != GOLD else ""),
            "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
            "versions": {name: version(name) for name in ("tenth", "pypdfium2")},
            "gold": len(table_of(gold)),
        }
        name = "ledger" if gold == GOLD else f"ledger-{gold.stem}"
        path = ROOT / f"bench/results/{today}-{name}.json"
        path.write_text(json.dumps(head | result, indent=1, ensure_ascii=False) + "\n")
    sys.exit(not met)


if __name__ == "__main__":
    main()
