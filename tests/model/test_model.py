"""What the model promises: causality, cached decoding, dropless experts, an exact router."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tenth.config import MemoryConfig, ModelConfig
from tenth.data import NGrams
from tenth.model import Counted, Transformer, initialize
from tenth.model.moe import MoE
from tenth.model.rotary import _rotated, rotary_angles, rotate
from tenth.model.router import Router

DENSE = ModelConfig(vocab_size=97, d_model=32, n_layers=3, n_heads=4, n_kv_heads=2, d_head=8,
                    d_ff=48, max_seq=32)  # fmt: skip
SPARSE = replace(DENSE, n_experts=6, top_k=2, d_expert=16, n_shared_experts=1, first_dense=1)
MEMORY = replace(SPARSE, head_groups=9, memory=MemoryConfig(order=4))
CONFIGS = {"dense": DENSE, "sparse": SPARSE, "memory": MEMORY,
           "partial rope": replace(DENSE, rotary_fraction=0.5),
           "softmax": replace(SPARSE, score="softmax"),
           "routed head": replace(DENSE, head_groups=5),
           "windows alone": replace(DENSE, memory=MemoryConfig(order=0)),
           "counts alone": replace(DENSE, memory=MemoryConfig(order=3, windows=()))}  # fmt: skip


def model_of(config: ModelConfig, seed: int = 0) -> Transformer:
    """Random weights everywhere: the real init's zeros would hide a mistake; tables of a text."""
    generator = torch.Generator().manual_seed(seed)
    counted = Counted(torch.randperm(config.vocab_size, generator=generator))
    if config.memory and config.memory.order:
        text = np.random.default_rng(seed).integers(0, 97, 400) % 23
        tables = NGrams(text, config.vocab_size, config.memory.order).estimate()
        config = replace(config, memory=replace(config.memory, n_grams=tables.n_grams))
        named = {name: torch.from_numpy(table) for name, table in tables.named().items()}
        counted = counted._replace(tables=named)
    model = initialize(Transformer(config), seed).remember(counted)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.05 * torch.randn(weight.shape, generator=generator)
    return model.eval()


def tokens_of(batch: int, seq: int) -> torch.Tensor:
    return torch.randint(0, 97, (batch, seq), generator=torch.Generator().manual_seed(7)) % 23


@pytest.mark.parametrize("name", CONFIGS)
def test_a_token_cannot_see_the_future(name):
    model, tokens = model_of(CONFIGS[name]), tokens_of(2, 20)
    changed = tokens.clone()
    changed[:, 12:] = (changed[:, 12:] + 1) % 23
    before, after = model(tokens).logits, model(changed).logits
    torch.testing.assert_close(before[:, :12], after[:, :12], rtol=1e-5, atol=1e-5)
    assert (before[:, 12:] - after[:, 12:]).abs().max() > 1e-2


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("cuts", [[1] * 20, [7, 1, 1, 5, 6], [20]])
def test_cached_decoding_equals_the_full_forward_pass(name, cuts):
    model, tokens = model_of(CONFIGS[name]), tokens_of(2, 20)
    full = model(tokens).logits
    state, pieces, at = model.new_state(batch=2, capacity=4), [], 0  # it has to grow
    for n in cuts:
        logits, _, state = model(tokens[:, at : at + n], state)
        pieces.append(logits)
        at += n
    assert state.length == 20
    error = (torch.cat(pieces, dim=1) - full).abs().max() / full.abs().max()
    assert error < 1e-4


def test_a_state_that_was_kept_is_not_changed_by_decoding_on():
    model, tokens = model_of(MEMORY), tokens_of(1, 8)
    _, _, kept = model(tokens, model.new_state(1, 32))
    first = model(tokens[:, :1], kept).logits
    model(tokens[:, 3:4], kept)
    torch.testing.assert_close(model(tokens[:, :1], kept).logits, first)


def test_without_a_state_none_comes_back_and_each_sparse_layer_gives_its_routing():
    output = model_of(SPARSE)(tokens_of(2, 5))
    assert output.state is None and len(output.routings) == 2
    for routing in output.routings:
        assert routing.rows_per_expert_E.sum() == 2 * 5 * SPARSE.top_k  # dropless
        torch.testing.assert_close(routing.weights_TK.sum(-1), torch.ones(10))


def test_an_expert_without_tokens_gets_a_zero_gradient_and_breaks_nothing():
    moe = model_of(SPARSE).layers[1].mlp
    assert isinstance(moe, MoE)
    moe.router.bias[0] = -1e3  # never chosen
    moe.router.bias[1] = 1e3  # always chosen
    y, routing = moe(torch.randn(2, 6, 32))
    y.square().sum().backward()
    assert routing.rows_per_expert_E[0] == 0 and routing.rows_per_expert_E[1] == 12
    assert moe.experts.gate.grad is not None
    assert moe.experts.gate.grad[0].abs().max() == 0
    assert moe.experts.gate.grad[1].abs().max() > 0


def test_the_moe_layer_equals_a_loop_over_tokens():
    moe = model_of(SPARSE).layers[1].mlp
    assert isinstance(moe, MoE) and moe.shared is not None
    x = torch.randn(1, 7, 32)
    y, routing = moe(x)
    for t in range(7):
        h = x[0, t]
        want = moe.shared(h)
        for weight, e in zip(routing.weights_TK[t], routing.experts_TK[t], strict=True):
            gate, up, down = (w[e] for w in (moe.experts.gate, moe.experts.up, moe.experts.down))
            want = want + weight * (down @ (torch.nn.functional.silu(gate @ h) * (up @ h)))
        torch.testing.assert_close(y[0, t], want, rtol=1e-4, atol=1e-5)


def test_the_bias_chooses_and_the_score_alone_weighs():
    router = Router(replace(SPARSE, top_k=1))
    torch.nn.init.normal_(router.gate)
    x = torch.randn(9, 32)
    router.bias[3] = 10.0
    routing = router(x)
    assert (routing.experts_TK == 3).all()
    torch.testing.assert_close(routing.weights_TK, torch.ones(9, 1))  # one expert: renormalised


def test_the_routers_bias_and_gate_stay_fp32_and_exact_when_the_model_turns_bf16():
    model = model_of(SPARSE)
    router = model.layers[1].mlp.router
    router.bias.copy_(torch.linspace(0, 1e-3, 6))
    bias, gate = router.bias.clone(), router.gate.detach().clone()
    model.to(torch.bfloat16)
    assert router.bias.dtype == router.gate.dtype == torch.float32
    assert torch.equal(router.bias, bias) and torch.equal(router.gate, gate)
    assert model.embed.weight.dtype == torch.bfloat16
    assert torch.isfinite(model(tokens_of(1, 6)).logits).all()


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    a, b, c = (initialize(Transformer(MEMORY), seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(a[k], b[k]) for k in a)
    assert not torch.equal(a["embed.weight"], c["embed.weight"])


def test_a_config_that_cannot_be_names_its_field():
    for wrong, named in ((dict(n_kv_heads=3), "n_kv_heads"), (dict(score="relu"), "score"),
                         (dict(n_experts=4, top_k=5), "top_k"), (dict(d_model=0), "d_model"),
                         (dict(head_groups=98), "head_groups")):  # fmt: skip
        with pytest.raises(ValueError, match=named):
            replace(DENSE, **wrong)


@pytest.mark.parametrize("pairs", [False, True])
def test_a_turn_by_rope_has_the_gradient_that_autograd_finds(pairs):
    cos_SR, sin_SR = rotary_angles(0, 5, 4, 10000.0, torch.device("cpu"))
    mine, plain = (torch.ones(2, 3, 5, 8).cumsum(-1).requires_grad_() for _ in range(2))
    dy = torch.randn(2, 3, 5, 8)
    rotate(mine, cos_SR, sin_SR, pairs).backward(dy)
    _rotated(plain, cos_SR, sin_SR, pairs).backward(dy)
    torch.testing.assert_close(mine.grad, plain.grad)
