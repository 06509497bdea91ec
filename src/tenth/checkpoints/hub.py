"""Models of the Hugging Face hub by name, from its cache or downloaded; or their headers alone."""

import errno
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tenth.checkpoints.headers import Info
from tenth.checkpoints.tensors import TensorFiles

TEXT_FILES = ("*.json", "*.jinja", "*.txt", "tokenizer.model", "tiktoken.model")
MODEL_FILES = (*TEXT_FILES, "*.safetensors")  # never *.bin, which is pickled, nor *.py
LEFT_OUT = ("*/*", "consolidated*")  # the same weights once more, in their makers' own formats
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
HUB_ID = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*/[\w.-]+)(@(?P<revision>[\w./-]+))?")
SECONDS = 10.0  # for the hub to answer before the cache is asked


def resolve(model: str | Path, files: Sequence[str] = MODEL_FILES) -> Path:
    """The folder that `model` names: one that is there, or a hub id's (`org/name`,
    `org/name@revision`), of which `files` are downloaded unless the cache has them.

    Files that are whole are never fetched twice, and a broken connection goes on where it broke.
    Raises ValueError, one line, where the model can't be had.
    """
    folder = Path(model)
    if folder.is_dir():
        return folder
    if folder.exists():
        raise ValueError(f"{model} is a file; a model is a folder with config.json")
    name, revision = _parse(str(model))
    with _one_line(name, revision):
        from huggingface_hub import snapshot_download

        online = _look(name, revision, files)
        return Path(
            snapshot_download(
                name,
                revision=revision,
                allow_patterns=list(files),
                ignore_patterns=list(LEFT_OUT),
                local_files_only=not online,
            )
        )


def open_headers(model: str | Path) -> tuple[Path, dict[str, Info]]:
    """A folder with the model's JSON files, and its tensors' names, shapes and types.

    No weights are read; of a model that is on the hub alone, none are downloaded.
    """
    folder = resolve(model, TEXT_FILES)
    try:
        return folder, TensorFiles(folder).info
    except ValueError:
        if folder != Path(model):  # the cache has no weights, or not all of them
            return folder, _remote_headers(str(model), folder)
        _refuse_pickled(str(model), [path.name for path in folder.iterdir()])
        raise


def _refuse_pickled(model: str, files: Iterable[str]) -> None:
    files = sorted(files)
    pickled = [file for file in files if file.endswith(PICKLED)]
    if pickled and not any(file.endswith(".safetensors") for file in files):
        raise ValueError(
            f"{model} has no safetensors but pickled weights ({pickled[0]}), which can run any "
            "code when they are opened; tenth does not open them"
        )


def _remote_headers(model: str, folder: Path) -> dict[str, Info]:
    from huggingface_hub import HfApi

    name, revision = _parse(model)
    commit = folder.name  # the cache names a snapshot by it: no newer one's headers come in
    with _one_line(name, revision):
        files = HfApi().get_safetensors_metadata(name, revision=commit).files_metadata
    return {
        tensor: Info(folder / file, tuple(info.shape), info.dtype)
        for file, header in sorted(files.items())
        for tensor, info in header.tensors.items()
    }


def _parse(model: str) -> tuple[str, str | None]:
    found = HUB_ID.fullmatch(model)
    if found is None:
        raise ValueError(
            f"{model}: no such folder, and no hub id either (org/name or org/name@revision)"
        )
    return found["name"], found["revision"]


def _look(name: str, revision: str | None, files: Sequence[str]) -> bool:
    """Whether the hub answers. Raises ValueError for what it has and tenth can't take."""
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils import filter_repo_objects

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        found = HfApi().model_info(name, revision=revision, files_metadata=True, timeout=SECONDS)
    except HfHubHTTPError:
        return True  # it says no: the download asks the cache, and if need be repeats the no
    except Exception:  # no network, in whichever HTTP library's words
        return False
    sizes = {file.rfilename: file.size or 0 for file in found.siblings or ()}
    _refuse_pickled(name, sizes)
    wanted = filter_repo_objects(sizes, allow_patterns=list(files), ignore_patterns=list(LEFT_OUT))
    _check_space(name, found.sha, {file: sizes[file] for file in wanted})
    return True


def _check_space(name: str, commit: str | None, sizes: dict[str, int]) -> None:
    from huggingface_hub import constants, try_to_load_from_cache

    cache = Path(constants.HF_HUB_CACHE)
    missing = sum(
        size
        for file, size in sizes.items()
        if not isinstance(try_to_load_from_cache(name, file, revision=commit), str)
    )
    there = next(place for place in (cache, *cache.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    if missing > free:
        raise ValueError(
            f"{name} needs {missing / 1e9:,.1f} GB more in {cache}, which has {free / 1e9:,.1f} GB "
            "free; HF_HOME names another place"
        )


@contextmanager
def _one_line(name: str, revision: str | None) -> Iterator[None]:
    """What can go wrong between here and the hub, as ValueErrors of one line."""
    try:
        yield
    except ValueError as error:
        if type(error) is ValueError:
            raise
        raise ValueError(_told(error, name, revision)) from None
    except Exception as error:  # the HTTP library below differs between the hub's versions
        raise ValueError(_told(error, name, revision)) from None


def _told(error: Exception, name: str, revision: str | None) -> str:
    from huggingface_hub import constants, errors

    hub, cache = constants.ENDPOINT, constants.HF_HUB_CACHE
    full_disk = isinstance(error, OSError) and error.errno == errno.ENOSPC
    if full_disk:
        return f"{name}: the disk of {cache} is full; HF_HOME names another place"
    if isinstance(error, errors.GatedRepoError):
        return (
            f"{name} is gated: accept its terms at {hub}/{name}, then set HF_TOKEN to a token of "
            "yours that may read it"
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        private = "" if os.environ.get("HF_TOKEN") else "; a private one needs HF_TOKEN"
        return f"{name} is no folder here, and no model at {hub}{private}"
    if isinstance(error, errors.RevisionNotFoundError):
        return f"{name} has no revision {revision!r} at {hub}"
    if isinstance(error, errors.LocalEntryNotFoundError):
        why = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else f"{hub} cannot be reached"
        return f"{name} is no folder here and not whole in the cache {cache}, and {why}"
    return f"{name}: {hub} does not give it: {_first_line(error)}"


def _first_line(error: Any) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
