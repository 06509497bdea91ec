"""`Qwen3ForCausalLM`: our dense model's format, and Qwen's own."""

from typing import Any

from tenth.config import ModelConfig
from tenth.families.config_file import ConfigFile, Family, shared_fields, shared_keys


def fits(config: ModelConfig) -> bool:
    """No sparse layer or head, no memory; Qwen3 turns whole heads only."""
    dense = not any(config.is_sparse_layer(i) for i in range(config.n_layers))
    plain = config.memory is None and config.head_groups == 0
    return dense and plain and config.rotary_fraction == 1


def write(config: ModelConfig) -> dict[str, Any]:
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        **shared_keys(config),
        "use_sliding_window": False,
        "sliding_window": None,
    }


def read(file: ConfigFile) -> dict[str, Any]:
    fields = shared_fields(file)
    if fields["rotary_fraction"] != 1:
        found = fields["rotary_fraction"]
        raise ValueError(f"{file.path}: partial_rotary_factor is {found}; a qwen3 model has 1 only")
    bias = file.get("attention_bias", bool, False)
    return {
        **fields,
        "qkv_bias": bias,
        "o_bias": bias,
        "windows": windows(file, fields["n_layers"]),
        "n_experts": 0,
    }


def windows(file: ConfigFile, n_layers: int) -> list[int]:
    """Only with use_sliding_window; by layer_types, else from max_window_layers on."""
    window = file.get("sliding_window", int, 0)
    if not file.get("use_sliding_window", bool, False) or not window:
        return []
    first = file.get("max_window_layers", int, 28)
    later = ["sliding_attention" if i >= first else "full" for i in range(n_layers)]
    kinds = file.get("layer_types", list, later)
    return [window if kind == "sliding_attention" else 0 for kind in kinds]


QWEN3 = Family("qwen3", read, fits=fits, write=write)
