"""The text a verdict is read from: which of its tokens the memory may know, which stand in train
word for word, and where its documents end.
"""

import math
from collections.abc import Mapping

import numpy as np
from torch import Tensor

from tenth.data import Corpus, NGrams
from tenth.data.counts import MAX_TOKENS
from tenth.evals.bits_per_byte import token_bits
from tenth.ops import earlier_counts

NOVEL_AFTER = 3  # a novel token never follows its three predecessors in train
VERBATIM = 13  # tokens in a row that stand in train as well are hardly chance (arXiv 2005.14165)


def novel_tokens(corpus: Corpus) -> np.ndarray:
    """Which tokens of the verdict split are novel: (n,) bool."""
    verdict, train = np.asarray(corpus.verdict.tokens), corpus.train.tokens
    novel = np.ones(len(verdict), bool)
    for begin in range(0, len(train), MAX_TOKENS):  # all of train, whatever is counted of it
        part = np.asarray(train[max(0, begin - NOVEL_AFTER) : begin + MAX_TOKENS])
        seen = NGrams(part, corpus.vocab_size, NOVEL_AFTER + 1)
        novel &= seen.lookup(verdict)[NOVEL_AFTER] < 0
    return novel


def token_classes(corpus: Corpus, seq: int) -> dict[str, np.ndarray]:
    """Of each token of the verdict split whether the memory may know it by heart: (n,) bool each.

    novel  in train it never follows the three before it: no long context counted it
    fresh  novel, and no copy either: it did not follow the token before it earlier in its window
    """
    novel = novel_tokens(corpus)
    return {"novel": novel, "fresh": novel & ~copied_tokens(corpus, seq)}


def copied_tokens(corpus: Corpus, seq: int) -> np.ndarray:
    """Which tokens of the verdict split followed the same token earlier in the window of `seq`
    that they are scored in: (n,) bool.
    """

    def one_bit(inputs: Tensor, targets: Tensor) -> Tensor:  # for each that did
        hits_BSP, _ = earlier_counts(inputs, targets, (1,), seq)
        return -math.log(2) * (hits_BSP[..., 0] > 0).double()

    return token_bits(one_bit, np.asarray(corpus.verdict.tokens), seq).numpy() > 0.5


def class_bits(bits: np.ndarray, classes: Mapping[str, np.ndarray]) -> dict[str, float | None]:
    """Mean bits of the tokens of each class, as novel_bits, ...; None where it has none."""
    return {f"{n}_bits": float(bits[of].mean()) if of.any() else None for n, of in classes.items()}


def verbatim_share(corpus: Corpus) -> float:
    """How much of the verdict split stands in train word for word, in runs of VERBATIM tokens."""
    verdict = _runs(np.asarray(corpus.verdict.tokens))
    found = np.zeros(len(verdict), bool)
    train = corpus.train.tokens
    for begin in range(0, len(train), MAX_TOKENS):
        part = np.asarray(train[max(0, begin - VERBATIM + 1) : begin + MAX_TOKENS])
        found |= np.isin(verdict, _runs(part))
    changes = np.zeros(len(corpus.verdict.tokens) + 1, np.int64)
    starts = np.flatnonzero(found)
    changes[starts] += 1
    changes[starts + VERBATIM] -= 1
    return float((changes.cumsum()[:-1] > 0).mean())


def _runs(tokens: np.ndarray) -> np.ndarray:
    """A hash of each run of VERBATIM tokens: uint64, which wraps."""
    number = max(0, len(tokens) - VERBATIM + 1)
    hashes = np.zeros(number, np.uint64)
    for i in range(VERBATIM):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += tokens[i : i + number].astype(np.uint64) + np.uint64(1)
    return hashes


def document_bits(bits: np.ndarray, tokens: np.ndarray, eos: int, most: int = 200) -> list[float]:
    """Bits of each document of a split; of neighbours together where there are more than `most`."""
    ends = np.flatnonzero(tokens == eos)
    each = np.add.reduceat(bits, np.concatenate(([0], ends[:-1] + 1)))
    return [float(some.sum()) for some in np.array_split(each, min(len(each), most))]
