"""Latent attention (MLA, arXiv 2405.04434): one short vector a token stands for all heads' keys
and values.

Shapes: C kv_rank, Q q_rank, P d_rope; H = d_head, of a key without RoPE, and W = d_value.
"""

import torch
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.attention import AttentionState, attend, extended
from tenth.model.layers import RMSNorm
from tenth.model.rotary import rotate

NORM_EPS = 1e-6  # of the short vectors' norms in all released models, whatever norm_eps is


class LatentAttention(nn.Module):
    """A key is [H from the short vector, P turned by RoPE and shared by all heads].

    The state holds (C + P) numbers a token. A single new token attends to them as they are: the
    matrices that would spread them out are multiplied into its query and its answer instead.
    """

    def __init__(self, config: ModelConfig, layer: int = 0):
        super().__init__()
        self.n_heads, self.d_head, self.d_rope, self.d_value, self.kv_rank = (
            config.n_heads, config.d_head, config.d_rope, config.d_value, config.kv_rank,
        )  # fmt: skip
        self.pairs, self.window = config.rope_pairs, config.window(layer)
        self.scale = (self.d_head + self.d_rope) ** -0.5 * config.attention_scale
        d_model, key = config.d_model, self.d_head + self.d_rope
        self.q_a = self.q_norm = None
        if config.q_rank:
            self.q_a = nn.Linear(d_model, config.q_rank, bias=config.qkv_bias)
            self.q_norm = RMSNorm(config.q_rank, NORM_EPS)
        self.q = nn.Linear(config.q_rank or d_model, self.n_heads * key, bias=False)
        self.kv_a = nn.Linear(d_model, self.kv_rank + self.d_rope, bias=config.qkv_bias)
        self.kv_norm = RMSNorm(self.kv_rank, NORM_EPS)
        spread = self.n_heads * (self.d_head + self.d_value)
        self.kv = nn.Linear(self.kv_rank, spread, bias=False)
        self.o = nn.Linear(self.n_heads * self.d_value, d_model, bias=config.o_bias)

    def forward(
        self, x_BSD: Tensor, angles: tuple[Tensor, Tensor], state: AttentionState | None
    ) -> tuple[Tensor, AttentionState | None]:
        B, S, _ = x_BSD.shape
        short = x_BSD if self.q_a is None or self.q_norm is None else self.q_norm(self.q_a(x_BSD))
        q_BNSK = self.q(short).view(B, S, self.n_heads, -1).transpose(1, 2)
        q_BNSH, q_BNSP = q_BNSK.split((self.d_head, self.d_rope), dim=-1)
        cos_SR, sin_SR = angles
        q_BNSP = rotate(q_BNSP, cos_SR, sin_SR, self.pairs)
        c_BSC, k_BSP = self.kv_a(x_BSD).split((self.kv_rank, self.d_rope), dim=-1)
        turned = rotate(k_BSP[:, None], cos_SR, sin_SR, self.pairs)
        latent_B1LC = torch.cat((self.kv_norm(c_BSC)[:, None], turned), dim=-1)
        if state is not None:
            state = extended(state, latent_B1LC, latent_B1LC[..., :0])
            latent_B1LC = state.k_BGSH[:, :, : state.length]
        if S == 1 and state is not None:
            y_BNSW = self._absorbed(q_BNSH, q_BNSP, latent_B1LC)
        else:
            y_BNSW = self._spread(torch.cat((q_BNSH, q_BNSP), dim=-1), latent_B1LC)
        return self.o(y_BNSW.transpose(1, 2).reshape(B, S, -1)), state

    def _spread(self, q_BNSK: Tensor, latent_B1LC: Tensor) -> Tensor:
        """Attention over keys and values spread out for all heads."""
        c_BLC, k_BLP = latent_B1LC[:, 0].split((self.kv_rank, self.d_rope), dim=-1)
        B, L, _ = c_BLC.shape
        kv_BNLE = self.kv(c_BLC).view(B, L, self.n_heads, -1).transpose(1, 2)
        k_BNLH, v_BNLW = kv_BNLE.split((self.d_head, self.d_value), dim=-1)
        shared = k_BLP[:, None].expand(-1, self.n_heads, -1, -1)
        return attend(q_BNSK, torch.cat((k_BNLH, shared), -1), v_BNLW, self.scale, self.window)

    def _absorbed(self, q_BN1H: Tensor, q_BN1P: Tensor, latent_B1LC: Tensor) -> Tensor:
        """The same over the short vectors themselves."""
        weight_NEC = self.kv.weight.view(self.n_heads, -1, self.kv_rank)
        k_NHC, v_NWC = weight_NEC.split((self.d_head, self.d_value), dim=1)
        if self.window:
            latent_B1LC = latent_B1LC[:, :, -self.window :]
        q_BN1C = torch.einsum("bnsh,nhc->bnsc", q_BN1H, k_NHC)
        q_BN1L = torch.cat((q_BN1C, q_BN1P), dim=-1)
        y_BN1C = attend(q_BN1L, latent_B1LC, latent_B1LC[..., : self.kv_rank], self.scale)
        return torch.einsum("bnsc,nwc->bnsw", y_BN1C, v_NWC)

    def new_state(self, batch: int, capacity: int) -> AttentionState:
        weight = self.o.weight
        width = self.kv_rank + self.d_rope
        empty = weight.new_zeros(batch, 1, capacity, 0)
        return AttentionState(weight.new_zeros(batch, 1, capacity, width), empty, 0)
