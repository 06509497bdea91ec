"""Reads tar files, compressed or not, and files that are compressed alone, as one long stream."""

import tarfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from tenth.documents.archives.limits import Budget, Entry, Level, Skip
from tenth.documents.archives.names import decode_names
from tenth.documents.archives.streams import HEADER, Counted, Decompressed, Ticking, compression

SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".tgz", ".tbz2", ".txz", ".tzst")
KINDS = {
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.LNKTYPE: "a hard link",
    tarfile.CHRTYPE: "a device or pipe, not a file",
    tarfile.BLKTYPE: "a device or pipe, not a file",
    tarfile.FIFOTYPE: "a device or pipe, not a file",
}


def entries(
    file: BinaryIO, name: str, password: str | None, budget: Budget, level: Level
) -> Iterator[Entry]:
    method = compression(file)
    source = Ticking(file, budget)
    stream = Counted(Decompressed(source, method) if method else source, budget, level)
    if not method or _is_tar(stream.peek(tarfile.BLOCKSIZE)):
        yield from _members(stream)
    else:
        yield Entry(_inner_name(name), open=lambda: stream, counted=True)


def _is_tar(block: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _inner_name(name: str) -> str:
    last = PurePosixPath(name).name
    return last.removesuffix(PurePosixPath(name).suffix) if last.endswith(SUFFIXES) else last


def _members(stream: Counted) -> Iterator[Entry]:
    odd: list[bytes] = []  # names so far that are not UTF-8: they tell the encoding together
    for tar, member in _headers(stream):
        raw = member.name.encode("utf-8", "surrogateescape")
        shown = member.name
        if any("\ud800" <= char <= "\udfff" for char in shown):
            odd = [*odd[-200:], raw]
            shown = decode_names(odd)[-1]
        if member.isdir():
            continue
        if member.type in KINDS:
            yield Entry(shown, skipped=KINDS[member.type])
            continue
        sparse = getattr(member, "sparse", None)  # (place, size) of what is not a hole
        packed = sum(size for _, size in sparse) if sparse is not None else member.size
        yield Entry(
            shown,
            size=member.size,
            packed=packed,
            open=lambda tar=tar, member=member: _Content(tar, member),
            counted=sparse is None,
        )


def _headers(stream: Counted) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """Each member, where the stream stands at its content."""
    stream.room = HEADER
    tar: Any = tarfile.TarFile(fileobj=cast(BinaryIO, stream), encoding="utf-8")
    member = tar.firstmember
    while member:
        stream.room = None
        yield tar, member
        tar.members.clear()  # else it keeps each, with its attributes
        tar.pax_headers.clear()  # of the whole archive: copied and gone through for each member
        stream.seek(tar.offset)
        stream.room = HEADER
        try:
            member = tarfile.TarInfo.fromtarfile(tar)
        except tarfile.HeaderError as error:
            if (what := type(error).__name__) == "EOFHeaderError":  # the mark at the end
                return
            if what == "EmptyHeaderError":
                raise Skip("ends without the mark of its end: members may be missing") from None
            raise Skip("broken off: what follows its last member is no header of one") from None


class _Content:
    def __init__(self, tar: tarfile.TarFile, member: tarfile.TarInfo):
        file = tar.extractfile(member)
        if file is None:
            raise Skip("not a file")
        self._file, self._left = file, member.size

    def read(self, size: int, /) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        if not data and self._left:
            raise EOFError("it ends in the middle of its content")
        return data
