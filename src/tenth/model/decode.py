"""The same model laid out to decode one sequence on a CPU: fewer and larger operations a token.

`for_decoding(model)` changes the model in place. Where there is a C compiler, each half of a block
is one call into C (`tenth.model.native`). Elsewhere weights are stored input by input, what reads
the same input is merged into one matrix, and a module that is asked for one token without gradient
takes a short way (`tenth.ops.matvec`). For everything else it runs its plain code on views of the
same memory, so the names, the shapes and the values of all parameters stay as they were.
"""

from dataclasses import MISSING, fields
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.attention import Attention, AttentionState, extended
from tenth.model.decode_parts import input_by_input, merged, one_token, rms_norm
from tenth.model.experts import Experts
from tenth.model.layers import SwiGLU
from tenth.model.moe import MoE
from tenth.model.native import KNOWN_IN_C, natively
from tenth.model.router import Routing
from tenth.model.transformer import Block, Transformer
from tenth.ops import native
from tenth.ops.matvec import each_expert, matvec, sum_of_experts

# What the short ways below know; C knows more. A switch that is not known and not at its default
# leaves the plain attention, experts and SwiGLU at work; their linear layers are quicker still.
KNOWN = {"vocab_size", "d_model", "n_layers", "n_heads", "n_kv_heads", "d_head", "d_ff", "max_seq",
         "rope_theta", "rotary_fraction", "norm_eps", "n_experts", "top_k", "d_expert",
         "n_shared_experts", "first_dense", "score", "routed_scale", "head_groups",
         "memory"}  # fmt: skip


@torch.no_grad()
def for_decoding(model: Transformer, in_memory: bool = True) -> Transformer:
    """In place, a layer at a time, for a model that is on its device and in its dtype.

    Elsewhere than on a CPU nothing changes; of one mapped from its files no weight is moved.
    """
    if model.embed.weight.device.type != "cpu":
        return model
    if model.embed.weight.dtype in native.KINDS and native.library():
        return natively(model, blocks=not unknown_switches(model.config, KNOWN | KNOWN_IN_C))
    if not in_memory:
        return model
    known = not unknown_switches(model.config, KNOWN)
    for module in list(model.modules()):
        if type(module) is nn.Linear:
            DecodingLinear.take(module)
    for block in model.blocks if known else []:
        if type(block.attention) is Attention:
            DecodingAttention.take(block.attention, model.config.rotary_dim)
        moe = block.mlp if isinstance(block.mlp, MoE) else None
        dense = moe.shared if moe else block.mlp
        if type(dense) is SwiGLU and _mergeable(dense.gate, dense.up):
            DecodingSwiGLU.take(dense)
        if moe and type(moe.experts) is Experts:
            DecodingExperts.take(moe.experts)
        if type(moe) is MoE and hasattr(moe.experts, "of_one_token"):
            DecodingMoE.take(moe)
        if type(block) is Block:
            block.__class__ = DecodingBlock
    return model


def unknown_switches(config: ModelConfig, known: set[str]) -> list[str]:
    """Fields that are neither known nor at their default."""
    found = []
    for field in fields(config):
        default = field.default_factory() if field.default is MISSING else field.default  # type: ignore[operator]
        if field.name not in known and getattr(config, field.name) != default:
            found.append(field.name)
    return found


class DecodingLinear(nn.Linear):
    """`take` makes one of a module as it stands: its class changes, its parameters stay."""

    @classmethod
    def take(cls, linear: nn.Linear) -> None:
        input_by_input(cast(nn.Parameter, linear.weight))
        linear.__class__ = cls

    def forward(self, input: Tensor) -> Tensor:
        if not one_token(input, self.in_features):
            return super().forward(input)
        y_O = matvec(input.reshape(-1), self.weight.T)
        return (y_O if self.bias is None else y_O + self.bias).view(*input.shape[:-1], -1)


class DecodingBlock(Block):
    """The same two steps without a call for each small module."""

    def forward(self, x_BSD, angles, state: AttentionState | None):
        if state is None or not one_token(x_BSD, x_BSD.size(-1)):
            return super().forward(x_BSD, angles, state)
        assert self.attention_norm is not None and self.mlp_norm is not None
        y_BSD, state = self.attention(rms_norm(x_BSD, self.attention_norm), angles, state)
        x_BSD = x_BSD + y_BSD
        h_BSD = rms_norm(x_BSD, self.mlp_norm)
        if isinstance(self.mlp, MoE):
            y_BSD, routing = self.mlp(h_BSD)
            return y_BSD.add_(x_BSD), routing, state
        return x_BSD + self.mlp(h_BSD), None, state


class DecodingAttention(Attention):
    """One matrix for queries, keys and values; heads of one group share one read of the cache."""

    qkv_DO: Tensor | None  # None: quantized, or with a bias
    o_ND: Tensor | None
    qk_norm_MH: Tensor  # of each query and key head
    least_size: Tensor
    sign_R: Tensor  # -1 in the first half

    @classmethod
    def take(cls, attention: Attention, rotary_dim: int) -> None:
        attention.__class__ = cls
        assert isinstance(attention, cls)
        parts = (attention.q, attention.k, attention.v)
        attention.qkv_DO = merged(*parts) if _mergeable(*parts) else None
        attention.o_ND = attention.o.weight.data.T if _mergeable(attention.o) else None
        assert attention.q_norm is not None and attention.k_norm is not None
        norms = [attention.q_norm.weight.data] * attention.n_heads
        norms += [attention.k_norm.weight.data] * attention.n_kv_heads
        attention.sign_R = torch.ones(rotary_dim)
        attention.sign_R[: rotary_dim // 2] = -1
        # w x / sqrt(|x|^2 / H + eps) is w sqrt(H) x / hypot(|x|, sqrt(H eps))
        attention.qk_norm_MH = torch.stack(norms).float() * attention.d_head**0.5
        attention.least_size = torch.tensor((attention.d_head * attention.q_norm.eps) ** 0.5)

    def forward(
        self, x_BSD: Tensor, angles: tuple[Tensor, Tensor], state: AttentionState | None
    ) -> tuple[Tensor, AttentionState | None]:
        if state is None or not one_token(x_BSD, x_BSD.size(-1)):
            return super().forward(x_BSD, angles, state)
        N, G, H = self.n_heads, self.n_kv_heads, self.d_head
        if self.qkv_DO is None:
            heads = torch.cat([part(x_BSD) for part in (self.q, self.k, self.v)], dim=-1)
        else:
            heads = matvec(x_BSD.view(-1), self.qkv_DO)
        heads = heads.view(-1, H)
        qk_MH = heads[: N + G].float()
        size_M1 = torch.linalg.vector_norm(qk_MH, dim=-1, keepdim=True)
        qk_MH = (qk_MH * self.qk_norm_MH).div_(torch.hypot(size_M1, self.least_size))
        qk_MH = turned(qk_MH, *angles, self.sign_R).to(x_BSD.dtype)
        state = extended(state, qk_MH[N:].view(1, G, 1, H), heads[N + G :].view(1, G, 1, H))
        k_BGSH, v_BGSH = state.k_BGSH[:, :, : state.length], state.v_BGSH[:, :, : state.length]
        y = F.scaled_dot_product_attention(qk_MH[:N].view(1, G, N // G, H), k_BGSH, v_BGSH)
        if self.o_ND is None:
            return self.o(y.view(1, 1, -1)), state
        return matvec(y.view(-1), self.o_ND).view_as(x_BSD), state


class DecodingSwiGLU(SwiGLU):
    """Gate and up in one matrix."""

    gate_up_DF: Tensor

    @classmethod
    def take(cls, mlp: SwiGLU) -> None:
        mlp.__class__ = cls
        assert isinstance(mlp, cls)
        mlp.gate_up_DF = merged(mlp.gate, mlp.up)

    def forward(self, x: Tensor) -> Tensor:
        if not one_token(x, x.size(-1)):
            return super().forward(x)
        gate_F, up_F = matvec(x.reshape(-1), self.gate_up_DF).chunk(2)
        return self.down((F.silu(gate_F) * up_F).view(*x.shape[:-1], -1))


class DecodingExperts(Experts):
    """Gate and up of each expert in one matrix; the chosen ones run in two calls."""

    gate_up_EDF: Tensor
    down_EFD: Tensor

    @classmethod
    def take(cls, experts: Experts) -> None:
        experts.__class__ = cls
        assert isinstance(experts, cls)
        experts.gate_up_EDF = input_by_input(experts.gate, experts.up)
        experts.down_EFD = input_by_input(experts.down)

    def of_one_token(self, x_D: Tensor, experts_K: Tensor, weights_K: Tensor) -> Tensor:
        gate_KF, up_KF = each_expert(x_D, self.gate_up_EDF, experts_K).chunk(2, dim=-1)
        h_KF = F.silu(gate_KF) * up_KF * weights_K.to(x_D.dtype)[:, None]
        return sum_of_experts(h_KF, self.down_EFD, experts_K)


class DecodingMoE(MoE):
    """No sorting for one token; its experts may be quantized ones."""

    biased: bool

    @classmethod
    def take(cls, moe: MoE) -> None:
        moe.__class__ = cls
        assert isinstance(moe, cls)
        moe.biased = bool(moe.router.bias.any())

    def forward(self, x_BSD: Tensor) -> tuple[Tensor, Routing]:
        if not one_token(x_BSD, x_BSD.size(-1)):
            return super().forward(x_BSD)
        x_TD = x_BSD.view(1, -1)
        routing = self.route(x_TD)
        y_D = self.experts.of_one_token(x_TD[0], routing.experts_TK[0], routing.weights_TK[0])  # type: ignore[operator]
        if self.shared is not None:
            y_D = y_D + self.shared(x_TD)[0]
        return y_D.view_as(x_BSD), routing

    def route(self, x_TD: Tensor) -> Routing:
        """`Router.forward` in half the operations."""
        router = self.router
        logits_TE = torch.mv(router.gate, x_TD.view(-1).float()).view(1, -1)
        scores_TE = router.scores(logits_TE)
        chosen_by_TE = scores_TE + router.bias if self.biased else scores_TE
        weights_TK, experts_TK = chosen_by_TE.topk(router.top_k, dim=-1)
        if self.biased:
            weights_TK = scores_TE.gather(1, experts_TK)
        weights_TK = weights_TK.mul_(router.scale / (weights_TK.sum().item() + 1e-20))
        rows_E = experts_TK.new_zeros(logits_TE.size(1)).index_fill_(0, experts_TK[0], 1)
        return Routing(weights_TK, experts_TK, rows_E, logits_TE)


def turned(x_MH: Tensor, cos_1R: Tensor, sin_1R: Tensor, sign_R: Tensor) -> Tensor:
    """`rotate` in half the operations."""
    r = sign_R.numel()
    x_MR = x_MH if r == x_MH.size(1) else x_MH[:, :r]
    swapped_MR = x_MR.unflatten(1, (2, -1)).flip(1).flatten(1)
    turned_MR = (x_MR * cos_1R).addcmul_(swapped_MR, sin_1R * sign_R)
    return turned_MR if r == x_MH.size(1) else torch.cat((turned_MR, x_MH[:, r:]), dim=1)


def _mergeable(*layers: nn.Module) -> bool:
    return all(type(layer) is DecodingLinear and layer.bias is None for layer in layers)
