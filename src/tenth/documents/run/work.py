"""What a reading process does for each kind of task: count, read pages, read a whole, write."""

import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tenth.documents import read
from tenth.documents.model import Page
from tenth.documents.page.ink import Draft
from tenth.documents.refusal import Refused
from tenth.documents.run.messages import Report, Task, over_memory
from tenth.documents.run.store import Stale, pack
from tenth.documents.run.worker import Tell, broken_by


def perform(task: Task, tell: Tell) -> None:
    """Does the task and tells what came of it. Raises Refused, or whatever its file provokes."""
    if task.what == "finish":
        return _finish(task, tell)
    if not read.no_reader(task.kind):
        read.reader_of(task.kind)  # what importing it takes is not the document's time
    tell(Report("started"))
    path, start = Path(task.path), time.monotonic()
    if task.what == "count":
        pages = read.count_pages(path, task.kind, task.config)
        tell(Report("counted", number=pages, seconds=time.monotonic() - start))
    elif task.what == "pages":
        _read_pages(task, path, tell)
    else:
        packed = pack(_encoded(read.read_whole(path, task.kind, task.config)))
        tell(Report("whole", data=packed, seconds=time.monotonic() - start))


def _read_pages(task: Task, path: Path, tell: Tell) -> None:
    left, start = list(task.numbers), time.monotonic()
    budget = _Budget(task)

    def done(data: bytes, died: bool = False) -> None:
        nonlocal start
        now = time.monotonic()
        tell(Report("page", number=left.pop(0), data=data, seconds=now - start, died=died))
        start = now

    while left:
        try:
            _read_until_it_breaks(task, path, left, tell, done, budget)
            return
        except Refused:
            raise
        except MemoryError:
            done(failed_page(left[0], over_memory(task.config)), died=True)
        except Exception as error:
            done(failed_page(left[0], broken_by(error)), died=True)


class _Budget:
    """The processor time that a task's pages took, those by OCR apart, which have clocks alone."""

    def __init__(self, task: Task):
        self.limit, self.used, self.ocr = task.cpu_seconds(), 0.0, False
        self.since = time.process_time()

    def spent(self) -> bool:
        """Whether no further page should be read, now that one was."""
        now = time.process_time()
        self.used += 0.0 if self.ocr else now - self.since
        self.since, self.ocr = now, False
        return self.used > self.limit


def _read_until_it_breaks(
    task: Task, path: Path, left: list[int], tell: Tell, done, budget: _Budget
) -> None:
    wanted, reason, slow = tuple(left), "its reader ended before it", False

    def on_ocr(number: int) -> None:
        budget.ocr = True
        tell(Report("ocr", number=number))

    for draft in read.read_pages(path, task.kind, wanted, task.config, on_ocr):
        assert draft.page.number == left[0], f"page {draft.page.number} came for {left[0]}"
        done(as_json(draft))
        if slow := budget.spent():
            reason = f"not tried: those before it took over {budget.limit:.1f} s of processor time"
            break
    for _ in tuple(left):
        done(failed_page(left[0], reason), died=slow)


def failed_page(number: int, reason: str) -> bytes:
    return as_json(Draft(Page(number=number, source="failed", reason=reason)))


def as_json(value: object) -> bytes:
    """JSON in UTF-8. Half a surrogate pair, which it cannot hold, becomes "?"."""
    return bytes(_encoded(value))


def _encoded(value: object) -> bytearray:
    """Into a buffer of ours: msgspec's own crashes where there is no memory for it to grow."""
    encoder, buffer = msgspec.json.Encoder(), bytearray()
    try:
        encoder.encode_into(value, buffer)
    except UnicodeEncodeError:
        encoder.encode_into(_mended(msgspec.to_builtins(value)), buffer)
    return buffer


def _mended(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _mended(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_mended(item) for item in value]
    return value


def _finish(task: Task, tell: Tell) -> None:
    from tenth.documents.run.outputs import write_document

    assert task.output
    tell(Report("started"))
    try:
        finished = write_document(task.output, task.config)
    except Stale as error:
        tell(Report("stale", reason=str(error)))
    else:
        tell(Report("finished", data=msgspec.json.encode(finished)))
