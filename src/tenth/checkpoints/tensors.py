"""The tensors of a folder by name: headers read at once, values streamed when asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import torch
from torch import Tensor

from tenth.checkpoints.headers import DTYPES, Header, Info, read_header, version_of
from tenth.checkpoints.index import shards_of
from tenth.checkpoints.slices import PIECE, bytes_of, fill, pieces
from tenth.checkpoints.writing import Unread

CHUNK_BYTES = 4 * PIECE


class Tensors(Protocol):
    """What `TensorFiles` and the plain view of low-precision files (`plain`) have in common."""

    folder: Path
    info: dict[str, Info]

    def read(self, name: str, rows: slice | None = None) -> Tensor:
        """A new tensor of the type `info` tells; `rows` picks a part of the first dimension."""
        ...

    def read_into(self, name: str, target: Tensor, rows: slice | None = None) -> None:
        """The same values into memory at hand, converted to its type, a piece at a time."""
        ...

    def unread(self, name: str) -> Unread:
        """The tensor for `write_tensors`, which reads it when its turn comes."""
        ...


class TensorFiles:
    """Reading costs the tensor and no more: nothing stays mapped, open or cached here."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.info: dict[str, Info] = {}
        self._headers: dict[Path, Header] = {}
        self._maps: dict[Path, Any] = {}
        files, check_index = shards_of(folder)
        for file in files:
            header = self._headers[file] = read_header(file)
            for name, info in header.info.items():
                if name in self.info:
                    raise ValueError(f"{file}: tensor {name!r} is in {self.info[name].file} too")
                self.info[name] = info
        check_index(self.info)

    def read(self, name: str, rows: slice | None = None) -> Tensor:
        """See `Tensors.read`."""
        info = self._info(name)
        shape = torch_shape(info, name)
        if rows is not None:
            shape = (len(range_of(rows, info, name)), *shape[1:])
        target = torch.empty(shape, dtype=torch_dtype(info, name))
        self.read_into(name, target, rows)
        return target

    def read_into(self, name: str, target: Tensor, rows: slice | None = None) -> None:
        """See `Tensors.read_into`. Any view will do: strided, transposed, on another device."""
        info = self._info(name)
        dtype = torch_dtype(info, name)
        first = check_target(info, name, target, rows)
        if dtype is not target.dtype and dtype.itemsize * 8 != DTYPES[info.dtype][1]:
            raise ValueError(f"{info.file}: tensor {name!r} is packed {info.dtype}")
        skipped = first * (info.nbytes // info.shape[0]) if first else 0
        with self._bytes(name, skipped) as file:
            for piece in pieces(target):
                if piece.dtype is dtype and piece.device.type == "cpu" and piece.is_contiguous():
                    fill(file, bytes_of(piece))
                else:
                    buffer = torch.empty(piece.shape, dtype=dtype)
                    fill(file, bytes_of(buffer))
                    piece.copy_(buffer)

    def elements(self, name: str, start: int, stop: int) -> Tensor:
        """Those of the flattened tensor, as a new one-dimensional tensor."""
        info = self.info[name]
        target = torch.empty(stop - start, dtype=torch_dtype(info, name))
        with self._bytes(name, start * target.itemsize) as file:
            fill(file, bytes_of(target))
        return target

    def unread(self, name: str) -> Unread:
        """See `Tensors.unread`. Its bytes pass as they are, whatever the type."""
        return _UnreadBytes(self, name)

    def mapped(self, name: str) -> Tensor:
        """The tensor where it lies in the file: nothing is read before it is touched, and the
        system may drop its pages again. A file cut short under a map kills the process.
        """
        info = self._info(name)
        dtype, shape = torch_dtype(info, name), torch_shape(info, name)
        header = self._headers[info.file]
        start = header.starts[name]
        if start % dtype.itemsize or not info.nbytes:
            return self.read(name)  # torch cannot point at half an element
        with self._bytes(name):  # still the file whose header was read
            if info.file not in self._maps:
                storage = torch.UntypedStorage.from_file(str(info.file), False, header.version.size)
                self._maps[info.file] = storage
        flat = torch.empty(0, dtype=dtype).set_(self._maps[info.file])
        offset = start // dtype.itemsize
        return flat[offset : offset + info.nbytes // dtype.itemsize].view(shape)

    def chunks(self, name: str) -> Iterator[memoryview]:
        """The bytes of a tensor as they lie in its file; each chunk overwrites the one before."""
        left = self.info[name].nbytes
        buffer = memoryview(bytearray(min(left, CHUNK_BYTES)))
        with self._bytes(name) as file:
            while left:
                chunk = buffer[: min(left, CHUNK_BYTES)]
                fill(file, chunk)
                yield chunk
                left -= len(chunk)

    @contextmanager
    def _bytes(self, name: str, skipped: int = 0) -> Iterator[BinaryIO]:
        """The file at a tensor's bytes, named in every error."""
        path = self.info[name].file
        header = self._headers[path]
        try:
            with open(path, "rb", buffering=0) as file:
                if version_of(file) != header.version:  # type: ignore[arg-type]
                    raise ValueError(f"{path}: the file changed while it was being read")
                file.seek(header.starts[name] + skipped)
                yield file  # type: ignore[misc]
        except EOFError:
            raise ValueError(f"{path}: truncated: it ends within tensor {name!r}") from None
        except OSError as error:
            raise ValueError(f"{path}: tensor {name!r} cannot be read ({error})") from None

    def _info(self, name: str) -> Info:
        if name not in self.info:
            raise ValueError(f"{self.folder}: no file holds tensor {name!r}")
        return self.info[name]


@dataclass(frozen=True)
class _UnreadBytes:
    files: TensorFiles
    name: str

    @property
    def shape(self) -> tuple[int, ...]:
        return self.files.info[self.name].shape

    @property
    def dtype(self) -> str:
        return self.files.info[self.name].dtype

    @property
    def nbytes(self) -> int:
        return self.files.info[self.name].nbytes

    def chunks(self) -> Iterator[memoryview]:
        return self.files.chunks(self.name)


def torch_dtype(info: Info, name: str) -> torch.dtype:
    dtype = DTYPES[info.dtype][0]
    if dtype is None:
        raise ValueError(f"{info.file}: tensor {name!r} is {info.dtype}, which torch cannot hold")
    return dtype


def torch_shape(info: Info, name: str) -> tuple[int, ...]:
    """The file's shape, but for F4, which torch counts in pairs."""
    if DTYPES[info.dtype][1] != 4:
        return info.shape
    if info.shape[-1] % 2:
        raise ValueError(f"{info.file}: tensor {name!r} is F4 with an odd row, {info.shape}")
    return (*info.shape[:-1], info.shape[-1] // 2)


def range_of(rows: slice, info: Info, name: str) -> range:
    if not info.shape or (len(info.shape) == 1 and DTYPES[info.dtype][1] < 8):
        raise ValueError(f"{info.file}: tensor {name!r} has no rows that can be read alone")
    found = range(*rows.indices(info.shape[0]))
    if found.step != 1:
        raise ValueError(f"rows of tensor {name!r} are read one after another, not {rows}")
    return found


def check_target(info: Info, name: str, target: Tensor, rows: slice | None) -> int:
    """The first row that is wanted, once the target has room for all of them."""
    wanted, first = torch_shape(info, name), 0
    if rows is not None:
        found = range_of(rows, info, name)
        wanted, first = (len(found), *wanted[1:]), found.start
    if tuple(target.shape) != wanted:
        raise ValueError(
            f"{info.file}: tensor {name!r} has shape {wanted}, its place {tuple(target.shape)}"
        )
    return first
