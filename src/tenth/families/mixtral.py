"""`MixtralForCausalLM`: renormalised softmax, w1 to w3, perhaps one window for all layers."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.names import W1_W3_W2, Names
from tenth.families.softmax import softmax_experts


def read(file: ConfigFile) -> dict[str, Any]:
    fields = shared_fields(file, theta=1e6, eps=1e-5)
    window = file.get("sliding_window", int, 0)
    return {
        **fields,
        **softmax_experts(file, "intermediate_size", renorm=True),
        "qk_norm": "none",
        "windows": [window] * fields["n_layers"] if window else [],
    }


MIXTRAL = Family("mixtral", read, Names(moe="block_sparse_moe.", experts=W1_W3_W2))
