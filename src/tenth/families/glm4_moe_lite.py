"""`Glm4MoeLiteForCausalLM`: GLM 4.7 Flash, DeepSeek V3's layers with a list of the dense ones."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family
from tenth.families.deepseek_v3 import NAMES
from tenth.families.glm4_moe import sigmoid_experts
from tenth.families.latent import latent_fields


def read(file: ConfigFile) -> dict[str, Any]:
    fields = latent_fields(file, pairs=file.get("rope_interleave", bool, True))
    n_layers = fields["n_layers"]
    default = ["dense"] + ["sparse"] * (n_layers - 1)
    first = file.get("first_k_dense_replace", int, -1)  # as the lab's own files say it
    if first >= 0:
        default = ["dense"] * first + ["sparse"] * (n_layers - first)
    kinds = file.get("mlp_layer_types", list, default)
    return {
        **fields,
        **sigmoid_experts(file),
        "norm_eps": file.get("rms_norm_eps", float, 1e-5),
        "routed_scale": file.get("routed_scaling_factor", float, 1.8),
        "dense_layers": [i for i, kind in enumerate(kinds) if kind != "sparse"],
    }


GLM4_MOE_LITE = Family("glm4_moe_lite", read, NAMES)
