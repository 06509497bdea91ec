"""`DeepseekV3ForCausalLM`: DeepSeek V3, R1 and V3.1; Kimi K2, and K2.5 which wraps it."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family
from tenth.families.glm4_moe import leading_dense, sigmoid_experts
from tenth.families.latent import latent_fields
from tenth.families.names import Names

NAMES = Names(bias="gate.e_score_correction_bias")


def read(file: ConfigFile) -> dict[str, Any]:
    return {
        **latent_fields(file, pairs=file.get("rope_interleave", bool, True)),
        **sigmoid_experts(file),
        "n_groups": file.get("n_group", int, 8),
        "top_groups": file.get("topk_group", int, 4),
        "routed_scale": file.get("routed_scaling_factor", float, 2.5),
        "first_dense": leading_dense(file, 3),
    }


DEEPSEEK_V3 = Family("deepseek_v3", read, NAMES)
KIMI_K2 = Family("kimi_k2", read, NAMES)
KIMI_K25 = Family(
    "kimi_k25",
    read,
    NAMES,
    inner="text_config",
    prefix="language_model.",
    others=("vision_tower.", "mm_projector.", "multi_modal_projector."),
)
