"""What a run leaves of each document: its Markdown, its tables as CSV, its rows in the database."""

import csv
import io
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from tenth.config import ReadConfig
from tenth.documents.model import Chart, Document, Page, Table
from tenth.documents.read import PAGED
from tenth.documents.run.database import Database, DocumentRows
from tenth.documents.run.messages import Finished, Output
from tenth.documents.run.store import Entry
from tenth.files import atomic_open, sync_folder

TEXT, TABLES = "text", "tables"
INDEX = ("number", "page", "pages", "caption", "scale", "rows", "columns", "header_rows", "kind",
         "name")  # fmt: skip
MOST_SYNCED = 100  # files, each by itself
MOST_REASONS = 3  # of a document in the manifest
LONGEST_NAME = 160  # bytes; file systems allow 255
Pages = Iterable[tuple[Page, tuple[Table, ...]]]


def safe_name(member: str, sha256: str) -> str:
    """A name that every system takes: the member's own, and the start of its hash."""
    base = PurePosixPath(member.replace("\\", "/")).name
    plain = re.sub(r"[^\w.-]+", "-", base).strip("-.")
    plain = plain.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore")
    return f"{plain or 'file'}-{sha256[:8]}"


def write_document(output: Output, config: ReadConfig) -> Finished:
    """From the store to all outputs, in one pass. Raises Stale, or OSError of the disk.

    The database's row comes last: a document that has one has its other files too.
    """
    from tenth.documents.run.markdown import to_markdown

    out, entry = Path(output.folder), Entry(Path(output.entry_folder), output.limits)
    title, charts, warnings, pages = _opened(output, entry)
    text, tables = out / TEXT / f"{output.name}.md", TableFolder(out / TABLES / output.name)
    with Database(out) as database, database.document(output) as rows, tables:
        found = Found(rows, tables)
        for number, chart in enumerate(charts, 1):
            rows.add_chart(number, chart)
        with atomic_open(text) as file:
            for piece in to_markdown(found.through(pages), charts):
                file.write(piece.encode("utf-8", "replace"))
        tables.commit()
        finished = found.finished(len(charts), warnings, entry.total_seconds())
        rows.finish(title, output.limits if finished.failed_pages else "", finished)
    return finished


def _opened(output: Output, entry: Entry) -> tuple[str, tuple[Chart, ...], tuple[str, ...], Pages]:
    if output.kind in PAGED:
        return "", (), (), entry.pages()
    document = entry.whole()
    return document.title, document.charts, document.warnings, begun(document)


def begun(document: Document) -> Iterator[tuple[Page, tuple[Table, ...]]]:
    """Pages with the tables that begin on them, as `read.assemble` gives them."""
    start, tables = 0, document.tables
    for page in document.pages:
        named = (block.table + 1 for block in page.blocks if block.table is not None)
        end = max(named, default=start)
        while end < len(tables) and tables[end].page == page.number:
            end += 1
        yield page, tables[start:end]
        start = max(start, end)


class Found:
    """Counts what passes, and writes it."""

    def __init__(self, rows: DocumentRows, folder: "TableFolder"):
        self.rows, self.folder = rows, folder
        self.pages = self.ocr = self.failed = self.tables = 0
        self.reasons: dict[str, str] = {}  # the first of failed pages, of those read in part

    def through(self, pages: Pages) -> Iterator[tuple[Page, tuple[Table, ...]]]:
        for page, tables in pages:
            self.pages += 1
            self.ocr += page.source == "ocr"
            self.failed += page.source == "failed"
            if page.source == "failed" or (page.source == "text" and page.reason):  # not all read
                self.reasons.setdefault(page.source, f"page {page.number}: {page.reason}")
            self.rows.add_page(page)
            for table in tables:
                self.tables += 1
                self.rows.add_table(self.tables, table)
                self.folder.add(self.tables, table)
            yield page, tables

    def finished(self, charts: int, warnings: tuple[str, ...], seconds: float) -> Finished:
        told = [self.reasons[kind] for kind in ("failed", "text") if kind in self.reasons]
        reason = "; ".join([*told, *warnings][:MOST_REASONS])
        return Finished(
            self.pages, self.ocr, self.failed, self.tables, charts, reason, round(seconds, 3)
        )


class TableFolder:
    """tables/NAME/001.csv, ... and their index.csv; the folder appears complete or not at all."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.new = folder.with_name(f".{folder.name}.tmp")
        self.index: list[tuple] = []

    def __enter__(self) -> "TableFolder":
        shutil.rmtree(self.new, ignore_errors=True)
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.new, ignore_errors=True)

    def add(self, number: int, table: Table) -> None:
        pages = ";".join(str(page) for page, _ in table.parts) or str(table.page or "")
        self.index.append((f"{number:03}", table.page, pages, table.caption, table.scale,
                           table.n_rows, table.n_columns, table.header_rows, table.kind,
                           table.name))  # fmt: skip
        self.new.mkdir(exist_ok=True)
        (self.new / f"{number:03}.csv").write_bytes(csv_bytes(table.grid()))

    def commit(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.index:
            (self.new / "index.csv").write_bytes(csv_bytes([INDEX, *self.index]))
            self._sync()
            os.rename(self.new, self.folder)
            sync_folder(self.folder.parent)

    def _sync(self) -> None:
        if len(self.index) > MOST_SYNCED:
            os.sync()  # everybody's files, at once: thousands one by one take minutes
            return
        for path in self.new.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(self.new)


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """RFC 4180 in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
