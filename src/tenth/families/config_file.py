"""config.json in Hugging Face's spelling: what all families share, and one clear line on what
does not fit."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenth.checkpoints import read_json
from tenth.config import ModelConfig
from tenth.families.names import Names

REQUIRED = object()
END_ID = 0  # <|endoftext|>
MOST_LAYERS = 10_000


@dataclass(frozen=True)
class Family:
    """One model_type: its config.json as ours, and the names of its tensors.

    `inner` and `prefix`: where a model of text stands inside one of more senses, in config.json
    and before the tensors' names; the tensors of the other senses begin with `others`. A family
    that we write too says which configs it `fits`, and how to `write` them.
    """

    model_type: str
    read: Callable[["ConfigFile"], dict[str, Any]]  # ModelConfig's fields, as plain values
    names: Names = field(default_factory=Names)
    inner: str = ""
    prefix: str = ""
    others: tuple[str, ...] = ()
    fits: Callable[[ModelConfig], bool] = lambda config: False
    write: Callable[[ModelConfig], dict[str, Any]] = lambda config: {}


class ConfigFile:
    """The values of a config.json, asked for by name and kind."""

    def __init__(self, path: Path, values: dict[str, Any]):
        self.path, self.values = path, values

    def get(self, key: str, kind: type, default: Any = REQUIRED) -> Any:
        value = self.values.get(key)
        if value is None:
            if default is REQUIRED:
                raise ValueError(f"{self.path}: it has no {key}")
            return default
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise ValueError(f"{self.path}: {key} is {value!r}, which is no {kind.__name__}")
        return value

    def any_of(self, keys: tuple[str, ...], kind: type, default: Any = REQUIRED) -> Any:
        """The first of these spellings that is there."""
        key = next((k for k in keys if self.values.get(k) is not None), keys[0])
        return self.get(key, kind, default)

    def only(self, key: str, choice: Any, default: Any) -> None:
        """A setting that our model has in one way alone."""
        value = self.values.get(key, default)
        if value != choice:
            raise ValueError(f"{self.path}: {key} is {value!r}; tenth runs {choice!r} only")

    def inside(self, key: str) -> "ConfigFile":
        return ConfigFile(self.path, self.get(key, dict))

    def rope(self) -> "ConfigFile":
        """The values with those of rope_parameters on top; 4.x wrote rope_scaling and the rest at
        the top level."""
        scaling = self.get("rope_scaling", dict, {})
        rope = self.get("rope_parameters", dict, {}) or scaling
        kind = rope.get("rope_type", rope.get("type", "default"))
        return ConfigFile(self.path, {**self.values, **rope, "rope_type": kind})


def open_config(folder: Path) -> ConfigFile:
    path = folder / "config.json"
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    if not path.is_file():
        raise ValueError(f"{folder} holds no complete model: it has no config.json")
    return ConfigFile(path, read_json(path))


def shared_keys(config: ModelConfig) -> dict[str, Any]:
    """What every family writes: `rope_parameters` for transformers 5, `rope_theta` for 4."""
    return {
        "vocab_size": config.vocab_size,
        "hidden_size": config.d_model,
        "intermediate_size": config.d_ff,
        "num_hidden_layers": config.n_layers,
        "num_attention_heads": config.n_heads,
        "num_key_value_heads": config.n_kv_heads,
        "head_dim": config.d_head,
        "max_position_embeddings": config.max_seq,
        "rms_norm_eps": config.norm_eps,
        "rope_theta": config.rope_theta,
        "rope_parameters": {"rope_type": "default", "rope_theta": config.rope_theta},
        "hidden_act": "silu",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "tie_word_embeddings": False,
        "use_cache": True,
        "bos_token_id": None,
        "eos_token_id": END_ID,
    }


def shared_fields(
    file: ConfigFile, fraction: float = 1.0, theta: float = 10000.0, eps: float = 1e-6
) -> dict[str, Any]:
    """What every family has, with the family's defaults of partial RoPE, RoPE's base and norms'
    epsilon. A family whose SwiGLU is narrower than `intermediate_size` says so itself.
    """
    file.only("hidden_act", "silu", "silu")
    rope, n_layers = file.rope(), file.get("num_hidden_layers", int)
    if n_layers > MOST_LAYERS:  # before lists of that length are made
        raise ValueError(f"{file.path}: num_hidden_layers is {n_layers}; no model has so many")
    n_heads, d_model = file.get("num_attention_heads", int), file.get("hidden_size", int)
    return {
        "vocab_size": file.get("vocab_size", int),
        "d_model": d_model,
        "n_layers": n_layers,
        "n_heads": n_heads,
        "n_kv_heads": file.get("num_key_value_heads", int, n_heads),
        "d_head": file.get("head_dim", int, d_model // max(n_heads, 1)),
        "d_ff": file.get("intermediate_size", int),
        "max_seq": file.get("max_position_embeddings", int),
        "norm_eps": file.get("rms_norm_eps", float, eps),
        "rope_theta": rope.get("rope_theta", float, theta),
        "rotary_fraction": rope.get("partial_rotary_factor", float, fraction),
        "rope_scaling": rope_scaling(rope),
        "tied": file.get("tie_word_embeddings", bool, False),
    }


def rope_scaling(rope: ConfigFile) -> dict[str, Any] | None:
    """RopeScaling's fields, or None where the context is not stretched."""
    kind = rope.get("rope_type", str)
    if kind == "default":
        return None
    if kind not in ("linear", "llama3", "yarn"):
        choices = "default, linear, llama3, yarn"
        raise ValueError(f"{rope.path}: rope_type is {kind!r}; tenth runs {choices}")
    longest = rope.get("max_position_embeddings", int)
    original = rope.get("original_max_position_embeddings", int, longest)
    factor = rope.get("factor", float, longest / original if kind == "yarn" else REQUIRED)
    fields: dict[str, Any] = {"kind": kind, "factor": factor, "original_max_seq": original}
    if kind == "llama3":
        fast, slow = rope.get("high_freq_factor", float), rope.get("low_freq_factor", float)
        return {**fields, "fast": fast, "slow": slow}
    if kind == "linear":
        return fields
    return {
        **fields,
        "fast": rope.get("beta_fast", float, 0.0) or 32.0,
        "slow": rope.get("beta_slow", float, 0.0) or 1.0,
        "truncate": rope.get("truncate", bool, True),
        "attention_factor": _attention_factor(rope, factor),
    }


def _attention_factor(rope: ConfigFile, factor: float) -> float:
    """YaRN's, as transformers makes it of mscale and mscale_all_dim."""
    given = rope.get("attention_factor", float, None)
    if given is not None:
        return given
    one, all_ = rope.get("mscale", float, 0.0), rope.get("mscale_all_dim", float, 0.0)
    if one and all_:
        return mscale(factor, one) / mscale(factor, all_)
    return mscale(factor, 1.0)


def mscale(factor: float, weight: float) -> float:
    return 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1.0
