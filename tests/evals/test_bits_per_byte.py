"""Every byte is scored once, whatever the windows, and the unit is right."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tenth.config import MemoryConfig, ModelConfig
from tenth.evals.bits_per_byte import bits_per_byte, token_bits, windows
from tenth.model import Transformer, initialize


@given(st.integers(1, 400), st.integers(2, 64))
def test_windows_score_every_token_exactly_once_with_half_a_window_before_it(n, seq):
    scored = np.zeros(n, dtype=int)
    for w in windows(n, seq, max(1, seq // 2)):
        assert 0 <= w.begin <= w.score_from < w.end <= n and w.end - w.begin <= seq
        scored[w.score_from : w.end] += 1
        assert w.score_from - w.begin >= min(w.score_from, seq - max(1, seq // 2))
    assert (scored == 1).all()


def ignorant(inputs, targets):
    return torch.full(targets.shape, -math.log(50))


def test_a_model_that_knows_nothing_pays_log2_of_the_vocabulary():
    tokens = np.random.default_rng(0).integers(0, 50, 333).astype(np.uint16)
    bits = token_bits(ignorant, tokens, 32)
    assert bits.sum().item() == pytest.approx(333 * math.log2(50))
    paid = bits_per_byte(ignorant, tokens, 999, 32)
    assert paid == pytest.approx(333 * math.log2(50) / 999)


def test_a_scorer_that_sees_the_targets_would_show_and_one_that_sees_the_past_is_aligned():
    """A scorer that is sure of `last token + 1` pays nothing on a counting text."""
    tokens = (np.arange(200) % 40).astype(np.uint16)

    def score(inputs, targets):
        return -50.0 * (targets != (inputs + 1) % 40).float()

    assert token_bits(score, tokens[1:], 16, eos=0).max() < 1e-6


def test_the_bits_equal_one_long_forward_pass_where_it_fits():
    config = ModelConfig(vocab_size=40, d_model=16, n_layers=2, n_heads=2, n_kv_heads=1, d_head=8,
                         d_ff=24, max_seq=64, memory=MemoryConfig(order=0))  # fmt: skip
    model = initialize(Transformer(config), 0).eval()
    torch.nn.init.normal_(model.head.weight)
    tokens = np.random.default_rng(1).integers(1, 40, 60).astype(np.uint16)
    got = token_bits(lambda x, y: model.log_prob(x, y).log_prob, tokens, 64)
    text = torch.tensor([[0, *tokens.tolist()]])
    nats = torch.nn.functional.cross_entropy(model(text).logits[0, :-1], text[0, 1:])
    assert got.mean().item() == pytest.approx(nats.item() / math.log(2), rel=1e-5)


def test_scoring_changes_no_weight_and_leaves_no_gradient():
    config = ModelConfig(vocab_size=40, d_model=16, n_layers=1, n_heads=2, n_kv_heads=1, d_head=8,
                         d_ff=24, max_seq=16, memory=MemoryConfig(order=0))  # fmt: skip
    model = initialize(Transformer(config), 0)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    token_bits(lambda x, y: model.log_prob(x, y).log_prob, np.ones(50, np.uint16), 16)
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())
