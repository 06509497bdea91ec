"""An archive's members, unpacked by a thread ahead of those who read them."""

import queue
import threading
from collections.abc import Iterator

from tenth.documents.archives.unpack import Member


class Unpacking:
    """Gives members one by one in archive order, and raises what unpacking raised."""

    def __init__(self, members: Iterator[Member], ahead: int):
        self._queue: queue.Queue[Member | BaseException | None] = queue.Queue(ahead)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._unpack, args=(members,), daemon=True)
        self.ended = False

    def __enter__(self) -> "Unpacking":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stopped.set()
        self._thread.join(5.0)  # it may be amid a large member; the spool is emptied all the same

    def next_now(self, seconds: float = 0.0) -> Member | None:
        """The next member; None where there is none yet, or none any more (`ended`)."""
        if self.ended:
            return None
        try:
            item = self._queue.get(timeout=seconds) if seconds else self._queue.get_nowait()
        except queue.Empty:
            return None
        if isinstance(item, BaseException):
            raise item
        self.ended = item is None
        return item

    def _unpack(self, members: Iterator[Member]) -> None:
        try:
            for member in members:
                if not self._put(member):
                    return
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, item: Member | BaseException | None) -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(item, timeout=0.2)
                return True
            except queue.Full:
                continue
        return False
