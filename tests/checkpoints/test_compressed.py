"""compressed-tensors' files as plain weights, bit for bit those of that library."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from .stored import TARGETS, check_reads, group_config, same

REASON = "compressed-tensors is not installed"
COMPRESSORS = pytest.importorskip("compressed_tensors.compressors", reason=REASON)
FORWARD = pytest.importorskip("compressed_tensors.quantization.lifecycle.forward", reason=REASON)
PACKING = pytest.importorskip("compressed_tensors.compressors.pack_quantized", reason=REASON)
QUANTIZATION = pytest.importorskip("compressed_tensors.quantization", reason=REASON)


def compressed(config: dict, rows: int, columns: int, scale: torch.Tensor, zero_point=None):
    """A random weight as compressed-tensors stores it, and the weight as it opens it again."""
    scheme = QUANTIZATION.QuantizationScheme(**config["config_groups"]["group_0"])
    compressor = COMPRESSORS.BaseCompressor.get_value_from_registry(config["format"])
    weight = torch.randn(rows, columns).to(scale.dtype)
    state = {"weight": weight, "weight_scale": scale}
    if zero_point is not None:
        state["weight_zero_point"] = zero_point
    stored = compressor.compress(state, scheme)
    if zero_point is None:
        expected = compressor.decompress(stored, scheme)["weight"]
    else:  # decompress cannot unpack the zero points of few rows; what it calls then can
        packed, shape = stored["weight_packed"], stored["weight_shape"]
        whole = PACKING.unpack_from_int32(packed, scheme.weights.num_bits, shape)
        expected = FORWARD.dequantize(whole, scale, zero_point, args=scheme.weights)
    return {f"a.{name}": tensor.contiguous() for name, tensor in stored.items()}, expected


@settings(deadline=None)  # a shared machine
@given(
    rows=st.integers(1, 20),
    groups=st.integers(1, 3),
    size=st.sampled_from([32, 128, 5]),
    bits=st.sampled_from([4, 8]),
    symmetric=st.booleans(),
    dtype=st.sampled_from([torch.bfloat16, torch.float32]),
    seed=st.integers(0, 99),
)
def test_packed_ints_in_groups_have_compressed_tensors_values(
    opened, rows, groups, size, bits, symmetric, dtype, seed
):
    torch.manual_seed(seed)
    config = group_config("pack-quantized", num_bits=bits, group_size=size, symmetric=symmetric)
    scale = (torch.rand(rows, groups) + 0.05).to(dtype)
    half = 2 ** (bits - 1)
    zero_point = None
    if not symmetric:
        zero_point = torch.randint(-half, half, (rows, groups), dtype=torch.int8)
    stored, expected = compressed(config, rows, groups * size, scale, zero_point)
    view = opened(stored, config)
    assert list(view.info) == ["a.weight"]
    assert same(view.read("a.weight"), expected)
    for target in TARGETS:
        check_reads(view, "a.weight", expected.to(target))


@settings(deadline=None)  # a shared machine
@given(
    shape=st.tuples(st.integers(1, 20), st.integers(1, 40)),
    strategy=st.sampled_from(["channel", "tensor"]),
    bits=st.sampled_from([4, 8]),
    symmetric=st.booleans(),
)
def test_packed_ints_by_row_or_tensor_have_compressed_tensors_values(
    opened, shape, strategy, bits, symmetric
):
    symmetric = symmetric or strategy == "tensor"
    rows, columns = shape
    config = group_config("pack-quantized", num_bits=bits, strategy=strategy, symmetric=symmetric)
    scale = torch.rand((rows, 1) if strategy == "channel" else (1,)).bfloat16() + 0.05
    zero_point = None if symmetric else torch.randint(-8, 8, (rows, 1), dtype=torch.int8)
    stored, expected = compressed(config, rows, columns, scale, zero_point)
    check_reads(opened(stored, config), "a.weight", expected)


def test_packed_ints_in_pieces_have_the_same_values(opened, piece):
    config = group_config("pack-quantized", group_size=32, symmetric=False)
    zero_point = torch.randint(-8, 8, (21, 2), dtype=torch.int8)
    stored, expected = compressed(config, 21, 64, torch.rand(21, 2).bfloat16(), zero_point)
    check_reads(opened(stored, config), "a.weight", expected)


EIGHT_BIT = [
    ("float-quantized", "float", "tensor", torch.bfloat16), ("float-quantized", "float", "channel",
    torch.bfloat16), ("float-quantized", "float", "channel", torch.float32), ("float-quantized",
    "float", "block", torch.float32), ("int-quantized", "int", "channel", torch.bfloat16),
    ("naive-quantized", "float", "channel", torch.float32),
]  # fmt: skip


@pytest.mark.parametrize(("format", "type", "strategy", "dtype"), EIGHT_BIT)
def test_scaled_bytes_have_compressed_tensors_values(opened, format, type, strategy, dtype):
    shape = {"tensor": (1,), "channel": (70, 1), "block": (3, 2)}[strategy]
    structure = {"block_structure": [32, 32]} if strategy == "block" else {}
    config = group_config(format, num_bits=8, type=type, strategy=strategy, **structure)
    stored, expected = compressed(config, 70, 45, torch.rand(shape).to(dtype) + 0.05)
    view = opened({**stored, "lm_head.weight": torch.ones(2, 2)}, config)
    assert view.info.keys() == {"a.weight", "lm_head.weight"}
    assert same(view.read("a.weight"), expected)


def test_each_weight_follows_the_scheme_that_its_shapes_fit(opened):
    """Experts in packed ints and attention in FP8, as some releases mix them."""
    packed, a = compressed(group_config("pack-quantized", group_size=32), 8, 64, torch.rand(8, 2))
    fp8_config = group_config("float-quantized", num_bits=8, type="float", strategy="channel")
    scaled, b = compressed(fp8_config, 8, 64, torch.rand(8, 1) + 0.05)
    mixed = group_config("mixed-precision", group_size=32)
    mixed["config_groups"]["group_0"]["format"] = "pack-quantized"
    mixed["config_groups"]["attention"] = {
        **fp8_config["config_groups"]["group_0"], "format": "float-quantized",
    }  # fmt: skip
    renamed = {name.replace("a.", "b."): tensor for name, tensor in scaled.items()}
    view = opened({**packed, **renamed}, mixed)
    assert same(view.read("a.weight"), a) and same(view.read("b.weight"), b)
