"""Which document is for training, tuning or the verdict, and the hash that names the outcome."""

import hashlib
from collections.abc import Sequence

import numpy as np

SPLITS = ("train", "tune", "verdict")
TRAIN, TUNE, VERDICT = range(3)
DROPPED = -1
SHARE = 0.05  # of the documents (of the bytes, where packages stay whole) for tune and verdict
MIN_DOCUMENTS = 8


def drop_copies(digests: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """True for each row but the first of those with the same digest and mark."""
    words = np.ascontiguousarray(digests).view(">u8").astype(np.uint64)
    order = np.lexsort((marks, *words.T))
    same = (words[order[1:]] == words[order[:-1]]).all(1) & (marks[order[1:]] == marks[order[:-1]])
    copies = np.zeros(len(digests), bool)
    copies[order[1:][same]] = True
    return copies


def in_digest_order(digests: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Rows as their hashes sort: the same shuffle whatever the files are called."""
    words = np.ascontiguousarray(digests[rows]).view(">u8").astype(np.uint64)
    return rows[np.lexsort(words.T[::-1])]


def split_by_content(digests: np.ndarray, wanted: Sequence[int]) -> np.ndarray:
    """Each of `wanted` gets the next SHARE of the range of hashes, train the rest.

    A document's split depends on its text alone, so order and additions change nothing. Where
    chance leaves a split empty (under about a hundred documents), it takes the document of the
    smallest hash that no split before it holds. Too few documents for that: all are train.
    """
    splits = np.full(len(digests), TRAIN, np.int8)
    if len(digests) < MIN_DOCUMENTS:
        return splits
    first_words = np.ascontiguousarray(digests[:, :8]).view(">u8")[:, 0]
    fraction = first_words.astype(np.float64) / 2.0**64
    for i, split in enumerate(wanted):
        splits[(fraction >= i * SHARE) & (fraction < (i + 1) * SHARE)] = split
    for i, split in enumerate(wanted):
        if not (splits == split).any():
            free = np.flatnonzero(~np.isin(splits, wanted[:i]))
            splits[free[fraction[free].argmin()]] = split
    return splits


def split_by_group(
    groups: np.ndarray, sizes: np.ndarray, names: Sequence[str], wanted: Sequence[int]
) -> np.ndarray:
    """Whole packages, in the order of their names' hashes, until a split has SHARE of the bytes.

    A package of over a quarter of that goes to train: a verdict on one package says little. Files
    of one package are alike, so one in two splits would flatter a model that learns it by heart.
    """
    totals = np.bincount(groups, sizes, len(names))
    target = SHARE * totals.sum()
    of_group = np.full(len(names), TRAIN, np.int8)
    left, filled = list(wanted), 0.0
    for g in sorted(range(len(names)), key=lambda g: hashlib.sha256(names[g].encode()).digest()):
        if left and 0 < totals[g] <= target / 4:
            of_group[g] = left[0]
            filled += totals[g]
            if filled >= target:
                left, filled = left[1:], 0.0
    return of_group[groups]


def corpus_hash(digests: np.ndarray, splits: np.ndarray) -> str:
    """SHA-256 over the sorted (split, content) pairs: blind to order, names and time."""
    total = hashlib.sha256()
    for code, name in enumerate(SPLITS):
        rows = in_digest_order(digests, np.flatnonzero(splits == code))
        total.update(f"{name} {len(rows)}\n".encode())
        total.update(digests[rows].tobytes())
    return total.hexdigest()
