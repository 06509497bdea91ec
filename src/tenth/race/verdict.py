"""What a race says: performance kept, leverage, gap closed, thanks to what, how far to trust it.

b is an arm's bits per byte on the verdict split, C its training FLOPs. Of the four arms, `sparse`
has experts and memory, `sparse-plain` experts alone, `dense-tenth` neither at the same compute,
and `dense` the whole budget.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Arms = Mapping[str, Mapping[str, Any]]
Values = Mapping[str, Any]  # a number or None by name
Bits = Mapping[str, tuple[float, float | None]]  # an arm's bits per byte, and ± over seeds

ARMS = ("sparse", "sparse-plain", "dense-tenth", "dense")  # in the order they run
SHARE = 0.1  # of the dense arm's FLOPs, at most, for each of the other arms
NOT_INFORMATIVE = "NOT INFORMATIVE: "  # opens the verdict's warnings

MAX_TENTH_KEPT = 0.92  # a control that keeps more leaves nothing to tell apart
MAX_EPOCHS = 2.0  # a dense arm that reads on is short of text, not of compute
MAX_PARAMS = 32.0  # sparse / dense, all parameters
MAX_PEAK = 4.0  # sparse / dense, peak bytes
MIN_BUDGET = 1e12

NUMBERS = (
    "performance_kept",
    "performance_kept_plain",
    "performance_kept_dense_tenth",
    "leverage",
    "leverage_by_experts",
    "leverage_by_memory",
    "leverage_for_95",
    "gap_closed",
    "gap_closed_by_experts",
    "gap_closed_by_memory",
    "compute_ratio",
    "time_ratio",
)

# Student's t at 97.5 % for 1, 2, ... degrees of freedom (n = 2..30 seeds).
_T975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045,
)  # fmt: skip


# ---------------------------------------------------------------- the formulas


def performance_kept(b: float, b_dense: float) -> float | None:
    """b_dense / b: 1 means as good as the dense arm, over 1 better."""
    return _ratio(b_dense, b)


def gap_closed(b: float, b_tenth: float, b_dense: float) -> float | None:
    """(b_tenth - b) / (b_tenth - b_dense); None where dense at full budget is no better."""
    if b_tenth <= b_dense:
        return None
    return _ratio(b_tenth - b, b_tenth - b_dense)


def dense_slope(b_tenth: float, c_tenth: float, b_dense: float, c_dense: float) -> float | None:
    """s = ln(b_tenth / b_dense) / ln(c_dense / c_tenth), of b = a C^-s; None unless s > 0."""
    rise = math.log(b_tenth) - math.log(b_dense)
    run = math.log(c_dense) - math.log(c_tenth)
    if run <= 0 or rise <= 0:
        return None
    s = rise / run
    return s if s > 0 else None


def dense_compute_for(b: float, dense_tenth: Mapping[str, Any], dense: Mapping[str, Any]):
    """ln C*, C* = C_tenth (b_tenth / b)^(1/s): what a dense model needs to reach b; or None."""
    b_tenth, c_tenth = float(dense_tenth["bits_per_byte"]), float(dense_tenth["flops"])
    s = dense_slope(b_tenth, c_tenth, float(dense["bits_per_byte"]), float(dense["flops"]))
    if s is None:
        return None
    log_c = math.log(c_tenth) + (math.log(b_tenth) - math.log(b)) / s
    return log_c if math.isfinite(log_c) else None


def leverage(b: float, flops: float, dense_tenth: Mapping[str, Any], dense: Mapping[str, Any]):
    """C* / flops: the multiple of an arm's FLOPs at which a dense model reaches its b; or None."""
    log_c = dense_compute_for(b, dense_tenth, dense)
    return None if log_c is None else _exp(log_c - math.log(flops))


def _ratio(a: float, b: float) -> float | None:
    """a / b where that is a finite number."""
    if b == 0:
        return None
    quotient = a / b
    return quotient if math.isfinite(quotient) else None


def _exp(x: float) -> float | None:
    return math.exp(x) if abs(x) < 700 else None


# ---------------------------------------------------------------- one seed


def judge(arms: Arms, corpus_hash: str, budget: float) -> dict[str, Any]:
    """One seed's numbers and its verdict in words; every number is finite or None.

    performance_kept      b_dense / b_sparse (`_plain`, `_dense_tenth`: the same for those arms)
    gap_closed            (b_tenth - b_sparse) / (b_tenth - b_dense)
    leverage              C* / C_sparse, C* = C_tenth (b_tenth / b_sparse)^(1/s)
    leverage_for_95       the same at b_dense / 0.95 instead of b_sparse
    ..._by_experts        the same for sparse-plain
    gap_closed_by_memory  gap_closed - gap_closed_by_experts: what memory adds on top
    leverage_by_memory    leverage / leverage_by_experts: what memory multiplies it by
    compute_ratio         C_sparse / C_dense; time_ratio the same in seconds
    """
    _check(arms)
    sparse, plain, tenth, dense = (arms[name] for name in ARMS)
    b, b_plain, b_tenth, b_dense = (float(arms[name]["bits_per_byte"]) for name in ARMS)
    c = float(sparse["flops"])

    gap, gap_experts = gap_closed(b, b_tenth, b_dense), gap_closed(b_plain, b_tenth, b_dense)
    lever = leverage(b, c, tenth, dense)
    lever_experts = leverage(b_plain, float(plain["flops"]), tenth, dense)
    log_c = dense_compute_for(b, tenth, dense)
    numbers: dict[str, float | None] = {
        "performance_kept": performance_kept(b, b_dense),
        "performance_kept_plain": performance_kept(b_plain, b_dense),
        "performance_kept_dense_tenth": performance_kept(b_tenth, b_dense),
        "leverage": lever,
        "leverage_by_experts": lever_experts,
        "leverage_by_memory": _both(lever, lever_experts, _ratio),
        "leverage_for_95": leverage(b_dense / 0.95, c, tenth, dense),
        "gap_closed": gap,
        "gap_closed_by_experts": gap_experts,
        "gap_closed_by_memory": _both(gap, gap_experts, lambda x, y: _ratio(x - y, 1.0)),
        "compute_ratio": _ratio(c, float(dense["flops"])),
        "time_ratio": _ratio(float(sparse["seconds"]), float(dense["seconds"])),
    }
    reasons = _reasons(arms, numbers, budget)
    return {
        **numbers,
        "leverage_extrapolated": lever is not None and _outside(log_c, tenth, dense),
        "corpus_hash": corpus_hash,
        "informative": not reasons,
        "not_informative_because": reasons,
        "verdict": _words(numbers, {}, {n: (float(arms[n]["bits_per_byte"]), None) for n in ARMS},
                          reasons, _outside(log_c, tenth, dense), 1),
    }  # fmt: skip


def _both(x: float | None, y: float | None, f: Callable[[float, float], float | None]):
    return None if x is None or y is None else f(x, y)


def _outside(log_c: float | None, tenth: Mapping[str, Any], dense: Mapping[str, Any]) -> bool:
    """Whether C* lies beyond the two dense arms, where their line is only a guess."""
    if log_c is None:
        return False
    low, high = math.log(float(tenth["flops"])), math.log(float(dense["flops"]))
    return not low - 1e-9 <= log_c <= high + 1e-9


def _check(arms: Arms) -> None:
    missing = [name for name in ARMS if name not in arms]
    if missing:
        raise ValueError(f"a verdict needs the arms {', '.join(ARMS)}; missing: {missing}")
    for name in ARMS:
        for field in ("flops", "seconds", "bits_per_byte", "params_total", "peak_bytes", "epochs"):
            value: Any = arms[name].get(field)
            if type(value) not in (int, float) or not math.isfinite(value) or value < 0:
                raise ValueError(f"arm {name}: {field} is {value!r}, not a number of a race")
            if value == 0 and field in ("flops", "seconds", "bits_per_byte"):
                raise ValueError(f"arm {name}: {field} is 0")


def _reasons(arms: Arms, numbers: Mapping[str, float | None], budget: float) -> list[str]:
    """Why one should not lean on this race; empty when one may."""
    sparse, _, tenth, dense = (arms[name] for name in ARMS)
    reasons: list[str] = []

    kept = numbers["performance_kept_dense_tenth"]
    b_tenth, b_dense = float(tenth["bits_per_byte"]), float(dense["bits_per_byte"])
    if b_tenth <= b_dense:
        shown_dense, shown_tenth = _bits(b_dense, b_tenth)
        reasons.append(
            "The dense model with the whole budget is no better than the one with a tenth "
            f"({shown_dense} against {shown_tenth} bits per byte): there is no gap to close."
        )
    elif kept is not None and kept > MAX_TENTH_KEPT:
        reasons.append(
            f"A dense model with a tenth of the compute already keeps {kept:.3f} (over "
            f"{MAX_TENTH_KEPT}): too little is left to tell the models apart."
        )
    if dense["epochs"] > MAX_EPOCHS:
        reasons.append(
            f"The dense model read the text {_plain(dense['epochs'])} times (over "
            f"{MAX_EPOCHS:g}): it ran short of text, not of compute."
        )
    for field, limit, what in (
        ("params_total", MAX_PARAMS, "parameters in all"),
        ("peak_bytes", MAX_PEAK, "peak memory"),
    ):
        ratio = _ratio(float(sparse[field]), float(dense[field]))
        if ratio is not None and ratio > limit:
            reasons.append(
                f"The sparse model takes {_plain(ratio)} times the dense model's {what} "
                f"(over {limit:g}): it is paid for elsewhere."
            )
    if budget < MIN_BUDGET:
        reasons.append(
            f"The budget of {_sci(budget)} FLOPs is under {_sci(MIN_BUDGET)}: models this small "
            "say little about larger ones."
        )
    for name in ARMS:
        share = 1.0 if name == "dense" else SHARE
        if float(arms[name]["flops"]) > budget * share * (1 + 1e-9):
            reasons.append(
                f"The {name} arm spent {_sci(arms[name]['flops'])} FLOPs, over the "
                f"{_sci(budget * share)} it was given."
            )
    ratio = numbers["compute_ratio"]
    if ratio is not None and ratio > SHARE * (1 + 1e-9):
        reasons.append(f"The sparse arm spent {ratio:.6g} of the dense arm's FLOPs, over {SHARE}.")
    return reasons


# ---------------------------------------------------------------- several seeds


def combine(per_seed: Sequence[Mapping[str, Any]], arms_per_seed: Sequence[Arms]) -> dict[str, Any]:
    """Means over seeds, each number with `_ci95`: t(0.975, n-1) s / sqrt(n), the half width.

    A number that any seed could not give (None) is None: the mean of the lucky seeds would flatter.
    One seed is returned as it is, without `_ci95` and `per_seed`.
    """
    if not per_seed or len(per_seed) != len(arms_per_seed):
        raise ValueError(f"{len(per_seed)} verdicts for {len(arms_per_seed)} seeds")
    if len(per_seed) == 1:
        return dict(per_seed[0])
    for other in per_seed[1:]:
        _same_corpus(per_seed[0], other)

    means: dict[str, float | None] = {}
    ci: dict[str, float | None] = {}
    for name in NUMBERS:
        means[name], ci[name] = mean_ci95([seed[name] for seed in per_seed])
    bits: dict[str, tuple[float, float | None]] = {}
    for name in ARMS:
        mean, half = mean_ci95([float(arms[name]["bits_per_byte"]) for arms in arms_per_seed])
        bits[name] = (mean or 0.0, half)
    reasons = [
        f"Seed {i + 1} of {len(per_seed)}: {reason}"
        for i, seed in enumerate(per_seed)
        for reason in seed["not_informative_because"]
    ]
    beyond = any(seed["leverage_extrapolated"] for seed in per_seed)
    return {
        **means,
        **{f"{name}_ci95": half for name, half in ci.items()},
        "leverage_extrapolated": beyond,
        "corpus_hash": per_seed[0]["corpus_hash"],
        "informative": all(seed["informative"] for seed in per_seed),
        "not_informative_because": reasons,
        "verdict": _words(means, ci, bits, reasons, beyond, len(per_seed)),
        "per_seed": [dict(seed) for seed in per_seed],
    }


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
    t = _T975[n - 2] if n - 2 < len(_T975) else 1.96
    half = t * math.sqrt(variance / n) * scale
    return mean, half if math.isfinite(half) else None


def arm_and_seed(name: str) -> tuple[str, int]:
    """An arm's folder name taken apart: "sparse-plain-s2" is ("sparse-plain", 2)."""
    match = re.fullmatch(r"(.+)-s(\d+)", name)
    return (match[1], int(match[2])) if match else (name, 0)


def compare(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Two results side by side, {number: {"a", "b", "difference": b - a}}; of one corpus only."""
    _same_corpus(a, b)
    return {
        name: {"a": a[name], "b": b[name], "difference": b[name] - a[name]}
        for name in NUMBERS
        if a.get(name) is not None and b.get(name) is not None
    }


def _same_corpus(a: Mapping[str, Any], b: Mapping[str, Any]) -> None:
    first, second = (r.get("corpus_hash") or r.get("data", {}).get("corpus_hash") for r in (a, b))
    if not first or first != second:
        raise ValueError(
            f"corpus_hash {first} and {second} differ: results on different text do not compare"
        )


# ---------------------------------------------------------------- in words


def _words(
    numbers: Values,
    ci: Values,
    bits: Bits,
    reasons: Sequence[str],
    beyond: bool,
    seeds: int,
) -> list[str]:
    """The verdict, in the order one should read it."""
    words = [_kept(numbers, ci, bits, seeds), *_leverage(numbers, ci, beyond)]
    words += _earned(numbers, ci, bits)
    words += [_control(numbers, ci), _time(numbers, ci)]
    return words + [NOT_INFORMATIVE + reason for reason in reasons]


def _kept(numbers: Values, ci: Values, bits: Bits, seeds: int) -> str:
    ratio = numbers["compute_ratio"]
    share = "an unknown share" if ratio is None else f"{_percent(ratio, 1)} %"
    shown = _bits(bits["sparse"][0], bits["dense"][0])
    pair = [_pm(text, bits[n][1]) for text, n in zip(shown, ("sparse", "dense"), strict=True)]
    means = f"; means of {seeds} seeds, ± their 95 % interval" if seeds > 1 else ""
    measured = f"(bits per byte on text it never saw: {pair[0]} against {pair[1]}{means})"
    kept = numbers["performance_kept"]
    if kept is None:
        return f"At {share} of the FLOPs no share of performance can be given {measured}."
    shown_kept = _pm(_share(kept), ci.get("performance_kept"))
    if kept > 1:
        return (
            f"At {share} of the FLOPs the sparse model beats the dense one: it has {shown_kept} "
            f"of its performance {measured}."
        )
    return (
        f"At {share} of the FLOPs the sparse model keeps {shown_kept} of the dense model's "
        f"performance {measured}."
    )


def _leverage(numbers: Values, ci: Values, beyond: bool) -> list[str]:
    lever, for_95 = numbers["leverage"], numbers["leverage_for_95"]
    if lever is None:
        return [
            "No leverage can be given: a dense model gained too little from ten times the compute "
            "to say what compute is worth here."
        ]
    shown = times(lever, ci.get("leverage"))
    if lever < 0.95:
        said = f"It does worse than a dense model of its own compute would (leverage {shown})"
    elif lever < 1.05:
        said = f"It does no more than a dense model of its own compute would (leverage {shown})"
    else:
        said = f"It does what a dense model needs {shown} its compute for"
    if for_95 is None:
        return [f"{said}."]
    target = times(for_95, ci.get("leverage_for_95"))
    if lever >= for_95:
        said += f"; keeping 95 % takes {target} on this text, so that is reached."
    else:
        said += f"; to keep 95 % would take {target} on this text."
    if not beyond:
        return [said]
    return [said, "That leverage lies beyond the two dense models, on their line drawn further."]


def _earned(numbers: Values, ci: Values, bits: Bits) -> list[str]:
    gap, experts = numbers["gap_closed"], numbers["gap_closed_by_experts"]
    if gap is None or experts is None:
        plain, sparse = _bits(bits["sparse-plain"][0], bits["sparse"][0])
        tenth = _bits(bits["dense-tenth"][0], bits["sparse-plain"][0])[0]
        return [
            "There is no gap to share out: in bits per byte a dense model at a tenth has "
            f"{tenth}, the experts alone {plain}, experts and memory {sparse}."
        ]
    total, e, m = shares(gap, experts)
    by = (
        f"{_pm(f'{e} %', ci.get('gap_closed_by_experts'), 100)} by the experts, "
        f"{_pm(f'{m} %', ci.get('gap_closed_by_memory'), 100)} by the memory"
    )
    shown = _pm(f"{total} %", ci.get("gap_closed"), 100)
    between = "the gap between a dense model at a tenth and the full one"
    if gap < 0:
        said = f"It closes none of {between} but widens it ({shown} closed): {by}."
    elif gap > 1:
        said = f"It closes {between} and goes beyond, {shown} of it: {by}."
    else:
        said = f"Of {between} it closes {shown}: {by}."
    return [said, _parts(numbers, ci)] if numbers["leverage_by_experts"] is not None else [said]


def _parts(numbers: Values, ci: Values) -> str:
    """What the experts earned alone and the memory on top, also where that is nothing or less."""
    experts, memory = numbers["leverage_by_experts"], numbers["leverage_by_memory"]
    half = ci.get("leverage_by_experts")
    shown = times(experts, half)
    if half is not None and abs(experts - 1) <= half:
        said = f"What the experts alone earned cannot be told from nothing (leverage {shown})"
    elif experts < 0.95:
        said = f"The experts alone earned nothing here (leverage {shown}): they cost performance"
    elif experts < 1.05:
        said = f"The experts alone earned nothing here (leverage {shown})"
    else:
        said = f"The experts alone earned a leverage of {shown}"
    if memory is None:
        return f"{said}."
    half = ci.get("leverage_by_memory")
    factor = times(memory, half).replace("x", "")
    if half is not None and abs(memory - 1) <= half:
        return f"{said}; what the memory adds cannot be told from nothing (a factor of {factor})."
    if memory < 0.95:
        return f"{said}; the memory lost some of it (a factor of {factor})."
    if memory < 1.05:
        return f"{said}; the memory added nothing (a factor of {factor})."
    return f"{said}; the memory multiplies that by {factor}."


def _control(numbers: Values, ci: Values) -> str:
    kept = numbers["performance_kept_dense_tenth"]
    if kept is None:
        return "What a dense model at a tenth keeps cannot be given."
    shown = _pm(_share(kept), ci.get("performance_kept_dense_tenth"))
    return f"For scale: a plain dense model with a tenth of the compute already keeps {shown}."


def _time(numbers: Values, ci: Values) -> str:
    ratio = numbers["time_ratio"]
    if ratio is None:
        return "The times cannot be compared."
    shown = _pm(_share(ratio), ci.get("time_ratio"))
    if ratio < 1:
        return f"In seconds it took {shown} of the dense model's time."
    return f"In seconds it saved nothing: it took {shown} times the dense model's time."


# ---------------------------------------------------------------- numbers in words


def shares(gap: float, experts: float) -> tuple[str, str, str]:
    """Whole per cent of the gap: closed, by experts, by memory; the two add up to the first."""
    if max(abs(gap), abs(experts)) > 1e4:
        return _percent(gap), _percent(experts), _percent(gap - experts)
    total, e = round(gap * 100), round(experts * 100)
    return tuple(str(v) for v in (total, e, total - e))  # type: ignore[return-value]


def times(x: float, half: float | None = None) -> str:
    """A multiple as one says it: 0.9x, 2.7x, 12x, over 1000x; with ± where there are seeds."""
    if x > 1000:
        return "over 1000x"
    if x < 0.05:
        return "under 0.1x"
    text = f"{x:.0f}" if x >= 9.95 else f"{x:.1f}"
    return _pm(f"{text}x", half)


def _pm(text: str, half: float | None, factor: float = 1.0) -> str:
    """`text` with ± half at the text's own number of decimals; bare when that rounds to zero."""
    if half is None or text.startswith(("over", "under")):
        return text
    decimals = len(re.sub(r"[^\d.]", "", text).partition(".")[2])
    shown = f"{half * factor:.{decimals}f}" if half * factor < 1e6 else _sci(half * factor)
    if half * factor == 0 or re.fullmatch(r"0(\.0+)?", shown):
        return text
    number, unit = re.fullmatch(r"(\S*?)(x| %)?", text).groups()  # type: ignore[union-attr]
    return f"{number} ± {shown}{unit or ''}"


def _bits(x: float, y: float) -> tuple[str, str]:
    """Two bits per byte, with the decimals it takes to tell them apart (2 to 4)."""
    if max(x, y) >= 1e4:
        return _sci(x), _sci(y)
    for decimals in (2, 3, 4):
        shown = f"{x:.{decimals}f}", f"{y:.{decimals}f}"
        if shown[0] != shown[1]:
            break
    return shown


def _share(x: float) -> str:
    """A share of 1: 0.86; near 1 with the decimals that keep it from reading 1.00."""
    if x >= 1e4 or 0 < x < 0.005:
        return _sci(x)
    return f"{x:.2f}" if x == 1 or f"{x:.2f}" != "1.00" else f"{x:.4f}"


def _percent(x: float, decimals: int = 0) -> str:
    if abs(x) >= 1e4:
        return _sci(x * 100 if abs(x) < 1e300 else x)
    return f"{x * 100:.{decimals}f}"


def _plain(x: float) -> str:
    return _sci(x) if x >= 1e4 else f"{x:.3g}" if x < 100 else f"{x:.0f}"


def _sci(x: float) -> str:
    """3e13, 2.97e12."""
    if not math.isfinite(x):
        return "over 1e308"
    mantissa, _, exponent = f"{float(x):.2e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
