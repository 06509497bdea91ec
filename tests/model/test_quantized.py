"""A quantized model is the model with rounded weights, and loses little."""

import pytest
import torch
from torch import nn

from tenth.config import ModelConfig
from tenth.model import Transformer
from tenth.model.decode import for_decoding
from tenth.model.experts import Experts
from tenth.model.quantized import QuantizedExperts, QuantizedLinear, quantize, quantize_as

CONFIG = ModelConfig(vocab_size=61, d_model=48, n_layers=3, n_heads=4, n_kv_heads=2, d_head=16,
                     d_ff=80, max_seq=64, n_experts=6, d_expert=24, top_k=2, first_dense=1,
                     n_shared_experts=1)  # fmt: skip
KINDS = [(8, 32), (4, 32), (4, 64), (4, 128)]


def drawn(config: ModelConfig = CONFIG, seed: int = 0) -> Transformer:
    model, generator = Transformer(config).eval(), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            noise = torch.randn(weight.shape, generator=generator)
            weight.copy_(noise * weight.size(-1) ** -0.5 if weight.dim() > 1 else 1 + 0.1 * noise)
    return model


def tokens(seq: int = 20) -> torch.Tensor:
    return torch.randint(61, (1, seq), generator=torch.Generator().manual_seed(1))


def dequantized_twin(model: Transformer) -> Transformer:
    """A plain model with the weights that the quantized one really multiplies with."""
    twin = drawn(model.config)
    with torch.no_grad():
        for name, module in model.named_modules():
            plain = twin.get_submodule(name)
            if isinstance(module, QuantizedLinear):
                assert isinstance(plain, nn.Linear)
                plain.weight.copy_(module.weight)
            elif isinstance(module, QuantizedExperts):
                assert isinstance(plain, Experts)
                for e in range(plain.gate.size(0)):
                    for part, weight in zip(("gate", "up", "down"), module.weights(e), strict=True):
                        getattr(plain, part)[e] = weight
    return twin


@pytest.mark.parametrize("head", [False, True])
@pytest.mark.parametrize(("bits", "group"), KINDS)
@torch.no_grad()
def test_it_gives_the_logits_of_its_dequantized_weights(bits, group, head):
    model = quantize(drawn(), bits, group, head)
    for seq in (1, 3, 20, 200):
        ours, plain = model(tokens(seq)).logits, dequantized_twin(model)(tokens(seq)).logits
        assert (ours - plain).abs().max() / plain.abs().max() < 2e-5


@torch.no_grad()
def test_every_matrix_but_those_named_is_quantized():
    model = quantize(drawn(), 4)
    left = {name for name, _ in model.named_parameters() if "norm" not in name}
    routers = {f"layers.{i}.mlp.router.gate" for i in (1, 2)}
    assert left == {"embed.weight", *routers}
    assert model.head.group == 0  # int8
    kept = {name for name, _ in quantize(drawn(), 4, head=False).named_parameters()}
    assert "head.weight" in kept
    assert model.get_buffer("layers.1.mlp.router.bias").dtype == torch.float32
    whole = sum(p.numel() * 4 for p in drawn().layers.parameters())
    small = sum(t.nbytes for t in model.layers.state_dict().values())
    assert small < whole / 3  # widths of 48 and 24 are padded


@pytest.mark.parametrize(("bits", "most"), [(8, 1e-3), (4, 0.15)])
@torch.no_grad()
def test_it_loses_little(bits, most):
    plain = drawn()(tokens()).logits.log_softmax(-1)
    ours = quantize(drawn(), bits)(tokens()).logits.log_softmax(-1)
    assert (plain.exp() * (plain - ours)).sum(-1).mean() < most


@pytest.mark.parametrize(("bits", "group"), KINDS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@torch.no_grad()
def test_decoding_gives_what_prefilling_gives(dtype, bits, group):
    model = for_decoding(quantize(drawn().to(dtype), bits, group, head=True))
    whole = model(tokens()).logits[0].float()
    _, _, state = model(tokens()[:, :5], model.new_state())
    errors = []
    for i in range(5, 20):
        logits, _, state = model(tokens()[:, i : i + 1], state)
        errors.append((logits[0, 0].float() - whole[i]).abs().max() / whole.abs().max())
    if dtype == torch.float32:
        assert max(errors) < 1e-5
    else:  # rounding may send a token to another expert
        assert sum(errors) / len(errors) < 0.06


@torch.no_grad()
def test_an_expert_without_rows_and_no_rows_at_all():
    experts = drawn().layers[1].mlp.experts
    small = QuantizedExperts.of(experts, 8, 32)
    x, rows = torch.randn(5, 48), torch.tensor([0, 3, 0, 2, 0, 0])
    error = (small(x, rows) - experts(x, rows)).abs().max() / experts(x, rows).abs().max()
    assert error < 0.02
    assert small(x[:0], rows * 0).shape == (0, 48)


@torch.no_grad()
def test_experts_put_one_by_one_are_those_of_the_whole_layer():
    plain = drawn().layers[1].mlp.experts
    streamed = QuantizedExperts((6, 24, 48), plain.gate, 4, 32)
    for e in reversed(range(6)):
        streamed.put(e, plain.gate[e], plain.up[e], plain.down[e])
    for name, tensor in QuantizedExperts.of(plain, 4, 32).state_dict().items():
        assert torch.equal(tensor, streamed.state_dict()[name])


def test_a_quantized_model_has_no_gradient():
    model = quantize(drawn(), 8)
    assert not model(tokens()).logits.requires_grad


def test_other_bits_and_forms_are_refused():
    with pytest.raises(ValueError, match="precision 'int2' is not one of int8, int4, int4-64"):
        quantize_as(drawn(), "int2")
    with pytest.raises(ValueError, match="bits: 5 is not one of 8, 4"):
        quantize(drawn(), 5)


def test_a_model_already_laid_out_for_decoding_is_refused():
    with pytest.raises(ValueError, match=r"(Native|Decoding)Linear cannot be quantized"):
        quantize(for_decoding(drawn()), 8)


@pytest.mark.parametrize("name", ["layers.1.attention.v.weight", "layers.2.mlp.experts.up",
                                  "layers.0.mlp_norm.weight", "head.weight",
                                  "embed.weight", "norm.weight",
                                  "layers.1.mlp.router.gate"])  # fmt: skip
@torch.no_grad()
def test_weights_that_are_not_finite_are_named(name):
    model = drawn()
    model.get_parameter(name).view(-1)[3] = torch.nan
    with pytest.raises(ValueError, match=f"{name} holds values that are not finite"):
        quantize(model, 4)
