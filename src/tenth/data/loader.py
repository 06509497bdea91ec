"""Training sequences by number: a resumed run needs no state but how many it has seen."""

import numpy as np

from tenth.data.counts import Answers


class Loader:
    """Sequence i is a function of (tokens, seq_len, seed, i) alone.

    An epoch is every chunk of `seq_len` predicted tokens once, in a seeded order of its own, and
    from a seeded start of its own in [0, seq_len], so that chunk borders move between epochs.
    """

    def __init__(self, tokens: np.ndarray, seq_len: int, seed: int, answers: Answers | None = None):
        if len(tokens) < seq_len + 1:
            raise ValueError(
                f"TrainConfig.seq_len: {seq_len} + 1 tokens make a sequence, "
                f"and the train split has {len(tokens)}"
            )
        self.tokens, self.seq_len, self.seed = tokens, seq_len, seed
        self._answers = answers  # what the counts say of each token, with its own part left out
        # One chunk fewer than fits, where there are two: it leaves the start its room to move.
        self.n_chunks = max(1, (len(tokens) - 1) // seq_len - 1)
        self._epoch = -1
        self._starts = np.empty(0, np.int64)

    @property
    def tokens_per_epoch(self) -> int:
        return self.n_chunks * self.seq_len

    def sequences(self, first: int, count: int) -> np.ndarray:
        """Sequences first .. first + count - 1: (count, seq_len + 1) int64, inputs and targets."""
        places = self._starts_of(first, count)[:, None] + np.arange(self.seq_len + 1)
        return np.asarray(self.tokens[places], np.int64)

    def answers(self, first: int, count: int) -> Answers | None:
        """Of the targets of the same sequences: (count, seq_len) and (count, seq_len, N)."""
        if self._answers is None:
            return None
        places = self._starts_of(first, count)[:, None] + np.arange(1, self.seq_len + 1)
        return Answers(*(said[places] for said in self._answers))

    def seen(self, n_sequences: int) -> np.ndarray:
        """Which tokens the first `n_sequences` predict: (n,) bool."""
        seen = np.zeros(len(self.tokens), bool)
        for i in range(min(n_sequences, self.n_chunks)):
            start = self._start(i)
            seen[start + 1 : start + 1 + self.seq_len] = True
        return seen

    def _starts_of(self, first: int, count: int) -> np.ndarray:
        return np.array([self._start(i) for i in range(first, first + count)], np.int64)

    def _start(self, i: int) -> int:
        epoch, chunk = divmod(i, self.n_chunks)
        if epoch != self._epoch:
            rng = np.random.Generator(np.random.PCG64([self.seed, epoch]))
            room = len(self.tokens) - 1 - self.tokens_per_epoch
            offset = rng.integers(0, min(self.seq_len, room) + 1)
            self._starts = rng.permutation(self.n_chunks) * self.seq_len + offset
            self._epoch = epoch
        return int(self._starts[chunk])
