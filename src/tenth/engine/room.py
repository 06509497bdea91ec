"""Whether a model's weights fit the memory that is free, and what to expect when they do not."""

from pathlib import Path

import psutil

DISK = 2e9  # bytes that a common NVMe disk reads in a second, in pieces of an expert's size
RESERVE = 0.9  # of the free memory: the state, the activations and Python need the rest
GROUPS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current"))


def weight_bytes(folder: Path) -> int:
    """Bytes of the weights on disk."""
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def free_memory() -> int:
    """Bytes that can be had without swapping; a container's own limit counts."""
    free = psutil.virtual_memory().available
    try:
        limit, used = (int(path.read_text()) for path in GROUPS)
    except (OSError, ValueError):  # no such limit
        return free
    return max(0, min(free, limit - used))


def fits(n_bytes: int, free: int | None = None) -> bool:
    """Whether weights of that size can be resident."""
    return n_bytes <= RESERVE * (free_memory() if free is None else free)


def expectation(n_bytes: int, active_bytes: int | None = None, free: int | None = None) -> str:
    """A sentence for the user; empty when the weights fit.

    `active_bytes` is what one token reads: all of a dense model, few experts of a sparse one.
    What does not fit is read again for nearly every token, for experts change from one to the next.
    """
    free = free_memory() if free is None else free
    if fits(n_bytes, free):
        return ""
    absent = 1 - RESERVE * free / n_bytes
    seconds = absent * (active_bytes or n_bytes) / DISK
    return (
        f"the weights take {n_bytes / 1e9:.1f} GB and {free / 1e9:.1f} GB of memory are free: the "
        f"model runs memory-mapped, and each token reads from the disk what is not in memory, "
        f"about {absent:.0%} of it. Expect about {_seconds(seconds)} a token with a disk that "
        f"reads {DISK / 1e9:.0f} GB/s; a smaller form (--quantize) may fit"
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds >= 9.5 else f"{seconds:.2g} seconds"
