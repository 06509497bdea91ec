"""The router: hidden states in, for each token its experts and their weights out."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tenth.config import ModelConfig


class Routing(NamedTuple):
    """Who goes where: the values every statistic and every loss on routing is computed from."""

    weights_TK: Tensor
    experts_TK: Tensor
    rows_per_expert_E: Tensor
    logits_TE: Tensor

    @property
    def top_k(self) -> int:
        return self.experts_TK.size(1)


class Router(nn.Module):
    """Top-k of score + bias; the bias picks the experts, the score alone weighs them.

    The bias is balanced from outside the gradient (arXiv 2408.15664). Scores, gate and bias stay
    fp32 whatever the model's dtype: in bf16 a bias of 238 values collapses to 8.
    """

    bias: Tensor

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.top_k, self.score, self.scale = config.top_k, config.score, config.routed_scale
        self.gate = nn.Parameter(torch.empty(config.n_experts, config.d_model))
        self.register_buffer("bias", torch.zeros(config.n_experts))

    def forward(self, x_TD: Tensor) -> Routing:
        with torch.autocast(x_TD.device.type, enabled=False):
            logits_TE = x_TD.float() @ self.gate.T
        scores_TE = self.scores(logits_TE)
        experts_TK = (scores_TE.detach() + self.bias).topk(self.top_k, dim=-1).indices
        weights_TK = scores_TE.gather(1, experts_TK)
        weights_TK = weights_TK / (weights_TK.sum(-1, keepdim=True) + 1e-20) * self.scale
        rows_per_expert_E = experts_TK.flatten().bincount(minlength=self.gate.size(0))
        return Routing(weights_TK, experts_TK, rows_per_expert_E, logits_TE)

    def scores(self, logits_TE: Tensor) -> Tensor:
        return logits_TE.sigmoid() if self.score == "sigmoid" else logits_TE.softmax(-1)

    def _apply(self, fn, recurse=True):
        """`.to(bfloat16)` moves the device only."""
        gate, bias = self.gate.data, self.bias
        super()._apply(fn, recurse)
        self.gate.data = gate.to(self.gate.device)
        self.bias = bias.to(self.bias.device)
        return self
