"""The races whose figures README quotes: each is one command, its result kept with the date.

    python bench/race.py demo                                     # what `make demo` runs
    python bench/race.py books ../shared/data/text/childlit_train.txt.xz --split-on blank-line

Runs `tenth race` in runs/NAME (resumable; one that is done stays as it is), copies result.json
without its samples to bench/results/DATE-race-NAME.json, prints the row of README's table.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from tenth.race.spoken import sci

ROOT = Path(__file__).resolve().parent.parent


COLUMNS = {  # of README's table: what a cell holds, and its decimals
    "kept": ("performance_kept", 3),
    "dense at a tenth keeps": ("performance_kept_dense_tenth", 3),
    "leverage": ("leverage", 2),
    "by experts": ("leverage_by_experts", 2),
    "memory alone": ("leverage_by_memory_alone", 2),
    "leverage, novel tokens": ("leverage_novel", 2),
    "kept, novel tokens": ("performance_kept_novel", 3),
    "leverage, fresh tokens": ("leverage_fresh", 2),
    "kept, fresh tokens": ("performance_kept_fresh", 3),
    "counting keeps": ("performance_kept_counts_all", 3),
    "with copies": ("performance_kept_counts_copies", 3),
    "time ratio": ("time_ratio", 2),
}


def head() -> str:
    """The table's first two lines; its rows follow."""
    titles = ["text", "C, FLOPs", "seeds", *COLUMNS, "command"]
    return "| " + " | ".join(titles) + " |\n" + "|---" * len(titles) + "|"


def cell(result: dict, key: str, digits: int) -> str:
    """A number with its interval; a leverage beyond the two dense arms is marked as a guess."""
    value, half = result.get(key), result.get(f"{key}_ci95")
    if value is None:
        return "-"
    beyond = result.get("leverages_extrapolated", [])
    further = " (extrapolated)" if value > 1 and key in beyond else ""
    return f"{value:.{digits}f}" + (f" ± {half:.{digits}f}" if half else "") + further


def row(result: dict, command: str) -> str:
    busy = any(arm.get("busy") for arm in result["arms"].values())
    cells = [
        result["source"],
        sci(result["budget"]),
        str(result["seeds"]),
        *(
            "not alone" if busy and key == "time_ratio" else cell(result, key, digits)
            for key, digits in COLUMNS.values()
        ),
        f"`{command}`",
    ]
    return "| " + " | ".join(cells) + " |"


def commit() -> str:
    """Of the code that ran: a version names many."""
    said = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True,
                          capture_output=True, check=False)  # fmt: skip
    return said.stdout.strip() or "unknown"


def main() -> None:
    name, *arguments = sys.argv[1:] or ["demo"]
    command = ["tenth", "race", *arguments, "--name", name]
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
    result = json.loads((ROOT / "runs" / name / "result.json").read_text())
    for arm in result["arms"].values():
        arm.pop("sample"), arm.pop("prompt")
    result["command"], result["commit"] = " ".join(command), commit()
    path = ROOT / "bench" / "results" / f"{date.today().isoformat()}-race-{name}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(head())
    print(row(result, " ".join(command[:-2])))


if __name__ == "__main__":
    main()
