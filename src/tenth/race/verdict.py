"""What a race says: performance kept, leverage, gap closed, thanks to what, how far to trust it.

Of the four arms, `sparse` has experts and memory, `sparse-plain` experts alone, `dense-tenth`
neither at the same compute, and `dense` the whole budget. `tenth race --full` adds the memory in a
dense model, at both. Beside them stand the count models: n-grams, no network, no FLOPs.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tenth.race.formulas import (
    BITS,
    FRESH,
    NOVEL,
    beyond_the_line,
    bits_of,
    both,
    gap_closed,
    leverage,
    performance_kept,
    ratio,
)
from tenth.race.resample import over_documents
from tenth.race.seeds import mean_ci95
from tenth.race.trust import COUNTED, UNTOLD, About, Arms, reasons
from tenth.race.verdict_words import Found, words

ARMS = ("sparse", "sparse-plain", "dense-tenth", "dense")  # in the order they run
FULL_ARMS = ("dense-memory-tenth", "dense-memory")  # `--full`: what the memory does without experts
ALL_ARMS = (*ARMS[:3], *FULL_ARMS, ARMS[3])

LEVERAGES = {  # which arm's, and over which bits
    "leverage": ("sparse", BITS),
    "leverage_by_experts": ("sparse-plain", BITS),
    "leverage_by_memory_alone": ("dense-memory-tenth", BITS),
    "leverage_novel": ("sparse", NOVEL),
    "leverage_novel_by_experts": ("sparse-plain", NOVEL),
    "leverage_fresh": ("sparse", FRESH),
    "leverage_fresh_by_experts": ("sparse-plain", FRESH),
}
KEPT = {  # the same for b_dense / b
    "performance_kept": ("sparse", BITS),
    "performance_kept_plain": ("sparse-plain", BITS),
    "performance_kept_dense_tenth": ("dense-tenth", BITS),
    "performance_kept_novel": ("sparse", NOVEL),
    "performance_kept_novel_dense_tenth": ("dense-tenth", NOVEL),
    "performance_kept_fresh": ("sparse", FRESH),
    "performance_kept_fresh_plain": ("sparse-plain", FRESH),
    "performance_kept_fresh_dense_tenth": ("dense-tenth", FRESH),
    "performance_kept_dense_memory_tenth": ("dense-memory-tenth", BITS),
    "performance_of_dense_memory": ("dense-memory", BITS),
    "performance_kept_counts_seen": ("counts-seen", BITS),
    "performance_kept_counts_all": ("counts-all", BITS),
    "performance_kept_counts_copies": ("counts-copies", BITS),
    "performance_kept_novel_counts_copies": ("counts-copies", NOVEL),
}
NUMBERS = (
    *KEPT,
    "performance_kept_against_dense_memory",
    "experts_on_memory",
    *LEVERAGES,
    "leverage_by_memory",
    "leverage_if_dense_better",
    "leverage_for_95",
    "gap_closed",
    "gap_closed_by_experts",
    "gap_closed_by_memory",
    "compute_ratio",
    "time_ratio",
)
BETTER = 0.01  # a dense arm that was tuned better might have so much less of its bits per byte


# ---------------------------------------------------------------- one seed


def judge(
    arms: Arms,
    corpus_hash: str,
    budget: float,
    counts: Arms | None = None,
    about: About = UNTOLD,
) -> dict[str, Any]:
    """One seed's numbers and its verdict in words; every number is finite or None.

    performance_kept      b_dense / b_sparse (`_plain`, ...: the same for the arms of KEPT;
                          `_novel`, `_fresh`: in bits per such token; `_counts_...`: for a
                          count model)
    gap_closed            (b_tenth - b_sparse) / (b_tenth - b_dense)
    leverage              C* / C_sparse, C* = C_tenth (b_tenth / b_sparse)^(1/s) (also LEVERAGES)
    leverage_for_95       the same at b_dense / 0.95 instead of b_sparse
    ..._if_dense_better   leverage, were the dense arm 1 % better than it is
    ..._over_documents    95 % intervals [low, high] over the verdict's documents (resample.py)
    ..._by_experts        the same for sparse-plain; _by_memory_alone for dense-memory-tenth
    gap_closed_by_memory  gap_closed - gap_closed_by_experts: what memory adds on top
    leverage_by_memory    leverage / leverage_by_experts: what memory multiplies it by
    experts_on_memory     b_dense_memory_tenth / b_sparse: over 1 where experts add to memory
    ..._against_dense_memory  b_dense_memory / b_sparse: kept, of a dense model with memory too
    compute_ratio         C_sparse / C_dense; time_ratio the same in seconds

    `counts` are the count models of this seed (those of COUNTED), if there are any.
    """
    _check(arms, counts or {})
    arms = {name: arms[name] for name in ALL_ARMS if name in arms}
    counts = {name: counts[name] for name in COUNTED if name in counts} if counts else {}
    numbers = _numbers(arms, counts)
    tenth, dense = arms["dense-tenth"], arms["dense"]
    beyond = [
        key
        for key, (name, _) in LEVERAGES.items()
        if beyond_the_line(numbers[key], arms.get(name, dense)["flops"], tenth, dense)
    ]
    why_not = reasons(arms, numbers, budget, counts, about)
    b = {name: (float(one[BITS]), None) for name, one in (arms | counts).items()}
    documents = over_documents([arms])
    found = Found(numbers, {}, b, why_not, beyond, 1, *_told(arms, documents, about))
    return {
        **numbers,
        **documents,
        "leverage_extrapolated": "leverage" in beyond,
        "leverages_extrapolated": beyond,
        "corpus_hash": corpus_hash,
        "informative": not why_not,
        "not_informative_because": why_not,
        "verdict": words(found),
    }


def _told(arms: Arms, documents: Mapping[str, Any], about: About) -> tuple[Any, ...]:
    """What Found has beside numbers: how many tokens each class has, and how far to lean on it."""
    classes = {name: arms["sparse"].get(f"{name}_tokens") for name in ("novel", "fresh")}
    busy = any(arms[name].get("busy") for name in ("sparse", "dense"))
    return classes, documents, about.settings, busy


def _numbers(arms: Arms, counts: Arms) -> dict[str, float | None]:
    """All of NUMBERS; None for what an arm, count model or field that is not there would give."""
    sparse, tenth, dense = arms["sparse"], arms["dense-tenth"], arms["dense"]
    scored = {**arms, **counts}
    memory_tenth, memory = (bits_of(arms.get(name)) for name in FULL_ARMS)
    found: dict[str, float | None] = {
        key: performance_kept(bits_of(scored.get(name), field), bits_of(dense, field))
        for key, (name, field) in KEPT.items()
    }
    for key, (name, field) in LEVERAGES.items():
        b_arm = bits_of(arms.get(name), field)
        flops = float(arms.get(name, dense)["flops"])
        found[key] = leverage(b_arm, flops, tenth, dense, field)

    b_sparse, b_plain, b_tenth, b_dense = (float(arms[name][BITS]) for name in ARMS)
    gap, gap_experts = (gap_closed(x, b_tenth, b_dense) for x in (b_sparse, b_plain))
    return found | {
        "performance_kept_against_dense_memory": performance_kept(b_sparse, memory),
        "experts_on_memory": performance_kept(b_sparse, memory_tenth),
        "leverage_by_memory": both(found["leverage"], found["leverage_by_experts"], ratio),
        "leverage_if_dense_better": leverage(
            b_sparse, float(sparse["flops"]), tenth, {**dense, BITS: (1 - BETTER) * b_dense}
        ),
        "leverage_for_95": leverage(b_dense / 0.95, float(sparse["flops"]), tenth, dense),
        "gap_closed": gap,
        "gap_closed_by_experts": gap_experts,
        "gap_closed_by_memory": both(gap, gap_experts, lambda x, y: ratio(x - y, 1.0)),
        "compute_ratio": ratio(float(sparse["flops"]), float(dense["flops"])),
        "time_ratio": ratio(float(sparse["seconds"]), float(dense["seconds"])),
    }


def _check(arms: Arms, counts: Arms) -> None:
    missing = [name for name in ARMS if name not in arms]
    if missing:
        raise ValueError(f"a verdict needs the arms {', '.join(ARMS)}; missing: {missing}")
    positive = ("flops", "seconds", BITS)
    for name in (name for name in ALL_ARMS if name in arms):
        for field in (*positive, "params_total", "peak_bytes", "epochs"):
            _check_number(f"arm {name}", arms[name], field, field in positive)
        for field in (NOVEL, FRESH):
            if arms[name].get(field) is not None:  # no token may be novel, and then it has none
                _check_number(f"arm {name}", arms[name], field, False)
    for name in (name for name in COUNTED if name in counts):
        _check_number(f"count model {name}", counts[name], BITS, True)


def _check_number(what: str, of: Mapping[str, Any], field: str, positive: bool) -> None:
    value: Any = of.get(field)
    if type(value) not in (int, float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{what}: {field} is {value!r}, not a number of a race")
    if value == 0 and positive:
        raise ValueError(f"{what}: {field} is 0")


# ---------------------------------------------------------------- several seeds


def combine(
    per_seed: Sequence[Mapping[str, Any]],
    arms_per_seed: Sequence[Arms],
    counts_per_seed: Sequence[Arms] | None = None,
    about: About = UNTOLD,
) -> dict[str, Any]:
    """Means over seeds, each number with `_ci95`: t(0.975, n-1) s / sqrt(n), the half width.

    A number that any seed could not give (None) is None: the mean of the lucky seeds would flatter.
    One seed is returned as it is, without `_ci95` and `per_seed`.
    """
    n = len(per_seed)
    counts = counts_per_seed or [{}] * n
    if not n == len(arms_per_seed) == len(counts) or n == 0:
        raise ValueError(f"{n} verdicts for {len(arms_per_seed)} seeds, {len(counts)} with counts")
    if n == 1:
        return dict(per_seed[0])
    for other in per_seed[1:]:
        _same_corpus(per_seed[0], other)

    of_all = {name: mean_ci95([seed.get(name) for seed in per_seed]) for name in NUMBERS}
    means = {name: mean for name, (mean, _) in of_all.items()}
    ci = {name: half for name, (_, half) in of_all.items()}
    scored = [{**arms, **c} for arms, c in zip(arms_per_seed, counts, strict=True)]
    b: dict[str, tuple[float, float | None]] = {}
    for name in (*ALL_ARMS, *COUNTED):
        mean, half = mean_ci95([bits_of(one.get(name)) for one in scored])
        if mean is not None:
            b[name] = (mean, half)
    why_not = [
        f"Seed {i + 1} of {n}: {reason}"
        for i, seed in enumerate(per_seed)
        for reason in seed["not_informative_because"]
    ]
    beyond = [key for key in LEVERAGES if any(key in _extrapolated(seed) for seed in per_seed)]
    documents = over_documents(arms_per_seed)
    found = Found(means, ci, b, why_not, beyond, n, *_told(arms_per_seed[0], documents, about))
    return {
        **means,
        **documents,
        **{f"{name}_ci95": half for name, half in ci.items()},
        "leverage_extrapolated": "leverage" in beyond,
        "leverages_extrapolated": beyond,
        "corpus_hash": per_seed[0]["corpus_hash"],
        "informative": all(seed["informative"] for seed in per_seed),
        "not_informative_because": why_not,
        "verdict": words(found),
        "per_seed": [dict(seed) for seed in per_seed],
    }


def _extrapolated(seed: Mapping[str, Any]) -> Sequence[str]:
    """Which leverages; an earlier tenth said it of `leverage` alone."""
    return seed.get("leverages_extrapolated", ["leverage"] * seed["leverage_extrapolated"])


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
