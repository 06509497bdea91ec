"""Rotary positions (RoPE), over a part of a head, in halves or pairs, stretched or not."""

import math
from functools import lru_cache

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from tenth.config import RopeScaling

SHORT = 8192  # positions whose angles are kept: a token of a sequence makes none anew


def rotary_angles(
    start: int, seq: int, dim: int, theta: float, device, scaling: RopeScaling | None = None
) -> tuple[Tensor, Tensor]:
    """cos and sin, each (S, dim), of positions start..start+seq (RoPE, arXiv 2104.09864)."""
    end = start + seq
    if end > SHORT:
        return _angles(start, end, dim, theta, device, scaling)
    cos, sin = _kept(1 << (end - 1).bit_length(), dim, theta, device, scaling)
    return cos[start:end], sin[start:end]


@lru_cache(maxsize=8)
def _kept(end: int, dim: int, theta: float, device, scaling: RopeScaling | None):
    with torch.inference_mode(False):  # training may use them too
        return _angles(0, end, dim, theta, device, scaling)


def _angles(
    start: int, end: int, dim: int, theta: float, device, scaling: RopeScaling | None
) -> tuple[Tensor, Tensor]:
    turns = torch.arange(0, dim, 2, device=device, dtype=torch.float32) / dim
    inverse, factor = 1.0 / theta**turns, 1.0
    if scaling is not None:
        inverse, factor = _stretched(inverse, dim, theta, scaling), scaling.attention_factor
    positions = torch.arange(start, end, device=device, dtype=torch.float32)
    angles = torch.outer(positions, inverse).repeat(1, 2)
    return angles.cos() * factor, angles.sin() * factor


def _stretched(inverse: Tensor, dim: int, theta: float, scaling: RopeScaling) -> Tensor:
    """The frequencies for a longer context: between kept and divided by the factor."""
    kept, divided = inverse, inverse / scaling.factor
    if scaling.kind == "linear":
        return divided
    if scaling.kind == "llama3":
        turns = scaling.original_max_seq * inverse / (2 * math.pi)  # within the first context
        share = ((turns - scaling.slow) / (scaling.fast - scaling.slow)).clamp(0, 1)
        return divided * (1 - share) + kept * share

    def dimension(turns: float) -> float:  # where a frequency turns so often in that context
        length = scaling.original_max_seq / (turns * 2 * math.pi)
        return dim * math.log(length) / (2 * math.log(theta))

    low, high = dimension(scaling.fast), dimension(scaling.slow)
    if scaling.truncate:
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, dim - 1)
    high += 0.001 * (low == high)
    ramp = torch.arange(dim // 2, device=inverse.device, dtype=torch.float32)
    share = 1 - ((ramp - low) / (high - low)).clamp(0, 1)
    return divided * (1 - share) + kept * share


def rotate(x_BNSH: Tensor, cos_SR: Tensor, sin_SR: Tensor, pairs: bool = False) -> Tensor:
    """Turns the first R of H dimensions (partial RoPE). Together turn dimensions i and i + R/2,
    or neighbours where `pairs`.
    """
    if torch.is_grad_enabled() and x_BNSH.requires_grad:
        return _Rotate.apply(x_BNSH, cos_SR, sin_SR, pairs)  # type: ignore[return-value]
    return _rotated(x_BNSH, cos_SR, sin_SR, pairs)


class _Rotate(Function):
    """The gradient of a turn is the turn back."""

    @staticmethod
    def forward(ctx, x_BNSH, cos_SR, sin_SR, pairs):
        ctx.save_for_backward(cos_SR, sin_SR)
        ctx.pairs = pairs
        return _rotated(x_BNSH, cos_SR, sin_SR, pairs)

    @staticmethod
    @once_differentiable
    def backward(ctx, dy_BNSH):  # type: ignore[override]
        cos_SR, sin_SR = ctx.saved_tensors
        return _rotated(dy_BNSH, cos_SR, -sin_SR, ctx.pairs), None, None, None


def _rotated(x_BNSH: Tensor, cos_SR: Tensor, sin_SR: Tensor, pairs: bool) -> Tensor:
    r = cos_SR.size(-1)
    turned, kept = x_BNSH[..., :r], x_BNSH[..., r:]
    if pairs:
        cos_SP, sin_SP = cos_SR[..., : r // 2], sin_SR[..., : r // 2]
        first, second = turned[..., 0::2], turned[..., 1::2]
        parts = first * cos_SP - second * sin_SP, second * cos_SP + first * sin_SP
        turned = torch.stack(parts, -1).flatten(-2).to(x_BNSH.dtype)
    else:
        first, second = turned.chunk(2, dim=-1)
        swapped = torch.cat((-second, first), dim=-1)
        turned = (turned * cos_SR + swapped * sin_SR).to(x_BNSH.dtype)
    return torch.cat((turned, kept), dim=-1) if kept.size(-1) else turned
