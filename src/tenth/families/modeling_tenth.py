"""tenth's model for transformers: glm4_moe's layers, plus conditional memory and softmax routers.

A copy of this file lies beside the weights, so it imports torch and transformers alone; open with
`AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)`.

The memory hashes the tokens before a position, so a forward pass that continues a cache needs the
last few of them. `generate` passes them, beams included; in a loop by hand the cache object
remembers them. After `cache.crop` the next pass is refused, and after `cache.reorder_cache` by hand
it would read the old order: pass `memory_tokens` then. Padding under `attention_mask` is no token.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportIncompatibleMethodOverride=false

import random

import torch
from torch import Tensor, nn
from transformers import Cache, DynamicCache
from transformers import initialization as init
from transformers.models.glm4_moe.configuration_glm4_moe import Glm4MoeConfig
from transformers.models.glm4_moe.modeling_glm4_moe import (
    Glm4MoeDecoderLayer,
    Glm4MoeForCausalLM,
    Glm4MoeMLP,
    Glm4MoeMoE,
    Glm4MoeRMSNorm,
    Glm4MoeTopkRouter,
)


class TenthConfig(Glm4MoeConfig):
    """`tenth` holds what glm4_moe has no key for: "memory", "score", ..."""

    model_type = "tenth"
    base_model_tp_plan = {}  # noqa: RUF012 - experts are modules here, not fused tensors
    base_model_ep_plan = {}  # noqa: RUF012

    tenth: dict | None = None


class TenthMemory(nn.Module):
    """tenth.model.memory, whose names and arithmetic it mirrors."""

    def __init__(self, config: TenthConfig, layer: int):
        super().__init__()
        memory = (config.tenth or {})["memory"]
        orders = [order for order in memory["orders"] for _ in range(memory["n_heads"])]
        self.n_rows, self.reach = memory["n_rows"], max(orders) - 1
        draw = random.Random(f"tenth memory, layer {layer}")
        self.multipliers = [
            [draw.getrandbits(62) | 1 if i < order else 0 for i in range(self.reach + 1)]
            for order in orders
        ]
        width = len(orders) * memory["d_row"]
        self.table = nn.Parameter(torch.empty(len(orders) * self.n_rows, memory["d_row"]))
        self.value = nn.Linear(width, config.hidden_size, bias=False)
        self.key = nn.Linear(width, config.hidden_size, bias=False)
        self.key_norm = Glm4MoeRMSNorm(config.hidden_size, config.rms_norm_eps)
        self.query_norm = Glm4MoeRMSNorm(config.hidden_size, config.rms_norm_eps)

    def forward(self, x: Tensor, tokens: Tensor) -> Tensor:
        """`tokens` are those of x and the `reach` before them, -1 for none."""
        return self.gated(x, nn.functional.embedding(self.rows(tokens), self.table).flatten(-2))

    def gated(self, x: Tensor, read: Tensor) -> Tensor:
        agreement = (self.query_norm(x) * self.key_norm(self.key(read))).sum(-1, keepdim=True)
        return torch.sigmoid(agreement * x.size(-1) ** -0.5) * self.value(read)

    def rows(self, tokens: Tensor) -> Tensor:
        windows = (tokens + 1).unfold(1, self.reach + 1, 1).flip(-1)  # the newest token first
        multipliers = torch.tensor(self.multipliers, device=tokens.device)
        mixed = (windows[..., None, :] * multipliers).sum(-1)
        mixed = (mixed ^ (mixed >> 29)) * 0x1B873593CC9E2D51
        offsets = torch.arange(len(self.multipliers), device=tokens.device) * self.n_rows
        return ((mixed ^ (mixed >> 32)) % self.n_rows) + offsets


class TenthRouter(Glm4MoeTopkRouter):
    """Without groups, and with either score."""

    def __init__(self, config: TenthConfig):
        super().__init__(config)
        self.score = (config.tenth or {}).get("score", "sigmoid")

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits = nn.functional.linear(x.view(-1, self.hidden_dim).float(), self.weight.float())
        scores = logits.sigmoid() if self.score == "sigmoid" else logits.softmax(-1)
        chosen = (scores + self.e_score_correction_bias).topk(self.top_k, dim=-1).indices
        weights = scores.gather(1, chosen)
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20) * self.routed_scaling_factor
        return logits, weights, chosen


class TenthMoE(nn.Module):
    """One module for each expert, as on disk: no tensor is fused on load or split on save."""

    def __init__(self, config: TenthConfig):
        super().__init__()
        width = config.moe_intermediate_size
        self.gate = TenthRouter(config)
        self.experts = nn.ModuleList(
            Glm4MoeMLP(config, width) for _ in range(config.n_routed_experts)
        )
        self.shared_experts = Glm4MoeMLP(config, width * config.n_shared_experts)

    def forward(self, hidden_states: Tensor) -> Tensor:
        x = hidden_states.flatten(0, -2)
        _, weights, chosen = self.gate(x)
        y = self.shared_experts(x)
        for e in chosen.unique().tolist():
            token, slot = (chosen == e).nonzero(as_tuple=True)
            part = self.experts[e](x[token]) * weights[token, slot, None]
            y = y.index_add(0, token, part.to(y.dtype))
        return y.view_as(hidden_states)


class TenthDecoderLayer(Glm4MoeDecoderLayer):
    """Memory is added to the residual stream before attention."""

    def __init__(self, config: TenthConfig, layer_idx: int):
        super().__init__(config, layer_idx)
        if isinstance(self.mlp, Glm4MoeMoE):
            self.mlp = TenthMoE(config)
        memory = (config.tenth or {}).get("memory")
        has_memory = memory is not None and layer_idx in memory["layers"]
        self.memory = TenthMemory(config, layer_idx) if has_memory else None

    def forward(self, hidden_states: Tensor, *args, memory_tokens=None, **kwargs) -> Tensor:
        if self.memory is not None:
            hidden_states = hidden_states + self.memory(hidden_states, memory_tokens)
        return super().forward(hidden_states, *args, **kwargs)


class TenthForCausalLM(Glm4MoeForCausalLM):
    """Glm4MoeForCausalLM over TenthDecoderLayers."""

    config_class = TenthConfig
    _no_split_modules = ["TenthDecoderLayer"]  # noqa: RUF012
    _can_compile_fullgraph = False

    def __init__(self, config: TenthConfig):
        super().__init__(config)
        self.model.layers = nn.ModuleList(
            TenthDecoderLayer(config, i) for i in range(config.num_hidden_layers)
        )
        memory = (config.tenth or {}).get("memory")
        self.reach = max(memory["orders"]) - 1 if memory else -1  # -1: no memory
        self.post_init()

    def _init_weights(self, module):
        super()._init_weights(module)
        if isinstance(module, TenthMemory):
            init.normal_(module.table, std=0.01)

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Cache | None = None,
        *,
        memory_tokens: Tensor | None = None,
        use_cache: bool | None = None,
        **kwargs,
    ):
        """`memory_tokens`: `input_ids` behind the `reach` tokens before them, -1 for none."""
        cached = {"past_key_values": past_key_values, "use_cache": use_cache}
        if self.reach < 0:
            return super().forward(input_ids, attention_mask, position_ids, **cached, **kwargs)
        if input_ids is None:
            raise ValueError("the memory hashes tokens: pass input_ids, not inputs_embeds")
        if past_key_values is None and (self.config.use_cache if use_cache is None else use_cache):
            cached["past_key_values"] = past_key_values = DynamicCache(config=self.config)
        if memory_tokens is None:
            before = self._remembered(input_ids, past_key_values)
            memory_tokens = hidden_as_none(torch.cat((before, input_ids), 1), attention_mask)
        output = super().forward(
            input_ids, attention_mask, position_ids, **cached, memory_tokens=memory_tokens, **kwargs
        )
        if past_key_values is not None:
            last = memory_tokens[:, memory_tokens.size(1) - self.reach :]
            past_key_values.tenth_memory = (int(past_key_values.get_seq_length()), last)
        return output

    def _remembered(self, input_ids: Tensor, cache: Cache | None) -> Tensor:
        """The tokens before `input_ids`, of which the cache holds the keys and values."""
        length = 0 if cache is None else int(cache.get_seq_length())
        if length == 0:
            return input_ids.new_full((input_ids.size(0), self.reach), -1)
        known, before = getattr(cache, "tenth_memory", (0, input_ids[:0]))
        if known != length or before.size(0) != input_ids.size(0):
            raise ValueError(
                f"this cache of {length} tokens was cropped, or filled by another model: pass "
                f"memory_tokens, input_ids behind the {self.reach} tokens before them"
            )
        return before

    def prepare_inputs_for_generation(self, input_ids, **kwargs):
        inputs = super().prepare_inputs_for_generation(input_ids, **kwargs)
        if self.reach >= 0 and inputs.get("input_ids") is not None:
            tokens = hidden_as_none(input_ids, kwargs.get("attention_mask"))
            tokens = nn.functional.pad(tokens, (self.reach, 0), value=-1)
            inputs["memory_tokens"] = tokens[:, -(self.reach + inputs["input_ids"].size(1)) :]
        return inputs


def hidden_as_none(tokens: Tensor, attention_mask: Tensor | None) -> Tensor:
    """-1 where a padding mask over all positions, the last of which are `tokens`, has a 0."""
    if attention_mask is None or attention_mask.ndim != 2:
        return tokens
    mask = nn.functional.pad(
        attention_mask[:, -tokens.size(1) :].bool(), (tokens.size(1), 0), value=True
    )
    return tokens.masked_fill(~mask[:, -tokens.size(1) :], -1)
