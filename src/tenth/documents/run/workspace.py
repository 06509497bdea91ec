"""The folder that a run writes: ours alone, one run at a time, a spool that goes when it ends."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from tenth.documents.archives.unpack import MARKER
from tenth.documents.run.outputs import TABLES, TEXT
from tenth.files import atomic_write_text, temporary_of

LOCK, SPOOL, STORE = ".lock", ".spool", ".store"


class Workspace:
    """Raises ValueError where the folder holds something else, or another run is at work in it."""

    def __init__(self, out: Path):
        self.out = out
        if out.exists() and not out.is_dir():
            raise ValueError(f"{out} is a file; -o names a folder")
        begun = {LOCK, temporary_of(out / MARKER).name}  # all that a run killed at once leaves
        if out.is_dir() and not (out / MARKER).is_file() and set(os.listdir(out)) - begun:
            raise ValueError(
                f"{out} is not empty and was not written by tenth read; choose another folder"
            )
        self.fresh = not (out / MARKER).is_file()
        self.lock = FileLock(out / LOCK)

    def __enter__(self) -> "Workspace":
        self.out.mkdir(parents=True, exist_ok=True)
        try:
            self.lock.acquire(timeout=0)
        except Timeout:
            raise ValueError(f"another tenth read is at work in {self.out}") from None
        if not (self.out / MARKER).is_file():
            about = "Written by tenth read. The same command again reads only what is new.\n"
            atomic_write_text(self.out / MARKER, about)
        self._empty_spool()
        for name in (TEXT, TABLES, SPOOL):
            (self.out / name).mkdir(exist_ok=True)
        return self

    def __exit__(self, kind: type | None, *_) -> None:
        self._empty_spool()
        store = self.out / STORE
        if kind and self.fresh and not (store.is_dir() and any(store.iterdir())):
            for path in self.out.iterdir():  # nothing was read: nothing is left
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            with suppress(OSError):
                self.out.rmdir()
        self.lock.release()

    @property
    def spool(self) -> Path:
        return self.out / SPOOL

    def keep_only(self, names: Iterable[str]) -> None:
        """Deletes the outputs of documents that are not in the archive any more."""
        wanted = set(names)
        for path in (self.out / TEXT).iterdir():
            if path.suffix != ".md" or path.stem not in wanted:
                path.unlink()
        for path in (self.out / TABLES).iterdir():
            if path.name not in wanted:
                shutil.rmtree(path)

    def _empty_spool(self) -> None:
        shutil.rmtree(self.spool, ignore_errors=True)
