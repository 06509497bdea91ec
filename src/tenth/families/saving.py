"""A model of ours to a folder that Hugging Face's tools open."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from tenth.checkpoints import (
    replacing,
    write_tensors,
    write_tokenizer,
)
from tenth.config import ModelConfig, from_dict, to_dict
from tenth.families.config_file import END_ID, ConfigFile, Family
from tenth.families.names import entries
from tenth.families.native import NATIVE
from tenth.families.registry import WRITTEN
from tenth.files import atomic_write_bytes, atomic_write_json
from tenth.model import Transformer

MAX_SHARD_BYTES = 4_000_000_000
MODELING = "modeling_tenth.py"


def save_model(
    model: Transformer,
    folder: Path,
    tokenizer: Tokenizer | None = None,
    extra: dict[str, Any] | None = None,
    max_shard_bytes: int = MAX_SHARD_BYTES,
) -> None:
    """Writes the model into `folder`, whose other files stay. All of it appears, or nothing does.

    `extra` is kept in config.json under "tenth_extra".
    """
    folder = Path(folder)
    family = next(family for family in WRITTEN if family.fits(model.config))
    keys = _config_keys(model, family, folder)
    if extra:
        keys["tenth_extra"] = extra
    with replacing(folder) as staging:
        tensors = ((entry.name, entry.tensor) for entry in entries(model, family.names))
        write_tensors(staging, tensors, max_shard_bytes)
        if tokenizer is not None:
            write_tokenizer(staging, tokenizer)
        if family is NATIVE:
            code = Path(__file__).with_name(MODELING).read_bytes()
            atomic_write_bytes(staging / MODELING, code)
        atomic_write_json(staging / "generation_config.json", {"eos_token_id": END_ID})
        atomic_write_json(staging / "config.json", keys)


def _config_keys(model: Transformer, family: Family, folder: Path) -> dict[str, Any]:
    """Under "tenth" stand the fields that Hugging Face's keys do not give back."""
    keys = family.write(model.config)
    keys["dtype"] = keys["torch_dtype"] = str(model.embed.weight.dtype).removeprefix("torch.")
    read_back = to_dict(
        from_dict(ModelConfig, family.read(ConfigFile(folder / "config.json", keys)))
    )
    fields = to_dict(model.config)
    own = {name: value for name, value in fields.items() if value != read_back[name]}
    return {**keys, "tenth": own} if own else keys
