"""A model of ours to a folder that Hugging Face's tools open."""

import itertools
from dataclasses import fields
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
from tenth.families.origin import stored
from tenth.families.registry import WRITTEN
from tenth.files import atomic_write_bytes, atomic_write_json
from tenth.model import Transformer

MAX_SHARD_BYTES = 4_000_000_000
MODELING = "modeling_tenth.py"
OWN_FIELDS = (
    "vocab_size", "d_model", "n_layers", "n_heads", "n_kv_heads", "d_head", "d_ff", "max_seq",
    "rope_theta", "rotary_fraction", "norm_eps", "n_experts", "top_k", "d_expert",
    "n_shared_experts", "first_dense", "score", "routed_scale", "head_groups", "memory",
)  # fmt: skip


def save_model(
    model: Transformer,
    folder: Path,
    tokenizer: Tokenizer | None = None,
    extra: dict[str, Any] | None = None,
    max_shard_bytes: int = MAX_SHARD_BYTES,
) -> None:
    """Writes the model into `folder`, whose other files stay. All of it appears, or nothing does.

    A model of ours is written in the first of our formats that holds it, one that was loaded from
    a lab's folder in that lab's, as plain weights, with the layers that it only carries. `extra`
    is kept in config.json under "tenth_extra".
    """
    folder = Path(folder)
    origin = model.origin
    odd = _odd_fields(model.config)
    if origin is not None and (origin.family not in WRITTEN or origin.carried or odd):
        family, keys, carried = origin.family, origin.config_keys(), origin.carried
        keys["dtype"] = keys["torch_dtype"] = _dtype(model)
    elif odd:
        raise ValueError(
            f"ModelConfig.{odd[0]}: {getattr(model.config, odd[0])!r} has no place in tenth's own "
            "formats; only a model that was loaded from its family's folder is saved with it"
        )
    else:
        family = next(family for family in WRITTEN if family.fits(model.config))
        carried = {}
        keys = _config_keys(model, family, folder)
    if extra:
        keys["tenth_extra"] = extra
    with replacing(folder) as staging:
        tensors = stored(entries(model, family.names, family.prefix))
        write_tensors(staging, itertools.chain(tensors, carried.items()), max_shard_bytes)
        if tokenizer is not None:
            write_tokenizer(staging, tokenizer)
        if family is NATIVE:
            code = Path(__file__).with_name(MODELING).read_bytes()
            atomic_write_bytes(staging / MODELING, code)
        end = {"eos_token_id": keys.get("eos_token_id", END_ID)}
        atomic_write_json(staging / "generation_config.json", end)
        atomic_write_json(staging / "config.json", keys)


def _dtype(model: Transformer) -> str:
    return str(model.embed.weight.dtype).removeprefix("torch.")


def _odd_fields(config: ModelConfig) -> list[str]:
    """The labs' switches that are used: our own formats have no place for them."""
    plain = ModelConfig()
    return [
        field.name
        for field in fields(config)
        if field.name not in OWN_FIELDS
        and getattr(config, field.name) != getattr(plain, field.name)
    ]


def _config_keys(model: Transformer, family: Family, folder: Path) -> dict[str, Any]:
    """Under "tenth" stand the fields that Hugging Face's keys do not give back."""
    keys = family.write(model.config)
    keys["dtype"] = keys["torch_dtype"] = _dtype(model)
    read_back = to_dict(
        from_dict(ModelConfig, family.read(ConfigFile(folder / "config.json", keys)))
    )
    held = to_dict(model.config)
    own = {name: value for name, value in held.items() if value != read_back[name]}
    return {**keys, "tenth": own} if own else keys
