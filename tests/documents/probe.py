"""Unpacks one archive in a process of its own and prints what it cost, as JSON."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def unpack_apart(archive: Path, spool: Path, timeout: float = 120) -> dict[str, Any]:
    """Seconds, bytes that memory grew at its peak, the members' names and why each was skipped."""
    command = [sys.executable, __file__, str(archive), str(spool)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def peak() -> int:
    """Bytes of memory this process ever held. (getrusage counts its parent's before exec, too.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) << 10


def main(archive: str, spool: str) -> None:
    from tenth.documents.archives import rar, sevenzip, zips  # noqa: F401
    from tenth.documents.archives.unpack import open_archive
    from tenth.documents.refusal import Refused

    before, began, members = peak(), time.monotonic(), []
    try:
        for member in open_archive(archive, spool):
            members.append((member.name, member.size, member.skipped))
        refused = ""
    except Refused as error:
        refused = str(error)
    print(
        json.dumps(
            {
                "seconds": time.monotonic() - began,
                "growth": peak() - before,
                "refused": refused,
                "members": members,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
