"""`DeepseekV2ForCausalLM`: latent attention, softmax over all experts, groups by their best one."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family
from tenth.families.glm4_moe import leading_dense
from tenth.families.latent import latent_fields


def read(file: ConfigFile) -> dict[str, Any]:
    """Softmax over all experts, the best groups by their best expert, weights as they are."""
    method = file.get("topk_method", str, "greedy")
    if method not in ("greedy", "group_limited_greedy"):
        choices = "greedy, group_limited_greedy"
        raise ValueError(f"{file.path}: topk_method is {method!r}; tenth runs {choices}")
    grouped = method != "greedy"
    return {
        **latent_fields(file),
        "mlp_bias": file.get("mlp_bias", bool, False),
        "n_experts": file.get("n_routed_experts", int, 64),
        "top_k": file.get("num_experts_per_tok", int),
        "d_expert": file.get("moe_intermediate_size", int),
        "n_shared_experts": file.get("n_shared_experts", int, 2),
        "first_dense": leading_dense(file, 0),
        "score": "softmax",
        "renorm": False,
        "routed_scale": file.get("routed_scaling_factor", float, 1.0),
        "n_groups": file.get("n_group", int) if grouped else 1,
        "top_groups": file.get("topk_group", int) if grouped else 1,
        "group_score": "max",
    }


DEEPSEEK_V2 = Family("deepseek_v2", read)
