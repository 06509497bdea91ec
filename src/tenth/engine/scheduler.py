"""Who runs, who waits and who is turned away: a bounded queue before a few slots, no tensors.

Running sequences take turns. A later, batching engine asks the same questions of it and steps
all that run at once.
"""

from collections import deque
from collections.abc import Sequence as Several

from tenth.engine.sequence import Sequence


class QueueFull(Exception):
    """All slots and all places in the queue are taken."""


class Scheduler:
    """First come, first served. Not locked: its owner does that."""

    def __init__(self, slots: int, queue: int):
        if slots < 1:
            raise ValueError(f"slots: {slots} is below 1")
        if queue < 0:
            raise ValueError(f"queue: {queue} is below 0")
        self.slots, self.queue = slots, queue
        self.running: deque[Sequence] = deque()
        self.waiting: deque[Sequence] = deque()

    def __len__(self) -> int:
        return len(self.running) + len(self.waiting)

    @property
    def capacity(self) -> int:
        """The most sequences it holds at once."""
        return self.slots + self.queue

    def add(self, sequences: Several[Sequence]) -> None:
        """All of them or, with QueueFull, none."""
        if len(self) + len(sequences) > self.capacity:
            raise QueueFull(
                f"{len(self.running)} running and {len(self.waiting)} waiting leave no room for "
                f"{len(sequences)} more in {self.slots} slots and a queue of {self.queue}"
            )
        self.waiting.extend(sequences)

    def next(self) -> Sequence | None:
        """Whose turn it is; None: nothing is left to do."""
        while self.waiting and len(self.running) < self.slots:
            # a newcomer goes first: its reader has waited longest for a first word
            self.running.appendleft(self.waiting.popleft())
        if not self.running:
            return None
        self.running.rotate(-1)
        return self.running[-1]

    def remove(self, sequence: Sequence) -> bool:
        """Frees the place of one that ended or was cancelled; says whether it had one."""
        for places in (self.running, self.waiting):
            if sequence in places:
                places.remove(sequence)
                return True
        return False
