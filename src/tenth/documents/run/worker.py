"""A reading process: does one task after the other, and dies alone of a file that breaks it.

`python -m tenth.documents.run.worker MODULE:FUNCTION` takes tasks on standard input and reports on
standard output; FUNCTION(task, tell) does a task. It ends with the process that started it.
"""

import ctypes
import os
import queue
import resource
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection

import psutil

from tenth.documents.refusal import Refused
from tenth.documents.run.messages import (
    Report,
    Task,
    decode_task,
    encode,
    one_line,
    over_memory,
    plain_reason,
)

Tell = Callable[[Report], None]
OCR_BYTES = 1 << 30  # what the models and their arenas take, above what a document may
PR_SET_PDEATHSIG = 1


def main(function: str) -> None:
    _die_with_the_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    inbox = Connection(os.dup(0), writable=False)
    outbox = Connection(os.dup(1), readable=False)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # whatever a library prints does not get among the reports
    module, _, name = function.partition(":")
    perform = getattr(import_module(module), name)
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(inbox, tasks), daemon=True).start()
    outbox.send_bytes(encode(Report("ready")))
    memory = _Memory()
    while True:
        _do(tasks.get(), perform, outbox, memory)


def _listen(inbox: Connection, tasks: "queue.SimpleQueue[Task]") -> None:
    try:
        while True:
            tasks.put(decode_task(inbox.recv_bytes()))
    except (EOFError, OSError):  # the parent is gone, or does not need us any more
        os._exit(0)


def _do(task: Task, perform: Callable[[Task, Tell], None], outbox: Connection, memory: "_Memory"):
    def tell(report: Report) -> None:
        if report.what == "started":
            memory.allow(task.memory)
            limit = task.cpu_seconds() if task.what == "whole" else 0.0
            signal.setitimer(signal.ITIMER_PROF, limit)  # it ends us
        elif report.what == "ocr":
            memory.allow_ocr()
        outbox.send_bytes(encode(report))

    memory.begin()
    try:
        perform(task, tell)
    except Refused as error:
        tell(Report("failed", reason=plain_reason(error, task.path)))
    except MemoryError:
        tell(Report("failed", reason=over_memory(task.config), died=True))
    except OSError as error:
        if task.what == "finish":  # what we write cannot be written
            place = str(error.filename or task.path).encode("utf-8", "replace")
            said = error.strerror or str(error)
            tell(Report("disk", number=error.errno or 0, reason=said, data=place))
        else:
            tell(Report("failed", reason=plain_reason(error, task.path)))
    except Exception as error:
        tell(Report("failed", reason=broken_by(error), died=True))
    signal.setitimer(signal.ITIMER_PROF, 0.0)
    tell(Report("done", number=memory.grown()))


def broken_by(error: Exception) -> str:
    said = one_line(str(error))[:200]
    return f"broke its reader ({type(error).__name__}{': ' if said else ''}{said})"


class _Memory:
    """The limit on what a task may add, counted from what its readers hold once imported."""

    def __init__(self):
        self.base = self.before = _held()
        self.extra = self.allowed = 0
        self.whole = resource.getrlimit(resource.RLIMIT_DATA)[1]

    def begin(self) -> None:
        self._limit(self.whole)  # imports are not the document's fault
        self.before = _held()

    def allow(self, limit: int) -> None:
        self.base += max(0, _held() - self.before)
        self.allowed = limit
        self._limit(self.base + self.allowed + self.extra)

    def allow_ocr(self) -> None:
        self.extra = OCR_BYTES  # its models stay
        self._limit(self.base + self.allowed + self.extra)

    def grown(self) -> int:
        """Bytes above the base, without what OCR may keep."""
        return max(0, _held() - self.base - self.extra)

    def _limit(self, soft: int) -> None:
        if self.whole != resource.RLIM_INFINITY:
            soft = min(soft, self.whole)
        if sys.platform == "linux":  # elsewhere it bounds little, or nothing
            resource.setrlimit(resource.RLIMIT_DATA, (soft, self.whole))


def _held() -> int:
    """Bytes that RLIMIT_DATA counts; elsewhere than on Linux, where it counts little, the RSS."""
    memory = psutil.Process().memory_info()
    return getattr(memory, "data", memory.rss)


def _die_with_the_parent() -> None:
    """At once, also where a library holds the interpreter; else `_listen` ends us."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
