"""Several seeds of one race: their mean, its 95 % interval, and the names of their arms."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tenth.evals.intervals import t975


def mean_ci95(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    """The mean and the half width of its 95 % interval (Student's t); None where undefined."""
    known = [float(v) for v in values if v is not None]
    n = len(known)
    if n == 0 or n != len(values):
        return None, None
    mean = math.fsum(v / n for v in known)
    if n == 1:
        return mean, None
    scale = max(abs(v) for v in known) or 1.0  # squares of large numbers would overflow
    variance = math.fsum((v / scale - mean / scale) ** 2 for v in known) / (n - 1)
    half = t975(n - 1) * math.sqrt(variance / n) * scale
    return mean, half if math.isfinite(half) else None


def arm_and_seed(name: str) -> tuple[str, int]:
    """An arm's folder name taken apart: "sparse-plain-s2" is ("sparse-plain", 2)."""
    match = re.fullmatch(r"(.+)-s(\d+)", name)
    return (match[1], int(match[2])) if match else (name, 0)


def seeded(name: str, seed: int) -> str:
    """The folder of that seed's arm: the first seed's has the arm's own name."""
    return f"{name}-s{seed}" if seed else name


def of_seed(named: Mapping[str, Any], name: str, seed: int) -> Any:
    """What `name` is in that seed: named["dense-s2"], or None."""
    return named.get(seeded(name, seed))


def counts_of_seed(counts: Mapping[str, Any] | None, seed: int) -> dict[str, Any]:
    """That seed's own "counts-seen" beside the ones that all seeds share, as `judge` takes them."""
    found = {name: one for name, one in (counts or {}).items() if "-seen" not in name}
    seen = of_seed(counts or {}, "counts-seen", seed)
    return {"counts-seen": seen, **found} if seen else found


def mean_of(named: Mapping[str, Any], base: str, field: str) -> float | None:
    """The mean of a field over the seeds of one arm or count model; None where there is none."""
    found = [one.get(field) for name, one in named.items() if arm_and_seed(name)[0] == base]
    return mean_ci95(found)[0]
