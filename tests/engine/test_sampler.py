"""The sampler, held against transformers' warpers."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from tenth.engine.sampler import kept, logprob_of, new_generator, penalised, sample
from tenth.engine.sequence import SamplingParams, Sequence

OFF = {"top_p": 1.0, "top_k": 0, "min_p": 0.0}


def oracle(logits_V: torch.Tensor, params: SamplingParams) -> torch.Tensor:
    scores = TemperatureLogitsWarper(float(params.temperature))(None, logits_V[None])
    if params.top_k:
        scores = TopKLogitsWarper(params.top_k)(None, scores)
    if params.top_p < 1:
        scores = TopPLogitsWarper(params.top_p)(None, scores)
    if params.min_p:
        scores = MinPLogitsWarper(params.min_p)(None, scores)
    return scores.softmax(-1)[0]


def probabilities(logits_V: torch.Tensor, params: SamplingParams) -> torch.Tensor:
    p, tokens = kept(logits_V, params)
    return torch.zeros(len(logits_V), dtype=p.dtype).scatter(0, tokens, p)


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(1, 400),
    spread=st.floats(0.1, 8),
    temperature=st.floats(0.05, 5),
    top_k=st.integers(0, 500),
    top_p=st.floats(0.01, 1),
    min_p=st.floats(0, 1),
)
def test_the_filters_keep_what_transformers_keeps_with_the_same_probabilities(
    seed, size, spread, temperature, top_k, top_p, min_p
):
    logits_V = torch.randn(size, generator=torch.Generator().manual_seed(seed)).double() * spread
    params = SamplingParams(temperature, top_p, top_k, min_p)
    torch.testing.assert_close(probabilities(logits_V, params), oracle(logits_V, params))


@pytest.mark.parametrize("one", [{"top_k": 7}, {"top_p": 0.6}, {"min_p": 0.2}])
def test_each_filter_alone_keeps_what_transformers_keeps(one):
    logits_V = torch.randn(300, generator=torch.Generator().manual_seed(1)).double() * 3
    params = SamplingParams(0.9, **(OFF | one))
    expected = oracle(logits_V, params)
    assert 1 < (expected > 0).sum() < 300
    torch.testing.assert_close(probabilities(logits_V, params), expected)


def test_with_every_filter_off_the_softmax_is_sampled():
    logits_V = torch.randn(50)
    torch.testing.assert_close(
        probabilities(logits_V, SamplingParams(1.0, **OFF)), logits_V.double().softmax(-1)
    )


def test_temperature_zero_takes_the_most_probable_token_and_the_lowest_id_on_ties():
    logits_V = torch.tensor([0.0, 3.0, 1.0, 3.0])
    assert {sample(logits_V, SamplingParams(0), new_generator(s)) for s in range(20)} == {1}


def test_top_k_keeps_exactly_k_the_lower_ids_on_ties():
    _, tokens = kept(torch.zeros(10), SamplingParams(1.0, top_p=1, top_k=3))
    assert tokens.tolist() == [0, 1, 2]


def test_a_tiny_temperature_is_greedy_and_overflows_nowhere():
    logits_V = torch.tensor([-1e30, 1e30, 0.0])
    assert sample(logits_V, SamplingParams(1e-300, **OFF), new_generator(0)) == 1


def test_a_forbidden_token_is_never_drawn():
    logits_V = torch.tensor([-math.inf, 0.0, -math.inf, 0.0])
    generator = new_generator(0)
    assert {sample(logits_V, SamplingParams(1, **OFF), generator) for _ in range(200)} == {1, 3}


def test_draws_come_as_often_as_their_probabilities_say():
    logits_V = torch.tensor([1.0, 0.0, 2.0, -1.0, 0.5])
    params, generator, n = SamplingParams(1.3, **OFF), new_generator(3), 20_000
    counts = torch.zeros(5, dtype=torch.float64)
    for _ in range(n):
        counts[sample(logits_V, params, generator)] += 1
    p = oracle(logits_V.double(), params)
    assert ((counts / n - p).abs() < 4 * (p * (1 - p) / n).sqrt()).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("temperature", [0, 1])
def test_logits_that_are_no_numbers_are_a_clear_error(bad, temperature):
    logits_V = torch.tensor([0.0, bad, 1.0])
    with pytest.raises(ValueError, match=r"logits hold (nan|inf)"):
        sample(logits_V, SamplingParams(temperature), new_generator(0))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("temperature", -0.1, "from 0"),
        ("temperature", math.nan, "from 0"),
        ("temperature", math.inf, "finite"),
        ("temperature", "hot", "number"),
        ("top_p", 0, "above 0"),
        ("top_p", 1.01, "at most 1"),
        ("top_k", -1, "from 0"),
        ("top_k", 1.5, "whole"),
        ("min_p", 1.5, r"0\.\.1"),
        ("seed", 1.5, "64-bit"),
        ("seed", 2**70, "64-bit"),
        ("max_tokens", -1, "from 0"),
        ("stop", ("a", ""), "non-empty"),
        ("stop", "abc", "tuple"),
        ("frequency_penalty", math.inf, "finite"),
        ("repetition_penalty", 0, "above 0"),
        ("logit_bias", ((1.5, 2),), "pairs"),
    ],
)
def test_a_bad_setting_is_named_with_its_value_and_what_is_allowed(name, value, allowed):
    with pytest.raises(
        ValueError, match=rf"SamplingParams\.{name}: .* is not .*{allowed}"
    ) as error:
        SamplingParams(**{name: value})
    assert repr(value) in str(error.value)


def said(generated: list[int], prompt: tuple[int, ...] = (1, 2), **params) -> Sequence:
    return Sequence(prompt, SamplingParams(**params), (0,), generated=generated)


def test_the_repetition_penalty_is_transformers_own():
    logits_V = torch.randn(50, generator=torch.Generator().manual_seed(2)) * 3
    sequence = said([5, 9, 9, 30], repetition_penalty=1.3)
    seen = torch.tensor([[*sequence.prompt, *sequence.generated]])
    expected = RepetitionPenaltyLogitsProcessor(1.3)(seen, logits_V[None].clone())[0]
    torch.testing.assert_close(penalised(logits_V, sequence), expected)


def test_frequency_and_presence_penalties_count_what_was_generated_alone():
    sequence = said([3, 4, 4], (1, 3), frequency_penalty=0.5, presence_penalty=0.25)
    expected = torch.zeros(6)
    expected[3], expected[4] = -0.75, -1.25
    torch.testing.assert_close(penalised(torch.zeros(6), sequence), expected)


def test_a_bias_is_added_and_the_models_logits_stay_as_they_are():
    logits_V = torch.zeros(6)
    biased = penalised(logits_V, said([], logit_bias=((2, 5.0), (4, -5.0))))
    assert biased.tolist() == [0, 0, 5, 0, -5, 0] and not logits_V.any()
    assert penalised(logits_V, said([1])) is logits_V


def test_a_log_probability_comes_with_the_best_alternatives():
    logits_V = torch.tensor([0.0, 2.0, 1.0, -1.0])
    log_p = logits_V.double().log_softmax(-1).tolist()
    one = logprob_of(3, logits_V, 2)
    assert one == (3, pytest.approx(log_p[3]), ((1, log_p[1]), (2, log_p[2])))
    assert len(logprob_of(0, logits_V, 20).top) == 4 and logprob_of(0, logits_V, 0).top == ()
