"""The pool against readers that really crash, hang and hoard."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import psutil
import pytest

from tenth.config import ReadConfig
from tenth.documents.page.ink import Draft
from tenth.documents.run.messages import Task
from tenth.documents.run.pool import Pool
from tenth.documents.run.store import unpack

ROOT = Path(__file__).parents[2]
CONFIG = ReadConfig(page_seconds=0.8, ocr_seconds=8.0, document_seconds=2.0)


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """broken(*lines): what a pool of two says of the pages that do so."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)

    def run(*lines: str, what="pages", kind="broken", config=CONFIG, jobs=2):
        path = tmp_path / "a.broken"
        path.write_text("\n".join(lines))
        numbers = tuple(range(1, len(lines) + 1)) if what == "pages" else ()
        with Pool(jobs, "tests.documents.breaking:perform") as pool:
            return drained(pool, Task(0, what, str(path), kind, config, numbers))

    return run


def drained(pool: Pool, *tasks: Task) -> list:
    for task in tasks:
        pool.submit(task)
    reports = []
    while pool.under_way:
        reports += [report for _, report in pool.wait(5.0)]
    return reports


def pages(reports) -> dict:
    found = {}
    for report in reports:
        if report.what == "page":
            assert report.number not in found
            found[report.number] = msgspec.json.decode(report.data, type=Draft).page
    return found


def test_pages_come_one_by_one_and_the_task_ends_once(broken):
    reports = broken("one", "two", "three")
    assert [page.text for page in pages(reports).values()] == ["one 1", "two 2", "three 3"]
    assert [report.what for report in reports] == ["page", "page", "page", "done"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("crash", "crashed its reader (signal 11)"),
        ("abort", "needs more than 384 MB (worker_bytes)"),
        ("hang", "took over 0.8 s"),
        ("bomb", "needs more than 384 MB (worker_bytes)"),
        ("raise", "broke its reader (KeyError: 'no such font')"),
    ],
)
def test_a_page_that_breaks_its_reader_costs_that_page_only(broken, fault, reason):
    reports = broken("one", fault, "three", "four")
    found = pages(reports)
    assert sorted(found) == [1, 2, 3, 4]
    assert (found[2].source, found[2].reason) == ("failed", reason)
    assert [found[n].text for n in (1, 3, 4)] == ["one 1", "three 3", "four 4"]
    assert [report.number for report in reports if report.died] == [2]
    assert [report.what for report in reports].count("done") == 1


def test_a_document_in_one_go_that_breaks_its_reader_is_told_why(broken):
    for fault, reason in [
        ("crash", "crashed its reader (signal 11)"),
        ("hang", "took over 2 s"),
        ("bomb", "needs more than 384 MB (worker_bytes)"),
    ]:
        failed, done = broken(fault, what="whole", kind="brittle")
        assert (failed.what, failed.reason, failed.died) == ("failed", reason, True)
        assert done.what == "done"


def test_a_count_that_crashes_fails_the_document_and_a_refusal_keeps_its_reason(broken):
    assert broken("no count", what="count")[0].reason == "crashed its reader (signal 11)"
    refused = broken("refused", what="count")[0]
    assert (refused.reason, refused.died) == ("locked", False)


def test_a_page_that_waits_for_a_busy_machine_is_read_after_all(broken):
    """One second without the processor, where half a second is allowed."""
    found = pages(broken("one", "wait", "three", config=ReadConfig(page_seconds=0.5)))
    assert [page.source for page in found.values()] == ["text"] * 3


def test_a_page_that_works_too_long_gets_no_second_chance(broken):
    found = pages(broken("one", "work", "three", config=ReadConfig(page_seconds=0.5)))
    assert [page.source for page in found.values()] == ["text", "failed", "text"]


def test_a_page_read_by_ocr_has_more_time(broken):
    found = pages(broken("one", "slow ocr", "three"))
    assert [page.source for page in found.values()] == ["text"] * 3


def test_after_pages_that_took_long_for_so_small_a_file_no_more_are_read(broken):
    few = ReadConfig(cpu_seconds=1.0)
    found = pages(broken("one", *["spin"] * 4, "six", "seven", config=few))
    assert [page.source for page in found.values()] == ["text"] * 3 + ["failed"] * 4
    assert found[7].reason == "not tried: those before it took over 0.6 s of processor time"


def test_pages_by_ocr_may_take_their_time(broken):
    found = pages(broken("one", *["spin ocr"] * 4, "six", config=ReadConfig(cpu_seconds=1.0)))
    assert [page.source for page in found.values()] == ["text"] * 6


def test_half_a_surrogate_pair_becomes_a_question_mark(broken):
    assert pages(broken("half"))[1].text == "half ? pair 1"
    whole = broken("half", what="whole", kind="brittle")[0]
    assert b"half ? pair" in unpack(whole.data)


def test_what_a_document_added_does_not_count_against_the_next(broken, tmp_path, monkeypatch):
    """Each task begins with its whole allowance: a process that has grown is replaced."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    path = tmp_path / "leak"
    path.write_text("leak\n")
    task = Task(0, "pages", str(path), "broken", CONFIG, (1,))
    with Pool(1, "tests.documents.breaking:perform") as pool:
        reports = drained(pool, *[task] * 4)
    assert [report.died for report in reports if report.what == "page"] == [False] * 4


def test_a_bomb_dies_long_before_the_machine_does(broken):
    config = ReadConfig(worker_bytes=100 << 20)
    reason = broken("bomb", what="whole", kind="brittle", config=config)[0].reason
    assert reason == "needs more than 100 MB (worker_bytes)"


def test_processes_that_do_not_come_up_are_an_error_not_an_endless_loop(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    task = Task(0, "pages", str(tmp_path), "broken", CONFIG, (1,))
    for perform, said in [
        ("tests.documents.nowhere:perform", "No module named 'tests.documents.nowhere'"),
        ("tests.documents.breaking:dies_at_start", "exit code 3"),
    ]:
        with Pool(1, perform) as pool, pytest.raises(ChildProcessError, match=said):
            drained(pool, task)


def test_the_jobs_run_side_by_side_and_none_is_started_in_vain(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    path = tmp_path / "a"
    path.write_text("slow ocr\n")
    task = Task(0, "pages", str(path), "broken", CONFIG, (1,))
    with Pool(3, "tests.documents.breaking:perform") as pool:
        pool.submit(task)
        pool.wait(0.0)
        assert len(pool.workers) == 1
        pool.submit(task)
        pool.wait(0.0)
        assert len(pool.workers) == 2
        start = time.monotonic()
        drained(pool)
        assert time.monotonic() - start < 5.9  # two of three seconds, and coming up


def test_dropped_tasks_are_given_back_and_not_done(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    path = tmp_path / "a"
    path.write_text("one\n")
    tasks = [Task(n, "pages", str(path), "broken", CONFIG, (1,)) for n in (0, 1, 1)]
    with Pool(1, "tests.documents.breaking:perform") as pool:
        for task in tasks:
            pool.submit(task)
        assert pool.drop(1) == tasks[1:]
        assert [report.what for report in drained(pool)] == ["page", "done"]


PARENT = """
import sys, time
from tenth.config import ReadConfig
from tenth.documents.run.messages import Task
from tenth.documents.run.pool import Pool
with Pool(2, "tests.documents.breaking:perform") as pool:
    for _ in range(2):
        pool.submit(Task(0, "pages", sys.argv[1], "broken", ReadConfig(page_seconds=99), (1,)))
    pool.wait(0.0)
    print(*[worker.process.pid for worker in pool.workers], flush=True)
    while True:
        pool.wait(1.0)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_its_parent_even_one_that_hangs(tmp_path, end):
    path = tmp_path / "a"
    path.write_text("hang\n")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(path)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert parent.stdout
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    time.sleep(1.5)  # both are in their page
    assert len(pids) == 2 and all(psutil.pid_exists(pid) for pid in pids)
    parent.send_signal(end)
    parent.wait(10)
    parent.stdout.close()
    for pid in pids:
        with_end = time.monotonic() + 5
        while psutil.pid_exists(pid) and time.monotonic() < with_end:
            time.sleep(0.05)
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"
