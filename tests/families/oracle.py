"""Tiny random models of every family in transformers, whose every tensor matters."""

import torch
import transformers

ROPE = {"rope_type": "default", "rope_theta": 10000.0}
YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "beta_fast": 32, "beta_slow": 1,
        "mscale": 1.0, "mscale_all_dim": 0.7, "original_max_position_embeddings": 32}  # fmt: skip
LLAMA3 = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
          "high_freq_factor": 4.0, "original_max_position_embeddings": 32}  # fmt: skip
OSS_YARN = {"rope_type": "yarn", "rope_theta": 150000.0, "factor": 4.0, "beta_fast": 32.0,
            "beta_slow": 1.0, "truncate": False,
            "original_max_position_embeddings": 32}  # fmt: skip
HALF = {**ROPE, "partial_rotary_factor": 0.5}
BASE = {"vocab_size": 131, "hidden_size": 60, "num_hidden_layers": 4, "intermediate_size": 72,
        "max_position_embeddings": 128, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
        "tie_word_embeddings": False, "rope_parameters": ROPE}  # fmt: skip
GQA = {**BASE, "num_attention_heads": 6, "num_key_value_heads": 2}
HEADS = {**GQA, "head_dim": 12}
MLA = {**BASE, "num_attention_heads": 5, "num_key_value_heads": 5, "q_lora_rank": 24,
       "kv_lora_rank": 20, "qk_nope_head_dim": 14, "qk_rope_head_dim": 6,
       "v_head_dim": 10}  # fmt: skip
SMALL_EXPERTS = {"moe_intermediate_size": 28, "num_experts_per_tok": 2}
ROUTED = {**SMALL_EXPERTS, "n_routed_experts": 8, "n_shared_experts": 1,
          "routed_scaling_factor": 2.5, "norm_topk_prob": True}  # fmt: skip
MIXED = {**SMALL_EXPERTS, "num_experts": 8, "norm_topk_prob": True}
LOCAL = {"num_local_experts": 8, "num_experts_per_tok": 2, "intermediate_size": 28}

# name: (transformers' prefix of the classes, keywords); what follows "/" is a variant
CONFIGS = {
    "llama": ("Llama", HEADS),
    "llama/3.1": ("Llama", {**HEADS, "rope_parameters": LLAMA3, "attention_bias": True,
                            "mlp_bias": True, "tie_word_embeddings": True}),
    "llama/linear": ("Llama", {**GQA, "rope_parameters": {**ROPE, "rope_type": "linear",
                                                          "factor": 3.0}}),
    "qwen3": ("Qwen3", HEADS),
    "qwen3/yarn, windows": ("Qwen3", {**HEADS, "rope_parameters": YARN, "attention_bias": True,
                                      "use_sliding_window": True, "sliding_window": 7,
                                      "max_window_layers": 2}),
    "glm4": ("Glm4", {**HEADS, "attention_bias": True, "rope_parameters": HALF}),
    "mixtral": ("Mixtral", {**HEADS, **LOCAL}),
    "mixtral/window, one expert": ("Mixtral", {**GQA, **LOCAL, "num_experts_per_tok": 1,
                                               "sliding_window": 9}),
    "olmoe": ("Olmoe", {**GQA, **MIXED, "intermediate_size": 28, "norm_topk_prob": False}),
    "olmoe/clipped": ("Olmoe", {**GQA, **MIXED, "intermediate_size": 28, "clip_qkv": 0.6,
                                "attention_bias": True}),
    "flex_olmo": ("FlexOlmo", {**GQA, **MIXED, "intermediate_size": 28}),
    "qwen2_moe": ("Qwen2Moe", {**GQA, **MIXED, "norm_topk_prob": False,
                               "shared_expert_intermediate_size": 44, "mlp_only_layers": [2]}),
    "qwen2_moe/every other, windows": (
        "Qwen2Moe", {**GQA, **MIXED, "shared_expert_intermediate_size": 20,
                     "decoder_sparse_step": 2, "qkv_bias": False, "use_sliding_window": True,
                     "sliding_window": 5, "max_window_layers": 3}),
    "qwen3_moe": ("Qwen3Moe", {**HEADS, **MIXED, "mlp_only_layers": [0]}),
    "qwen3_moe/seven of eight, yarn": (
        "Qwen3Moe", {**HEADS, **MIXED, "num_experts_per_tok": 7, "norm_topk_prob": False,
                     "attention_bias": True, "rope_parameters": YARN, "use_sliding_window": True,
                     "sliding_window": 6}),
    "minimax_m2": ("MiniMaxM2", {**HEADS, **LOCAL, "rope_parameters": HALF}),
    "gpt_oss": ("GptOss", {**HEADS, **LOCAL, "sliding_window": 8, "rope_parameters": OSS_YARN}),
    "gpt_oss/other turns": ("GptOss", {**HEADS, **LOCAL, "sliding_window": 3, "swiglu_limit": 0.4,
                                       "num_experts_per_tok": 1, "rope_parameters": ROPE,
                                       "layer_types": ["full_attention", "sliding_attention",
                                                       "sliding_attention", "full_attention"]}),
    "deepseek_v2": ("DeepseekV2", {**MLA, **ROUTED, "first_k_dense_replace": 1, "n_group": 4,
                                   "topk_group": 2, "topk_method": "group_limited_greedy",
                                   "rope_parameters": YARN, "routed_scaling_factor": 16.0}),
    "deepseek_v2/greedy": ("DeepseekV2", {**MLA, **ROUTED, "q_lora_rank": None,
                                          "n_shared_experts": 2, "topk_method": "greedy",
                                          "attention_bias": True}),
    "deepseek_v3": ("DeepseekV3", {**MLA, **ROUTED, "first_k_dense_replace": 1, "n_group": 4,
                                   "topk_group": 2, "rope_parameters": YARN}),
    "deepseek_v3/halves": ("DeepseekV3", {**MLA, **ROUTED, "first_k_dense_replace": 2,
                                          "q_lora_rank": None, "n_group": 2, "topk_group": 1,
                                          "rope_interleave": False, "norm_topk_prob": False,
                                          "attention_bias": True, "num_experts_per_tok": 4}),
    "glm4_moe": ("Glm4Moe", {**HEADS, **ROUTED, "first_k_dense_replace": 1, "use_qk_norm": True,
                             "rope_parameters": HALF}),
    "glm4_moe/groups, biases": ("Glm4Moe", {**HEADS, **ROUTED, "first_k_dense_replace": 0,
                                            "use_qk_norm": False, "attention_bias": True,
                                            "n_group": 4, "topk_group": 3, "n_shared_experts": 2,
                                            "num_experts_per_tok": 1, "rope_parameters": HALF}),
    "glm4_moe_lite": ("Glm4MoeLite", {**MLA, **ROUTED}),
    "glm4_moe_lite/uneven": ("Glm4MoeLite", {**MLA, **ROUTED, "num_experts_per_tok": 7,
                                             "mlp_layer_types": ["sparse", "dense", "sparse",
                                                                 "dense"]}),
}  # fmt: skip


def build(name: str, seed: int = 0, scale: float = 0.2, **changes):
    """In fp32, eager throughout; norms, sinks and routers' biases are random too."""
    kind, keywords = CONFIGS[name]
    keywords = {**keywords, **changes}
    if kind in ("DeepseekV2", "DeepseekV3", "Glm4Moe") and "num_mtp_layers" not in keywords:
        keywords["num_nextn_predict_layers"] = 0
    config = getattr(transformers, f"{kind}Config")(**keywords)
    config._attn_implementation = config._experts_implementation = "eager"
    model = getattr(transformers, f"{kind}ForCausalLM")(config).eval()
    draw = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=draw)
            norm = weight.ndim == 1 and "norm" in key
            weight.copy_(1 + 0.1 * noise if norm else scale * noise)
        for key, buffer in model.named_buffers():
            if "e_score_correction_bias" in key:
                buffer.copy_(0.3 * torch.randn(buffer.shape, generator=draw))
    return model
