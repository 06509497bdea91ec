"""One token in C: builds `one_token.c` with the machine's own compiler, once, and calls it.

`library()` is None where that is not possible, and `why_not()` says why; then PyTorch does the same
in more and smaller operations (`tenth.ops.matvec`). TENTH_NATIVE=0 turns it off. The plain
references are the modules in tenth.model (docs/decisions/0012-one-token-in-c.md).
"""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from ctypes import POINTER, Structure, c_float, c_int, c_int64, c_size_t
from functools import lru_cache
from pathlib import Path

import torch

SOURCE = Path(__file__).with_name("one_token.c")
FLAGS = ["-O3", "-march=native", "-fopenmp", "-fno-math-errno", "-fno-trapping-math",
         "-shared", "-fPIC"]  # fmt: skip
FP32, BF16, INT8, INT4 = range(4)
KINDS = {torch.float32: FP32, torch.bfloat16: BF16}
SCORES = {"sigmoid": 0, "softmax": 1, "topk_softmax": 2}


def _fields(pointers: str, integers: str, floats: str = "") -> list:
    kinds = ((pointers, c_size_t), (integers, c_int64), (floats, c_float))
    return [(name, kind) for names, kind in kinds for name in names.split()]


class Matrix(Structure):
    """Field by field what the C source says; addresses are 0 for what there is not."""

    _fields_ = _fields("weight scales bias", "outputs inputs stride kind small group block")


class Attention(Structure):
    _fields_ = [
        *((name, Matrix) for name in "qkvo"),
        *_fields("norm post_norm q_norm k_norm sinks",
                 "kind width heads kv_heads d_head rotary window pairs full_norm",
                 "eps scale clip"),
    ]  # fmt: skip


class SwiGLU(Structure):
    _fields_ = [
        *((name, Matrix) for name in ("gate", "up", "down", "shared_gate", "router")),
        *((f"expert_{name}", POINTER(Matrix)) for name in ("gate", "up", "down")),
        *_fields("choice_bias norm post_norm",
                 "kind width d_ff experts top_k d_expert score renorm groups top_groups best",
                 "eps scale limit alpha"),
    ]  # fmt: skip


class Unavailable(Exception):
    """Why this machine does not run the C source."""


def library() -> ctypes.CDLL | None:
    return _loaded()[0]


def why_not() -> str:
    return _loaded()[1]


def checked(failed: int) -> None:
    if failed:
        raise MemoryError("no memory for one token")


@lru_cache(maxsize=1)
def int4_block() -> int:
    """How many outputs PyTorch's int4 packs together here, if in the order that the C source reads;
    else 0."""
    block = {"AVX2": 32, "AVX512": 64}.get(torch.backends.cpu.get_cpu_capability(), 0)
    if not block:
        return 0
    generator = torch.Generator().manual_seed(0)
    q = torch.randint(16, (block + 16, 32), dtype=torch.int32, generator=generator)
    bytes_whole = (q[: block // 2] + 16 * q[block // 2 : block]).T
    bytes_rest = (q[block::2] + 16 * q[block + 1 :: 2]).T
    expected = torch.cat((bytes_whole.flatten(), bytes_rest.flatten())).to(torch.uint8)
    packed = torch.ops.aten._convert_weight_to_int4pack_for_cpu(q, 2)
    return block if torch.equal(packed.flatten(), expected) else 0


@lru_cache(maxsize=1)
def _loaded() -> tuple[ctypes.CDLL | None, str]:
    try:
        return _opened(_built()), ""
    except (Unavailable, OSError, subprocess.SubprocessError) as error:
        return None, str(error) or type(error).__name__


def _built() -> Path:
    """The compiled library in the user's cache, named by all that it depends on."""
    if os.environ.get("TENTH_NATIVE") == "0":
        raise Unavailable("TENTH_NATIVE=0")
    compiler = os.environ.get("CC") or shutil.which("cc")
    if not compiler:
        raise Unavailable("there is no C compiler (cc)")
    version = subprocess.run([compiler, "--version"], capture_output=True, timeout=60).stdout
    parts = [SOURCE.read_bytes(), " ".join(FLAGS).encode(), version, _processor().encode()]
    name = hashlib.sha256(b"\0".join(parts)).hexdigest()[:20]
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tenth"
    path = folder / f"one_token-{name}.so"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as made:  # others may be at it as well
            new = Path(made) / path.name
            command = [compiler, *FLAGS, "-o", str(new), str(SOURCE), "-lm"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
            if done.returncode:
                said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
                raise Unavailable(f"{compiler} does not compile it: {said}")
            new.replace(path)
    return path


def _processor() -> str:
    """`-march=native` makes what only a processor with the same instructions can run."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else [platform.processor()]
    flags = [line for line in lines if line.lower().startswith(("model name", "flags", "features"))]
    return "\n".join([platform.machine(), *(flags or lines)[:3]])


def _opened(path: Path) -> ctypes.CDLL:
    """Refused where it brings threads of its own, which would wait for torch's and they for it."""
    opened = ctypes.CDLL(str(path))
    opened.sizes.restype = opened.threads.restype = c_int64
    opened.sizes.argtypes = [c_int64]
    for which, kind in enumerate((Matrix, Attention, SwiGLU)):
        assert opened.sizes(which) == ctypes.sizeof(kind), f"{kind.__name__} differs in C"
    address, number = c_size_t, c_int64
    opened.product.argtypes = [POINTER(Matrix), address, address, number]
    opened.attention.argtypes = [POINTER(Attention), *[address] * 5, number, number, address]
    opened.swiglu.argtypes = [POINTER(SwiGLU), *[address] * 6]
    for name in ("product", "attention", "swiglu"):
        getattr(opened, name).restype = c_int
    before = torch.get_num_threads()
    torch.set_num_threads(before + 1)
    shared = opened.threads() == before + 1
    torch.set_num_threads(before)
    if not shared:
        raise Unavailable("its OpenMP is not PyTorch's")
    return opened
