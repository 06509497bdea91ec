"""`Qwen3MoeForCausalLM`: norms per head, no shared expert."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.softmax import attention_biases, qwen_dense_layers, softmax_experts


def read(file: ConfigFile) -> dict[str, Any]:
    fields, n_layers = shared_fields(file), file.get("num_hidden_layers", int)
    windowed = file.get("use_sliding_window", bool, False)
    window = file.get("sliding_window", int, 4096)
    return {
        **fields,
        **softmax_experts(file, "moe_intermediate_size", file.get("norm_topk_prob", bool, False)),
        **attention_biases(file),
        "windows": [window] * n_layers if windowed else [],
        "dense_layers": qwen_dense_layers(file, n_layers),
    }


QWEN3_MOE = Family("qwen3_moe", read)
