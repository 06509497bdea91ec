"""Experts one by one instead of stacked: each may lie somewhere else, such as in a mapped file."""

import torch
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.experts import activated
from tenth.model.moe import MoE
from tenth.model.transformer import Transformer


class ListedExperts(nn.Module):
    """`Experts`, whose `gate`, `up` and `down` are lists of E matrices. Only those that a token
    chose are touched.
    """

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.limit, self.alpha = config.swiglu_limit, config.swiglu_alpha
        E, F_, D = config.n_experts, config.d_expert, config.d_model

        def matrices(rows: int, columns: int) -> nn.ParameterList:
            return nn.ParameterList(torch.empty(rows, columns) for _ in range(E))

        self.gate, self.up, self.down = matrices(F_, D), matrices(F_, D), matrices(D, F_)
        self.gate_bias = self.up_bias = self.down_bias = None
        if config.expert_bias:
            self.gate_bias = nn.Parameter(torch.zeros(E, F_))
            self.up_bias = nn.Parameter(torch.zeros(E, F_))
            self.down_bias = nn.Parameter(torch.zeros(E, D))

    def forward(self, x_RD: Tensor, rows_per_expert_E: Tensor) -> Tensor:
        pieces = x_RD.split(rows_per_expert_E.tolist())
        made = [self._one(e, piece) for e, piece in enumerate(pieces) if len(piece)]
        return torch.cat(made) if made else x_RD.new_zeros(0, x_RD.size(1))

    def _one(self, e: int, x_RD: Tensor) -> Tensor:
        gate_RF, up_RF = x_RD @ self.gate[e].T, x_RD @ self.up[e].T
        if self.gate_bias is not None and self.up_bias is not None:
            gate_RF, up_RF = gate_RF + self.gate_bias[e], up_RF + self.up_bias[e]
        y_RD = activated(gate_RF, up_RF, self.limit, self.alpha) @ self.down[e].T
        return y_RD if self.down_bias is None else y_RD + self.down_bias[e]


def list_experts(model: Transformer) -> Transformer:
    """Replaces every layer's stacked experts, whose values are lost, by listed ones."""
    for block in model.blocks:
        if isinstance(block.mlp, MoE):
            block.mlp.experts = ListedExperts(model.config)  # type: ignore[assignment]
    return model
