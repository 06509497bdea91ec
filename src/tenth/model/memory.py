"""Conditional memory: experts without weights, and the gate that mixes them with the network.

One expert is what the training text counted: a modified Kneser-Ney model (Chen & Goodman, 1998),
written in one counting pass and frozen. The others copy from the window: what followed the last
1, 2, ... tokens earlier in it (a cache, arXiv 1612.04426). The gate reads the hidden state and how
sure each expert is. It costs next to no FLOPs.

Shapes: L tokens before the first one, Q = B S queries, N features, K experts, the network first.
"""

from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.layers import moved
from tenth.ops.earlier import earlier_counts, matches

TINY = 1e-30


class Answers(NamedTuple):
    """What the counts say of each position's target, and how sure they are."""

    p_BS: Tensor  # the target's probability
    log_gamma_BSN: Tensor  # of the contexts of 1, 2, ... tokens: 0 where never seen, lower if sure


class Memory(nn.Module):
    """Types (distinct n-grams) of order n stand sorted by (their prefix's number, last token).

    keys_n     prefix * V + token; the number of a type of order 1 is its token
    p_n        the type's interpolated probability given its prefix
    gamma_n    what a type of order n, as a context, leaves to the order below
    """

    def __init__(self, config: ModelConfig):
        super().__init__()
        memory = config.memory
        assert memory is not None
        self.order, self.windows = memory.order, memory.windows
        self.vocab_size, self.farthest = config.vocab_size, config.max_seq
        self.reach = config.max_seq + max(self.order, *self.windows, 1)
        for name, (length, dtype) in table_shapes(config).items():
            fill = 1.0 / config.vocab_size if name == "p_1" else 1.0 if "gamma" in name else 0
            table = torch.full((length,), fill, dtype=dtype)
            self.register_buffer(name, table, persistent=False)
        self.query = nn.Linear(config.d_model, 1 + memory.n_experts)
        self.read = nn.Linear(memory.n_features, memory.d_gate)
        self.say = nn.Linear(memory.d_gate, 1 + memory.n_experts, bias=False)

    # ------------------------------------------------------------------ the mixture

    def log_prob(
        self, log_p_BS: Tensor, h_BSD: Tensor, tokens_BS, targets_BS, before_BL, answers=None
    ) -> tuple[Tensor, Tensor]:
        """The mixture's log-probability of each target, where the network's own is `log_p_BS`;
        and the gate (B, S, K). `answers` stand in for the tables while training.
        """
        known_BL = self._known(before_BL, tokens_BS)
        if answers is None and self.order:
            answers = self.answers(known_BL, targets_BS)
        p, features, alive = [], [], [torch.ones_like(tokens_BS, dtype=torch.bool)]
        if answers is not None and self.order:
            p.append(answers.p_BS[..., None])
            features.append(answers.log_gamma_BSN)
            alive.append(alive[0])
        if self.windows:
            hits_BSP, matches_BSP = self._copied(known_BL, targets_BS)
            p.append(hits_BSP / matches_BSP.clamp(min=1))
            features.append(matches_BSP.log1p())
            alive += (matches_BSP > 0).unbind(-1)
        gate_BSK = self._gate(h_BSD, torch.cat(features, -1), torch.stack(alive, -1))
        recalled_BS = (gate_BSK[..., 1:].exp() * torch.cat(p, -1)).sum(-1)
        return torch.logaddexp(gate_BSK[..., 0] + log_p_BS, (recalled_BS + TINY).log()), gate_BSK

    def forward(self, log_p_BSV: Tensor, h_BSD: Tensor, tokens_BS, before_BL) -> Tensor:
        """The mixture's log-probabilities of the whole vocabulary: (B, S, V)."""
        known_BL = self._known(before_BL, tokens_BS)
        p, features, alive = [], [], [torch.ones_like(tokens_BS, dtype=torch.bool)]
        if self.order:
            contexts = self._contexts(known_BL, tokens_BS.size(1))
            p.append(self._distribution(contexts))
            features.append(self._log_gamma(contexts))
            alive.append(alive[0])
        for counts_BSV in self._window_counts(known_BL, tokens_BS.size(1)):
            matches_BS = counts_BSV.sum(-1)
            p.append(counts_BSV / matches_BS.clamp(min=1)[..., None])
            features.append(matches_BS.log1p()[..., None])
            alive.append(matches_BS > 0)
        gate_BSK = self._gate(h_BSD, torch.cat(features, -1), torch.stack(alive, -1))
        recalled_BSV = torch.zeros_like(log_p_BSV)
        for k, p_BSV in enumerate(p, start=1):
            recalled_BSV += gate_BSK[..., k, None].exp() * p_BSV
        return torch.logaddexp(gate_BSK[..., :1] + log_p_BSV, (recalled_BSV + TINY).log())

    def _gate(self, h_BSD: Tensor, features_BSN: Tensor, alive_BSK: Tensor) -> Tensor:
        """Log-weights; an expert that has nothing to say gets none."""
        sure_BSK = self.say(F.relu(self.read(features_BSN.to(self.read.weight.dtype))))
        logits_BSK = (self.query(h_BSD) + sure_BSK).float()
        return logits_BSK.masked_fill(~alive_BSK, -torch.inf).log_softmax(-1)

    def _known(self, before_BL: Tensor | None, tokens_BS: Tensor) -> Tensor:
        return tokens_BS if before_BL is None else torch.cat((before_BL, tokens_BS), dim=1)

    # ------------------------------------------------------------------ counts

    def _table(self, name: str, n: int) -> Tensor:
        return cast(Tensor, getattr(self, f"{name}_{n}"))

    def answers(self, known_BL: Tensor, targets_BS: Tensor) -> Answers:
        contexts = self._contexts(known_BL, targets_BS.size(1))
        p_BS = self._table("p", 1)[targets_BS]
        for n in range(2, self.order + 1):
            at_BS = self._find(n, contexts[n - 2], targets_BS)
            backed_off_BS = self._gamma(n - 1, contexts[n - 2]) * p_BS
            p_BS = _rows(self._table("p", n), at_BS, backed_off_BS)
        return Answers(p_BS, self._log_gamma(contexts))

    def _contexts(self, known_BL: Tensor, seq: int) -> list[Tensor]:
        """The number of the 1, 2, ... tokens up to each of the last `seq`; -1 where not counted."""
        numbers_BL = known_BL
        contexts = [known_BL[:, -seq:]]
        for n in range(2, self.order):
            before_BL = F.pad(numbers_BL[:, :-1], (1, 0), value=-1)
            numbers_BL = self._find(n, before_BL, known_BL)
            contexts.append(numbers_BL[:, -seq:])
        return contexts

    def _find(self, n: int, prefix: Tensor, token: Tensor) -> Tensor:
        """The number of the type (prefix, token) of order n, -1 where there is none."""
        keys = self._table("keys", n)
        if not len(keys):
            return torch.full_like(prefix, -1)
        key = prefix * self.vocab_size + token
        at = torch.searchsorted(keys, key).clamp(max=len(keys) - 1)
        return at.where((keys[at] == key) & (prefix >= 0) & (token >= 0), -1)

    def _gamma(self, n: int, context: Tensor) -> Tensor:
        return _rows(self._table("gamma", n), context, torch.ones((), device=context.device))

    def _log_gamma(self, contexts: list[Tensor]) -> Tensor:
        gammas = [self._gamma(n, context) for n, context in enumerate(contexts, start=1)]
        return torch.stack(gammas, -1).clamp(min=TINY).log()

    def _distribution(self, contexts: list[Tensor]) -> Tensor:
        """Of every token after each context: (B, S, V)."""
        B, S = contexts[0].shape
        p_QV = self._table("p", 1).repeat(B * S, 1)
        for n in range(2, self.order + 1):
            context_Q = contexts[n - 2].flatten()
            p_QV *= self._gamma(n - 1, context_Q)[:, None]
            keys, first = self._table("keys", n), context_Q * self.vocab_size
            start_Q = torch.searchsorted(keys, first)
            size_Q = torch.searchsorted(keys, first + self.vocab_size) - start_Q
            size_Q = size_Q.where(context_Q >= 0, 0)
            query_I = torch.arange(B * S, device=keys.device).repeat_interleave(size_Q)
            within_I = torch.arange(len(query_I), device=keys.device)
            within_I -= (size_Q.cumsum(0) - size_Q)[query_I]
            type_I = start_Q[query_I] + within_I
            p_QV[query_I, keys[type_I] % self.vocab_size] = self._table("p", n)[type_I]
        return p_QV.view(B, S, -1)

    # ------------------------------------------------------------------ copies

    def _copied(self, known_BL: Tensor, targets_BS: Tensor) -> tuple[Tensor, Tensor]:
        """How often the target followed, and how often anything did: twice (B, S, P) floats."""
        return earlier_counts(known_BL, targets_BS, self.windows, self.farthest)

    def _window_counts(self, known_BL: Tensor, seq: int) -> list[Tensor]:
        """How often each token followed, for each window length: (B, S, V)."""
        if not self.windows:
            return []
        follower_BSL = F.pad(known_BL[:, 1:], (0, 1)).clamp(min=0)[:, None].expand(-1, seq, -1)
        shape = (*follower_BSL.shape[:2], self.vocab_size)
        return [
            torch.zeros(shape, device=same.device).scatter_add_(2, follower_BSL, same.float())
            for same in matches(known_BL, seq, self.windows, self.farthest)
        ]

    def _apply(self, fn, recurse=True):
        """`.to(bfloat16)` moves the tables, and leaves them as precise as they were counted."""
        tables = dict(self.named_buffers(recurse=False))
        super()._apply(fn, recurse)
        for name, table in tables.items():
            setattr(self, name, moved(table, getattr(self, name).device))
        return self


def table_shapes(config: ModelConfig) -> dict[str, tuple[int, torch.dtype]]:
    """Each table's length and dtype, as `n_grams` says them."""
    memory = config.memory
    assert memory is not None
    if not memory.order:
        return {}
    types = (config.vocab_size, *(memory.n_grams or (0,) * (memory.order - 1)))
    shapes = {f"p_{n}": (length, torch.float32) for n, length in enumerate(types, start=1)}
    for n, length in enumerate(types, start=1):
        if n > 1:
            shapes[f"keys_{n}"] = (length, torch.int64)
        if n < memory.order:
            shapes[f"gamma_{n}"] = (length, torch.float32)
    return shapes


def _rows(table: Tensor, at: Tensor, otherwise: Tensor) -> Tensor:
    if not len(table):
        return otherwise.expand_as(at)
    return table[at.clamp(min=0)].where(at >= 0, otherwise)
