"""The small parts every model has: RMSNorm, rotary positions, SwiGLU."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import RopeScaling


class RMSNorm(nn.Module):
    """x / rms(x) * weight, over the last dimension (arXiv 1910.07467)."""

    def __init__(self, d: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.weight.shape, self.weight.to(x.dtype), self.eps)


def moved(tensor: Tensor, device: torch.device) -> Tensor:
    """The tensor on another device, as it is; from the meta device, which holds none, an empty
    one."""
    return torch.empty_like(tensor, device=device) if tensor.is_meta else tensor.to(device)


def rotary_angles(
    start: int, seq: int, dim: int, theta: float, device, scaling: RopeScaling | None = None
) -> tuple[Tensor, Tensor]:
    """cos and sin, each (S, dim), of positions start..start+seq (RoPE, arXiv 2104.09864)."""
    turns = torch.arange(0, dim, 2, device=device, dtype=torch.float32) / dim
    inverse, factor = 1.0 / theta**turns, 1.0
    if scaling is not None:
        inverse, factor = _stretched(inverse, dim, theta, scaling), scaling.attention_factor
    positions = torch.arange(start, start + seq, device=device, dtype=torch.float32)
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


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)) (arXiv 2002.05202)."""

    def __init__(self, d_model: int, d_ff: int, bias: bool = False):
        super().__init__()
        self.gate = nn.Linear(d_model, d_ff, bias=bias)
        self.up = nn.Linear(d_model, d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))
