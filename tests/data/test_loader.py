import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.data import Loader

seq_lens = st.integers(1, 9)
lengths = st.integers(0, 200)
seeds = st.integers(0, 2**32)


@given(lengths, seq_lens, seeds, st.integers(0, 4))
def test_an_epoch_holds_every_chunk_once(extra, seq_len, seed, epoch):
    loader = Loader(np.arange(seq_len + 1 + extra, dtype="<u2"), seq_len, seed)
    n = loader.n_chunks
    rows = loader.sequences(epoch * n, n)
    assert rows.shape == (n, seq_len + 1)
    assert rows.dtype == np.int64
    assert (np.diff(rows, axis=1) == 1).all()  # consecutive tokens
    starts = np.sort(rows[:, 0])
    assert (np.diff(starts) == seq_len).all()  # each target once, no gap
    assert 0 <= starts[0] <= seq_len
    assert loader.tokens_per_epoch == n * seq_len


@given(lengths, seq_lens, seeds, st.integers(0, 50), st.lists(st.integers(1, 7), max_size=6))
def test_a_sequence_does_not_depend_on_how_it_is_batched(extra, seq_len, seed, first, counts):
    tokens = np.arange(seq_len + 1 + extra, dtype="<u2")
    whole = Loader(tokens, seq_len, seed).sequences(first, sum(counts))
    resumed = Loader(tokens, seq_len, seed)
    at = first + sum(counts)
    for count in reversed(counts):  # a loader has no position: backwards is as good
        at -= count
        assert (resumed.sequences(at, count) == whole[at - first :][:count]).all()


def test_epochs_and_seeds_differ_in_order_and_in_start():
    tokens = np.arange(2001)
    loader = Loader(tokens, 10, seed=1)
    n = loader.n_chunks
    epochs = [loader.sequences(e * n, n)[:, 0] for e in range(4)]
    assert len({tuple(e) for e in epochs}) == 4
    assert len({e.min() for e in epochs}) > 1
    assert (Loader(tokens, 10, seed=2).sequences(0, n)[:, 0] != epochs[0]).any()


def test_a_split_shorter_than_a_sequence_is_refused():
    assert Loader(np.arange(9), 8, 0).sequences(5, 1).tolist() == [list(range(9))]
    with pytest.raises(ValueError, match=r"seq_len: 8 \+ 1 tokens .* has 8"):
        Loader(np.arange(8), 8, 0)
