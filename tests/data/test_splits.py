import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenth.data.splits import (
    MIN_DOCUMENTS,
    TRAIN,
    TUNE,
    VERDICT,
    corpus_hash,
    drop_copies,
    split_by_content,
    split_by_group,
)


def digests(texts) -> np.ndarray:
    joined = b"".join(hashlib.sha256(str(text).encode()).digest() for text in texts)
    return np.frombuffer(joined, np.uint8).reshape(-1, 32)


def test_a_split_follows_the_first_bytes_of_the_hash():
    many = digests(range(500))
    fractions = [int.from_bytes(bytes(row[:8])) / 2**64 for row in many]
    want = [VERDICT if f < 0.05 else TUNE if f < 0.10 else TRAIN for f in fractions]
    assert split_by_content(many, [VERDICT, TUNE]).tolist() == want


def test_adding_documents_moves_none_that_was_there():
    many = split_by_content(digests(range(1000)), [VERDICT, TUNE])
    fewer = split_by_content(digests(range(500)), [VERDICT, TUNE])
    assert (many[:500] == fewer).all()


@given(st.integers(MIN_DOCUMENTS, 60), st.integers(0, 10**6), st.booleans())
def test_eight_documents_or_more_always_fill_every_split(n, first, held_out):
    some = digests(range(first, first + n))
    wanted = [TUNE] if held_out else [VERDICT, TUNE]
    splits = split_by_content(some, wanted)
    assert set(splits.tolist()) == {TRAIN, *wanted}
    assert (split_by_content(some[::-1], wanted)[::-1] == splits).all()


def test_fewer_than_eight_documents_are_not_split():
    assert not split_by_content(digests(range(7)), [VERDICT, TUNE]).any()


def test_packages_stay_whole_and_a_huge_one_goes_to_train():
    names = [f"/package{i}" for i in range(100)]
    groups = np.repeat(np.arange(100, dtype=np.int32), 3)
    sizes = np.where(groups == 7, 5000, 10)
    splits = split_by_group(groups, sizes, names, [VERDICT, TUNE])
    for g in range(100):
        assert len(set(splits[groups == g].tolist())) == 1
    assert splits[groups == 7][0] == TRAIN
    for code in (VERDICT, TUNE):
        share = sizes[splits == code].sum() / sizes.sum()
        assert 0.05 <= share <= 0.075


def test_only_later_copies_are_dropped():
    copies = drop_copies(digests(["a", "b", "a", "a"]), np.array([0, 0, 0, 1]))
    assert copies.tolist() == [False, False, True, False]


@given(st.permutations(range(20)))
def test_the_corpus_hash_is_blind_to_order(order):
    some, splits = digests(range(20)), np.arange(20) % 3
    assert corpus_hash(some[order], splits[order]) == corpus_hash(some, splits)


def test_the_corpus_hash_sees_text_and_split():
    some, splits = digests(range(20)), np.arange(20) % 3
    other = {
        corpus_hash(some, splits),
        corpus_hash(some, (splits + 1) % 3),
        corpus_hash(some[:19], splits[:19]),
        corpus_hash(digests(range(1, 21)), splits),
    }
    assert len(other) == 4
