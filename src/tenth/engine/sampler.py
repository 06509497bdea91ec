"""Logits in, the next token out."""

import torch
from torch import Tensor

from tenth.engine.sequence import SamplingParams


def new_generator(seed: int | None, device: torch.device | str = "cpu") -> torch.Generator:
    """The random numbers of one sequence: the same seed gives the same text on one machine."""
    generator = torch.Generator(device)
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    return generator


def kept(logits_V: Tensor, params: SamplingParams) -> tuple[Tensor, Tensor]:
    """(probabilities, token ids) of what the filters keep: at least one token.

    Temperature, then top-k, top-p and min-p, each renormalised: transformers' order. (vLLM puts
    min-p before the other two, which differs only when it and top-p are both on.) A filter takes
    the most probable tokens, on ties the lower id first.
    """
    highest = logits_V.max()
    if not highest.isfinite():
        raise ValueError(f"the model's logits hold {highest.item()}; are its weights damaged?")
    if params.temperature == 0:
        token = logits_V.argmax().view(1)
        return torch.ones_like(token, dtype=torch.float64), token
    # the highest becomes 0, so no temperature, however small, overflows
    p_V = ((logits_V.double() - highest) / params.temperature).softmax(-1)
    V = len(p_V)
    k = min(params.top_k or V, V)
    if k == V and params.top_p == 1 and params.min_p == 0:
        return p_V, torch.arange(V, device=p_V.device)
    # Sorting a large vocabulary takes longer than a step of a small model: sort only what can stay.
    top = p_V.topk(k).values if k < V else p_V
    total, least = top.sum(), torch.maximum(top.min() * (k < V), params.min_p * p_V.max())
    if params.top_p < 1:  # all tokens below this together are less than top-p leaves out
        least = torch.maximum(least, (1 - params.top_p) * total / (2 * V))
    tokens = (p_V >= least).nonzero()[:, 0]
    p, order = p_V[tokens].sort(descending=True, stable=True)
    p, tokens = p[:k], tokens[order][:k]
    if params.top_p < 1:  # the fewest whose sum reaches top-p
        n_kept = 1 + int((p.cumsum(-1)[:-1] < params.top_p * total).sum())
        p, tokens = p[:n_kept], tokens[:n_kept]
    return p / p.sum(), tokens


def sample(logits_V: Tensor, params: SamplingParams, generator: torch.Generator) -> int:
    """One token. One uniform number is drawn, whatever the filters, and none when greedy."""
    p, tokens = kept(logits_V, params)
    if params.temperature == 0:
        return int(tokens[0])
    u = torch.rand(1, dtype=p.dtype, device=p.device, generator=generator)
    cumulative = p.cumsum(-1)
    i = torch.searchsorted(cumulative, u * cumulative[-1], right=True).clamp(max=len(p) - 1)
    return int(tokens[i])
