"""What an output folder says otherwise than the archive does, place by place."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tenth.documents.archives.unpack import MARKER
from tenth.documents.run.database import NAME as DOCUMENTS
from tenth.documents.run.workspace import LOCK, SPOOL, STORE
from tenth.reader.check.databases import databases
from tenth.reader.check.parts import Part, csvs, parquets, pictures, text_of, texts
from tenth.reader.check.workbooks import workbooks
from tenth.reader.ledger import NAME as LEDGER

# Kept from run to run, or of this machine: no figure is shown from them
OURS = frozenset((MARKER, LOCK, SPOOL, STORE, ".facts", "seconds.csv"))
LEFT = (".ledger", ".spool-")  # what a run that was killed leaves for the next one
THEIRS = (".~lock.", "~$", ".DS_Store", "Thumbs.db", "desktop.ini")  # of who looks at the folder
MOST = 50  # differences told of one file; the rest is counted
SHOWN = 80  # characters of a value


class Difference(msgspec.Struct, frozen=True):
    """One place where the folder and the archive part."""

    file: str
    where: str  # "f1a2b3c4d5e, value", "Apple Income!C7", "line 12"
    here: str  # "" where it is missing
    archive: str  # "" where the archive has no such thing

    @property
    def line(self) -> str:
        if not self.archive:
            return f"{self.file}: {self.where}: {_short(self.here)} is not in the archive"
        if not self.here:
            return f"{self.file}: {self.where}: missing, the archive has {_short(self.archive)}"
        return (
            f"{self.file}: {self.where}: {_short(self.here)} here, "
            f"{_short(self.archive)} from the archive"
        )


def differences(out: Path, truth: Path) -> list[Difference]:
    """All files of `out` against those of `truth`, which was made from the archive."""
    names = sorted(files_of(out) | files_of(truth))
    return [found for name in names for found in differences_of(name, out, truth)]


def differences_of(name: str, out: Path, truth: Path) -> list[Difference]:
    """The same of one file, `name` being its path within the folders."""
    here, there = out / name, truth / name
    if not there.is_file():
        return [Difference(name, "the file", "it", "")]
    if not here.is_file():
        return [Difference(name, "the file", "", "it")]
    compare = {
        ".sqlite": databases, ".csv": csvs, ".parquet": parquets, ".xlsx": workbooks,
        ".png": pictures,
    }.get(here.suffix, texts)  # fmt: skip
    try:
        # Databases keep their run tables, and may lay the same rows out otherwise
        if name not in (LEDGER, DOCUMENTS) and here.read_bytes() == there.read_bytes():
            return []
        found = list(_bounded(name, compare(here, there)))
    except Exception as error:  # whatever its reader raises: somebody else wrote this file
        return [Difference(name, "the file", f"unreadable ({type(error).__name__}: {error})", "it")]
    if not found and compare in (csvs, texts):  # line ends, a final blank
        return [Difference(name, "the file", "other bytes, the same lines", "it")]
    return found


def files_of(folder: Path) -> set[str]:
    """What of an output folder is compared, by paths within it."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if not _is_aside(path)}


def _is_aside(path: Path) -> bool:
    first = path.parts[0]
    return first in OURS or first.startswith(LEFT) or path.name.startswith(THEIRS)


def _bounded(name: str, parts: Iterable[Part]) -> Iterator[Difference]:
    more = 0
    for number, (where, here, there) in enumerate(parts):
        if number < MOST:
            yield Difference(name, where, text_of(here), text_of(there))
        else:
            more += 1
    if more:
        yield Difference(name, "further places", f"{more} more differences", "it")


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")
