"""`Glm4MoeForCausalLM`: our sparse model without memory or a routed head."""

from typing import Any

from tenth.config import ModelConfig
from tenth.families.config_file import ConfigFile, Family, shared_fields, shared_keys


def fits(config: ModelConfig) -> bool:
    """Sigmoid scores, at least one sparse layer; transformers' router needs two experts."""
    plain = config.memory is None and config.head_groups == 0
    sparse = any(config.is_sparse_layer(i) for i in range(config.n_layers))
    many = config.n_experts >= 2
    return sparse and many and plain and config.score == "sigmoid"


def write(config: ModelConfig) -> dict[str, Any]:
    keys = shared_keys(config)
    keys["rope_parameters"]["partial_rotary_factor"] = config.rotary_fraction
    return {
        "architectures": ["Glm4MoeForCausalLM"],
        "model_type": "glm4_moe",
        **keys,
        "partial_rotary_factor": config.rotary_fraction,
        "use_qk_norm": True,
        "n_routed_experts": config.n_experts,
        "num_experts_per_tok": config.top_k,
        "moe_intermediate_size": config.d_expert,
        # llama.cpp adds SiLU(x) where there is no shared expert: one of zeros is written instead
        "n_shared_experts": max(config.n_shared_experts, 1),
        "first_k_dense_replace": config.first_dense,
        "norm_topk_prob": True,
        "routed_scaling_factor": config.routed_scale,
        "n_group": 1,
        "topk_group": 1,
        "num_nextn_predict_layers": 0,
    }


def read(file: ConfigFile) -> dict[str, Any]:
    file.only("use_qk_norm", True, False)
    file.only("norm_topk_prob", True, True)
    file.only("n_group", 1, 1)
    file.only("topk_group", 1, 1)
    return {
        **shared_fields(file, default_fraction=0.5),
        "n_experts": file.get("n_routed_experts", int),
        "top_k": file.get("num_experts_per_tok", int),
        "d_expert": file.get("moe_intermediate_size", int),
        "n_shared_experts": file.get("n_shared_experts", int),
        "first_dense": file.get("first_k_dense_replace", int),
        "score": "sigmoid",
        "routed_scale": file.get("routed_scaling_factor", float),
    }


GLM4_MOE = Family("glm4_moe", fits, write, read)
