"""`Glm4MoeForCausalLM`: GLM 4.5 to 4.7, and our sparse model without memory or a routed head."""

from typing import Any

from tenth.config import ModelConfig
from tenth.families.config_file import ConfigFile, Family, shared_fields, shared_keys
from tenth.families.names import Names

NAMES = Names(bias="gate.e_score_correction_bias", zero_shared=True)


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
    return {
        **shared_fields(file, fraction=0.5, eps=1e-5),
        **sigmoid_experts(file),
        "qkv_bias": file.get("attention_bias", bool, False),
        "qk_norm": "head" if file.get("use_qk_norm", bool, False) else "none",
        "first_dense": leading_dense(file, 1),
    }


def leading_dense(file: ConfigFile, default: int) -> int:
    """How many layers come before the first sparse one; a shortened model may have fewer."""
    first = file.get("first_k_dense_replace", int, default)
    return min(first, file.get("num_hidden_layers", int))


def sigmoid_experts(file: ConfigFile) -> dict[str, Any]:
    """The experts and the router of DeepSeek V3, which GLM and Kimi have too."""
    return {
        "n_experts": file.any_of(("n_routed_experts", "num_local_experts"), int),
        "top_k": file.get("num_experts_per_tok", int),
        "d_expert": file.get("moe_intermediate_size", int),
        "n_shared_experts": file.get("n_shared_experts", int, 1),
        "score": "sigmoid",
        "renorm": file.get("norm_topk_prob", bool, True),
        "routed_scale": file.get("routed_scaling_factor", float, 1.0),
        "n_groups": file.get("n_group", int, 1),
        "top_groups": file.get("topk_group", int, 1),
    }


GLM4_MOE = Family("glm4_moe", read, NAMES, fits=fits, write=write)
