"""What hostile archives cost: seconds, growth of memory at its peak, and the line they end with.

    python bench/hostile.py [name ...] [--save]

Each is built, then unpacked in a process of its own. The bars: 10 seconds, 512 MB. `--save` writes
the figures to bench/results/.
"""

import datetime
import json
import platform
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.documents.hostile_archives import HOSTILE  # noqa: E402
from tests.documents.probe import unpack_apart  # noqa: E402

SECONDS, MEMORY = 10, 512 << 20


def main(*arguments: str) -> int:
    wanted = [argument for argument in arguments if argument != "--save"]
    rows = [measure(name) for name in HOSTILE if not wanted or name in wanted]
    failed = [row["archive"] for row in rows if row["seconds"] > SECONDS or row["growth"] > MEMORY]
    print(f"{len(rows) - len(failed)} of {len(rows)} within {SECONDS} s and {MEMORY >> 20} MB")
    if "--save" in arguments:
        save(rows)
    return 1 if failed else 0


def measure(name: str) -> dict:
    folder = Path(tempfile.mkdtemp())
    try:
        archive = folder / name
        HOSTILE[name](archive)
        size = archive.stat().st_size
        got = unpack_apart(archive, folder / "spool", timeout=600)
    finally:
        shutil.rmtree(folder)
    lines = [why for _, _, why in got["members"] if why] + [got["refused"]] * bool(got["refused"])
    row = {
        "archive": name,
        "bytes": size,
        "seconds": round(got["seconds"], 2),
        "growth": got["growth"],
        "read": sum(not why for _, _, why in got["members"]),
        "skipped": len(lines),
        "line": (lines or [""])[-1],
    }
    print(
        f"{name:32} {size:>12,} B {row['seconds']:>6.2f} s {row['growth'] / 1e6:>6.1f} MB "
        f"{row['read']:>6} read {row['skipped']:>4} not  {row['line']}",
        flush=True,
    )
    return row


def save(rows: list[dict]) -> None:
    today = datetime.date.today().isoformat()
    result = {
        "date": today,
        "command": " ".join(["python", "bench/hostile.py", *sys.argv[1:]]),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "archives": rows,
    }
    path = ROOT / "bench" / "results" / f"{today}-hostile.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
