"""Reads whole archives into a folder: text, tables, a database and a manifest; resumes, repeats."""

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from tenth.config import ReadConfig
from tenth.documents.archives.unpack import Member, open_archive
from tenth.documents.read import PAGED, no_reader
from tenth.documents.run.database import Database
from tenth.documents.run.manifest import Row, Summary, summed, write_manifest
from tenth.documents.run.members import Unpacking
from tenth.documents.run.messages import Finished, Output, Report, Task
from tenth.documents.run.outputs import TABLES, TEXT, safe_name
from tenth.documents.run.pool import Pool, cores
from tenth.documents.run.reading import Progress, Reader, Reading, Work
from tenth.documents.run.store import Store
from tenth.documents.run.workspace import STORE, Workspace

AHEAD = 16  # members unpacked ahead of their reading
TURN = 0.1  # seconds at most between two looks at what is unpacked and read


def read_archive(
    paths: str | Path | Iterable[str | Path],
    out: str | Path,
    config: ReadConfig | None = None,
    jobs: int = 0,
    password: str = "",
    ray: str = "",
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Summary:
    """Reads all documents in `paths` (archives, folders, files) into the folder `out`.

    `jobs` is how many processes read, 0: one for each core. Results are kept under the hash of
    what they come from: a run that was killed goes on, and a second one reads only what is new.
    What an earlier run wrote of files that are not in `paths` any more goes (`Summary.gone`),
    unless nothing is read at all.
    Raises ValueError where the input cannot be opened or `out` is not ours, OSError of the disk.
    """
    config, jobs = config or ReadConfig(), jobs or cores()
    paths = [paths] if isinstance(paths, str | Path) else paths
    given, workspace = [Path(path) for path in paths], Workspace(Path(out))
    members = open_archive(given, workspace.spool, config, password or None)
    with workspace, ExitStack() as stack:
        local = stack.enter_context(Pool(jobs))
        reader: Reader = local
        if ray:
            from tenth.documents.run.ray import Cluster

            reader = stack.enter_context(Cluster(ray, jobs))
        unpacking = stack.enter_context(Unpacking(members, AHEAD))
        run = _Run(workspace, config, reader, local, unpacking, progress)
        return run.go()


class _Run:
    def __init__(
        self,
        workspace: Workspace,
        config: ReadConfig,
        reader: Reader,
        local: Pool,
        unpacking: Unpacking,
        progress: Callable[[Progress], None],
    ):
        self.start = time.monotonic()
        self.workspace, self.config, self.unpacking = workspace, config, unpacking
        self.reader, self.local, self.tell = reader, local, progress
        self.store = Store(workspace.out / STORE, config)
        self.progress = Progress()
        self.reading = Reading(reader, config, self.progress)
        self.rows: list[Row] = []
        self.contents: dict[tuple[str, str], Row] = {}
        self.names: set[str] = set()
        self.writing: dict[int, Work] = {}  # by document
        self.documents_read = self.pages_read = 0
        with Database(workspace.out) as database:
            self.written = _written(database)

    def go(self) -> Summary:
        while not (self.unpacking.ended and not self.reading.works and not self.writing):
            self._take_members()
            self._hear()
            self._write_next()
            self.tell(self.progress)
        return self._conclude()

    # In: members

    def _take_members(self) -> None:
        while self.reader.room and not self.unpacking.ended:
            member = self.unpacking.next_now(0.0 if self.reading.works or self.writing else TURN)
            if member is None:
                break
            self._take(member)
        self.progress.unpacked = self.unpacking.ended

    def _take(self, member: Member) -> None:
        row = Row(member)
        self.rows.append(row)
        self.progress.members += 1
        if self._is_settled(row):
            self.progress.documents += 1
            self._release(member.path)
            return
        assert member.path
        entry = self.store.entry(member.sha256, member.kind)
        index = len(self.rows) - 1
        self.reading.begin(Work(index, member.name, member.path, member.kind, entry))

    def _is_settled(self, row: Row) -> bool:
        """Whether nothing is to be read for it: not read at all, read under way, or read before."""
        member = row.member
        if reason := member.skipped or no_reader(member.kind):
            row.status, row.reason = "skipped", reason
            return True
        first = self.contents.setdefault((member.sha256, member.kind), row)
        if first is not row:
            row.status, row.first = "duplicate", first
            return True
        row.key = self.store.entry(member.sha256, member.kind).name
        row.name = self._new_name(member)
        if (found := self._found_before(row)) is not None:
            row.note(found)
        return found is not None

    def _release(self, path: Path | None) -> None:
        """Deletes an unpacked file that no document under way is read from."""
        if path is None or not path.is_relative_to(self.workspace.spool):
            return  # none, or its user's own
        works = (*self.reading.works.values(), *self.writing.values(), *self.reading.done)
        if all(work.path != path for work in works):
            path.unlink(missing_ok=True)

    def _new_name(self, member: Member) -> str:
        name = unique = safe_name(member.name, member.sha256)
        number = 1
        while unique.casefold() in self.names:
            number += 1
            unique = f"{name}-{number}"
        self.names.add(unique.casefold())
        return unique

    def _found_before(self, row: Row) -> Finished | None:
        """What an earlier run found, where all that it wrote is still there."""
        out = self.workspace.out
        limits, name, member, found = self.written.get(row.key, ("", "", "", None))
        if found is None or (name, member) != (row.name, row.member.name):
            return None
        if limits not in ("", self.store.limits) or not (out / TEXT / f"{name}.md").is_file():
            return None
        if found.tables and not (out / TABLES / name / "index.csv").is_file():
            return None
        return found

    # Out: what is read is written

    def _hear(self) -> None:
        busy = self.reader.under_way
        for task, report in self.reader.wait(TURN if busy else 0.0):
            if task.what == "finish":
                self._settle(task, report)
            else:
                self.reading.settle(task, report)
        if self.local is not self.reader:
            for task, report in self.local.wait(TURN if not busy and self.writing else 0.0):
                self._settle(task, report)

    def _write_next(self) -> None:
        """One document at a time: the database has one writer."""
        while self.reading.done and not self.writing:
            work = self.reading.done.popleft()
            row = self.rows[work.index]
            self.documents_read += bool(work.pages_read)
            self.pages_read += work.pages_read if work.kind in PAGED else 0
            if work.failure:
                row.status, row.reason = "failed", work.failure
                self._release(work.path)
                continue
            self.writing[work.index] = work
            folder, member = str(self.workspace.out), row.member
            output = Output(folder, work.entry.name, str(work.entry.folder), work.entry.limits,
                            member.name, member.kind, member.sha256, row.name)  # fmt: skip
            task = Task(work.index, "finish", str(work.path), work.kind, self.config,
                        output=output)  # fmt: skip
            self.local.submit(task, first=True)

    def _settle(self, task: Task, report: Report) -> None:
        row, work = self.rows[task.document], self.writing[task.document]
        if report.what == "finished":
            row.note(found := msgspec.json.decode(report.data, type=Finished))
            if work.pages_read and work.kind not in PAGED:
                self.pages_read += found.pages
        elif report.what == "failed":
            row.status, row.reason = "failed", report.reason
        elif report.what == "disk":
            raise OSError(report.number, report.reason, report.data.decode())
        elif report.what == "stale":
            work.entry.clear()
            if work.reread:
                row.status, row.reason = "failed", report.reason
        elif report.what == "done":
            del self.writing[task.document]
            if row.found or row.status == "failed":
                self._release(work.path)
            else:
                work.reread, work.pages_read = True, 0
                self.reading.begin(work)

    # At the end

    def _conclude(self) -> Summary:
        """Forgets what is not in the archive any more, and says what came of the rest."""
        out, seconds = self.workspace.out, time.monotonic() - self.start
        here = {row.member.name for row in self.rows}
        gone = sorted({member for _, _, member, _ in self.written.values()} - here)
        if self.written and not any(row.found for row in self.rows):
            gone = []  # a wrong path, a password that was forgotten: what was read before stays
        else:
            with Database(out) as database:
                self._write_members(database, seconds)
            self.workspace.keep_only(row.name for row in self.rows if row.found)
            self.store.keep_only({row.member.sha256 for row in self.rows})
            write_manifest(out, self.rows)
        counts = self.documents_read, self.pages_read
        return summed(out, self.rows, tuple(gone), *counts, seconds)

    def _write_members(self, database: Database, seconds: float) -> None:
        documents = {key: id_ for id_, key in database.rows("SELECT id, key FROM documents")}
        wanted = {row.key for row in self.rows if row.found}
        now = datetime.now(UTC).isoformat(timespec="seconds")
        run = (now, round(seconds, 3), version("tenth"), len(self.rows), self.documents_read,
               self.pages_read)  # fmt: skip
        with database.transaction() as sql:
            sql.executemany(
                "DELETE FROM documents WHERE key = ?",
                [(key,) for key in documents if key not in wanted],
            )
            sql.execute("DELETE FROM members")
            sql.executemany(
                "INSERT INTO members VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (number, row.member.name, row.member.kind, row.member.size, row.member.sha256,
                     row.status, row.reason, documents.get(key) if key in wanted else None)
                    for number, row in enumerate(self.rows, 1)
                    for key in [(row.first or row).key]
                ],
            )  # fmt: skip
            sql.execute("INSERT INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?)", run)


def _written(database: Database) -> dict[str, tuple[str, str, str, Finished]]:
    """What earlier runs wrote, by the key of its results."""
    query = ("SELECT key, limits, name, member, pages, ocr_pages, failed_pages, tables, charts, "
             "reason, seconds FROM documents")  # fmt: skip
    return {row[0]: (*row[1:4], Finished(*row[4:])) for row in database.rows(query)}
