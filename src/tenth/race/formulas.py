"""The formulas of a race: performance kept, gap closed, and leverage on the dense line.

b is an arm's bits per byte (or per novel or fresh token) on the verdict split, C its training
FLOPs. The dense line b = a C^-s runs through both dense arms, at a tenth and at the whole budget.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

Arm = Mapping[str, Any]

BITS, NOVEL, FRESH = "bits_per_byte", "novel_bits", "fresh_bits"


def performance_kept(b: float | None, b_dense: float | None) -> float | None:
    """b_dense / b: 1 means as good as the dense arm, over 1 better."""
    return None if b is None or b_dense is None else ratio(b_dense, b)


def gap_closed(b: float, b_tenth: float, b_dense: float) -> float | None:
    """(b_tenth - b) / (b_tenth - b_dense); None where dense at full budget is no better."""
    if b_tenth <= b_dense:
        return None
    return ratio(b_tenth - b, b_tenth - b_dense)


def dense_slope(b_tenth: float, c_tenth: float, b_dense: float, c_dense: float) -> float | None:
    """s = ln(b_tenth / b_dense) / ln(c_dense / c_tenth), of b = a C^-s; None unless s > 0."""
    rise = math.log(b_tenth) - math.log(b_dense)
    run = math.log(c_dense) - math.log(c_tenth)
    if run <= 0 or rise <= 0:
        return None
    s = rise / run
    return s if s > 0 else None


def dense_compute_for(b: float, tenth: Arm, dense: Arm, field: str = BITS) -> float | None:
    """ln C*, C* = C_tenth (b_tenth / b)^(1/s): what a dense model needs to reach b; or None."""
    b_tenth, c_tenth = float(tenth[field]), float(tenth["flops"])
    s = dense_slope(b_tenth, c_tenth, float(dense[field]), float(dense["flops"]))
    if s is None:
        return None
    log_c = math.log(c_tenth) + (math.log(b_tenth) - math.log(b)) / s
    return log_c if math.isfinite(log_c) else None


def leverage(
    b: float | None, flops: float, tenth: Arm, dense: Arm, field: str = BITS
) -> float | None:
    """C* / flops: the multiple of an arm's FLOPs at which a dense model reaches its b; or None."""
    if b is None or bits_of(tenth, field) is None or bits_of(dense, field) is None:
        return None
    log_c = dense_compute_for(b, tenth, dense, field)
    return None if log_c is None else _exp(log_c - math.log(flops))


def beyond_the_line(lever: float | None, flops: float, tenth: Arm, dense: Arm) -> bool:
    """Whether C* lies outside the two dense arms, where their line is only a guess."""
    if lever is None:
        return False
    log_c = math.log(lever) + math.log(float(flops))
    low, high = math.log(float(tenth["flops"])), math.log(float(dense["flops"]))
    return not low - 1e-9 <= log_c <= high + 1e-9


def bits_of(arm: Arm | None, field: str = BITS) -> float | None:
    """An arm's bits, or None where there is no such arm or it has none."""
    value = (arm or {}).get(field)
    return float(value) if value else None


def ratio(a: float, b: float) -> float | None:
    """a / b where that is a finite number."""
    if b == 0:
        return None
    quotient = a / b
    return quotient if math.isfinite(quotient) else None


def both(x: float | None, y: float | None, f: Callable[[float, float], float | None]):
    """f(x, y), or None where either is."""
    return None if x is None or y is None else f(x, y)


def _exp(x: float) -> float | None:
    return math.exp(x) if abs(x) < 700 else None
