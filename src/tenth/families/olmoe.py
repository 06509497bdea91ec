"""`OlmoeForCausalLM`: norms over all heads together, softmax weights as they are."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.softmax import attention_biases, softmax_experts


def read(file: ConfigFile) -> dict[str, Any]:
    return {
        **shared_fields(file, eps=1e-5),
        **softmax_experts(file, "intermediate_size", file.get("norm_topk_prob", bool, False)),
        **attention_biases(file),
        "qk_norm": "full",
        "clip_qkv": file.get("clip_qkv", float, 0.0),
    }


OLMOE = Family("olmoe", read)
