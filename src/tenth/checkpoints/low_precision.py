"""Released low-precision checkpoints as the plain weights they stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tenth.checkpoints import compressed, fp8, mxfp4
from tenth.checkpoints.forms import ConfigFault, Form, named
from tenth.checkpoints.slices import PIECE, bytes_of
from tenth.checkpoints.tensors import (
    TensorFiles,
    Tensors,
    check_target,
    range_of,
    torch_dtype,
)
from tenth.checkpoints.writing import Unread

METHODS = ("fp8", "mxfp8", "mxfp4", "compressed-tensors")
LOW = (*fp8.FP8, "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F6_E2M3", "F6_E3M2", "F4")
# Last components that name no weight of their own where a model is quantized.
HELPERS = ("weight_scale_inv", "weight_scale", "weight_packed", "weight_shape",
           "weight_zero_point", "input_scale", "activation_scale")  # fmt: skip


def plain(files: TensorFiles, quantization_config: dict[str, Any] | None) -> Tensors:
    """The tensors as a model wants them: `info` lists each weight by its name and full shape,
    reading dequantizes it in pieces, and its scales are no tensors of their own.

    `quantization_config` is config.json's; without one the files are given back as they are.
    Raises ValueError for a method or format that is not opened, a weight in low precision without
    its scale, a scale without its weight, and shapes that do not fit each other.
    """
    forms = _find(files, quantization_config) if quantization_config is not None else {}
    consumed = {part for form in forms.values() for part in form.parts}
    for name, info in files.info.items():
        if name in consumed:
            continue
        if info.dtype in LOW:
            raise ValueError(
                f"{named(info, name)} is {info.dtype}, but no scale of config.json's "
                "quantization_config belongs to it"
            )
        if quantization_config is not None and _is_helper(name):
            raise ValueError(f"{named(info, name)} belongs to no quantized weight in these files")
    return PlainTensors(files, forms, consumed) if forms else files


def _find(files: TensorFiles, config: dict[str, Any]) -> Mapping[str, Form]:
    path = files.folder / "config.json"
    if not isinstance(config, dict):
        raise ValueError(f"{path}: quantization_config is {config!r}; it may be an object")
    method = config.get("quant_method")
    if method not in METHODS:
        raise ValueError(
            f"{path}: quantization_config.quant_method is {method!r}; "
            f"tenth opens {', '.join(METHODS)}"
        )
    try:
        if method == "mxfp4":
            return mxfp4.find(files)
        if method == "compressed-tensors":
            return compressed.find(files, config)
        return fp8.find(files, config)
    except ConfigFault as fault:
        raise ValueError(f"{path}: quantization_config.{fault}") from None


def _is_helper(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last in HELPERS or last.endswith("_scale_inv")


class PlainTensors:
    """See `plain`."""

    def __init__(self, files: TensorFiles, forms: Mapping[str, Form], consumed: set[str]):
        self.folder = files.folder
        self.files = files
        self.forms = forms
        whole = {name: info for name, info in files.info.items() if name not in consumed}
        self.info = {**whole, **{name: form.info for name, form in forms.items()}}

    def read(self, name: str, rows: slice | None = None) -> Tensor:
        """See `Tensors.read`."""
        if name not in self.forms:
            return self.files.read(name, rows)
        info = self.info[name]
        n_rows = len(range_of(rows or slice(None), info, name))
        target = torch.empty((n_rows, *info.shape[1:]), dtype=torch_dtype(info, name))
        self.read_into(name, target, rows)
        return target

    def read_into(self, name: str, target: Tensor, rows: slice | None = None) -> None:
        """See `Tensors.read_into`. Products are rounded once, to the target's type, where the
        form's own library does so.
        """
        if name not in self.forms:
            return self.files.read_into(name, target, rows)
        info = self.info[name]
        check_target(info, name, target, rows)
        target = target.detach()
        wanted = range_of(rows or slice(None), info, name)
        for where, values in self.forms[name].pieces(self.files, wanted):
            target[where].copy_(values)

    def unread(self, name: str) -> Unread:
        """See `Tensors.unread`; a weight in low precision is written dequantized."""
        return _UnreadValues(self, name) if name in self.forms else self.files.unread(name)


@dataclass(frozen=True)
class _UnreadValues:
    tensors: PlainTensors
    name: str

    @property
    def shape(self) -> tuple[int, ...]:
        return self.tensors.info[self.name].shape

    @property
    def dtype(self) -> str:
        return self.tensors.info[self.name].dtype

    @property
    def nbytes(self) -> int:
        return self.tensors.info[self.name].nbytes

    def chunks(self) -> Iterator[memoryview]:
        n_rows, numel = self.shape[0], self.tensors.info[self.name].numel
        step = max(1, PIECE * n_rows // max(1, numel))
        for start in range(0, n_rows, step):
            yield bytes_of(self.tensors.read(self.name, slice(start, start + step)))
