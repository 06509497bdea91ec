"""How much of a verdict hangs on which documents it was read from: the bootstrap over them.

Seeds train again, but score the same documents. Here the documents are drawn again at random, with
replacement, as often as there are (Efron, 1979), the same ones for all arms, and every draw gives
its own leverage. Few documents give an interval that is itself too narrow.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

DRAWS = 2000
ARMS = ("sparse", "dense-tenth", "dense")


def over_documents(arms_per_seed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """`documents`, and the 95 % intervals [low, high] of performance kept and leverage over them,
    of the mean over seeds; None where a draw gives none. Empty without bits by document.
    """
    by_document = [[arms[name].get("document_bits") or () for name in ARMS]
                   for arms in arms_per_seed]  # fmt: skip
    lengths = {len(one) for found in by_document for one in found}
    n = lengths.pop()
    if lengths or n < 2:
        return {}
    draws_RN = np.random.default_rng(0).multinomial(n, [1 / n] * n, size=DRAWS)
    kept, logs = [], []
    for arms, found in zip(arms_per_seed, by_document, strict=True):
        b, tenth, dense = (draws_RN @ np.asarray(one, float) for one in found)
        flops, flops_tenth, flops_dense = (float(arms[name]["flops"]) for name in ARMS)
        with np.errstate(all="ignore"):
            slope = np.log(tenth / dense) / np.log(flops_dense / flops_tenth)
            lever = np.log(flops_tenth / flops) + np.log(tenth / b) / slope
            kept.append(dense / b)
        logs.append(np.where(slope > 0, lever, np.nan))
    with np.errstate(all="ignore"):
        return {
            "documents": n,
            "performance_kept_over_documents": _interval(np.mean(kept, 0)),
            "leverage_over_documents": _interval(np.mean(np.exp(logs), 0)),
        }


def _interval(draws: np.ndarray) -> list[float] | None:
    if not np.isfinite(draws).all():
        return None
    return [float(x) for x in np.quantile(draws, (0.025, 0.975))]
