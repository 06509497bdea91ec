"""Grouped-query attention with qk-norm, partial RoPE, windows and sinks, and the state it decodes
with."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.layers import RMSNorm
from tenth.model.rotary import rotate


class AttentionState(NamedTuple):
    """Keys and values so far, in buffers of a fixed capacity; `length` positions are filled."""

    k_BGSH: Tensor
    v_BGSH: Tensor
    length: int


class Attention(nn.Module):
    """N query heads share G key-value heads (arXiv 2305.13245)."""

    def __init__(self, config: ModelConfig, layer: int = 0):
        super().__init__()
        self.n_heads, self.n_kv_heads = config.n_heads, config.n_kv_heads
        self.d_head, self.rotary = config.d_head, config.rotary_dim
        self.window, self.clip = config.window(layer), config.clip_qkv
        self.scale, self.pairs = self.d_head**-0.5 * config.attention_scale, config.rope_pairs
        d_model, wide, narrow = (
            config.d_model,
            self.n_heads * self.d_head,
            self.n_kv_heads * self.d_head,
        )
        self.q = nn.Linear(d_model, wide, bias=config.qkv_bias)
        self.k = nn.Linear(d_model, narrow, bias=config.qkv_bias)
        self.v = nn.Linear(d_model, narrow, bias=config.qkv_bias)
        self.o = nn.Linear(wide, d_model, bias=config.o_bias)
        self.full_norm = config.qk_norm == "full"
        self.q_norm = self.k_norm = None
        if config.qk_norm != "none":
            self.q_norm = RMSNorm(wide if self.full_norm else self.d_head, config.norm_eps)
            self.k_norm = RMSNorm(narrow if self.full_norm else self.d_head, config.norm_eps)
        self.sinks = nn.Parameter(torch.zeros(self.n_heads)) if config.sinks else None

    def forward(
        self, x_BSD: Tensor, angles: tuple[Tensor, Tensor], state: AttentionState | None
    ) -> tuple[Tensor, AttentionState | None]:
        B, S, _ = x_BSD.shape
        q_BNSH = self._heads(self.q(x_BSD), self.q_norm, self.n_heads, angles)
        k_BGSH = self._heads(self.k(x_BSD), self.k_norm, self.n_kv_heads, angles)
        v_BSW = self._clipped(self.v(x_BSD))
        v_BGSH = v_BSW.view(B, S, self.n_kv_heads, self.d_head).transpose(1, 2)
        if state is not None:
            state = extended(state, k_BGSH, v_BGSH)
            k_BGSH, v_BGSH = state.k_BGSH[:, :, : state.length], state.v_BGSH[:, :, : state.length]
            if S == 1 and self.window:  # the older ones are out of its sight
                k_BGSH, v_BGSH = k_BGSH[:, :, -self.window :], v_BGSH[:, :, -self.window :]
        y_BNSH = attend(q_BNSH, k_BGSH, v_BGSH, self.scale, self.window, self.sinks)
        return self.o(y_BNSH.transpose(1, 2).reshape(B, S, -1)), state

    def _heads(self, x_BSW: Tensor, norm: RMSNorm | None, n: int, angles) -> Tensor:
        """(B, S, n H) to normed and turned (B, n, S, H)."""
        B, S, _ = x_BSW.shape
        if norm is not None and self.full_norm:
            x_BSW = norm(x_BSW)
        x_BSW = self._clipped(x_BSW)
        x_BSNH = x_BSW.view(B, S, n, self.d_head)
        if norm is not None and not self.full_norm:
            x_BSNH = norm(x_BSNH)
        cos_SR, sin_SR = angles
        return rotate(x_BSNH.transpose(1, 2), cos_SR, sin_SR, self.pairs)

    def _clipped(self, x_BSW: Tensor) -> Tensor:
        return x_BSW.clamp(-self.clip, self.clip) if self.clip else x_BSW

    def new_state(self, batch: int, capacity: int) -> AttentionState:
        shape = (batch, self.n_kv_heads, capacity, self.d_head)
        weight = self.o.weight
        return AttentionState(weight.new_zeros(shape), weight.new_zeros(shape), 0)


def attend(
    q_BNSH: Tensor,
    k_BGLH: Tensor,
    v_BGLH: Tensor,
    scale: float,
    window: int = 0,
    sinks_N: Tensor | None = None,
) -> Tensor:
    """Causal attention of the last S of L positions over all of them: (B, N, S, H).

    A sink is a further key of no value whose logit does not depend on the query.
    """
    S, L = q_BNSH.size(2), k_BGLH.size(2)
    windowed = 0 < window < L
    if sinks_N is None and not windowed and (S == L or S == 1):
        return F.scaled_dot_product_attention(
            q_BNSH, k_BGLH, v_BGLH, is_causal=S > 1, scale=scale, enable_gqa=True
        )
    mask = torch.ones(S, L, dtype=torch.bool, device=q_BNSH.device).tril(L - S)
    if windowed:  # of a single query the caller has cut the keys
        mask = mask & mask.new_ones(S, L).triu(L - S - window + 1)
    if sinks_N is not None:
        k_BGLH, v_BGLH = F.pad(k_BGLH, (0, 0, 0, 1)), F.pad(v_BGLH, (0, 0, 0, 1))
        seen_SL = torch.zeros_like(mask, dtype=q_BNSH.dtype).masked_fill(~mask, -torch.inf)
        sinks_NS1 = sinks_N.to(q_BNSH.dtype)[:, None, None].expand(-1, S, 1)
        mask = torch.cat((seen_SL.expand(len(sinks_N), S, L), sinks_NS1), dim=-1)[None]
    return F.scaled_dot_product_attention(
        q_BNSH, k_BGLH, v_BGLH, attn_mask=mask, scale=scale, enable_gqa=True
    )


def extended(state: AttentionState, k_BGSH: Tensor, v_BGSH: Tensor) -> AttentionState:
    """The state with new positions written behind the old."""
    k, v, start = with_room(state, k_BGSH.size(2))
    length = start + k_BGSH.size(2)
    k[:, :, start:length] = k_BGSH
    v[:, :, start:length] = v_BGSH
    return AttentionState(k, v, length)


def with_room(state: AttentionState, more: int) -> AttentionState:
    """The same state; its buffers double when `more` positions do not fit behind it."""
    k, v, length = state
    if length + more > k.size(2):
        added = (0, 0, 0, max(length + more, 2 * k.size(2)) - k.size(2))
        k, v = F.pad(k, added), F.pad(v, added)
    return AttentionState(k, v, length)
