"""The weights a training run begins with."""

import torch
from torch import Tensor

from tenth.model.transformer import Transformer


@torch.no_grad()
def initialize(model: Transformer, seed: int) -> Transformer:
    """Weights drawn from `seed`, in place: what writes to the residual stream starts at zero."""
    generator = torch.Generator().manual_seed(seed)

    def normal(weight: Tensor, std: float) -> None:
        weight.copy_(torch.randn(weight.shape, generator=generator) * std)

    zeros = ("attention.o.weight", "down.weight", "experts.down", "head.weight", "head.groups",
             "head.words", "query.weight", "say.weight", "bias")  # fmt: skip
    for name, weight in model.named_parameters():
        if name.endswith(zeros):
            weight.zero_()
        elif name.endswith("embed.weight"):
            normal(weight, 0.5)
        elif weight.dim() >= 2:
            normal(weight, weight.size(-1) ** -0.5)
    return model
