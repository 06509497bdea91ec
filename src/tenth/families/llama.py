"""`LlamaForCausalLM`: Llama 2 and 3, and what is shaped like them."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.softmax import attention_biases


def read(file: ConfigFile) -> dict[str, Any]:
    return {
        **shared_fields(file),
        "qk_norm": "none",
        **attention_biases(file),
        "mlp_bias": file.get("mlp_bias", bool, False),
    }


LLAMA = Family("llama", read)
