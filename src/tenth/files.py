"""Files that are wholly old or wholly new, whatever kills their writer."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


def temporary_of(path: Path) -> Path:
    """Where a file's new content lies until it is whole."""
    return path.with_name(f".{path.name}.tmp")


@contextmanager
def atomic_open(path: Path) -> Iterator[IO[bytes]]:
    """Opens a temporary sibling that takes `path`'s place when the block ends without an error."""
    temporary = temporary_of(path)  # a killed writer's is overwritten by the next
    try:
        with open(temporary, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)  # a full disk does not say which file it refused
        raise


def atomic_write_bytes(path: Path, content: bytes) -> None:
    with atomic_open(path) as file:
        file.write(content)


def atomic_write_text(path: Path, content: str) -> None:
    atomic_write_bytes(path, content.encode())


def atomic_write_json(path: Path, values: Any) -> None:
    atomic_write_text(path, json.dumps(values, indent=2, ensure_ascii=False) + "\n")


def sync_folder(folder: Path) -> None:
    """Makes renames inside `folder` survive a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
