"""Reads zip files: their list is walked before anything is made of it, their members bounded.

pyzipper (zipfile's fork with AES) knows the format and the ciphers. Its own reading would make an
object of each of a million members, stop at one odd name, and inflate bzip2 without a bound.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any, BinaryIO

from pyzipper import zipfile as layout
from pyzipper.zipfile_aes import AESZipDecrypter, AESZipInfo

from tenth.documents.archives import names
from tenth.documents.archives.limits import (
    MAX_DIRECTORY,
    Budget,
    Crowded,
    Entry,
    Level,
    Readable,
    Skip,
)
from tenth.documents.archives.streams import Decompressed

METHODS = {8: "deflate", 9: "deflate64", 12: "bz2", 14: "lzma", 20: "zst", 93: "zst", 95: "xz"}
UNMARKED = ("lzma",)  # most leave out the mark at the end of their data
ENCRYPTED, DESCRIPTOR, PATCHED, STRONG, UTF8 = 0x1, 0x8, 0x20, 0x40, 0x800


def entries(
    file: BinaryIO, name: str, password: str | None, budget: Budget, level: Level
) -> Iterator[Entry]:
    infos, raw_names, start = _directory(file, budget)
    decoded = _names(infos, raw_names)
    ends = _ends(infos, start)
    for info, shown, end in zip(infos, decoded, ends, strict=True):
        if why := _unreadable(info, password):
            yield Entry(shown, skipped=why)
            continue
        yield Entry(
            shown,
            size=info.file_size,
            packed=info.compress_size,
            open=lambda info=info, end=end: _Member(file, info, end, password, budget),
        )


def _directory(file: BinaryIO, budget: Budget) -> tuple[list[AESZipInfo], list[bytes], int]:
    """What the list at the file's end says of each member that is not a folder, and where it is."""
    end = layout._EndRecData(file)
    if not end:
        raise Skip("broken: the list of members at its end is missing, as in a file cut off")
    size, place = end[layout._ECD_SIZE], end[layout._ECD_LOCATION]
    if end[layout._ECD_DISK_NUMBER] not in (0, 0xFFFF):
        raise Skip("one part of a split archive: join the parts")
    if size > MAX_DIRECTORY:
        raise Skip(f"its list of members has {size:,} bytes, more than {MAX_DIRECTORY:,}")
    if end[layout._ECD_SIGNATURE] == layout.stringEndArchive64:
        place -= layout.sizeEndCentDir64 + layout.sizeEndCentDir64Locator
    start = place - size
    before = start - end[layout._ECD_OFFSET]  # bytes that stand before the archive: a program
    if start < 0 or before < 0:
        raise Skip("broken: its list of members does not lie where its end says")
    file.seek(start)
    infos, raw_names = [], []
    for info, raw in _walk(file.read(size)):
        if raw.endswith(b"/"):
            continue
        if len(infos) >= budget.members_left:
            raise Crowded(budget.config)
        info.header_offset += before
        infos.append(info)
        raw_names.append(raw)
    return infos, raw_names, start


def _walk(directory: bytes) -> Iterator[tuple[AESZipInfo, bytes]]:
    place = 0
    while place < len(directory):
        fixed = directory[place : place + layout.sizeCentralDir]
        if len(fixed) < layout.sizeCentralDir or fixed[:4] != layout.stringCentralDir:
            raise Skip("broken: its list of members breaks off")
        parts = struct.unpack(layout.structCentralDir, fixed)
        name_size, extra_size, comment_size = parts[12:15]
        place += layout.sizeCentralDir
        raw = directory[place : place + name_size]
        place += name_size
        info = AESZipInfo()
        info.extra = directory[place : place + extra_size]
        place += extra_size + comment_size
        info.flag_bits, info.compress_type, info._raw_time = parts[5:8]
        info.CRC, info.compress_size, info.file_size = parts[9:12]
        info.external_attr, info.header_offset = parts[17:19]
        with suppress(layout.BadZipFile, struct.error):  # some tools write careless fields
            info._decodeExtra()  # sizes of large files; which AES
        yield info, raw


def _names(infos: list[AESZipInfo], raw_names: list[bytes]) -> list[str]:
    """By flag or field where they say it is UTF-8, and it is; the others decided together."""
    found: dict[int, str] = {}
    for number, (info, raw) in enumerate(zip(infos, raw_names, strict=True)):
        said = names.unicode_path(info.extra, raw)
        if said is None and info.flag_bits & UTF8:
            try:
                said = raw.decode()
            except UnicodeDecodeError:  # some tools set the flag on whatever they write
                said = None
        if said is not None:
            found[number] = said
    rest = [number for number in range(len(raw_names)) if number not in found]
    guessed = names.decode_names([raw_names[number] for number in rest])
    found.update(zip(rest, guessed, strict=True))
    return [found[number] for number in range(len(raw_names))]


def _ends(infos: list[AESZipInfo], start: int) -> list[int]:
    """Where the next thing after each member begins. Raises Skip where members overlap."""
    order = sorted(range(len(infos)), key=lambda number: infos[number].header_offset)
    ends = [start] * len(infos)
    for number, after in pairwise(order):
        ends[number] = infos[after].header_offset
    for number, info in enumerate(infos):
        least = info.header_offset + layout.sizeFileHeader + info.compress_size
        if least > ends[number]:
            raise Skip("its members overlap or lie outside it, as in a zip bomb")
    return ends


def _unreadable(info: AESZipInfo, password: str | None) -> str:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode == stat.S_IFLNK:
        return "a symbolic link"
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a device or pipe, not a file"
    if info.flag_bits & (STRONG | PATCHED):
        return "an encryption or patch of PKWARE's that is not supported"
    if info.compress_type not in (0, *METHODS):
        name = layout.compressor_names.get(info.compress_type, "unknown")
        return f"compression method {info.compress_type} ({name}) is not supported"
    if info.flag_bits & ENCRYPTED and password is None:
        return "encrypted: give its password"
    return ""


class _Packed:
    """A member's bytes as they lie in the file, decrypted."""

    def __init__(self, file: BinaryIO, start: int, size: int, budget: Budget):
        self._file, self._place, self.left, self._budget = file, start, size, budget
        self.decrypter: Any = None

    def read(self, size: int, /) -> bytes:
        self._budget.tick()
        self._file.seek(self._place)
        data = self._file.read(min(size, self.left))
        self._place += len(data)
        self.left -= len(data)
        return self.decrypter.decrypt(data) if self.decrypter else data


class _Member:
    def __init__(
        self, file: BinaryIO, info: AESZipInfo, end: int, password: str | None, budget: Budget
    ):
        file.seek(info.header_offset)
        header = file.read(layout.sizeFileHeader)
        if len(header) < layout.sizeFileHeader or header[:4] != layout.stringFileHeader:
            raise Skip("broken: no member where the list of members says")
        lengths = struct.unpack(layout.structFileHeader, header)
        start = info.header_offset + layout.sizeFileHeader + sum(lengths[10:12])
        if start + info.compress_size > end:
            raise Skip("it overlaps with another member, as in a zip bomb")
        self._file, self._info, self._end = file, info, start + info.compress_size
        self._packed = _Packed(file, start, info.compress_size, budget)
        if info.flag_bits & ENCRYPTED:
            self._decrypt(password or "")
        self._source: Readable = self._packed
        if info.compress_type:
            method = METHODS[info.compress_type]
            self._source = Decompressed(self._packed, method, marked=method not in UNMARKED)
        self._left, self._crc = info.file_size, 0

    def _decrypt(self, password: str) -> None:
        info, aes = self._info, self._info.wz_aes_version is not None
        size = AESZipDecrypter.encryption_header_length(info) if aes else 12
        seal = AESZipDecrypter.hmac_size if aes else 0
        if info.compress_size < size + seal:
            raise Skip("broken: no room for its encryption header")
        head = self._packed.read(size)
        self._packed.left -= seal
        self._end -= seal
        decrypter = AESZipDecrypter if aes else layout.CRCZipDecrypter
        try:
            self._packed.decrypter = decrypter(info, password.encode(), head)
        except RuntimeError:
            raise Skip("encrypted: the password is wrong") from None

    def read(self, size: int, /) -> bytes:
        """Raises Skip at the end where what was read is not what was packed."""
        data = self._source.read(min(size, self._left + 1))
        if len(data) > self._left:
            raise Skip(f"broken: holds more than the {self._info.file_size:,} bytes it declares")
        self._crc = zlib.crc32(data, self._crc)
        self._left -= len(data)
        if not data:
            self._check()
        return data

    def _check(self) -> None:
        if self._left:
            raise Skip(f"broken: holds less than the {self._info.file_size:,} bytes it declares")
        encrypted = self._info.flag_bits & ENCRYPTED
        if self._info.wz_aes_version is not None:
            self._check_seal()
        if self._crc != self._info.CRC and self._info.wz_aes_version != 2:
            raise Skip(
                "encrypted: the password is wrong, or it is broken (its checksum differs)"
                if encrypted
                else "broken: its checksum differs"
            )

    def _check_seal(self) -> None:
        while self._packed.read(64 << 10):  # padding that no decompressor asked for is sealed too
            pass
        self._file.seek(self._end)
        try:
            self._packed.decrypter.check_hmac(self._file.read(AESZipDecrypter.hmac_size))
        except layout.BadZipFile:
            raise Skip("broken: its seal differs (its data were changed)") from None
