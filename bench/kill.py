"""Kills `tenth read` at random points and lets it go on: are all its outputs the same?

    .venv/bin/python bench/kill.py ARCHIVE [--kills 20] [--jobs 2] [--seed 0] [-- OPTIONS]

An undisturbed run gives the bytes to compare with and the time over which the kills are spread.
Then the same archive is read into a second folder, SIGKILLed at as many points as asked, each
drawn from what is left of that time, and finished; half of the kills wait for the ledger's stage,
which a run that goes on would else reach once. Exit code 1 where a byte of a file differs, where a
row of ledger.sqlite or documents.sqlite does (but for their run tables), where a database is
broken, or where a process outlives its parent.
"""

import argparse
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from tenth.reader.check import differences, files_of

SHORT = 10.0  # seconds of a run that may well be begun anew


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    own = [*sys.argv[1:], "--"]
    args = parser.parse_args(own[: own.index("--")])
    args.options = own[own.index("--") + 1 : -1]
    draw = random.Random(args.seed)
    with tempfile.TemporaryDirectory(prefix="tenth-kill-") as folder:
        whole, killed = Path(folder, "whole"), Path(folder, "killed")
        times = undisturbed(args, whole)
        print(
            f"undisturbed: {times.end:.1f} s, from {times.ledger:.1f} s on the ledger; "
            f"{len(files_of(whole))} files"
        )
        left, kills = kill_and_resume(args, killed, times, draw)
        found = differences(killed, whole)
        sound = all(map(is_sound, killed.glob("*.sqlite")))
        stages = ", ".join(f"{count} in {stage}" for stage, count in sorted(kills.items()))
        print(f"{kills.total()} kills ({stages}), {left} processes left over; sound: {sound}")
        print(f"places that differ: {len(found)}", *(one.line for one in found[:5]), sep="\n  ")
        print(f"temporary files left: {temporaries(killed)}")
        return int(bool(found or left or not sound or temporaries(killed)))


@dataclass(frozen=True)
class Times:
    """Seconds from the start of an undisturbed run."""

    begin: float  # when its folder was there
    ledger: float  # when all was read
    end: float


def undisturbed(args: argparse.Namespace, out: Path) -> Times:
    """Raises RuntimeError where it fails."""
    start = time.monotonic()
    process, begin, ledger = start_read(args, out), 0.0, 0.0
    while process.poll() is None:
        now = time.monotonic() - start
        begin = begin or (now if out.is_dir() else 0.0)
        ledger = ledger or (now if manifest_time(out) else 0.0)
        time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"the undisturbed run ended with {process.returncode}")
    return Times(begin, ledger, time.monotonic() - start)


def start_read(args: argparse.Namespace, out: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "tenth", "read", str(args.archive), "-o", str(out)]
    options = ["--jobs", str(args.jobs), *args.options]
    return subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)


def kill_and_resume(
    args: argparse.Namespace, out: Path, times: Times, draw: random.Random
) -> tuple[int, Counter[str]]:
    """Processes left over after a kill, and how many kills there were in which stage."""
    left, kills, half = 0, Counter[str](), args.kills // 2
    whole_ledger = times.end - times.ledger
    while kills.total() < args.kills:
        before, process = manifest_time(out), start_read(args, out)
        if kills.total() < half:
            # In all as long as a run and the starts take, from its first moment to its last; short
            # runs end before and are begun anew
            took = times.end - times.begin
            wait = times.begin * 0.8 + draw.random() * max(2 * took / half, min(took, SHORT))
        else:
            while process.poll() is None and manifest_time(out) == before:
                time.sleep(0.02)
            wait = draw.random() * whole_ledger
        try:
            process.wait(wait)
            if kills.total() < half:
                shutil.rmtree(out)  # finished too early: once more from the start
        except subprocess.TimeoutExpired:
            stage = "documents" if manifest_time(out) == before else "ledger"
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills[stage] += 1
            print(f"  killed in {stage}, last written {newest(out)}", flush=True)
            time.sleep(1.0)
            left += sum(child.is_running() and child.status() != "zombie" for child in children)
    if code := start_read(args, out).wait():
        print(f"the last run ended with {code}")
    return left, kills


def manifest_time(out: Path) -> int:
    """It is written when all documents are: what comes then is the ledger."""
    path = out / "manifest.csv"
    return path.stat().st_mtime_ns if path.is_file() else 0


def newest(out: Path) -> str:
    """What was written last, to tell how far the run had come."""
    paths = [p for p in out.rglob("*") if p.is_file() and p.parent.name != ".spool"]
    last = max(paths, key=lambda path: path.stat().st_mtime_ns, default=None)
    return str(last.relative_to(out)) if last else "nothing written"


def temporaries(out: Path) -> list[str]:
    """What a killed run may have left, and the one that went on should not have."""
    found = [path.name for path in out.rglob("*") if ".tmp" in path.suffixes]
    return found + [path.name for path in out.glob(".spool*")]


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as sql:
        return (
            sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            and not sql.execute("PRAGMA foreign_key_check").fetchall()
        )


if __name__ == "__main__":
    sys.exit(main())
