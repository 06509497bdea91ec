"""Results on disk under the hash of what they were read from, so that nothing is read twice.

One folder a document, named by its content, kind, this reader's version and the settings that
matter; in it one file for each finished span of pages, or one for the whole. A file stands under
its name only when it is complete, and carries a checksum: a broken one is read again.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import msgspec
import zstandard

from tenth.config import ReadConfig
from tenth.documents.model import Document, Page, Table
from tenth.documents.page.ink import Draft
from tenth.documents.read import assemble

READER = 9  # to be raised whenever what is read from a file changes
SPAN = 12  # pages that one file of results holds
SETTINGS = ("ocr", "tables", "max_part_bytes", "max_pages", "max_cells", "max_pixels")
LIMITS = ("page_seconds", "ocr_seconds", "document_seconds", "cpu_seconds",
          "worker_bytes")  # fmt: skip

T = TypeVar("T")


class Span(msgspec.Struct):
    seconds: float
    drafts: tuple[Draft, ...]


class _RawSpan(msgspec.Struct):  # the same, with pages that are still JSON
    seconds: float
    drafts: list[msgspec.Raw]


class Count(msgspec.Struct):
    pages: int
    seconds: float = 0.0


class Failure(msgspec.Struct):
    """Why nothing is to be had from a document."""

    reason: str
    seconds: float = 0.0


class Store:
    def __init__(self, folder: Path, config: ReadConfig):
        self.folder = folder
        self.settings = _fingerprint(config, SETTINGS)
        self.limits = _fingerprint(config, LIMITS)
        folder.mkdir(parents=True, exist_ok=True)

    def entry(self, sha256: str, kind: str) -> "Entry":
        name = f"{sha256}.{re.sub(r'[^a-z0-9]', '-', kind)}.v{READER}.{self.settings}"
        return Entry(self.folder / name, self.limits)

    def keep_only(self, hashes: set[str]) -> None:
        """Drops the results of other contents, and those of earlier versions."""
        for folder in self.folder.iterdir():
            sha256, _, rest = folder.name.partition(".")
            if sha256 not in hashes or f".v{READER}." not in f".{rest}":
                shutil.rmtree(folder, ignore_errors=True)


class Entry:
    """The results of one document.

    What failed is kept under the limits of its time and memory (`limits`): with others it is
    tried again, while what was read stays.
    """

    def __init__(self, folder: Path, limits: str):
        self.folder, self.limits = folder, limits

    @property
    def name(self) -> str:
        return self.folder.name

    # One by one

    def put_count(self, count: Count) -> None:
        self._put("count", msgspec.json.encode(count))

    def count(self) -> Count | None:
        return self._get("count", Count)

    def put_failure(self, failure: Failure) -> None:
        self._put(f"failed.{self.limits}", msgspec.json.encode(failure))

    def failure(self) -> Failure | None:
        return self._get(f"failed.{self.limits}", Failure)

    def put_whole(self, packed: bytes, seconds: float) -> None:
        self._write("whole", packed)
        self._put("seconds", msgspec.json.encode(Count(0, seconds)))

    def has_whole(self) -> bool:
        return self._unpacked("whole") is not None and self.seconds() is not None

    def seconds(self) -> Count | None:
        return self._get("seconds", Count)

    def put_span(
        self, first: int, drafts: Iterable[bytes], seconds: float, under_limits: bool
    ) -> None:
        span = _RawSpan(seconds, [msgspec.Raw(draft) for draft in drafts])
        self._put(self._span_name(first, under_limits), msgspec.json.encode(span))

    def has_span(self, first: int) -> bool:
        return any(self._unpacked(self._span_name(first, bad)) is not None for bad in (0, 1))

    # All of it

    def span(self, first: int) -> Span:
        for under_limits in (False, True):
            if (span := self._get(self._span_name(first, under_limits), Span)) is not None:
                return span
        raise Stale(f"{self.name}: no pages from {first}")

    def drafts(self) -> Iterator[Draft]:
        """All pages in order, a span of them in memory."""
        for first in self._firsts():
            yield from self.span(first).drafts

    def whole(self) -> Document:
        document = self._get("whole", Document)
        if document is None:
            raise Stale(f"{self.name}: no whole document")
        return document

    def pages(self) -> Iterator[tuple[Page, tuple[Table, ...]]]:
        """A paged document's pages, whole tables with the page on which they begin."""
        return assemble(self.drafts)

    def total_seconds(self) -> float:
        counts = [self.count(), self.seconds()]
        spans = sum(self.span(first).seconds for first in self._firsts())
        return spans + sum(count.seconds for count in counts if count)

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    # On disk

    def _firsts(self) -> range:
        count = self.count()
        return range(1, count.pages + 1 if count else 1, SPAN)

    def _span_name(self, first: int, under_limits: bool | int) -> str:
        return f"{first:06}.{self.limits}" if under_limits else f"{first:06}"

    def _put(self, name: str, content: bytes) -> None:
        self._write(name, pack(content))

    def _write(self, name: str, packed: bytes) -> None:
        self.folder.mkdir(exist_ok=True)
        temporary = self.folder / f".{name}.tmp"
        try:
            temporary.write_bytes(packed)
            # Not flushed to the disk: after a power cut the checksum tells, and it is read again
            os.replace(temporary, self.folder / name)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            error.filename = error.filename or str(self.folder / name)
            raise

    def _unpacked(self, name: str) -> bytes | None:
        """The checked content; None where there is none or a broken one."""
        try:
            return unpack((self.folder / name).read_bytes())
        except (FileNotFoundError, zstandard.ZstdError):
            return None

    def _get(self, name: str, type_: type[T]) -> T | None:
        content = self._unpacked(name)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Stale(f"{self.name}: {name} is not of this version") from None


class Stale(Exception):
    """What the store holds was written by a version that forgot to raise READER, or is gone."""


def pack(content: bytes | bytearray) -> bytes:
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(content)


def unpack(packed: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(packed)


def _fingerprint(config: ReadConfig, names: Iterable[str]) -> str:
    values = asdict(config)
    text = ",".join(f"{name}={values[name]}" for name in names)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
