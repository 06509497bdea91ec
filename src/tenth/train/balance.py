"""Keeps the experts evenly used without a loss: moves each router's selection bias."""

import torch
from torch import Tensor

from tenth.model import Routing, Transformer
from tenth.model.moe import MoE
from tenth.model.router import Router


def routers(model: Transformer) -> list[Router]:
    return [block.mlp.router for block in model.blocks if isinstance(block.mlp, MoE)]


class Balancer:
    """Gathers the routings of a whole global batch, then moves the biases once.

    "bias": a fixed step towards the mean load (arXiv 2408.15664). "quantile": the bias at which,
    against every token's own threshold, each expert would have won its fair share of the batch
    (quantile balancing, arXiv 2607.24653); no knob.
    """

    def __init__(self, model: Transformer, method: str, rate: float):
        self.routers, self.method, self.rate = routers(model), method, rate
        self.rows_LE: Tensor | None = None
        self.wanted: list[Tensor] = []
        self.micro_batches = 0

    @torch.no_grad()
    def observe(self, routings: list[Routing]) -> None:
        if not routings:
            return
        rows_LE = torch.stack([r.rows_per_expert_E for r in routings])
        self.rows_LE = rows_LE if self.rows_LE is None else self.rows_LE + rows_LE
        if self.method == "quantile":
            wanted = [
                quantile_bias(router.scores(routing.logits_TE), router.bias, routing.top_k)
                for router, routing in zip(self.routers, routings, strict=True)
            ]
            if self.wanted:
                wanted = [a + b for a, b in zip(self.wanted, wanted, strict=True)]
            self.wanted = wanted
        self.micro_batches += 1

    @torch.no_grad()
    def update(self, factor: float) -> Tensor | None:
        """Moves the biases; returns each layer's load as shares, (L, E), and starts anew."""
        if self.rows_LE is None:
            return None
        load_LE = self.rows_LE.float()
        for i, router in enumerate(self.routers):
            if self.method == "bias":
                router.bias += self.rate * factor * (load_LE[i].mean() - load_LE[i]).sign()
            elif self.method == "quantile":
                router.bias.copy_(self.wanted[i] / self.micro_batches)
        self.rows_LE, self.wanted, self.micro_batches = None, [], 0
        return load_LE / load_LE.sum(-1, keepdim=True)


def quantile_bias(scores_TE: Tensor, bias_E: Tensor, top_k: int) -> Tensor:
    """One step of the dual: thresholds from the biased scores, then biases from the thresholds.

    Token t's threshold lies between its K-th and (K+1)-th biased score. Expert e takes the bias
    that lifts exactly a share K/E of the tokens' scores over their thresholds.
    """
    E = scores_TE.size(1)
    if top_k == E:
        return torch.zeros_like(bias_E)
    top_TK = (scores_TE + bias_E).topk(top_k + 1, dim=-1).values
    threshold_T = top_TK[:, -2:].mean(-1)
    margin_TE = scores_TE - threshold_T[:, None]
    rank = round(scores_TE.size(0) * (1 - top_k / E))
    rank = min(max(rank, 1), scores_TE.size(0))
    bias_E = -margin_TE.kthvalue(rank, dim=0).values
    return bias_E - bias_E.mean()


def router_z_loss(routings: list[Routing]) -> Tensor:
    """Mean squared logsumexp of the router's logits (arXiv 2202.08906)."""
    return torch.stack([r.logits_TE.logsumexp(-1).square().mean() for r in routings]).mean()
