"""All experts of one layer, stacked: three tensors, three grouped matmuls."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.ops import grouped_mm


class Experts(nn.Module):
    """E SwiGLUs of width F (fine-grained experts, arXiv 2401.06066), or gpt-oss' clamped ones."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        E, F_, D = config.n_experts, config.d_expert, config.d_model
        self.limit, self.alpha = config.swiglu_limit, config.swiglu_alpha
        self.gate = nn.Parameter(torch.empty(E, F_, D))
        self.up = nn.Parameter(torch.empty(E, F_, D))
        self.down = nn.Parameter(torch.empty(E, D, F_))
        self.gate_bias = self.up_bias = self.down_bias = None
        if config.expert_bias:
            self.gate_bias = nn.Parameter(torch.zeros(E, F_))
            self.up_bias = nn.Parameter(torch.zeros(E, F_))
            self.down_bias = nn.Parameter(torch.zeros(E, D))

    def forward(self, x_RD: Tensor, rows_per_expert_E: Tensor) -> Tensor:
        gate_RF = _affine(x_RD, self.gate, self.gate_bias, rows_per_expert_E)
        up_RF = _affine(x_RD, self.up, self.up_bias, rows_per_expert_E)
        h_RF = activated(gate_RF, up_RF, self.limit, self.alpha)
        return _affine(h_RF, self.down, self.down_bias, rows_per_expert_E)


def activated(gate: Tensor, up: Tensor, limit: float, alpha: float) -> Tensor:
    """SwiGLU, or the clamped one of gpt-oss where there is a limit."""
    if not limit:
        return F.silu(gate) * up
    gate, up = gate.clamp(max=limit), up.clamp(-limit, limit)
    return (up + 1) * gate * torch.sigmoid(alpha * gate)


def _affine(x_RI: Tensor, w_EOI: Tensor, b_EO: Tensor | None, rows_per_expert_E: Tensor) -> Tensor:
    y_RO = grouped_mm(x_RI, w_EOI, rows_per_expert_E)
    return y_RO if b_EO is None else y_RO + b_EO.repeat_interleave(rows_per_expert_E, dim=0)
