"""Decompressed bytes in bounded pieces: gz, bz2, xz, zst and the methods inside zip files."""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

from tenth.documents.archives.limits import BLOCK, DICTIONARY, Budget, Level, Readable, Skip

MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zst"}
HEADER = 256 << 10  # bytes: names and attributes of one member of a tar
WINDOW = 27  # the largest zstd window is 2 to this: 128 MiB, what `zstd -d` takes too


class Decoder(Protocol):
    """The interface of bz2.BZ2Decompressor, which most of the others have as well."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Deflate:
    """zlib with that interface. `wbits` 31: gzip; -15: bare deflate."""

    needs_input = True

    def __init__(self, wbits: int):
        self._zlib = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        made = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        self.needs_input = len(made) < max_length
        return made


class Deflate64:
    """inflate64 with that interface: fed with drops, for it cannot be told how much to give."""

    DROP = 256  # a byte makes 30 KB at most

    unused_data = b""

    def __init__(self):
        import inflate64

        self._inflate = inflate64.Inflater()
        self._waiting = b""

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._waiting

    def decompress(self, data: bytes, max_length: int) -> bytes:
        data = self._waiting + data
        self._waiting = data[self.DROP :]
        return self._inflate.inflate(data[: self.DROP])


class ZipLzma:
    """LZMA as zip files hold it: a version, the size of the properties, the properties, data."""

    def __init__(self):
        self._head = b""
        self._lzma: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._lzma is not None and self._lzma.eof

    @property
    def needs_input(self) -> bool:
        return self._lzma is None or self._lzma.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._lzma.unused_data if self._lzma else b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._lzma is None:
            self._head += data
            if len(self._head) < 9:
                return b""
            self._lzma, data = self._open(), self._head[9:]
        return self._lzma.decompress(data, max_length)

    def _open(self) -> lzma.LZMADecompressor:
        if self._head[2:4] != b"\5\0":
            raise Skip("broken: LZMA properties of a wrong size")
        packing, dictionary = self._head[4], int.from_bytes(self._head[5:9], "little")
        check_memory(dictionary)
        filters = {
            "id": lzma.FILTER_LZMA1,
            "dict_size": max(dictionary, 4096),
            "lc": packing % 9,
            "lp": packing // 9 % 5,
            "pb": packing // 45,
        }
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[filters])


def zstd() -> Decoder:
    if sys.version_info >= (3, 14):
        from compression import zstd as library
    else:
        from backports import zstd as library
    options = {int(library.DecompressionParameter.window_log_max): WINDOW}
    return library.ZstdDecompressor(options=options)


def xz() -> Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=DICTIONARY)


DECODERS: dict[str, Callable[[], Decoder]] = {
    "gz": lambda: Deflate(31),
    "bz2": bz2.BZ2Decompressor,
    "xz": xz,
    "zst": zstd,
    "deflate": lambda: Deflate(-15),
    "deflate64": Deflate64,
    "lzma": ZipLzma,
}


def check_memory(size: int) -> None:
    if size > DICTIONARY:
        raise Skip(f"its compression asks for {size:,} bytes of memory, more than {DICTIONARY:,}")


class Decompressed:
    """Reads `source` through a decompressor, forward only; streams one after another are joined.

    `marked` tells whether the format marks its end, so that a missing one is an error.
    """

    def __init__(self, source: Readable, method: str, marked: bool = True):
        self._source = source
        self._method = method
        self._decoder = DECODERS[method]()
        self._marked = marked
        self._waiting = b""  # read, and not decompressed
        self._ended = False

    def read(self, size: int, /) -> bytes:
        pieces, left = [], size
        while left and not self._ended:
            piece = self._piece(min(left, BLOCK))
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        if self._decoder.eof:
            self._next_stream()
            return b""
        data = b""
        if self._decoder.needs_input:
            data, self._waiting = self._waiting or self._source.read(64 << 10), b""
            if not data:
                self._ended = True
                if self._marked:
                    raise EOFError("it ends in the middle of its compressed data")
        try:
            return self._decoder.decompress(data, size)
        except Exception as error:
            if "memory" in str(error).lower():  # xz and zstd would keep more than we let them
                raise Skip(f"its compression asks for too much memory ({error})") from None
            raise

    def _next_stream(self) -> None:
        """What follows a stream is another one, or padding of no meaning, which ends it."""
        magic = next((magic for magic, method in MAGIC.items() if method == self._method), b"")
        rest = self._decoder.unused_data.lstrip(b"\0")
        while magic and len(rest) < len(magic) and (block := self._source.read(64 << 10)):
            rest = (rest + block).lstrip(b"\0")
        if magic and rest.startswith(magic):
            self._decoder, self._waiting = DECODERS[self._method](), rest
        else:
            self._ended = True


class Counted:
    """Counts what is read in the budget, and can be sought forwards: a pipe that tarfile takes.

    `room` bounds the next reads where it is set: no header may be longer.
    """

    def __init__(self, source: Readable, budget: Budget, level: Level | None):
        self._source, self._budget, self._level = source, budget, level
        self._place = 0
        self._ahead = b""
        self.room: int | None = None

    def peek(self, size: int) -> bytes:
        if len(self._ahead) < size:
            self._ahead += self._source.read(size - len(self._ahead))
        return self._ahead[:size]

    def read(self, size: int, /) -> bytes:
        if self.room is not None:
            if size > self.room:
                raise Skip(f"a header of more than {HEADER:,} bytes")
            self.room -= size
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        data += self._source.read(size - len(data))
        self._place += len(data)
        self._budget.take_bytes(len(data), self._level)
        return data

    def tell(self) -> int:
        return self._place

    def seek(self, place: int) -> int:
        room, self.room = self.room, None
        while self._place < place and self.read(min(BLOCK, place - self._place)):
            pass
        self.room = room
        if self._place != place:
            raise EOFError("it ends in the middle of a member")
        return place


class Ticking:
    """A file whose reads look at the clock."""

    def __init__(self, file: BinaryIO, budget: Budget):
        self._file, self._budget = file, budget

    def read(self, size: int, /) -> bytes:
        self._budget.tick()
        return self._file.read(size)


def compression(file: BinaryIO) -> str:
    """ "gz", "bz2", "xz", "zst", or "" for none of them."""
    head = file.read(6)
    file.seek(0)
    return next((method for magic, method in MAGIC.items() if head.startswith(magic)), "")
