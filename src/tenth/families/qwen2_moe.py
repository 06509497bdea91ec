"""`Qwen2MoeForCausalLM`: biases of queries, keys and values, a shared expert with a gate."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.names import Names
from tenth.families.softmax import qwen_dense_layers, softmax_experts


def read(file: ConfigFile) -> dict[str, Any]:
    fields, n_layers = shared_fields(file), file.get("num_hidden_layers", int)
    window = file.get("sliding_window", int, 4096)
    first = file.get("max_window_layers", int, 28)
    turns = ["sliding_attention" if i % 2 == 0 and i < first else "full" for i in range(n_layers)]
    windowed = file.get("use_sliding_window", bool, False)
    kinds = file.get("layer_types", list, turns if windowed else ["full"] * n_layers)
    return {
        **fields,
        **softmax_experts(file, "moe_intermediate_size", file.get("norm_topk_prob", bool, False)),
        "qkv_bias": file.get("qkv_bias", bool, True),
        "qk_norm": "none",
        "windows": [window if windowed and k == "sliding_attention" else 0 for k in kinds],
        "d_shared": file.get("shared_expert_intermediate_size", int, 5632),
        "shared_gate": True,
        "dense_layers": qwen_dense_layers(file, n_layers),
    }


QWEN2_MOE = Family("qwen2_moe", read, Names(shared="shared_expert."))
