"""What became of each member of an archive: the manifest's rows, and their sum."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tenth.documents.archives.unpack import Member
from tenth.documents.run.messages import Finished
from tenth.documents.run.outputs import TABLES, TEXT, csv_bytes
from tenth.files import atomic_write_bytes

MANIFEST, SECONDS = "manifest.csv", "seconds.csv"
COLUMNS = ("member", "kind", "bytes", "sha256", "status", "pages", "ocr_pages", "failed_pages",
           "tables", "charts", "reason", "duplicate_of", "text", "tables_folder")  # fmt: skip


@dataclass(eq=False)
class Row:
    """One member."""

    member: Member
    status: str = "read"  # or partly, skipped, failed, duplicate
    reason: str = ""
    found: Finished | None = None  # once it is written
    name: str = ""  # of its outputs
    key: str = ""  # of its results in the store
    first: "Row | None" = None  # whose content it repeats

    def note(self, found: Finished) -> None:
        self.found, self.reason = found, found.reason
        if found.failed_pages:
            self.status = "partly" if found.failed_pages < found.pages else "failed"

    def line(self) -> tuple:
        member, found = self.member, self.found
        row = (member.name, member.kind, member.size, member.sha256, self.status)
        if found is None:
            first = self.first.member.name if self.first else ""
            return (*row, *[""] * 5, self.reason, first, "", "")
        return (
            *row, found.pages, found.ocr_pages, found.failed_pages, found.tables, found.charts,
            self.reason, "", f"{TEXT}/{self.name}.md",
            f"{TABLES}/{self.name}" if found.tables else "",
        )  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """What came of a run."""

    out: Path
    statuses: Counter[str]
    pages: int
    ocr_pages: int
    failed_pages: int
    tables: int
    charts: int
    reasons: tuple[tuple[str, str, str], ...]  # member, status, reason: what is not read whole
    gone: tuple[str, ...]  # members of an earlier run that are not here, and whose results went
    documents_read: int  # in this run; the others had been read before
    pages_read: int
    seconds: float


def write_manifest(out: Path, rows: Iterable[Row]) -> None:
    """The same bytes for the same archive and settings: no time is in it, that is in SECONDS."""
    rows = list(rows)
    atomic_write_bytes(out / MANIFEST, csv_bytes([COLUMNS, *(row.line() for row in rows)]))
    seconds = [
        (row.member.name, f"{row.found.seconds:.3f}" if row.found else "0.000") for row in rows
    ]
    atomic_write_bytes(out / SECONDS, csv_bytes([("member", "seconds"), *seconds]))


def summed(
    out: Path,
    rows: Iterable[Row],
    gone: tuple[str, ...],
    documents_read: int,
    pages_read: int,
    seconds: float,
) -> Summary:
    rows = list(rows)
    found = [row.found for row in rows if row.found]
    return Summary(
        out=out,
        statuses=Counter(row.status for row in rows),
        pages=sum(one.pages for one in found),
        ocr_pages=sum(one.ocr_pages for one in found),
        failed_pages=sum(one.failed_pages for one in found),
        tables=sum(one.tables for one in found),
        charts=sum(one.charts for one in found),
        reasons=tuple(
            (row.member.name, row.status, row.reason)
            for row in rows
            if row.status not in ("read", "duplicate")
        ),
        gone=gone,
        documents_read=documents_read,
        pages_read=pages_read,
        seconds=seconds,
    )
