"""What the configs of families share whose routers are a softmax over all experts."""

from typing import Any

from tenth.families.config_file import ConfigFile


def softmax_experts(file: ConfigFile, width: str, renorm: bool) -> dict[str, Any]:
    return {
        "n_experts": file.any_of(("num_experts", "num_local_experts"), int),
        "top_k": file.get("num_experts_per_tok", int),
        "d_expert": file.get(width, int),
        "score": "softmax",
        "renorm": renorm,
    }


def attention_biases(file: ConfigFile) -> dict[str, bool]:
    bias = file.get("attention_bias", bool, False)
    return {"qkv_bias": bias, "o_bias": bias}


def qwen_dense_layers(file: ConfigFile, n_layers: int) -> list[int]:
    """Qwen's: every so many layers one is sparse, and some are named as dense."""
    step, named = file.get("decoder_sparse_step", int, 1), file.get("mlp_only_layers", list, [])
    return [i for i in range(n_layers) if i in named or (i + 1) % step]
