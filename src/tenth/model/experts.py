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

    def forward(self, x_SD: Tensor, rows_per_expert_E: Tensor | None) -> Tensor:
        gate_SF, up_SF = self._gate_and_up(x_SD, rows_per_expert_E)
        h_SF = activated(gate_SF, up_SF, self.limit, self.alpha)
        return _affine(h_SF, self.down, self.down_bias, rows_per_expert_E)

    def _gate_and_up(self, x_SD: Tensor, rows_per_expert_E: Tensor | None):
        """Both in one where that is cheap: on a CPU each matmul of an expert costs its call."""
        if x_SD.is_cpu and self.gate_bias is None and torch.is_grad_enabled():
            both_SF = grouped_mm(x_SD, torch.cat((self.gate, self.up), 1), rows_per_expert_E)
            return both_SF.chunk(2, dim=-1)
        gate_SF = _affine(x_SD, self.gate, self.gate_bias, rows_per_expert_E)
        return gate_SF, _affine(x_SD, self.up, self.up_bias, rows_per_expert_E)


def activated(gate: Tensor, up: Tensor, limit: float, alpha: float) -> Tensor:
    """SwiGLU, or the clamped one of gpt-oss where there is a limit."""
    if not limit:
        return F.silu(gate) * up
    gate, up = gate.clamp(max=limit), up.clamp(-limit, limit)
    return (up + 1) * gate * torch.sigmoid(alpha * gate)


def _affine(x_SI: Tensor, w_EOI: Tensor, b_EO: Tensor | None, rows_E: Tensor | None) -> Tensor:
    y_SO = grouped_mm(x_SI, w_EOI, rows_E)
    if b_EO is None:
        return y_SO
    each = len(x_SI) // len(w_EOI) if rows_E is None else rows_E
    return y_SO + b_EO.repeat_interleave(each, dim=0)
