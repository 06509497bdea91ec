"""Checkpoints that are all header: real names, shapes and types over holes in the file."""

import json
import math
from pathlib import Path

BYTES = {"F32": 4, "BF16": 2, "F16": 2, "F8_E4M3": 1, "F8_E8M0": 1, "U8": 1, "I8": 1, "I32": 4,
         "I64": 8}  # fmt: skip


SHARD = 4_000_000_000


def hollow(folder: Path, config: dict | None, tensors: dict[str, tuple[str, tuple]]) -> Path:
    """Takes the space of its headers alone, whatever size its files say they have."""
    folder.mkdir(exist_ok=True)
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    shards, end = [{}], 0
    for name, (dtype, shape) in tensors.items():
        size = math.prod(shape) * BYTES[dtype]
        if end and end + size > SHARD:
            shards.append({})
            end = 0
        start, end = end, end + size
        offsets = [start, end]
        shards[-1][name] = {"dtype": dtype, "shape": list(shape), "data_offsets": offsets}
    if len(shards) == 1:
        _write(folder / "model.safetensors", shards[0])
        return folder
    where = {}
    for i, header in enumerate(shards):
        file = f"model-{i + 1:05d}-of-{len(shards):05d}.safetensors"
        _write(folder / file, header)
        where |= dict.fromkeys(header, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": where}))
    return folder


def _write(path: Path, header: dict) -> None:
    end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + end)


QWEN3_30B = {
    "architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe", "hidden_size": 2048,
    "num_hidden_layers": 48, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128,
    "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": 768,
    "intermediate_size": 6144, "vocab_size": 151936, "max_position_embeddings": 40960,
    "rope_theta": 1000000.0, "tie_word_embeddings": False, "hidden_act": "silu",
    "norm_topk_prob": True, "rms_norm_eps": 1e-6, "decoder_sparse_step": 1, "mlp_only_layers": [],
}  # fmt: skip
DEEPSEEK_V3 = {
    "architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "hidden_size": 7168,
    "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128,
    "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64,
    "v_head_dim": 128, "n_routed_experts": 256, "num_experts_per_tok": 8, "n_shared_experts": 1,
    "moe_intermediate_size": 2048, "intermediate_size": 18432, "first_k_dense_replace": 3,
    "vocab_size": 129280, "max_position_embeddings": 163840, "num_nextn_predict_layers": 1,
    "rope_theta": 10000, "rope_scaling": {"type": "yarn", "factor": 40, "beta_fast": 32,
    "beta_slow": 1, "original_max_position_embeddings": 4096, "mscale": 1.0, "mscale_all_dim": 1.0},
    "quantization_config": {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]},
}  # fmt: skip


def qwen3_30b() -> dict[str, tuple[str, tuple]]:
    d, wide, narrow = 2048, 4096, 512
    tensors = {"model.embed_tokens.weight": (151936, d), "lm_head.weight": (151936, d),
               "model.norm.weight": (d,)}  # fmt: skip
    for i in range(48):
        layer = f"model.layers.{i}."
        tensors |= {
            layer + "input_layernorm.weight": (d,), layer + "post_attention_layernorm.weight": (d,),
            layer + "self_attn.q_proj.weight": (wide, d),
            layer + "self_attn.k_proj.weight": (narrow, d),
            layer + "self_attn.v_proj.weight": (narrow, d),
            layer + "self_attn.o_proj.weight": (d, wide),
            layer + "self_attn.q_norm.weight": (128,), layer + "self_attn.k_norm.weight": (128,),
            layer + "mlp.gate.weight": (128, d),
        }  # fmt: skip
        for e in range(128):
            tensors |= swiglu(f"{layer}mlp.experts.{e}.", d, 768)
    return {name: ("BF16", shape) for name, shape in tensors.items()}


def deepseek_v3() -> dict[str, tuple[str, tuple]]:
    """Matrices in FP8 with a scale for 128 x 128, one layer of MTP behind the 61."""
    d = 7168
    tensors = {"model.embed_tokens.weight": ("BF16", (129280, d)), "model.norm.weight":
               ("BF16", (d,)), "lm_head.weight": ("BF16", (129280, d))}  # fmt: skip
    for i in range(62):
        layer = f"model.layers.{i}."
        norms = {"input_layernorm": d, "post_attention_layernorm": d,
                 "self_attn.q_a_layernorm": 1536, "self_attn.kv_a_layernorm": 512}  # fmt: skip
        tensors |= {f"{layer}{name}.weight": ("BF16", (n,)) for name, n in norms.items()}
        matrices = {
            layer + "self_attn.q_a_proj.weight": (1536, d),
            layer + "self_attn.q_b_proj.weight": (128 * 192, 1536),
            layer + "self_attn.kv_a_proj_with_mqa.weight": (576, d),
            layer + "self_attn.kv_b_proj.weight": (128 * 256, 512),
            layer + "self_attn.o_proj.weight": (d, 128 * 128),
        }
        if i < 3:
            matrices |= swiglu(layer + "mlp.", d, 18432)
        else:
            tensors[layer + "mlp.gate.weight"] = ("BF16", (256, d))
            tensors[layer + "mlp.gate.e_score_correction_bias"] = ("F32", (256,))
            matrices |= swiglu(layer + "mlp.shared_experts.", d, 2048)
            for e in range(256):
                matrices |= swiglu(f"{layer}mlp.experts.{e}.", d, 2048)
        for name, (rows, columns) in matrices.items():
            tensors[name] = ("F8_E4M3", (rows, columns))
            blocks = (-(-rows // 128), -(-columns // 128))
            tensors[name + "_scale_inv"] = ("F32", blocks)
    ahead = "model.layers.61."
    return tensors | {
        ahead + "embed_tokens.weight": ("BF16", (129280, d)),
        ahead + "shared_head.head.weight": ("BF16", (129280, d)),
        ahead + "shared_head.norm.weight": ("BF16", (d,)),
        ahead + "enorm.weight": ("BF16", (d,)), ahead + "hnorm.weight": ("BF16", (d,)),
        ahead + "eh_proj.weight": ("BF16", (d, 2 * d)),
    }  # fmt: skip


def swiglu(prefix: str, d: int, width: int) -> dict[str, tuple[int, int]]:
    return {
        prefix + "gate_proj.weight": (width, d),
        prefix + "up_proj.weight": (width, d),
        prefix + "down_proj.weight": (d, width),
    }
