"""A model laid out for decoding is the same model: its logits, its parameters, its gradients."""

from dataclasses import replace

import pytest
import torch

from tenth.config import MemoryConfig, ModelConfig
from tenth.model import Transformer, decode
from tenth.model.decode import DecodingAttention, DecodingExperts, DecodingMoE, for_decoding
from tenth.model.native import NativeBlock
from tenth.ops import native

SPARSE = ModelConfig(vocab_size=61, d_model=48, n_layers=3, n_heads=4, n_kv_heads=2, d_head=16,
                     d_ff=80, max_seq=64, n_experts=6, d_expert=24, top_k=2)  # fmt: skip
CONFIGS = {
    "sparse": SPARSE,
    "dense": replace(SPARSE, n_experts=0),
    "softmax, one expert a token": replace(SPARSE, score="softmax", top_k=1),
    "all experts, scaled": replace(SPARSE, top_k=6, routed_scale=2.5),
    "shared, first dense": replace(SPARSE, n_shared_experts=2, first_dense=1),
    "half rotary, other theta": replace(SPARSE, rotary_fraction=0.5, rope_theta=500.0),
    "one head, odd widths": replace(
        SPARSE, n_heads=1, n_kv_heads=1, d_model=45, d_expert=23, d_ff=7
    ),
    "routed head": replace(SPARSE, head_groups=5),
    "memory": replace(SPARSE, memory=MemoryConfig(order=0)),
}


@pytest.fixture(autouse=True, params=["in C", "by PyTorch"])
def way(request, monkeypatch):
    """Both, whether or not there is a compiler here; without one they are the same."""
    if request.param == "by PyTorch":
        monkeypatch.setenv("TENTH_NATIVE", "0")
    native._loaded.cache_clear()
    yield request.param
    native._loaded.cache_clear()


def drawn(config: ModelConfig, biased: bool = True) -> Transformer:
    model, generator = Transformer(config).eval(), torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in model.parameters():
            noise = torch.randn(weight.shape, generator=generator)
            weight.copy_(noise * weight.size(-1) ** -0.5 if weight.dim() > 1 else 1 + 0.2 * noise)
        for name, bias in model.named_buffers():
            if name.endswith("router.bias") and biased:
                bias.copy_(0.2 * torch.randn(bias.shape, generator=generator))
    return model


def text(seq: int = 24, batch: int = 1) -> torch.Tensor:
    return torch.randint(61, (batch, seq), generator=torch.Generator().manual_seed(1))


def decoded(model: Transformer, prompt: int = 6):
    """Logits and routings of the whole text: a prefill, a step of two tokens, then one by one.
    The state's buffers are too small and have to grow."""
    tokens, state = text(), model.new_state(1, 8)
    logits, routings = [], []
    sizes = [prompt, 2, *[1] * (tokens.size(1) - prompt - 2)]
    for piece in tokens.split(sizes, dim=1):
        out = model(piece, state)
        state = out.state
        logits.append(out.logits[0])
        routings.append(out.routings)
    return torch.cat(logits).float(), routings


@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("name", CONFIGS)
@torch.inference_mode()
def test_prefill_and_decode_give_the_plain_logits_and_routings(name, biased):
    plain, expected = decoded(drawn(CONFIGS[name], biased))
    ours, routings = decoded(for_decoding(drawn(CONFIGS[name], biased)))
    assert (ours - plain).abs().max() / plain.abs().max() < 1e-5
    for step, expected_step in zip(routings, expected, strict=True):
        for one, other in zip(step, expected_step, strict=True):
            assert torch.equal(one.rows_per_expert_E, other.rows_per_expert_E)
            for a, b in zip(one, other, strict=True):
                assert a.shape == b.shape and a.dtype == b.dtype
                torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", CONFIGS)
@torch.inference_mode()
def test_in_bf16_it_is_as_near_to_fp32_as_the_plain_path(name):
    exact, _ = decoded(drawn(CONFIGS[name]))

    def distance(model):  # the median position's: rounding may send a token to another expert
        return (decoded(model)[0] - exact).square().mean(-1).median().sqrt()

    plain = distance(drawn(CONFIGS[name]).bfloat16())
    assert distance(for_decoding(drawn(CONFIGS[name]).bfloat16())) < 1.5 * plain


@pytest.mark.parametrize("name", CONFIGS)
def test_parameters_keep_their_names_and_values_and_nothing_is_stored_twice(name):
    plain, model = drawn(CONFIGS[name]), for_decoding(drawn(CONFIGS[name]))
    ours = model.state_dict()
    for key, value in plain.state_dict().items():
        assert torch.equal(ours.pop(key), value)
    assert not ours
    memories = {t.untyped_storage().data_ptr(): t.untyped_storage() for t in model.parameters()}
    stored = sum(memory.nbytes() for memory in memories.values())
    assert stored == sum(p.nbytes for p in plain.parameters())


def test_a_batch_and_a_gradient_take_the_plain_way():
    plain, model = drawn(SPARSE), for_decoding(drawn(SPARSE))
    tokens = text(5, batch=3)
    for one in (plain, model):
        one(tokens).logits.square().mean().backward()
    for a, b in zip(plain.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad, rtol=1e-4, atol=1e-6)
    with torch.no_grad():
        state = plain.new_state(3)
        expected = plain(tokens[:, :1], state).logits
        torch.testing.assert_close(model(tokens[:, :1], state).logits, expected)


def test_a_trained_step_is_seen_by_the_merged_weights():
    model = for_decoding(drawn(SPARSE))
    with torch.no_grad():
        before = decoded(model)[0]
        for weight in (model.layers[0].attention.k.weight, model.layers[1].mlp.experts.up):
            weight.mul_(1.5)
        plain = drawn(SPARSE)
        plain.load_state_dict(model.state_dict())
        assert not torch.allclose(decoded(model)[0], before)
        torch.testing.assert_close(decoded(model)[0], decoded(plain)[0], rtol=1e-4, atol=1e-5)


def test_a_switch_it_does_not_know_leaves_the_plain_modules(monkeypatch):
    kinds = (DecodingAttention, DecodingMoE, DecodingExperts, NativeBlock)
    block = for_decoding(drawn(SPARSE)).layers[0]
    assert any(isinstance(module, kinds) for module in block.modules())
    monkeypatch.setattr(decode, "KNOWN", decode.KNOWN - {"score"})
    assert not decode.unknown_switches(SPARSE, decode.KNOWN)  # at its default
    model = for_decoding(drawn(replace(SPARSE, score="softmax")))
    assert not any(isinstance(module, kinds) for module in model.modules())
    with torch.no_grad():
        expected = decoded(drawn(replace(SPARSE, score="softmax")))[0]
        torch.testing.assert_close(decoded(model)[0], expected, rtol=1e-4, atol=1e-5)
