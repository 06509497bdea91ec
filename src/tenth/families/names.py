"""Our parameters under Hugging Face's names: the one map that saving and loading both walk."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from tenth.model import Transformer
from tenth.model.attention import Attention
from tenth.model.head import RoutedHead
from tenth.model.layers import SwiGLU
from tenth.model.moe import MoE
from tenth.model.transformer import Block


class Entry(NamedTuple):
    name: str
    tensor: Tensor  # a view of the model's own: writing to it loads
    zeros: bool = False  # on disk only: the shared expert of a model that has none


def entries(model: Transformer) -> Iterator[Entry]:
    """Every tensor of the model, once, expert by expert."""
    yield Entry("model.embed_tokens.weight", model.embed.weight)
    for i, block in enumerate(model.layers):
        assert isinstance(block, Block)
        prefix = f"model.layers.{i}."
        yield Entry(prefix + "input_layernorm.weight", block.attention_norm.weight)
        yield from _attention(prefix + "self_attn.", block.attention)
        yield Entry(prefix + "post_attention_layernorm.weight", block.mlp_norm.weight)
        if isinstance(block.mlp, MoE):
            yield from _moe(prefix + "mlp.", block.mlp)
        else:
            yield from _swiglu(prefix + "mlp.", block.mlp)
    yield Entry("model.norm.weight", model.norm.weight)
    if isinstance(model.head, RoutedHead):
        for name in ("groups", "words", "slot_V"):
            yield Entry(f"lm_head.{name}", getattr(model.head, name))
    else:
        yield Entry("lm_head.weight", model.head.weight)
    if model.memory is not None:
        for name, tensor in (*model.memory.named_parameters(), *model.memory.named_buffers()):
            yield Entry(f"memory.{name}", tensor)


def _attention(prefix: str, attention: Attention) -> Iterator[Entry]:
    for letter in "qkvo":
        yield Entry(f"{prefix}{letter}_proj.weight", getattr(attention, letter).weight)
    yield Entry(prefix + "q_norm.weight", attention.q_norm.weight)
    yield Entry(prefix + "k_norm.weight", attention.k_norm.weight)


def _swiglu(prefix: str, mlp: SwiGLU) -> Iterator[Entry]:
    for part in ("gate", "up", "down"):
        yield Entry(f"{prefix}{part}_proj.weight", getattr(mlp, part).weight)


def _moe(prefix: str, moe: MoE) -> Iterator[Entry]:
    yield Entry(prefix + "gate.weight", moe.router.gate)
    yield Entry(prefix + "gate.e_score_correction_bias", moe.router.bias)
    stacked = {part: getattr(moe.experts, part) for part in ("gate", "up", "down")}
    for e in range(moe.router.gate.size(0)):
        for part, weights in stacked.items():
            yield Entry(f"{prefix}experts.{e}.{part}_proj.weight", weights[e])
    if moe.shared is not None:
        yield from _swiglu(prefix + "shared_experts.", moe.shared)
        return
    for part, weights in stacked.items():
        zeros = torch.zeros((), dtype=weights.dtype).expand(weights.shape[1:])
        yield Entry(f"{prefix}shared_experts.{part}_proj.weight", zeros, zeros=True)
