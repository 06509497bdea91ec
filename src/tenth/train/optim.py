"""One optimizer for a model: Muon for hidden matrices, AdamW for the rest."""

from collections import defaultdict

import torch
from torch import nn

from tenth.config import TrainConfig
from tenth.ops import orthogonalize


class Optimizer:
    """Clips by the true global norm, then steps both."""

    def __init__(self, model: nn.Module, config: TrainConfig):
        self.clip, self.weight_decay = config.clip, config.weight_decay
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        kinds = split_parameters(model)
        self.muon = Muon(kinds["matrix"], config.lr_matrix, config.weight_decay)
        adamw = {"betas": (0.9, 0.95), "eps": 1e-10, "weight_decay": 0.0, "fused": True}
        self.others: list[tuple[torch.optim.Optimizer, float]] = [
            (torch.optim.AdamW(kinds["vocabulary"], **adamw), config.lr),
            (torch.optim.AdamW(kinds["rest"], **adamw), config.lr_rest),
        ]

    @torch.no_grad()
    def step(self, factor: float) -> float:
        """One update at `factor` times the learning rates; returns the norm before clipping.

        A gradient that is not finite changes nothing: the caller sees the norm.
        """
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        norm = torch.nn.utils.get_total_norm(gradients).item()
        if norm < float("inf"):  # false for nan as well
            if norm > self.clip > 0:
                for gradient in gradients:
                    gradient.mul_(self.clip / norm)
            self.muon.step(factor)
            for optimizer, lr in self.others:
                optimizer.param_groups[0]["lr"] = lr * factor
                optimizer.step()
        for p in self.parameters:
            p.grad = None
        return norm

    def state_dict(self) -> dict:
        return {
            "muon": self.muon.momenta,
            "others": [optimizer.state_dict() for optimizer, _ in self.others],
        }

    def load_state_dict(self, state: dict) -> None:
        for mine, saved in zip(self.muon.momenta, state["muon"], strict=True):
            mine.copy_(saved)
        for (optimizer, _), saved in zip(self.others, state["others"], strict=True):
            optimizer.load_state_dict(saved)


def split_parameters(model: nn.Module) -> dict[str, list[nn.Parameter]]:
    """matrix: hidden matrices and stacks of them; vocabulary: embedding and head; the rest."""
    kinds: dict[str, list[nn.Parameter]] = {"matrix": [], "vocabulary": [], "rest": []}
    for name, p in model.named_parameters():
        if p.dim() >= 2 and "layers." in name and "router" not in name:
            kinds["matrix"].append(p)
        elif name.startswith(("embed.", "head.")):
            kinds["vocabulary"].append(p)
        else:
            kinds["rest"].append(p)
    return kinds


class Muon:
    """Momentum, orthogonalised (Keller Jordan's Muon; arXiv 2502.16982).

    Every expert's matrix is orthogonalised by itself, and all matrices of one shape together in
    one batch. An update has an RMS near sqrt(max(1, rows/columns)/columns) times the rate.
    """

    def __init__(self, parameters: list[nn.Parameter], lr: float, weight_decay: float):
        self.lr, self.weight_decay, self.momentum = lr, weight_decay, 0.95
        by_shape: dict[tuple[int, int], list[nn.Parameter]] = defaultdict(list)
        for p in parameters:
            by_shape[(p.size(-2), p.size(-1))].append(p)
        self.groups = list(by_shape.values())
        self.momenta = [
            torch.cat([torch.zeros_like(p).view(-1, *shape) for p in group])
            for shape, group in by_shape.items()
        ]

    @torch.no_grad()
    def step(self, factor: float) -> None:
        for group, momentum_BMN in zip(self.groups, self.momenta, strict=True):
            M, N = momentum_BMN.shape[1:]
            g_BMN = torch.cat(
                [(torch.zeros_like(p) if p.grad is None else p.grad).view(-1, M, N) for p in group]
            )
            momentum_BMN.lerp_(g_BMN, 1 - self.momentum)
            update_BMN = orthogonalize(g_BMN.lerp_(momentum_BMN, self.momentum))  # Nesterov
            lr = self.lr * factor
            pieces = update_BMN.split([p.numel() // (M * N) for p in group])
            for p, piece in zip(group, pieces, strict=True):
                if self.weight_decay:
                    p.mul_(1 - lr * self.weight_decay)
                p.add_(piece.view_as(p), alpha=-lr * max(1.0, M / N) ** 0.5)


def schedule(step: int, config: TrainConfig) -> float:
    """Warm-up, stable, decay (arXiv 2404.06395): the factor on every learning rate."""
    warmup = max(1, round(config.warmup * config.steps))
    decay = max(1, round(config.decay * config.steps))
    return min(1.0, (step + 1) / warmup, (config.steps - step) / decay)
