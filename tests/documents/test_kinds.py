"""A file's kind is told by what is in it."""

import bz2
import gzip
import io
import lzma
import os
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
import zstandard
from PIL import Image

from tenth.documents.kinds import ARCHIVES, REFUSED, kind_of
from tenth.documents.read import PAGED, READERS, read_document
from tenth.documents.refusal import Refused


def kind(tmp_path: Path, content: bytes, name: str = "file") -> str:
    path = tmp_path / "0123abcd"  # as a member of an archive lies on the disk
    path.write_bytes(content)
    return kind_of(path, name)


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def tarred() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("报告.txt"), io.BytesIO())
    return stream.getvalue()


def picture(form: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(stream, form)
    return stream.getvalue()


def ole(*streams: str) -> bytes:
    """The smallest container with these empty streams: header, one sector of FAT, directory."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, end, 0, end, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)
    sectors = -(-(len(streams) + 1) // 4)
    chain = [fat, *range(2, sectors + 1), end]
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    entries = b""
    for i, name in enumerate(("Root Entry", *streams)):
        right = i + 1 if 0 < i < len(streams) else free  # siblings, one to the right of the other
        child = 1 if i == 0 and streams else free
        raw = name.encode("utf-16-le")
        entries += struct.pack(
            "<64sHBBIII36xIQ", raw, len(raw) + 2, 2 if i else 5, 1, free, right, child, end, 0
        )
    return header + table + entries.ljust(sectors * 512, b"\0")


SHEET, LETTER, SLIDES = openpyxl.Workbook(), docx.Document(), pptx.Presentation()


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (saved(SHEET), "book.xlsx", "xlsx"),
        (saved(SHEET), "book.zip", "xlsx"),
        (saved(SHEET), "book.pdf", "xlsx"),
        (saved(LETTER), "letter", "docx"),
        (saved(SLIDES), "slides.docx", "pptx"),
        (zipped(**{"report.docx": saved(LETTER)}), "a.docx", "zip"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "a.zip", "ods"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "a.ods", "odt"),
        (zipped(mimetype=b"application/epub+zip"), "a", "epub"),
        (
            zipped(
                mimetype=b"application/vnd.oasis.opendocument.spreadsheet",
                **{"META-INF__manifest.xml": b"<m><manifest:encryption-data/></m>"},
            ),
            "a.ods",
            "encrypted office",
        ),
        (zipped(**{"word__document.xml": b"<w/>"}), "a.docx", "zip"),
        (zipped(**{"[Content_Types].xml": b"", "word__document.xml": b"<w/>"}), "a.zip", "docx"),
        (saved(LETTER)[:3000], "cut.docx", "docx"),
        (saved(LETTER)[:3000], "cut.zip", "zip"),
        (zipped(), "empty.zip", "zip"),
        (ole("Workbook"), "a.doc", "xls"),
        (ole("Book", "Else"), "a", "xls"),
        (ole("WordDocument", "1Table"), "a.xls", "doc"),
        (ole("PowerPoint Document"), "a", "ppt"),
        (ole("__properties_version1.0"), "a", "msg"),
        (ole("EncryptionInfo", "EncryptedPackage"), "a.docx", "encrypted office"),
        (ole("Other"), "a.db", "binary"),
        (ole("Workbook")[:600], "a.xls", "xls"),
        (b"%PDF-1.7\n...", "a.txt", "pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4\n", "a", "pdf"),
        (b"HTTP/1.1 200 OK\r\n" * 50 + b"%PDF-1.4\nstartxref\n9\n%%EOF", "a", "pdf"),
        (b"# a text on %PDF-1.4 headers\n", "a.txt", "txt"),
        (picture("PNG"), "a.jpg", "image"),
        (picture("JPEG"), "a", "image"),
        (picture("TIFF"), "a", "image"),
        (picture("WEBP"), "a", "image"),
        (picture("BMP"), "a", "image"),
        (picture("GIF"), "a", "image"),
        (b"BM is how this text begins, not a picture", "a.txt", "txt"),
        (tarred(), "a", "tar"),
        (gzip.compress(tarred(), mtime=0), "a.gz", "tar"),
        (bz2.compress(tarred()), "a.tbz2", "tar"),
        (lzma.compress(tarred()), "a", "tar"),
        (zstandard.compress(tarred()), "a.tar.zst", "tar"),
        (gzip.compress(b"text", mtime=0), "a.tgz", "gz"),
        (bz2.compress(b"text"), "a", "bz2"),
        (bz2.compress(b""), "a", "bz2"),
        (lzma.compress(b"text"), "a", "xz"),
        (zstandard.compress(b"text"), "a", "zst"),
        (b"\x1f\x8b" + b"\xff" * 40, "a", "gz"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a", "7z"),
        (b"Rar!\x1a\x07\x01\0", "a", "rar"),
        (b"{\\rtf1 hello}", "a.doc", "rtf"),
        (b"", "a.pdf", "empty"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 99, "a", "binary"),
        (random.Random(0).randbytes(5000), "noise.txt", "binary"),
        (random.Random(0).randbytes(5000), "noise.pdf", "pdf"),
        (random.Random(0).randbytes(5000), "noise.png", "image"),
    ],
)
def test_content_decides(tmp_path, content, name, expected):
    assert kind(tmp_path, content, name) == expected


TABLE = "<table><tr><td>营业收入</td><td>1,234</td></tr></table>"
MAIL = "From: a@example.com\nMessage-ID: <1@example.com>\nSubject: x\n\nHello"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("hello", "a.txt", "txt"),
        ("hello", "a", "txt"),
        ("hello", "a.pdf", "txt"),
        ("# hello", "README.md", "md"),
        ('<p align="center">a readme</p>', "README.md", "md"),
        ("a,b\n1,2\n", "a.csv", "csv"),
        ("a\tb\n1\t2\n", "a.TSV", "csv"),
        ("a\tb\n1\t2\n", "export.xls", "csv"),
        ("<!DOCTYPE html><title>x</title>", "a.txt", "html"),
        ("<?xml version='1.0'?>\n<!-- x --><html xmlns='x'><p>", "a.xml.txt", "html"),
        (TABLE, "export.xls", "html"),
        (TABLE, "part.html", "html"),
        ("words without a tag", "a.htm", "html"),
        ("<DOCUMENT>\n<TYPE>10-Q\n<TEXT>\n<html><body>", "0001.txt", "html"),
        ("<!DOCTYPE html>\n<?php echo 1 ?>", "index.php", "txt"),
        ("<p> is how this sentence begins", "a.txt", "txt"),
        ('{"a": 1}', "a.jsonl", "txt"),
        ("<note/>", "a.xml", "txt"),
        (MAIL, "a", "eml"),
        ("Subject: 报告\n\nHello", "a.eml", "eml"),
        ("Subject: a memo\n\nHello", "memo.txt", "txt"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "page.xls", "eml"),
        ("From a@example.com Mon Jan  1 10:00:00 2024\n" + MAIL, "inbox", "mbox"),
        ("A log with one odd byte \x01" + "." * 400, "a.log", "txt"),
    ],
)
def test_text_is_told_apart(tmp_path, text, name, expected):
    assert kind(tmp_path, text.encode(), name) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_text_is_text_in_any_encoding(tmp_path, encoding):
    assert kind(tmp_path, "项目\n金额 100 and more\n".encode(encoding), "a.txt") == "txt"
    assert kind(tmp_path, f"<html><p>收入{TABLE}".encode(encoding), "a.xls") == "html"


def test_every_kind_has_a_reader_or_a_reason(tmp_path):
    names = {*ARCHIVES, *READERS, *PAGED}
    assert not names & set(REFUSED)
    path = tmp_path / "old.doc"
    path.write_bytes(ole("WordDocument"))
    with pytest.raises(Refused, match=r"^old\.doc: an old Word file: save it as \.docx$"):
        read_document(path)


def test_a_directory_that_lies_or_bombs_costs_nothing(tmp_path):
    lying = zipped(a=b"x")[:-10] + struct.pack("<IIH", 0xFFFFFFF0, 0, 0)
    assert kind(tmp_path, lying, "a.zip") == "zip"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for i in range(100_000):
            archive.writestr(f"{i:06}", b"")
    assert kind(tmp_path, stream.getvalue(), "many.zip") == "zip"


def test_comments_without_end_take_no_time(tmp_path):
    assert kind(tmp_path, b"<!-- x -->" * 6000 + b"<no", "a.txt") == "txt"
    assert kind(tmp_path, b"From a " + b"00:00" * 12000, "a.txt") == "txt"


def test_mutated_files_have_a_kind_too(tmp_path):
    draw = random.Random(5)
    seeds = [
        saved(SHEET),
        saved(LETTER),
        ole("Workbook", "A", "B"),
        gzip.compress(tarred(), mtime=0),
    ]
    seeds += [tarred(), picture("TIFF"), TABLE.encode(), MAIL.encode("utf-16")]
    known = {*ARCHIVES, *READERS, *PAGED, *REFUSED}
    for _ in range(400):
        content = bytearray(draw.choice(seeds))
        for _ in range(draw.randint(1, 12)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        cut = content[: draw.randint(0, len(content))] if draw.random() < 0.3 else content
        name = draw.choice(["a", "a.xls", "a.docx", "a.gz"])
        assert kind(tmp_path, bytes(cut), name) in known


def test_files_are_only_read(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(saved(SHEET))
    os.chmod(path, 0o444)
    before = path.stat().st_mtime_ns
    assert kind_of(path) == "xlsx"
    assert path.stat().st_mtime_ns == before
