"""What the configs of all families with latent attention share."""

from typing import Any

from tenth.families.config_file import ConfigFile, mscale, shared_fields


def latent_fields(file: ConfigFile, pairs: bool = True) -> dict[str, Any]:
    """What all with latent attention share. With YaRN also the logits are scaled."""
    fields = shared_fields(file)
    scaling, rope = fields["rope_scaling"], file.rope()
    every = rope.get("mscale_all_dim", float, 0.0)
    scale = mscale(scaling["factor"], every) ** 2 if scaling and every else 1.0
    bias = file.get("attention_bias", bool, False)
    return {
        **fields,
        "attention": "latent",
        "n_kv_heads": fields["n_heads"],
        "q_rank": file.get("q_lora_rank", int, 0),
        "kv_rank": file.get("kv_lora_rank", int),
        "d_head": file.get("qk_nope_head_dim", int),
        "d_rope": file.get("qk_rope_head_dim", int),
        "d_value": file.get("v_head_dim", int),
        "rotary_fraction": 1.0,
        "attention_scale": scale,
        "qkv_bias": bias,
        "o_bias": bias,
        "rope_pairs": pairs,
    }
