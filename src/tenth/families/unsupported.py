"""The open families that tenth does not run yet, by model_type, and what it lacks for each."""

from collections.abc import Iterable

DELTA = "most layers are gated delta-net linear attention"
KDA = "most layers are Kimi delta attention (KDA), which is linear"
INDEXER = "attention reads only the tokens that an indexer picks (DSA)"

WHY = {
    "qwen3_next": f"{DELTA}; tenth has softmax attention only",
    "qwen3_5": f"{DELTA}; tenth has softmax attention only",
    "qwen3_5_moe": f"{DELTA}; tenth has softmax attention only",
    "qwen4_exp": f"{DELTA}, an indexer picks what the others read, tokens enter through n-gram "
    "tables, and the residual stream is several streams (hyper-connections); tenth has none of "
    "these",
    "kimi_linear": f"{KDA}, and the others have no positions; tenth has softmax attention with "
    "RoPE only",
    "kimi_k3": f"{KDA}, its experts work in a narrower space, and layers read earlier ones' "
    "residuals; tenth has none of these",
    "minimax": "most layers are lightning (linear) attention, and residuals are taken "
    "after the norm; tenth has softmax attention only",
    "minimax_m3_vl": "attention reads only the blocks of tokens that an indexer picks, and norms "
    "multiply by 1 + weight; tenth has whole and sliding attention only",
    "deepseek_v32": f"{INDEXER}; tenth reads all of them, and would not be the same model",
    "glm_moe_dsa": f"{INDEXER}; tenth reads all of them, and would not be the same model",
    "glm5_next": f"{KDA}, {INDEXER.removeprefix('attention ')} in the others, and the residual "
    "stream is several streams (hyper-connections); tenth has none of these",
    "deepseek_v4": "keys and values are compressed over the sequence (CSA, HCA), the residual "
    "stream is several streams (hyper-connections), and its first routers are hash tables; tenth "
    "has none of these",
    "bailing_hybrid": "most layers are lightning (linear) attention; tenth has softmax attention "
    "only",
    "olmo_hybrid": f"{DELTA}; tenth has softmax attention only",
    "lfm2_moe": "most layers are short convolutions; tenth has attention only",
    "nemotron_h": "many layers are Mamba-2; tenth has attention only",
    "granitemoehybrid": "most layers are Mamba-2; tenth has attention only",
    "jamba": "most layers are Mamba; tenth has attention only",
    "longcat_flash": "some experts do nothing (zero experts), and each layer has two attentions; "
    "tenth's experts are all SwiGLUs",
    "llama4": "some layers have no positions, the others attend within chunks; tenth has "
    "whole and sliding attention with RoPE only",
}
ALSO = {  # other spellings of the same architecture
    "qwen3_5_text": "qwen3_5",
    "qwen3_5_moe_text": "qwen3_5_moe",
    "qwen4_exp_text": "qwen4_exp",
    "minimax_text_01": "minimax",
    "minimax_m1": "minimax",
    "minimax_m3_vl_text": "minimax_m3_vl",
    "glm5_next_text": "glm5_next",
    "deepseek_v41": "deepseek_v4",
    "llama4_text": "llama4",
}


def why_not(model_type: str, supported: Iterable[str]) -> str | None:
    """One line on why tenth does not open `model_type`; None where it does."""
    known = list(supported)
    if model_type in known:
        return None
    reason = WHY.get(ALSO.get(model_type, model_type))
    if reason:
        return f"{model_type} is not supported yet: {reason}"
    return f"{model_type} is a family that tenth does not know; it opens {', '.join(known)}"
