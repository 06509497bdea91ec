"""A config.json of any family, supported or not: the facts that `tenth inspect` tells of it."""

from collections.abc import Mapping
from typing import Any

MOST_LAYERS = 10_000  # above it a config is no model's
METHODS = {"fp8": "FP8", "mxfp4": "MXFP4"}
TOP_K = ("num_experts_per_tok", "num_experts_per_token", "experts_per_token", "moe_topk",
         "top_k_experts", "moe_top_k")  # fmt: skip


class Facts:
    """A config.json of any family: the text model's keys before the outer ones."""

    def __init__(self, outer: Mapping[str, Any]):
        inner = outer.get("text_config") or outer.get("language_config") or {}
        self.values: dict[str, Any] = {**outer, **(inner if isinstance(inner, dict) else {})}
        self.model_type = str(outer.get("model_type") or "")
        names = outer.get("architectures")
        self.architecture = ", ".join(map(str, names)) if isinstance(names, list) else ""
        quantized = outer.get("quantization_config") or self.values.get("quantization_config")
        self.quantized: dict[str, Any] = quantized if isinstance(quantized, dict) else {}

    def number(self, *names: str) -> int:
        for name in names:
            value = self.values.get(name)
            if type(value) is int and 0 < value < 2**48:
                return value
        return 0

    @property
    def top_k(self) -> int:
        return self.number(*TOP_K)

    @property
    def d_head(self) -> int:
        return self.number("head_dim") or self.number("hidden_size") // max(
            self.number("num_attention_heads"), 1
        )

    def kinds(self, layers: int) -> list[str]:
        """What each layer attends with, in transformers' words."""
        if layers > MOST_LAYERS:
            return []
        kinds = self.values.get("layer_types") or self.values.get("attn_type_list")
        if isinstance(kinds, list) and len(kinds) >= layers:
            return ["linear_attention" if kind == 0 else str(kind) for kind in kinds[:layers]]
        whole = "sliding_attention" if self._slides_everywhere() else "full_attention"
        every = self.number("full_attention_interval")
        linear = self.values.get("linear_attn_config")
        if isinstance(linear, dict) and isinstance(linear.get("full_attn_layers"), list):
            full = {n - 1 for n in linear["full_attn_layers"] if type(n) is int}
        elif every > 1:
            full = set(range(every - 1, layers, every))
        else:
            full = set(range(layers))
        return [whole if i in full else "linear_attention" for i in range(layers)]

    def _slides_everywhere(self) -> bool:
        on = self.values.get("use_sliding_window", True)
        return bool(on and self.number("sliding_window"))

    def attention(self, layers: int) -> str:
        heads, shared = self.number("num_attention_heads"), self.number("num_key_value_heads")
        if self.number("kv_lora_rank"):
            said = f"latent (MLA), {heads} heads from {self.number('kv_lora_rank')} numbers"
        elif not heads:
            return ""
        elif shared in (0, heads):
            said = f"multi-head, {heads} heads of {self.d_head}"
        else:
            said = f"grouped-query, {heads} heads of {self.d_head} on {shared}"
        kinds = self.kinds(layers)
        if sliding := kinds.count("sliding_attention"):
            said += f"; {sliding} of {layers} layers see {self.number('sliding_window')} tokens"
        if linear := sum("linear" in kind for kind in kinds):
            said += f"; {linear} of {layers} layers are linear"
        if self.number("index_topk", "index_topk_blocks", "indexer_budget"):
            said += "; an indexer picks what is read"
        return said

    def cache(self, layers: int) -> tuple[int | None, int]:
        """Bytes that a token adds, and the most that windows hold, in bfloat16."""
        if "compress_rates" in self.values or "compress_ratios" in self.values:
            return None, 0  # a token adds less than a token
        if self.number("kv_lora_rank"):
            width = self.number("kv_lora_rank") + self.number("qk_rope_head_dim")
        elif self.number("num_attention_heads") and self.d_head:
            groups = self.number("num_key_value_heads", "num_attention_heads")
            width = groups * (self.d_head + (self.number("v_head_dim") or self.d_head))
        else:
            return None, 0
        kinds = self.kinds(layers)
        growing = sum("linear" not in kind and "sliding" not in kind for kind in kinds)
        windows = kinds.count("sliding_attention") * self.number("sliding_window")
        return 2 * width * growing, 2 * width * windows

    def rope(self) -> str:
        """How positions are told, and how they are stretched."""
        said = self.values.get("rope_parameters") or self.values.get("rope_scaling") or {}
        rope = {**self.values, **(said if isinstance(said, dict) else {})}
        if isinstance(rope.get("full_attention"), dict):
            rope |= rope["full_attention"]
        kind = str(rope.get("rope_type") or rope.get("type") or "default")
        theta, share = rope.get("rope_theta"), rope.get("partial_rotary_factor")
        words = [f"theta {theta:,.0f}"] if isinstance(theta, (int, float)) else []
        if isinstance(share, (int, float)) and share != 1:
            words.append(f"{share:g} of a head turns")
        if kind != "default":
            factor, first = rope.get("factor"), rope.get("original_max_position_embeddings")
            words.append(f"{kind} x{factor:g}" if isinstance(factor, (int, float)) else kind)
            if isinstance(first, int):
                words[-1] += f" from {first:,}"
        return ", ".join(words)

    @property
    def packed_bits(self) -> int:
        bits = self.quantized.get("bits") or self._group().get("num_bits")
        return bits if bits in (1, 2, 4, 8) else 4

    def _group(self) -> dict[str, Any]:
        groups = self.quantized.get("config_groups")
        first = next(iter(groups.values()), {}) if isinstance(groups, dict) else {}
        weights = first.get("weights") if isinstance(first, dict) else None
        return weights if isinstance(weights, dict) else {}

    def quantization(self) -> str:
        """The form in which released weights are packed."""
        if not self.quantized:
            return ""
        method = str(self.quantized.get("quant_method") or "unknown")
        words = [METHODS.get(method, method)]
        if method == "compressed-tensors":
            words.append(str(self.quantized.get("format") or ""))
            group = self._group()
            words.append(f"{group.get('type', '')}{group.get('num_bits', '')}".strip())
            if group.get("group_size"):
                words.append(f"groups of {group['group_size']}")
        elif method == "fp8" and isinstance(self.quantized.get("weight_block_size"), list):
            words.append("blocks of " + "x".join(map(str, self.quantized["weight_block_size"])))
        elif self.quantized.get("bits"):
            words.append(f"{self.quantized['bits']} bits")
        return ", ".join(word for word in words if word)
