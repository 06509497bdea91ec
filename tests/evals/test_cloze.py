"""The last word is right when greedy decoding gives it exactly; only that word is paid for."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import story
from tokenizers import Tokenizer, models, pre_tokenizers

from tenth.data.tokenizer import train_tokenizer
from tenth.evals.cloze import evaluate, read, split
from tenth.evals.intervals import wilson

SHARED = Path(__file__).parents[3] / "shared" / "data" / "evals"
BPE = train_tokenizer([story(i) for i in range(3)], 400)
VOCAB = {"<eos>": 0, "my": 1, "red": 2, "dog": 3, "cat": 4}


def tokenizer():
    tokenizer = Tokenizer(models.WordLevel(VOCAB, unk_token="<eos>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


class Bigrams:
    """Each next word's probability given the last; what is not given is 0.01."""

    def __init__(self, **p):
        self.p = torch.full((5, 5), 0.01, dtype=torch.float64)
        for words, probability in p.items():
            last, following = words.split("_")
            self.p[VOCAB.get(last, 0), VOCAB[following]] = probability

    def log_prob(self, inputs, targets):
        return self.p[inputs, targets].log()

    def predict(self, inputs):
        return self.p[inputs].argmax(-1)


def passage(context, continuation):
    return {"context": context, "continuation": continuation}


def ask(model, passages, seq=16, **options):
    return evaluate(model, tokenizer(), passages, seq, **options)


def test_accuracy_and_cost_are_those_computed_by_hand():
    model = Bigrams(my_red=0.5, red_dog=0.6, my_dog=0.25)
    passages = [
        passage("my", "red"),  # right, 0.5
        passage("my red", "dog"),  # right, 0.6
        passage("my", "dog"),  # wrong: red is likelier; 0.25
        passage("my dog my", "red dog"),  # right in both words, 0.5 · 0.6
        passage("my", "dog my"),  # wrong in its first word; 0.25 · 0.01
    ]
    p = [0.5, 0.6, 0.25, 0.3, 0.0025]
    n_bytes = sum(len(f" {x['continuation']}") for x in passages)
    result = ask(model, passages)
    assert result["accuracy"] == 3 / 5 and result["n"] == 5
    assert result["interval"] == pytest.approx(list(wilson(3, 5)))
    assert result["perplexity"] == pytest.approx(math.prod(p) ** (-1 / 5))
    assert result["bits_per_byte"] == pytest.approx(-math.log2(math.prod(p)) / n_bytes)
    for name in ("perplexity", "bits_per_byte"):
        low, high = result[f"{name}_interval"]
        assert low < result[name] < high
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_every_word_of_a_continuation_must_be_the_likeliest():
    passages = [passage("my", "red dog")]
    assert ask(Bigrams(my_red=0.9, red_dog=0.9), passages)["accuracy"] == 1
    assert ask(Bigrams(my_red=0.9, red_cat=0.9), passages)["accuracy"] == 0
    assert ask(Bigrams(my_cat=0.9, red_dog=0.9), passages)["accuracy"] == 0


def test_a_model_that_always_knows_pays_nothing_and_one_that_never_does_is_always_wrong():
    passages = [passage("my", "red"), passage("my red", "dog"), passage("red", "dog")]
    knows = ask(Bigrams(my_red=1.0, red_dog=1.0), passages)
    assert (knows["accuracy"], knows["perplexity"], knows["bits_per_byte"]) == (1, 1, 0)
    assert knows["interval"] == pytest.approx(list(wilson(3, 3)))
    never = ask(Bigrams(my_cat=0.9, red_cat=0.9), passages)
    assert (never["accuracy"], never["perplexity"]) == (0, pytest.approx(100))


def test_the_context_is_read_and_does_not_count():
    cheap, dear = Bigrams(my_red=0.5), Bigrams(my_red=0.5, eos_my=1e-9, red_my=1e-9, cat_my=1e-9)
    passages = [passage("red my cat my", "red"), passage("my", "red")]
    assert ask(cheap, passages) == ask(dear, passages)
    assert ask(cheap, passages)["perplexity"] == pytest.approx(2)


def test_a_continuation_is_scored_whole_or_not_at_all():
    model = Bigrams(my_red=0.5, red_dog=0.6)
    passages = [passage("cat cat cat my", "red dog"), passage("cat my", "red")]
    assert ask(model, passages, seq=2) == ask(model, passages, seq=16)
    with pytest.raises(ValueError, match="a continuation has 2 tokens, the context seq only 1"):
        ask(model, passages, seq=1)


def test_batches_change_nothing():
    passages = [passage("my red " * n + "my", "red dog"[: 3 + 4 * (n % 2)]) for n in range(20)]
    model = Bigrams(my_red=0.5, red_dog=0.4, red_my=0.3)
    alone, together = (ask(model, passages, batch=batch) for batch in (1, 10_000))
    for name, value in alone.items():
        assert together[name] == pytest.approx(value, rel=1e-9)
    assert alone["bits_per_byte"] != ask(model, passages[:-1])["bits_per_byte"]


def test_a_cost_without_bound_is_none_and_not_infinity():
    never = ask(Bigrams(my_red=0.0), [passage("my", "red")] * 3)
    assert never["perplexity"] is None and never["bits_per_byte"] is None
    assert never["perplexity_interval"] == never["bits_per_byte_interval"] == [None, None]
    hardly = ask(Bigrams(my_red=1e-300), [passage("my", "red red red my red")] * 2)
    assert hardly["perplexity"] is None and math.isfinite(hardly["bits_per_byte"])
    one = ask(Bigrams(my_red=0.5), [passage("my", "red")])
    assert one["perplexity_interval"] == [1, None] and one["bits_per_byte_interval"] == [None, None]
    for result in (never, hardly, one):
        json.dumps(result, allow_nan=False)


# ---------------------------------------------------------------- where the continuation begins


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip)


@given(words, words)
def test_context_and_continuation_are_joined_by_a_space_and_nothing_is_lost(context, continuation):
    (text,), (n_bytes,) = split(BPE, [passage(context, continuation)])
    joined = context[-1].isspace() or continuation[0] == " "
    whole = context + ("" if joined else " ") + continuation
    assert text.tokens == BPE.encode(whole).ids
    assert text.tokens[: text.score_from] == BPE.encode(context.rstrip()).ids[: text.score_from]
    assert 0 <= text.score_from < len(text.tokens)
    assert n_bytes == len(whole.encode()) - len(context.rstrip().encode())


@pytest.mark.parametrize("context", ["the cat saw", "the cat saw ", "the cat saw  ", "saw\n"])
def test_the_space_goes_with_the_continuation(context):
    (text,), (n_bytes,) = split(BPE, [passage(context, "the moon")])
    space = context[len(context.rstrip()) :] or " "
    assert BPE.decode(text.tokens[text.score_from :]) == f"{space}the moon"
    assert BPE.decode(text.tokens[: text.score_from]) == context.rstrip()
    assert n_bytes == len(f"{space}the moon")
    if space == " ":  # as one token, which "the" alone would not be
        assert BPE.id_to_token(text.tokens[text.score_from]) == "Ġthe"


def test_a_continuation_that_brings_its_space_gets_no_second_one():
    with_space, without = (split(BPE, [passage("the cat", w)])[0] for w in (" saw", "saw"))
    assert with_space == without
    (text,), _ = split(BPE, [passage("the cat", "\n\nsaw")])  # as the set's own " " split left it
    assert BPE.decode(text.tokens) == "the cat \n\nsaw"


def test_tokens_that_hold_the_end_of_the_context_and_the_word_count():
    """A tokenizer may join what the context ends with and what follows."""
    vocab = {"a": 0, "b": 1, " ": 2, "b ": 3}
    joins = Tokenizer(models.BPE(vocab, [("b", " ")]))
    (text,), _ = split(joins, [passage("ab", "a")])
    assert text == ([0, 3, 0], 1)  # "a" is shared, "b " and "a" count


def test_the_sample_is_evenly_spread(tmp_path):
    path = tmp_path / "lambada_openai.jsonl"
    passages = [passage(f"context {i}", "word") for i in range(10)]
    path.write_text("".join(json.dumps(p) + "\n" for p in passages))
    assert read(path) == read(path, 10) == read(path, 99) == passages
    assert read(path, 5) == passages[::2]
    assert read(path, 3) == [passages[i] for i in (0, 3, 6)]


def test_the_real_passages_end_in_one_word_that_is_scored_with_its_space():
    path = SHARED / "lambada_openai.jsonl.xz"
    if not path.is_file():
        pytest.skip("../shared/data is absent")
    passages = read(path, 500)
    texts, n_bytes = split(BPE, passages)
    for text, n, p in zip(texts, n_bytes, passages, strict=True):
        assert BPE.decode(text.tokens[text.score_from :]) == f" {p['continuation']}"
        assert n == len(p["continuation"].encode()) + 1


# ---------------------------------------------------------------- intervals


def test_the_intervals_of_the_costs_cover_the_truth_nineteen_times_in_twenty():
    """Long words cost more, and some cost far more: the rate is a ratio of two means."""
    draw, n = np.random.default_rng(0), 300
    names = {f"{'x' * k}": k for k in range(1, 9)}
    vocab = {"<eos>": 0, "my": 1} | {name: k + 1 for name, k in names.items()}
    spelt = Tokenizer(models.WordLevel(vocab, unk_token="<eos>"))
    spelt.pre_tokenizer = pre_tokenizers.WhitespaceSplit()

    class Drawn:  # nats: gamma of mean 0.7 a byte, the space's included
        def log_prob(self, inputs, targets):
            return -0.7 * targets * torch.from_numpy(draw.gamma(2, 0.5, targets.shape))

        def predict(self, inputs):
            return inputs

    costs, words = [], []
    for _ in range(300):
        passages = [passage("my", "x" * k) for k in draw.integers(1, 9, n)]
        result = evaluate(Drawn(), spelt, passages, 8)
        costs.append(result["bits_per_byte_interval"])
        words.append(result["perplexity_interval"])
    rate, nats = 0.7 / math.log(2), 0.7 * (1 + 4.5)
    assert 0.92 < np.mean([low <= rate <= high for low, high in costs]) < 0.98
    assert 0.92 < np.mean([low <= math.exp(nats) <= high for low, high in words]) < 0.98
