"""Folders that are wholly old or wholly new, whatever kills the writer, and training states.

One file is `tenth.files`' business. Several files: all of them are written into a
staging folder, one rename commits them, and `settle` moves them to their places; a reader calls
`settle` first, so that a commit whose writer died half way through the moves is completed.
"""

import json
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import torch

from tenth.files import atomic_open, atomic_write_json, sync_folder

STAGING, COMMITTED, MANIFEST = ".saving", ".saved", "manifest.json"
WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "model-*-of-*.safetensors")


def save_torch(path: Path, state: Any) -> None:
    """A training state: tensors and plain values."""
    with atomic_open(path) as file:
        torch.save(state, file)


def load_torch(path: Path, device: str = "cpu") -> Any:
    """What `save_torch` wrote; on the CPU it stays on disk until it is touched."""
    try:
        return torch.load(path, map_location=device, weights_only=True, mmap=True)
    except FileNotFoundError:
        raise
    except (RuntimeError, EOFError, pickle.UnpicklingError, OSError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
        raise ValueError(
            f"truncated checkpoint: {path} ({reason}); delete it to start this arm again"
        ) from None


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Files written into the folder it yields appear in `folder` together, or none of them does.

    What else is in `folder` stays, but for the weights of a model that is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settle(folder)
    staging = folder / STAGING
    shutil.rmtree(staging, ignore_errors=True)  # what an earlier writer left when it was killed
    staging.mkdir()
    try:
        yield staging
        names = sorted(path.name for path in staging.iterdir())
        atomic_write_json(staging / MANIFEST, names)
        os.replace(staging, folder / COMMITTED)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    sync_folder(folder)
    settle(folder)


def settle(folder: Path) -> None:
    """Moves what was committed to its place; does nothing where nothing waits."""
    committed = folder / COMMITTED
    if not committed.is_dir():
        return
    manifest = committed / MANIFEST
    names = json.loads(manifest.read_text()) if manifest.exists() else []  # without it: all moved
    for name in names:
        with suppress(FileNotFoundError):  # moved already, by us or by another reader
            os.replace(committed / name, folder / name)
    for pattern in WEIGHTS if any(name.endswith(".safetensors") for name in names) else ():
        for path in folder.glob(pattern):
            if path.name not in names:
                path.unlink(missing_ok=True)
    sync_folder(folder)
    shutil.rmtree(committed, ignore_errors=True)
