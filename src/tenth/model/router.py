"""The router: hidden states in, for each token its experts and their weights out."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.layers import moved


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

    The bias is balanced from outside the gradient (arXiv 2408.15664). With groups a token chooses
    among its best `top_groups` of them alone. Scores, gate and biases stay fp32 whatever the
    model's dtype: in bf16 a bias of 238 values collapses to 8.
    """

    bias: Tensor

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.top_k, self.score, self.scale = config.top_k, config.score, config.routed_scale
        self.renorm = config.renorm
        self.n_groups, self.top_groups = config.n_groups, config.top_groups
        self.group_score = config.group_score
        self.gate = nn.Parameter(torch.empty(config.n_experts, config.d_model))
        self.register_buffer("bias", torch.zeros(config.n_experts))
        self.logit_bias = (
            nn.Parameter(torch.zeros(config.n_experts)) if config.router_bias else None
        )

    def forward(self, x_TD: Tensor) -> Routing:
        with torch.autocast(x_TD.device.type, enabled=False):
            logits_TE = x_TD.float() @ self.gate.T
        if self.logit_bias is not None:
            logits_TE = logits_TE + self.logit_bias
        scores_TE = self.scores(logits_TE)
        choice_TE = scores_TE.detach() + self.bias
        if self.n_groups > 1:
            allowed_TE = self._allowed(choice_TE)
            # in a group that was left out no expert is chosen, and by "max" none has a weight
            choice_TE = choice_TE.masked_fill(~allowed_TE, -torch.inf)
            if self.group_score == "max":
                scores_TE = scores_TE.masked_fill(~allowed_TE, 0.0)
        experts_TK = choice_TE.topk(self.top_k, dim=-1).indices
        weights_TK = scores_TE.gather(1, experts_TK)
        if self.score == "topk_softmax":
            weights_TK = weights_TK.softmax(-1)
        elif self.renorm:
            weights_TK = weights_TK / (weights_TK.sum(-1, keepdim=True) + 1e-20)
        weights_TK = weights_TK * self.scale
        rows_per_expert_E = experts_TK.flatten().bincount(minlength=self.gate.size(0))
        return Routing(weights_TK, experts_TK, rows_per_expert_E, logits_TE)

    def scores(self, logits_TE: Tensor) -> Tensor:
        if self.score == "topk_softmax":
            return logits_TE
        return logits_TE.sigmoid() if self.score == "sigmoid" else logits_TE.softmax(-1)

    def _allowed(self, choice_TE: Tensor) -> Tensor:
        """Which experts are in a token's best groups: (T, E)."""
        by_group_TGM = choice_TE.unflatten(1, (self.n_groups, -1))
        best = 1 if self.group_score == "max" else min(2, by_group_TGM.size(2))
        score_TG = by_group_TGM.topk(best, dim=-1).values.sum(-1)
        groups = score_TG.topk(self.top_groups, dim=-1).indices
        allowed_TG = torch.zeros_like(score_TG, dtype=torch.bool).scatter(1, groups, True)
        return allowed_TG[..., None].expand_as(by_group_TGM).flatten(1)

    def _apply(self, fn, recurse=True):
        """`.to(bfloat16)` moves the device only."""
        kept = {name: p.data for name, p in self.named_parameters()}
        bias = self.bias
        super()._apply(fn, recurse)
        for name, p in self.named_parameters():
            p.data = moved(kept[name], p.device)
        self.bias = moved(bias, self.bias.device)
        return self
