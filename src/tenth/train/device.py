"""Where training runs: the device, the faster dtype there, and the memory it took."""

import ctypes
import gc
import os
import platform
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch

from tenth.config import ArmConfig
from tenth.model import Transformer, initialize
from tenth.train.balance import Balancer
from tenth.train.loop import forward_backward

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
MICRO_TOKENS = {"cpu": 4096, "cuda": 32768, "mps": 8192}  # what fits the caches, or the card


def resolve_device(device: str) -> str:
    """auto: CUDA where there is one, else the CPU. Raises ValueError where one is missing."""
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if device == "auto":
        return "cuda" if there["cuda"] else "cpu"
    if not there.get(device, False):
        choices = ", ".join(name for name, ok in there.items() if ok)
        raise ValueError(f"--device {device} is not on this machine; there is: {choices}")
    return device


def resolve(config: ArmConfig) -> ArmConfig:
    """The arm with its device, micro-batch and dtype settled, so that a resumed run keeps them."""
    t = config.train
    device = resolve_device(t.device)
    micro = t.micro_batch or max(1, min(t.batch_size, MICRO_TOKENS[device] // t.seq_len))
    config = replace(config, train=replace(t, device=device, micro_batch=micro))
    if t.dtype == "auto":
        config = replace(config, train=replace(config.train, dtype=faster_dtype(config)))
    return config


def faster_dtype(config: ArmConfig) -> str:
    """bfloat16 where a micro-batch runs at least a tenth faster in it; CUDA always takes it.

    Experts on a CPU take float32: oneDNN compiles a bf16 kernel for each new number of rows of an
    expert and keeps it, so that memory grows with every step and the probe below would not show it.
    """
    if config.train.device == "cuda":
        return "bfloat16"
    if config.train.device == "mps" or config.model.n_experts or config.model.head_groups:
        return "float32"
    model = initialize(Transformer(config.model), 0)
    balancer = Balancer(model, "none", 0.0)
    shape = (config.train.micro_batch, config.train.seq_len + 1)
    batch = torch.randint(0, config.model.vocab_size, shape)
    best = dict.fromkeys(("float32", "bfloat16"), float("inf"))
    for _ in range(4):  # in turn, so that a noisy moment hits both
        for dtype in best:
            arm = replace(config, train=replace(config.train, dtype=dtype))
            begun = time.perf_counter()
            forward_backward(model, batch, arm, balancer)
            best[dtype] = min(best[dtype], time.perf_counter() - begun)
            model.zero_grad()
    return "bfloat16" if best["bfloat16"] < 0.9 * best["float32"] else "float32"


def keep_freed_memory() -> None:
    """Lets glibc reuse large blocks; it would return each to the system and fault it in anew.

    A training step frees and takes the same hundreds of megabytes over and over: without this a
    quarter to two fifths of its time goes to page faults (bench/malloc.py). Only on glibc.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(M_MMAP_THRESHOLD, 1 << 30)
        libc.mallopt(M_TRIM_THRESHOLD, (1 << 31) - 1)


def reset_peak(device: str) -> None:
    """Starts the count of peak memory anew, after giving back what the last arm held."""
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
    if sys.platform == "linux":
        with suppress(OSError):  # a locked-down kernel: the peak then covers the earlier arms too
            Path("/proc/self/clear_refs").write_text("5")


def peak_bytes(device: str) -> int:
    """The most memory since `reset_peak`: the card's on CUDA, else the whole process's."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated()
    if sys.platform == "linux":
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def other_work() -> bool:
    """Whether, in the last minute, more ran here than this process' threads: its seconds then say
    little. False where the system does not tell.
    """
    with suppress(AttributeError, OSError):
        return os.getloadavg()[0] > 1.5 * torch.get_num_threads()
    return False


def machine() -> dict[str, str]:
    """What a figure in seconds depends on."""
    cpu = platform.processor() or platform.machine()
    if sys.platform == "linux":
        names = [x for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x]
        cpu = names[0].split(":", 1)[1].strip() if names else cpu
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
    return {
        "cpu": cpu,
        "threads": str(torch.get_num_threads()),
        "gpu": gpu,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "system": platform.system(),
    }
