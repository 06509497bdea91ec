"""All experts of one layer, stacked: three tensors, three grouped matmuls."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.ops import grouped_mm


class Experts(nn.Module):
    """E SwiGLUs of width F (fine-grained experts, arXiv 2401.06066)."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        E, F_, D = config.n_experts, config.d_expert, config.d_model
        self.gate = nn.Parameter(torch.empty(E, F_, D))
        self.up = nn.Parameter(torch.empty(E, F_, D))
        self.down = nn.Parameter(torch.empty(E, D, F_))

    def forward(self, x_RD: Tensor, rows_per_expert_E: Tensor) -> Tensor:
        gate_RF = grouped_mm(x_RD, self.gate, rows_per_expert_E)
        up_RF = grouped_mm(x_RD, self.up, rows_per_expert_E)
        return grouped_mm(F.silu(gate_RF) * up_RF, self.down, rows_per_expert_E)
