"""`TenthForCausalLM`: what no released family holds, in glm4_moe's layout.

Memory, routed heads, softmax routers and dense models of partial RoPE; `modeling_tenth.py` lies
beside the weights, and transformers opens it with `trust_remote_code=True`.
"""

from typing import Any

from tenth.config import ModelConfig
from tenth.families import glm4_moe
from tenth.families.config_file import Family


def write(config: ModelConfig) -> dict[str, Any]:
    keys = glm4_moe.write(config)
    if config.n_experts == 0:
        keys["first_k_dense_replace"] = config.n_layers
    return {
        **keys,
        "architectures": ["TenthForCausalLM"],
        "model_type": "tenth",
        "auto_map": {
            "AutoConfig": "modeling_tenth.TenthConfig",
            "AutoModelForCausalLM": "modeling_tenth.TenthForCausalLM",
        },
    }


NATIVE = Family("tenth", glm4_moe.read, glm4_moe.NAMES, fits=lambda config: True, write=write)
