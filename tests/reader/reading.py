"""The sample archive, read once for all tests that look at what `tenth read` leaves."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from samples.reports import write_sample

from tenth.config import ReadConfig
from tenth.documents import read_archive
from tenth.reader.check import Again, read_again
from tenth.reader.run import Outcome, write_outputs


def read(archive: Path, out: Path, language: str = "auto") -> Outcome:
    """As `tenth read ARCHIVE -o OUT` does it."""
    read_archive(archive, out, jobs=1)
    return write_outputs(out, [archive], ReadConfig(), language)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tenth-sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def sample() -> tuple[Path, Path]:
    """The archive and its output; neither is to be changed."""
    archive, out = _folder() / "sample.zip", _folder() / "out"
    write_sample(archive)
    read(archive, out)
    return archive, out


@cache
def sample_again() -> Again:
    """The same, read again as the check does it."""
    again = read_again(sample()[1], jobs=1)
    atexit.register(again.__exit__)
    return again


def copied(folder: Path) -> Path:
    """The sample's output, to be changed."""
    return Path(shutil.copytree(sample()[1], folder / "out"))


def outputs(out: Path) -> dict[str, bytes]:
    """All files that are the same bytes in every run."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
        and not path.relative_to(out).parts[0].startswith(".")
        and path.suffix != ".sqlite"
        and path.name != "seconds.csv"
    }
