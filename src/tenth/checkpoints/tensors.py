"""safetensors, one tensor at a time: written straight from the model, read straight into it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from tenth.files import atomic_open, atomic_write_json

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
NAMES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
         torch.int64: "I64"}  # fmt: skip

Named = tuple[str, Tensor]


def write_tensors(folder: Path, tensors: Iterable[Named], max_shard_bytes: int) -> None:
    """One file, or shards of at most `max_shard_bytes` and their index.

    Views cost nothing: each tensor is copied, to the CPU and into the file, when its turn comes.
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
    for name, tensor in tensors:
        if shards[-1] and size + tensor.nbytes > max_bytes:
            shards.append([])
            size = 0
        shards[-1].append((name, tensor))
        size += tensor.nbytes
    return shards


def write_file(path: Path, tensors: Iterable[Named]) -> None:
    """The safetensors layout: header length, JSON header, then the bytes; wide types first."""
    ordered = sorted(tensors, key=lambda named: (-named[1].element_size(), named[0]))
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, tensor in ordered:
        start, end = end, end + tensor.nbytes
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with atomic_open(path) as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, tensor in ordered:
            tensor = tensor.detach().to("cpu").contiguous()
            file.write(tensor.view(-1).view(torch.uint8).numpy().data)


class Info(NamedTuple):
    file: Path
    shape: tuple[int, ...]
    dtype: str


class TensorFiles:
    """The tensors of a folder by name: headers read at once, values when asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.info: dict[str, Info] = {}
        self._open: dict[Path, Any] = {}
        for file in _files(folder):
            try:
                handle = self._open[file] = safe_open(file, framework="pt", device="cpu")
            except FileNotFoundError:
                raise ValueError(f"{file}: this shard is missing") from None
            except (SafetensorError, OSError) as error:
                raise ValueError(f"{file}: truncated, or no safetensors ({error})") from None
            for name in handle.keys():  # noqa: SIM118 - not a dict
                if name in self.info:
                    raise ValueError(f"{file}: tensor {name!r} is in {self.info[name].file} too")
                piece = handle.get_slice(name)
                self.info[name] = Info(file, tuple(piece.get_shape()), piece.get_dtype())

    def read(self, name: str) -> Tensor:
        return self._open[self.info[name].file].get_tensor(name)


def _files(folder: Path) -> list[Path]:
    if (folder / SINGLE).exists():
        return [folder / SINGLE]
    index = folder / INDEX
    if not index.exists():
        raise ValueError(f"{folder} holds no complete model: it has neither {SINGLE} nor {INDEX}")
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise ValueError(f"{index}: it has no weight_map")
    return [folder / file for file in sorted(set(weight_map.values()))]


def read_json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path}: truncated, or no JSON ({error})") from None
    if not isinstance(values, dict):
        raise ValueError(f"{path}: not a JSON object")
    return values
