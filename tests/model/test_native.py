"""C and the plain modules give the same, whatever the switches, sizes and precision."""

import copy
import random
from dataclasses import replace

import pytest
import torch

from tenth.config import ModelConfig
from tenth.model import Transformer
from tenth.model.decode import for_decoding
from tenth.model.native import natively
from tenth.model.quantized import quantize
from tenth.ops import native

pytestmark = pytest.mark.skipif(native.library() is None, reason=f"no C: {native.why_not()}")
SEEDS = range(24)


def drawn_config(seed: int) -> ModelConfig:
    """Any switch with any other; sizes that fill no vector."""
    draw = random.Random(seed)
    pick = draw.choice
    n_kv_heads, d_head = pick([1, 2, 3]), pick([6, 8, 20, 34])
    sparse = pick([True, True, False])
    groups = pick([1, 1, 3])
    experts = pick([7, 12, 33]) // groups * groups if groups > 1 else pick([1, 7, 12, 33])
    top_groups = pick([2, 3]) if groups > 1 else 1
    return ModelConfig(
        vocab_size=41, n_layers=3, d_model=pick([5, 24, 45, 70]), d_ff=pick([7, 33, 64]),
        max_seq=64, n_kv_heads=n_kv_heads, n_heads=n_kv_heads * pick([1, 2, 5]), d_head=d_head,
        rotary_fraction=pick([1.0, 0.5]) if d_head % 4 == 0 else 1.0,
        rope_pairs=pick([True, False]), rope_theta=pick([100.0, 1e4]), norm_eps=pick([1e-6, 1e-3]),
        n_experts=experts if sparse else 0, top_k=pick([1, min(7, experts * top_groups // groups)]),
        d_expert=pick([3, 16, 23]), n_shared_experts=pick([0, 1, 2]), first_dense=pick([0, 1]),
        score=pick(["sigmoid", "softmax", "topk_softmax"]), routed_scale=pick([1.0, 2.5]),
        attention_scale=pick([1.0, 1.4]), qk_norm=pick(["head", "full", "none"]),
        qkv_bias=pick([True, False]), o_bias=pick([True, False]), clip_qkv=pick([0.0, 0.7]),
        windows=pick([(), (0, 3, 9)]), sinks=pick([True, False]),
        norms=pick(["pre", "post", "both"]), mlp_bias=pick([True, False]),
        shared_gate=pick([True, False]), n_groups=groups, top_groups=top_groups,
        group_score=pick(["top2", "max"]), renorm=pick([True, False]),
        router_bias=pick([True, False]), expert_bias=pick([True, False]),
        swiglu_limit=pick([0.0, 1.0]), tied=pick([True, False]),
    )  # fmt: skip


def drawn(config: ModelConfig, seed: int = 0) -> Transformer:
    model, generator = Transformer(config).eval(), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in (*model.parameters(), *model.buffers()):
            noise = torch.randn(weight.shape, generator=generator)
            weight.copy_(noise * weight.size(-1) ** -0.5 if weight.dim() > 1 else 0.5 + 0.2 * noise)
    return model


@torch.inference_mode()
def decoded(model: Transformer, tokens=None):
    """Logits and routings of one token after the other, and from two; the state has to grow."""
    if tokens is None:
        tokens = torch.randint(41, (1, 14), generator=torch.Generator().manual_seed(1))
    state, logits, routings = model.new_state(1, 3), [], []
    for piece in tokens.split([1, 2, *[1] * 11], dim=1):
        logits_BSV, routing, state = model(piece, state)
        logits.append(logits_BSV[0])
        routings.append(routing)
    return torch.cat(logits).float(), routings


def ran_in_c(model: Transformer) -> bool:
    return all(None not in (block.parts or [None]) for block in model.blocks)


LARGE = replace(drawn_config(0), d_model=300, d_ff=290, d_head=64, n_heads=6, n_kv_heads=3,
                n_experts=9, top_k=4, d_expert=150, n_groups=1, top_groups=1,
                n_shared_experts=1)  # fmt: skip


@pytest.fixture
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("threads", [1, 2, 3], indirect=True)
def test_threads_share_the_work_of_a_large_model_and_change_nothing(threads):
    model, plain = for_decoding(drawn(LARGE)), drawn(LARGE)
    ours, expected = decoded(model)[0], decoded(plain)[0]
    assert ran_in_c(model)
    assert (ours - expected).abs().max() / expected.abs().max() < 1e-5
    torch.set_num_threads(1)
    assert torch.equal(decoded(model)[0][:1], ours[:1])  # a token without prefill before


@pytest.mark.parametrize("threads", [1], indirect=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_any_switches_give_the_plain_logits_and_routings(seed, threads):
    config = drawn_config(seed)
    expected, routings = decoded(drawn(config, seed))
    model = for_decoding(drawn(config, seed))
    ours, ours_routings = decoded(model)
    assert ran_in_c(model)
    assert (ours - expected).abs().max() / expected.abs().max() < 1e-5
    for step, expected_step in zip(ours_routings, routings, strict=True):
        for one, other in zip(step, expected_step, strict=True):
            for a, b in zip(one, other, strict=True):
                assert a.shape == b.shape and a.dtype == b.dtype
                torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_in_bf16_it_is_as_near_to_fp32_as_the_plain_path(seed):
    model = drawn(drawn_config(seed), seed).bfloat16()
    exact, _ = decoded(copy.deepcopy(model).float())

    def distance(model):
        return (decoded(model)[0] - exact).square().mean(-1).median().sqrt()

    plain = distance(model)
    assert distance(for_decoding(model)) < 1.5 * plain + 1e-3 * exact.abs().max()
    assert ran_in_c(model)


@pytest.mark.parametrize("bits", [8, 4])
@pytest.mark.parametrize("seed", SEEDS)
def test_quantized_matrices_are_read_as_they_are_packed(seed, bits):
    config = replace(drawn_config(seed), d_model=70)
    expected, _ = decoded(quantize(drawn(config, seed), bits))
    model = natively(quantize(drawn(config, seed), bits))
    ours, _ = decoded(model)
    assert ran_in_c(model) or (bits == 4 and not native.int4_block())
    assert (ours - expected).abs().max() / expected.abs().max() < 1e-4


def test_a_model_that_is_copied_or_changes_its_dtype_reads_its_new_weights():
    model = for_decoding(drawn(drawn_config(2)))
    decoded(model)
    copied = copy.deepcopy(model)
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
    assert decoded(copied)[0].abs().sum() > 0 and decoded(model)[0].abs().sum() == 0
    narrow = copied.bfloat16()
    expected = drawn(drawn_config(2)).bfloat16()
    torch.testing.assert_close(decoded(narrow)[0], decoded(expected)[0], rtol=0.1, atol=0.1)
    assert decoded(narrow)[0].bfloat16().float().equal(decoded(narrow)[0])


def test_what_is_not_a_number_stays_so_and_breaks_nothing():
    config = replace(drawn_config(0), n_experts=12, top_k=3, n_groups=1, top_groups=1)
    model = for_decoding(drawn(config))
    with torch.no_grad():
        model.embed.weight.fill_(torch.nan)
    assert decoded(model)[0].isnan().all()
