"""The files that figures were read from, back from the archive, each known by its hash."""

import hashlib
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from tenth.config import ReadConfig
from tenth.documents.archives.unpack import Member, open_archive

SPOOL = ".spool-sources"
REMEDY = "--archive PATH says where it is now"


class Sources:
    """Gives the file of a member by the hash of its content. A context manager.

    Nothing is unpacked before the first file is asked for, and no more than it takes to find it;
    what nobody wants is not kept. Files of a folder are used where they lie. Its spool lies under
    `out` in a folder of its own, so that any number of them, and a run, are at work at a time.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        out: str | Path,
        password: str = "",
        config: ReadConfig | None = None,
    ):
        self.paths = [Path(path) for path in paths]
        self.password, self.config = password, config or ReadConfig()
        self._parent = Path(out) / SPOOL
        self._spool: Path | None = None
        self._lock: FileLock | None = None
        self._members: Iterator[Member] | None = None
        self._found: dict[str, Path] = {}
        self._dropped: set[str] = set()  # went by while nobody wanted them
        self._wanted: set[str] = set()
        self._skipped: dict[str, str] = {}  # member: why it was not unpacked

    def __enter__(self) -> "Sources":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def want(self, hashes: Iterable[str]) -> None:
        """Says which files will be asked for, so that one pass over the archive finds them all."""
        self._wanted.update(hashes)

    def file(self, sha256: str, name: str = "") -> Path:
        """Where the member with this hash lies, `name` being what to call it in an error.

        Raises ValueError where the archive is not there any more, or does not hold it.
        """
        self._wanted.add(sha256)
        if sha256 not in self._found:
            if sha256 in self._dropped:
                self._members, self._dropped = None, set()  # once more, from the beginning
            self._look_for(sha256)
        path = self._found.get(sha256)
        if path is None:
            raise ValueError(self._missing(sha256, name))
        if not _holds(path, sha256):
            raise ValueError(
                f"{path}: it has changed since {name or sha256[:12]} was read from it; {REMEDY}"
            )
        return path

    def close(self) -> None:
        """Removes what was unpacked, and what those left who were killed."""
        self._members = None
        self._found, self._dropped = {}, set()
        if self._spool and self._lock:
            shutil.rmtree(self._spool, ignore_errors=True)
            _lock_of(self._spool).unlink(missing_ok=True)
            self._lock.release()
        if self._parent.is_dir():
            self._remove_left()
            with suppress(OSError):  # others are at work
                self._parent.rmdir()
        self._spool = self._lock = None

    def _look_for(self, sha256: str) -> None:
        if self._members is None:
            for path in self.paths:
                if not path.exists():
                    raise ValueError(f"{path}: no such file or folder any more; {REMEDY}")
            if not self.paths:
                raise ValueError(f"no archive is known; {REMEDY}")
            self._members = open_archive(
                self.paths, self._own_spool(), self.config, self.password or None
            )
        for member in self._members:
            self._take(member)
            if member.sha256 == sha256:
                return

    def _take(self, member: Member) -> None:
        if member.path is None:
            self._skipped[member.name] = member.skipped
        elif member.sha256 in self._wanted or member.path.parent != self._spool:
            self._found.setdefault(member.sha256, member.path)
        else:
            member.path.unlink(missing_ok=True)
            self._dropped.add(member.sha256)

    def _missing(self, sha256: str, name: str) -> str:
        places = ", ".join(str(path) for path in self.paths)
        what = f"{name or 'the file'} (sha256 {sha256[:12]})"
        why = self._skipped.get(name) or next(iter(self._skipped.values()), "")
        said = f" ({why})" if why else ""
        return f"{places}: does not hold {what} any more{said}; it has changed, or {REMEDY}"

    def _own_spool(self) -> Path:
        if self._spool is None:
            self._parent.mkdir(parents=True, exist_ok=True)
            self._remove_left()
            spool = self._parent.resolve() / uuid.uuid4().hex
            lock = FileLock(_lock_of(spool))
            lock.acquire()  # before its folder is there: who has none is dead
            spool.mkdir(parents=True)
            self._spool, self._lock = spool, lock
        return self._spool

    def _remove_left(self) -> None:
        """Spools whose lock nobody holds any more."""
        for path in self._parent.glob("*.lock"):
            lock = FileLock(path)
            with suppress(Timeout, OSError), lock.acquire(timeout=0):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink(missing_ok=True)


def _lock_of(spool: Path) -> Path:
    return spool.with_name(f"{spool.name}.lock")


def _holds(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
