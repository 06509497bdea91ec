"""Spreads reading over a Ray cluster: the same tasks in the same protected processes, elsewhere.

Every node has tenth[read,ray]. A document's bytes go through Ray's object store; what comes back
lands in the run's own store, so that the results are the same as without Ray.
"""

import os
import sys
import tempfile
from collections import Counter, deque
from pathlib import Path
from typing import Any

import msgspec
import ray
from ray.exceptions import RayError

from tenth.documents.run.messages import Report, Task, decode_report, decode_task, encode
from tenth.documents.run.pool import Pool

LOCAL = "local"  # the address that starts a cluster on this machine
TURN = 5.0  # seconds at most that a node waits for its process to say something


class Cluster:
    """A reader (`reading.Reader`) whose processes are those of a cluster."""

    def __init__(self, address: str, jobs: int):
        self.address, self.jobs = address, jobs
        self.queue: deque[Task] = deque()
        self.running: dict[Any, Task] = {}  # by what Ray will give
        self.contents: dict[int, Any] = {}  # of the documents under way
        self.slots = jobs

    def __enter__(self) -> "Cluster":
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "error"}
        if self.address == LOCAL:
            ray.init(num_cpus=self.jobs, include_dashboard=False, **quiet)
        else:
            ray.init(address=self.address, **quiet)
        self.slots = max(1, int(ray.cluster_resources().get("CPU", 1)))
        self.read = ray.remote(_read).options(num_cpus=1, max_retries=2)
        return self

    def __exit__(self, *_) -> None:
        for given in self.running:
            ray.cancel(given, force=True)
        ray.shutdown()

    @property
    def under_way(self) -> int:
        return len(self.queue) + len(self.running)

    @property
    def room(self) -> bool:
        return self.under_way < 3 * self.slots

    def submit(self, task: Task, first: bool = False) -> None:
        (self.queue.appendleft if first else self.queue.append)(task)

    def drop(self, document: int) -> list[Task]:
        dropped = [task for task in self.queue if task.document == document]
        self.queue = deque(task for task in self.queue if task.document != document)
        return dropped

    def wait(self, seconds: float) -> list[tuple[Task, Report]]:
        self._hand_out()
        if not self.running:
            return []
        ready, _ = ray.wait(list(self.running), num_returns=1, timeout=seconds)
        if ready:
            ready, _ = ray.wait(list(self.running), num_returns=len(self.running), timeout=0)
        heard = []
        for given in ready:
            task = self.running.pop(given)
            heard += [(task, report) for report in _reports(given)]
        return heard

    def _hand_out(self) -> None:
        wanted = Counter(task.document for task in (*self.queue, *self.running.values()))
        for document in [d for d in self.contents if not wanted[d]]:
            del self.contents[document]  # Ray forgets it
        while self.queue and len(self.running) < 2 * self.slots:
            task = self.queue.popleft()
            if task.document not in self.contents:
                self.contents[task.document] = ray.put(Path(task.path).read_bytes())
            self.running[self.read.remote(self.contents[task.document], encode(task))] = task


def _reports(given: Any) -> list[Report]:
    try:
        return [decode_report(data) for data in ray.get(given)]
    except RayError as error:  # a node went down, again and again
        reason = f"was lost on the cluster ({type(error).__name__})"
        return [Report("failed", reason=reason, died=True), Report("done")]


# On a node

_pool: list[Pool] = []  # of one process, which stays up between tasks


def _read(content: bytes, message: bytes) -> list[bytes]:
    """What a process that may die says of the task; in a process of Ray's."""
    task = decode_task(message)
    if not _pool:
        _pool.append(Pool(1))
    with tempfile.TemporaryDirectory(prefix="tenth-") as folder:
        path = Path(folder, Path(task.path).name)
        path.write_bytes(content)
        _pool[0].submit(msgspec.structs.replace(task, path=str(path)))
        said: list[bytes] = []
        try:
            while _pool[0].under_way:
                said += [encode(report) for _, report in _pool[0].wait(TURN)]
        except BaseException:
            _pool.pop().__exit__(*sys.exc_info())
            raise
    return said
