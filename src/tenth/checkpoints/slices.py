"""Tensors taken apart into pieces so small that a copy of one costs nothing."""

from collections.abc import Iterator
from typing import BinaryIO

import torch
from torch import Tensor

PIECE = 1 << 20  # elements


def pieces(tensor: Tensor) -> Iterator[Tensor]:
    """Views of at most `PIECE` elements that follow each other in the order of the elements."""
    tensor = tensor.detach()
    if tensor.numel() <= PIECE:
        yield tensor
    elif tensor.is_contiguous():
        yield from tensor.view(-1).split(PIECE)
    elif rows := PIECE // tensor[0].numel():
        yield from tensor.split(rows)
    else:
        for part in tensor:
            yield from pieces(part)


def bytes_of(tensor: Tensor) -> memoryview:
    """The memory of a contiguous tensor on the CPU."""
    return tensor.detach().view(-1).view(torch.uint8).numpy().data


def fill(file: BinaryIO, target: memoryview) -> None:
    """Reads until `target` is full. Raises EOFError where the file ends before."""
    done = 0
    while done < len(target):
        count = file.readinto(target[done:])  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        done += count


def is_finite(tensor: Tensor) -> bool:
    """Whether no element is NaN or infinite, without a mask as large as the tensor."""
    return all(bool(piece.isfinite().all()) for piece in pieces(tensor))
