"""Cloze: the last word of a passage, which takes the whole passage to guess.

LAMBADA (Paperno et al., arXiv:1606.06031) in OpenAI's form, asked as lm-evaluation-harness does.
"""

import math
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
    greedy,
    log_prob,
    open_eval,
)

FIELDS = ("context", "continuation")


def read(path: Path, limit: int = 0) -> list[dict[str, str]]:
    """The file's passages, or `limit` of them, evenly spread."""
    passages = open_eval(path, FIELDS)
    n = len(passages)
    return [passages[i * n // limit] for i in range(limit)] if 0 < limit < n else passages


def evaluate(
    model: LanguageModel,
    tokenizer: Tokenizer,
    passages: Sequence[dict[str, str]],
    seq: int,
    *,
    eos: int = 0,
    batch: int = BATCH,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """How often greedy decoding gives the last word exactly, and what the word costs.

    `perplexity` is that of a word, `bits_per_byte` that of the word with the space before it.
    Passages are taken as independent. A number that is not finite is None.
    """
    texts, n_bytes = split(tokenizer, passages)
    longest = max(len(text.tokens) - text.score_from for text in texts)
    if longest > seq:
        raise ValueError(f"a continuation has {longest} tokens, the context seq only {seq}")
    nats, right = np.empty(len(texts)), np.empty(len(texts), dtype=bool)
    for some in batches(texts, seq, eos=eos, batch=batch, progress=progress):
        nats[some.rows] = -log_prob(model, some)
        right[some.rows] = greedy(model, some)
    return {
        "accuracy": float(right.mean()),
        "interval": list(wilson(int(right.sum()), len(right))),
        **_cost(nats, n_bytes),
        "n": len(right),
    }


def split(
    tokenizer: Tokenizer, passages: Sequence[dict[str, str]]
) -> tuple[list[Text], np.ndarray]:
    """Texts whose continuations count, and the bytes of those (the space before them included).

    The space goes with the continuation: " word" is one token where "word" would be another. The
    tokens that count are those after the longest common prefix of the context and the whole.
    """
    contexts, wholes, sizes = [], [], []
    for passage in passages:
        context, continuation = passage["context"], passage["continuation"]
        spaced = context[-1].isspace() or continuation[0] == " "
        contexts.append(context.rstrip())
        wholes.append(context + ("" if spaced else " ") + continuation)
        sizes.append(len(wholes[-1].encode()) - len(contexts[-1].encode()))
    texts = []
    context_ids, whole_ids = encode(tokenizer, contexts), encode(tokenizer, wholes)
    for whole, before, tokens in zip(wholes, context_ids, whole_ids, strict=True):
        pairs = enumerate(zip(before, tokens, strict=False))
        shared = next((i for i, (a, b) in pairs if a != b), min(len(before), len(tokens)))
        if shared == len(tokens):
            raise ValueError(f"the tokenizer makes no token of the last word of {whole!r}")
        texts.append(Text(tokens, shared))
    return texts, np.array(sizes, dtype=np.float64)


def _cost(nats: np.ndarray, n_bytes: np.ndarray) -> dict[str, Any]:
    """Perplexity and bits per byte, with 95 % intervals of a mean and of a ratio of two means."""
    if not np.isfinite(nats).all():
        nothing = {"perplexity": None, "bits_per_byte": None}
        return {**nothing, **{f"{name}_interval": [None, None] for name in nothing}}
    bits = nats / math.log(2)
    rate = float(bits.sum() / n_bytes.sum())
    # the ratio's error is that of the mean of what each passage costs beyond its bytes at the rate
    off = mean_interval((bits - rate * n_bytes) / n_bytes.mean())
    return {
        "perplexity": _exp(float(nats.mean())),
        "perplexity_interval": [_exp(max(0.0, x)) for x in mean_interval(nats)],
        "bits_per_byte": rate,
        "bits_per_byte_interval": [max(0.0, rate + x) if math.isfinite(x) else None for x in off],
    }


def _exp(x: float) -> float | None:
    return math.exp(x) if x < 700 else None
