"""safetensors written one tensor at a time, straight from the model or from another file."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from tenth.checkpoints.headers import DTYPES, NAMES
from tenth.checkpoints.slices import bytes_of, pieces
from tenth.files import atomic_open, atomic_write_json

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"


class Unread(Protocol):
    """A tensor on disk whose bytes are fetched when it is written; `dtype` is the format's name."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def dtype(self) -> str: ...
    @property
    def nbytes(self) -> int: ...
    def chunks(self) -> Iterator[memoryview]:
        """The bytes, a few at a time; each chunk is done with before the next is asked for."""
        ...


Named = tuple[str, Tensor | Unread]


def write_tensors(folder: Path, tensors: Iterable[Named], max_shard_bytes: int) -> None:
    """One file, or shards of at most `max_shard_bytes` and their index.

    Views cost nothing: each tensor is copied in pieces, to the CPU and into the file, when its
    turn comes. What `TensorFiles.unread` gives is copied byte for byte, whatever its type.
    """
    shards = _shards(tensors, max_shard_bytes)
    if len(shards) == 1:
        return write_file(folder / SINGLE, shards[0])
    where: dict[str, str] = {}
    for i, shard in enumerate(shards, start=1):
        file = f"model-{i:05d}-of-{len(shards):05d}.safetensors"
        write_file(folder / file, shard)
        where |= {name: file for name, _ in shard}
    size = sum(tensor.nbytes for shard in shards for _, tensor in shard)
    atomic_write_json(folder / INDEX, {"metadata": {"total_size": size}, "weight_map": where})


def _shards(tensors: Iterable[Named], max_bytes: int) -> list[list[Named]]:
    shards: list[list[Named]] = [[]]
    size = 0
    names: set[str] = set()
    for name, tensor in tensors:
        if name in names:
            raise ValueError(f"two tensors are named {name!r}")
        names.add(name)
        if shards[-1] and size + tensor.nbytes > max_bytes:
            shards.append([])
            size = 0
        shards[-1].append((name, tensor))
        size += tensor.nbytes
    return shards


def write_file(path: Path, tensors: Iterable[Named]) -> None:
    """The safetensors layout: header length, JSON header, then the bytes; wide types first."""
    ordered = sorted(tensors, key=lambda named: (-DTYPES[_dtype(named[1])][1], named[0]))
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, tensor in ordered:
        start, end = end, end + tensor.nbytes
        header[name] = {
            "dtype": _dtype(tensor),
            "shape": _shape(tensor),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with atomic_open(path) as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name, tensor in ordered:
            written = 0
            for chunk in _chunks(tensor):
                written += file.write(chunk)
            assert written == tensor.nbytes, f"{name}: {written} bytes of {tensor.nbytes}"


def _dtype(tensor: Tensor | Unread) -> str:
    return NAMES[tensor.dtype] if isinstance(tensor, Tensor) else tensor.dtype


def _shape(tensor: Tensor | Unread) -> list[int]:
    shape = list(tensor.shape)
    if isinstance(tensor, Tensor) and tensor.dtype is torch.float4_e2m1fn_x2:
        shape[-1] *= 2  # torch counts pairs
    return shape


def _chunks(tensor: Tensor | Unread) -> Iterator[memoryview]:
    if isinstance(tensor, Tensor):
        return (bytes_of(piece.to("cpu").contiguous()) for piece in pieces(tensor))
    return tensor.chunks()
