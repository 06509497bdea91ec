"""compressed-tensors' packed whole numbers, as Kimi K2.5 ships its experts: 8 of 4 bits a word."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from tenth.checkpoints.forms import (
    Block,
    Index,
    named,
    over_columns,
    read_rows,
    row_pieces,
    scale_rows,
)
from tenth.checkpoints.fp8 import read_scales
from tenth.checkpoints.headers import Info
from tenth.checkpoints.tensors import TensorFiles

PACKED, SCALE, SHAPE = "_packed", "_scale", "_shape"
ZERO_POINT = "_zero_point"
WORD = 32


@dataclass(frozen=True)
class Packed:
    """`weight_packed` holds rows of `bits`-wide numbers, `weight_zero_point` columns of them."""

    info: Info
    parts: tuple[str, ...]  # packed, scale, shape, and a zero point if there is one
    block: Block
    bits: int

    def pieces(self, files: TensorFiles, rows: range) -> Iterator[tuple[Index, Tensor]]:
        """See `Form.pieces`. The products are formed in the type of the scales, like theirs."""
        packed, scale, _, *zero_point = self.parts
        shape, (_, width) = self.info.shape, self.block
        for where, start, stop in row_pieces(shape, rows):
            scales_RC = scale_rows(
                lambda top, bottom: read_scales(files, scale, top, bottom),
                shape, self.block, start, stop,
            )  # fmt: skip
            words_RW = read_rows(files, packed, start, stop)
            x_RK = unpacked(words_RW, self.bits, scales_RC.dtype)[:, : shape[1]]
            for name in zero_point:
                zeros_RC = self._zeros(files, name, start, stop).to(x_RK.dtype)
                over_columns(x_RK, zeros_RC, width, Tensor.sub_)
            over_columns(x_RK, scales_RC, width, Tensor.mul_)
            yield where, x_RK

    def _zeros(self, files: TensorFiles, name: str, start: int, stop: int) -> Tensor:
        """Zero points of rows start:stop; a word holds those of several rows, one column."""
        a_word = WORD // self.bits
        first = start // a_word
        words_WC = read_rows(files, name, first, -(-stop // a_word))
        zeros_CR = unpacked(words_WC.T, self.bits, torch.float32)
        return zeros_CR.T[start - first * a_word : stop - first * a_word]


def unpacked(words_RW: Tensor, bits: int, dtype: torch.dtype) -> Tensor:
    """The numbers in each row of words, lowest bits first, as signed ones of type `dtype`."""
    byte_RB = words_RW.contiguous().view(-1).view(torch.uint8).view(len(words_RW), -1)
    if bits == 8:
        return (byte_RB.to(torch.int16) - 128).to(dtype)
    byte = torch.arange(256)
    pairs = torch.stack((byte & 15, byte >> 4), dim=1) - 8
    return F.embedding(byte_RB.int(), pairs.to(dtype)).flatten(1)


def packed(files: TensorFiles, weight: str, block: Block, bits: int) -> Packed:
    """The form, its parts checked against the shape that is written beside them."""
    shape, scale = matrix_shape(files, weight), files.info[weight + SCALE]
    zero_point = (weight + ZERO_POINT,) if weight + ZERO_POINT in files.info else ()
    info = Info(files.info[weight + PACKED].file, shape, scale.dtype)
    parts = (weight + PACKED, weight + SCALE, weight + SHAPE, *zero_point)
    for name in zero_point:
        rows, columns = block.grid(shape)
        wanted = (-(-rows * bits // WORD), columns)
        found = files.info[name]
        if found.shape != wanted or found.dtype != "I32":
            raise ValueError(
                f"{named(found, name)} is {found.dtype} of shape {found.shape}; "
                f"{weight!r} of shape {shape} needs I32 of {wanted}"
            )
    return Packed(info, parts, block, bits)


def matrix_shape(files: TensorFiles, weight: str) -> tuple[int, int]:
    """What `weight_shape` says."""
    name = weight + SHAPE
    if name not in files.info:
        found = files.info[weight + PACKED]
        raise ValueError(f"{named(found, weight + PACKED)}: its shape {name!r} is missing")
    info = files.info[name]
    if info.dtype not in ("I64", "I32") or info.shape != (2,):
        raise ValueError(
            f"{named(info, name)} is {info.dtype} of shape {info.shape}; it holds two whole numbers"
        )
    rows, columns = files.read(name).tolist()
    if min(rows, columns) < 1:
        raise ValueError(f"{named(info, name)} is {[rows, columns]}, which is no shape")
    return rows, columns
