import bz2
import errno
import gzip
import hashlib
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path

import py7zr
import pytest
import pyzipper
import rarfile
import zstandard
from py7zr import properties as sevenzip

from tenth.config import ReadConfig
from tenth.documents.archives.names import clean, decode_names, guess_encoding
from tenth.documents.archives.unpack import Member, open_archive
from tenth.documents.refusal import Refused

PAGE = b"Revenue was 12.3 million.\n" * 40
FILES = {"2023/q1.txt": PAGE, "2023/q2.csv": b"a,b\n1,2\n3,4\n", "empty.md": b""}


def unpack(path, tmp_path: Path, config: ReadConfig | None = None, **options) -> list[Member]:
    return list(open_archive(path, tmp_path / "spool", config, **options))


def contents(members: list[Member]) -> dict[str, bytes]:
    for member in members:
        assert not member.skipped, member
        data = member.path.read_bytes()
        assert (member.size, member.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    return {member.name: member.path.read_bytes() for member in members}


def reasons(members: list[Member]) -> dict[str, str]:
    return {member.name: member.skipped for member in members if member.skipped}


def under(name: str, files: dict[str, bytes] | None = None) -> dict[str, bytes]:
    return {f"{name}/{inner}": data for inner, data in (files or FILES).items()}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def sevenzipped(files: dict[str, bytes], **options) -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", **options) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return buffer.getvalue()


def vint(number: int) -> bytes:
    head = bytes((number & 0x7F | 0x80,)) if number > 0x7F else b""
    return head + vint(number >> 7) if head else bytes((number,))


def rar(files: dict[str, bytes], method: int = 0) -> bytes:
    """RAR 5; only members that are stored (method 0) hold what they should."""

    def block(body: bytes) -> bytes:
        sized = vint(len(body)) + body
        return zlib.crc32(sized).to_bytes(4, "little") + sized

    made = b"Rar!\x1a\x07\x01\0" + block(b"\1\0\0")
    for name, data in files.items():
        head = b"\2\2" + vint(len(data)) + b"\4" + vint(len(data)) + vint(0o100644)
        head += zlib.crc32(data).to_bytes(4, "little") + vint(method << 7) + b"\1"
        made += block(head + vint(len(name.encode())) + name.encode()) + data
    return made + block(b"\5\0\0")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, 8, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_gives_back_what_went_in_by_every_method(method, tmp_path):
    path = tmp_path / "reports.zip"
    path.write_bytes(zipped(FILES, method))
    members = unpack(path, tmp_path)
    assert contents(members) == under("reports.zip")
    assert [member.kind for member in members] == ["txt", "csv", "empty"]


@pytest.mark.parametrize(("method", "number"), [("deflate64", 9), ("zst", 93), ("xz", 95)])
def test_a_zip_of_a_newer_method_is_read_too(method, number, tmp_path):
    import inflate64

    from tests.documents.hostile_archives import zip_end, zip_entry

    deflater = inflate64.Deflater()
    packed = {
        "deflate64": lambda: deflater.deflate(PAGE) + deflater.flush(),
        "zst": lambda: zstandard.compress(PAGE),
        "xz": lambda: lzma.compress(PAGE),
    }[method]()
    said = {"method": number, "crc": zlib.crc32(PAGE), "size": len(PAGE), "packed": len(packed)}
    local, line = zip_entry(b"q1.txt", packed, 0, **said)
    path = tmp_path / "new.zip"
    path.write_bytes(local + line + zip_end(1, len(line), len(local)))
    assert contents(unpack(path, tmp_path)) == {"new.zip/q1.txt": PAGE}


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz", ".zst"])
def test_a_tar_gives_back_what_went_in_however_it_is_compressed(suffix, tmp_path):
    pack = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
    path = tmp_path / f"reports.tar{suffix}"
    path.write_bytes(pack.get(suffix, zstandard.compress)(tarred(FILES)))
    assert contents(unpack(path, tmp_path)) == under(path.name)


@pytest.mark.parametrize(
    "filters",
    [
        None,
        [{"id": sevenzip.FILTER_LZMA}],
        [{"id": sevenzip.FILTER_X86}, {"id": sevenzip.FILTER_LZMA2, "preset": 1}],
        [{"id": sevenzip.FILTER_DELTA}, {"id": sevenzip.FILTER_LZMA2, "preset": 1}],
        [{"id": sevenzip.FILTER_BZIP2}],
        [{"id": sevenzip.FILTER_DEFLATE}],
        [{"id": sevenzip.FILTER_ZSTD, "level": 3}],
        [{"id": sevenzip.FILTER_BROTLI, "level": 5}],
        [{"id": sevenzip.FILTER_COPY}],
    ],
    ids=["default", "lzma", "bcj", "delta", "bzip2", "deflate", "zstd", "brotli", "copy"],
)
def test_a_7z_gives_back_what_went_in_by_every_method(filters, tmp_path):
    files = {**FILES, "numbers.txt": os.urandom(300_000).hex().encode(), "last.txt": b"last\n"}
    path = tmp_path / "reports.7z"
    path.write_bytes(sevenzipped(files, filters=filters))
    assert contents(unpack(path, tmp_path)) == under(path.name, files)


def test_a_7z_of_a_method_that_could_crash_us_is_skipped(tmp_path):
    path = tmp_path / "reports.7z"
    ppmd = [{"id": sevenzip.FILTER_PPMD, "order": 6, "mem": 24}]
    path.write_bytes(sevenzipped({"q1.txt": PAGE}, filters=ppmd))
    assert reasons(unpack(path, tmp_path)) == {
        "reports.7z/q1.txt": "its compression (PPMd) is not supported"
    }


def test_a_7z_of_several_blocks_is_read_through(tmp_path):
    path = tmp_path / "reports.7z"
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writestr(PAGE, "a.txt")
    with py7zr.SevenZipFile(path, "a") as archive:
        archive.writestr(b"second block\n", "b.txt")
    with py7zr.SevenZipFile(path, "a") as archive:
        archive.writestr(PAGE * 2, "c.txt")
    expected = {"a.txt": PAGE, "b.txt": b"second block\n", "c.txt": PAGE * 2}
    assert contents(unpack(path, tmp_path)) == under(path.name, expected)


def test_a_rar_that_only_stores_needs_no_tool(tmp_path):
    files = {"2023/q1.txt": PAGE, "报告.md": b"# Report\n"}
    path = tmp_path / "reports.rar"
    path.write_bytes(rar(files))
    assert contents(unpack(path, tmp_path)) == under(path.name, files)


def test_a_rar_without_a_tool_says_what_to_install(tmp_path, monkeypatch):
    for tool in ("UNRAR", "UNAR", "BSDTAR", "SEVENZIP", "SEVENZIP2"):
        monkeypatch.setattr(rarfile, f"{tool}_TOOL", "no-such-tool")
    monkeypatch.setattr(rarfile, "CURRENT_SETUP", None)
    path = tmp_path / "reports.rar"
    path.write_bytes(rar({"q1.txt": PAGE}, method=3))
    with pytest.raises(Refused, match=r"reports.rar: .*install unrar, unar or 7z"):
        unpack(path, tmp_path)


def test_a_rar_with_a_wrong_checksum_is_told(tmp_path):
    path = tmp_path / "reports.rar"
    path.write_bytes(rar({"q1.txt": PAGE, "q2.txt": b"fine\n"}).replace(b"Revenue", b"Avenues"))
    first, second = unpack(path, tmp_path)
    assert first.skipped.startswith("broken") and not second.skipped


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_a_file_compressed_alone_is_one_member_without_the_suffix(suffix, tmp_path):
    pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
    path = tmp_path / f"q1.txt{suffix}"
    one = pack.get(suffix, zstandard.compress)
    path.write_bytes(one(PAGE) + one(b"and a second stream\n"))
    assert contents(unpack(path, tmp_path)) == {"q1.txt": PAGE + b"and a second stream\n"}


def test_archives_inside_archives_are_opened_whatever_their_format(tmp_path):
    inner = sevenzipped({"deep/page.txt": PAGE})
    middle = gzip.compress(tarred({"inner.7z": inner, "beside.txt": b"beside\n"}))
    path = tmp_path / "reports.zip"
    path.write_bytes(
        zipped({"a.tar.gz": middle, "q1.txt.gz": gzip.compress(PAGE), "z.txt": b"z\n"})
    )
    members = unpack(path, tmp_path)
    assert contents(members) == {
        "reports.zip/z.txt": b"z\n",
        "reports.zip/a.tar.gz/beside.txt": b"beside\n",
        "reports.zip/a.tar.gz/inner.7z/deep/page.txt": PAGE,
        "reports.zip/q1.txt": PAGE,
    }
    left = {file.name for file in (tmp_path / "spool").iterdir()}
    assert left == {member.path.name for member in members}, "nested archives are gone"


def test_office_files_are_documents_not_archives(tmp_path):
    from docx import Document
    from openpyxl import Workbook

    document, book = io.BytesIO(), io.BytesIO()
    Document().save(document)
    Workbook().save(book)
    path = tmp_path / "reports.zip"
    path.write_bytes(zipped({"a.docx": document.getvalue(), "b.xlsx": book.getvalue()}))
    members = unpack(path, tmp_path)
    assert [(member.name, member.kind) for member in members] == [
        ("reports.zip/a.docx", "docx"),
        ("reports.zip/b.xlsx", "xlsx"),
    ]
    assert members[0].path.suffix == ".docx"


def test_a_folder_is_walked_in_order_and_its_links_are_not_followed(tmp_path):
    folder = tmp_path / "reports"
    (folder / "2023").mkdir(parents=True)
    (folder / "b.txt").write_bytes(b"b\n")
    (folder / "2023" / "a.zip").write_bytes(zipped({"q1.txt": PAGE}))
    (folder / "link.txt").symlink_to("b.txt")
    os.mkfifo(folder / "pipe")
    (folder / ".DS_Store").write_bytes(b"x")
    members = unpack(folder, tmp_path)
    assert [member.name for member in members] == [
        "reports/.DS_Store",
        "reports/2023/a.zip/q1.txt",
        "reports/b.txt",
        "reports/link.txt",
        "reports/pipe",
    ]
    assert reasons(members) == {
        "reports/.DS_Store": "system file",
        "reports/link.txt": "a symbolic link",
        "reports/pipe": "a device or pipe, not a file",
    }
    assert members[2].path == folder / "b.txt", "the user's own file, where it lies"


def test_several_paths_come_one_after_the_other(tmp_path):
    one, two, broken = tmp_path / "one.zip", tmp_path / "two.txt", tmp_path / "broken.zip"
    one.write_bytes(zipped({"q1.txt": PAGE}))
    two.write_bytes(b"two\n")
    broken.write_bytes(zipped(FILES)[:-30])
    members = unpack([broken, one, two], tmp_path)
    assert [member.name for member in members] == ["broken.zip", "one.zip/q1.txt", "two.txt"]
    assert members[0].skipped.startswith("broken: the list of members at its end is missing")


def test_what_finder_and_explorer_leave_behind_is_skipped(tmp_path):
    junk = ["__MACOSX/2023/._q1.txt", ".DS_Store", "2023/Thumbs.db", "._x"]
    path = tmp_path / "mac.zip"
    path.write_bytes(zipped({**dict.fromkeys(junk, b"junk"), "q1.txt": PAGE}))
    members = unpack(path, tmp_path)
    assert reasons(members) == {f"mac.zip/{name}": "system file" for name in junk}
    assert members[-1].name == "mac.zip/q1.txt"


# What cannot be opened


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("cut.zip", zipped(FILES)[:-30], "list of members at its end is missing"),
        ("cut.7z", sevenzipped(FILES)[:-5], "exceeds the archive size|broken"),
        ("cut.tar", tarred(FILES)[:300], "broken"),
        ("none.7z", b"\0\1\2" * 100, "broken: not a 7z file"),
        ("none.zip", b"\0\1\2" * 100, "list of members at its end is missing"),
        ("none.rar", b"Rar!\x1a\x07\x01\0" + b"\1" * 50, "broken"),
    ],
)
def test_an_archive_that_cannot_be_opened_is_refused_and_named(name, content, why, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match=f"{name}: .*({why})"):
        unpack(tmp_path / name, tmp_path)


def test_a_path_that_does_not_exist_is_refused_before_anything_is_read(tmp_path):
    (tmp_path / "there.txt").write_bytes(b"x")
    with pytest.raises(Refused, match=r"nowhere\.zip: no such file"):
        open_archive([tmp_path / "there.txt", tmp_path / "nowhere.zip"], tmp_path / "spool")
    with pytest.raises(Refused, match="no path was given"):
        open_archive([], tmp_path / "spool")


def test_a_broken_archive_inside_another_is_one_skipped_member(tmp_path):
    path = tmp_path / "outer.zip"
    path.write_bytes(zipped({"cut.zip": zipped(FILES)[:-30], "q1.txt": PAGE}))
    members = unpack(path, tmp_path)
    assert [member.name for member in members] == ["outer.zip/q1.txt", "outer.zip/cut.zip"]
    assert "broken" in members[1].skipped and members[1].path is None


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".zst"])
def test_a_tar_that_breaks_off_gives_what_it_has_and_says_so(suffix, tmp_path):
    pack = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstandard.compress}
    noise = {f"{number}.txt": os.urandom(50_000).hex().encode() for number in range(9)}
    whole = pack[suffix](tarred(noise))
    path = tmp_path / f"cut.tar{suffix}"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    members = unpack(path, tmp_path)
    good = [member for member in members if not member.skipped]
    assert 3 <= len(good) < 9
    assert all(noise[member.name.split("/")[1]] == member.path.read_bytes() for member in good)
    assert members[-1].skipped, "the last line tells that it breaks off"


def test_a_tar_without_the_mark_of_its_end_says_so(tmp_path):
    path = tmp_path / "cut.tar"
    path.write_bytes(tarred({"q1.txt": b"x" * 512, "q2.txt": b"y" * 512})[: 2 * 1024])
    members = unpack(path, tmp_path)
    assert len(members) == 3 and "without the mark of its end" in members[2].skipped


@pytest.mark.parametrize("pack", [zipped, tarred, sevenzipped])
def test_a_byte_that_changed_on_the_way_is_found(pack, tmp_path):
    content = bytearray(pack({"q1.txt": os.urandom(9000), "q2.txt": b"fine\n"}))
    content[4000] ^= 1
    path = tmp_path / "changed"
    path.write_bytes(content)
    members = unpack(path, tmp_path)
    if pack is tarred:  # it has no checksums of contents
        assert not reasons(members)
    else:
        assert members[0].skipped.startswith("broken")


def test_bytes_behind_a_whole_gz_are_ignored(tmp_path):
    path = tmp_path / "q1.txt.gz"
    path.write_bytes(gzip.compress(PAGE) + bytes(512) + b"rubbish")
    assert contents(unpack(path, tmp_path)) == {"q1.txt": PAGE}


def test_a_gz_that_breaks_off_in_its_second_stream_says_so(tmp_path):
    path = tmp_path / "q1.txt.gz"
    path.write_bytes(gzip.compress(PAGE) + gzip.compress(PAGE)[:-9])
    assert "in the middle of its compressed data" in unpack(path, tmp_path)[0].skipped


# Passwords


def encrypted_zip(kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "aes":
        with pyzipper.AESZipFile(
            buffer, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword("gehéim".encode())
            for name, data in FILES.items():
                archive.writestr(name, data)
        return buffer.getvalue()
    # No library writes ZipCrypto: its bytes are made with the cipher that pyzipper decrypts with
    from tests.documents.hostile_archives import zip_end, zip_entry

    content, lines = b"", b""
    for name, data in FILES.items():
        sealed = zipcrypto("gehéim".encode(), data)
        said = {"crc": zlib.crc32(data), "size": len(data), "packed": len(sealed)}
        local, line = zip_entry(name.encode(), sealed, len(content), **said)
        content += local[:6] + b"\1\0" + local[8:]
        lines += line[:8] + b"\1\0" + line[10:]
    return content + lines + zip_end(len(FILES), len(lines), len(content))


def zipcrypto(password: bytes, data: bytes) -> bytes:
    """PKWARE's first cipher, as APPNOTE 6.1 tells it."""
    table = [_crc_table(byte) for byte in range(256)]
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = keys[0] >> 8 ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = (keys[1] + (keys[0] & 0xFF)) * 134775813 + 1 & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ table[(keys[2] ^ keys[1] >> 24) & 0xFF]

    for byte in password:
        update(byte)
    sealed = bytearray()
    for byte in bytes(11) + bytes((zlib.crc32(data) >> 24,)) + data:
        key = keys[2] | 2
        sealed.append(byte ^ (key * (key ^ 1) >> 8) & 0xFF)
        update(byte)
    return bytes(sealed)


def _crc_table(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xEDB88320 if byte & 1 else 0)
    return byte


@pytest.mark.parametrize("kind", ["aes", "zipcrypto"])
def test_an_encrypted_zip_opens_with_its_password_alone(kind, tmp_path):
    path = tmp_path / "locked.zip"
    path.write_bytes(encrypted_zip(kind))
    assert contents(unpack(path, tmp_path, password="gehéim")) == under("locked.zip")
    absent = reasons(unpack(path, tmp_path))
    assert set(absent.values()) == {"encrypted: give its password"}
    wrong = reasons(unpack(path, tmp_path, password="falsch"))
    assert len(absent) == len(wrong) == len(FILES)
    assert all(why.startswith("encrypted: the password is wrong") for why in wrong.values())


def test_a_changed_byte_in_an_encrypted_member_breaks_its_seal(tmp_path):
    path = tmp_path / "locked.zip"
    content = bytearray(encrypted_zip("aes"))
    content[30 + len("2023/q1.txt") + 11 + 40] ^= 1
    path.write_bytes(content)
    members = unpack(path, tmp_path, password="gehéim")
    assert members[0].skipped.startswith("broken") and not members[1].skipped


@pytest.mark.parametrize("header", [False, True])
def test_an_encrypted_7z_opens_with_its_password_alone(header, tmp_path):
    path = tmp_path / "locked.7z"
    path.write_bytes(sevenzipped(FILES, password="geheim", header_encryption=header))
    assert contents(unpack(path, tmp_path, password="geheim")) == under("locked.7z")
    for password, why in ((None, "give its password"), ("falsch", "the password is wrong")):
        if header:
            with pytest.raises(Refused, match=why):
                unpack(path, tmp_path, password=password)
        else:
            found = reasons(unpack(path, tmp_path, password=password))
            assert len(found) == 3 and all(why in reason for reason in found.values())


# Names

NAMES = {
    "gbk": ["2023年年度报告.pdf", "贵州茅台/资产负债表.xlsx", "新建文件夹/附件1.doc"],
    "cp932": ["決算短信.pdf", "トヨタ自動車/有価証券報告書.pdf", "表.txt"],
    "big5": ["台積電2023年年報.pdf", "會議紀錄.docx", "許功蓋.txt"],
    "euc_kr": ["삼성전자 사업보고서.pdf", "재무제표.xlsx", "새 폴더/메모.txt"],
    "cp437": ["résumé.pdf", "Geschäftsbericht.pdf", "mañana/piñata.xls"],
    "cp1252": ["résumé.pdf", "Relatório Anual São Paulo.pdf", "Größe.txt"],
    "utf-8": ["résumé.pdf", "年度报告.pdf", "決算短信.pdf"],
}
ALONE = {  # names that must be told from all others with nothing beside them
    "gbk": ["宁德时代.docx", "比亚迪.pdf", "赣锋锂业.pdf", "说明.txt", "五粮液.pdf",
            "研究报告（深度）.pdf"],
    "cp932": ["任天堂.pdf", "ソニーグループ.pdf", "日本電信電話.pdf", "能率.xls", "予算案.xlsx"],
    "big5": ["財務報告.pdf", "鴻海精密.pdf", "中華電信.pdf"],
    "euc_kr": ["현대자동차.pdf", "네이버.pdf", "감사보고서.pdf"],
    "cp437": ["résumé.pdf", "Übersicht.pdf", "été.pdf", "Öl.pdf", "garçon.doc"],
    "cp1252": ["résumé.pdf", "Übersicht.pdf", "Ärger.pdf", "ação.pdf"],
}  # fmt: skip


@pytest.mark.parametrize("encoding", NAMES)
def test_names_of_old_zips_are_right_without_a_word_on_their_encoding(encoding, tmp_path):
    from tests.documents.hostile_archives import write_zip

    path = tmp_path / "old.zip"
    write_zip(path, *((name.encode(encoding), b"x\n", {}) for name in NAMES[encoding]))
    assert [member.name for member in unpack(path, tmp_path)] == [
        f"old.zip/{name}" for name in NAMES[encoding]
    ]


@pytest.mark.parametrize(
    ("encoding", "name"), [(encoding, name) for encoding in ALONE for name in ALONE[encoding]]
)
def test_one_name_alone_is_told(encoding, name):
    assert decode_names([name.encode(encoding)]) == [name]


def test_one_broken_name_does_not_spoil_the_others():
    names = [name.encode("gbk") for name in NAMES["gbk"]] + [b"\xff\xfe\xfd.pdf"]
    assert guess_encoding(names) == "gbk"
    assert decode_names(names)[:3] == NAMES["gbk"]


def test_a_flag_or_a_field_that_says_utf8_is_believed_where_it_is_true(tmp_path):
    from tests.documents.hostile_archives import zip_end, zip_entry

    content, lines = b"", b""
    name = "报告.txt"
    field = b"\1" + zlib.crc32(b"baogao.txt").to_bytes(4, "little") + name.encode()
    extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    for raw, flag, more in (
        (name.encode(), 0x800, b""),  # said, and true
        ("报告.txt".encode("gbk"), 0x800, b""),  # said, and not true
        (b"baogao.txt", 0, extra),  # in the field beside the plain name
        (b"other.txt", 0, extra),  # the field is of another name
    ):
        local, line = zip_entry(raw, b"x", len(content))
        content += local[:6] + flag.to_bytes(2, "little") + local[8:]
        line = line[:8] + flag.to_bytes(2, "little") + line[10:]
        lines += line[:30] + len(more).to_bytes(2, "little") + line[32:] + more
    path = tmp_path / "said.zip"
    path.write_bytes(content + lines + zip_end(4, len(lines), len(content)))
    assert [member.name.split("/")[1] for member in unpack(path, tmp_path)] == [
        *["报告.txt"] * 3,
        "other.txt",
    ]


def test_names_in_a_tar_of_another_encoding_are_right(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, encoding="gbk") as tar:
        for name in NAMES["gbk"]:
            tar.addfile(tarfile.TarInfo(name))
    path = tmp_path / "old.tar"
    path.write_bytes(buffer.getvalue())
    assert [member.name for member in unpack(path, tmp_path)] == [
        f"old.tar/{name}" for name in NAMES["gbk"]
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\x.txt", "Windows/x.txt"),
        ("C:x.txt", "x.txt"),
        ("a/./b//../c", "a/b/c"),
        ("\u202egpj.exe", "\ufffdgpj.exe"),
        ("new\nline", "new\ufffdline"),
        ("..", "unnamed"),
        ("note: x.txt", "note: x.txt"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(name, shown):
    assert clean(name) == shown


# Limits


@pytest.mark.parametrize("pack", [zipped, tarred, sevenzipped])
def test_a_member_over_its_limit_is_skipped_and_the_next_one_read(pack, tmp_path):
    path = tmp_path / "some"
    path.write_bytes(pack({"large.txt": os.urandom(3000), "q1.txt": b"small\n"}))
    first, second = unpack(path, tmp_path, ReadConfig(max_member_bytes=2000))
    assert first.skipped == "larger than max_member_bytes = 2,000; raise max_member_bytes"
    assert second.path.read_bytes() == b"small\n"


@pytest.mark.parametrize("pack", [zipped, tarred, sevenzipped])
def test_a_limit_of_the_whole_ends_it_with_one_line_that_names_it(pack, tmp_path):
    files = {f"{number}.txt": os.urandom(3000) for number in range(9)}
    path = tmp_path / "some"
    path.write_bytes(pack(files))
    members = unpack(path, tmp_path, ReadConfig(max_total_bytes=20_000))
    assert 1 <= len(members) - 1 < 9 and not reasons(members[:-1])
    assert members[-1].name == "some"
    assert members[-1].skipped.startswith("unpacks to more than max_total_bytes = 20,000; raise")

    members = unpack(path, tmp_path, ReadConfig(max_members=5))
    assert members[-1].skipped.startswith("more than max_members = 5 members; raise")
    assert len(unpack(path, tmp_path, ReadConfig(max_members=9))) == 9


def test_members_of_nested_archives_count_too(tmp_path):
    inner = {f"{number}.txt": b"%d" % number for number in range(6)}
    path = tmp_path / "outer.zip"
    path.write_bytes(zipped({"a.zip": zipped(inner), "b.zip": zipped(inner)}))
    members = unpack(path, tmp_path, ReadConfig(max_members=10))
    assert len(members) == 7
    assert members[-1].name == "outer.zip/b.zip" and "max_members = 10" in members[-1].skipped


def test_time_is_counted_only_while_something_is_unpacked(tmp_path, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("tenth.documents.archives.limits.time.monotonic", lambda: clock[0])
    path = tmp_path / "some.zip"
    path.write_bytes(zipped(FILES))
    config = ReadConfig(unpack_seconds=60)
    for member in open_archive(path, tmp_path / "spool", config):
        assert not member.skipped
        clock[0] += 1000  # the caller reads its pages

    def slow() -> float:
        clock[0] += 50
        return clock[0]

    monkeypatch.setattr("tenth.documents.archives.limits.time.monotonic", slow)
    members = unpack(path, tmp_path, config)
    assert members[-1].skipped.startswith("not done after unpack_seconds = 60; raise")


def test_one_level_alone_can_be_asked_for(tmp_path):
    path = tmp_path / "outer.zip"
    path.write_bytes(zipped({"inner.zip": zipped(FILES), "q1.txt": PAGE}))
    members = unpack(path, tmp_path, ReadConfig(max_depth=1))
    assert [member.name for member in members] == ["outer.zip/q1.txt", "outer.zip/inner.zip"]
    assert "deeper than max_depth = 1" in members[1].skipped


# The spool


def test_a_second_run_over_the_spool_of_a_killed_one_gives_the_same(tmp_path):
    path = tmp_path / "reports.zip"
    path.write_bytes(zipped({**FILES, "inner.zip": zipped({"x.txt": PAGE * 2})}))
    first = unpack(path, tmp_path)
    before = {file.name: file.read_bytes() for file in (tmp_path / "spool").iterdir()}
    spoilt = first[0].path
    spoilt.write_bytes(b"half of it")
    (tmp_path / "spool" / "unfinished-0").write_bytes(b"left behind")
    assert unpack(path, tmp_path) == first
    assert before == {file.name: file.read_bytes() for file in (tmp_path / "spool").iterdir()}


def test_a_run_that_is_given_up_leaves_nothing_unfinished(tmp_path):
    path = tmp_path / "reports.zip"
    path.write_bytes(zipped({"a.zip": zipped(FILES), "q1.txt": PAGE, "q2.txt": PAGE}))
    members = open_archive(path, tmp_path / "spool")
    next(members)
    members.close()
    assert not list((tmp_path / "spool").glob("unfinished-*"))


def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path, monkeypatch):
    import resource

    path = tmp_path / "reports.zip"
    path.write_bytes(zipped({"q1.txt": os.urandom(200_000)}))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OSError, match="unfinished-") as caught:
            unpack(path, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert caught.value.errno == errno.EFBIG
    assert not list((tmp_path / "spool").iterdir())


def test_the_users_files_are_left_as_they_are(tmp_path):
    path = tmp_path / "reports.zip"
    path.write_bytes(zipped(FILES))
    path.chmod(stat.S_IRUSR)
    before = path.stat()
    unpack(path, tmp_path)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
