"""Reads 7z files: py7zr reads their list and decompresses, block by block, in small pieces.

Its own extraction would keep a whole packed block, or a 128 MB piece of an unpacked one, in memory.
"""

import stat
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import py7zr
from py7zr import archiveinfo
from py7zr.compressor import (
    SevenZipDecompressor,
    SupportedMethods,
    algorithm_class_map,
    get_methods_names,
)
from py7zr.properties import COMPRESSION_METHOD, FILTER_PPMD

from tenth.documents.archives.limits import BLOCK, Budget, Crowded, Entry, Level, Skip, Stop
from tenth.documents.archives.streams import check_memory

MAX_HEADER = 32 << 20  # bytes of its list, unpacked
# Bytes read for each piece: as many as make no more than a few pieces. The first kind gives as much
# as it is asked for, the second all it has.
PACE, DROP = 4096, 512
UNBOUNDED = (
    COMPRESSION_METHOD.MISC_DEFLATE,
    COMPRESSION_METHOD.MISC_DEFLATE64,
    COMPRESSION_METHOD.MISC_ZSTD,
)

# pyppmd takes the whole process down on some broken files: no list or member is unpacked by it
algorithm_class_map[FILTER_PPMD] = (algorithm_class_map[FILTER_PPMD][0], None)


def entries(
    file: BinaryIO, name: str, password: str | None, budget: Budget, level: Level
) -> Iterator[Entry]:
    archive = _open(file, password, budget)
    files = list(getattr(archive, "files", ()))
    if sum(not each.is_directory for each in files) > budget.members_left:
        raise Crowded(budget.config)
    blocks = _Blocks(archive, file, password, budget, level)
    for each in files:
        content = blocks.content(each) if each.folder is not None else _Nothing()
        if each.is_directory:
            continue
        if why := _no_file(each) or content.why:
            yield Entry(each.filename, skipped=why)
        else:
            yield Entry(each.filename, each.uncompressed, open=content.open, counted=True)
        content.skip_rest()


def _open(file: BinaryIO, password: str | None, budget: Budget) -> py7zr.SevenZipFile:
    # py7zr's own caps let a few bytes ask for gigabytes
    archiveinfo.MAX_NUMFILES = most = 2 * budget.config.max_members  # folders are counted too
    archiveinfo.MAX_NUMFOLDERS = archiveinfo.MAX_SUBSTREAMS = most
    archiveinfo.MAX_HEADER_SIZE = MAX_HEADER
    try:
        return py7zr.SevenZipFile(file, password=password)
    except py7zr.PasswordRequired:
        raise Skip("encrypted, its list of members too: give its password") from None
    except Exception as error:  # whatever a broken header makes it stumble on
        if "exceeds limit" in str(error) and "num" in str(error):
            raise Crowded(budget.config) from None
        if password is not None:
            raise Skip("the password is wrong, or its list of members is broken") from None
        raise Skip(f"broken: {error or type(error).__name__}") from None


def _no_file(each: Any) -> str:
    if each.is_symlink or each.is_junction:
        return "a symbolic link"
    if (each.st_fmt or stat.S_IFREG) != stat.S_IFREG:
        return "a device or pipe, not a file"
    return ""


class _Nothing:
    """The content of an empty file."""

    why = ""

    def open(self) -> "_Nothing":
        return self

    def read(self, size: int, /) -> bytes:
        return b""

    def skip_rest(self) -> None:
        pass


class _Blocks:
    """Goes through the blocks, in which one file's content follows the other's."""

    def __init__(
        self,
        archive: py7zr.SevenZipFile,
        file: BinaryIO,
        password: str | None,
        budget: Budget,
        level: Level,
    ):
        streams: Any = archive.header.main_streams
        self.places: dict[int, tuple[int, int]] = {}  # of a block: where it lies, packed bytes
        number = 0
        for folder in streams.unpackinfo.folders if streams else ():
            info = streams.packinfo
            start = archive.afterheader + info.packpos + info.packpositions[number]
            self.places[id(folder)] = (start, info.packsizes[number])
            number += max(1, len(folder.packed_indices))
        self.file, self.password, self.budget, self.level = file, password, budget, level
        self.folder: Any = None
        self.why = ""  # the rest of the block cannot be read

    def content(self, each: Any) -> "_Content":
        if each.folder is not self.folder:
            self.folder, self.why = each.folder, ""
            start, packed = self.places[id(self.folder)]
            self.place = start
            try:
                self.decoder = self._decoder(packed)
            except Skip as skip:
                self.why = str(skip)
        return _Content(self, each.uncompressed, each.crc32)

    @property
    def encrypted(self) -> bool:
        return SupportedMethods.needs_password(self.folder.coders)

    def _decoder(self, packed: int) -> SevenZipDecompressor:
        pace = PACE
        for coder in self.folder.coders:
            check_memory(_memory(coder["method"], coder["properties"] or b""))
            if coder["method"] in UNBOUNDED:
                pace = DROP
        if self.encrypted and self.password is None:
            raise Skip("encrypted: give its password")
        try:
            return SevenZipDecompressor(
                self.folder.coders, packed, self.folder.unpacksizes, None, self.password, pace
            )
        except Exception as error:  # whatever broken properties make it stumble on
            known = isinstance(error, py7zr.UnsupportedCompressionMethodError)
            methods = ", ".join(get_methods_names([self.folder.coders]))
            why = f"its compression ({methods}) is not supported" if known else f"broken: {error!r}"
            raise Skip(why) from None

    def read(self, size: int) -> bytes:
        """Some bytes of the block: at least one."""
        idle = 0  # a filter may hold back the last bytes for a few calls
        while idle < 8:
            before = self.decoder.consumed
            self.file.seek(self.place)
            try:
                data = self.decoder.decompress(self.file, size)
            except EOFError:
                break
            self.place += self.decoder.consumed - before
            if data:
                self.budget.take_bytes(len(data), self.level)
                return bytes(data)
            self.budget.tick()
            idle = idle + 1 if self.decoder.consumed == before else 0
        raise EOFError("it holds less than it declares")


def _memory(method: bytes, properties: bytes) -> int:
    """What a coder asks for: the size of its dictionary, or of its model."""
    if method in (COMPRESSION_METHOD.LZMA, COMPRESSION_METHOD.PPMD):
        return int.from_bytes(properties[1:5], "little")
    if method == COMPRESSION_METHOD.LZMA2 and properties:
        return (2 | properties[0] & 1) << (properties[0] // 2 + 11)
    return 0


class _Content:
    """One file's part of a block."""

    def __init__(self, blocks: _Blocks, size: int, crc: int | None):
        self._blocks, self._left, self._expected = blocks, size, crc
        self._crc = 0

    @property
    def why(self) -> str:
        return self._blocks.why

    def open(self) -> "_Content":
        return self

    def read(self, size: int, /) -> bytes:
        if not self._left:
            if self._expected is not None and self._crc != self._expected:
                raise Skip(self._broken("its checksum differs"))
            return b""
        try:
            data = self._blocks.read(min(size, self._left, BLOCK))
        except Stop:
            raise
        except Exception as error:  # whatever broken data make a decompressor stumble on
            raise Skip(self._fail(error)) from None
        self._left -= len(data)
        self._crc = zlib.crc32(data, self._crc)
        return data

    def skip_rest(self) -> None:
        """Goes to the next file's place."""
        try:
            while self._left and not self._blocks.why:
                self.read(BLOCK)
        except Skip:
            pass

    def _fail(self, error: Exception) -> str:
        self._blocks.why = self._broken(str(error) or type(error).__name__)
        return self._blocks.why

    def _broken(self, why: str) -> str:
        if self._blocks.encrypted:
            return f"encrypted: the password is wrong, or it is broken ({why})"
        return f"broken: {why}"
