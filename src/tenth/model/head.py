"""The routed head: experts of the vocabulary, of which a token trains one.

p(token | h) = p(group | h) p(token | group, h): a router over the groups, and in each group an
expert that tells its words apart (hierarchical softmax, arXiv cs/0108006; a hierarchy of experts
as in Jordan & Jacobs, 1994). With V = G W words a target costs G + W rows instead of V.
"""

import torch
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.ops import dispatch_rows, grouped_mm, sorted_rows


class RoutedHead(nn.Module):
    """G groups of W slots. `slot_V`: where each token stands, group slot // W, word slot % W."""

    slot_V: Tensor

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.n_groups, self.width = config.head_shape
        self.groups = nn.Parameter(torch.empty(self.n_groups, config.d_model))
        self.words = nn.Parameter(torch.empty(self.n_groups, self.width, config.d_model))
        self.register_buffer("slot_V", torch.arange(config.vocab_size))

    def forward(self, h_TD: Tensor) -> Tensor:
        """Log-probabilities of the whole vocabulary, all experts at work: (T, V)."""
        group_TG = (h_TD @ self.groups.T).float().log_softmax(-1)
        word_TGW = torch.einsum("td,gwd->tgw", h_TD, self.words).float()
        word_TGW = word_TGW.masked_fill(~self._used(), -torch.inf).log_softmax(-1)
        return (group_TG[..., None] + word_TGW).flatten(1)[:, self.slot_V]

    def log_prob(self, h_TD: Tensor, targets_T: Tensor) -> Tensor:
        """Natural log-probability of each target, by its own group's expert alone: (T,)."""
        slot_T = self.slot_V[targets_T]
        group_T, word_T = slot_T // self.width, slot_T % self.width
        group_TG = (h_TD @ self.groups.T).float().log_softmax(-1)
        order = sorted_rows(group_T[:, None])
        rows_G = group_T.bincount(minlength=self.n_groups)
        word_TW = grouped_mm(dispatch_rows(h_TD, order), self.words, rows_G).float()
        if self.slot_V.numel() < self.n_groups * self.width:  # the last group has empty slots
            used_TW = self._used()[group_T[order.order_R]]
            word_TW = word_TW.masked_fill(~used_TW, -torch.inf)
        chosen_T = word_TW.log_softmax(-1).gather(1, word_T[order.order_R, None])[:, 0]
        return group_TG.gather(1, group_T[:, None])[:, 0] + chosen_T[order.inverse_R]

    def _used(self) -> Tensor:
        slots = torch.arange(self.n_groups * self.width, device=self.slot_V.device)
        return (slots < self.slot_V.numel()).view(self.n_groups, self.width)
