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

ROOT = Path(__file__).resolve().parent.parent


def row(result: dict, command: str) -> str:
    def number(key: str, digits: int = 2) -> str:
        value, half = result.get(key), result.get(f"{key}_ci95")
        if value is None:
            return "-"
        return f"{value:.{digits}f}" + (f" ± {half:.{digits}f}" if half else "")

    cells = [
        result["source"],
        f"{result['budget']:.0e}",
        str(result["seeds"]),
        number("performance_kept", 3),
        number("performance_kept_dense_tenth", 3),
        number("leverage"),
        number("leverage_by_experts"),
        number("leverage_for_95"),
        number("gap_closed"),
        number("time_ratio"),
        f"`{command}`",
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    name, *arguments = sys.argv[1:] or ["demo"]
    command = ["tenth", "race", *arguments, "--name", name]
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
    result = json.loads((ROOT / "runs" / name / "result.json").read_text())
    for arm in result["arms"].values():
        arm.pop("sample"), arm.pop("prompt")
    result["command"] = " ".join(command)
    path = ROOT / "bench" / "results" / f"{date.today().isoformat()}-race-{name}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(row(result, " ".join(command[:-2])))


if __name__ == "__main__":
    main()
