"""What every low-precision form shares: a weight kept in parts, and scales laid over blocks."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from tenth.checkpoints.headers import Info
from tenth.checkpoints.slices import PIECE
from tenth.checkpoints.tensors import TensorFiles

Index = tuple[slice | int, ...]
SCALES = ("F32", "F16", "BF16")


class ConfigFault(ValueError):
    """A field of quantization_config that is wrong or asks for what tenth does not open."""


class Form(Protocol):
    """One weight whose values follow from several tensors of the files."""

    @property
    def info(self) -> Info:
        """File, shape and type of the weight itself, as if it stood there plainly."""
        ...

    @property
    def parts(self) -> tuple[str, ...]:
        """The tensors that it is made of."""
        ...

    def pieces(self, files: TensorFiles, rows: range) -> Iterator[tuple[Index, Tensor]]:
        """Values, a few at a time, and where they belong within the wanted rows."""
        ...


class Block(NamedTuple):
    """How many rows and columns one scale serves."""

    rows: int
    columns: int

    def grid(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the scales for a weight of `shape`; a block at the edge may be cut."""
        *lead, n_rows, n_columns = shape
        return (*lead, -(-n_rows // self.rows), -(-n_columns // self.columns))


def row_pieces(shape: tuple[int, ...], rows: range) -> Iterator[tuple[Index, int, int]]:
    """The wanted part of a matrix, or of a stack of them, as runs of rows of few elements: where
    each belongs, and its first and last+1 among the rows of all matrices together.
    """
    n_columns = shape[-1]
    step = max(1, PIECE // max(1, n_columns))
    if len(shape) == 2:
        for start in range(rows.start, rows.stop, step):
            stop = min(start + step, rows.stop)
            yield (slice(start - rows.start, stop - rows.start),), start, stop
        return
    n_rows = shape[-2]
    for matrix in rows:
        for start in range(0, n_rows, step):
            stop = min(start + step, n_rows)
            first = matrix * n_rows
            yield (matrix - rows.start, slice(start, stop)), first + start, first + stop


def read_rows(files: TensorFiles, name: str, start: int, stop: int) -> Tensor:
    """Rows start:stop of a tensor, all its dimensions but the last taken as one."""
    width = files.info[name].shape[-1]
    return files.elements(name, start * width, stop * width).view(stop - start, width)


def scale_rows(
    read: Callable[[int, int], Tensor], shape: tuple[int, ...], block: Block, start: int, stop: int
) -> Tensor:
    """The scales of rows start:stop, a row each, `read` giving rows of the grid of scales."""
    matrix, first = divmod(start, shape[-2])  # a run of rows lies within one matrix
    grid_rows = -(-shape[-2] // block.rows)
    last = first + stop - start - 1
    top, bottom = first // block.rows, last // block.rows + 1
    scales_GC = read(matrix * grid_rows + top, matrix * grid_rows + bottom)
    row_R = torch.arange(first, last + 1) // block.rows - top
    return scales_GC.index_select(0, row_R)


def over_columns(
    x_RK: Tensor, scales_RC: Tensor, width: int, operate: Callable[[Tensor, Tensor], Tensor]
) -> None:
    """`operate` in place on each `width` columns of a row with that row's scale for them."""
    whole = x_RK.shape[1] // width
    if whole:
        x_RCW = x_RK[:, : whole * width].unflatten(1, (whole, width))
        operate(x_RCW, scales_RC[:, :whole, None])
    if x_RK.shape[1] % width:
        operate(x_RK[:, whole * width :], scales_RC[:, whole:])


def named(info: Info, name: str) -> str:
    return f"{info.file}: tensor {name!r}"


def check_grid(
    files: TensorFiles, weight: str, shape: tuple[int, ...], scale: str, block: Block
) -> None:
    """Raises ValueError unless there is a scale for each block of the weight, and no other."""
    info, wanted = files.info[scale], block.grid(shape)
    if info.shape != wanted and not info.numel == math.prod(wanted) == 1:
        raise ValueError(
            f"{named(info, scale)} has shape {info.shape}; {weight!r} of shape {shape} in blocks "
            f"of {block.rows} x {block.columns} needs {wanted}"
        )
