"""Near duplicates by MinHash: text that is held out must not be trained on in other words."""

import re
import zlib

import numpy as np
from datasketch import MinHash

from tenth.data.spool import pieces

SIMILAR = 0.8  # Jaccard, of sets of shingles
SHINGLE = 5  # words
BANDS, ROWS = 21, 6  # finds 99.8 % of the pairs at 0.8; the estimate from all 128 then decides
# A word, or one character of a script that is written without spaces.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff]+")

_EMPTY = MinHash(num_perm=128, hashfunc=lambda value: value)
_ODD = np.random.Generator(np.random.PCG64(10)).integers(
    0, 1 << 63, (BANDS, ROWS), np.uint64
) * np.uint64(2) + np.uint64(1)


def signature(text: str) -> np.ndarray:
    """The MinHash (128,) of a text's word 5-shingles; of all its words, if they are fewer."""
    sketch = _EMPTY.copy()  # a new one would draw its permutations again
    for piece in pieces(text):
        words = [zlib.crc32(word.encode()) for word in WORD.findall(piece)]
        if not words:
            words = [zlib.crc32(piece.strip().encode())]
        word_hashes = np.array(words, np.uint32)
        n = min(SHINGLE, len(words))
        shingles = np.zeros(len(words) - n + 1, np.uint32)
        for i in range(n):  # wraps around: a polynomial hash of the n words
            shingles *= np.uint32(0x9E3779B1)
            shingles += word_hashes[i : i + len(shingles)]
        for start in range(0, len(shingles), 2048):  # a block of 128 hashes each stays in cache
            sketch.update_batch(shingles[start : start + 2048].tolist())
    return sketch.hashvalues


class NearDuplicates:
    """The texts that others are compared with, at about 0.9 KB each.

    This is locality-sensitive hashing as in datasketch's MinHashLSH, whose dictionaries of sets
    would take 6 KB a text: here one sorted array holds the keys of all bands.
    """

    def __init__(self, signatures: np.ndarray):
        self.signatures = signatures
        keys = _band_keys(signatures).ravel()
        order = keys.argsort(kind="stable")
        self.keys = keys[order]
        self.texts = (order // BANDS).astype(np.int32)

    def hold(self, sketch: np.ndarray) -> bool:
        """Whether one of the texts is a near duplicate of the one with this signature."""
        wanted = _band_keys(sketch[None])[0]
        first = self.keys.searchsorted(wanted, "left")
        last = self.keys.searchsorted(wanted, "right")
        found = [self.texts[a:b] for a, b in zip(first, last, strict=True) if a < b]
        if not found:
            return False
        candidates = self.signatures[np.unique(np.concatenate(found))]
        return bool(((candidates == sketch).mean(1) >= SIMILAR).any())


def _band_keys(signatures: np.ndarray) -> np.ndarray:
    bands = signatures[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS).astype(np.uint64)
    keys = np.zeros(bands.shape[:2], np.uint64)
    for i in range(ROWS):
        keys += bands[:, :, i] * _ODD[:, i]
    return keys
