"""`Glm4ForCausalLM`: GLM 4 0414, dense, normed on both sides, gate and up in one matrix."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.names import Names


def read(file: ConfigFile) -> dict[str, Any]:
    return {
        **shared_fields(file, fraction=0.5, eps=1.5625e-7),
        "qk_norm": "none",
        "qkv_bias": file.get("attention_bias", bool, True),
        "norms": "both",
        "rope_pairs": True,
    }


GLM4 = Family("glm4", read, Names(fused_mlp=True))
