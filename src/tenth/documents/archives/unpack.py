"""Unpacks what a user gave, archives within archives, into members under names of our own.

Nothing is ever written under a name that an archive holds, and no limit is on what one says of
itself. One archive is open at a time: those found inside it wait in the spool for their turn.
"""

import hashlib
import itertools
import os
import re
import shutil
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath

from tenth.config import ReadConfig
from tenth.documents.archives.limits import (
    BLOCK,
    Budget,
    Crowded,
    Entry,
    Expands,
    Level,
    Over,
    Skip,
    Stop,
)
from tenth.documents.archives.names import clean, is_system_file
from tenth.documents.kinds import ARCHIVES, kind_of
from tenth.documents.refusal import Refused

FORMATS = {"zip": "zips", "7z": "sevenzip", "rar": "rar", "eml": "mail"}  # else tar
MARKER = ".tenth-read"  # lies in a folder that a run has written
UNFINISHED = "unfinished-"  # what such files in the spool are called
_numbers = itertools.count()


@dataclass(frozen=True)
class Member:
    """A file to read, or one that could not be unpacked, and why."""

    name: str  # "reports.zip/inner.7z/2023/q1.pdf": it begins with the name of what the user gave
    path: Path | None  # where its content lies: the user's own file, or one in the spool
    size: int  # bytes that were really there
    sha256: str  # of the content; "" of one that was skipped
    kind: str  # as kinds.kind_of names it; "" of one that was skipped
    skipped: str = ""  # why it was not unpacked


def called(path: Path) -> str:
    """What the names of the members of `path`, which a user gave, begin with."""
    return path.resolve().name if path.name in ("", "..") else path.name


@dataclass
class _Archive:
    path: Path
    name: str
    kind: str
    level: Level
    ours: bool = False  # lies in the spool, to be removed when it is unpacked
    opened: bool = False  # something came out of it


def open_archive(
    paths: str | Path | Sequence[str | Path],
    spool: str | Path,
    config: ReadConfig | None = None,
    password: str | None = None,
) -> Iterator[Member]:
    """The files in archives, folders and single files, each as soon as it is unpacked.

    The order is that of the paths, of the names in a folder, of the members in an archive; what
    archives inside an archive hold comes after what it holds itself. A mail is a document, and
    what is attached to it are members too: "mail.eml/report.pdf". Files of ours lie in the
    folder `spool`, named by their content; it belongs to one run at a time. Raises Refused where a
    path does not exist, and where the only one given is an archive that cannot be opened; all else
    that is not unpacked comes as a member that says why.
    """
    given = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not given:
        raise Refused("nothing to read: no path was given")
    for path in given:
        if not path.exists():
            raise Refused(f"{path}: no such file or folder")
    return _Unpacking(Path(spool), config or ReadConfig(), password).members(given)


class _Unpacking:
    def __init__(self, spool: Path, config: ReadConfig, password: str | None):
        self.spool, self.config, self.password = spool, config, password

    def members(self, given: list[Path]) -> Iterator[Member]:
        self.spool.mkdir(parents=True, exist_ok=True)
        for left in self.spool.glob(f"{UNFINISHED}*"):  # by a run that was killed
            left.unlink()
        for path in given:
            name = called(path)
            if path.is_dir():
                yield from self._folder(path, name)
            else:
                yield from self._file(path, name, alone=len(given) == 1)

    # The user's own files

    def _folder(self, folder: Path, name: str) -> Iterator[Member]:
        try:
            inside = sorted(os.scandir(folder), key=lambda item: item.name)
        except OSError as error:
            yield _skipped(name, f"cannot be opened: {error.strerror}")
            return
        for item in inside:
            path, shown = Path(item.path), f"{name}/{clean(item.name)}"
            try:
                mode = item.stat(follow_symlinks=False).st_mode
            except FileNotFoundError:  # it went while we looked
                continue
            if path.resolve() == self.spool.resolve() or (path / MARKER).is_file():
                continue  # what we wrote ourselves: no figure is its own source
            if stat.S_ISLNK(mode):
                yield _skipped(shown, "a symbolic link")
            elif is_system_file(clean(item.name)) or item.name == "__MACOSX":
                yield _skipped(shown, "system file")
            elif stat.S_ISDIR(mode):
                yield from self._folder(path, shown)
            elif stat.S_ISREG(mode):
                yield from self._file(path, shown)
            else:
                yield _skipped(shown, "a device or pipe, not a file")

    def _file(self, path: Path, name: str, alone: bool = False) -> Iterator[Member]:
        try:
            kind = kind_of(path, name)
            size = path.stat().st_size
            digest = "" if kind in ARCHIVES else _sha256(path)
        except OSError as error:
            if alone:
                raise Refused(f"{name}: cannot be opened: {error.strerror}") from None
            yield _skipped(name, f"cannot be opened: {error.strerror}")
            return
        if kind in ARCHIVES:
            yield from self._archive(_Archive(path, name, kind, Level(size)), alone)
            return
        yield Member(name, path, size, digest, kind)
        if kind == "eml":
            yield from self._archive(_Archive(path, name, kind, Level(size)), alone=False)

    # Archives

    def _archive(self, top: _Archive, alone: bool) -> Iterator[Member]:
        """Its members, by a clock that stands still while the caller works on one."""
        budget = Budget(self.config)
        members = self._nested(top, budget, alone)
        while True:
            budget.start()
            member = next(members, None)
            budget.stop()
            if member is None:
                return
            yield member

    def _nested(self, top: _Archive, budget: Budget, alone: bool) -> Iterator[Member]:
        waiting = deque([top])
        try:
            while waiting:
                archive = waiting.popleft()
                found: list[_Archive] = []
                try:
                    yield from self._unpacked(archive, budget, found)
                except (Skip, Crowded) as stop:
                    if alone and archive is top and not top.opened and isinstance(stop, Skip):
                        raise Refused(f"{top.name}: {stop}") from None
                    yield _skipped(archive.name, str(stop))
                except Expands as expands:
                    if expands.of is top.level:
                        raise
                    yield _skipped(archive.name, str(expands))
                finally:
                    waiting.extendleft(reversed(found))
                    if archive.ours:
                        archive.path.unlink(missing_ok=True)
        except (Over, Expands) as over:
            yield _skipped(top.name, str(over))
        finally:
            for archive in waiting:
                if archive.ours:
                    archive.path.unlink(missing_ok=True)

    def _unpacked(
        self, archive: _Archive, budget: Budget, found: list[_Archive]
    ) -> Iterator[Member]:
        if archive.level.depth > self.config.max_depth and archive.kind != "eml":
            raise Skip(
                f"lies deeper than max_depth = {self.config.max_depth} archives; raise max_depth"
            )
        reader = import_module(f"tenth.documents.archives.{FORMATS.get(archive.kind, 'tar')}")
        with open(archive.path, "rb") as file:
            entries = reader.entries(file, archive.name, self.password, budget, archive.level)
            while (entry := _next(entries)) is not None:
                archive.opened = True
                budget.take_member()
                yield from self._unpack(entry, archive, budget, found)
        if not archive.opened and archive.kind != "eml":
            raise Skip("it holds no files")

    def _unpack(
        self, entry: Entry, archive: _Archive, budget: Budget, found: list[_Archive]
    ) -> Iterator[Member]:
        """One member, or none where it is an archive, which then is among those found."""
        shown = f"{archive.name}/{clean(entry.name)}"
        if archive.kind in ("gz", "bz2", "xz", "zst"):  # a file that is compressed alone
            shown = str(PurePosixPath(archive.name).with_name(clean(entry.name)))
        if is_system_file(clean(entry.name)):
            yield _skipped(shown, "system file")
            return
        if entry.skipped or entry.open is None:
            yield _skipped(shown, entry.skipped)
            return
        temporary = self.spool / f"{UNFINISHED}{next(_numbers)}"
        try:
            size, digest = _copy(entry, temporary, archive, budget)
            kind = kind_of(temporary, shown)
            if kind in ARCHIVES:
                level = Level(size, archive.level)
                found.append(_Archive(temporary, shown, kind, level, ours=True))
                return
            if kind == "eml" and archive.kind != "eml":  # not mails attached to mails
                copy = self.spool / f"{UNFINISHED}{next(_numbers)}"  # it goes once it is read
                shutil.copyfile(temporary, copy)
                found.append(_Archive(copy, shown, kind, Level(size, archive.level), ours=True))
            path = self.spool / (digest + _suffix(shown))
            os.replace(temporary, path)  # one that is there already is not trusted
        except Skip as skip:
            yield _skipped(shown, str(skip))
        else:
            yield Member(shown, path, size, digest, kind)
        finally:
            if not (found and found[-1].path == temporary):
                temporary.unlink(missing_ok=True)


def _next(entries: Iterator[Entry]) -> Entry | None:
    try:
        return next(entries, None)
    except Stop:
        raise
    except Exception as error:  # whatever a broken archive makes its reader stumble on
        raise Skip(f"broken: {error or type(error).__name__}") from None


def _copy(entry: Entry, path: Path, archive: _Archive, budget: Budget) -> tuple[int, str]:
    """Writes a member's content; its size and hash. Raises Skip where it is not to be had."""
    assert entry.open is not None
    if entry.size is not None:
        budget.check_member(entry.size, entry.packed)
    size, digest, reader = 0, hashlib.sha256(), None
    with open(path, "xb") as file:
        while True:
            try:
                reader = reader or entry.open()
                data = reader.read(BLOCK)
            except Stop:
                raise
            except Exception as error:  # whatever broken data make a decompressor stumble on
                raise Skip(f"broken: {error or type(error).__name__}") from None
            if not data:
                return size, digest.hexdigest()
            size += len(data)
            if not entry.counted:
                budget.take_bytes(len(data), archive.level)
            budget.check_member(size, entry.packed)
            digest.update(data)
            try:
                file.write(data)
            except OSError as error:
                error.filename = str(path)  # a full disk does not say which file it refused
                raise


def _skipped(name: str, why: str) -> Member:
    return Member(name, None, 0, "", "", " ".join(why.split()))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _suffix(name: str) -> str:
    """ ".pdf": of use to readers that go by it, and harmless."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
