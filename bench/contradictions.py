"""Are the contradictions that are found in real annual reports really there?

    python bench/contradictions.py OUT... [--save]     # what tenth read wrote of the sets

bench/gold/contradictions.csv: the 69 that were found in 83 annual reports of the public set that
ledger.py names, on 2026-12-01, each judged by eye from images of its pages by somebody who had
not written the code. `true`: the document prints two figures that cannot both be
right; `rounding`: they differ by rounding or truncation alone; `scope`: both are right, of a part
and of the whole, of the parent and of the group; `misread`: the reader's mistake. The reader was
mended with this list in view. What is found now and was not then is `new`, by nobody judged.
"""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import click

from tenth.reader.ledger import plain, read_ledger

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "bench/gold/contradictions.csv"
RESULT = ROOT / f"bench/results/{date.today().isoformat()}-contradictions.json"


def found_in(out: Path) -> set[tuple[str, str, str, str]]:
    """Document, check, class and the figure found, of each contradiction."""
    ledger = read_ledger(out)
    facts = ledger.facts()
    return {
        (Path(facts[one.facts[0]].document).name, one.check, one.kind, plain(one.found) or "")
        for one in ledger.contradictions
    }


@click.command()
@click.argument("outs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--save", is_flag=True)
def main(outs: tuple[Path, ...], save: bool) -> None:
    rows = list(csv.DictReader(GOLD.open()))
    gold = {(row["document"], row["check"], row["found"]): row for row in rows}
    now = {one for out in outs for one in found_in(out)}
    counts: Counter[str] = Counter()
    for document, check, kind, found in sorted(now):
        verdict = gold.get((document, check, found), {}).get("verdict", "new")
        counts[f"{kind}: {verdict}"] += 1
        if verdict != "true":
            print(f"{kind}, {verdict}: {document} {check} {found}")
    told = {(document, check, found) for document, check, _, found in now}
    lost = [key for key, row in gold.items() if row["verdict"] == "true" and key not in told]
    for key in lost:
        print("no longer found, though true:", *key)
    result = {
        "date": date.today().isoformat(),
        "command": "python bench/contradictions.py OUT... --save",
        "then": Counter(row["verdict"] for row in rows),
        "now": dict(sorted(counts.items())),
        "true_no_longer_found": len(lost),
    }
    print(json.dumps(result, indent=1))
    if save:
        RESULT.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
