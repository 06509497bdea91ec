"""Counting against a plain dictionary version of Chen & Goodman's formulas, and its promises."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenth.data import Loader, NGrams, slots
from tenth.data.counts import discounts
from tenth.data.groups import grouping_flops

V = 7


def text_of(n: int, seed: int = 0, vocab: int = V) -> np.ndarray:
    """Some n-grams often, some once: a walk that mostly repeats itself."""
    rng = np.random.default_rng(seed)
    steps = np.where(rng.random(n) < 0.7, 1, rng.integers(0, vocab, n))
    return (steps.cumsum() % vocab).astype(np.uint16)


class Plain:
    """Interpolated modified Kneser-Ney from dictionaries, one probability at a time."""

    def __init__(self, text, order, counted=None):
        stream = [0] * order + [int(t) for t in text]
        counted = [True] * len(text) if counted is None else counted
        self.uses = {order: Counter()}
        for i, yes in enumerate(counted):
            if yes:
                end = i + order + 1
                self.uses[order][tuple(stream[end - order : end])] += 1
        for n in range(order - 1, 0, -1):
            self.uses[n] = Counter(gram[1:] for gram in self.uses[n + 1])
        self.order = order
        self.after = {n: defaultdict(dict) for n in self.uses}
        for n, uses in self.uses.items():
            for gram, count in uses.items():
                self.after[n][gram[:-1]][gram[-1]] = count

    def discounts(self, n):
        counts = Counter(self.uses[n].values())
        t1, t2, t3, t4 = (counts[i] for i in (1, 2, 3, 4))
        y = t1 / (t1 + 2 * t2) if t1 else 0.5
        pairs = ((1, t1, t2), (2, t2, t3), (3, t3, t4))
        raw = [i - (i + 1) * y * b / a if a else 0.5 * i for i, a, b in pairs]
        return [0.0] + [min(max(d, 0.05), i - 0.05) for i, d in enumerate(raw, 1)]

    def p(self, context, token):
        n = len(context) + 1
        d, seen = self.discounts(n), self.after[n].get(tuple(context), {})
        below = self.p(context[1:], token) if n > 1 else 1 / V
        total = sum(seen.values())
        if not total:
            return below
        left = sum(d[min(c, 3)] for c in seen.values()) / total
        count = seen.get(token, 0)
        return (count - d[min(count, 3)]) / total + left * below


@pytest.mark.parametrize("order", [2, 3, 5])
def test_every_probability_is_that_of_the_plain_version(order):
    text, other = text_of(300), text_of(80, seed=5)
    n_grams = NGrams(text, V, order)
    got = np.exp(n_grams.log_prob(n_grams.estimate(), other))
    plain, stream = Plain(text, order), [0] * order + other.tolist()
    want = [plain.p(stream[i + 1 : i + order], stream[i + order]) for i in range(len(other))]
    np.testing.assert_allclose(got, want, rtol=1e-5)


def test_the_probabilities_after_any_context_sum_to_one():
    text = text_of(500)
    n_grams = NGrams(text, V, 4)
    tables = n_grams.estimate()
    for context in ([0, 0, 0], [1, 2, 3], [6, 6, 6], [3, 1, 5]):
        total = sum(
            np.exp(n_grams.log_prob(tables, np.array([*context, token]))[-1]) for token in range(V)
        )
        assert total == pytest.approx(1, abs=1e-5)


def test_a_part_of_the_text_is_answered_by_the_counts_of_the_others_alone():
    """Else a model would trust, while it learns, counts that hold its very targets."""
    text, order, parts = text_of(240, seed=2), 3, 4
    answers = NGrams(text, V, order).held_out_answers(parts)
    part = np.arange(240) * parts // 240
    stream = [0] * order + text.tolist()
    for i in (0, 59, 60, 130, 239):
        plain = Plain(text, order, part != part[i])
        assert answers.p[i] == pytest.approx(
            plain.p(stream[i + 1 : i + order], stream[i + order]), rel=1e-4
        )


def test_held_out_answers_are_worse_than_answers_of_counts_that_saw_the_target():
    rng = np.random.default_rng(0)
    text = rng.integers(0, V, 2000).astype(np.uint16)  # nothing to learn: all knowledge is leakage
    n_grams = NGrams(text, V)
    leaked = -n_grams.log_prob(n_grams.estimate(), text).mean()
    honest = -np.log(n_grams.held_out_answers().p).mean()
    assert leaked < np.log(V) - 0.2 and honest > np.log(V) - 0.01


def test_the_confidence_is_what_the_context_leaves_to_lower_orders():
    text = text_of(300)
    n_grams = NGrams(text, V, 3)
    tables = n_grams.estimate()
    answers = n_grams.answers(tables, np.array([1, 2, 3]))
    plain = Plain(text, 3)
    for n, context in ((2, (2,)), (3, (1, 2))):
        seen, d = plain.after[n][context], plain.discounts(n)
        left = sum(d[min(c, 3)] for c in seen.values()) / sum(seen.values())
        assert np.exp(answers.log_gamma[2, n - 2]) == pytest.approx(left, rel=1e-5)


def test_lookup_finds_what_was_counted_and_nothing_else():
    text = np.array([3, 1, 4, 1, 5])
    n_grams = NGrams(text, V, 4)
    found = n_grams.lookup(np.array([3, 1, 4, 1, 2]))
    assert (found[3][:4] >= 0).all() and found[3][4] < 0  # 3 1 4 1 is there; 1 4 1 2 is not
    assert found[1][4] < 0 and found[0][4] == 2


@settings(max_examples=30)
@given(st.lists(st.integers(0, V - 1), min_size=8, max_size=60), st.integers(2, 5))
def test_any_text_makes_probabilities_within_0_and_1(tokens, order):
    n_grams = NGrams(np.array(tokens), V, order)
    tables = n_grams.estimate()
    for p in tables.p:
        assert (p > 0).all() and (p <= 1).all()
    assert all(((g >= 0) & (g <= 1)).all() for g in tables.gamma)
    answers = n_grams.held_out_answers()
    assert (answers.p > 0).all() and (answers.p <= 1).all() and (answers.log_gamma <= 0).all()


def test_discounts_stay_within_their_counts_however_odd_the_text():
    for uses in ([1], [2, 2], [9] * 5, [1, 2, 2, 2, 3, 4, 4], [0, 0, 1]):
        d = discounts(np.array(uses))
        assert d[0] == 0 and all(0 < d[i] < i for i in (1, 2, 3))


def test_the_loader_hands_out_the_answers_of_its_targets_and_knows_what_was_seen():
    text = text_of(1000)
    answers = NGrams(text, V).held_out_answers()
    loader = Loader(text, 16, 3, answers)
    got = loader.answers(5, 4)
    rows = loader.sequences(5, 4)
    assert got is not None and got.p.shape == (4, 16) and got.log_gamma.shape == (4, 16, 4)
    starts = [next(i for i in range(1000) if np.array_equal(text[i : i + 17], row)) for row in rows]
    for row, start in enumerate(starts):
        if np.array_equal(answers.p[start + 1 : start + 17], got.p[row]):
            continue
        places = [i for i in range(983) if np.array_equal(text[i : i + 17], rows[row])]
        assert any(np.array_equal(answers.p[i + 1 : i + 17], got.p[row]) for i in places)
    assert Loader(text, 16, 3).answers(0, 4) is None
    assert loader.seen(10).sum() == 160
    everything = loader.seen(10_000)  # one epoch, whatever is asked
    assert everything.sum() == loader.tokens_per_epoch


def test_the_vocabularys_places_are_a_permutation_and_alike_tokens_stand_together():
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 2, 20_000)  # after token 0 come 10..19, after token 1 come 20..29
    text = np.stack([kind, 10 + 10 * kind + rng.integers(0, 10, 20_000)], 1).ravel()
    places = slots(text, 30, 10)
    assert sorted(places.tolist()) == list(range(30))
    groups = [set((places[lo : lo + 10] // 10).tolist()) for lo in (10, 20)]
    assert len(groups[0]) == len(groups[1]) == 1 and groups[0] != groups[1]


def test_grouping_the_vocabulary_costs_little_but_is_counted():
    assert 1e9 < grouping_flops(4096, 64) < 3e9
    assert grouping_flops(8192, 64) > 1.9 * grouping_flops(4096, 64)
