"""Which files of a folder hold its weights, and whether they hold what the index promises."""

import json
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from tenth.checkpoints.headers import Info
from tenth.checkpoints.writing import INDEX, SINGLE

SUFFIX = ".safetensors"
PICKLES = ("pytorch_model*.bin", "adapter_model*.bin", "consolidated*.pth", "*.pth", "*.pt",
           "*.ckpt", "*.pkl", "*.pickle")  # fmt: skip

Check = Callable[[dict[str, Info]], None]


def shards_of(folder: Path) -> tuple[list[Path], Check]:
    """The files to open, and the check of what was found in them."""
    if (folder / SINGLE).exists():
        return [folder / SINGLE], lambda _: None
    index = folder / INDEX
    if not index.exists():
        raise ValueError(_why_no_weights(folder))
    weight_map = _weight_map(index)
    files = sorted(set(weight_map.values()))
    missing = [file for file in files if not (folder / file).exists()]
    if missing:
        others = f"; {len(missing)} of {len(files)} are" if len(missing) > 1 else ""
        raise ValueError(f"{folder / missing[0]}: this shard is missing{others}")

    def check(found: dict[str, Info]) -> None:
        for name, file in weight_map.items():
            if name not in found or found[name].file.name != file:
                raise ValueError(
                    f"{folder / file}: it does not hold tensor {name!r}, which {INDEX} puts there"
                )

    return [folder / file for file in files], check


def _weight_map(index: Path) -> dict[str, str]:
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise ValueError(f"{index}: it has no weight_map")
    for name, file in weight_map.items():
        if not isinstance(file, str) or not _is_plain_name(file) or not file.endswith(SUFFIX):
            raise ValueError(
                f"{index}: weight_map puts tensor {name!r} in {file!r}, "
                f"which is no {SUFFIX} file of this folder"
            )
    return weight_map


def _is_plain_name(file: str) -> bool:
    """Of a file in the same folder, by the rules of any system."""
    return file == PurePosixPath(file).name == PureWindowsPath(file).name and "\0" not in file


def _why_no_weights(folder: Path) -> str:
    if not folder.is_dir():
        return f"{folder} is not a folder"
    lone = sorted(folder.glob(f"*{SUFFIX}"))
    if lone:
        return f"{folder} holds no complete model: {lone[0].name} is there, {INDEX} is missing"
    for pattern in PICKLES:
        for path in sorted(folder.glob(pattern)):
            return f"{path} is a pickle, which can run code; convert it to safetensors"
    return f"{folder} holds no complete model: it has neither {SINGLE} nor {INDEX}"


def read_json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path}: truncated, or no JSON ({error})") from None
    except RecursionError:
        raise ValueError(f"{path}: truncated, or no JSON (nested too deep)") from None
    if not isinstance(values, dict):
        raise ValueError(f"{path}: not a JSON object")
    return values
