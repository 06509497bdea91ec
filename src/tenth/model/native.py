"""A model whose single tokens run in C (`tenth.ops.native`): two calls a layer.

`natively(model)` changes classes in place and no weight. A block keeps a description of its halves,
made at its first token: addresses of tensors, and the tensors. What C does not know (latent
attention, several tokens, a gradient) runs the plain code.
"""

from ctypes import Structure, byref
from typing import Any, cast

import torch
from torch import Tensor, nn

from tenth.model.attention import Attention, AttentionState, with_room
from tenth.model.decode_parts import one_token
from tenth.model.experts import Experts
from tenth.model.layers import RMSNorm, SwiGLU
from tenth.model.listed import ListedExperts
from tenth.model.moe import MoE
from tenth.model.quantized import QuantizedExperts, QuantizedLinear
from tenth.model.router import Router, Routing
from tenth.model.transformer import Block, Transformer
from tenth.ops import native
from tenth.ops.packed import Packed

# Further switches of ModelConfig that C knows, or that the modules left to Python do.
KNOWN_IN_C = {"attention", "q_rank", "kv_rank", "d_rope", "d_value", "attention_scale", "qk_norm",
              "qkv_bias", "o_bias", "clip_qkv", "windows", "sinks", "rope_pairs", "rope_scaling",
              "norms", "mlp_bias", "dense_layers", "d_shared", "shared_gate", "n_groups",
              "top_groups", "group_score", "renorm", "router_bias", "expert_bias", "swiglu_limit",
              "swiglu_alpha", "tied"}  # fmt: skip


def natively(model: Transformer, blocks: bool = True) -> Transformer:
    """Without `blocks` only linear layers run in C."""
    for module in model.modules():
        if type(module) in NATIVE and (blocks or type(module) is not Block):
            module.__class__ = NATIVE[type(module)]
    return model


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


class NativeLinear(nn.Linear):
    part: Part | None = None

    def forward(self, input: Tensor) -> Tensor:
        y = _product(self, input)
        return super().forward(input) if y is None else y

    def _apply(self, fn, recurse=True):
        self.part = None
        return super()._apply(fn, recurse)


class NativeQuantizedLinear(QuantizedLinear):
    part: Part | None = None

    def forward(self, x: Tensor) -> Tensor:
        y = _product(self, x)
        return super().forward(x) if y is None else y

    def _apply(self, fn, recurse=True):
        self.part = None
        return super()._apply(fn, recurse)


def _product(layer: NativeLinear | NativeQuantizedLinear, x: Tensor) -> Tensor | None:
    library = native.library()
    if library is None or not one_token(x, layer.in_features):
        return None
    if layer.part is None:
        try:
            part = Part(x.dtype)
            layer.part = part.of(part.linear(layer))
        except Unfit:
            return None
    if not layer.part.fits(x, layer.in_features):
        return None
    y = x.new_empty(*x.shape[:-1], layer.out_features)
    part = layer.part
    native.checked(library.product(part.struct, x.data_ptr(), y.data_ptr(), part.kind))
    return y


class NativeBlock(Block):
    """Each half in one call, norms and residual included."""

    parts: tuple[Part | None, Part | None] | None = None

    def attended(self, x_BSD: Tensor, angles, state: AttentionState | None):
        part = self._part(0)
        cos_SR, sin_SR = angles
        if state is None or part is None or not self._fits(part, x_BSD, state):
            return super().attended(x_BSD, angles, state)
        k, v, length = with_room(state, 1)
        y = torch.empty_like(x_BSD)
        failed = cast(Any, native.library()).attention(
            part.struct, x_BSD.data_ptr(), cos_SR.data_ptr(), sin_SR.data_ptr(), k.data_ptr(),
            v.data_ptr(), k.size(2), length, y.data_ptr(),
        )  # fmt: skip
        native.checked(failed)
        return y, AttentionState(k, v, length + 1)

    def fed(self, x_BSD: Tensor) -> tuple[Tensor, Routing | None]:
        part = self._part(1)
        if part is None or not part.fits(x_BSD, x_BSD.size(-1)):
            return super().fed(x_BSD)
        y, call = torch.empty_like(x_BSD), cast(Any, native.library()).swiglu
        if not isinstance(self.mlp, MoE):
            native.checked(call(part.struct, x_BSD.data_ptr(), y.data_ptr(), 0, 0, 0, 0))
            return y, None
        E, K = self.mlp.router.gate.size(0), self.mlp.router.top_k
        logits_1E, weights_1K = torch.empty(1, E), torch.empty(1, K)
        experts_1K, rows_E = torch.empty(1, K, dtype=torch.long), torch.empty(E, dtype=torch.long)
        failed = call(
            part.struct, x_BSD.data_ptr(), y.data_ptr(), logits_1E.data_ptr(),
            weights_1K.data_ptr(), experts_1K.data_ptr(), rows_E.data_ptr(),
        )  # fmt: skip
        native.checked(failed)
        return y, Routing(weights_1K, experts_1K, rows_E, logits_1E)

    def _part(self, half: int) -> Part | None:
        if self.parts is None:
            made: list[Part | None] = []
            for make in (_attention, _swiglu):
                try:
                    made.append(make(self) if native.library() else None)
                except Unfit:
                    made.append(None)
            self.parts = (made[0], made[1])
        return self.parts[half]

    def _fits(self, part: Part, x_BSD: Tensor, state: AttentionState) -> bool:
        caches = (state.k_BGSH, state.v_BGSH)
        plain = all(c.size(0) == 1 and c.dtype == x_BSD.dtype and c.is_contiguous() for c in caches)
        return plain and part.fits(x_BSD, x_BSD.size(-1))

    def _apply(self, fn, recurse=True):
        self.parts = None
        return super()._apply(fn, recurse)


NATIVE: dict[type, type] = {
    nn.Linear: NativeLinear, QuantizedLinear: NativeQuantizedLinear, Block: NativeBlock
}  # fmt: skip


def _norms(block: Block, half: str) -> tuple[RMSNorm | None, RMSNorm | None]:
    return getattr(block, f"{half}_norm"), getattr(block, f"{half}_post_norm")


def _attention(block: Block) -> Part:
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


def _swiglu(block: Block) -> Part:
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
