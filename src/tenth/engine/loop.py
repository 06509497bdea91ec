"""One thread that steps every running sequence in turn, a token each."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

from tenth.engine.runner import Chunk, Run, Runner
from tenth.engine.scheduler import Scheduler
from tenth.engine.sequence import Sequence

Deliver = Callable[[Chunk | Exception], None]  # called in the loop's thread: it must not block


class Load(NamedTuple):
    running: int
    waiting: int
    slots: int
    queue: int


@dataclass
class Job:
    deliver: Deliver
    run: Run | None = None
    since: float = 0.0


class Loop:
    """Takes sequences from any thread and delivers their chunks from its own.

    The lock guards the scheduler and the jobs, never a step: a sequence cancelled during its step
    is forgotten at once and its last chunk dropped.
    """

    def __init__(self, runner: Runner, slots: int, queue: int):
        self._runner, self._scheduler = runner, Scheduler(slots, queue)
        self._jobs: dict[Sequence, Job] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._seconds: deque[float] = deque([1.0], maxlen=16)  # that the last answers took
        self._thread = threading.Thread(target=self._work, name="tenth-engine", daemon=True)
        self._thread.start()

    def submit(self, jobs: dict[Sequence, Deliver]) -> None:
        """All of them or, with `QueueFull`, none."""
        with self._changed:
            if self._stopping:
                raise RuntimeError("the engine has stopped")
            self._scheduler.add(list(jobs))
            self._jobs |= {sequence: Job(deliver) for sequence, deliver in jobs.items()}
            self._changed.notify()

    def cancel(self, sequence: Sequence) -> None:
        """Nothing more of it is computed or delivered, but for a step that is under way."""
        self._forget(sequence)

    @property
    def load(self) -> Load:
        with self._changed:
            at = self._scheduler
            return Load(len(at.running), len(at.waiting), at.slots, at.queue)

    @property
    def capacity(self) -> int:
        return self._scheduler.capacity

    def retry_after(self) -> int:
        """Seconds until a place is likely to be free, from how long the last answers took."""
        seconds = sum(self._seconds) / len(self._seconds)
        return max(1, min(60, round(seconds)))

    def stop(self) -> None:
        """Ends the thread after the step under way; what was not finished fails."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()
        for sequence in list(self._jobs):
            if job := self._forget(sequence):
                job.deliver(RuntimeError("the engine has stopped"))

    def _work(self) -> None:
        while self._turn():
            pass

    def _turn(self) -> bool:
        """One step of one sequence; waits while there is none. False: the loop is to end."""
        with self._changed:
            while (sequence := self._scheduler.next()) is None and not self._stopping:
                self._changed.wait()
            if self._stopping or sequence is None:
                return False
            job = self._jobs[sequence]
        try:
            if job.run is None:
                job.run, job.since = self._runner.run(sequence), perf_counter()
            chunk = self._runner.step(job.run)
        except Exception as error:  # of this sequence; the others go on
            chunk = error
        if chunk is None:
            return True
        if isinstance(chunk, Exception) or chunk.finish_reason:
            self._seconds.append(perf_counter() - job.since)
            alive = self._forget(sequence)  # first: who hears of the end finds the place free
        else:
            alive = sequence in self._jobs
        if alive:
            job.deliver(chunk)
        return True

    def _forget(self, sequence: Sequence) -> Job | None:
        with self._changed:
            self._scheduler.remove(sequence)
            return self._jobs.pop(sequence, None)
