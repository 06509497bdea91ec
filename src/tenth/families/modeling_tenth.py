"""tenth's model for transformers: glm4_moe's layers, memory, a routed head, softmax routers.

A copy of this file lies beside the weights, so it imports torch and transformers alone; open with
`AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)`.

The memory reads the tokens before a position, so a forward pass that continues a cache needs them.
`generate` passes them, beams included; in a loop by hand the cache object remembers them. After
`cache.crop` the next pass is refused, and after `cache.reorder_cache` by hand it would read the old
order: pass `memory_tokens` then. Padding under `attention_mask` is no token.

A model with a routed head or a memory gives log-probabilities as its logits.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportIncompatibleMethodOverride=false

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from transformers import Cache, DynamicCache
from transformers import initialization as init
from transformers.modeling_outputs import MoeCausalLMOutputWithPast
from transformers.models.glm4_moe.configuration_glm4_moe import Glm4MoeConfig
from transformers.models.glm4_moe.modeling_glm4_moe import (
    Glm4MoeForCausalLM,
    Glm4MoeMLP,
    Glm4MoeMoE,
    Glm4MoeTopkRouter,
)
from transformers.utils.generic import can_return_tuple

HEAD_MULTIPLE = 8  # words of a head's group come in such
TINY = 1e-30
# What the cache is called: "past_key_values", and from transformers 5.24 on "cache".
_FIELDS = MoeCausalLMOutputWithPast.__dataclass_fields__
CACHE = "cache" if "cache" in _FIELDS else "past_key_values"


class TenthConfig(Glm4MoeConfig):
    """`tenth` holds what glm4_moe has no key for: "memory", "head_groups", "score", ..."""

    model_type = "tenth"
    base_model_tp_plan = {}  # noqa: RUF012 - experts are modules here, not fused tensors
    base_model_ep_plan = {}  # noqa: RUF012

    tenth: dict | None = None


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


class TenthRoutedHead(nn.Module):
    """tenth.model.head: p(token) = p(its group) p(token | its group), as log-probabilities."""

    def __init__(self, config: TenthConfig, groups: int):
        super().__init__()
        vocab, d = config.vocab_size, config.hidden_size
        width = -(-vocab // groups)
        self.width = -(-width // HEAD_MULTIPLE) * HEAD_MULTIPLE
        self.n_groups = -(-vocab // self.width)
        self.groups = nn.Parameter(torch.empty(self.n_groups, d))
        self.words = nn.Parameter(torch.empty(self.n_groups, self.width, d))
        self.register_buffer("slot_V", torch.arange(vocab))

    def forward(self, x: Tensor) -> Tensor:
        vocab = self.slot_V.numel()  # the slots behind it, in the last group, are empty
        group = nn.functional.linear(x, self.groups).float().log_softmax(-1)
        word = nn.functional.linear(x, self.words.flatten(0, 1)).float()[..., :vocab]
        word = nn.functional.pad(word, (0, self.n_groups * self.width - vocab), value=-torch.inf)
        word = word.unflatten(-1, (self.n_groups, self.width)).log_softmax(-1)
        return (group[..., None] + word).flatten(-2)[..., self.slot_V]


class TenthMemory(nn.Module):
    """tenth.model.memory, whose names and arithmetic it mirrors: counts and copies at the output.

    Shapes: L tokens known, Q places among them to predict after, V vocabulary.
    """

    def __init__(self, config: TenthConfig, memory: dict):
        super().__init__()
        self.order, self.windows = memory["order"], tuple(memory["windows"])
        self.vocab_size, self.farthest = config.vocab_size, config.max_position_embeddings
        self.reach = self.farthest + max(self.order, *self.windows, 1)
        n_grams = memory["n_grams"] or [0] * (self.order - 1)
        for n, length in enumerate((self.vocab_size, *n_grams)[: self.order], start=1):
            self.register_buffer(f"p_{n}", torch.zeros(length, dtype=torch.float32))
            if n > 1:
                self.register_buffer(f"keys_{n}", torch.zeros(length, dtype=torch.int64))
            if n < self.order:
                self.register_buffer(f"gamma_{n}", torch.ones(length, dtype=torch.float32))
        n_experts = 1 + (self.order > 0) + len(self.windows)
        n_features = max(0, self.order - 1) + len(self.windows)
        self.query = nn.Linear(config.hidden_size, n_experts)
        self.read = nn.Linear(n_features, memory["d_gate"])
        self.say = nn.Linear(memory["d_gate"], n_experts, bias=False)

    def forward(self, log_p: Tensor, hidden: Tensor, tokens: Tensor, at: Tensor) -> Tensor:
        """The mixture's log-probabilities (B, Q, V), from the network's own and the hidden states
        (B, Q, D) `at` (Q,) these places in `tokens` (B, L), -1 for none."""
        features, alive, experts = [], [torch.ones_like(tokens[:, at], dtype=torch.bool)], []
        if self.order:
            contexts = self._contexts(tokens, at)
            for n, context in enumerate(contexts, start=1):
                features.append(self._gamma(n, context).clamp(min=TINY).log())
            experts.append(self._distribution(contexts))
            alive.append(alive[0])
        for counts in self._window_counts(tokens, at):
            matches = counts.sum(-1)
            features.append(matches.log1p())
            experts.append(counts / matches.clamp(min=1)[..., None])
            alive.append(matches > 0)
        read = self.read(torch.stack(features, -1).to(hidden.dtype))
        logits = (self.query(hidden) + self.say(read.relu())).float()
        gate = logits.masked_fill(~torch.stack(alive, -1), -torch.inf).log_softmax(-1)
        recalled = torch.zeros_like(log_p)
        for k, p in enumerate(experts, start=1):
            recalled += gate[..., k, None].exp() * p
        return torch.logaddexp(gate[..., :1] + log_p, (recalled + TINY).log())

    def _contexts(self, tokens: Tensor, at: Tensor) -> list[Tensor]:
        """The numbers of the 1, 2, ... tokens up to each place, -1 where they were not counted."""
        contexts = []
        for n in range(1, self.order):
            number = tokens[:, at - n + 1]
            for i in range(2, n + 1):
                number = self._find(i, number, tokens[:, at - n + i])
            contexts.append(number)
        return contexts

    def _find(self, n: int, prefix: Tensor, token: Tensor) -> Tensor:
        keys = self.get_buffer(f"keys_{n}")
        if not len(keys):
            return torch.full_like(prefix, -1)
        key = prefix * self.vocab_size + token
        place = torch.searchsorted(keys, key).clamp(max=len(keys) - 1)
        return place.where((keys[place] == key) & (prefix >= 0) & (token >= 0), -1)

    def _gamma(self, n: int, context: Tensor) -> Tensor:
        gamma = self.get_buffer(f"gamma_{n}")
        if not len(gamma):
            return torch.ones_like(context, dtype=gamma.dtype)
        return gamma[context.clamp(min=0)].where(context >= 0, 1.0)

    def _distribution(self, contexts: list[Tensor]) -> Tensor:
        """What was counted after each place: (B, Q, V)."""
        rows = contexts[0].numel()
        p = self.get_buffer("p_1").repeat(rows, 1)
        for n, context in enumerate((context.flatten() for context in contexts), start=2):
            p *= self._gamma(n - 1, context)[:, None]
            keys, first = self.get_buffer(f"keys_{n}"), context * self.vocab_size
            start = torch.searchsorted(keys, first)
            size = torch.searchsorted(keys, first + self.vocab_size) - start
            size = size.where(context >= 0, 0)
            row = torch.arange(rows, device=keys.device).repeat_interleave(size)
            within = torch.arange(len(row), device=keys.device) - (size.cumsum(0) - size)[row]
            found = start[row] + within
            p[row, keys[found] % self.vocab_size] = self.get_buffer(f"p_{n}")[found]
        return p.view(*contexts[0].shape, -1)

    def _window_counts(self, tokens: Tensor, at: Tensor) -> Iterator[Tensor]:
        """For each window length, how often each token followed: (B, Q, V)."""
        length = tokens.size(1)
        distance = at[:, None] - torch.arange(length, device=tokens.device)
        reachable = (distance > 0) & (distance < self.farthest)
        follower = nn.functional.pad(tokens[:, 1:], (0, 1), value=-1)
        same = reachable & (follower >= 0)[:, None]
        follower = follower.clamp(min=0)[:, None].expand_as(same)
        for back in range(max(self.windows, default=0)):
            earlier = nn.functional.pad(tokens, (back, 0), value=-1)[:, :length]
            same = same & (earlier[:, at, None] == earlier[:, None]) & (earlier >= 0)[:, None]
            if back + 1 in self.windows:
                counts = torch.zeros((*same.shape[:2], self.vocab_size), device=tokens.device)
                yield counts.scatter_add_(2, follower, same.float())

    def _apply(self, fn, recurse=True):
        """`.to(bfloat16)` moves the tables, and leaves them as precise as they were counted."""
        tables = dict(self.named_buffers(recurse=False))
        super()._apply(fn, recurse)
        for name, moved in self.named_buffers(recurse=False):
            if moved.dtype != tables[name].dtype:
                setattr(self, name, tables[name].to(moved.device))
        return self


class TenthForCausalLM(Glm4MoeForCausalLM):
    """Glm4MoeForCausalLM with TenthMoEs, and at the output what `config.tenth` names."""

    config_class = TenthConfig
    _no_split_modules = ["Glm4MoeDecoderLayer", "TenthMemory"]  # noqa: RUF012
    _tp_plan = {}  # noqa: RUF012
    _can_compile_fullgraph = False

    def __init__(self, config: TenthConfig):
        super().__init__(config)
        own = config.tenth or {}
        for layer in self.model.layers:
            if isinstance(layer.mlp, Glm4MoeMoE):
                layer.mlp = TenthMoE(config)
        if own.get("head_groups"):
            self.lm_head = TenthRoutedHead(config, own["head_groups"])
        self.memory = TenthMemory(config, own["memory"]) if own.get("memory") else None
        self.post_init()

    def _init_weights(self, module):
        super()._init_weights(module)
        if isinstance(module, TenthRoutedHead):
            init.normal_(module.groups, std=self.config.initializer_range)
            init.normal_(module.words, std=self.config.initializer_range)
            init.copy_(module.slot_V, torch.arange(module.slot_V.numel()))
        elif isinstance(module, TenthMemory):
            for name, table in module.named_buffers(recurse=False):
                even = 1.0 / module.vocab_size if name == "p_1" else 0.0
                init.constant_(table, 1.0 if "gamma" in name else even)

    def resize_token_embeddings(self, new_num_tokens=None, pad_to_multiple_of=None, **kwargs):
        vocab = self.config.vocab_size
        if self.memory is None and not isinstance(self.lm_head, TenthRoutedHead):
            return super().resize_token_embeddings(new_num_tokens, pad_to_multiple_of, **kwargs)
        if pad_to_multiple_of or new_num_tokens not in (None, vocab):
            raise ValueError(f"the memory and the routed head are made for these {vocab} tokens")
        return self.get_input_embeddings()

    @can_return_tuple
    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Cache | None = None,
        *,
        cache: Cache | None = None,
        memory_tokens: Tensor | None = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int | Tensor = 0,
        **kwargs,
    ):
        """`memory_tokens`: `input_ids` behind the tokens before them, -1 for none."""
        cache = past_key_values if cache is None else cache
        if self.memory is None:
            return super().forward(
                input_ids, attention_mask, position_ids, cache, labels=labels,
                use_cache=use_cache, logits_to_keep=logits_to_keep, return_dict=True, **kwargs,
            )  # fmt: skip
        if input_ids is None:
            raise ValueError("the memory reads tokens: pass input_ids, not inputs_embeds")
        if cache is None and (self.config.use_cache if use_cache is None else use_cache):
            cache = DynamicCache(config=self.config)
        if memory_tokens is None:
            before = self._remembered(input_ids, cache)
            memory_tokens = hidden_as_none(torch.cat((before, input_ids), 1), attention_mask)
        missing = self.memory.reach + input_ids.size(1) - memory_tokens.size(1)
        memory_tokens = nn.functional.pad(memory_tokens, (missing, 0), value=-1)
        outputs = self.model(
            input_ids, attention_mask, position_ids, cache,
            use_cache=use_cache, return_dict=True, **kwargs,
        )  # fmt: skip
        if cache is not None:
            last = memory_tokens[:, -self.memory.reach :]
            cache.tenth_memory = (int(cache.get_seq_length()), last)
        logits = self._mixed(outputs.last_hidden_state, memory_tokens, logits_to_keep)
        loss = None
        if labels is not None:
            loss = self.loss_function(logits, labels, self.config.vocab_size, **kwargs)
        return MoeCausalLMOutputWithPast(
            loss=loss,
            logits=logits,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
            router_logits=outputs.router_logits,
            **{CACHE: outputs.get(CACHE)},
        )

    def _mixed(self, hidden: Tensor, tokens: Tensor, keep: int | Tensor) -> Tensor:
        if isinstance(keep, Tensor) and keep.ndim > 1:  # places differ between sequences
            logits = self._mixed(hidden, tokens, 0)
            if keep.dtype == torch.bool:
                return logits[keep]
            return torch.take_along_dim(logits, keep[..., None], dim=1)
        at = torch.arange(hidden.size(1), device=hidden.device)
        at = at[-keep:] if isinstance(keep, int) else at[keep]
        hidden = hidden[:, at]
        log_p = self.lm_head(hidden).float().log_softmax(-1)
        assert self.memory is not None
        return self.memory(log_p, hidden, tokens, self.memory.reach + at)

    def _remembered(self, input_ids: Tensor, cache: Cache | None) -> Tensor:
        """The tokens before `input_ids`, of which the cache holds the keys and values."""
        length = 0 if cache is None else int(cache.get_seq_length())
        if length == 0:
            return input_ids[:, :0]
        known, before = getattr(cache, "tenth_memory", (0, input_ids[:0]))
        if known != length or before.size(0) != input_ids.size(0):
            raise ValueError(
                f"this cache of {length} tokens was cropped, or filled by another model: pass "
                "memory_tokens, input_ids behind the tokens before them"
            )
        return before

    def prepare_inputs_for_generation(self, input_ids, **kwargs):
        inputs = super().prepare_inputs_for_generation(input_ids, **kwargs)
        if self.memory is None or inputs.get("input_ids") is None:
            return inputs
        cache, n = kwargs.get(CACHE), inputs["input_ids"].size(1)
        if input_ids.size(1) >= n + (0 if cache is None else int(cache.get_seq_length())):
            tokens = hidden_as_none(input_ids, kwargs.get("attention_mask"))
            inputs["memory_tokens"] = tokens[:, -(self.memory.reach + n) :]
        return inputs  # else only the new tokens are known here: the cache has the others


def hidden_as_none(tokens: Tensor, attention_mask: Tensor | None) -> Tensor:
    """-1 where a padding mask over all positions, the last of which are `tokens`, has a 0."""
    if attention_mask is None or attention_mask.ndim != 2:
        return tokens
    mask = nn.functional.pad(
        attention_mask[:, -tokens.size(1) :].bool(), (tokens.size(1), 0), value=True
    )
    return tokens.masked_fill(~mask[:, -tokens.size(1) :], -1)
