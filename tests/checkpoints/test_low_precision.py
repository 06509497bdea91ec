"""FP8 and MXFP4 files as plain weights, bit for bit those of transformers."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.integrations.finegrained_fp8 import Fp8Dequantize, _dequantize_fp8_weight
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

from tenth.checkpoints import TensorFiles, plain, write_tensors

from .stored import FP8, MXFP4, TARGETS, check_reads, fp8, grid, same, scales


def theirs(weight: torch.Tensor, scale: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """transformers' values: on load where blocks divide, else with its training code's blocks."""
    return Fp8Dequantize(None)._dequantize_one(weight, scale, output_dtype=dtype)


SCALE_TYPES = [torch.float32, torch.bfloat16, torch.uint8, torch.float8_e8m0fnu]


@settings(deadline=None)  # a shared machine
@given(
    blocks=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    block=st.sampled_from([(128, 128), (1, 32), (5, 3)]),
    lead=st.sampled_from([(), (1,), (3,)]),
    scale_type=st.sampled_from(SCALE_TYPES),
    dtype=st.sampled_from(TARGETS),
    seed=st.integers(0, 99),
)
def test_fp8_in_blocks_has_transformers_values(
    opened, blocks, block, lead, scale_type, dtype, seed
):
    shape = (*lead, blocks[0] * block[0], blocks[1] * block[1])
    weight, scale = fp8(shape, seed), scales((*lead, *blocks), scale_type, seed + 1)
    config = {**FP8, "weight_block_size": list(block)}
    view = opened({"a.weight": weight, "a.weight_scale_inv": scale}, config)
    assert list(view.info) == ["a.weight"]
    check_reads(view, "a.weight", theirs(weight, scale, dtype))


@settings(deadline=None)  # a shared machine
@given(
    shape=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    lead=st.sampled_from([(), (2,)]),
    dtype=st.sampled_from(TARGETS),
    seed=st.integers(0, 99),
)
def test_fp8_blocks_that_the_edge_cuts_have_transformers_values(opened, shape, lead, dtype, seed):
    shape = (*lead, *shape)
    weight = fp8(shape, seed)
    scale = scales(grid(shape, (128, 128)), torch.float32, seed + 1)
    view = opened({"a.weight": weight, "a.weight_scale_inv": scale}, FP8)
    expected = _dequantize_fp8_weight(weight, scale, [128, 128], torch.float32).to(dtype)
    check_reads(view, "a.weight", expected)


def test_fp8_in_pieces_has_the_same_values(opened, piece):
    weight, scale = fp8((2, 70, 45), 0), scales((2, 3, 2), torch.float32, 1)
    config = {**FP8, "weight_block_size": [32, 32]}
    view = opened({"up": weight, "up_scale_inv": scale}, config)
    expected = _dequantize_fp8_weight(weight, scale, [32, 32], torch.float32)
    check_reads(view, "up", expected)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_fp8_with_one_scale_has_transformers_values(opened, shape):
    weight, scale = fp8((300, 5), 0), scales(shape, torch.float32, 1)
    tensors = {"a.weight": weight, "a.weight_scale_inv": scale}
    view = opened(tensors, {"quant_method": "fp8"} if shape else {**FP8, "weight_block_size": None})
    for dtype in TARGETS:
        check_reads(view, "a.weight", theirs(weight, scale, dtype))


def test_a_plain_read_has_the_type_that_transformers_gives_without_a_model(opened):
    for scale_type, dtype in [
        (torch.float32, "F32"),
        (torch.bfloat16, "BF16"),
        (torch.uint8, "BF16"),
    ]:
        tensors = {"a.weight": fp8((4, 4), 0), "a.weight_scale_inv": scales((1, 1), scale_type, 1)}
        view = opened(tensors, FP8)
        expected = Fp8Dequantize(None)._dequantize_one(*tensors.values())
        assert view.info["a.weight"].dtype == dtype and same(view.read("a.weight"), expected)


def test_what_was_not_converted_stays_as_it_is_and_static_scales_are_no_weights(opened):
    head, gate = torch.randn(6, 4).bfloat16(), torch.randn(3, 4)
    tensors = {
        "lm_head.weight": head, "mlp.gate.weight": gate, "a.weight": fp8((4, 4), 0),
        "a.weight_scale": torch.tensor([0.5]), "a.input_scale": torch.tensor(0.1),
        "b.k_proj.weight": fp8((4, 4), 1), "b.k_proj.weight_scale_inv": torch.tensor([[0.5]]),
        "b.k_proj.activation_scale": torch.tensor(0.1),
    }  # fmt: skip
    view = opened(tensors, FP8)
    assert view.info.keys() == {"lm_head.weight", "mlp.gate.weight", "a.weight", "b.k_proj.weight"}
    assert torch.equal(view.read("lm_head.weight"), head)
    assert torch.equal(view.read("mlp.gate.weight", slice(1, 2)), gate[1:2])
    assert torch.equal(view.read("a.weight"), tensors["a.weight"].float() * 0.5)


def test_a_name_that_only_contains_anothers_is_another(opened):
    """Scales are paired by whole names: `up.weight_scale_inv` is not `gate_up.weight`'s."""
    first, second = torch.tensor([[2.0]]), torch.tensor([[4.0]])
    tensors = {
        "mlp.up.weight": fp8((3, 3), 0), "mlp.up.weight_scale_inv": first,
        "mlp.gate_up.weight": fp8((3, 3), 0), "mlp.gate_up.weight_scale_inv": second,
        "mlp.up.weight.weight": torch.ones(2),
    }  # fmt: skip
    view = opened(tensors, FP8)
    assert torch.equal(view.read("mlp.up.weight") * 2, view.read("mlp.gate_up.weight"))
    assert len(view.info) == 3


# MXFP4


@settings(deadline=None)  # a shared machine
@given(
    experts=st.integers(1, 3),
    rows=st.integers(1, 9),
    groups=st.integers(1, 3),
    dtype=st.sampled_from(TARGETS),
    seed=st.integers(0, 99),
)
def test_mxfp4_has_transformers_values_and_layout(opened, experts, rows, groups, dtype, seed):
    draw = torch.Generator().manual_seed(seed)
    shape = (experts, rows, groups, 16)
    blocks = torch.randint(0, 256, shape, dtype=torch.uint8, generator=draw)
    scale = torch.randint(0, 256, shape[:-1], dtype=torch.uint8, generator=draw)
    tensors = {"mlp.experts.down_proj_blocks": blocks, "mlp.experts.down_proj_scales": scale}
    view = opened(tensors, MXFP4)
    assert list(view.info) == ["mlp.experts.down_proj"]
    expected = convert_moe_packed_tensors(blocks, scale, dtype=dtype)
    check_reads(view, "mlp.experts.down_proj", expected)


@pytest.mark.parametrize("dtype", TARGETS)
def test_every_pair_of_mxfp4_values_under_every_scale_is_transformers(opened, dtype):
    """The scales 0 and 255 included, which leave float32's range."""
    blocks = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16).repeat(1, 256, 1, 1)
    scale = torch.arange(256, dtype=torch.uint8).view(1, 256, 1).repeat(1, 1, 16)
    view = opened({"up_blocks": blocks, "up_scales": scale, "bias": torch.ones(2)}, MXFP4)
    expected = convert_moe_packed_tensors(blocks, scale, dtype=dtype)
    check_reads(view, "up", expected)
    assert view.info["up"].dtype == "BF16" and torch.equal(view.read("bias"), torch.ones(2))


def test_mxfp4_in_pieces_has_the_same_values(opened, piece):
    blocks = torch.randint(0, 256, (3, 10, 2, 16), dtype=torch.uint8)
    scale = torch.randint(120, 130, (3, 10, 2), dtype=torch.uint8)
    view = opened({"up_blocks": blocks, "up_scales": scale}, MXFP4)
    check_reads(view, "up", convert_moe_packed_tensors(blocks, scale))
    assert same(view.read("up", slice(1, 2)), convert_moe_packed_tensors(blocks, scale)[1:2])


# Carried along.


def test_a_weight_in_low_precision_is_carried_raw_or_written_dequantized(opened, tmp_path):
    tensors = {"mtp.weight": fp8((200, 130), 0), "mtp.weight_scale_inv": torch.rand(2, 2)}
    view = opened({**tensors, "norm": torch.ones(3)}, FP8)
    kept, opened_up = tmp_path / "kept", tmp_path / "plain"
    kept.mkdir(), opened_up.mkdir()
    raw = view.files  # type: ignore[attr-defined]
    write_tensors(kept, [(name, raw.unread(name)) for name in raw.info], 10**9)
    again = plain(TensorFiles(kept), FP8)
    assert same(again.read("mtp.weight"), view.read("mtp.weight"))
    write_tensors(opened_up, [(name, view.unread(name)) for name in view.info], 10**9)
    values = TensorFiles(opened_up)
    assert values.info.keys() == {"mtp.weight", "norm"}
    assert same(values.read("mtp.weight"), view.read("mtp.weight"))


def test_a_checkpoint_without_low_precision_is_given_back_as_it_is(opened):
    tensors = {"a.weight": torch.ones(2, 2)}
    for config in (None, FP8, MXFP4):
        assert isinstance(opened(tensors, config), TensorFiles)
