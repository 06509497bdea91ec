"""Builds the sample archive, has `tenth read` read it, and says what it found.

python samples/demo.py [FOLDER]       # default: runs/sample
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples.reports import truth, write_sample
from tenth.reader.analysis.turnover import Turnover, turnover
from tenth.reader.ledger import read_ledger
from tenth.reader.model import Ledger

FOLDER = Path("runs/sample")
OUTPUTS = {
    "workbook.xlsx": "statements with live totals, ratios, charts, every figure linked",
    "summary.html": "what matters, with footnotes that show the page",
    "contradictions.md": "what does not fit, with both sources",
    "facts.csv": "every figure with its place",
}


def main(folder: Path = FOLDER) -> int:
    """Returns the exit code of `tenth read`."""
    folder.mkdir(parents=True, exist_ok=True)
    archive, out = folder / "reports.zip", folder / "out"
    write_sample(archive)
    print(f"Three annual reports of a company that does not exist: {archive}")
    print(f"$ tenth read {archive} -o {out}", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "tenth", "read", str(archive), "-o", str(out)]
    code = subprocess.run(command, check=False).returncode
    if not code:
        ledger = read_ledger(out)
        print(f"\nIn {time.monotonic() - began:.1f} s, reading and writing:")
        print(*planted(ledger), *lost_customers(ledger), sep="\n")
        print(*(f"  {out / name}: {what}" for name, what in OUTPUTS.items()), sep="\n")
    return code


def planted(ledger: Ledger) -> Iterator[str]:
    """Whether what the sample hides was found."""
    facts = ledger.facts()
    for one in truth().planted:
        accused = {
            facts[id_].document.partition(".zip/")[2]
            for found in ledger.contradictions
            if found.kind == "unit"
            for id_ in found.facts
        }
        was = "found" if one.member in accused else "NOT FOUND"
        yield f"Planted: sheet {one.sheet} of {one.member} says {one.says}, means thousands: {was}"


def lost_customers(ledger: Ledger) -> Iterator[str]:
    """Year by year, who of the customers is gone."""
    found = turnover(ledger.reports, ledger.facts(), ledger.contradictions)
    for one in found:
        if one.side == "customer" and one.vanished:
            yield f"customers lost in {one.after.end[:4]}: {', '.join(_gone(one))}"


def _gone(one: Turnover) -> Iterator[str]:
    for partner in one.vanished:
        share = "" if partner.before is None else f" ({partner.before.value:.1%} of {_year(one)})"
        yield f"{partner.name}{share}"


def _year(one: Turnover) -> str:
    return one.before.end[:4]


if __name__ == "__main__":
    sys.exit(main(*(Path(name) for name in sys.argv[1:2])))
