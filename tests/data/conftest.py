"""Small corpora that the data tests make for themselves."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

WORDS = [
    a + b + c for a in ("ba", "ne", "tri") for b in ("lo", "ka", "mi") for c in ("s", "n", "t")
]


@pytest.fixture
def prose() -> Callable[[int, int], str]:
    """prose(seed, n_words): text of its own for each seed."""

    def make(seed: int, n_words: int = 250) -> str:
        rng = random.Random(seed)
        words = [rng.choice(WORDS) + rng.choice(["", "", "er", ".", ","]) for _ in range(n_words)]
        return "\n".join(" ".join(words[i : i + 12]) for i in range(0, n_words, 12)) + "\n"

    return make


@pytest.fixture
def notes(tmp_path: Path, prose) -> Path:
    """A folder of forty short texts."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for i in range(40):
        (folder / f"{i:02}.txt").write_text(prose(i))
    return folder
