"""95 % intervals: of a share, of a mean, and the quantiles they need."""

import math

import numpy as np

Z = 1.959964  # the normal distribution's 97.5 %
# Student's t at 97.5 % for 1, 2, ... degrees of freedom .
T975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045,
)  # fmt: skip


def wilson(right: float, n: int) -> tuple[float, float]:
    """Of a share, for `n` independent answers (Wilson 1927); it stays inside 0..1."""
    p, z2 = right / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def mean_interval(values: np.ndarray) -> tuple[float, float]:
    """Of the mean of independent values, Student's t; of one value nothing is known."""
    n = len(values)
    if n < 2:
        return -math.inf, math.inf
    half = t975(n - 1) * float(values.std(ddof=1)) / math.sqrt(n)
    return float(values.mean()) - half, float(values.mean()) + half


def t975(df: int) -> float:
    """Student's t at 97.5 %; beyond the table by its expansion (Abramowitz and Stegun, 26.7.5)."""
    if df <= len(T975):
        return T975[df - 1]
    return Z + (Z**3 + Z) / (4 * df) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * df**2)
