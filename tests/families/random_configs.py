"""Random configurations of every family, from a seed: what nobody chose to make a test pass."""

import random
from typing import Any

from .oracle import LLAMA3

Config = dict[str, Any]
FAMILIES = ("llama", "qwen3", "glm4", "mixtral", "olmoe", "flex_olmo", "qwen2_moe", "qwen3_moe",
            "minimax_m2", "gpt_oss", "deepseek_v2", "deepseek_v3", "glm4_moe",
            "glm4_moe_lite")  # fmt: skip


def random_config(family: str, seed: int) -> Config:
    """Keywords of the family's config in transformers. Few of these are refused by transformers
    itself, which raises ValueError when the config is made.
    """
    draw = random.Random(f"{family} {seed}")
    yes = lambda p=0.5: draw.random() < p  # noqa: E731
    if family in ("deepseek_v2", "deepseek_v3", "glm4_moe", "glm4_moe_lite"):
        return _deepseek_like(family, draw)
    whole_heads = family in ("olmoe", "flex_olmo", "qwen2_moe")
    partial = family in ("glm4", "minimax_m2")
    config = {**_grouped(draw, not whole_heads), "rope_parameters": _rope(draw, partial)}
    if family not in ("mixtral", "minimax_m2", "qwen2_moe"):
        config["attention_bias"] = yes()
    if family == "llama":
        return {**config, "mlp_bias": yes()}
    if family == "glm4":
        return {**config, "tie_word_embeddings": False}
    if family == "qwen3":
        return {**config, **_windows(draw), "max_window_layers": draw.randint(0, 3)}
    local = family in ("mixtral", "minimax_m2", "gpt_oss")
    config |= _experts(draw, "num_local_experts" if local else "num_experts")
    if family == "mixtral":
        return {**config, "sliding_window": draw.choice([None, 5, 100])}
    if family == "gpt_oss":
        window, limit = draw.choice([3, 8, 200]), draw.choice([7.0, 1.0])
        return {**config, "sliding_window": window, "swiglu_limit": limit}
    if not local:
        config["norm_topk_prob"] = yes()
    if family == "olmoe":
        config["clip_qkv"] = draw.choice([None, 0.5])
    if family.startswith("qwen"):
        config |= {**_windows(draw), "moe_intermediate_size": draw.choice([16, 28]),
                   "decoder_sparse_step": draw.choice([1, 2]),
                   "mlp_only_layers": draw.choice([[], [0]])}  # fmt: skip
    if family == "qwen2_moe":
        config |= {"qkv_bias": yes(), "max_window_layers": draw.randint(0, 5),
                   "shared_expert_intermediate_size": draw.choice([12, 40])}  # fmt: skip
    return config


def _deepseek_like(family: str, draw: random.Random) -> Config:
    grouped = family == "glm4_moe"
    config = {
        **(_grouped(draw, True) if grouped else _latent(draw)),
        **_experts(draw, "n_routed_experts"),
        "rope_parameters": _rope(draw, partial=grouped),
        "moe_intermediate_size": draw.choice([16, 28]),
        "n_shared_experts": draw.choice([1, 2]),
        "routed_scaling_factor": draw.choice([1.0, 2.5]),
        "norm_topk_prob": draw.random() < 0.5,
        "attention_bias": draw.random() < 0.3,
    }
    config |= _groups(draw, config["n_routed_experts"], config["num_experts_per_tok"])
    if family == "glm4_moe_lite":
        layers = range(config["num_hidden_layers"])
        kinds = [draw.choice(["dense", "sparse"]) for _ in layers]
        return {**config, "mlp_layer_types": kinds, "rope_interleave": draw.random() < 0.8}
    config["first_k_dense_replace"] = draw.randint(0, 2)
    if family == "deepseek_v2":
        config["topk_method"] = draw.choice(["greedy", "group_limited_greedy"])
    elif family == "deepseek_v3":
        config["rope_interleave"] = draw.random() < 0.7
    else:
        config["use_qk_norm"] = draw.random() < 0.5
    return config


def _shared(draw: random.Random) -> Config:
    return {
        "num_hidden_layers": draw.randint(1, 5),
        "vocab_size": draw.choice([67, 128, 201]),
        "intermediate_size": draw.choice([24, 40, 96]),
        "rms_norm_eps": draw.choice([1e-5, 1e-6]),
    }


def _grouped(draw: random.Random, own_width: bool) -> Config:
    n_kv = draw.choice([1, 2, 3])
    n = n_kv * draw.choice([1, 2, 3, 4])
    config = {**_shared(draw), "num_attention_heads": n, "num_key_value_heads": n_kv,
              "tie_word_embeddings": draw.random() < 0.3}  # fmt: skip
    if own_width:
        wide = n * draw.choice([4, 8])  # transformers wants a multiple for some families
        return {**config, "head_dim": draw.choice([8, 16, 24]), "hidden_size": wide}
    return {**config, "hidden_size": n * draw.choice([8, 16])}


def _latent(draw: random.Random) -> Config:
    n = draw.choice([1, 2, 3, 5])
    return {**_shared(draw), "num_attention_heads": n, "num_key_value_heads": n,
            "q_lora_rank": draw.choice([None, 16, 24]), "kv_lora_rank": draw.choice([8, 20]),
            "qk_nope_head_dim": draw.choice([6, 16]),
            "qk_rope_head_dim": draw.choice([4, 8, 16]),
            "v_head_dim": draw.choice([8, 12, 20]),
            "hidden_size": draw.choice([30, 60])}  # fmt: skip


def _experts(draw: random.Random, key: str) -> Config:
    n = draw.choice([2, 3, 4, 8, 16])
    return {key: n, "num_experts_per_tok": draw.choice([1, 2, max(1, n - 1), min(7, n)])}


def _groups(draw: random.Random, n_experts: int, top_k: int) -> Config:
    n = draw.choice([g for g in (1, 2, 4) if n_experts % g == 0 and n_experts // g >= 2] or [1])
    enough = [t for t in range(1, n + 1) if t * (n_experts // n) >= top_k]
    return {"n_group": n, "topk_group": draw.choice(enough)}


def _windows(draw: random.Random) -> Config:
    return {"use_sliding_window": draw.random() < 0.5, "sliding_window": draw.choice([4, 9])}


def _rope(draw: random.Random, partial: bool) -> Config:
    theta = draw.choice([1e4, 5e5, 1e6])
    rope = draw.choice(
        [
            {"rope_type": "default"},
            {"rope_type": "linear", "factor": 3.0},
            LLAMA3,
            {"rope_type": "yarn", "factor": draw.choice([2.0, 40.0]), "mscale": 1.0,
             "mscale_all_dim": draw.choice([0.0, 1.0, 0.707]),
             "original_max_position_embeddings": 32},
            {"rope_type": "yarn", "factor": 8.0, "beta_fast": draw.choice([16, 32.0]),
             "beta_slow": 1, "truncate": draw.random() < 0.5,
             "original_max_position_embeddings": draw.choice([16, 64])},
        ]
    )  # fmt: skip
    share = {"partial_rotary_factor": draw.choice([0.25, 0.5, 1.0])} if partial else {}
    return {**rope, "rope_theta": theta, **share}
