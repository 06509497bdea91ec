"""Opening a checkpoint costs its tensors and a few pieces, whatever form the largest one has."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench" / "load_memory.py"
# The largest tensor is 32 MB of the 64: a whole copy of it, in any type, would show.
PIECES = 40_000_000


@pytest.mark.skipif(
    not os.access("/proc/self/clear_refs", os.W_OK), reason="this system keeps no VmHWM to reset"
)
@pytest.mark.parametrize("form", ["bf16", "fp8", "mxfp4", "int4"])
def test_a_checkpoint_is_opened_in_the_memory_of_its_tensors(form):
    command = [sys.executable, str(BENCH), "--gb", "0.064", "--form", form]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.stdout, done.stderr  # the bar itself is for sizes beside which torch is small
    measured = json.loads(done.stdout)
    assert measured["resident_bytes"] > 60_000_000 and measured["shards"] > 5
    assert measured["beyond_bytes"] < PIECES
