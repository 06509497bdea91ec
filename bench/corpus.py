"""Does a large corpus become tokens in bounded memory? Peak memory and rate at growing sizes.

    python bench/corpus.py 25 100        # megabytes; the claim to check is 2000

The text is the standard library's lines in a seeded random order, cut into documents of about 3 KB,
one JSON line each. Every size runs in a process of its own. Writes bench/results/DATE-corpus.json.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tenth.config import DataConfig
from tenth.data import iter_documents, prepare
from tenth.train.device import machine, peak_bytes


def write_corpus(path: Path, size: int) -> None:
    lines = [line for doc in iter_documents(DataConfig()) for line in doc.text.splitlines()]
    draw, written = random.Random(0), 0
    with path.open("w") as file:
        while written < size:
            text = "\n".join(draw.choices(lines, k=80))
            file.write(json.dumps({"text": text}) + "\n")
            written += len(text.encode())


def measure(path: Path) -> None:
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        corpus = prepare(DataConfig(paths=(str(path),), vocab_size=4096), Path(folder) / "data")
        tokens = len(corpus.train.tokens)
    seconds = time.perf_counter() - begun
    print(json.dumps({"train_tokens": tokens, "seconds": seconds, "peak": peak_bytes("cpu")}))


def main() -> None:
    if sys.argv[1] == "--measure":
        return measure(Path(sys.argv[2]))
    rows = []
    for megabytes in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "text.jsonl"
            write_corpus(path, megabytes * 1_000_000)
            command = [sys.executable, __file__, "--measure", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        got = json.loads(done.stdout)
        row = {"megabytes": megabytes, "train_tokens": got["train_tokens"],
               "peak_megabytes": got["peak"] // 10**6,
               "seconds_per_megabyte": round(got["seconds"] / megabytes, 3)}  # fmt: skip
        rows.append(row)
        print(row, flush=True)
    result = {"date": date.today().isoformat(), "command": f"python bench/corpus.py {sys.argv[1:]}",
              "machine": machine(), "rows": rows}  # fmt: skip
    path = Path(__file__).parent / "results" / f"{result['date']}-corpus.json"
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
