"""Conditional memory: the preceding tokens, hashed, name rows of large tables; the hidden state
gates what is read into the residual stream (arXiv 2601.07372). It costs almost no FLOPs.
"""

import random

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.layers import RMSNorm


class Memory(nn.Module):
    """One layer's tables. A slot is one hash head of one n-gram order; slots share one tensor.

    An n-gram of order o is the token at a position and the o-1 before it, never a later one.
    """

    multipliers_PN: Tensor
    offsets_P: Tensor

    def __init__(self, config: ModelConfig, layer: int):
        super().__init__()
        memory = config.memory
        assert memory is not None
        self.slots = [(order, head) for order in memory.orders for head in range(memory.n_heads)]
        self.n_rows, self.reach = memory.n_rows, max(memory.orders) - 1
        width = len(self.slots) * memory.d_row
        self.table = nn.Parameter(torch.empty(len(self.slots) * memory.n_rows, memory.d_row))
        self.value = nn.Linear(width, config.d_model, bias=False)
        self.key = nn.Linear(width, config.d_model, bias=False)
        self.key_norm = RMSNorm(config.d_model, config.norm_eps)
        self.query_norm = RMSNorm(config.d_model, config.norm_eps)
        multipliers = torch.tensor(hash_multipliers(self.slots, layer, self.reach + 1))
        self.register_buffer("multipliers_PN", multipliers, persistent=False)
        offsets = torch.arange(len(self.slots)) * memory.n_rows
        self.register_buffer("offsets_P", offsets, persistent=False)

    def forward(self, x_BSD: Tensor, tokens_BS: Tensor, before_BN: Tensor) -> Tensor:
        """`before_BN` holds the tokens before the first one, `reach` of them, -1 for none."""
        e_BSM = F.embedding(self.rows(tokens_BS, before_BN), self.table, sparse=True).flatten(-2)
        key_BSD = self.key_norm(self.key(e_BSM))
        query_BSD = self.query_norm(x_BSD)
        agreement_BS1 = (query_BSD[..., None, :] @ key_BSD[..., :, None])[..., 0]
        return torch.sigmoid(agreement_BS1 * x_BSD.size(-1) ** -0.5) * self.value(e_BSM)

    def rows(self, tokens_BS: Tensor, before_BN: Tensor) -> Tensor:
        """The row each slot P reads at each position: (B, S, P)."""
        S = tokens_BS.size(1)
        seen = torch.cat((before_BN, tokens_BS), dim=1) + 1  # 0 stands for "no token"
        windows_BSN = torch.stack(
            [seen[:, self.reach - i : self.reach - i + S] for i in range(self.reach + 1)], dim=-1
        )
        mixed_BSP = (windows_BSN[..., None, :] * self.multipliers_PN).sum(-1)  # wraps at 2^64
        mixed_BSP = (mixed_BSP ^ (mixed_BSP >> 29)) * 0x1B873593CC9E2D51
        return ((mixed_BSP ^ (mixed_BSP >> 32)) % self.n_rows) + self.offsets_P

    def no_tokens(self, batch: int) -> Tensor:
        """The decoding state before the first token: (B, reach)."""
        return self.offsets_P.new_full((batch, self.reach), -1)


def hash_multipliers(slots: list[tuple[int, int]], layer: int, reach: int) -> list[list[int]]:
    """An odd 62-bit multiplier for each slot and distance; 0 beyond the slot's order."""
    draw = random.Random(f"tenth memory, layer {layer}")
    return [
        [draw.getrandbits(62) | 1 if distance < order else 0 for distance in range(reach)]
        for order, _ in slots
    ]
