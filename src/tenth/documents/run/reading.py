"""Reads documents through a pool, as far as the store does not hold them, and fills the store."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tenth.config import ReadConfig
from tenth.documents.read import PAGED
from tenth.documents.run.messages import Report, Task
from tenth.documents.run.store import SPAN, Count, Entry, Failure, Stale
from tenth.documents.run.work import failed_page

# A document of which more pages break their reader than this is given up: it means harm, and
# every such page may take seconds
MOST_BROKEN, BROKEN_SHARE = 3, 0.1


class Reader(Protocol):
    """Who does tasks: processes here, or a cluster."""

    @property
    def under_way(self) -> int: ...
    @property
    def room(self) -> bool:
        """More tasks would find idle hands soon."""
        ...

    def submit(self, task: Task, first: bool = False) -> None: ...
    def drop(self, document: int) -> list[Task]: ...
    def wait(self, seconds: float) -> list[tuple[Task, Report]]: ...
    def __enter__(self) -> "Reader": ...
    def __exit__(self, *_) -> None: ...


@dataclass
class Progress:
    """How far a run is; a document without pages counts as one."""

    members: int = 0
    documents: int = 0  # done
    pages: int = 0  # read now
    pages_total: int = 0  # to be read now, as far as is known
    unpacked: bool = False  # all members are known
    current: str = ""


@dataclass(eq=False)
class Work:
    """One document under way."""

    index: int
    name: str
    path: Path
    kind: str
    entry: Entry
    failure: str = ""
    pages_read: int = 0  # now, not before
    tasks: int = 0
    broken: int = 0
    reread: bool = False  # what the store held of it could not be used
    spans: dict[int, "_Span"] = field(default_factory=dict)


@dataclass(eq=False)
class _Span:
    """Pages that are stored together once all of them are there."""

    numbers: range
    drafts: dict[int, bytes] = field(default_factory=dict)
    seconds: float = 0.0
    under_limits: bool = False  # a page failed that may not fail under others


class Reading:
    """`begin` documents, `settle` what the reader reports; those that are read are in `done`."""

    def __init__(self, reader: Reader, config: ReadConfig, progress: Progress):
        self.reader, self.config, self.progress = reader, config, progress
        self.works: dict[int, Work] = {}
        self.done: deque[Work] = deque()

    def begin(self, work: Work) -> None:
        self.works[work.index] = work
        try:
            self._begin(work)
        except Stale:
            work.entry.clear()
            self._begin(work)
        self._end_if_done(work)

    def _begin(self, work: Work) -> None:
        entry = work.entry
        if (failure := entry.failure()) is not None:
            work.failure = failure.reason
        elif work.kind not in PAGED:
            if not entry.has_whole():
                self.progress.pages_total += 1
                self._submit(work, "whole")
        elif (count := entry.count()) is None:
            self._submit(work, "count")
        else:
            self._submit_pages(work, count.pages)

    def _submit_pages(self, work: Work, pages: int) -> None:
        for first in range(1, pages + 1, SPAN):
            if work.entry.has_span(first):
                continue
            numbers = range(first, min(first + SPAN, pages + 1))
            work.spans[first] = _Span(numbers)
            self.progress.pages_total += len(numbers)
            self._submit(work, "pages", tuple(numbers))

    def _submit(self, work: Work, what, numbers: tuple[int, ...] = ()) -> None:
        work.tasks += 1
        path = str(work.path)
        self.reader.submit(Task(work.index, what, path, work.kind, self.config, numbers))

    # What is heard

    def settle(self, task: Task, report: Report) -> None:
        work = self.works.get(task.document)
        if work is None:
            return
        self.progress.current = work.name
        if report.what == "counted":
            work.entry.put_count(Count(report.number, report.seconds))
            self._submit_pages(work, report.number)
        elif report.what == "page":
            self._page(work, report)
        elif report.what == "whole":
            work.entry.put_whole(report.data, report.seconds)
            work.pages_read += 1
            self.progress.pages += 1
        elif report.what == "failed":
            self._fail(work, report)
        elif report.what == "done":
            work.tasks -= 1
            self._end_if_done(work)

    def _page(self, work: Work, report: Report) -> None:
        self._keep(work, report.number, report.data, report.seconds, report.died)
        work.pages_read += not report.died
        work.broken += report.died
        if report.died and work.broken > MOST_BROKEN + BROKEN_SHARE * work.pages_read:
            self._give_up(work)

    def _keep(
        self, work: Work, number: int, draft: bytes, seconds: float, under_limits: bool
    ) -> None:
        first = (number - 1) // SPAN * SPAN + 1
        span = work.spans[first]
        span.drafts[number] = draft
        span.seconds += seconds
        span.under_limits |= under_limits
        self.progress.pages += 1
        if len(span.drafts) == len(span.numbers):
            drafts = (span.drafts[number] for number in span.numbers)
            work.entry.put_span(first, drafts, round(span.seconds, 3), span.under_limits)
            del work.spans[first]

    def _give_up(self, work: Work) -> None:
        """What has not begun of it fails, and is not tried."""
        reason = f"not tried: {work.broken} pages of the document broke their reader"
        for task in self.reader.drop(work.index):
            work.tasks -= 1
            for number in task.numbers:
                self._keep(work, number, failed_page(number, reason), 0.0, True)

    def _fail(self, work: Work, report: Report) -> None:
        if not work.failure:
            work.failure = report.reason
            work.entry.put_failure(Failure(report.reason, report.seconds))
            self.progress.pages += work.kind not in PAGED
        work.tasks -= len(self.reader.drop(work.index))

    def _end_if_done(self, work: Work) -> None:
        if work.tasks == 0 and self.works.pop(work.index, None):
            self.progress.documents += 1
            self.done.append(work)
