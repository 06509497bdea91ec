"""The small parts every model has: RMSNorm, SwiGLU."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.ops import rms_norm


class RMSNorm(nn.Module):
    """x / rms(x) * weight, over the last dimension (arXiv 1910.07467)."""

    def __init__(self, d: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.weight.to(x.dtype), self.eps)


def moved(tensor: Tensor, device: torch.device) -> Tensor:
    """The tensor on another device, as it is; from the meta device, which holds none, an empty
    one."""
    return torch.empty_like(tensor, device=device) if tensor.is_meta else tensor.to(device)


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)) (arXiv 2002.05202)."""

    def __init__(self, d_model: int, d_ff: int, bias: bool = False):
        super().__init__()
        self.gate = nn.Linear(d_model, d_ff, bias=bias)
        self.up = nn.Linear(d_model, d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))
