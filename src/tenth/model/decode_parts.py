"""What decoding one token at a time is made of: norms, and weights laid out input by input."""

from typing import cast

import torch
from torch import Tensor, nn

from tenth.model.layers import RMSNorm


def rms_norm(x: Tensor, norm: RMSNorm) -> Tensor:
    """`F.rms_norm` of one token, which is six operations on a CPU."""
    size = torch.linalg.vector_norm(x, dtype=torch.float32).item()
    return (x * norm.weight).mul_((size * size / x.numel() + norm.eps) ** -0.5)


def merged(*layers: nn.Linear) -> Tensor:
    return input_by_input(*(cast(nn.Parameter, layer.weight) for layer in layers))


def input_by_input(*weights: nn.Parameter) -> Tensor:
    """(..., O, I) each -> (..., I, all O) in memory of its own, which all of them now share."""
    whole = torch.cat([weight.data for weight in weights], dim=-2).transpose(-2, -1).contiguous()
    start = 0
    for weight in weights:
        end = start + weight.size(-2)
        weight.data = whole[..., start:end].transpose(-2, -1)
        start = end
    return whole


def one_token(x: Tensor, width: int) -> bool:
    return x.numel() == width and not torch.is_grad_enabled()
