"""Tells office files apart that share a container: zips, and the OLE files of before 2007."""

import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO

MAX_DIRECTORY = 4 << 20  # bytes of the directory of a zip that may be an office file


def inside_zip(file: BinaryIO) -> str:
    """What an office file's parts say; "" where the zip cannot be opened."""
    if not (size := _directory_size(file)):
        return ""
    if size > MAX_DIRECTORY:
        return "zip"
    try:
        with zipfile.ZipFile(file) as parts:
            names = {name.replace("\\", "/").lower(): name for name in parts.namelist()}
            if (types := names.get("[content_types].xml")) is not None:
                return _ooxml(_start(parts, types), names)
            if (mimetype := names.get("mimetype")) is not None:
                manifest = names.get("meta-inf/manifest.xml")
                return _open_document(
                    _start(parts, mimetype), _start(parts, manifest) if manifest else b""
                )
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError, MemoryError):
        return ""
    return "zip"


def _directory_size(file: BinaryIO) -> int:
    """Bytes of a zip's directory; 0 where it has no end record, or one that lies."""
    end = file.seek(0, 2)
    try:  # the record that zipfile itself goes by, of the two that may be there
        record = zipfile._EndRecData(file)  # pyright: ignore[reportAttributeAccessIssue]
    except (zipfile.BadZipFile, OSError):
        return 0
    size = record[zipfile._ECD_SIZE] if record else 0  # pyright: ignore[reportAttributeAccessIssue]
    return size if size < end else 0


def _start(parts: zipfile.ZipFile, name: str) -> bytes:
    """A part's first bytes; none where it is encrypted or broken."""
    try:
        with parts.open(name) as part:
            return part.read(1 << 20).replace(b"\0", b"")  # UTF-16 too
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError):
        return b""


def _ooxml(types: bytes, names: Iterable[str]) -> str:
    for sign, kind in (
        (rb"ms-excel\.sheet\.binary\.macroenabled\.main", "xlsb"),
        (rb"ms-excel\.(sheet|template)\.macroenabled\.main\+xml", "xlsm"),
        (rb"spreadsheetml\.(sheet|template)\.main\+xml", "xlsx"),
        (rb"(wordprocessingml\.|ms-word\.)\w+(\.macroenabled\w*)?\.main\+xml", "docx"),
        (rb"(presentationml\.|ms-powerpoint\.)\w+(\.macroenabled)?\.main\+xml", "pptx"),
    ):
        if re.search(sign, types.lower()):
            return kind
    for part, kind in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("xl/workbook.bin", "xlsb"),
        ("ppt/presentation.xml", "pptx"),
    ):
        if part in names:
            return kind
    return "zip"


def _open_document(mimetype: bytes, manifest: bytes) -> str:
    mimetype = mimetype.strip()
    for sign, kind in (("spreadsheet", "ods"), ("text", "odt"), ("presentation", "odp")):
        if mimetype.startswith(b"application/vnd.oasis.opendocument." + sign.encode()):
            return "encrypted office" if b"encryption-data" in manifest else kind
    return "epub" if mimetype == b"application/epub+zip" else "zip"


def inside_ole(file: BinaryIO) -> str:
    """What the streams of an old office file's directory say; "" where it cannot be opened."""
    import olefile

    file.seek(0)
    try:
        with olefile.OleFileIO(file) as container:
            streams = {entry[0] for entry in container.listdir() if len(entry) == 1}
    except Exception:  # a broken one, whatever breaks
        return ""
    for stream, kind in (
        ("EncryptedPackage", "encrypted office"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("WordDocument", "doc"),
        ("PowerPoint Document", "ppt"),
        ("__properties_version1.0", "msg"),
    ):
        if stream in streams:
            return kind
    return "binary"
