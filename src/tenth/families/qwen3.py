"""`Qwen3ForCausalLM`: our dense model."""

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
    file.only("use_sliding_window", False, False)
    fields = shared_fields(file, default_fraction=1.0)
    if fields["rotary_fraction"] != 1:
        found = fields["rotary_fraction"]
        raise ValueError(f"{file.path}: partial_rotary_factor is {found}; a qwen3 model has 1 only")
    return {**fields, "n_experts": 0}


QWEN3 = Family("qwen3", fits, write, read)
