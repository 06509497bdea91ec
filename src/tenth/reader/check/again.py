"""The archive read once more, from nothing, into a folder that goes afterwards."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tenth.config import ReadConfig
from tenth.documents.archives.unpack import called
from tenth.documents.run.archive import read_archive
from tenth.documents.run.manifest import Summary
from tenth.documents.run.reading import Progress
from tenth.reader.ledger import Settings, settings_of
from tenth.reader.model import Ledger
from tenth.reader.reports import FACTS
from tenth.reader.run import Tell, write_outputs
from tenth.reader.source import FOLDER as SOURCES
from tenth.reader.source import write_sources


class Again:
    """What the archive says now: `out`, a folder as `tenth read` would have written it."""

    def __init__(self, out: Path, ledger: Ledger, archives: tuple[Path, ...]):
        self.out, self.ledger, self.archives = out, ledger, archives

    def __enter__(self) -> "Again":
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.out.parent, ignore_errors=True)


def read_again(
    out: Path,
    archives: Sequence[Path] = (),
    password: str = "",
    jobs: int = 0,
    progress: Callable[[Progress], None] = lambda progress: None,
    tell: Tell = lambda what, done, total: None,
) -> Again:
    """Reads what `out` was made of, with its settings, beside it. `archives` says where it lies
    now, if it has moved. Raises ValueError where `out` holds no ledger of this version or an
    archive is missing."""
    settings = settings_of(out)
    if settings.facts != FACTS:
        raise ValueError(f"{out} was written by another version of tenth; read the archive again")
    config = _config(settings)
    paths = tuple(archives) or tuple(map(Path, settings.archives))
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise ValueError(f"{missing[0]}: not there; --archive PATH says where it is now")
    folder = _beside(out.resolve())
    try:
        fresh = folder / out.resolve().name
        named = _as_named(paths, settings.archives, folder / "archives")
        summary = read_archive(named, fresh, config, jobs, password, progress=progress)
        _check_opened(summary)
        outcome = write_outputs(fresh, named, config, settings.language, password, tell)
        drawn = {path.stem for path in (out / SOURCES).glob("*.png")}
        write_sources(fresh, drawn & outcome.ledger.facts().keys(), named, password)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Again(fresh, outcome.ledger, paths)


def _check_opened(summary: Summary) -> None:
    """Raises ValueError where the archive asks for a password: nothing in it could be compared."""
    for member, status, reason in summary.reasons:
        if status != "read" and "password" in reason.casefold():
            raise ValueError(f"{member}: {reason}")


def _beside(out: Path) -> Path:
    """A folder of ours on the same disk, or wherever there is room for what goes again."""
    prefix = f".{out.name}.check-"
    try:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=out.parent))
    except OSError:  # a folder that may only be read
        return Path(tempfile.mkdtemp(prefix=prefix))


def _as_named(paths: tuple[Path, ...], before: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """The archives under the names that they had: documents are called by them."""
    if len(paths) != len(before):
        return paths
    named: list[Path] = []
    for number, (path, name) in enumerate(zip(paths, map(Path, before), strict=True)):
        if called(path) != called(name):
            (folder / str(number)).mkdir(parents=True)
            link = folder / str(number) / called(name)
            link.symlink_to(path.resolve(), target_is_directory=path.is_dir())
            path = link
        named.append(path)
    return tuple(named)


def _config(settings: Settings) -> ReadConfig:
    try:
        return ReadConfig(**settings.config)  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(f"the ledger's settings: {error}; read the archive again") from None
