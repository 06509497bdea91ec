"""Reading processes: a page that crashes or hangs costs that page, and its process is replaced."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection, wait

import msgspec
import psutil

from tenth.documents.run.messages import Report, Task, decode_report, encode, over_memory
from tenth.documents.run.work import failed_page

START_SECONDS = 60.0  # for a process to come up, and for a reader's imports
MORE_TIMES = 4  # a task that is overdue without having had the processor waits on, so often
SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # jobs, not threads
PERFORM = "tenth.documents.run.work:perform"

Heard = tuple[Task, Report]


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Does tasks in up to `jobs` processes, which come up when they are needed.

    `submit` tasks, then `wait` for reports, again and again; each task ends with one "done".
    """

    def __init__(self, jobs: int, perform: str = ""):
        self.jobs, self.perform = jobs, perform or PERFORM
        self.queue: deque[Task] = deque()
        self.workers: list[_Worker] = []
        self.failed_starts = 0

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_) -> None:
        for worker in self.workers:
            worker.end()
        self.workers.clear()

    @property
    def under_way(self) -> int:
        """Tasks that are not done."""
        return len(self.queue) + sum(worker.task is not None for worker in self.workers)

    def submit(self, task: Task, first: bool = False) -> None:
        (self.queue.appendleft if first else self.queue.append)(task)

    @property
    def room(self) -> bool:
        """More tasks would find idle hands soon."""
        return len(self.queue) < 2 * self.jobs

    def drop(self, document: int) -> list[Task]:
        """Takes a document's tasks that have not begun out of the queue, and gives them back."""
        dropped = [task for task in self.queue if task.document == document]
        self.queue = deque(task for task in self.queue if task.document != document)
        return dropped

    def wait(self, seconds: float) -> list[Heard]:
        """What was heard of the tasks, once something was, or after `seconds`."""
        self._hand_out()
        now = time.monotonic()
        next_deadline = min((w.deadline for w in self.workers), default=now + seconds)
        timeout = max(0.0, min(seconds, next_deadline - now))
        heard: list[Heard] = []
        wait([worker.inbox for worker in self.workers], timeout)
        for worker in list(self.workers):
            gone = not self._listen(worker, heard)
            # Reports were taken first: a slow parent is no worker's fault
            overdue = worker.deadline < time.monotonic()
            if gone or (overdue and not worker.had_to_wait()):
                self._replace(worker, overdue=not gone, heard=heard)
        self._hand_out()
        return heard

    def _hand_out(self) -> None:
        idle = [worker for worker in self.workers if worker.task is None]
        starting = len(self.workers)
        while self.queue and (idle or starting < self.jobs):
            if not idle:
                self.workers.append(_Worker(self.perform))
                starting += 1
                idle.append(self.workers[-1])
            idle.pop().begin(self.queue.popleft())

    def _listen(self, worker: "_Worker", heard: list[Heard]) -> bool:
        """Takes all that the worker has said; False when it is gone."""
        try:
            while worker.inbox.poll():
                report = decode_report(worker.inbox.recv_bytes())
                if report.what not in ("ready", "started"):
                    if worker.task is None:
                        return False  # nobody asked
                    heard.append((worker.task, report))
                if not worker.note(report):
                    self.workers.remove(worker)
                    worker.end()
                    break
                self.failed_starts = 0 if report.what == "started" else self.failed_starts
        except (EOFError, OSError, ValueError):  # gone, or it talks nonsense
            return False
        return True

    def _replace(self, worker: "_Worker", overdue: bool, heard: list[Heard]) -> None:
        if worker not in self.workers:
            return
        self.workers.remove(worker)
        code, task = worker.end(patience=0.0 if overdue else 2.0), worker.task
        if task is None and not overdue:
            return  # it ended between two tasks: a new one comes up when it is needed
        if task is None or not worker.started:
            self.failed_starts += 1
            if self.failed_starts > 1:
                last = worker.last_words or f"exit code {code}"
                raise ChildProcessError(f"reading processes do not come up: {last}")
            if task is not None:
                self.queue.appendleft(task)
            return
        self._blame(task, worker, _cause(task, worker, overdue, code), heard)

    def _blame(self, task: Task, worker: "_Worker", reason: str, heard: list[Heard]) -> None:
        """The page in question failed; the others of its span are read by another process."""
        seconds = time.monotonic() - worker.since
        if task.what != "pages":
            heard.append((task, Report("failed", reason=reason, seconds=seconds, died=True)))
        elif worker.left:
            number, *rest = worker.left
            page = failed_page(number, reason)
            heard.append(
                (task, Report("page", number=number, data=page, seconds=seconds, died=True))
            )
            if rest:
                self.queue.appendleft(msgspec.structs.replace(task, numbers=tuple(rest)))
                return
        heard.append((task, Report("done")))


class _Worker:
    """One process, as its parent sees it."""

    def __init__(self, perform: str):
        self.errors = tempfile.TemporaryFile("a+b")  # noqa: SIM115  its standard error
        self.process = subprocess.Popen(
            # -P: what lies in the current folder is not imported
            [sys.executable, "-P", "-m", "tenth.documents.run.worker", perform],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            process_group=0,  # Ctrl-C in the terminal does not reach it
            env={**os.environ, **{name: os.environ.get(name, "1") for name in SINGLE}},
        )
        assert self.process.stdin and self.process.stdout
        self.outbox = Connection(os.dup(self.process.stdin.fileno()), readable=False)
        self.inbox = Connection(os.dup(self.process.stdout.fileno()), writable=False)
        self.process.stdin.close()
        self.process.stdout.close()
        self.task: Task | None = None
        self.left: list[int] = []  # pages of the task that are still to come
        self.started = False  # the task, that is: imports are behind it
        self.ocr = False  # of the page in work
        self.last_words = ""
        self.since = time.monotonic()
        self.deadline = self.since + START_SECONDS
        self.processor, self.extensions = 0.0, 0

    def begin(self, task: Task) -> None:
        self.task, self.left, self.started = task, list(task.numbers), False
        self.since = time.monotonic()
        self.deadline = self.since + START_SECONDS
        self.errors.truncate(0)
        with suppress(OSError):  # it is gone, which `_listen` finds out
            self.outbox.send_bytes(encode(task))

    def note(self, report: Report) -> bool:
        """Sets the clock; False when the process is to be replaced by a fresh one."""
        if report.what == "ready":
            self.deadline = time.monotonic() + START_SECONDS if self.task else float("inf")
        elif report.what == "started":
            self.started = True
            self._allow(ocr=False)
        elif report.what == "ocr":
            self._allow(ocr=True)
        elif report.what == "page":
            self.left.remove(report.number)
            self._allow(ocr=False)
        elif report.what == "done":
            assert self.task
            fresh = report.number < self.task.config.worker_bytes // 2
            self.task, self.deadline = None, float("inf")
            return fresh
        return True

    def _allow(self, ocr: bool) -> None:
        assert self.task
        self.ocr = ocr
        if not ocr:
            self.since = time.monotonic()
        self.deadline = time.monotonic() + self.task.seconds(ocr)
        self.processor, self.extensions = self._processor_seconds(), 0

    def had_to_wait(self) -> bool:
        """It is overdue because the machine was busy, or stopped: it gets its time once more."""
        if self.task is None or not self.started or self.extensions == MORE_TIMES:
            return False
        allowed = self.task.seconds(self.ocr)
        if self._processor_seconds() - self.processor > allowed / 2:
            return False
        self.extensions += 1
        self.deadline = time.monotonic() + allowed
        return True

    def _processor_seconds(self) -> float:
        with suppress(psutil.Error):
            times = psutil.Process(self.process.pid).cpu_times()
            return times.user + times.system
        return 0.0

    def end(self, patience: float = 0.0) -> int:
        """Its exit code; what has not ended after `patience` is killed with all it started."""
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            code = self.process.wait()
        self.inbox.close()
        self.outbox.close()
        self.errors.seek(0)
        lines = self.errors.read()[-4096:].decode("utf-8", "replace").strip().splitlines()
        self.last_words = lines[-1] if lines else ""
        self.errors.close()
        return code


def _cause(task: Task, worker: _Worker, overdue: bool, code: int) -> str:
    if overdue:
        return f"took over {task.seconds(worker.ocr):g} s"
    if -code in (signal.SIGABRT, signal.SIGTRAP) or "bad_alloc" in worker.last_words:
        return over_memory(task.config)
    if code == -signal.SIGPROF:
        return f"took over {task.cpu_seconds():.0f} s of processor time (cpu_seconds)"
    if code == -signal.SIGKILL:
        return "was killed by the system, most likely for want of memory"
    return f"crashed its reader (signal {-code})" if code < 0 else f"ended its reader ({code})"
