"""Bits per byte: what a model pays for text it never saw, whatever its tokenizer."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

# inputs (B, S), targets (B, S) -> natural log-probability of each target (B, S)
Scorer = Callable[[Tensor, Tensor], Tensor]


class Window(NamedTuple):
    """Tokens begin..end are read; of their predictions those from `score_from` on count."""

    begin: int
    score_from: int
    end: int


def windows(n_tokens: int, seq: int, stride: int) -> list[Window]:
    """Cover every token once, each with at least seq - stride tokens before it (or all)."""
    ends = list(range(seq, n_tokens, stride))
    cover = [Window(end - seq, max(0, end - stride) if end > seq else 0, end) for end in ends]
    scored = ends[-1] if ends else 0
    cover.append(Window(max(0, n_tokens - seq), scored, n_tokens))
    return cover


@torch.inference_mode()
def token_bits(
    score: Scorer,
    tokens: np.ndarray,
    seq: int,
    eos: int = 0,
    batch: int = 8,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """Bits of every token of a split, (n,) float64; the first is predicted from `eos`.

    Windows of `seq` tokens overlap by half, so every token but a document's first few is
    predicted from at least seq/2 before it. Every token is scored exactly once.
    """
    n = len(tokens)
    bits = torch.empty(n, dtype=torch.float64)
    cover = windows(n, seq, max(1, seq // 2))
    for i in range(0, len(cover), batch):
        group = [w for w in cover[i : i + batch]]
        length = max(w.end - w.begin for w in group)
        both = np.full((len(group), length + 1), eos, dtype=np.int64)
        for row, w in enumerate(group):  # inputs are the targets shifted by one
            both[row, 1 : w.end - w.begin + 1] = tokens[w.begin : w.end]
            both[row, 0] = tokens[w.begin - 1] if w.begin else eos
        read = torch.from_numpy(both).to(device)
        nats = -score(read[:, :-1], read[:, 1:]).cpu().double()
        for row, w in enumerate(group):
            kept = nats[row, w.score_from - w.begin : w.end - w.begin]
            bits[w.score_from : w.end] = kept / math.log(2)
        if progress:
            progress(min(i + batch, len(cover)), len(cover))
    return bits


def bits_per_byte(score: Scorer, tokens: np.ndarray, n_bytes: float, seq: int, **options) -> float:
    """All token bits, ends of documents included, over the text's UTF-8 bytes."""
    return token_bits(score, tokens, seq, **options).sum().item() / n_bytes
