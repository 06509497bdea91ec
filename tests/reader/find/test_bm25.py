"""BM25 against its formula."""

import math

import numpy as np

from tenth.reader.find.bm25 import Bm25, best

TEXTS = [{"cash": 2.0, "flow": 1.0}, {"cash": 1.0, "tax": 3.0}, {"risk": 4.0}]


def test_scores_are_the_formula_s():
    index = Bm25.of(TEXTS, k1=1.2, b=0.75)
    mean = (3 + 4 + 4) / 3
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = [idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean)),
                idf * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 4 / mean)), 0]  # fmt: skip
    assert np.allclose(index.scores({"cash": 1.0}), expected, rtol=1e-6)


def test_a_term_that_no_text_has_scores_nothing():
    index = Bm25.of(TEXTS)
    assert not index.scores({"goodwill": 1.0}).any()
    assert index.idf("goodwill") == 0


def test_an_index_of_nothing_finds_nothing():
    assert best(Bm25.of([]).scores({"cash": 1.0}), 10) == []


def test_of_equal_scores_the_first_text_comes_first():
    assert best(np.array([0.0, 2.0, 3.0, 2.0 + 1e-13]), 10) == [2, 1, 3]
    assert best(np.array([1.0, 1.0]), 1) == [0]
