"""Archives made to harm whoever unpacks them, each built by a function that takes a free path."""

import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import py7zr
import zstandard
from py7zr.properties import FILTER_DEFLATE, FILTER_ZSTD

ZEROS = bytes(32 << 20)
ESCAPES = ("../../escaped.txt", "/escaped.txt", "C:\\escaped.txt", "..\\..\\escaped.txt", "a/../b")
HOSTILE: dict[str, Callable[[Path], Any]] = {}


def hostile(suffix: str) -> Callable[[Callable[[Path], Any]], Callable[[Path], Any]]:
    def named(build: Callable[[Path], Any]) -> Callable[[Path], Any]:
        HOSTILE[build.__name__ + suffix] = build
        return build

    return named


# zip


def zip_entry(name: bytes, data: bytes, at: int, **said: int) -> tuple[bytes, bytes]:
    """A member's local header and its line in the list; `said` overrides what they say."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = raw.compress(data) + raw.flush() if said.get("method") == 8 else data
    method = said.get("method", 0)
    crc = said.get("crc", zlib.crc32(data))
    sizes = said.get("packed", len(packed)), said.get("size", len(data))
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, method, 0, 0, crc, *sizes, len(name), 0)
    line = struct.pack(
        "<4s6H3L5H2L",
        *(b"PK\1\2", 20, 20, 0, method, 0, 0, crc, *sizes, len(name), 0, 0, 0, 0),
        *(said.get("mode", 0) << 16, at),
    )
    return local + name + packed, line + name


def zip_end(count: int, size: int, start: int) -> bytes:
    count &= 0xFFFF
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, start, 0)


def write_zip(path: Path, *members: tuple[bytes, bytes, dict[str, int]]) -> None:
    content, lines = b"", b""
    for name, data, said in members:
        local, line = zip_entry(name, data, len(content), **said)
        content, lines = content + local, lines + line
    path.write_bytes(content + lines + zip_end(len(members), len(lines), len(content)))


@hostile(".zip")
def traversal(path: Path) -> None:
    write_zip(path, *((name.encode(), f"{name}\n".encode(), {}) for name in ESCAPES))


@hostile(".zip")
def links(path: Path) -> None:
    link, device = {"mode": stat.S_IFLNK | 0o777}, {"mode": stat.S_IFCHR | 0o666}
    write_zip(
        path,
        (b"link", b"/etc/passwd", link),
        (b"link/escaped.txt", b"through the link\n", {}),
        (b"device", b"", device),
    )


@hostile(".zip")
def overlapping(path: Path) -> None:
    """Each member's content is all that follows it, headers included."""
    content = zip_entry(b"0", b"x" * 100_000, 0)[0]
    whole, lines = len(content) + 299 * 33, b""
    for number in range(299):
        said = {"crc": zlib.crc32(content), "size": len(content), "packed": len(content)}
        local, line = zip_entry(b"%03d" % number, b"", whole - len(content) - 33, **said)
        content, lines = local + content, lines + line
    path.write_bytes(content + lines + zip_end(299, len(lines), len(content)))


@hostile(".zip")
def one_body_many_lines(path: Path) -> None:
    local, line = zip_entry(b"same.txt", b"x" * 1000, 0)
    path.write_bytes(local + line * 500 + zip_end(500, 500 * len(line), len(local)))


@hostile(".zip")
def flat_bomb(path: Path) -> None:
    """4 GB of zeros in 4 MB."""
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = made.compress(ZEROS) + made.flush(zlib.Z_FULL_FLUSH)
    packed = block + (block * 119)
    _, line = zip_entry(b"z.txt", b"", 0, method=8, size=120 * len(ZEROS), packed=len(packed) + 5)
    local = zip_entry(b"z.txt", b"", 0)[0]
    local = local[:8] + b"\x08\0" + local[10:]
    end = b"\x01\0\0\xff\xff"
    start = len(local) + len(packed) + len(end)
    path.write_bytes(local + packed + end + line + zip_end(1, len(line), start))


@hostile(".zip")
def bzip2_bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive,
        archive.open("z.txt", "w") as member,
    ):
        for _ in range(12):
            member.write(ZEROS)


@hostile(".zip")
def nested_bomb(path: Path) -> None:
    """16 zips of 16 zips of 16 zips of 16 MB: 64 GB."""
    inner, name = bytes(16 << 20), "zeros.txt"
    for _ in range(4):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(16):
                archive.writestr(f"{number}-{name}", inner)
        inner, name = buffer.getvalue(), "inner.zip"
    path.write_bytes(inner)


@hostile(".zip")
def too_deep(path: Path) -> None:
    inner, name = b"text\n", "text.txt"
    for depth in range(12):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(name, inner)
            archive.writestr(f"beside{depth}.txt", f"{depth}\n")
        inner, name = buffer.getvalue(), "inner.zip"
    path.write_bytes(inner)


@hostile(".zip")
def lying_sizes(path: Path) -> None:
    zeros = bytes(5_000_000)
    write_zip(
        path,
        (b"more.txt", zeros, {"method": 8, "size": 10}),
        (b"less.txt", b"few", {"method": 8, "size": 500_000_000}),
        (b"stored-less.txt", b"few", {"size": 500_000_000}),
        (b"honest.txt", b"honest\n", {}),
    )


@hostile(".zip")
def many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"{number}.txt"), b"")


@hostile(".zip")
def a_million_lines(path: Path) -> None:
    local, line = zip_entry(b"x", b"", 0)
    count = 1_000_000
    path.write_bytes(local + line * count + zip_end(count, count * len(line), len(local)))


@hostile(".zip")
def a_huge_list(path: Path) -> None:
    local, line = zip_entry(b"x" * 60_000, b"", 0)
    count = 3_000
    path.write_bytes(local + line * count + zip_end(count, count * len(line), len(local)))


@hostile(".zip")
def a_short_list_and_a_long_one(path: Path) -> None:
    """The end says 47 bytes; its 64-bit twin says a million lines."""
    local, line = zip_entry(b"x", b"", 0)
    count = 1_000_000
    start, size = len(local), count * len(line)
    long_end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
    path.write_bytes(local + line * count + long_end + locator + zip_end(1, 47, start))


# tar


def tar_header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def add(archive: tarfile.TarFile, name: str, data: bytes = b"", **fields: Any) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    archive.addfile(info, io.BytesIO(data))


@hostile(".tar")
def tar_escapes(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        for name in ESCAPES:
            add(archive, name, f"{name}\n".encode())
        add(archive, "link", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        add(archive, "link/escaped.txt", b"through the link\n")
        add(archive, "hard", type=tarfile.LNKTYPE, linkname="../../etc/passwd")
        add(archive, "device", type=tarfile.CHRTYPE, devmajor=1, devminor=5)
        add(archive, "pipe", type=tarfile.FIFOTYPE)


@hostile(".tar")
def sparse(path: Path) -> None:
    """A terabyte, and 900 MB, of holes."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for size in (10**12, 900_000_000):
            add(
                archive,
                f"{size}.txt",
                pax_headers={"GNU.sparse.map": f"{size},0", "GNU.sparse.size": str(size)},
            )
        add(archive, "after.txt", b"after\n")


@hostile(".tar.gz")
def pax_bomb(path: Path) -> None:
    """An attribute of a gigabyte."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(tar_header("p", 32 * len(ZEROS), tarfile.XHDTYPE))
        for _ in range(32):
            file.write(ZEROS)


@hostile(".tar.gz")
def long_name_bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(tar_header("././@LongLink", 32 * len(ZEROS), tarfile.GNUTYPE_LONGNAME))
        for _ in range(32):
            file.write(ZEROS)


@hostile(".tar.xz")
def pax_for_all(path: Path) -> None:
    """Attributes of the whole archive, more with each member."""
    with lzma.open(path, "wb", preset=0) as file:
        for member in range(100):
            records = b"".join(b"16 k%08d=abc\n" % (member * 15_000 + n) for n in range(15_000))
            file.write(tar_header("g", len(records), tarfile.XGLTYPE))
            file.write(records + bytes(-len(records) % 512))
            for number in range(150):
                file.write(tar_header(f"{member}-{number}.txt", 0))


@hostile(".tar.gz")
def many_in_tar(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for number in range(100_000):
            file.write(tar_header(f"{number}.txt", 0))


@hostile(".tar")
def negative_size(path: Path) -> None:
    header = bytearray(tar_header("back.txt", 0))
    header[124:136] = b"\xff" * 10 + b"\xfc\x00"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path.write_bytes(tar_header("first.txt", 0) + bytes(header) + bytes(1024))


# Compressed alone


@hostile(".gz")
def gz_bomb(path: Path) -> None:
    path.write_bytes(gzip.compress(ZEROS) * 128)


@hostile(".bz2")
def bz2_bomb(path: Path) -> None:
    import bz2

    path.write_bytes(bz2.compress(ZEROS) * 128)


@hostile(".xz")
def xz_bomb(path: Path) -> None:
    path.write_bytes(lzma.compress(ZEROS, preset=0) * 128)


@hostile(".zst")
def zst_bomb(path: Path) -> None:
    path.write_bytes(zstandard.compress(ZEROS) * 128)


@hostile(".xz")
def xz_dictionary(path: Path) -> None:
    """Asks for 3 GiB to unpack a line."""
    made = bytearray(lzma.compress(b"a line\n"))
    size = (made[12] + 1) * 4
    made[16] = 39
    made[12 + size - 4 : 12 + size] = zlib.crc32(made[12 : 12 + size - 4]).to_bytes(4, "little")
    path.write_bytes(made)


@hostile(".zst")
def zst_window(path: Path) -> None:
    """Asks for 2 GiB to unpack a line."""
    line = b"a line\n"
    block = (1 | len(line) << 3).to_bytes(3, "little") + line
    path.write_bytes(b"\x28\xb5\x2f\xfd\x00\xa8" + block)


# 7z


def write_7z(path: Path, data: list[bytes], filters: Any = None) -> None:
    with py7zr.SevenZipFile(path, "w", filters=filters) as archive:
        for number, piece in enumerate(data):
            archive.writestr(piece, f"{number}.txt")


@hostile(".7z")
def sevenzip_escapes(path: Path) -> None:
    with py7zr.SevenZipFile(path, "w") as archive:
        for name in (*ESCAPES, "link", "device"):
            archive._writef(io.BytesIO(f"{name}\n".encode()), name)
        link, device = archive.header.files_info.files[-2:]
        link["attributes"] = 0x8000 | (stat.S_IFLNK | 0o777) << 16
        device["attributes"] = 0x8000 | (stat.S_IFCHR | 0o666) << 16


@hostile(".7z")
def sevenzip_bomb(path: Path) -> None:
    write_7z(path, [ZEROS] * 16, [{"id": FILTER_ZSTD, "level": 1}])


@hostile(".7z")
def sevenzip_deflate_bomb(path: Path) -> None:
    write_7z(path, [ZEROS] * 16, [{"id": FILTER_DEFLATE}])


@hostile(".7z")
def sevenzip_lzma_bomb(path: Path) -> None:
    write_7z(path, [ZEROS] * 8, [{"id": lzma.FILTER_LZMA2, "preset": 0}])


@hostile(".7z")
def sevenzip_lying_sizes(path: Path) -> None:
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writestr(b"few", "less.txt")
        folder = archive.header.main_streams.unpackinfo.folders[0]  # type: ignore[union-attr]
        folder.compressor._unpacksizes[0] += 500_000_000


@hostile(".7z")
def sevenzip_dictionary(path: Path) -> None:
    """Asks for 4 GiB to unpack a line."""
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writestr(b"a line\n", "a.txt")
        archive.header.main_streams.unpackinfo.folders[0].coders[0]["properties"] = b"\x28"  # type: ignore


@hostile(".7z")
def sevenzip_many_members(path: Path) -> None:
    write_7z_list(path, 100_000)


@hostile(".7z")
def sevenzip_million_members(path: Path) -> None:
    write_7z_list(path, 8_000_000, names=False)


def write_7z_list(path: Path, count: int, names: bool = True) -> None:
    """Empty files, with names or without, in a list that is compressed."""
    number = b"\xff" + count.to_bytes(8, "little")
    bits = b"\xff" * (count // 8)
    listing = b"\x01\x05" + number
    listing += b"\x0e\xff" + len(bits).to_bytes(8, "little") + bits
    if names:
        text = b"\0" + b"".join(f"{n}.txt\0".encode("utf-16-le") for n in range(count))
        listing += b"\x11\xff" + len(text).to_bytes(8, "little") + text
    else:
        listing += b"\x19\xff" + count.to_bytes(8, "little") + bytes(count)
    listing += b"\0\0"
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = lzma.compress(listing, lzma.FORMAT_RAW, filters=filters)
    head = b"\x17\x06\0\x01\x09\xff" + len(packed).to_bytes(8, "little") + b"\0"
    head += b"\x07\x0b\x01\0\x01\x21\x21\x01\x10\x0c\xff" + len(listing).to_bytes(8, "little")
    head += b"\x0a\x01" + zlib.crc32(listing).to_bytes(4, "little") + b"\0\0"
    place = struct.pack("<QQL", len(packed), len(head), zlib.crc32(head))
    start = b"7z\xbc\xaf\x27\x1c\0\x04" + zlib.crc32(place).to_bytes(4, "little")
    path.write_bytes(start + place + packed + head)
