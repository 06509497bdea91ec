"""What one sees while an archive is read: a live line in a terminal, plain lines elsewhere."""

import time
from collections import deque

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tenth.documents.run.manifest import Summary
from tenth.documents.run.reading import Progress

PLAIN_EVERY = 10.0  # seconds between plain lines
WINDOW = 30.0  # seconds over which pages per second are told
FIRST_REASONS = 5


class Display:
    """Pages done and to do, pages a second, time left, and which document is being read."""

    def __init__(self, console: Console):
        self.console = console
        self.progress = Progress()
        self.seen: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])
        self.last_plain = time.monotonic()
        self.live = Live(console=console, get_renderable=self._render, refresh_per_second=4,
                         transient=True) if console.is_terminal else None  # fmt: skip

    def __enter__(self) -> "Display":
        if self.live:
            self.live.start()
        return self

    def __exit__(self, *_) -> None:
        if self.live:
            self.live.stop()

    def tell(self, progress: Progress) -> None:
        self.progress = progress
        now = time.monotonic()
        if now - self.seen[-1][0] >= 0.5:
            self.seen.append((now, progress.pages))
            while now - self.seen[0][0] > WINDOW:
                self.seen.popleft()
        if not self.live and now - self.last_plain >= PLAIN_EVERY:
            self.last_plain = now
            self.console.print(self.line(), highlight=False, soft_wrap=True)

    @property
    def rate(self) -> float:
        (start, before), (end, after) = self.seen[0], self.seen[-1]
        return (after - before) / (end - start) if end > start else 0.0

    def line(self) -> str:
        progress, rate = self.progress, self.rate
        more = "" if progress.unpacked else "+"
        left = progress.pages_total - progress.pages
        eta = f", {_clock(left / rate)} left{more}" if rate and left else ""
        return (
            f"{progress.documents} of {progress.members}{more} files, "
            f"{progress.pages} of {progress.pages_total}{more} pages, {rate:.1f} pages/s{eta}"
        )

    def _render(self) -> Group:
        grid = Table.grid(padding=(0, 1))
        total = max(1, self.progress.pages_total)
        bar = ProgressBar(total=total, completed=self.progress.pages, width=24)
        grid.add_row(bar, Text(self.line()))
        return Group(grid, Text(self.progress.current, style="dim", no_wrap=True))


def print_summary(console: Console, summary: Summary) -> None:
    """What was read, what was not and why, and where to look."""

    def say(line: str) -> None:
        console.print(Text(line), soft_wrap=True)

    counts = summary.statuses
    read = counts["read"] + counts["partly"]
    by_ocr = f", {summary.ocr_pages} of them by OCR" if summary.ocr_pages else ""
    failed = f", {summary.failed_pages} could not be read" if summary.failed_pages else ""
    say(
        f"{_number(read, 'document')} of {_number(sum(counts.values()), 'file')}: "
        f"{_number(summary.pages, 'page')}{by_ocr}{failed}; "
        f"{_number(summary.tables, 'table')}, {_number(summary.charts, 'chart')}"
    )
    say(_what_is_new(summary, read))
    for status in ("duplicate", "partly", "failed", "skipped"):
        if counts[status]:
            said = "read in part" if status == "partly" else status
            say(f"{said}: {counts[status]}")
        of_it = [(name, why) for name, what, why in summary.reasons if what == status]
        for name, why in of_it[:FIRST_REASONS]:
            say(f"  {name}: {why}")
        if len(of_it) > FIRST_REASONS:
            say(f"  and {len(of_it) - FIRST_REASONS} more, in the manifest")
    if summary.gone:
        many = _number(len(summary.gone), "file")
        say(f"gone: {many} of an earlier run, not here now, first: {summary.gone[0]}")
    say(
        f"{summary.out}: manifest.csv names every file; text/*.md, tables/*/*.csv, documents.sqlite"
    )


def _what_is_new(summary: Summary, read: int) -> str:
    if not summary.documents_read:
        return "nothing new: all of it had been read before"
    before = read - summary.documents_read
    known = f", {before} had been read before" if before > 0 else ""
    pages = _number(summary.pages_read, "page")
    return (
        f"{_number(summary.documents_read, 'document')} read now ({pages}, "
        f"{_clock(summary.seconds)}){known}"
    )


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
