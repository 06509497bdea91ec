"""Weight-only int8 and int4: linear layers and stacked experts in their place, smaller.

Quantized are the matrices of attention, of dense and shared SwiGLUs and of the experts, and the
head, which always has 8 bits: it is a large share of what a small model reads for a token, and in
int8 it costs next to nothing. Router, norms, biases, embedding, a routed head and the memory stay.
The weights are quantized where they will be used, in the model's dtype; a quantized model does not
train.

`quantize` goes module by module. A loader that streams uses `QuantizedLinear.of` for a tensor and
`put` of an empty `QuantizedExperts` for an expert, so that no layer is ever whole at full size.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.model.experts import Experts, activated
from tenth.model.listed import ListedExperts
from tenth.model.router import Router
from tenth.model.transformer import Transformer
from tenth.ops.packed import Packed, dequantized, pack, packed_mm, quantized, unpacked

# A gate of one row, and latent attention's spread, which decoding multiplies into queries.
KEPT = ("shared_gate", "kv")
# What `--quantize` takes: bits and group.
FORMS = {"int8": (8, 32), "int4": (4, 32), "int4-64": (4, 64), "int4-128": (4, 128)}


def quantize(model: Transformer, bits: int, group: int = 32, head: bool = True) -> Transformer:
    """In place. `group`: inputs that share a scale in int4; int8 has one for each output."""
    model.requires_grad_(False)
    for i, block in enumerate(model.blocks):
        quantize_block(block, bits, group, f"layers.{i}")
    for name in ("embed", "norm", "head"):
        for own, weight in model.get_submodule(name).named_parameters(recurse=False):
            _finite(weight, f"{name}.{own}")
    if head and isinstance(model.head, nn.Linear):
        model.head = QuantizedLinear.of(model.head.weight, 8, group, model.head.bias)  # type: ignore[assignment]
    return model


def quantize_as(model: Transformer, form: str) -> Transformer:
    """`quantize` by a name of FORMS."""
    if form not in FORMS:
        raise ValueError(f"precision {form!r} is not one of {', '.join(FORMS)}")
    return quantize(model, *FORMS[form])


@torch.no_grad()
def quantize_block(block: nn.Module, bits: int, group: int, where: str = "block") -> None:
    """Every linear layer and all experts inside, in place, a module at a time.

    What is not finite is refused, with its name: a loader that mapped the files has not looked.
    """
    for name, child in list(block.named_children()):
        for own, weight in child.named_parameters(recurse=isinstance(child, ListedExperts)):
            _finite(weight, f"{where}.{name}.{own}")
        if isinstance(child, Router) or name in KEPT:
            continue
        if isinstance(child, nn.Linear | Experts) and type(child) not in (nn.Linear, Experts):
            raise ValueError(
                f"{type(child).__name__} cannot be quantized: quantize the plain model"
            )
        if isinstance(child, nn.Linear):
            setattr(block, name, QuantizedLinear.of(child.weight, bits, group, child.bias))
        elif isinstance(child, Experts | ListedExperts):
            setattr(block, name, QuantizedExperts.of(child, bits, group))
        else:
            quantize_block(child, bits, group, f"{where}.{name}")


def _finite(weight: Tensor, name: str) -> None:
    if not all(bool(piece.isfinite().all()) for piece in weight.detach().split(1024)):
        raise ValueError(f"{name} holds values that are not finite")


class QuantizedLinear(nn.Module):
    """x W^T + bias, W in 8 or 4 bits."""

    q: Tensor
    scales: Tensor

    def __init__(self, packed: Packed, bias: Tensor | None):
        super().__init__()
        self.out_features, self.in_features = self.shape = packed.shape
        self.group, self.kernel = packed.group, packed.kernel
        self.register_buffer("q", packed.q)
        self.register_buffer("scales", packed.scales)
        self.bias = None if bias is None else nn.Parameter(bias.detach(), requires_grad=False)

    @classmethod
    def of(cls, weight: Tensor, bits: int, group: int, bias: Tensor | None = None):
        return cls(pack(quantized(weight, bits, group)), bias)

    def forward(self, x: Tensor) -> Tensor:
        y = packed_mm(x.reshape(-1, self.in_features), self.packed)
        y = y if self.bias is None else y + self.bias
        return y.view(*x.shape[:-1], self.out_features)

    @property
    def packed(self) -> Packed:
        return Packed(self.q, self.scales, self.shape, self.group, self.kernel)

    @property
    def weight(self) -> Tensor:
        """Made afresh each time, for whoever asks for the values or the dtype."""
        return dequantized(unpacked(self.packed)).to(self.scales.dtype)


class QuantizedExperts(nn.Module):
    """E SwiGLUs of two matrices each: gate above up, and down."""

    def __init__(self, shape: tuple[int, int, int], like: Tensor, bits: int, group: int):
        """Zeros for E experts of width F in a model of width D, `shape` being (E, F, D); on the
        device and with scales in the dtype of `like`."""
        super().__init__()
        E, F_, D = shape
        self.bits, self.group = bits, group
        self.kinds: dict[str, tuple] = {}
        for name, size in (("gate_up", (2 * F_, D)), ("down", (D, F_))):
            q, scales, *self.kinds[name] = pack(quantized(like.new_zeros(size), bits, group))  # type: ignore[misc]
            self.register_buffer(f"{name}_q", q.expand(E, *q.shape).clone())
            self.register_buffer(f"{name}_scales", scales.expand(E, *scales.shape).clone())
        self._views: list[tuple[Packed, Packed]] = []
        self.limit, self.alpha = 0.0, 0.0
        self.gate_bias: nn.Parameter | None = None
        self.up_bias: nn.Parameter | None = None
        self.down_bias: nn.Parameter | None = None

    @classmethod
    def of(cls, plain: Experts | ListedExperts, bits: int, group: int):
        shape = (len(plain.gate), *plain.gate[0].shape)
        experts = cls(shape, plain.gate[0], bits, group)  # type: ignore[arg-type]
        for e in range(len(plain.gate)):
            experts.put(e, plain.gate[e], plain.up[e], plain.down[e])
        experts.limit, experts.alpha = plain.limit, plain.alpha
        experts.gate_bias, experts.up_bias = plain.gate_bias, plain.up_bias
        experts.down_bias = plain.down_bias
        return experts

    @torch.no_grad()
    def put(self, e: int, gate_FD: Tensor, up_FD: Tensor, down_DF: Tensor) -> None:
        """Expert e's weights, quantized on their way in."""
        for name, weight in (("gate_up", torch.cat((gate_FD, up_FD))), ("down", down_DF)):
            packed = pack(quantized(weight, self.bits, self.group))
            self.get_buffer(f"{name}_q")[e] = packed.q
            self.get_buffer(f"{name}_scales")[e] = packed.scales

    def forward(self, x_RD: Tensor, rows_per_expert_E: Tensor) -> Tensor:
        pieces = x_RD.split(rows_per_expert_E.tolist())
        done = [self._one(e, x) for e, x in enumerate(pieces) if len(x)]
        return torch.cat(done) if done else torch.zeros_like(x_RD)

    def of_one_token(self, x_D: Tensor, experts_K: Tensor, weights_K: Tensor) -> Tensor:
        """The chosen experts' outputs, weighted and added (see `DecodingMoE`)."""
        chosen = [self.views[e] for e in experts_K.tolist()]
        x_1D = x_D.view(1, -1)
        h_KF = gated(torch.cat([packed_mm(x_1D, gate_up) for gate_up, _ in chosen]))
        rows = zip(h_KF.split(1), chosen, strict=True)
        y_KD = torch.cat([packed_mm(h_1F, down) for h_1F, (_, down) in rows])
        return weights_K.to(y_KD.dtype) @ y_KD

    def _one(self, e: int, x_TD: Tensor) -> Tensor:
        gate_up, down = self.views[e]
        gate_TF, up_TF = packed_mm(x_TD, gate_up).chunk(2, dim=-1)
        if self.gate_bias is not None and self.up_bias is not None:
            gate_TF, up_TF = gate_TF + self.gate_bias[e], up_TF + self.up_bias[e]
        y_TD = packed_mm(activated(gate_TF, up_TF, self.limit, self.alpha), down)
        return y_TD if self.down_bias is None else y_TD + self.down_bias[e]

    @property
    def views(self) -> list[tuple[Packed, Packed]]:
        """Each expert's two matrices, where they lie."""
        if not self._views:
            parts = []
            for name, kind in self.kinds.items():
                q, scales = self.get_buffer(f"{name}_q"), self.get_buffer(f"{name}_scales")
                both = zip(q.unbind(), scales.unbind(), strict=True)
                parts.append([Packed(*pair, *kind) for pair in both])
            self._views = list(zip(*parts, strict=True))
        return self._views

    def weights(self, e: int) -> tuple[Tensor, Tensor, Tensor]:
        """Gate, up and down of one expert, dequantized."""
        gate_up, down = (dequantized(unpacked(p)).to(p.scales.dtype) for p in self.views[e])
        gate, up = gate_up.chunk(2)
        return gate, up, down

    def _apply(self, fn, recurse=True):
        self._views = []
        return super()._apply(fn, recurse)


def gated(gate_up: Tensor) -> Tensor:
    gate, up = gate_up.chunk(2, dim=-1)
    return F.silu(gate).mul_(up)
