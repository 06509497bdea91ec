"""Where a model came from: what it takes to write it in the format of its own family again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tenth.checkpoints import Unread
from tenth.families.config_file import Family
from tenth.families.names import Entry

TYPES = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16", torch.float64: "F64"}


@dataclass(frozen=True)
class Origin:
    family: Family
    keys: dict[str, Any]  # of config.json
    carried: dict[str, Unread]  # tensors that our model has no place for, on disk

    def config_keys(self) -> dict[str, Any]:
        """For plain weights: without what said how they were packed."""
        keys = {k: v for k, v in self.keys.items() if k != "quantization_config"}
        inner = keys.get(self.family.inner)
        if isinstance(inner, dict):
            keys[self.family.inner] = {k: v for k, v in inner.items() if k != "quantization_config"}
        return keys


@dataclass
class Assembled:
    """A stored tensor that several of ours make up; put together when it is written."""

    parts: list[Entry]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.parts[0].stored

    @property
    def dtype(self) -> str:
        return TYPES[self.parts[0].tensor.dtype]

    @property
    def nbytes(self) -> int:
        return torch.Size(self.shape).numel() * self.parts[0].tensor.element_size()

    def chunks(self) -> Iterator[memoryview]:
        whole = torch.empty(self.shape, dtype=self.parts[0].tensor.dtype)
        for entry in self.parts:
            assert entry.part is not None
            row = whole if entry.part.row is None else whole[entry.part.row]
            entry.part.take(row).copy_(entry.tensor.detach())  # it takes a view
        yield whole.view(-1).view(torch.uint8).numpy().data


def stored(entries: Iterable[Entry]) -> Iterator[tuple[str, Tensor | Unread]]:
    """What is written: our tensors by their names, those that share one put together."""
    fused: dict[str, Assembled] = {}
    for entry in entries:
        if entry.part is None:
            yield entry.name, entry.tensor
        elif entry.name in fused:
            fused[entry.name].parts.append(entry)
        else:
            fused[entry.name] = Assembled([entry])
    yield from fused.items()
