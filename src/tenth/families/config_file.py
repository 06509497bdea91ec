"""config.json in Hugging Face's spelling: what all families share, and one clear line on what
does not fit."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenth.checkpoints import read_json
from tenth.config import ModelConfig

REQUIRED = object()
END_ID = 0  # <|endoftext|>


@dataclass(frozen=True)
class Family:
    """One model_type: which configs it can hold, and their way to and from config.json."""

    model_type: str
    fits: Callable[[ModelConfig], bool]
    write: Callable[[ModelConfig], dict[str, Any]]
    read: Callable[["ConfigFile"], dict[str, Any]]  # ModelConfig's fields, as plain values


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

    def only(self, key: str, choice: Any, default: Any) -> None:
        """A setting that our model has in one way alone."""
        value = self.values.get(key, default)
        if value != choice:
            raise ValueError(f"{self.path}: {key} is {value!r}; tenth runs {choice!r} only")

    def rope(self, default_fraction: float) -> tuple[float, float]:
        """Theta and the share of a head that turns; 4.x wrote them at the top level."""
        scaling = self.get("rope_scaling", dict, {})
        rope = self.get("rope_parameters", dict, {}) or scaling
        kind = rope.get("rope_type", rope.get("type", "default"))
        if kind != "default":
            raise ValueError(f"{self.path}: rope_type is {kind!r}; tenth runs 'default' only")
        both = ConfigFile(self.path, {**self.values, **rope})
        return (
            both.get("rope_theta", float),
            both.get("partial_rotary_factor", float, default_fraction),
        )


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


def shared_fields(file: ConfigFile, default_fraction: float) -> dict[str, Any]:
    """The inverse of `shared_keys`."""
    file.only("hidden_act", "silu", "silu")
    file.only("attention_bias", False, False)
    file.only("quantization_config", None, None)
    theta, fraction = file.rope(default_fraction)
    n_heads, d_model = file.get("num_attention_heads", int), file.get("hidden_size", int)
    return {
        "vocab_size": file.get("vocab_size", int),
        "d_model": d_model,
        "n_layers": file.get("num_hidden_layers", int),
        "n_heads": n_heads,
        "n_kv_heads": file.get("num_key_value_heads", int, n_heads),
        "d_head": file.get("head_dim", int, d_model // max(n_heads, 1)),
        "d_ff": file.get("intermediate_size", int),
        "max_seq": file.get("max_position_embeddings", int),
        "norm_eps": file.get("rms_norm_eps", float),
        "rope_theta": theta,
        "rotary_fraction": fraction,
    }
