"""Runs over small archives that the tests make: what comes out, and what comes out again."""

import csv
import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import docx
import pytest

from tenth.config import ReadConfig
from tenth.documents import read_archive
from tenth.documents.run import archive as run
from tenth.documents.run import pool, reading, store
from tenth.documents.run.reading import Progress
from tenth.documents.run.workspace import Workspace
from tests.documents import breaking

ROOT = Path(__file__).parents[2]
HTML = "<html><body><h1>Wine</h1><p>It is red.</p><table><tr><td>a</td><td>1</td></tr></table>"


def word(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, texts in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(file)
    return file.getvalue()


def zipped(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return path


@pytest.fixture
def archive(tmp_path) -> Path:
    return zipped(tmp_path / "reports.zip", {
        "2024/q1.docx": word("Revenue rose.", table=[["", "2024"], ["Revenue", "1,234"]]),
        "2024/notes.txt": "One.\n\nTwo, naïve 表.\n",
        "again.txt": "One.\n\nTwo, naïve 表.\n",
        "figures.csv": "name,value\nx,\"1,5\"\n",
        "page.html": HTML,
        "odd.bin": bytes(range(256)) * 9,
        "broken.docx": b"PK\x03\x04 no more",
    })  # fmt: skip


@pytest.fixture
def brittle(monkeypatch):
    """Files of the kinds that break their reader, in this process and in the pool's."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    monkeypatch.setattr(pool, "PERFORM", "tests.documents.breaking:perform")
    monkeypatch.setitem(breaking.dispatch.READERS, "brittle", "broken")
    paged = frozenset({*breaking.dispatch.PAGED, "broken"})
    monkeypatch.setattr(breaking.dispatch, "PAGED", paged)
    monkeypatch.setattr(reading, "PAGED", paged)
    monkeypatch.setattr(run, "PAGED", paged)
    kind_of = run.open_archive.__globals__["kind_of"]

    def kind(path: Path, name: str | None = None) -> str:
        suffix = Path(name or path.name).suffix
        return suffix[1:] if suffix in (".broken", ".brittle") else kind_of(path, name)

    monkeypatch.setitem(run.open_archive.__globals__, "kind_of", kind)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def manifest(out: Path) -> dict[str, dict[str, str]]:
    return {row["member"].partition("/")[2]: row for row in table(out / "manifest.csv")}


def outputs(out: Path) -> dict[str, bytes]:
    paths = [out / "manifest.csv", *(out / "text").rglob("*"), *(out / "tables").rglob("*")]
    return {str(p.relative_to(out)): p.read_bytes() for p in paths if p.is_file()}


def rows(out: Path, query: str) -> list[tuple]:
    sql = sqlite3.connect(out / "documents.sqlite")
    try:
        return sql.execute(query).fetchall()
    finally:
        sql.close()


def test_every_member_is_in_the_manifest_and_in_its_order(archive, tmp_path):
    out = tmp_path / "out"
    summary = read_archive([archive], out, jobs=2)
    found = manifest(out)
    assert list(found) == [
        "2024/q1.docx", "2024/notes.txt", "again.txt", "figures.csv", "page.html", "odd.bin",
        "broken.docx",
    ]  # fmt: skip
    status = {name: row["status"] for name, row in found.items()}
    assert list(status.values()) == [
        "read", "read", "duplicate", "read", "read", "skipped", "failed",
    ]  # fmt: skip
    assert found["again.txt"]["duplicate_of"] == "reports.zip/2024/notes.txt"
    assert found["odd.bin"]["reason"] == "not a document"
    assert found["broken.docx"]["reason"] and "spool" not in found["broken.docx"]["reason"]
    assert dict(summary.statuses) == {"read": 4, "duplicate": 1, "skipped": 1, "failed": 1}
    assert summary.documents_read == 4 and summary.tables == 3
    assert not (out / ".spool").exists()


def test_text_and_tables_are_where_the_manifest_says(archive, tmp_path):
    out = tmp_path / "out"
    read_archive([archive], out, jobs=1)
    found = manifest(out)
    assert "Two, naïve 表." in (out / found["2024/notes.txt"]["text"]).read_text()
    assert found["2024/notes.txt"]["tables_folder"] == ""
    folder = out / found["2024/q1.docx"]["tables_folder"]
    assert (folder / "001.csv").read_bytes() == b',2024\r\nRevenue,"1,234"\r\n'
    index = table(folder / "index.csv")
    assert [(line["number"], line["rows"], line["columns"]) for line in index] == [
        ("001", "2", "2")
    ]
    assert sorted(p.name for p in (out / "text").iterdir()) == sorted(
        Path(row["text"]).name for row in found.values() if row["text"]
    )


def test_the_database_holds_what_was_read_in_one_file(archive, tmp_path):
    out = tmp_path / "out"
    read_archive([archive], out, jobs=2)
    assert rows(out, "PRAGMA integrity_check") == [("ok",)]
    assert rows(out, "PRAGMA foreign_key_check") == []
    assert [p.name for p in out.iterdir() if "sqlite" in p.name] == ["documents.sqlite"]
    cells = rows(out, "SELECT c.row, c.column, c.text FROM cells c JOIN documents d ON "
                      "d.id = c.document WHERE d.member LIKE '%q1.docx' ORDER BY 1, 2")  # fmt: skip
    assert cells == [(0, 0, ""), (0, 1, "2024"), (1, 0, "Revenue"), (1, 1, "1,234")]
    members = rows(out, "SELECT name, status, document FROM members ORDER BY id")
    assert len(members) == 7 and members[1][2] == members[2][2] and members[5][2] is None
    assert rows(out, "SELECT text FROM blocks WHERE text = 'It is red.'") == [("It is red.",)]
    assert len(rows(out, "SELECT * FROM runs")) == 1


def test_a_second_run_reads_nothing_and_leaves_the_same_bytes(archive, tmp_path):
    out = tmp_path / "out"
    read_archive([archive], out, jobs=2)
    before = outputs(out)
    times = {p: p.stat().st_mtime_ns for p in (out / "text").iterdir()}
    summary = read_archive([archive], out, jobs=1)
    assert (summary.documents_read, summary.pages_read) == (0, 0)
    assert outputs(out) == before
    assert {p: p.stat().st_mtime_ns for p in (out / "text").iterdir()} == times
    assert summary.statuses["read"] == 4 and summary.tables == 3


def test_the_number_of_jobs_changes_no_byte(archive, tmp_path):
    for jobs in (1, 3):
        read_archive([archive], tmp_path / str(jobs), jobs=jobs)
    assert outputs(tmp_path / "1") == outputs(tmp_path / "3")


def test_a_changed_member_is_read_again_and_one_that_is_gone_is_gone(archive, tmp_path):
    out = tmp_path / "out"
    read_archive([archive], out, jobs=2)
    before = manifest(out)
    zipped(archive, {
        "2024/q1.docx": word("Revenue fell."), "2024/notes.txt": "One.\n\nTwo, naïve 表.\n",
        "new.txt": "New.",
    })  # fmt: skip
    summary = read_archive([archive], out, jobs=2)
    assert summary.documents_read == 2
    after = manifest(out)
    assert list(after) == ["2024/q1.docx", "2024/notes.txt", "new.txt"]
    assert after["2024/q1.docx"]["text"] != before["2024/q1.docx"]["text"]
    assert len(list((out / "text").iterdir())) == 3 and not list((out / "tables").iterdir())
    assert len(rows(out, "SELECT * FROM documents")) == 3
    assert rows(out, "SELECT count(*) FROM cells") == [(0,)]
    assert len(list((out / ".store").iterdir())) == 3
    fresh = tmp_path / "fresh"
    read_archive([archive], fresh, jobs=2)
    assert outputs(out) == outputs(fresh)


def test_a_wrong_path_costs_nothing_that_was_read_before(archive, tmp_path):
    out, empty = tmp_path / "out", tmp_path / "empty"
    read_archive(archive, out, jobs=2)
    before = outputs(out)
    empty.mkdir()
    assert read_archive(empty, out, jobs=2).statuses.total() == 0
    assert outputs(out) == before
    assert read_archive(archive, out, jobs=2).documents_read == 0


def test_what_goes_from_the_folder_is_told(archive, tmp_path):
    out, other = tmp_path / "out", tmp_path / "other.txt"
    read_archive(archive, out, jobs=2)
    members = {name for name, row in manifest(out).items() if row["status"] == "read"}
    other.write_text("Other.")
    assert {name.partition("/")[2] for name in read_archive(other, out, jobs=2).gone} == members
    assert rows(out, "SELECT name FROM members") == [("other.txt",)]
    assert len(list((out / "text").iterdir())) == 1


def test_lost_outputs_are_written_again_without_reading(archive, tmp_path):
    out = tmp_path / "out"
    read_archive([archive], out, jobs=2)
    before = outputs(out)
    next((out / "text").glob("q1*")).unlink()
    (out / "documents.sqlite").write_bytes(b"no database any more" * 100)
    assert read_archive([archive], out, jobs=2).documents_read == 0
    assert outputs(out) == before and len(rows(out, "SELECT * FROM documents")) == 4


def test_results_of_a_forgotten_version_are_read_again(archive, tmp_path):
    out = tmp_path / "out"
    read_archive([archive], out, jobs=2)
    before = outputs(out)
    for path in (out / ".store").glob("*/whole"):
        path.write_bytes(store.pack(b'{"sheets": 3}'))
    (out / "documents.sqlite").unlink()
    assert read_archive([archive], out, jobs=2).documents_read == 4
    assert outputs(out) == before


def test_pages_that_break_make_a_document_read_in_part(brittle, tmp_path):
    (tmp_path / "a.broken").write_text("text\n" * 20 + "crash\n" + "text\n" * 9)
    (tmp_path / "b.brittle").write_text("crash\n")
    (tmp_path / "c.broken").write_text("no count\n")
    (tmp_path / "d.txt").write_text("fine")
    paths, out = sorted(tmp_path.glob("*.*")), tmp_path / "out"
    summary = read_archive(paths, out, jobs=2)
    found = {row["member"]: row for row in table(out / "manifest.csv")}
    assert [row["status"] for row in found.values()] == ["partly", "failed", "failed", "read"]
    reason = "crashed its reader (signal 11)"
    assert found["a.broken"]["reason"] == f"page 21: {reason}"
    assert (found["a.broken"]["pages"], found["a.broken"]["failed_pages"]) == ("30", "1")
    assert found["b.brittle"]["reason"] == found["c.broken"]["reason"] == reason
    assert summary.failed_pages == 1 and summary.pages_read == 30  # one is the text
    before = outputs(out)
    assert read_archive(paths, out, jobs=2).documents_read == 0  # not tried again, either
    assert outputs(out) == before
    other = read_archive(paths, out, ReadConfig(page_seconds=9), jobs=2)
    assert other.pages_read == 11  # under other limits: the rest of that span
    assert outputs(out) == before


def test_a_document_that_breaks_its_reader_again_and_again_is_given_up(brittle, tmp_path):
    (tmp_path / "a.broken").write_text("hang\n" * 200)
    (tmp_path / "b.txt").write_text("fine")
    start = time.monotonic()
    config = ReadConfig(page_seconds=0.2)
    summary = read_archive([tmp_path / "a.broken", tmp_path / "b.txt"], tmp_path / "out", config)
    assert time.monotonic() - start < 60
    assert summary.failed_pages == 200
    assert summary.statuses == {"failed": 1, "read": 1}
    (reason,) = {
        r for (r,) in rows(tmp_path / "out", "SELECT reason FROM pages WHERE number = 150")
    }
    assert reason.startswith("not tried: ")


def test_the_run_is_told_as_it_goes(archive, tmp_path):
    told: list[tuple] = []

    def tell(progress: Progress) -> None:
        told.append((progress.members, progress.documents, progress.pages, progress.unpacked))

    read_archive([archive], tmp_path / "out", jobs=1, progress=tell)
    assert told == sorted(told) and told[-1] == (7, 7, 5, True)


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(archive, tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("mine")
    with pytest.raises(ValueError, match="not empty and was not written by tenth read"):
        read_archive([archive], out)
    assert [p.name for p in out.iterdir()] == ["letter.txt"]
    with pytest.raises(ValueError, match="is a file"):
        read_archive([archive], out / "letter.txt")


def test_bad_input_leaves_no_folder_behind(tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 broken")
    for path in (tmp_path / "nowhere.zip", tmp_path / "bad.zip"):
        with pytest.raises(ValueError, match=path.name):
            read_archive([path], tmp_path / "out")
        assert not (tmp_path / "out").exists()


def test_two_runs_into_one_folder_do_not_mix(archive, tmp_path):
    out = tmp_path / "out"
    with Workspace(out), pytest.raises(ValueError, match="another tenth read is at work in"):
        read_archive([archive], out)
    read_archive([archive], out)


def test_results_that_lie_in_the_folder_that_is_read_are_not_read(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("one")
    for _ in range(2):
        read_archive([tmp_path / "in"], tmp_path / "in" / "out")
        assert list(manifest(tmp_path / "in" / "out")) == ["a.txt"]
    assert (tmp_path / "in" / "a.txt").read_text() == "one"


def test_names_that_differ_only_in_case_or_are_long_or_odd_get_files_of_their_own(tmp_path):
    names = ["A.txt", "a.txt", "x/../b?.txt", "年報" * 40 + ".txt", "年報" * 40 + "2.txt", "-.txt"]
    path = zipped(tmp_path / "a.zip", {name: f"text {i}" for i, name in enumerate(names)})
    out = tmp_path / "out"
    read_archive([path], out)
    texts = [row["text"] for row in table(out / "manifest.csv")]
    assert len({text.casefold() for text in texts}) == 6
    assert [(out / t).read_text().strip() for t in texts] == [f"text {i}" for i in range(6)]


def test_the_disk_s_trouble_ends_the_run_and_keeps_what_was_done(archive, tmp_path, monkeypatch):
    out = tmp_path / "out"
    put_whole, puts = store.Entry.put_whole, []

    def full(self, packed, seconds):
        if puts:
            raise OSError(28, "No space left on device", str(self.folder))
        puts.append(1)
        put_whole(self, packed, seconds)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(store.Entry, "put_whole", full)
        read_archive([archive], out, jobs=1)
    assert not (out / ".spool").exists() and threading.active_count() < 10
    assert read_archive([archive], out, jobs=1).documents_read == 3  # of four


COMMAND = [sys.executable, "-m", "tenth", "read"]


def test_a_run_killed_at_any_point_goes_on_to_the_same_bytes(tmp_path):
    members = {f"{n:02}.txt": f"Paragraph {n}.\n\n" * (n + 1) for n in range(20)}
    members |= {f"{n:02}.docx": word(f"Report {n}", table=[["a", str(n)]]) for n in range(20)}
    archive = zipped(tmp_path / "a.zip", members)
    read_archive([archive], tmp_path / "whole", jobs=2)
    wanted, kills = outputs(tmp_path / "whole"), 0
    for files in (2, 12, 40, 70):  # killed as soon as so many lie in its folder
        out = tmp_path / f"killed-{files}"
        command = [*COMMAND, str(archive), "-o", str(out), "--jobs", "2"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while process.poll() is None and sum(1 for _ in out.rglob("*")) < files:
            time.sleep(0.001)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
        assert subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
        assert outputs(out) == wanted
        assert rows(out, "PRAGMA integrity_check") == [("ok",)]
        assert len(rows(out, "SELECT * FROM documents")) == 40
    assert kills >= 3


def test_progress_counts_no_page_twice(brittle, tmp_path):
    (tmp_path / "a.broken").write_text("text\n" * 30 + "crash\n")
    last = Progress()

    def tell(progress: Progress) -> None:
        nonlocal last
        last = progress

    read_archive([tmp_path / "a.broken"], tmp_path / "out", jobs=2, progress=tell)
    assert last.pages == last.pages_total == 31
