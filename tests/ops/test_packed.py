"""Quantized matmuls equal dequantizing and multiplying, whatever the shape."""

import pytest
import torch

from tenth.ops.packed import (
    GROUPS,
    dequantized,
    pack,
    packed_mm,
    packed_mm_reference,
    quantized,
    unpacked,
)

SHAPES = [(16, 32), (7, 5), (1, 3), (48, 33), (80, 130), (512, 256)]
KINDS = [(8, 32), *((4, group) for group in GROUPS)]
TOLERANCE = {torch.float32: 2e-6, torch.float16: 2e-3, torch.bfloat16: 1.2e-2}


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("bits", "group"), KINDS)
@pytest.mark.parametrize("kernel", [True, False])
def test_the_kernels_equal_dequantizing_and_multiplying(kernel, bits, group, shape, dtype):
    codes = quantized(torch.randn(shape).to(dtype), bits, group)
    packed = pack(codes, kernel)
    for rows in (0, 1, 2, 5, 70):
        x = torch.randn(rows, shape[1]).to(dtype)
        plain, fast = packed_mm_reference(x.float(), codes), packed_mm(x, packed)
        assert fast.dtype == dtype and fast.shape == plain.shape
        if rows:
            terms = (x.float().abs() @ dequantized(codes).abs().T).max()  # a sum may cancel to 0
            error = (fast.float() - plain).abs().max() / terms
            assert error < TOLERANCE[dtype], f"{error:.1e} at {rows} rows"


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(("bits", "group"), KINDS)
def test_packing_loses_nothing(bits, group, dtype):
    codes = quantized(torch.randn(48, 130).to(dtype), bits, group)
    for kernel in (True, False):
        again = unpacked(pack(codes, kernel))
        assert torch.equal(again.q, codes.q) and torch.equal(again.scales, codes.scales)


@pytest.mark.parametrize(("bits", "group"), KINDS)
def test_a_weight_is_half_a_step_away_from_its_code_at_most(bits, group):
    w = torch.randn(64, 256)
    codes = quantized(w, bits, group)
    error = (dequantized(codes) - w).abs()
    step = (
        codes.scales[:, None] if bits == 8 else codes.scales[..., 0].T.repeat_interleave(group, 1)
    )
    assert (error <= 0.501 * step).all()
    assert error.square().mean().sqrt() < (0.012 if bits == 8 else 0.13)


@pytest.mark.parametrize(("bits", "group"), KINDS)
def test_zeros_and_constants_stay_what_they_are(bits, group):
    for value in (0.0, 3.0, -0.5):
        w = torch.full((16, 64), value)
        torch.testing.assert_close(dequantized(quantized(w, bits, group)), w, rtol=1e-3, atol=1e-5)


def test_other_bits_and_groups_are_refused_by_name():
    with pytest.raises(ValueError, match="bits: 3 is not one of 8, 4"):
        quantized(torch.ones(4, 4), 3, 32)
    with pytest.raises(ValueError, match="group: 48 is not one of 32, 64, 128"):
        quantized(torch.ones(4, 4), 4, 48)
