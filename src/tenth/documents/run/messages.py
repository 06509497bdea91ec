"""What the run and its reading processes say to each other, as msgpack: a task, and its reports."""

from pathlib import Path
from typing import Literal

import msgspec

from tenth.config import ReadConfig


class Output(msgspec.Struct, frozen=True):
    """Where a document that is read goes, and under which names."""

    folder: str  # the run's
    entry: str  # the name of its results in the store
    entry_folder: str  # where they lie
    limits: str  # the limits under which its failed pages failed
    member: str
    kind: str
    sha256: str
    name: str  # of its Markdown in text/ and its folder in tables/


class Task(msgspec.Struct, frozen=True):
    """One thing to do for one document, in a process that may die of it."""

    document: int
    what: Literal["count", "pages", "whole", "finish"]
    path: str
    kind: str
    config: ReadConfig
    numbers: tuple[int, ...] = ()  # the pages to read
    output: Output | None = None  # what "finish" writes

    @property
    def memory(self) -> int:
        """Bytes that it may add to its process; writing holds a document and its encoded form."""
        return self.config.worker_bytes * (2 if self.what == "finish" else 1)

    def seconds(self, ocr: bool) -> float:
        """How long it may take; a task of pages: for each of them."""
        if self.what in ("count", "pages"):
            return self.config.ocr_seconds if ocr else self.config.page_seconds
        return self.config.document_seconds * (10 if self.what == "finish" else 1)

    def cpu_seconds(self) -> float:
        """Of processor time, which a busy machine does not lengthen: what is small is read soon,
        or means harm. Of pages: after which no further one of the task is read. 0: no limit."""
        if self.what not in ("whole", "pages"):
            return 0.0
        size = Path(self.path).stat().st_size / (1 << 20)
        return self.config.cpu_seconds * (0.6 + size if self.what == "pages" else 1 + size / 2)


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a task, or of one page of it. The last of a task is "done", always."""

    what: Literal[
        "ready",  # the process is up
        "started",  # what the task needs is imported: its time and memory count from here
        "ocr",  # this page takes longer
        "counted",  # number: of pages
        "page",  # number; data: its Draft as JSON
        "whole",  # data: its Document, packed
        "finished",  # data: a Finished
        "stale",  # what the store holds of it was not written by this version
        "failed",  # reason
        "disk",  # number: the errno; reason: the file. The run cannot go on
        "done",  # number: bytes by which the process has grown
    ]
    number: int = 0
    data: bytes = b""
    reason: str = ""
    seconds: float = 0.0
    died: bool = False  # the page or document broke its reader, or would not end


class Finished(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found in a document."""

    pages: int = 0
    ocr_pages: int = 0
    failed_pages: int = 0
    tables: int = 0
    charts: int = 0
    reason: str = ""  # the first of its warnings
    seconds: float = 0.0


def encode(message: Task | Report) -> bytes:
    return msgspec.msgpack.encode(message)


def decode_task(data: bytes) -> Task:
    return msgspec.msgpack.decode(data, type=Task)


def decode_report(data: bytes) -> Report:
    return msgspec.msgpack.decode(data, type=Report)


def plain_reason(error: BaseException, path: Path | str) -> str:
    """One line, without the name that the file has for us."""
    line = one_line(str(error)) or type(error).__name__
    return line.removeprefix(f"{Path(path).name}: ")


def one_line(text: str) -> str:
    """Without what would move a terminal's cursor, or end a line: a file may say anything."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def over_memory(config: ReadConfig) -> str:
    return f"needs more than {config.worker_bytes >> 20} MB (worker_bytes)"
