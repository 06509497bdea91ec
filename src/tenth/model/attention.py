"""Grouped-query attention with per-head qk-norm and partial RoPE, and the state it decodes with."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.layers import RMSNorm, rotate


class AttentionState(NamedTuple):
    """Keys and values so far, in buffers of a fixed capacity; `length` positions are filled."""

    k_BGSH: Tensor
    v_BGSH: Tensor
    length: int


class Attention(nn.Module):
    """N query heads share G key-value heads (arXiv 2305.13245)."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.n_heads, self.n_kv_heads, self.d_head = (
            config.n_heads,
            config.n_kv_heads,
            config.d_head,
        )
        d_model = config.d_model
        self.q = nn.Linear(d_model, self.n_heads * self.d_head, bias=False)
        self.k = nn.Linear(d_model, self.n_kv_heads * self.d_head, bias=False)
        self.v = nn.Linear(d_model, self.n_kv_heads * self.d_head, bias=False)
        self.o = nn.Linear(self.n_heads * self.d_head, d_model, bias=False)
        self.q_norm = RMSNorm(self.d_head, config.norm_eps)
        self.k_norm = RMSNorm(self.d_head, config.norm_eps)

    def forward(
        self, x_BSD: Tensor, angles: tuple[Tensor, Tensor], state: AttentionState | None
    ) -> tuple[Tensor, AttentionState | None]:
        B, S, _ = x_BSD.shape
        q_BNSH = self.q(x_BSD).view(B, S, self.n_heads, self.d_head)
        k_BGSH = self.k(x_BSD).view(B, S, self.n_kv_heads, self.d_head)
        v_BGSH = self.v(x_BSD).view(B, S, self.n_kv_heads, self.d_head).transpose(1, 2)
        q_BNSH = rotate(self.q_norm(q_BNSH).transpose(1, 2), *angles)
        k_BGSH = rotate(self.k_norm(k_BGSH).transpose(1, 2), *angles)
        mask = None
        if state is not None:
            state = extended(state, k_BGSH, v_BGSH)
            k_BGSH, v_BGSH = state.k_BGSH[:, :, : state.length], state.v_BGSH[:, :, : state.length]
            if S > 1:  # new position i sees every old one and the new ones up to i
                mask = torch.ones(S, state.length, dtype=torch.bool, device=x_BSD.device)
                mask = mask.tril(state.length - S)
        y_BNSH = F.scaled_dot_product_attention(
            q_BNSH, k_BGSH, v_BGSH, attn_mask=mask, is_causal=state is None, enable_gqa=True
        )
        return self.o(y_BNSH.transpose(1, 2).reshape(B, S, -1)), state

    def new_state(self, batch: int, capacity: int) -> AttentionState:
        shape = (batch, self.n_kv_heads, capacity, self.d_head)
        weight = self.k.weight
        return AttentionState(weight.new_zeros(shape), weight.new_zeros(shape), 0)


def extended(state: AttentionState, k_BGSH: Tensor, v_BGSH: Tensor) -> AttentionState:
    """The state with new positions written behind the old; it doubles when it is full."""
    length = state.length + k_BGSH.size(2)
    k, v = state.k_BGSH, state.v_BGSH
    if length > k.size(2):
        more = (0, 0, 0, max(length, 2 * k.size(2)) - k.size(2))
        k, v = F.pad(k, more), F.pad(v, more)
    k[:, :, state.length : length] = k_BGSH
    v[:, :, state.length : length] = v_BGSH
    return AttentionState(k, v, length)
