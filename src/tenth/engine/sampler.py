"""Logits in, the next token out."""

import torch
from torch import Tensor

from tenth.engine.sequence import SamplingParams, Sequence, TokenLogprob


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


def penalised(logits_V: Tensor, sequence: Sequence) -> Tensor:
    """The logits with the biases added and what was said before made less (or more) likely.

    The repetition penalty counts the prompt too (transformers' rule); the frequency and presence
    penalties count only what was generated (OpenAI's).
    """
    params = sequence.params
    if not params.penalises:
        return logits_V
    logits_V = logits_V.clone()
    if params.repetition_penalty != 1:
        seen = torch.tensor([*sequence.prompt, *sequence.generated]).unique()
        scores, r = logits_V[seen], params.repetition_penalty
        logits_V[seen] = torch.where(scores < 0, scores * r, scores / r)
    if sequence.generated:
        tokens, counts = torch.tensor(sequence.generated).unique(return_counts=True)
        taken = params.frequency_penalty * counts + params.presence_penalty
        logits_V[tokens] -= taken.to(logits_V.dtype)
    for token, bias in params.logit_bias:
        logits_V[token] += bias
    return logits_V


def logprob_of(token: int, logits_V: Tensor, n_top: int) -> TokenLogprob:
    """The token's log-probability and the `n_top` highest, in float64 whatever the model's type."""
    log_p_V = logits_V.double().log_softmax(-1)
    top = log_p_V.topk(min(n_top, len(log_p_V)))
    pairs = zip(top.indices.tolist(), top.values.tolist(), strict=True)
    return TokenLogprob(token, float(log_p_V[token]), tuple(pairs))
