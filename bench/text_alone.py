"""How much faster is text alone? `tenth read` with tables and without them, in turn.

    python bench/text_alone.py ../shared/data/reports/sec-10-q [--rounds 3] [--jobs 2] [--save]

Prints, and with --save keeps in bench/results/DATE-text-alone.json, the ratio of the medians: of
whole commands (start, archive, files written), and of their processor time.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import click

from tenth.train.device import machine

RESULTS = Path(__file__).resolve().parent / "results"
WAYS = {"tables": [], "text alone": ["--no-tables"]}


def one(paths: tuple[str, ...], jobs: int, options: list[str]) -> tuple[float, float]:
    """Seconds on the clock and of processor time, children's included."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tenth", "read", *paths, "-o", f"{folder}/out",
                   "--jobs", str(jobs), *options]  # fmt: skip
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--rounds", default=3)
@click.option("--jobs", default=2)
@click.option("--save", is_flag=True)
def main(paths: tuple[str, ...], rounds: int, jobs: int, save: bool) -> None:
    taken = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, options in WAYS.items():
            taken[way].append(one(paths, jobs, options))
            print(f"{way}: {taken[way][-1][0]:.1f} s", flush=True)
    clock, busy = (
        statistics.median(t[k] for t in taken["tables"])
        / statistics.median(t[k] for t in taken["text alone"])
        for k in (0, 1)
    )
    print(f"text alone: {clock:.2f} times as fast, {busy:.2f} times less processor time")
    if save:
        result = {"command": f"python bench/text_alone.py {' '.join(Path(p).name for p in paths)}",
                  "rounds": rounds, "jobs": jobs, "machine": machine(), "seconds": taken,
                  "times_as_fast": clock, "times_less_processor_time": busy}  # fmt: skip
        path = RESULTS / f"{date.today().isoformat()}-text-alone.json"
        path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
