"""Builds the sample archive, has `tenth read` read it, and says what it found.

python samples/demo.py [FOLDER]       # default: runs/sample
"""

import subprocess
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples.reports import write_sample

FOLDER = Path("runs/sample")


def main(folder: Path = FOLDER) -> int:
    """Returns the exit code of `tenth read`."""
    folder.mkdir(parents=True, exist_ok=True)
    archive, out = folder / "reports.zip", folder / "out"
    write_sample(archive)
    print(f"three annual reports of a company that does not exist: {archive}")
    print(f"$ tenth read {archive} -o {out}", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "tenth", "read", str(archive), "-o", str(out)]
    code = subprocess.run(command, check=False).returncode
    if not code:
        print(f"read in {time.monotonic() - began:.1f} s")
        for name in ("workbook.xlsx", "summary.html", "contradictions.md"):
            if (out / name).is_file():
                print(f"{out / name}")
    return code


if __name__ == "__main__":
    sys.exit(main(*(Path(name) for name in sys.argv[1:2])))
