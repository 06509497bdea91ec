"""How well, how fast and in how much memory tenth reads reports, beside pdfplumber and MarkItDown.

    make peers && python bench/documents.py --save    # writes bench/results/DATE-documents.json

On made-up reports, whose every cell is known: the strict F1 (each cell at its row and column of one
whole table) and the linked F1 (each text beside its neighbours; a table that is shifted or cut
loses little). The strict one is our own definition and asks for what the peers do not set out to
do, so compare readers by the linked one. On real filings there is no gold: tables are only counted.
Readers take turns in one run, each in a new process; figures are medians over the rounds, imports
are in the memory but not in the time. All read one page at a time in one process. A reader that
finds no tables by design has no F1.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import date
from importlib.metadata import version
from math import isnan
from pathlib import Path

import click
import pypdfium2
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the generator stands with the tests

from tests.documents.reports.adapters import PEERS, Found, Run, available, run  # noqa: E402
from tests.documents.reports.fonts import hei_file  # noqa: E402
from tests.documents.reports.generator import MAKERS, make  # noqa: E402
from tests.documents.reports.gold import Report  # noqa: E402
from tests.documents.reports.peers import READERS  # noqa: E402
from tests.documents.reports.scores import Score, score, total  # noqa: E402

FIRST_SEED = 3000  # those below were worked with, or looked at
NO_TABLES = ("tenth, text alone",)
ONLY_PDF = ("pdfplumber", "pdfplumber, text strategy")
FILINGS = ROOT.parent / "shared/data/reports/sec-10-q"


def pages_of(path: Path) -> int:
    """Sheets and word-processor files count as one page."""
    if path.suffix != ".pdf":
        return 1
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def readers_for(kind: str) -> list[str]:
    office, scan = kind in ("docx", "xlsx"), "scanned" in kind
    return [
        name
        for name in READERS
        if available(name) and not (name in ONLY_PDF and (office or scan))
        and not (name in NO_TABLES and (office or scan)) and not (name == "MarkItDown" and scan)
    ]  # fmt: skip


def turns(readers: list[str], paths: list[Path], rounds: int, timeout: float) -> dict:
    """Every reader once a round, so that a slow moment of the machine falls on all."""
    runs: dict[str, list[Run]] = defaultdict(list)
    for _ in range(rounds):
        for reader in readers:
            runs[reader].append(run(reader, paths, timeout))
    return runs


def figures(runs: list[Run], n_files: int, n_pages: int) -> dict:
    """Time and memory; a run that did not read every file has no speed."""
    last = runs[-1]
    errors = {found.name: found.error for found in last.found if found.error}
    whole = all(len(r.found) == n_files and not r.failed for r in runs) and not errors
    seconds = statistics.median(r.seconds for r in runs)
    return {
        "pages_per_second": round(n_pages / seconds, 2) if whole else None,
        "peak_mb": round(statistics.median(r.peak_mb for r in runs)),
        "tables": sum(len(found.tables) for found in last.found),
        "files_not_read": n_files - len(last.found) + len(errors),
        "errors": errors | ({"process": last.failed} if last.failed else {}),
    }


def quality(reader: str, reports: list[Report], last: Run) -> dict:
    """A file that was not read counts as one where nothing was found."""
    if reader in NO_TABLES:
        return {}
    found = {item.name: item for item in last.found}
    nothing = Found("", [], [], 0)
    scores = [score(report, found.get(report.path.name, nothing)) for report in reports]
    result: Score = total(scores)
    out = {"f1": result.f1, "linked_f1": result.linked_f1, "whole_tables": result.whole.share}
    if reader == "tenth":  # peers give no blocks, and boxes of grid cells rather than of ink
        out |= {
            "near": result.near.share, "order": result.order.share,
            "header_rows": result.header_rows.share, "captions": result.captions.share,
            "scales": result.scales.share,
        }  # fmt: skip
    return {name: round(value, 4) for name, value in out.items() if not isnan(value)}


def add_ratios(results: dict[str, dict]) -> None:
    """Ours over theirs."""
    ours = results.get("tenth", {}).get("pages_per_second")
    for result in results.values():
        theirs = result["pages_per_second"]
        result["tenth_speed_ratio"] = round(ours / theirs, 2) if ours and theirs else None


def measure(
    paths: list[Path],
    readers: list[str],
    rounds: int,
    timeout: float,
    reports: tuple[Report, ...] = (),
) -> dict:
    n_pages = sum(map(pages_of, paths))
    results = {}
    for reader, runs in turns(readers, paths, rounds, timeout).items():
        results[reader] = figures(runs, len(paths), n_pages)
        if reports:
            results[reader] |= quality(reader, list(reports), runs[-1])
    add_ratios(results)
    return {"files": len(paths), "pages": n_pages, "readers": results}


def show(title: str, measured: dict) -> None:
    table = Table(title=f"{title}: {measured['files']} files, {measured['pages']} pages")
    columns = ("pages_per_second", "tenth_speed_ratio", "peak_mb", "f1", "linked_f1",
               "whole_tables", "near", "order", "tables", "files_not_read")  # fmt: skip
    table.add_column("reader")
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    for reader, result in measured["readers"].items():
        cells = [result.get(column) for column in columns]
        table.add_row(reader, *("-" if cell is None else f"{cell:g}" for cell in cells))
    Console(width=160).print(table)


def peer_version() -> str | None:
    if not available("MarkItDown"):
        return None
    code = "from importlib.metadata import version; print(version('markitdown'))"
    return subprocess.run([PEERS, "-c", code], capture_output=True, text=True).stdout.strip()


def save(results: dict, settings: dict) -> None:
    out = {
        "date": date.today().isoformat(),
        "command": "python bench/documents.py",
        "settings": settings,
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(),
                    "processor": platform.machine()},
        "versions": {name: version(name) for name in ("tenth", "pypdfium2", "pdfplumber")}
        | {"markitdown": peer_version()},
        "results": results,
    }  # fmt: skip
    path = ROOT / "bench/results" / f"{date.today().isoformat()}-documents.json"
    path.write_text(json.dumps(out, indent=2, ensure_ascii=False) + "\n")
    print(f"wrote {path.relative_to(ROOT)}")


@click.command()
@click.option("--seeds", default=20, help="Reports of each kind.")
@click.option("--rounds", default=3, help="How often each reader reads everything.")
@click.option("--kinds", default=",".join(MAKERS), help="Kinds of made-up reports.")
@click.option("--filings", default=str(FILINGS), help="A folder of real PDFs.")
@click.option("--most", default=20, help="How many of them.")
@click.option("--timeout", default=3600.0, help="Seconds for one reader's turn.")
@click.option("--save/--no-save", "keep", default=False, help="Write bench/results/DATE-...json.")
def main(seeds, rounds, kinds, filings, most, timeout, keep) -> None:
    """Reads made-up and real reports with each reader in turn."""
    if not available("MarkItDown"):
        print("MarkItDown is not here (`make peers`): left out")
    results = {}
    for kind in filter(None, kinds.split(",")):
        if kind == "chinese-scanned" and not hei_file():
            print(f"{kind}: left out, this machine has no CJK font with outlines")
            continue
        with tempfile.TemporaryDirectory() as folder:
            numbers = range(FIRST_SEED, FIRST_SEED + seeds)
            reports = [make(kind, seed, Path(folder)) for seed in numbers]
            paths = [report.path for report in reports]
            results[kind] = measure(paths, readers_for(kind), rounds, timeout, tuple(reports))
        show(kind, results[kind])
    paths = sorted(Path(filings).glob("*.pdf"))[:most]
    if paths:
        results["filings"] = measure(paths, readers_for("filings"), rounds, timeout)
        show("filings", results["filings"])
    else:
        print("no real filings to read: left out")
    if keep:
        settings = {"seeds": seeds, "first_seed": FIRST_SEED, "rounds": rounds, "most": most}
        save(results, settings)


if __name__ == "__main__":
    main()
