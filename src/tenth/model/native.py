"""A model whose single tokens run in C (`tenth.ops.native`): two calls a layer.

`natively(model)` changes classes in place and no weight. A block keeps a description of its halves,
made at its first token: addresses of tensors, and the tensors. What C does not know (latent
attention, several tokens, a gradient) runs the plain code.
"""

from typing import Any, cast

import torch
from torch import Tensor, nn

from tenth.model.attention import AttentionState, with_room
from tenth.model.decode_parts import one_token
from tenth.model.moe import MoE
from tenth.model.native_parts import Part, Unfit, attention_part, swiglu_part
from tenth.model.quantized import QuantizedLinear
from tenth.model.router import Routing
from tenth.model.transformer import Block, Transformer
from tenth.ops import native

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
            for make in (attention_part, swiglu_part):
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
