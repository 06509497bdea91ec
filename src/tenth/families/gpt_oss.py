"""`GptOssForCausalLM`: windows by turns, sinks, biases, clamped experts in one tensor."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.names import Names

YARN = {"rope_type": "yarn", "factor": 32.0, "beta_fast": 32.0, "beta_slow": 1.0,
        "truncate": False, "original_max_position_embeddings": 4096}  # fmt: skip


def read(file: ConfigFile) -> dict[str, Any]:
    if not file.get("rope_parameters", dict, {}) and not file.get("rope_scaling", dict, {}):
        file = ConfigFile(file.path, {**file.values, "rope_parameters": YARN})
    fields = shared_fields(file, theta=150000.0, eps=1e-5)
    n_layers, window = fields["n_layers"], file.get("sliding_window", int, 128)
    turns = ["full" if i % 2 else "sliding_attention" for i in range(n_layers)]
    kinds = file.get("layer_types", list, turns)
    bias = file.get("attention_bias", bool, True)
    return {
        **fields,
        "qk_norm": "none",
        "qkv_bias": bias,
        "o_bias": bias,
        "sinks": True,
        "windows": [window if kind == "sliding_attention" else 0 for kind in kinds],
        "n_experts": file.any_of(("num_local_experts", "num_experts"), int),
        "top_k": file.any_of(("num_experts_per_tok", "experts_per_token"), int),
        "d_expert": file.get("intermediate_size", int),
        "score": "topk_softmax",
        "router_bias": True,
        "expert_bias": True,
        "swiglu_limit": file.get("swiglu_limit", float, 7.0),
        "swiglu_alpha": file.get("swiglu_alpha", float, 1.702),
    }


GPT_OSS = Family("gpt_oss", read, Names(router="router", fused_experts=True))
