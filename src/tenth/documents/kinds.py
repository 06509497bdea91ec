"""Tells what a file is, by its content first and by its suffix where the content does not say."""

import bz2
import lzma
import re
import tarfile
import zlib
from pathlib import Path
from typing import BinaryIO

from tenth.documents.containers import inside_ole, inside_zip
from tenth.documents.text.encoding import readable

HEAD = 64 << 10  # bytes a kind is told by
PEEK = 1 << 20  # compressed bytes read to see a tar inside: bzip2 gives nothing before a block ends

ARCHIVES = frozenset({"zip", "7z", "tar", "rar", "gz", "bz2", "xz", "zst"})
REFUSED = {  # kind: what it is and what to do about it
    "doc": "an old Word file: save it as .docx",
    "ppt": "an old PowerPoint file: save it as .pptx",
    "odt": "an OpenDocument text: save it as .docx or PDF",
    "odp": "an OpenDocument presentation: save it as .pptx or PDF",
    "rtf": "a Rich Text file: save it as .docx",
    "msg": "an Outlook message: save it as .eml",
    "epub": "an e-book: save it as PDF or HTML",
    "mbox": "a mailbox: export its messages as .eml files",
    "encrypted office": "an encrypted office file: save it without its password",
    "empty": "an empty file",
    "binary": "not a document",
}

# Their text is kept whole, and markup inside it is theirs
CODE_SUFFIXES = frozenset(
    (
        ".py", ".pyi", ".c", ".h", ".cc", ".cpp", ".hpp", ".cu", ".cs", ".go", ".rs", ".java",
        ".kt", ".scala", ".swift", ".m", ".js", ".mjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte",
        ".php", ".rb", ".pl", ".lua", ".r", ".jl", ".sh", ".bash", ".zsh", ".ps1", ".bat", ".sql",
        ".css", ".scss", ".less", ".svg", ".json", ".jsonl", ".ndjson", ".xml", ".xsl", ".xsd",
        ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".tex", ".bib", ".log", ".diff",
        ".patch", ".ipynb", ".proto", ".cmake", ".mk", ".jinja", ".j2", ".erb", ".hs", ".ml",
        ".clj", ".ex", ".erl", ".f90", ".asm", ".s",
    )
)  # fmt: skip
SUFFIXES = {  # what content alone cannot tell
    ".md": "md",
    ".markdown": "md",
    ".mdown": "md",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
    ".xls": "csv",  # many an "Excel export" is a table of text
    ".xlsx": "csv",
    ".eml": "eml",
    ".mht": "eml",
    ".mhtml": "eml",
    ".mbox": "mbox",
}
# A file that is nothing we know, but called so: its reader says what is wrong with it
BROKEN = {
    **{
        "." + kind: kind
        for kind in (
            "pdf", "docx", "xlsx", "xlsm", "xlsb", "xls", "ods", "pptx", "doc", "ppt", "msg",
            "odt", "odp", "epub", "zip", "7z", "tar", "rar", "gz", "bz2", "xz", "zst",
        )
    },
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif"), "image"),
    **dict.fromkeys((".tgz", ".tbz2", ".txz", ".tzst"), "tar"),
}  # fmt: skip
MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"II+\0", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gz"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
)


def kind_of(path: Path, name: str | None = None) -> str:
    """The kind of the file `path`, which its user calls `name`: "pdf", "docx", "zip", "txt", ...

    Its bytes decide; the suffix only where they leave a choice (a .md and a .txt look the same).
    Never raises for what a file contains.
    """
    suffix = Path(name or path.name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            return "empty"
        kind = _by_magic(head)
        if kind in ("gz", "bz2", "xz", "zst"):
            return "tar" if _is_tar(_unpacked(kind, head + file.read(PEEK))) else kind
        if kind == "zip":
            return inside_zip(file) or BROKEN.get(suffix, "zip")
        if kind == "ole":
            return inside_ole(file) or BROKEN.get(suffix, "binary")
        if kind:
            return kind
        if _is_pdf(head, file):
            return "pdf"
    if (text := readable(head)) is not None:
        return _of_text(text, suffix)
    return BROKEN.get(suffix, "binary")


def _by_magic(head: bytes) -> str:
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    if head[:2] == b"BM" and head[14:18] in {
        bytes((n, 0, 0, 0)) for n in (12, 40, 52, 56, 108, 124)
    }:
        return "image"
    if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bz2"
    return "tar" if _is_tar(head) else ""


def _is_pdf(head: bytes, file: BinaryIO) -> bool:
    """The header may follow up to 1 KiB of junk; a text that only mentions it has no end of one."""
    place = head.find(b"%PDF-", 0, 1024 + 5)
    if place < 0 or not head[:place].strip(b"\xef\xbb\xbf\0 \t\r\n"):
        return place >= 0
    file.seek(max(0, file.seek(0, 2) - 2048))
    return b"startxref" in file.read()


# Compressed


def _is_tar(head: bytes) -> bool:
    try:  # its checksum must be right
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, OverflowError):
        return False
    return True


def _unpacked(kind: str, packed: bytes) -> bytes:
    """The first 512 bytes inside, or fewer. What comes out and what it costs are bounded."""
    try:
        if kind == "gz":
            return zlib.decompressobj(wbits=31).decompress(packed, 512)
        if kind == "bz2":
            return bz2.BZ2Decompressor().decompress(packed, 512)
        if kind == "xz":
            return lzma.LZMADecompressor(memlimit=128 << 20).decompress(packed, 512)
        import zstandard

        unpack = zstandard.ZstdDecompressor(max_window_size=128 << 20)
        with unpack.stream_reader(packed) as stream:
            return stream.read(512)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError):
        return b""
    except Exception as error:  # zstandard's own, which is imported only where it is needed
        if type(error).__name__ != "ZstdError":
            raise
        return b""


# Text

HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t\r\n]")
ADDRESSES = ("from", "to", "subject", "date", "message-id", "received", "mime-version")
HTML = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(?>(<!--.*?-->\s*)*)<(!doctype\s+html|html[\s>])", re.I | re.S
)
EDGAR = re.compile(r"\s*<(SEC-)?DOCUMENT>.{1,4000}?<html[\s>]", re.I | re.S)
FRAGMENT = re.compile(
    r"\s*(?>(<!--.*?-->\s*)*)<(head|body|meta|table|div|style|p|center|font|h[1-6]|ul|ol)[\s>]",
    re.I | re.S,
)


def _of_text(text: str, suffix: str) -> str:
    text = text.lstrip("\ufeff").removeprefix("\xef\xbb\xbf")
    named = SUFFIXES.get(suffix, "txt")
    if suffix in CODE_SUFFIXES or named == "md":
        return named
    if _is_mail(text, named == "eml"):
        return "eml"
    if re.match(r"From \S{1,99} .{0,40}\d\d:\d\d.{0,40}\n[A-Za-z-]+:", text):
        return "mbox"
    if HTML.match(text) or EDGAR.match(text) or (FRAGMENT.match(text) and "</" in text):
        return "html"
    if suffix in (".xls", ".xlsx"):
        return "csv" if "\t" in text or "," in text else "txt"
    return "txt" if named in ("eml", "mbox") else named


def _is_mail(text: str, named: bool) -> bool:
    """Headers before all else: one in a file called so, else the ones that only mail has."""
    top = re.split(r"\r?\n\r?\n", text[:16384], maxsplit=1)[0]
    if not HEADER.match(top):
        return False
    headers = {
        match[1].lower() for line in top.splitlines() if (match := HEADER.match(line + "\n"))
    }
    known = headers.intersection(ADDRESSES)
    return bool(known) if named else "mime-version" in headers or {"from", "message-id"} <= headers
