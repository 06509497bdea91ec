"""What a safetensors file says about itself, believed only where it adds up.

Files are read by position here and not through the library's maps: a shard that is cut short under
us is an error and no SIGBUS, its pages are counted to nobody, no handle stays open, and the bytes
of a tensor that is only carried along need no type.
"""

import json
import math
import os
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeGuard

import torch

MAX_HEADER_BYTES = 100_000_000  # the format's own bound
MAX_DIMENSIONS = 16
LFS_POINTER = b"version "  # what a clone without LFS leaves in the place of each large file
# The names of the format: torch's type, if it has one, and the bits of an element.
DTYPES: dict[str, tuple[torch.dtype | None, int]] = {
    "F64": (torch.float64, 64), "F32": (torch.float32, 32), "F16": (torch.float16, 16),
    "BF16": (torch.bfloat16, 16), "F8_E4M3": (torch.float8_e4m3fn, 8),
    "F8_E5M2": (torch.float8_e5m2, 8), "F8_E8M0": (torch.float8_e8m0fnu, 8),
    "F8_E4M3FNUZ": (torch.float8_e4m3fnuz, 8), "F8_E5M2FNUZ": (torch.float8_e5m2fnuz, 8),
    "F6_E2M3": (None, 6), "F6_E3M2": (None, 6), "F4": (torch.float4_e2m1fn_x2, 4),
    "I64": (torch.int64, 64), "I32": (torch.int32, 32), "I16": (torch.int16, 16),
    "I8": (torch.int8, 8), "U64": (torch.uint64, 64), "U32": (torch.uint32, 32),
    "U16": (torch.uint16, 16), "U8": (torch.uint8, 8), "BOOL": (torch.bool, 8),
    "C64": (torch.complex64, 64),
}  # fmt: skip
NAMES = {dtype: name for name, (dtype, _) in DTYPES.items() if dtype is not None}


class Info(NamedTuple):
    file: Path
    shape: tuple[int, ...]
    dtype: str

    @property
    def numel(self) -> int:
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        return self.numel * DTYPES[self.dtype][1] // 8


class Version(NamedTuple):
    """What tells that a path holds the file whose header was read."""

    size: int
    modified_ns: int
    inode: int


class Header(NamedTuple):
    version: Version
    info: dict[str, Info]
    starts: dict[str, int]  # where each tensor's bytes begin in the file


def version_of(file: BinaryIO) -> Version:
    status = os.fstat(file.fileno())
    return Version(status.st_size, status.st_mtime_ns, status.st_ino)


def read_header(path: Path) -> Header:
    """The tensors of one file. Raises ValueError unless they fill it from end to end."""
    try:
        with open(path, "rb") as file:
            version = version_of(file)
            start = file.read(8)
            if start == LFS_POINTER:
                raise ValueError("a pointer of Git LFS; `git lfs pull` fetches the file")
            length = int.from_bytes(start, "little")
            if version.size < 8 or length > min(MAX_HEADER_BYTES, version.size - 8):
                raise ValueError(
                    f"its header claims {length} bytes; the file holds {version.size}, "
                    f"and a header at most {MAX_HEADER_BYTES}"
                )
            entries = json.loads(file.read(length), object_pairs_hook=_no_name_twice)
        if not isinstance(entries, dict):
            raise ValueError("its header is no JSON object")
        entries.pop("__metadata__", None)
        info, spans = {}, []
        for name, entry in entries.items():
            shape, dtype, start, stop = _entry(name, entry)
            info[name] = Info(path, shape, dtype)
            spans.append((start, stop, name))
        _check_spans(spans, version.size - 8 - length)
    except FileNotFoundError:
        raise ValueError(f"{path}: this shard is missing") from None
    except RecursionError:
        raise ValueError(f"{path}: truncated, or no safetensors (a nested header)") from None
    except (ValueError, OSError) as error:
        raise ValueError(f"{path}: truncated, or no safetensors ({error})") from None
    return Header(version, info, {name: 8 + length + start for start, _, name in spans})


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise ValueError(f"its header names {name!r} twice")
        values[name] = value
    return values


def _entry(name: str, entry: Any) -> tuple[tuple[int, ...], str, int, int]:
    """Shape, type, first byte and the byte after the last."""
    if not isinstance(entry, dict):
        raise ValueError(f"its header says nothing of tensor {name!r}")
    dtype, shape, offsets = (entry.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise ValueError(f"tensor {name!r} is {dtype!r}; tenth knows {', '.join(DTYPES)}")
    if not _counts(shape) or len(shape) > MAX_DIMENSIONS or _room(shape) >= 2**60:
        raise ValueError(f"tensor {name!r} has shape {str(shape)[:80]}")
    if not _counts(offsets) or len(offsets) != 2:
        raise ValueError(f"tensor {name!r} has data_offsets {str(offsets)[:80]}")
    bits = math.prod(shape) * DTYPES[dtype][1]
    if bits != 8 * (offsets[1] - offsets[0]):
        raise ValueError(
            f"tensor {name!r} of shape {shape} and type {dtype} is said to lie at {offsets}"
        )
    return tuple(shape), dtype, offsets[0], offsets[1]


def _counts(values: Any) -> TypeGuard[list[int]]:
    return isinstance(values, list) and all(type(n) is int and 0 <= n < 2**60 for n in values)


def _room(shape: list[int]) -> int:
    """What torch multiplies out even where one dimension is zero."""
    return math.prod(size or 1 for size in shape)


def _check_spans(spans: list[tuple[int, int, str]], size: int) -> None:
    end = 0
    for start, stop, name in sorted(spans):
        if start != end:
            raise ValueError(f"tensor {name!r} starts at byte {start}, not at {end}")
        end = stop
        if end > size:
            raise ValueError(f"cut short in tensor {name!r}: {size} bytes of {end} or more")
    if end != size:
        raise ValueError(f"{size - end} bytes follow its last tensor")
