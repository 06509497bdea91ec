"""Matmuls with weights of 8 or 4 bits: PyTorch's packed CPU kernels, and a plain twin.

int8: a symmetric scale for each output (`_weight_int8pack_mm` knows no finer one, and on trained
models it costs what bf16 costs).
int4: for each output and group of inputs a scale and a zero, w = (q - 8) scale + zero
(`_weight_int4pack_mm_for_cpu`); its codes lie in an order that depends on the processor, so they
are made where they are used. Shapes are padded to what the kernels take: the int8 one reads past
its end otherwise. Elsewhere than on a CPU the plain twin runs on codes in plain order.

Shapes: O outputs, I inputs, J groups; the padded ones are O' and I'.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

BITS, GROUPS = (8, 4), (32, 64, 128)
O_MULTIPLE, I_MULTIPLE = 16, 32
MANY_ROWS = 64  # from here on int8 is faster turned into the input's dtype first


class Codes(NamedTuple):
    """A quantized matrix (O, I) in plain order, padded: what both twins start from."""

    q: Tensor  # (O', I') int8: -127..127, or 0..15 of 4 bits
    scales: Tensor  # int8: (O'); int4: (J, O', 2), scale and zero
    shape: tuple[int, int]  # O and I without padding
    group: int  # 0: int8


class Packed(NamedTuple):
    """The same for `packed_mm`."""

    q: Tensor  # int8: as it was; int4: (O', I'/2) uint8
    scales: Tensor
    shape: tuple[int, int]
    group: int
    kernel: bool  # in the kernel's order, else int4 lies two by two


def quantized(w_OI: Tensor, bits: int, group: int) -> Codes:
    """The nearest codes, on the weight's device and with scales of its dtype."""
    if bits not in BITS:
        raise ValueError(f"bits: {bits} is not one of {', '.join(map(str, BITS))}")
    if group not in GROUPS:
        raise ValueError(f"group: {group} is not one of {', '.join(map(str, GROUPS))}")
    O_, I_ = w_OI.shape
    multiple = I_MULTIPLE if bits == 8 else group
    w = F.pad(w_OI.detach().float(), (0, -I_ % multiple, 0, -O_ % O_MULTIPLE))
    if bits == 8:
        scale = (w.abs().amax(-1) / 127).clamp_min(1e-12).to(w_OI.dtype)
        q = (w / scale.float()[:, None]).round_().clamp_(-127, 127).to(torch.int8)
        return Codes(q, scale, (O_, I_), 0)
    w_OJg = w.unflatten(1, (-1, group))
    low, high = w_OJg.amin(-1, keepdim=True), w_OJg.amax(-1, keepdim=True)
    scale = ((high - low) / 15).clamp_min(1e-7).to(w_OI.dtype)
    zero = (low + 8 * scale.float()).to(w_OI.dtype)
    q = ((w_OJg - zero.float()) / scale.float()).round_().clamp_(-8, 7) + 8
    scales_JO2 = torch.cat((scale, zero), dim=-1).transpose(0, 1).contiguous()
    return Codes(q.to(torch.int8).flatten(1), scales_JO2, (O_, I_), group)


def dequantized(codes: Codes) -> Tensor:
    """(O, I), fp32."""
    O_, I_ = codes.shape
    if not codes.group:
        return (codes.q.float() * codes.scales.float()[:, None])[:O_, :I_]
    scale, zero = codes.scales.float().transpose(0, 1).chunk(2, dim=-1)
    w_OJg = (codes.q.float() - 8).unflatten(1, (-1, codes.group)) * scale + zero
    return w_OJg.flatten(1)[:O_, :I_]


def pack(codes: Codes, kernel: bool | None = None) -> Packed:
    """For the kernel where there is one, on a CPU; int8 lies the same either way."""
    q, scales, shape, group = codes
    kernel = q.is_cpu if kernel is None else kernel
    if group and kernel:
        q = torch.ops.aten._convert_weight_to_int4pack_for_cpu(q.int(), 2)
    elif group:
        q = (q[:, ::2] + 16 * q[:, 1::2].int()).to(torch.uint8)
    return Packed(q, scales, shape, group, kernel)


def packed_mm_reference(x_TI: Tensor, codes: Codes) -> Tensor:
    """(T, O): dequantize, then matmul."""
    return x_TI @ dequantized(codes).to(x_TI.dtype).T


def packed_mm(x_TI: Tensor, packed: Packed) -> Tensor:
    """The same by the kernels; `x_TI` in the dtype of the scales."""
    q, scales, (O_, I_), group, kernel = packed
    if not kernel or (not group and len(x_TI) >= MANY_ROWS):
        return packed_mm_reference(x_TI, unpacked(packed))
    inputs = q.size(1) * (2 if group else 1)
    x = x_TI if inputs == I_ else F.pad(x_TI, (0, inputs - I_))
    if group:
        y = torch.ops.aten._weight_int4pack_mm_for_cpu(x, q, group, scales)
    else:
        y = torch.ops.aten._weight_int8pack_mm(x, q, scales)
    return y if y.size(1) == O_ else y[:, :O_]


def unpacked(packed: Packed) -> Codes:
    """The way back. The kernel's order it finds out by asking the kernel for the codes."""
    q, scales, shape, group, kernel = packed
    if group and kernel:
        one = torch.stack((torch.ones_like(scales[..., 0]), torch.full_like(scales[..., 0], 8)), -1)
        unit = torch.eye(q.size(1) * 2, dtype=scales.dtype)
        q = torch.ops.aten._weight_int4pack_mm_for_cpu(unit, q, group, one).T.round().to(torch.int8)
    elif group:
        q = torch.stack((q & 15, q >> 4), dim=-1).flatten(1).to(torch.int8)
    return Codes(q, scales, shape, group)
