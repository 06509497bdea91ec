"""FP8 weights with scales over blocks: DeepSeek's, GLM's, Qwen's and MiniMax's releases."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tenth.checkpoints.forms import (
    SCALES,
    Block,
    ConfigFault,
    Index,
    check_grid,
    named,
    over_columns,
    read_rows,
    row_pieces,
    scale_rows,
)
from tenth.checkpoints.headers import Info
from tenth.checkpoints.tensors import TensorFiles

FP8 = ("F8_E4M3", "F8_E5M2")
EXPONENTS = ("U8", "F8_E8M0")  # a power of two in a byte
SCALE_INV, SCALE = "_scale_inv", "_scale"
UNUSED = ("input_scale", "activation_scale")  # for products in FP8, which we do not form
DEFAULT_BLOCK = [128, 128]


def find(files: TensorFiles, config: dict[str, Any]) -> dict[str, "Scaled"]:
    """Every FP8 tensor with its scale, `NAME_scale_inv` or `NAME_scale`, by those very names.

    The tensors themselves tell which modules were not converted; `modules_to_not_convert` is a
    list of loose patterns, and a weight is never guessed from it.
    """
    block_size = _block_size(config)
    found: dict[str, Scaled] = {}
    for name, info in files.info.items():
        if info.dtype not in FP8:
            continue
        scale = _scale_of(files, name)
        if len(info.shape) not in (2, 3):
            raise ValueError(
                f"{named(info, name)} has shape {info.shape}; FP8 weights are matrices"
            )
        scales = files.info[scale]
        unsaid = "weight_block_size" not in config and scales.numel == 1
        block = _block(info.shape, scales.shape, None if unsaid else block_size)
        found[name] = scaled(files, name, scale, block, SCALES + EXPONENTS)
    return found


def scaled(
    files: TensorFiles,
    weight: str,
    scale: str,
    block: Block,
    types: tuple[str, ...],
    in_type_of_scale: bool = False,
) -> "Scaled":
    """The form, checked. Raises ValueError if the scales are of another shape or type."""
    info, scales = files.info[weight], files.info[scale]
    if scales.dtype not in types:
        raise ValueError(f"{named(scales, scale)} is {scales.dtype}; it may be {', '.join(types)}")
    check_grid(files, weight, info.shape, scale, block)
    prefix = weight.rpartition(".")[0]
    unused = [f"{prefix}.{part}" for part in UNUSED if f"{prefix}.{part}" in files.info]
    dtype = scales.dtype if scales.dtype in SCALES else "BF16"
    parts = (weight, scale, *(unused if weight == f"{prefix}.weight" else ()))
    return Scaled(Info(info.file, info.shape, dtype), parts, block, in_type_of_scale)


def _scale_of(files: TensorFiles, weight: str) -> str:
    found = [weight + end for end in (SCALE_INV, SCALE) if weight + end in files.info]
    if not found:
        info = files.info[weight]
        raise ValueError(
            f"{named(info, weight)} is {info.dtype}; its scale {weight + SCALE_INV!r} is missing"
        )
    if len(found) > 1:
        raise ValueError(f"{named(files.info[weight], weight)} has two scales, {found}")
    return found[0]


def _block_size(config: dict[str, Any]) -> list[int] | None:
    size = config.get("weight_block_size", DEFAULT_BLOCK)
    whole = isinstance(size, list) and len(size) == 2 and all(type(n) is int for n in size)
    if size is not None and not (whole and min(size) > 0):
        raise ConfigFault(f"weight_block_size is {size!r}; it may be [rows, columns] or null")
    return size


def _block(shape: tuple[int, ...], scales: tuple[int, ...], size: list[int] | None) -> Block:
    """A list is believed; without one a scale serves a row, if there is one for each, or all."""
    if size is not None:
        return Block(*size)
    by_row = shape[-2] > 1 and scales[-2:] == (shape[-2], 1)
    return Block(1 if by_row else max(1, shape[-2]), max(1, shape[-1]))


@dataclass(frozen=True)
class Scaled:
    """Numbers of 8 bits times the scale of their block."""

    info: Info
    parts: tuple[str, ...]
    block: Block
    in_type_of_scale: bool  # compressed-tensors multiplies there, transformers in float32

    def pieces(self, files: TensorFiles, rows: range) -> Iterator[tuple[Index, Tensor]]:
        """See `Form.pieces`."""
        weight, scale, *_ = self.parts
        shape, (_, width) = self.info.shape, self.block
        for where, start, stop in row_pieces(shape, rows):
            scales_RC = scale_rows(
                lambda top, bottom: read_scales(files, scale, top, bottom),
                shape, self.block, start, stop,
            )  # fmt: skip
            dtype = scales_RC.dtype if self.in_type_of_scale else torch.float32
            x_RK = read_rows(files, weight, start, stop).to(dtype)
            over_columns(x_RK, scales_RC.to(dtype), width, Tensor.mul_)
            yield where, x_RK


def read_scales(files: TensorFiles, name: str, start: int, stop: int) -> Tensor:
    """Rows of the grid of scales; what is kept as an exponent is given as float32."""
    info = files.info[name]
    if info.numel == 1:
        scales = files.elements(name, 0, 1).view(1, 1)
    else:
        scales = read_rows(files, name, start, stop)
    if info.dtype == "U8":
        return (scales.float() - 127).exp2()
    return scales.float() if info.dtype == "F8_E8M0" else scales
