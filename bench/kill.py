"""Kills `tenth read` at random points and lets it go on: are manifest, text and tables the same?

    .venv/bin/python bench/kill.py ARCHIVE [--kills 20] [--jobs 2] [--seed 0] [-- OPTIONS]

An undisturbed run gives the bytes to compare with and the time over which the kills are spread.
Then the same archive is read into a second folder, SIGKILLed at as many points as asked, each
drawn from what is left of that time, and finished. Exit code 1 where a byte differs, where the
database is broken, or where a process outlives its parent.
"""

import argparse
import hashlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("options", nargs="*", help="of tenth read, after --")
    args = parser.parse_args()
    draw = random.Random(args.seed)
    with tempfile.TemporaryDirectory(prefix="tenth-kill-") as folder:
        whole, killed = Path(folder, "whole"), Path(folder, "killed")
        start = time.monotonic()
        if (code := start_read(args, whole).wait()) != 0:
            print(f"the undisturbed run ended with {code}")
            return 1
        seconds = time.monotonic() - start
        wanted = hashes(whole)
        print(f"undisturbed: {seconds:.1f} s, {len(wanted)} files of manifest, text and tables")
        left, kills = kill_and_resume(args, killed, seconds, draw)
        differing = sorted(
            name
            for name in wanted.keys() | hashes(killed).keys()
            if wanted.get(name) != hashes(killed).get(name)
        )
        sound = database_is_sound(killed)
        print(f"{kills} kills, {left} processes left over; database sound: {sound}")
        print(f"files that differ: {len(differing)} {differing[:5]}")
        return int(bool(differing or left or not sound or kills < args.kills))


def start_read(args: argparse.Namespace, out: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "tenth", "read", str(args.archive), "-o", str(out)]
    options = ["--jobs", str(args.jobs), *args.options]
    return subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)


def kill_and_resume(
    args: argparse.Namespace, out: Path, seconds: float, draw: random.Random
) -> tuple[int, int]:
    """Processes left over after a kill, and how many kills there were."""
    left = kills = 0
    while True:
        process = start_read(args, out)
        try:
            # In all as long as a run and the starts take, so that kills fall from its first
            # moment to its last; once there were enough, it may end
            wait = None if kills >= args.kills else 0.3 + draw.random() * 2 * seconds / args.kills
            process.wait(wait)
            if kills >= args.kills:
                return left, kills
            shutil.rmtree(out)  # finished too early: once more from the start
            continue
        except subprocess.TimeoutExpired:
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            time.sleep(1.0)
            left += sum(child.is_running() and child.status() != "zombie" for child in children)


def hashes(out: Path) -> dict[str, str]:
    paths = [out / "manifest.csv", *(out / "text").rglob("*"), *(out / "tables").rglob("*")]
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file()
    }


def database_is_sound(out: Path) -> bool:
    sql = sqlite3.connect(out / "documents.sqlite")
    try:
        return (
            sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            and not sql.execute("PRAGMA foreign_key_check").fetchall()
        )
    finally:
        sql.close()


if __name__ == "__main__":
    sys.exit(main())
