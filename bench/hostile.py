"""What hostile archives and files cost a whole `tenth read`: seconds, memory, and what is said.

    .venv/bin/python bench/hostile.py [name ...] [--save]

Each is built and read by a process of its own, in a folder that nothing may appear in besides its
own. The seconds of CPU tell how far a busy machine lengthened the run. Memory is the sum over
the process and all it starts, sampled every 20 ms: at its peak, and
above that of reading a file of one line. The bars: 10 seconds, 512 MB more, a clear line or a
document, nothing written elsewhere. `--save` writes the figures to bench/results/.
"""

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.documents import hostile_archives, hostile_pdfs, hostile_texts  # noqa: E402

CASES = {**hostile_archives.HOSTILE, **hostile_pdfs.HOSTILE, **hostile_texts.HOSTILE}
SECONDS, MEMORY, PATIENCE = 10, 512 << 20, 300
ELSEWHERE = Path("/escaped.txt")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    base = measure("idle.txt", lambda path: path.write_text("a line\n"))["peak"]
    print(f"a file of one line: {base >> 20} MB at the peak", flush=True)
    rows = []
    for name in arguments.names or CASES:
        row = measure(name, CASES[name])
        row["grown"] = row["peak"] - base
        row["missed"] = missed(row)
        rows.append(row)
        show(row)
    failed = sum(bool(row["missed"]) for row in rows)
    print(f"{len(rows) - failed} of {len(rows)} within {SECONDS} s and {MEMORY >> 20} MB")
    if arguments.save:
        save(base, rows)
    return bool(failed)


def measure(name: str, build) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "a", "b", "c")  # room for names that climb
        home.mkdir(parents=True)
        build(home / name)
        size, before = (home / name).stat().st_size, tree(folder)
        before_it = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds, peak, code, said = run(home, name)
        after_it = resource.getrusage(resource.RUSAGE_CHILDREN)
        written = {path for path in tree(folder) - before if not path.startswith("a/b/c/out")}
        return {
            "case": name,
            "bytes": size,
            "seconds": round(seconds, 2),
            "cpu_seconds": round(used(after_it) - used(before_it), 2),
            "peak": peak,
            "exit": code,
            "outside": sorted(written) + [str(ELSEWHERE)] * ELSEWHERE.exists(),
            **manifest(home / "out" / "manifest.csv", said),
        }


def used(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def run(home: Path, name: str) -> tuple[float, int, int, str]:
    """Seconds, peak of memory, exit code and last line of one whole `tenth read`."""
    command = [sys.executable, "-P", "-m", "tenth", "read", name, "-o", "out"]
    start, peak = time.monotonic(), 0
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
    with tempfile.TemporaryFile("w+") as output:
        process = psutil.Popen(
            command, cwd=home, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        while process.poll() is None and time.monotonic() - start < PATIENCE:
            peak = max(peak, held(process))
            time.sleep(0.02)
        seconds = time.monotonic() - start
        if process.poll() is None:
            process.kill()
        code = process.wait()
        output.seek(0)
        lines = output.read().strip().splitlines()
    return seconds, peak, code, lines[-1].strip() if lines else ""


def held(process: psutil.Process) -> int:
    total = 0
    with suppress(psutil.Error):
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total


def tree(folder: str) -> set[str]:
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*")}


def manifest(path: Path, said: str) -> dict:
    """How many members there are of each status, and the last reason, or what was printed."""
    if not path.is_file():
        return {"statuses": {}, "line": said}
    csv.field_size_limit(1 << 30)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    statuses: dict[str, int] = {}
    for row in rows:
        statuses[row["status"]] = statuses.get(row["status"], 0) + 1
    reasons = [f"{row['status']}: {row['reason']}" for row in rows if row["reason"]]
    return {"statuses": statuses, "line": (reasons or [""])[-1]}


def missed(row: dict) -> list[str]:
    """The bars it misses."""
    unread = any(status not in ("read", "duplicate") for status in row["statuses"])
    faults = {
        "seconds": row["seconds"] > SECONDS,
        "memory": row["grown"] > MEMORY,
        "outside": bool(row["outside"]),
        "line": (unread or not row["statuses"]) and not row["line"],
        "crash": row["exit"] not in (0, 1, 2) or "Traceback" in row["line"],
    }
    return [name for name, fault in faults.items() if fault]


def show(row: dict) -> None:
    statuses = ", ".join(f"{count} {status}" for status, count in row["statuses"].items())
    print(
        f"{row['case']:34} {row['bytes']:>11,} B {row['seconds']:>6.2f} s "
        f"({row['cpu_seconds']:>6.2f} CPU) "
        f"{row['peak'] >> 20:>5} MB, +{row['grown'] >> 20:<4} {statuses:22} "
        f"{'MISSED ' + ', '.join(row['missed']) + ' ' if row['missed'] else ''}{row['line'][:160]}",
        flush=True,
    )


def save(base: int, rows: list[dict]) -> None:
    today = date.today().isoformat()
    result = {
        "date": today,
        "command": " ".join(["python", "bench/hostile.py", *sys.argv[1:]]),
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "load_at_the_end": os.getloadavg()[0],
        "bars": {"seconds": SECONDS, "bytes": MEMORY},
        "idle_bytes": base,
        "cases": rows,
    }
    path = ROOT / "bench" / "results" / f"{today}-hostile.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
