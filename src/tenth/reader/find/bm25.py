"""BM25 over weighted counts: which texts say the terms of a query, the rare ones above all."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

K1 = 1.2  # how soon a term's repetition stops to count
B = 0.75  # how much a long text's terms count less


class Bm25:
    """An inverted index: for each term the texts that have it and how often.

    The idf is Lucene's, ln(1 + (N - n + 0.5) / (n + 0.5)): never negative.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        starts: np.ndarray,  # (terms + 1,): where a term's postings begin
        texts: np.ndarray,  # (postings,): which text
        counts: np.ndarray,  # (postings,): how often there
        lengths: np.ndarray,  # (texts,)
        k1: float = K1,
        b: float = B,
    ):
        self.vocabulary, self.starts, self.texts = vocabulary, starts, texts
        self.counts, self.lengths = counts, lengths
        mean = float(lengths.mean()) if len(lengths) else 0.0
        self._norm = k1 * (1 - b + b * lengths / (mean or 1.0))
        self._k1 = k1

    @classmethod
    def of(
        cls,
        texts: Sequence[Mapping[str, float]],
        lengths: Iterable[float] | None = None,
        k1: float = K1,
        b: float = B,
    ) -> "Bm25":
        """From the counts of terms in each text. A text's length is the sum of its counts where
        `lengths` does not say otherwise."""
        postings: dict[str, list[tuple[int, float]]] = {}
        for i, counts in enumerate(texts):
            for term, count in counts.items():
                postings.setdefault(term, []).append((i, count))
        vocabulary = {term: row for row, term in enumerate(sorted(postings))}
        rows = [postings[term] for term in vocabulary]
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=starts[1:])
        flat = [entry for row in rows for entry in row]
        if lengths is None:
            lengths = [sum(counts.values()) for counts in texts]
        return cls(
            vocabulary, starts,
            np.array([i for i, _ in flat], np.int32),
            np.array([count for _, count in flat], np.float32),
            np.array(list(lengths), np.float32), k1, b,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.lengths)

    def idf(self, term: str) -> float:
        """The weight of a term; 0 where no text has it."""
        row = self.vocabulary.get(term)
        if row is None:
            return 0.0
        n = int(self.starts[row + 1] - self.starts[row])
        return math.log(1 + (len(self) - n + 0.5) / (n + 0.5))

    def scores(self, query: Mapping[str, float]) -> np.ndarray:
        """For each text the sum over the query's terms, each times its weight."""
        total = np.zeros(len(self), np.float64)
        for term in sorted(query):  # one order of additions, so that results are the same bytes
            row = self.vocabulary.get(term)
            if row is None:
                continue
            at = slice(self.starts[row], self.starts[row + 1])
            where, counts = self.texts[at], self.counts[at].astype(np.float64)
            gain = counts * (self._k1 + 1) / (counts + self._norm[where])
            total[where] += query[term] * self.idf(term) * gain
        return total


def best(scores: np.ndarray, top: int) -> list[int]:
    """Which texts score highest, best first, at most `top`, none without a score; of equals the
    first. Scores that differ by rounding alone are equal."""
    order = np.lexsort((np.arange(len(scores)), -np.round(scores, 9)))
    return [int(i) for i in order[:top] if scores[i] > 0]
