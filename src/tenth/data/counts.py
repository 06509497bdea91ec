"""Counting: the n-grams of a text, and the modified Kneser-Ney model they make.

One pass of sorting gives every distinct n-gram (a type) a number; all estimates are additions over
those numbers. Interpolated, with three discounts an order (Chen & Goodman, 1998).
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

ORDER = 5
PARTS = 4  # of the training text, each answered by the counts of the others
MAX_TOKENS = 16_000_000  # that are counted; 16 bytes for each type


class Answers(NamedTuple):
    """What the counts say of each token of a text."""

    p: np.ndarray  # (n,) float32
    log_gamma: np.ndarray  # (n, order - 1) float32, of its contexts of 1, 2, ... tokens


class Tables(NamedTuple):
    """Types stand sorted by (number of their prefix, last token); index n - 1 holds order n."""

    keys: list[np.ndarray]  # prefix * V + token; empty for order 1, whose number is the token
    p: list[np.ndarray]  # interpolated probability of the last token after the others
    gamma: list[np.ndarray]  # what a type, as a context, leaves to the order below

    @property
    def n_grams(self) -> tuple[int, ...]:
        return tuple(len(p) for p in self.p[1:])

    def named(self) -> dict[str, np.ndarray]:
        """As the model's memory calls them: p_1, gamma_1, keys_2, p_2, ..."""
        lists = {"keys": self.keys[1:], "p": self.p, "gamma": self.gamma}
        starts = {"keys": 2, "p": 1, "gamma": 1}
        return {f"{k}_{n}": a for k, many in lists.items() for n, a in enumerate(many, starts[k])}


class NGrams:
    """The types of orders 1 to `order` of a stream of tokens, before which stand ends of text."""

    def __init__(self, tokens: np.ndarray, vocab_size: int, order: int = ORDER):
        self.vocab_size, self.order = vocab_size, order
        stream = np.concatenate((np.zeros(order, np.int64), tokens.astype(np.int64)))
        number = stream  # of the n-gram that ends at each place
        self.keys = [np.empty(0, np.int64)]
        self.prefix, self.suffix = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        self.numbers = [stream[order:].astype(np.int32)]  # of order n that end at each token
        for n in range(2, order + 1):
            key = number[:-1] * vocab_size + stream[1:]
            keys, inverse = np.unique(key[n - 2 :], return_inverse=True)
            place = np.zeros(len(keys), np.int64)  # one place where each type ends
            place[inverse] = np.arange(n - 1, len(stream))
            self.keys.append(keys)
            self.prefix.append(number[place - 1].astype(np.int32))
            self.suffix.append(number[place].astype(np.int32))
            number = np.concatenate((np.zeros(n - 1, np.int64), inverse))
            self.numbers.append(number[order:].astype(np.int32))

    def estimate(self, counted: np.ndarray | None = None) -> Tables:
        """The model of the tokens where `counted` (all of them) is true."""
        p: list[np.ndarray] = []
        gammas: list[np.ndarray] = []
        for n, uses in enumerate(self._uses(counted), start=1):
            discount = discounts(uses)[np.minimum(uses, 3)]
            if n == 1:
                left = discount.sum() / uses.sum() / self.vocab_size
                p.append((((uses - discount) / uses.sum()) + left).astype(np.float32))
                continue
            prefix, n_contexts = self.prefix[n - 1], len(p[-1])
            total = np.bincount(prefix, uses, n_contexts)
            gamma = np.bincount(prefix, discount, n_contexts)
            gamma = np.divide(gamma, total, out=np.ones(n_contexts), where=total > 0)
            own = np.divide(uses - discount, total[prefix], out=np.zeros(len(uses)),
                            where=total[prefix] > 0)  # fmt: skip
            backed_off = gamma[prefix] * p[-1][self.suffix[n - 1]]
            p.append((own + backed_off).astype(np.float32))
            gammas.append(gamma.astype(np.float32))
        return Tables(self.keys, p, gammas)

    def _uses(self, counted: np.ndarray | None) -> list[np.ndarray]:
        """By order: how often a type of the highest order stands there; of a lower one, in how
        many different contexts (its continuation count)."""
        top = self.numbers[-1] if counted is None else self.numbers[-1][counted]
        uses = [np.bincount(top, minlength=len(self.keys[-1]))]
        for n in range(self.order - 1, 0, -1):
            length = len(self.keys[n - 1]) if n > 1 else self.vocab_size
            uses.append(np.bincount(self.suffix[n][uses[-1] > 0], minlength=length))
        return uses[::-1]

    def held_out_answers(self, parts: int = PARTS) -> Answers:
        """Of the text's own tokens, each by the counts of the other `parts` of the text.

        A model that learns from these trusts the counts as far as they hold for text that was
        not counted.
        """
        n = len(self.numbers[0])
        p, log_gamma = np.empty(n, np.float32), np.empty((n, self.order - 1), np.float32)
        borders = [n * i // parts for i in range(parts + 1)]
        for begin, end in pairwise(borders):
            counted = np.ones(n, bool)
            counted[begin:end] = False
            tables = self.estimate(counted)
            p[begin:end] = tables.p[-1][self.numbers[-1][begin:end]]
            for context, gamma in enumerate(tables.gamma):
                before = np.concatenate(([0], self.numbers[context]))[begin:end]
                log_gamma[begin:end, context] = np.log(np.maximum(gamma[before], 1e-30))
        return Answers(p, log_gamma)

    def lookup(self, tokens: np.ndarray) -> list[np.ndarray]:
        """The number of the n-gram of each order that ends at each of `tokens`, -1 for none."""
        stream = np.concatenate((np.zeros(self.order, np.int64), tokens.astype(np.int64)))
        number, found = stream, [stream[self.order :]]
        for keys in self.keys[1:]:
            key = np.where(number[:-1] >= 0, number[:-1] * self.vocab_size + stream[1:], -1)
            at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
            number = np.concatenate(([-1], np.where(keys[at] == key, at, -1)))
            found.append(number[self.order :])
        return found

    def answers(self, tables: Tables, tokens: np.ndarray) -> Answers:
        """Of each token of another text, after those before it."""
        numbers = self.lookup(tokens)
        p = tables.p[0][numbers[0]]
        log_gamma = np.empty((len(tokens), self.order - 1), np.float32)
        for n in range(1, self.order):
            context = np.concatenate(([0], numbers[n - 1][:-1]))
            gamma = np.where(context >= 0, tables.gamma[n - 1][np.maximum(context, 0)], 1.0)
            log_gamma[:, n - 1] = np.log(np.maximum(gamma, 1e-30))
            known = tables.p[n][np.maximum(numbers[n], 0)]
            p = np.where(numbers[n] >= 0, known, gamma * p)
        return Answers(p.astype(np.float32), log_gamma)

    def log_prob(self, tables: Tables, tokens: np.ndarray) -> np.ndarray:
        """Natural log-probability of each token of another text: (n,) float64."""
        return np.log(self.answers(tables, tokens).p.astype(np.float64))


def discounts(uses: np.ndarray) -> np.ndarray:
    """What is taken from a type that is used 0, 1, 2, and 3 times or more."""
    t = [int((uses == i).sum()) for i in (1, 2, 3, 4)]
    y = t[0] / (t[0] + 2 * t[1]) if t[0] else 0.5
    made = [i - (i + 1) * y * t[i] / t[i - 1] if t[i - 1] else 0.5 * i for i in (1, 2, 3)]
    # Little text makes these estimates wild: a discount stays within (0, its count).
    return np.array([0.0, *(min(max(d, 0.05), i - 0.05) for i, d in enumerate(made, 1))])
