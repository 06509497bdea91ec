"""Memory that opening a checkpoint costs beyond its tensors: sharded files streamed into place.

    python bench/load_memory.py                    # 4 GB of BF16; bar: 1.15
    python bench/load_memory.py --gb 1 --form fp8  # or mxfp4, int4: dequantized on the way

A folder of many tensors and one large one (half of all) is written; a process of its own then
allocates a BF16 tensor for each and reads it there. What is measured is the peak of anonymous
memory over the bytes of those tensors. The peak is VmHWM, which the kernel keeps without gaps
and which was set back before the first tensor, less RssFile at that moment: pages of libraries that
came in later count against us. The interpreter and torch are inside the peak; `beyond` leaves them
and the tensors out.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import torch

from tenth.checkpoints import TensorFiles, plain, write_tensors
from tenth.checkpoints.headers import DTYPES

BAR = 1.15
COLUMNS, CHUNK = 2048, 1 << 22
INT4 = {"num_bits": 4, "type": "int", "symmetric": True, "strategy": "group", "group_size": 32}
CONFIGS = {
    "bf16": None,
    "fp8": {"quant_method": "fp8", "weight_block_size": [128, 128]},
    "mxfp4": {"quant_method": "mxfp4"},
    "int4": {"quant_method": "compressed-tensors", "format": "pack-quantized",
             "config_groups": {"group_0": {"targets": ["Linear"], "weights": INT4}}},
}  # fmt: skip


@dataclass(frozen=True)
class Synthetic:
    """Random bytes that are made while they are written."""

    shape: tuple[int, ...]
    dtype: str
    values: bytes = b""

    @property
    def nbytes(self) -> int:
        return torch.Size(self.shape).numel() * DTYPES[self.dtype][1] // 8

    def chunks(self) -> Iterator[memoryview]:
        if self.values:
            yield memoryview(self.values)
            return
        random = memoryview(os.urandom(min(CHUNK, self.nbytes)))
        for start in range(0, self.nbytes, CHUNK):
            yield random[: min(CHUNK, self.nbytes - start)]


def parts(form: str, name: str, rows: int) -> Iterator[tuple[str, Synthetic]]:
    """What a weight of (rows, COLUMNS) is kept as."""
    weight = f"{name}.weight"
    if form == "bf16":
        yield weight, Synthetic((rows, COLUMNS), "BF16")
    elif form == "fp8":
        yield weight, Synthetic((rows, COLUMNS), "F8_E4M3")
        yield f"{weight}_scale_inv", Synthetic((-(-rows // 128), COLUMNS // 128), "F32")
    elif form == "mxfp4":
        yield f"{name}_blocks", Synthetic((1, rows, COLUMNS // 32, 16), "U8")
        yield f"{name}_scales", Synthetic((1, rows, COLUMNS // 32), "U8")
    else:
        shape = rows.to_bytes(8, "little") + COLUMNS.to_bytes(8, "little")
        yield f"{weight}_packed", Synthetic((rows, COLUMNS // 8), "I32")
        yield f"{weight}_scale", Synthetic((rows, COLUMNS // 32), "BF16")
        yield f"{weight}_shape", Synthetic((2,), "I64", shape)


def write(folder: Path, form: str, size: int) -> None:
    """`size` bytes of BF16, as they are once opened, half of them in one tensor."""
    row = 2 * COLUMNS
    large, small = size // 2 // row, max(1, min(2048, size // 64 // row))
    count = (size - large * row) // (small * row)
    names = [("large", large), *((f"layers.{i}", small) for i in range(count))]
    tensors = [part for name, rows in names for part in parts(form, name, rows)]
    write_tensors(folder, tensors, max_shard_bytes=max(size // 40, 1 << 20))


def memory(field: str) -> int:
    """Bytes, from the kernel's account of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


def load(folder: Path, form: str) -> None:
    """In a process of its own: prints what reading the folder took."""
    files = plain(TensorFiles(folder), CONFIGS[form])
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before, mapped = memory("RssAnon"), memory("RssFile")
    places = {  # touched, so that they are in memory before anything is read
        name: torch.ones(info.shape, dtype=torch.bfloat16) for name, info in files.info.items()
    }
    begun = time.perf_counter()
    for name, place in places.items():
        files.read_into(name, place)
    seconds = time.perf_counter() - begun
    resident = sum(place.nbytes for place in places.values())
    peak = memory("VmHWM") - mapped
    shards = {info.file for info in files.info.values()}
    print(json.dumps({
        "form": form, "tensors": len(places), "shards": len(shards), "resident_bytes": resident,
        "peak_anonymous_bytes": peak, "ratio": round(peak / resident, 4),
        "beyond_bytes": peak - before - resident, "seconds": round(seconds, 1),
    }))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gb", type=float, default=4.0)
    parser.add_argument("--form", choices=CONFIGS, default="bf16")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder is not None:
        return load(given.folder, given.form)
    with tempfile.TemporaryDirectory(prefix="load-memory-") as folder:
        write(Path(folder), given.form, int(given.gb * 1e9))
        command = [sys.executable, __file__, "--form", given.form, "--folder", folder]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    result = {"date": date.today().isoformat(), "bar": BAR, **json.loads(done.stdout)}
    print(json.dumps(result, indent=2))
    if result["ratio"] > BAR:
        sys.exit(f"over the bar of {BAR}")


if __name__ == "__main__":
    main()
