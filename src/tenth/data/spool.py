"""Documents parked on disk in one file, so that sources are read once and memory stays small."""

import hashlib
from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np

PIECE = 1 << 20  # characters of a document that are worked on at a time


class Spool:
    """A file of documents, read back by row; memory holds about 60 bytes a row, not its text."""

    def __init__(self, path: Path):
        self.file = path.open("w+b")
        self._starts, self._sizes, self._groups = array("q"), array("q"), array("i")
        self._digests = bytearray()
        self.end = 0

    def __len__(self) -> int:
        return len(self._starts)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_) -> None:
        self.file.close()

    @property
    def sizes(self) -> np.ndarray:
        return np.array(self._sizes, np.int64)

    @property
    def groups(self) -> np.ndarray:
        return np.array(self._groups, np.int32)

    @property
    def digests(self) -> np.ndarray:
        """The SHA-256 of each row's UTF-8 bytes, (rows, 32)."""
        return np.frombuffer(bytes(self._digests), np.uint8).reshape(-1, 32)

    def add(self, text: str, group: int) -> None:
        data = text.encode()
        self.file.seek(self.end)
        self.file.write(data)
        self._note(self.end, data, group)
        self.end += len(data)

    def _note(self, start: int, data: bytes, group: int) -> None:
        self._starts.append(start)
        self._sizes.append(len(data))
        self._groups.append(group)
        self._digests += hashlib.sha256(data).digest()

    def text(self, row: int) -> str:
        return self._bytes(row).decode()

    def _bytes(self, row: int) -> bytes:
        self.file.seek(self._starts[row])
        return self.file.read(self._sizes[row])

    def cut(self, row: int, share: float) -> None:
        """Row becomes its head; its last `share`, from a line's start, becomes the last row."""
        data = self._bytes(row)
        at = int(len(data) * (1 - share))
        newline = data.rfind(b"\n", 0, at)
        if newline > 0:
            at = newline + 1
        while at > 0 and data[at] & 0xC0 == 0x80:  # never inside a character
            at -= 1
        self._sizes[row] = at
        self._digests[32 * row : 32 * row + 32] = hashlib.sha256(data[:at]).digest()
        self._note(self._starts[row] + at, data[at:], self._groups[row])


def pieces(text: str, limit: int = PIECE) -> Iterator[str]:
    """A long text cut at line ends; inside a line only where that line alone is over the limit."""
    start = 0
    while len(text) - start > limit:
        end = text.rfind("\n", start, start + limit) + 1
        end = end if end > start else start + limit
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]
