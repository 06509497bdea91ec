"""Runs a reader, ours or a peer, in a process of its own and brings back what it found, how long
it took and how much memory it used at most."""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import psutil

from tests.documents.reports.gold import GoldCell, GoldTable

ROOT = Path(__file__).parents[3]
PEERS = ROOT / ".venv-peers/bin/python"  # made by `make peers`
PYTHONS = {"MarkItDown": PEERS}
MB = 1 << 20


@dataclass
class Found:
    """What a reader found in one file; shaped like a document where the scores look at it."""

    name: str
    tables: list[GoldTable]
    pages: list[SimpleNamespace]
    seconds: float
    error: str = ""


@dataclass
class Run:
    found: list[Found]
    seconds: float  # of reading, without imports
    peak_mb: float  # of the process and its children together
    failed: str = ""  # why the process came to an early end


def available(reader: str) -> bool:
    return PYTHONS.get(reader, Path(sys.executable)).exists()


def run(reader: str, paths: list[Path], timeout: float = 600) -> Run:
    """Reads `paths` one after the other in one new process."""
    python = str(PYTHONS.get(reader, sys.executable))
    program = str(Path(__file__).with_name("peers.py"))
    with tempfile.TemporaryDirectory() as folder:
        out, log = Path(folder, "found.jsonl"), Path(folder, "log")
        with open(log, "wb") as errors:
            command = [python, "-W", "ignore", program, reader, str(out), *map(str, paths)]
            process = subprocess.Popen(command, stdout=errors, stderr=errors)
            peak = watched(process, timeout)
        lines = out.read_text().splitlines() if out.exists() else []
        failed = log.read_text(errors="replace")[-300:] if process.returncode else ""
    found = [found_of(json.loads(line)) for line in lines[1:]]
    return Run(found, sum(f.seconds for f in found), peak / MB, failed)


def watched(process: subprocess.Popen, timeout: float) -> float:
    """The most memory that the process and its children held; ends it after `timeout` seconds."""
    begun, peak = time.monotonic(), 0.0
    parent = psutil.Process(process.pid)
    while process.poll() is None:
        if time.monotonic() - begun > timeout:
            process.kill()
            process.wait()
        peak = max(peak, sum(map(resident, family(parent))))
        time.sleep(0.02)
    return peak


def family(parent: psutil.Process) -> list[psutil.Process]:
    try:
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return []


def resident(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss
    except psutil.Error:  # it has ended
        return 0.0


def found_of(line: dict) -> Found:
    tables = []
    for item in line["tables"]:
        known = GoldCell.__dataclass_fields__
        cells = [GoldCell(**{k: v for k, v in c.items() if k in known}) for c in item["cells"]]
        table = GoldTable(
            cells,
            1 + max((c.row for c in cells), default=-1),
            1 + max((c.column for c in cells), default=-1),
            item.get("header_rows", 0),
            item.get("caption", ""),
            item.get("scale", ""),
            parts=[(page, tuple(box)) for page, box in item.get("parts", ())],
        )
        tables.append(table)
    blocks = [SimpleNamespace(**block) for block in line["blocks"]]
    pages = [SimpleNamespace(number=0, blocks=blocks)]
    return Found(line["name"], tables, pages, line["seconds"], line.get("error", ""))
