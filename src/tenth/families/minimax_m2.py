"""`MiniMaxM2ForCausalLM`: MiniMax M2 and M2.1, norms over all heads, sigmoid scores, w1 to w3."""

from typing import Any

from tenth.families.config_file import ConfigFile, Family, shared_fields
from tenth.families.names import W1_W3_W2, Names

NAMES = Names(moe="block_sparse_moe.", bias="e_score_correction_bias", experts=W1_W3_W2)


def read(file: ConfigFile) -> dict[str, Any]:
    fields = shared_fields(file, theta=5e6)
    rotary = file.get("rotary_dim", int, 0)  # as released; transformers writes the fraction
    rope = file.rope()
    if rotary and rope.get("partial_rotary_factor", float, None) is None:
        fields["rotary_fraction"] = rotary / fields["d_head"]
    return {
        **fields,
        "qk_norm": "full",
        "n_experts": file.any_of(("num_local_experts", "num_experts"), int),
        "top_k": file.get("num_experts_per_tok", int),
        "d_expert": file.get("intermediate_size", int),
        "score": "sigmoid",
    }


MINIMAX_M2 = Family("minimax_m2", read, NAMES)
