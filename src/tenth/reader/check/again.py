"""The archive read once more, from nothing, into a folder that goes afterwards."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tenth.config import ReadConfig
from tenth.documents.run.archive import read_archive
from tenth.documents.run.reading import Progress
from tenth.reader.ledger import Settings, settings_of
from tenth.reader.model import Ledger
from tenth.reader.run import Tell, write_outputs


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
    now, if it has moved. Raises ValueError where `out` holds no ledger or an archive is missing."""
    settings = settings_of(out)
    paths = tuple(archives) or tuple(map(Path, settings.archives))
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise ValueError(f"{missing[0]}: not there; --archive PATH says where it is now")
    folder = Path(
        tempfile.mkdtemp(prefix=f".{out.resolve().name}.check-", dir=out.resolve().parent)
    )
    try:
        fresh = folder / out.resolve().name
        config = _config(settings)
        read_archive(paths, fresh, config, jobs, password, progress=progress)
        outcome = write_outputs(fresh, paths, config, settings.language, password, tell)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Again(fresh, outcome.ledger, paths)


def _config(settings: Settings) -> ReadConfig:
    try:
        return ReadConfig(**settings.config)  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(f"the ledger's settings: {error}; read the archive again") from None
