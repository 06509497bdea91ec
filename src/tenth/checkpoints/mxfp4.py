"""MXFP4 as gpt-oss ships its experts: two 4-bit floats a byte, a power of two for each 32."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from tenth.checkpoints.forms import Index, named, read_rows, row_pieces
from tenth.checkpoints.headers import Info
from tenth.checkpoints.tensors import TensorFiles

BLOCKS, SCALES = "_blocks", "_scales"
GROUP_BYTES = 16
E2M1 = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
BIAS = 127


def find(files: TensorFiles) -> dict[str, "Mxfp4"]:
    """`NAME_blocks` with `NAME_scales` are the weight NAME. Raises ValueError for one alone."""
    found: dict[str, Mxfp4] = {}
    for name, info in files.info.items():
        if name.endswith(BLOCKS):
            weight = name.removesuffix(BLOCKS)
            if weight + SCALES not in files.info:
                raise ValueError(f"{named(info, name)} has no scales {weight + SCALES!r}")
            found[weight] = _checked(files, weight)
        elif name.endswith(SCALES) and name.removesuffix(SCALES) + BLOCKS not in files.info:
            blocks = name.removesuffix(SCALES) + BLOCKS
            raise ValueError(f"{named(info, name)} has no weight {blocks!r}")
    return found


def _checked(files: TensorFiles, weight: str) -> "Mxfp4":
    blocks, scales = files.info[weight + BLOCKS], files.info[weight + SCALES]
    for name, info in ((weight + BLOCKS, blocks), (weight + SCALES, scales)):
        if info.dtype != "U8":
            raise ValueError(f"{named(info, name)} is {info.dtype}; MXFP4 is kept as U8")
    if len(blocks.shape) != 4 or blocks.shape[-1] != GROUP_BYTES:
        raise ValueError(
            f"{named(blocks, weight + BLOCKS)} has shape {blocks.shape}; "
            f"MXFP4 experts have (experts, rows, groups, {GROUP_BYTES})"
        )
    if scales.shape != blocks.shape[:-1]:
        raise ValueError(
            f"{named(scales, weight + SCALES)} has shape {scales.shape}; "
            f"{weight + BLOCKS!r} needs {blocks.shape[:-1]}"
        )
    experts, rows, groups, _ = blocks.shape
    info = Info(blocks.file, (experts, groups * 2 * GROUP_BYTES, rows), "BF16")
    return Mxfp4(info, (weight + BLOCKS, weight + SCALES))


@dataclass(frozen=True)
class Mxfp4:
    """The file keeps a row for each output; the weight is (experts, inputs, outputs)."""

    info: Info
    parts: tuple[str, ...]

    def pieces(self, files: TensorFiles, rows: range) -> Iterator[tuple[Index, Tensor]]:
        """See `Form.pieces`."""
        blocks, scales = self.parts
        experts, inputs, outputs = self.info.shape
        groups = inputs // (2 * GROUP_BYTES)
        for (expert, run), start, stop in row_pieces((experts, outputs, inputs), rows):
            bytes_RGB = files.elements(
                blocks, start * groups * GROUP_BYTES, stop * groups * GROUP_BYTES
            ).view(-1, groups, GROUP_BYTES)
            x_RGW = values(bytes_RGB, read_rows(files, scales, start, stop))
            yield (expert, slice(None), run), x_RGW.flatten(1).T


def values(bytes_RGB: Tensor, scales_RG: Tensor) -> Tensor:
    """(rows, groups, 32) in float32: the low half of a byte comes first. Scale 255, which the
    format keeps for NaN, is 2 to the 128, as in transformers.
    """
    numbers = torch.tensor(E2M1)
    numbers = torch.cat((numbers, -numbers))
    byte = torch.arange(256)
    pairs = torch.stack((numbers[byte & 15], numbers[byte >> 4]), dim=1)
    x_RGW = F.embedding(bytes_RGB.int(), pairs).flatten(-2)
    return torch.ldexp(x_RGW, scales_RG.int()[..., None] - BIAS, out=x_RGW)
