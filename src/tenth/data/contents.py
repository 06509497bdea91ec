"""What is in one file: a text, its blocks, JSON lines or rows of Parquet; packed or not."""

import codecs
import gzip
import io
import json
import lzma
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from tenth.config import DataConfig

COMPRESSIONS = (".gz", ".xz", ".zst")
JSON_LINES = (".jsonl", ".ndjson")
MAX_DOCUMENT = 256 << 20  # bytes of one document, which is held in memory
BOM = codecs.BOM_UTF8
Lines = Iterable[tuple[int, str]]  # numbered from 1


@dataclass
class Reading:
    """How far the reading of the sources is; `iter_documents` fills it."""

    files: int = 0
    total: int = 0  # bytes on disk of all files
    finished: int = 0  # of them, bytes of the files that are done
    # Files that are not UTF-8 text; of archives and documents: "name: why it is not read"
    skipped: list[str] = field(default_factory=list)
    raw: BinaryIO | None = None  # the file being read, before decompression

    @property
    def done(self) -> int:
        inside = self.raw.tell() if self.raw is not None and not self.raw.closed else 0
        return min(self.finished + inside, self.total)


def texts_in_file(path: Path, config: DataConfig, reading: Reading) -> Iterator[tuple[int, str]]:
    """Pairs of a text and its number in the file: its record or first line, 0 where it is all."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSIONS:
        suffixes.pop()
    kind = suffixes[-1] if suffixes else ""
    streamed = kind in JSON_LINES or config.split_on == "blank-line"
    if kind == ".parquet":
        yield from _parquet_rows(path, config.field, reading)
    elif not streamed:
        yield from _whole(path, reading)
    elif not _is_text(path):  # looked at first: a stream cannot take back what it has given
        reading.skipped.append(str(path))
    elif kind in JSON_LINES:
        yield from _json_lines(_lines(path, reading), config.field, path)
    else:
        yield from _blocks(_lines(path, reading), path)


def texts_in_text(name: str, text: str, config: DataConfig) -> Iterator[tuple[int, str]]:
    """The same of a text that lay in an archive or a report."""
    lines = enumerate(io.StringIO(text), 1)
    if name.lower().endswith(JSON_LINES):
        yield from _json_lines(lines, config.field, name)
    elif config.split_on == "blank-line":
        yield from _blocks(lines, name)
    else:
        yield 0, text


@contextmanager
def _opened(path: Path, reading: Reading | None = None) -> Iterator[BinaryIO]:
    """A file's bytes, decompressed by its suffix; a broken archive is a ValueError."""
    with path.open("rb") as raw:
        if reading is not None:
            reading.raw = raw
        try:
            yield _decompressed(raw, path.suffix.lower())
        except (EOFError, zlib.error, lzma.LZMAError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk's trouble, not the archive's
            raise ValueError(f"{path}: cannot be decompressed: {error}") from error


def _decompressed(raw: BinaryIO, suffix: str) -> BinaryIO:
    if suffix == ".gz":
        return cast(BinaryIO, gzip.open(raw))
    if suffix == ".xz":
        return cast(BinaryIO, lzma.open(raw))
    if suffix == ".zst":
        # Arrow's reader, since zstandard's takes a truncated file for a short one
        import pyarrow

        stream: Any = pyarrow.CompressedInputStream(raw, "zstd")
        return cast(BinaryIO, io.BufferedReader(stream))
    return raw


def _is_text(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _opened(path) as stream:
        try:
            while block := stream.read(1 << 20):
                if b"\0" in block:
                    return False
                decoder.decode(block)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return False
    return True


def _whole(path: Path, reading: Reading) -> Iterator[tuple[int, str]]:
    with _opened(path, reading) as stream:
        data = stream.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        raise ValueError(
            f"{path}: one document of more than {MAX_DOCUMENT >> 20} MiB; "
            "use --split-on blank-line to make a document of each block of text"
        )
    try:
        if b"\0" in data:
            raise UnicodeDecodeError("utf-8", b"\0", 0, 1, "a binary file")
        yield 0, data.removeprefix(BOM).decode()
    except UnicodeDecodeError:
        reading.skipped.append(str(path))


def _lines(path: Path, reading: Reading) -> Iterator[tuple[int, str]]:
    with _opened(path, reading) as stream:
        number = 0
        while line := stream.readline(MAX_DOCUMENT + 1):
            number += 1
            if len(line) > MAX_DOCUMENT:
                raise ValueError(f"{path}:{number}: a line of more than {MAX_DOCUMENT >> 20} MiB")
            yield number, (line.removeprefix(BOM) if number == 1 else line).decode()


def _blocks(lines: Lines, path: Path | str) -> Iterator[tuple[int, str]]:
    """Blocks of text between blank lines, numbered by their first line."""
    block: list[str] = []
    first = size = 0
    for number, line in lines:
        if line.isspace():
            if block:
                yield first, "".join(block).rstrip("\r\n")
            block, size = [], 0
            continue
        first = first if block else number
        block.append(line)
        size += len(line)
        if size > MAX_DOCUMENT:
            raise ValueError(f"{path}:{first}: over {MAX_DOCUMENT >> 20} MiB without a blank line")
    if block:
        yield first, "".join(block).rstrip("\r\n")


def _json_lines(lines: Lines, name: str, path: Path | str) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        if line.isspace():
            continue
        where = f"{path}:{number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise ValueError(f"{where}: not JSON: {error}") from None
        if not isinstance(record, dict):
            raise ValueError(f"{where}: {_spelled(record)}, not an object with a field {name!r}")
        _need_field(name, record, where)
        yield number, _need_text(record[name], name, where)


def _parquet_rows(path: Path, name: str, reading: Reading) -> Iterator[tuple[int, str]]:
    import pyarrow
    import pyarrow.parquet

    with _opened(path, reading) as stream, tempfile.TemporaryFile() as spare:
        if path.suffix.lower() in COMPRESSIONS:  # Parquet is read from its end: it must seek
            shutil.copyfileobj(stream, spare, 1 << 20)
            stream = cast(BinaryIO, spare)
        try:
            table = pyarrow.parquet.ParquetFile(stream)
            _need_field(name, table.schema_arrow.names, str(path))
            number = 0
            for batch in table.iter_batches(batch_size=256, columns=[name]):
                for value in batch.column(0).to_pylist():
                    number += 1
                    yield number, _need_text(value, name, f"{path}: row {number}")
        except (pyarrow.ArrowInvalid, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: not Parquet of UTF-8 text: {error}") from error


def _need_field(name: str, fields: Iterable[str], where: str) -> None:
    if name not in fields:
        there = ", ".join(map(repr, fields)) or "none"
        raise ValueError(f"{where}: no field {name!r}; the fields there are: {there}")


def _need_text(value: object, name: str, where: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{where}: field {name!r} holds {_spelled(value)}, not a string")
    return value


def _spelled(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else text[:37] + "..."
