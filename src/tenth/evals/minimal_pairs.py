"""Minimal pairs: of two sentences that differ in one point of grammar, the good one is likelier.

BLiMP (Warstadt et al., arXiv:1912.00582) has 67 paradigms of 1,000 pairs, each made from one
template. Its customary score is the mean over paradigms.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from tenth.evals.intervals import mean_interval, wilson
from tenth.evals.zero_shot import (
    BATCH,
    LanguageModel,
    Text,
    batches,
    encode,
    log_prob,
    open_eval,
)

FIELDS = ("paradigm", "field", "good", "bad")
CHANCE = 0.5


def read(path: Path, per_paradigm: int = 0) -> list[dict[str, str]]:
    """The file's pairs, or the first `per_paradigm` of each paradigm."""
    pairs = open_eval(path, FIELDS)
    seen: Counter[str] = Counter()
    taken = []
    for pair in pairs:
        seen[pair["paradigm"]] += 1
        if not per_paradigm or seen[pair["paradigm"]] <= per_paradigm:
            # one paradigm of the release spells its field otherwise than the rest of that field
            taken.append({**pair, "field": pair["field"].replace("/", "_")})
    return taken


def evaluate(
    model: LanguageModel,
    tokenizer: Tokenizer,
    pairs: Sequence[dict[str, str]],
    seq: int,
    *,
    eos: int = 0,
    batch: int = BATCH,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The share of pairs whose good sentence has the higher log-probability; a tie is half right.

    `accuracy` is the mean over paradigms, `accuracy_of_pairs` the plain one. `by_paradigm` is
    there to compare two models, which answer the same pairs: `mean_interval` of the differences
    between paradigms is far narrower than two intervals side by side.
    """
    n = len(pairs)
    ids = encode(tokenizer, [p["good"] for p in pairs] + [p["bad"] for p in pairs])
    nats = np.empty(2 * n)
    for some in batches([Text(i) for i in ids], seq, eos=eos, batch=batch, progress=progress):
        nats[some.rows] = log_prob(model, some)
    good, bad = nats[:n], nats[n:]
    same = np.array([a == b for a, b in zip(ids[:n], ids[n:], strict=True)])
    right = np.where(same | (good == bad), 0.5, good > bad)

    paradigms = np.array([p["paradigm"] for p in pairs])
    fields = np.array([p["field"] for p in pairs])
    by_field = {
        str(f): summary(paradigms[fields == f], right[fields == f]) for f in np.unique(fields)
    }
    return {
        **summary(paradigms, right),
        "accuracy_of_pairs": float(right.mean()),
        "chance": CHANCE,
        "by_field": by_field,
        "by_paradigm": {str(p): float(right[paradigms == p].mean()) for p in np.unique(paradigms)},
    }


def summary(paradigms: np.ndarray, right: np.ndarray) -> dict[str, Any]:
    """The mean over paradigms and its 95 % interval, which is about paradigms like these.

    Pairs of one template are answered alike, so a paradigm is one draw: the standard error is that
    of the paradigms' means (clustered, as in Miller, arXiv:2411.00640), with Student's t for as
    many clusters less one (Cameron and Miller 2015, Journal of Human Resources 50:317). The
    interval is never narrower than Wilson's for pairs that were independent, which keeps a handful
    of pairs, all right, from being called certain.
    """
    names, row = np.unique(paradigms, return_inverse=True)
    means = np.bincount(row, right) / np.bincount(row)
    accuracy = float(means.mean())
    intervals = mean_interval(means), wilson(accuracy * len(right), len(right))
    low, high = min(i[0] for i in intervals), max(i[1] for i in intervals)
    return {
        "accuracy": accuracy,
        "interval": [max(0.0, low), min(1.0, high)],
        "n": len(right),
        "n_paradigms": len(names),
    }
