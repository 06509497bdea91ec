"""What C needs to know of a block: its matrices and vectors by address, in structs of
`tenth.ops.native`."""

from ctypes import Structure, byref
from typing import Any, cast

import torch
from torch import Tensor, nn

from tenth.model.attention import Attention
from tenth.model.decode_parts import one_token
from tenth.model.experts import Experts
from tenth.model.layers import RMSNorm, SwiGLU
from tenth.model.listed import ListedExperts
from tenth.model.moe import MoE
from tenth.model.quantized import QuantizedExperts, QuantizedLinear
from tenth.model.router import Router
from tenth.model.transformer import Block
from tenth.ops import native
from tenth.ops.packed import Packed


class Unfit(Exception):
    """C does not know this."""


class Part:
    """A struct for C, the tensors it points into, and the dtype of its tokens.

    A copy of a model makes its own: this one's is None.
    """

    def __init__(self, dtype: torch.dtype):
        if dtype not in native.KINDS:
            raise Unfit
        self.dtype, self.kind, self.kept = dtype, native.KINDS[dtype], []
        self.struct: Any = None

    def __reduce__(self):
        return type(None), ()

    def of(self, struct: Structure) -> "Part":
        self.struct = byref(struct)
        return self

    def fits(self, x: Tensor, width: int) -> bool:
        return one_token(x, width) and x.dtype == self.dtype and x.is_contiguous() and x.is_cpu

    def address(self, tensor: Tensor | None, dtype: torch.dtype | None = None) -> int:
        """Of a vector in the tokens' dtype; 0 of none."""
        if tensor is None:
            return 0
        if tensor.dtype != (dtype or self.dtype) or not tensor.is_contiguous():
            raise Unfit
        return self._address(tensor)

    def norm(self, norm: RMSNorm | None) -> int:
        return self.address(None if norm is None else norm.weight)

    def linear(self, layer: nn.Module | None) -> native.Matrix:
        if layer is None:
            return native.Matrix()
        bias = cast(Tensor | None, layer.bias)
        if isinstance(layer, QuantizedLinear):
            return self.packed(layer.packed, bias)
        return self.matrix(cast(Tensor, layer.weight), bias)

    def matrix(self, w_OI: Tensor, bias: Tensor | None = None) -> native.Matrix:
        if w_OI.dtype not in native.KINDS or w_OI.stride(1) != 1:
            raise Unfit
        small = w_OI.dtype if bias is None else bias.dtype
        return native.Matrix(
            weight=self._address(w_OI), bias=self.address(bias, small), small=native.KINDS[small],
            outputs=w_OI.size(0), inputs=w_OI.size(1), stride=w_OI.stride(0),
            kind=native.KINDS[w_OI.dtype],
        )  # fmt: skip

    def packed(self, packed: Packed, bias: Tensor | None = None) -> native.Matrix:
        q, scales, (outputs, inputs), group, kernel = packed
        if group and not (kernel and native.int4_block()):
            raise Unfit
        return native.Matrix(
            weight=self._address(q), scales=self.address(scales), bias=self.address(bias),
            small=self.kind, outputs=outputs, inputs=inputs, stride=q.size(0 if group else 1),
            kind=native.INT4 if group else native.INT8, group=group, block=native.int4_block(),
        )  # fmt: skip

    def _address(self, tensor: Tensor) -> int:
        if not tensor.is_cpu:
            raise Unfit
        self.kept.append(tensor.data)
        return tensor.data_ptr()


def _norms(block: Block, half: str) -> tuple[RMSNorm | None, RMSNorm | None]:
    return getattr(block, f"{half}_norm"), getattr(block, f"{half}_post_norm")


def attention_part(block: Block) -> Part:
    a, (norm, post) = block.attention, _norms(block, "attention")
    known = norm or post
    if type(a) is not Attention or known is None:
        raise Unfit
    part = Part(known.weight.dtype)
    return part.of(native.Attention(
        q=part.linear(a.q), k=part.linear(a.k), v=part.linear(a.v), o=part.linear(a.o),
        norm=part.norm(norm), post_norm=part.norm(post), q_norm=part.norm(a.q_norm),
        k_norm=part.norm(a.k_norm), sinks=part.address(a.sinks), kind=part.kind,
        width=a.q.in_features, heads=a.n_heads, kv_heads=a.n_kv_heads, d_head=a.d_head,
        rotary=a.rotary, window=a.window, pairs=a.pairs, full_norm=a.full_norm, eps=known.eps,
        scale=a.scale, clip=a.clip,
    ))  # fmt: skip


def swiglu_part(block: Block) -> Part:
    mlp, (norm, post) = block.mlp, _norms(block, "mlp")
    known = norm or post
    if type(mlp) not in (SwiGLU, MoE) or known is None:
        raise Unfit
    part = Part(known.weight.dtype)
    struct = native.SwiGLU(norm=part.norm(norm), post_norm=part.norm(post), kind=part.kind,
                           width=known.weight.numel(), eps=known.eps)  # fmt: skip
    dense = mlp.shared if isinstance(mlp, MoE) else mlp
    if dense is not None:
        struct.gate, struct.up = part.linear(dense.gate), part.linear(dense.up)
        struct.down, struct.d_ff = part.linear(dense.down), dense.gate.out_features
    if isinstance(mlp, MoE):
        struct.shared_gate = part.linear(mlp.shared_gate)
        _routed(part, struct, mlp.router)
        _experts(part, struct, mlp.experts)
    return part.of(struct)


def _routed(part: Part, struct: native.SwiGLU, router: Router) -> None:
    E, groups = router.gate.size(0), router.n_groups
    if router.top_groups * (E // groups) < router.top_k:
        raise Unfit
    struct.router = part.matrix(router.gate, router.logit_bias)
    struct.choice_bias = part.address(router.bias, torch.float32)
    struct.experts, struct.top_k, struct.scale = E, router.top_k, router.scale
    struct.score, struct.renorm = native.SCORES[router.score], router.renorm
    struct.groups, struct.top_groups = groups, router.top_groups
    struct.best = 1 if router.group_score == "max" else min(2, E // groups)


def _experts(part: Part, struct: native.SwiGLU, experts: nn.Module) -> None:
    """Matrix by matrix: each may lie anywhere."""
    if not isinstance(experts, Experts | ListedExperts | QuantizedExperts):
        raise Unfit
    biases = experts.gate_bias, experts.up_bias, experts.down_bias
    gates, ups, downs = [], [], []
    for e in range(struct.experts):
        gate_bias, up_bias, down_bias = (None if b is None else b[e] for b in biases)
        if isinstance(experts, QuantizedExperts):
            gate_up, down = experts.views[e]
            both = None if gate_bias is None else torch.cat((gate_bias, cast(Tensor, up_bias)))
            gates.append(part.packed(gate_up, both))
            ups.append(native.Matrix())
            downs.append(part.packed(down, down_bias))
            struct.d_expert = gate_up.shape[0] // 2
        else:
            gates.append(part.matrix(experts.gate[e], gate_bias))
            ups.append(part.matrix(experts.up[e], up_bias))
            downs.append(part.matrix(experts.down[e], down_bias))
            struct.d_expert = experts.gate[e].size(0)
    arrays = [(native.Matrix * len(rows))(*rows) for rows in (gates, ups, downs)]
    struct.expert_gate, struct.expert_up, struct.expert_down = arrays
    struct.limit, struct.alpha = experts.limit, experts.alpha
