"""A pair is right when the good sentence is likelier; pairs of a paradigm are not independent."""

import json
import math

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from tenth.evals.intervals import wilson
from tenth.evals.minimal_pairs import evaluate, read, summary

VOCAB = {"<eos>": 0, "dog": 1, "dogs": 2, "barks": 3, "bark": 4, "loudly": 5}


def tokenizer():
    tokenizer = Tokenizer(models.WordLevel(VOCAB, unk_token="<eos>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


class Bigrams:
    """Each next word's probability given the last; what is not given is 0.01."""

    def __init__(self, **p):
        self.p = torch.full((6, 6), 0.01, dtype=torch.float64)
        for words, probability in p.items():
            last, following = words.split("_")
            self.p[VOCAB.get(last, 0), VOCAB[following]] = probability

    def log_prob(self, inputs, targets):
        return self.p[inputs, targets].log()

    def predict(self, inputs):
        return self.p[inputs].argmax(-1)


def pair(good, bad, paradigm="number", field="syntax"):
    return {"paradigm": paradigm, "field": field, "good": good, "bad": bad}


NUMBER = [pair("dog barks", "dog bark"), pair("dogs bark", "dogs barks")]


def ask(model, pairs, seq=16, **options):
    return evaluate(model, tokenizer(), pairs, seq, **options)


def test_accuracy_is_that_computed_by_hand():
    model = Bigrams(dog_barks=0.4, dog_bark=0.2, dogs_bark=0.1, dogs_barks=0.3)
    pairs = [
        *NUMBER,  # 0.4 > 0.2: right; 0.1 < 0.3: wrong
        pair("dog barks", "dog bark", "more", "semantics"),  # right
        pair("dog barks loudly", "dog bark loudly", "more", "semantics"),  # right
        pair("dogs bark loudly", "dogs barks loudly", "more", "semantics"),  # wrong
        pair("bark dog", "barks dog", "third", "semantics"),  # 0.01² both: a tie
        pair("dog barks", "dog loudly", "third", "semantics"),  # right
        pair("dogs barks", "dogs dog", "third", "semantics"),  # right
        pair("dog barks", "dog dog", "third", "semantics"),  # right
    ]
    result = ask(model, pairs)
    assert result["by_paradigm"] == pytest.approx(
        {"number": 1 / 2, "more": 2 / 3, "third": 3.5 / 4}
    )
    assert result["accuracy"] == pytest.approx((1 / 2 + 2 / 3 + 3.5 / 4) / 3)
    assert result["accuracy_of_pairs"] == pytest.approx(6.5 / 9)
    assert result["by_field"]["semantics"]["accuracy"] == pytest.approx((2 / 3 + 3.5 / 4) / 2)
    assert result["by_field"]["syntax"]["accuracy"] == pytest.approx(1 / 2)
    assert (result["n"], result["n_paradigms"], result["chance"]) == (9, 3, 0.5)
    assert [result["by_field"][f]["n"] for f in ("semantics", "syntax")] == [7, 2]
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_a_model_that_knows_the_rule_is_always_right_and_its_opposite_always_wrong():
    good, bad = {"dog_barks": 0.9, "dogs_bark": 0.9}, {"dog_bark": 0.9, "dogs_barks": 0.9}
    assert ask(Bigrams(**good), NUMBER)["accuracy"] == 1
    assert ask(Bigrams(**bad), NUMBER)["accuracy"] == 0


def test_a_model_that_knows_nothing_is_at_chance():
    pairs = [pair(*words, p) for words in (("dog barks", "dog bark"), ("bark dog", "dog dog"))
             for p in "xyz"]  # fmt: skip
    result = ask(Bigrams(), pairs)
    assert result["accuracy"] == result["accuracy_of_pairs"] == 0.5
    assert result["interval"][0] < 0.5 < result["interval"][1]


def test_whole_sentences_are_compared_not_means_of_words():
    """The longer sentence has the higher mean and the lower sum."""
    model = Bigrams(dog_barks=0.02, barks_loudly=0.9)
    by_hand = math.log(0.01 * 0.02), math.log(0.01 * 0.02 * 0.9)
    assert by_hand[0] > by_hand[1] and by_hand[0] / 2 < by_hand[1] / 3
    assert ask(model, [pair("dog barks", "dog barks loudly")])["accuracy"] == 1


def test_the_first_word_counts():
    assert ask(Bigrams(eos_dog=0.5), [pair("dog bark", "dogs bark")])["accuracy"] == 1
    assert ask(Bigrams(eos_dogs=0.5), [pair("dog bark", "dogs bark")])["accuracy"] == 0


def test_two_sentences_of_the_same_tokens_tie_whatever_noise_the_model_has():
    class Noise(Bigrams):
        def log_prob(self, inputs, targets):
            return torch.rand(inputs.shape, generator=torch.Generator().manual_seed(0))

    result = ask(Noise(), [pair("dog unknown", "dog strange")] * 9)  # both are "dog <eos>"
    assert result["accuracy"] == 0.5


def test_impossible_sentences_tie_and_lose_to_possible_ones():
    model = Bigrams(dogs_barks=0.0, dog_bark=0.0, dogs_dogs=0.0)
    assert ask(model, NUMBER)["accuracy"] == 1
    assert ask(model, [pair("dog bark", "dogs dogs")])["accuracy"] == 0.5


def test_of_sentences_longer_than_the_context_the_ends_are_compared():
    model = Bigrams(eos_dogs=0.9, bark_loudly=0.5)
    # whole: 0.01 · 0.01 · 0.5 against 0.9 · 0.01 · 0.01; the last word alone: 0.5 against 0.01
    pairs = [pair("dog bark loudly", "dogs barks loudly")]
    assert ask(model, pairs, seq=3)["accuracy"] == 0
    assert ask(model, pairs, seq=1)["accuracy"] == 1


def test_the_sample_is_the_first_pairs_of_each_paradigm(tmp_path):
    path = tmp_path / "blimp.jsonl"
    pairs = [pair(f"good {i}", f"bad {i}", "xyz"[i % 3]) for i in range(12)]
    path.write_text("".join(json.dumps(p) + "\n" for p in pairs))
    assert read(path) == pairs
    assert read(path, 2) == pairs[:6]
    assert read(path, 99) == pairs


def test_one_field_spelt_in_two_ways_is_one_field(tmp_path):
    path = tmp_path / "blimp.jsonl"
    fields = "syntax/semantics", "syntax_semantics"
    path.write_text("".join(json.dumps(pair("a", "b", f, f)) + "\n" for f in fields))
    assert {p["field"] for p in read(path)} == {"syntax_semantics"}


# ---------------------------------------------------------------- the interval


@pytest.mark.parametrize("n_paradigms", [9, 67])
def test_the_interval_covers_the_truth_where_that_of_independent_pairs_does_not(n_paradigms):
    """Paradigms differ: a model knows one rule and not the next. The mean over rules is 2/3."""
    draw, n = np.random.default_rng(0), 100
    paradigms = np.repeat(np.arange(n_paradigms), n)
    covered, covered_if_independent = [], []
    for known in draw.beta(4, 2, (1500, n_paradigms)):
        right = draw.random((n_paradigms, n)) < known[:, None]
        low, high = summary(paradigms, right.ravel().astype(float))["interval"]
        covered.append(low <= 2 / 3 <= high)
        low, high = wilson(right.sum(), right.size)
        covered_if_independent.append(low <= 2 / 3 <= high)
    assert 0.93 < np.mean(covered) < 0.97
    assert np.mean(covered_if_independent) < 0.5


def test_the_interval_covers_the_truth_where_few_pairs_are_wrong():
    """A mean of 0.97 of twenty pairs, each of another paradigm: more than half say 1.0."""
    right = (np.random.default_rng(0).random((1500, 20)) < 0.97).astype(float)
    intervals = [summary(np.arange(20), r)["interval"] for r in right]
    assert np.mean([low <= 0.97 <= high for low, high in intervals]) > 0.93


def test_an_interval_stays_inside_and_is_that_of_a_clustered_mean():
    result = ask(Bigrams(dog_barks=0.9), [pair("dog barks", "dog bark", p) for p in "abcdefgh"])
    assert result["interval"] == pytest.approx(list(wilson(8, 8)))  # not [1, 1]
    means = np.array([0.5, 0.6, 0.9, 0.8])
    right = np.concatenate([np.arange(1000) < 1000 * m for m in means]).astype(float)
    half = 3.182 * means.std(ddof=1) / 2
    assert summary(np.repeat(np.arange(4), 1000), right)["interval"] == pytest.approx(
        [0.7 - half, 0.7 + half], abs=1e-3
    )
    assert summary(np.zeros(50), np.ones(50))["interval"] == [0, 1]  # of one paradigm: anything
