"""`FlexOlmoForCausalLM`: OLMoE's layers, normed behind attention and experts."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.names import Names
from tenth.families.softmax import attention_biases, softmax_experts


def read(file: ConfigFile) -> dict[str, Any]:
    return {
        **shared_fields(file, theta=500000.0),
        **softmax_experts(file, "intermediate_size", file.get("norm_topk_prob", bool, False)),
        **attention_biases(file),
        "qk_norm": "full",
        "norms": "post",
    }


NAMES = Names(
    attention_post_norm="post_attention_layernorm", mlp_post_norm="post_feedforward_layernorm"
)
FLEX_OLMO = Family("flex_olmo", read, NAMES)
