"""The report's tables, and how it writes numbers."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tenth.race.formulas import BITS, FRESH, NOVEL, bits_of, performance_kept
from tenth.race.seeds import arm_and_seed, mean_of, of_seed

Arm = Mapping[str, Any]
Result = Mapping[str, Any]
NONE = "–"
TASKS = {"blimp": "BLiMP", "lambada": "LAMBADA"}
CAVEATS = (
    "Settings were tuned on one machine, at small budgets; more tuning might help one arm more "
    "than another.",
    "Sizes follow a rule fitted on small runs; it may not be the best size at this budget.",
    "The sparse arms hold more parameters and more memory than the dense ones of their compute.",
    "Seconds are this machine's: other hardware ranks the arms by time differently.",
    "On a CPU the dense arms may train in bf16 and the sparse ones in fp32: see each arm's dtype.",
    "All arms share one tokenizer, chosen for none of them.",
    "The curves are on the tune split, which every choice was made on; the large markers and all "
    "figures are on the verdict split, read once.",
    "Leverage reads a straight line (log-log) through two dense models only.",
)


def count(x: float | None) -> str:
    """1234567 as 1.23 M."""
    if x is None:
        return NONE
    for unit, scale in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(x) >= scale * 0.9995:
            return (
                f"{x / scale:.3g} {unit}" if abs(x) < 999.5 * scale else f"{x / scale:.0f} {unit}"
            )
    return f"{x:.3g}" if abs(x) < 999.5 else f"{x:.0f}"


def size(x: float | None) -> str:
    """Bytes, in powers of 1000."""
    return "not measured" if not x else f"{count(x)}B" if x >= 1e3 else f"{x:.0f} B"


def clock(x: float | None) -> str:
    """Seconds as 12.3 s, 4 min 20 s, 2 h 05 min."""
    if x is None:
        return NONE
    if x < 60:
        return f"{x:.1f} s"
    minutes, seconds = divmod(round(x), 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def sci(x: float) -> str:
    """3e13, 2.97e12; ordinary size in full."""
    if 0 < abs(x) < 1e6:
        return f"{x:,.0f}".replace(",", " ") if abs(x) >= 100 else f"{x:.3g}"
    mantissa, _, exponent = f"{x:.2e}".partition("e")
    trimmed = mantissa.rstrip("0").rstrip(".")
    return f"{trimmed}e{int(exponent)}"


def glue(text: str) -> str:
    """Keep a number and what belongs to it on one line."""
    return re.sub(r" (%|±) ?", lambda m: m[0].replace(" ", "\u00a0", 1), text).replace(
        "± ", "±\u00a0"
    )


def fixed(x: float | None, decimals: int = 3) -> str:
    """1.234, or a dash for what was not measured."""
    return NONE if x is None else f"{x:.{decimals}f}"


def rows(arms: Mapping[str, Arm]) -> list[dict[str, Any]]:
    """The table of arms, what each kept beside it: of the dense arm of its own seed."""
    out = []
    for name, arm in arms.items():
        base, seed = arm_and_seed(name)
        kept = performance_kept(arm[BITS], bits_of(of_seed(arms, "dense", seed)))
        scored = {"kept": kept, "novel": bits_of(arm, NOVEL), "fresh": bits_of(arm, FRESH)}
        out.append({**arm, **scored, "name": name, "base": base})
    return out


def count_rows(result: Result) -> list[dict[str, Any]]:
    """The count models, and by how much the sparse arm of their seed is better.

    Those of the whole train side are every seed's: they stand beside the means.
    """
    arms: Mapping[str, Arm] = result["arms"]
    out = []
    for name, one in (result.get("counts") or {}).items():
        base, seed = arm_and_seed(name)
        sparse, dense = (
            mean_of(arms, arm, BITS) if base != "counts-seen" else bits_of(of_seed(arms, arm, seed))
            for arm in ("sparse", "dense")
        )
        b = one[BITS]
        out.append({
            "name": name, "bits": b, "novel": bits_of(one, NOVEL), "fresh": bits_of(one, FRESH),
            "tokens": one.get("tokens"), "n_grams": one.get("n_grams"),
            "seconds": one.get("seconds"), "kept": performance_kept(b, dense),
            "ahead": None if sparse is None else b - sparse,
        })  # fmt: skip
    return out


def evals(arms: Mapping[str, Arm]) -> list[dict[str, Any]]:
    """One table a task: each arm's accuracy, its interval, and what it kept above chance."""
    tasks = dict.fromkeys(task for arm in arms.values() for task in arm.get("evals") or {})
    return [_task(task, arms) for task in tasks]


def _task(task: str, arms: Mapping[str, Arm]) -> dict[str, Any]:
    found = {name: (arm.get("evals") or {}).get(task) for name, arm in arms.items()}
    found = {name: one for name, one in found.items() if one}
    out = []
    for name, one in found.items():
        base, seed = arm_and_seed(name)
        low, high = one.get("interval") or (None, None)
        chance = one.get("chance")
        out.append({
            "name": name, "base": base, "accuracy": one["accuracy"], "low": low, "high": high,
            "unsure": None not in (low, high, chance) and low <= chance <= high,
            "kept": _above_chance(one, of_seed(found, "dense", seed)),
            "bits": one.get(BITS),
        })  # fmt: skip
    first = next(iter(found.values()))
    return {
        "name": TASKS.get(task, task), "n": first.get("n"), "chance": first.get("chance"),
        "rows": out, "fields": _fields(found),
        "with_bits": any(row["bits"] is not None for row in out),
    }  # fmt: skip


def _above_chance(one: Mapping[str, Any], dense: Mapping[str, Any] | None) -> float | None:
    """How much of what the dense arm knows above chance; None where that may be nothing."""
    chance = one.get("chance")
    if chance is None or dense is None or (dense.get("interval") or [chance])[0] <= chance:
        return None
    return (one["accuracy"] - chance) / (dense["accuracy"] - chance)


def _fields(found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Accuracy by field of the task and arm (of the first seed), where a task has fields."""
    firsts = {name: one for name, one in found.items() if arm_and_seed(name)[1] == 0}
    by_field = {name: one.get("by_field") or {} for name, one in firsts.items()}
    names = dict.fromkeys(field for one in by_field.values() for field in one)

    def accuracy(one: Mapping[str, Any], field: str) -> float | None:
        value = one.get(field)
        return value.get("accuracy") if isinstance(value, Mapping) else value

    table = {field: [accuracy(one, field) for one in by_field.values()] for field in names}
    return {"arms": list(firsts), "table": table}


def gates(arms: Mapping[str, Arm]) -> dict[str, dict[str, float]]:
    """By arm: the mean weight of each part of the mixture that makes its prediction."""
    return {
        name: {part: max(0.0, min(1.0, share)) for part, share in arm["gate_share"].items()}
        for name, arm in arms.items()
        if arm.get("gate_share")
    }


def load_rows(arm: Arm) -> list[dict[str, Any]]:
    """The heat map in words: each layer's busiest and idlest expert, against the fair share."""
    out = []
    for layer, shares in enumerate(arm["expert_load"]):
        fair = 1 / len(shares)
        relative = [share / fair for share in shares]
        busiest, idlest = (relative.index(f(relative)) for f in (max, min))
        out.append({
            "layer": layer, "experts": len(shares), "fair": fair,
            "busiest": busiest, "most": relative[busiest],
            "idlest": idlest, "least": relative[idlest],
            "idle": sum(x < 0.1 for x in relative),
        })  # fmt: skip
    return out


def samples(arms: Mapping[str, Arm]) -> list[dict[str, str]]:
    """What each arm wrote after the prompt; arbitrary text, which the template escapes."""
    out = []
    for name, arm in arms.items():
        prompt, text = arm.get("prompt") or "", arm.get("sample") or ""
        text = text[len(prompt) :] if prompt and text.startswith(prompt) else text
        out.append({"name": name, "prompt": prompt, "text": text})
    return out


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """{"model": {"d_model": 64}} as {"model.d_model": "64"}."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value if isinstance(value, str) else json.dumps(value)
    return flat


def settings(arms: Mapping[str, Arm]) -> dict[str, Any]:
    """Each arm's settings, and a table of those in which the arms differ."""
    flat = {name: flatten(arm.get("settings") or {}) for name, arm in arms.items()}
    keys = dict.fromkeys(key for one in flat.values() for key in one)
    table = {key: [one.get(key, NONE) for one in flat.values()] for key in keys}
    differ = {key: values for key, values in table.items() if len(set(values)) > 1}
    return {"names": list(flat), "differ": differ, "all": flat}


def caveats(result: Result) -> list[str]:
    """What was not controlled for."""
    seeds = int(result.get("seeds") or 1)
    arms: Mapping[str, Arm] = result["arms"]
    first = (
        f"{seeds} seeds: the intervals are Student's t over few runs."
        if seeds > 1
        else "One seed: how much another would differ is not known."
    )
    counted = (
        "Counting n-grams is additions alone and stands outside the FLOPs, though inside the "
        "seconds: for the count models, and for the memory, which has counted all of train.",
        "A count model (n-grams, no network) is not in this race.",
    )
    tasks = (
        "Intervals of the tasks are over their items, not over seeds.",
        "Downstream tasks are not measured, only bits per byte.",
    )
    full = "How the memory does in a dense model is not in this race: --full adds that."
    return [
        first,
        *CAVEATS,
        counted[0] if result.get("counts") else counted[1],
        tasks[0] if any(arm.get("evals") for arm in arms.values()) else tasks[1],
        *([] if "dense-memory" in arms else [full]),
    ]
