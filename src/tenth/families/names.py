"""Our parameters under Hugging Face's names: the one map that saving and loading both walk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tenth.model import Transformer
from tenth.model.attention import Attention
from tenth.model.head import RoutedHead
from tenth.model.latent import LatentAttention
from tenth.model.layers import RMSNorm, SwiGLU
from tenth.model.moe import MoE
from tenth.model.transformer import Block

GATE_UP_DOWN = ("gate_proj", "up_proj", "down_proj")
W1_W3_W2 = ("w1", "w3", "w2")


@dataclass(frozen=True)
class Names:
    """How one family spells what lies in a layer; the defaults are most families'."""

    attention_norm: str = "input_layernorm"
    attention_post_norm: str = "post_self_attn_layernorm"
    mlp_norm: str = "post_attention_layernorm"
    mlp_post_norm: str = "post_mlp_layernorm"
    moe: str = "mlp."
    router: str = "gate"
    bias: str = ""  # of the router, which picks; "": the family has none
    experts: tuple[str, str, str] = GATE_UP_DOWN
    shared: str = "shared_experts."
    fused_mlp: bool = False  # gate and up in one matrix, gate's rows first
    fused_experts: bool = False  # all experts in one tensor, gate and up by turns, transposed
    zero_shared: bool = False  # a model without a shared expert is written with one of zeros


class Part(NamedTuple):
    """Which part of a stored tensor is ours."""

    shape: tuple[int, ...]  # of the stored tensor
    take: Callable[[Tensor], Tensor]  # from it, or from its row
    row: int | None = None


class Entry(NamedTuple):
    name: str
    tensor: Tensor  # a view of the model's own: writing to it loads
    zeros: bool = False  # on disk only: the shared expert of a model that has none
    part: Part | None = None

    @property
    def stored(self) -> tuple[int, ...]:
        return tuple(self.tensor.shape) if self.part is None else self.part.shape


def entries(model: Transformer, names: Names, prefix: str = "") -> Iterator[Entry]:
    """Every tensor of the model, once, expert by expert."""
    base = f"{prefix}model."
    yield Entry(f"{base}embed_tokens.weight", model.embed.weight)
    for i, block in enumerate(model.layers):
        assert isinstance(block, Block)
        yield from _block(f"{base}layers.{i}.", block, names)
    yield Entry(f"{base}norm.weight", model.norm.weight)
    if isinstance(model.head, RoutedHead):
        for name in ("groups", "words", "slot_V"):
            yield Entry(f"lm_head.{name}", getattr(model.head, name))
    elif not model.config.tied:
        yield Entry(f"{prefix}lm_head.weight", model.head.weight)
    if model.memory is not None:
        for name, tensor in (*model.memory.named_parameters(), *model.memory.named_buffers()):
            yield Entry(f"memory.{name}", tensor)


def _block(prefix: str, block: Block, names: Names) -> Iterator[Entry]:
    for norm, name in (
        (block.attention_norm, names.attention_norm),
        (block.attention_post_norm, names.attention_post_norm),
        (block.mlp_norm, names.mlp_norm),
        (block.mlp_post_norm, names.mlp_post_norm),
    ):
        yield from _norm(f"{prefix}{name}", norm)
    if isinstance(block.attention, LatentAttention):
        yield from _latent(prefix + "self_attn.", block.attention)
    else:
        yield from _attention(prefix + "self_attn.", block.attention)
    if isinstance(block.mlp, MoE):
        yield from _moe(prefix + names.moe, block.mlp, names)
    elif names.fused_mlp:
        yield from _fused_swiglu(prefix + "mlp.", block.mlp)
    else:
        yield from _swiglu(prefix + "mlp.", block.mlp)


def _norm(name: str, norm: RMSNorm | None) -> Iterator[Entry]:
    if norm is not None:
        yield Entry(f"{name}.weight", norm.weight)


def _linear(name: str, linear: nn.Linear | None) -> Iterator[Entry]:
    if linear is not None:
        yield Entry(f"{name}.weight", linear.weight)
        if linear.bias is not None:
            yield Entry(f"{name}.bias", linear.bias)


def _attention(prefix: str, attention: Attention) -> Iterator[Entry]:
    for letter in "qkvo":
        yield from _linear(f"{prefix}{letter}_proj", getattr(attention, letter))
    yield from _norm(prefix + "q_norm", attention.q_norm)
    yield from _norm(prefix + "k_norm", attention.k_norm)
    if attention.sinks is not None:
        yield Entry(prefix + "sinks", attention.sinks)


def _latent(prefix: str, attention: LatentAttention) -> Iterator[Entry]:
    short = attention.q_a is not None
    yield from _linear(prefix + "q_a_proj", attention.q_a)
    yield from _norm(prefix + "q_a_layernorm", attention.q_norm)
    yield from _linear(prefix + ("q_b_proj" if short else "q_proj"), attention.q)
    yield from _linear(prefix + "kv_a_proj_with_mqa", attention.kv_a)
    yield from _norm(prefix + "kv_a_layernorm", attention.kv_norm)
    yield from _linear(prefix + "kv_b_proj", attention.kv)
    yield from _linear(prefix + "o_proj", attention.o)


def _swiglu(prefix: str, mlp: SwiGLU) -> Iterator[Entry]:
    for part in ("gate", "up", "down"):
        yield from _linear(f"{prefix}{part}_proj", getattr(mlp, part))


def _fused_swiglu(prefix: str, mlp: SwiGLU) -> Iterator[Entry]:
    gate, up = mlp.gate.weight, mlp.up.weight
    n, shape = len(gate), (len(gate) + len(up), gate.size(1))
    yield Entry(f"{prefix}gate_up_proj.weight", gate, part=Part(shape, lambda x: x[:n]))
    yield Entry(f"{prefix}gate_up_proj.weight", up, part=Part(shape, lambda x: x[n:]))
    yield from _linear(f"{prefix}down_proj", mlp.down)


def _moe(prefix: str, moe: MoE, names: Names) -> Iterator[Entry]:
    yield Entry(f"{prefix}{names.router}.weight", moe.router.gate)
    if moe.router.logit_bias is not None:
        yield Entry(f"{prefix}{names.router}.bias", moe.router.logit_bias)
    if names.bias:
        yield Entry(prefix + names.bias, moe.router.bias)
    if names.fused_experts:
        yield from _fused_experts(prefix + "experts.", moe)
        return
    stacked = (moe.experts.gate, moe.experts.up, moe.experts.down)
    for e in range(len(moe.router.gate)):
        for part, weights in zip(names.experts, stacked, strict=True):
            yield Entry(f"{prefix}experts.{e}.{part}.weight", weights[e])
    if moe.shared is not None:
        yield from _swiglu(prefix + names.shared, moe.shared)
        yield from _linear(f"{prefix}{names.shared.rstrip('.')}_gate", moe.shared_gate)
    elif names.zero_shared:
        for part, weights in zip(GATE_UP_DOWN, stacked, strict=True):
            like = weights[0]
            zeros = torch.zeros((), dtype=like.dtype).expand(like.shape)
            yield Entry(f"{prefix}{names.shared}{part}.weight", zeros, zeros=True)


def _fused_experts(prefix: str, moe: MoE) -> Iterator[Entry]:
    """(E, D, 2 F) and (E, F, D), with their biases; of gate and up the even and odd columns."""
    experts = moe.experts
    E, F, D = experts.gate.shape
    for e in range(E):
        for tensor, start in ((experts.gate, 0), (experts.up, 1)):
            part = Part((E, D, 2 * F), _columns(start), e)
            yield Entry(prefix + "gate_up_proj", tensor[e], part=part)
        yield Entry(prefix + "down_proj", experts.down[e], part=Part((E, F, D), Tensor.t, e))
    if experts.gate_bias is not None and experts.up_bias is not None:
        for tensor, start in ((experts.gate_bias, 0), (experts.up_bias, 1)):
            part = Part((E, 2 * F), lambda x, start=start: x[:, start::2])
            yield Entry(prefix + "gate_up_proj_bias", tensor, part=part)
        assert experts.down_bias is not None
        yield Entry(prefix + "down_proj_bias", experts.down_bias)


def _columns(start: int) -> Callable[[Tensor], Tensor]:
    return lambda row: row[:, start::2].t()
