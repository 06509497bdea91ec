"""`tenth convert`: a model into a new Hugging Face folder or a GGUF file, read back and whole."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import torch

from tenth.checkpoints import TensorFiles, read_json
from tenth.checkpoints.hub import resolve
from tenth.families.config_file import open_config
from tenth.families.exports import notes_on
from tenth.families.loading import load_model, stored_value
from tenth.families.names import entries
from tenth.families.registry import family_of, read_config
from tenth.families.saving import save_model
from tenth.files import atomic_write_json, sync_folder
from tenth.model import Transformer

FORMATS = ("hf", "gguf")
TYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
SPELLED = {"F32": "float32", "F64": "float32", "BF16": "bfloat16", "F16": "float16"}
COMPANIONS = (
    "tokenizer.json", "tokenizer.model", "tiktoken.model", "vocab.json", "merges.txt",
    "added_tokens.json", "special_tokens_map.json", "chat_template.jinja", "chat_template.json",
    "generation_config.json", "LICENSE*", "additional_chat_templates/*.jinja",
)  # fmt: skip
TOKEN_IDS = ("bos_token_id", "eos_token_id", "pad_token_id")


class Converted(NamedTuple):
    path: Path
    n_bytes: int
    dtype: str
    notes: list[str]  # what was left out, and where it does not open


def convert(source: str | Path, target: str | Path, to: str, dtype: str = "auto") -> Converted:
    """The model that `source` names (a folder, a hub id) in another form, at `target`.

    `dtype`: float32, bfloat16, float16, for GGUF also q8_0; "auto" keeps the weights' own. What
    appears at `target` is whole and was read back; before that nothing is there.
    """
    target = Path(target)
    _check_request(target, to, dtype)
    folder = resolve(source)
    own = own_dtype(folder)
    chosen = own if dtype == "auto" else dtype
    if to == "gguf":
        from tenth.families.gguf import refuse_misfits, write_gguf

        file = open_config(folder)
        refuse_misfits(read_config(file), family_of(file))  # before gigabytes are read
        model = load_model(folder, TYPES[own])
        notes = write_gguf(model, folder, target, chosen)
        return Converted(target, target.stat().st_size, chosen, [*notes, *_left_out(model)])
    model = load_model(folder, TYPES[chosen])
    with _new_folder(target) as staging:
        save_model(model, staging, extra=read_json(folder / "config.json").get("tenth_extra"))
        _bring_companions(folder, staging)
        _read_back(model, staging)
        notes = notes_on(staging)
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    return Converted(target, size, chosen, notes)


def _check_request(target: Path, to: str, dtype: str) -> None:
    choices = ("auto", *TYPES, *(("q8_0",) if to == "gguf" else ()))
    if to not in FORMATS:
        raise ValueError(f"--to {to!r} is not one of {', '.join(FORMATS)}")
    if dtype not in choices:
        raise ValueError(f"--dtype {dtype!r} is not one of {', '.join(choices)} (--to {to})")
    if not target.absolute().parent.is_dir():
        raise ValueError(f"{target.absolute().parent} is no folder to write into")
    if to == "gguf" and target.suffix != ".gguf":
        raise ValueError(f"{target}: the name of a GGUF file ends in .gguf")
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise ValueError(f"{target} is there already; convert writes what is new")
    if to == "gguf" and target.is_dir():
        raise ValueError(f"{target} is a folder; a GGUF file is one file")


def own_dtype(folder: Path) -> str:
    """What keeps every weight as it is; packed ones are widened to bfloat16.

    Vectors count too, but for the routers', which stay float32 in any case.
    """
    kinds = {
        info.dtype
        for name, info in TensorFiles(folder).info.items()
        if info.dtype in SPELLED and "scale" not in name and not _of_router(name)
    }
    if kinds <= {"BF16"}:
        return "bfloat16"
    return "float16" if kinds == {"F16"} else "float32"


def _of_router(name: str) -> bool:
    return name.endswith((".gate.weight", ".e_score_correction_bias", ".router.weight"))


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A folder beside it that takes its place when the block ends without an error."""
    staging = target.with_name(f".{target.name}.converting")
    shutil.rmtree(staging, ignore_errors=True)  # what a killed run left
    staging.mkdir()
    try:
        yield staging
        os.replace(staging, target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    sync_folder(target.absolute().parent)


def _bring_companions(source: Path, target: Path) -> None:
    """Tokenizer, template and token ids, as they are but for what other tools trip on."""
    for pattern in COMPANIONS:
        for path in source.glob(pattern):
            place = target / path.relative_to(source)
            place.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, place)
    path = source / "tokenizer_config.json"
    if path.is_file():
        values = read_json(path)
        if values.get("tokenizer_class") == "TokenizersBackend":  # 4.x does not know it
            values["tokenizer_class"] = "PreTrainedTokenizerFast"
        atomic_write_json(target / path.name, values)
    old, path = read_json(source / "config.json"), target / "config.json"
    kept = {key: old[key] for key in TOKEN_IDS if key in old}
    atomic_write_json(path, _spelled_twice({**read_json(path), **kept}))


def _spelled_twice(config: dict[str, Any]) -> dict[str, Any]:
    """transformers 5 writes rope_parameters alone; 4.x and engines look at the top level too."""
    rope = config.get("rope_parameters")
    keys = ("rope_theta", "partial_rotary_factor")
    found = {key: rope[key] for key in keys if key in rope} if isinstance(rope, dict) else {}
    return {**found, **config}


def _read_back(model: Transformer, folder: Path) -> None:
    """Raises ValueError unless the folder holds the same model, bit for bit."""
    file, files = open_config(folder), TensorFiles(folder)
    family = family_of(file)
    if read_config(file) != model.config:
        raise ValueError(f"{folder}: read back, its config.json describes another model")
    for entry in entries(model, family.names, family.prefix):
        value = stored_value(entry, files)
        if value.dtype != entry.tensor.dtype or not torch.equal(value, entry.tensor.cpu()):
            raise ValueError(f"{folder}: read back, {entry.name!r} is not what was written")


def _left_out(model: Transformer) -> list[str]:
    carried = model.origin.carried if model.origin is not None else {}
    return [f"{len(carried)} tensors of layers that predict ahead (MTP) are left out"] * bool(
        carried
    )
