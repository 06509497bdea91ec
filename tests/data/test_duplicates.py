import random

import numpy as np
import pytest

from tenth.data.duplicates import NearDuplicates, signature


def changed(text: str, n_words: int, seed: int = 0) -> str:
    """The text with words replaced at random places."""
    words = text.split(" ")
    for at in random.Random(seed).sample(range(len(words)), n_words):
        words[at] = f"other{at}"
    return " ".join(words)


@pytest.fixture
def index(prose) -> NearDuplicates:
    return NearDuplicates(np.array([signature(prose(seed, 1000)) for seed in range(30)]))


def test_a_text_with_a_few_words_changed_is_a_near_duplicate(index, prose):
    for seed in range(30):  # 10 of 1000 words touch about 5 % of the shingles
        assert index.hold(signature(changed(prose(seed, 1000), 10)))


def test_another_text_is_no_near_duplicate(index, prose):
    assert not any(index.hold(signature(prose(seed, 1000))) for seed in range(100, 130))
    # 100 of 1000 words touch about 40 %: a Jaccard of 0.4
    assert not any(index.hold(signature(changed(prose(s, 1000), 100))) for s in range(30))


def test_short_texts_and_texts_without_words_have_signatures():
    texts = ["one", "one two", "*** !!!", "--- !!!", "漢字", "a b c d e", "a b c d f"]
    for text in texts:
        index = NearDuplicates(signature(text)[None])
        assert [other for other in texts if index.hold(signature(other))] == [text]


def test_chinese_is_compared_by_characters():
    rng = random.Random(1)
    text = "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(1000))
    index = NearDuplicates(signature(text)[None])
    assert index.hold(signature(text[:500] + "新" + text[501:]))
    assert not index.hold(signature(text[::-1]))


def test_a_signature_does_not_depend_on_the_run(prose):
    assert signature("a b c d e f")[:3].tolist() == signature("a  b\nc d e f")[:3].tolist()
    assert signature(prose(1)).tolist() == signature(prose(1)).tolist()
