"""The small parts every model has: RMSNorm, rotary positions, SwiGLU."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """x / rms(x) * weight, over the last dimension (arXiv 1910.07467)."""

    def __init__(self, d: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.weight.shape, self.weight.to(x.dtype), self.eps)


def rotary_angles(start: int, seq: int, dim: int, theta: float, device) -> tuple[Tensor, Tensor]:
    """cos and sin, each (S, dim), of positions start..start+seq (RoPE, arXiv 2104.09864)."""
    inverse = theta ** (-torch.arange(0, dim, 2, device=device, dtype=torch.float32) / dim)
    positions = torch.arange(start, start + seq, device=device, dtype=torch.float32)
    angles = torch.outer(positions, inverse).repeat(1, 2)
    return angles.cos(), angles.sin()


def rotate(x_BNSH: Tensor, cos_SR: Tensor, sin_SR: Tensor) -> Tensor:
    """Turns the first R of H dimensions, the two halves of R being the pairs (partial RoPE)."""
    r = cos_SR.size(-1)
    turned, kept = x_BNSH[..., :r], x_BNSH[..., r:]
    first, second = turned.chunk(2, dim=-1)
    swapped = torch.cat((-second, first), dim=-1)
    turned = (turned * cos_SR + swapped * sin_SR).to(x_BNSH.dtype)
    return torch.cat((turned, kept), dim=-1) if kept.size(-1) else turned


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)) (arXiv 2002.05202)."""

    def __init__(self, d_model: int, d_ff: int):
        super().__init__()
        self.gate = nn.Linear(d_model, d_ff, bias=False)
        self.up = nn.Linear(d_model, d_ff, bias=False)
        self.down = nn.Linear(d_ff, d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))
