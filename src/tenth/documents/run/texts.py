"""The plain text of every document in archives and folders, for whoever wants no more than that."""

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tenth.config import ReadConfig
from tenth.documents.archives.unpack import Member, open_archive
from tenth.documents.read import PAGED, collect, no_reader
from tenth.documents.refusal import Refused
from tenth.documents.run.members import Unpacking
from tenth.documents.run.pool import Pool, cores
from tenth.documents.run.reading import Progress, Reading, Work
from tenth.documents.run.store import Entry, Store
from tenth.documents.text.encoding import decode

PLAIN = frozenset({"txt", "md", "csv"})  # their text is what their file holds
MAX_TEXT = 256 << 20  # bytes of one, which is held in memory
WAITING = 256  # documents read or under way whose turn has not come
TURN = 0.1  # seconds at most between two looks at what is unpacked and read


@dataclass(eq=False)
class _Turn:
    name: str
    path: Path | None = None  # of a plain text
    work: Work | None = None
    skipped: str = ""
    ready: bool = True


def iter_texts(
    paths: Iterable[str | Path],
    config: ReadConfig | None = None,
    jobs: int = 0,
    on_skip: Callable[[str, str], None] = lambda name, reason: None,
) -> Iterator[tuple[str, str]]:
    """Name and text of each document in `paths`, in their order, without layout or tables.

    A name is that of the path, and of the member within it. `on_skip(name, reason)` is told what
    is not read, and an archive that cannot be opened; a second copy of a content is left out.
    """
    config = replace(config or ReadConfig(), tables=False)
    with tempfile.TemporaryDirectory(prefix="tenth-") as folder, ExitStack() as stack:
        pool = stack.enter_context(Pool(jobs or cores()))
        members = _members([Path(path) for path in paths], Path(folder, "spool"), config)
        unpacking = stack.enter_context(Unpacking(members, ahead=16))
        texts = _Texts(Path(folder), config, pool, unpacking)
        for turn in texts.turns_in_order():
            if turn.skipped:
                on_skip(turn.name, turn.skipped)
            else:
                yield turn.name, texts.text(turn)


def _members(paths: list[Path], spool: Path, config: ReadConfig) -> Iterator[Member]:
    for number, path in enumerate(paths):
        try:
            for member in open_archive(path, spool / str(number), config):
                yield replace(member, name=str(path.parent / member.name))
        except Refused as error:
            reason = str(error).removeprefix(f"{path.name}: ")
            yield Member(str(path), None, 0, "", "", skipped=reason)


class _Texts:
    def __init__(self, folder: Path, config: ReadConfig, pool: Pool, unpacking: Unpacking):
        self.spool, self.pool, self.unpacking = folder / "spool", pool, unpacking
        self.store = Store(folder / "store", config)
        self.reading = Reading(pool, config, Progress())
        self.turns: deque[_Turn] = deque()
        self.by_number: dict[int, _Turn] = {}
        self.seen: set[str] = set()

    def turns_in_order(self) -> Iterator[_Turn]:
        while self.turns or not self.unpacking.ended:
            self._take_members()
            for task, report in self.pool.wait(TURN if self.pool.under_way else 0.0):
                self.reading.settle(task, report)
            while self.reading.done:
                self._end(self.reading.done.popleft())
            while self.turns and self.turns[0].ready:
                yield self.turns.popleft()

    def text(self, turn: _Turn) -> str:
        if turn.path is not None:
            text, _ = decode(turn.path.read_bytes())
            self._release(turn.path)
            return text.removeprefix("\ufeff")
        assert turn.work
        text = _text_of(turn.work.entry, turn.work.kind)
        turn.work.entry.clear()
        return text

    def _take_members(self) -> None:
        while self.pool.room and not self.unpacking.ended and len(self.turns) < WAITING:
            member = self.unpacking.next_now(0.0 if self.turns else TURN)
            if member is None:
                return
            if not member.sha256 or member.sha256 not in self.seen:
                self._take(member)
            self.seen.add(member.sha256)

    def _take(self, member: Member) -> None:
        turn = _Turn(member.name)
        self.turns.append(turn)
        turn.skipped = member.skipped or no_reader(member.kind)
        if turn.skipped or member.path is None:
            return
        if member.kind in PLAIN:
            turn.path = member.path
            if member.size > MAX_TEXT:
                turn.skipped = f"one text of more than {MAX_TEXT >> 20} MiB"
            return
        entry, number = self.store.entry(member.sha256, member.kind), len(self.by_number)
        turn.work = Work(number, member.name, member.path, member.kind, entry)
        turn.ready = False
        self.by_number[number] = turn
        self.reading.begin(turn.work)

    def _end(self, work: Work) -> None:
        turn = self.by_number[work.index]
        turn.ready, turn.skipped = True, work.failure
        self._release(work.path)

    def _release(self, path: Path) -> None:
        if path.is_relative_to(self.spool):
            path.unlink(missing_ok=True)


def _text_of(entry: Entry, kind: str) -> str:
    return (collect(kind, entry.drafts) if kind in PAGED else entry.whole()).text
