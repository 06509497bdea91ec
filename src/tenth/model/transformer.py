"""The model, dense and sparse from one config.

Shapes: B batch, S seq, T = B S tokens, D d_model, N heads, G key-value heads, H d_head,
E experts, K top_k, F d_expert, R = T K routed rows, V vocabulary; P memory slots, M = P d_row.
"""

from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.attention import Attention, AttentionState
from tenth.model.layers import RMSNorm, SwiGLU, rotary_angles
from tenth.model.memory import Memory
from tenth.model.moe import MoE
from tenth.model.router import Routing


class State(NamedTuple):
    """What decoding remembers; each module defines its own part, the engine only holds it."""

    attention: tuple[AttentionState, ...]
    before_BN: Tensor | None  # the memory's last tokens

    @property
    def length(self) -> int:
        return self.attention[0].length


class Output(NamedTuple):
    logits: Tensor  # (B, S, V)
    routings: list[Routing]  # one for each sparse layer
    state: State | None


class Block(nn.Module):
    """Pre-norm: memory where there is one, attention, then a dense or a sparse SwiGLU."""

    def __init__(self, config: ModelConfig, layer: int):
        super().__init__()
        self.memory = Memory(config, layer) if config.has_memory(layer) else None
        self.attention_norm = RMSNorm(config.d_model, config.norm_eps)
        self.attention = Attention(config)
        self.mlp_norm = RMSNorm(config.d_model, config.norm_eps)
        sparse = config.is_sparse_layer(layer)
        self.mlp = MoE(config) if sparse else SwiGLU(config.d_model, config.d_ff)

    def forward(self, x_BSD, tokens_BS, before_BN, angles, state: AttentionState | None):
        if self.memory is not None:
            x_BSD = x_BSD + self.memory(x_BSD, tokens_BS, before_BN)
        y_BSD, state = self.attention(self.attention_norm(x_BSD), angles, state)
        x_BSD = x_BSD + y_BSD
        h_BSD = self.mlp_norm(x_BSD)
        if isinstance(self.mlp, MoE):
            y_BSD, routing = self.mlp(h_BSD)
            return x_BSD + y_BSD, routing, state
        return x_BSD + self.mlp(h_BSD), None, state


class Transformer(nn.Module):
    """`logits, routings, state = model(tokens, state=None)`.

    Without a state the whole sequence is computed and none comes back. With one (`new_state`)
    the tokens continue it, and the one that comes back replaces it.
    """

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocab_size, config.d_model)
        self.layers = nn.ModuleList(Block(config, i) for i in range(config.n_layers))
        self.norm = RMSNorm(config.d_model, config.norm_eps)
        self.head = nn.Linear(config.d_model, config.vocab_size, bias=False)

    def forward(self, tokens: Tensor, state: State | None = None) -> Output:
        start = 0 if state is None else state.length
        config = self.config
        angles = rotary_angles(
            start, tokens.size(1), config.rotary_dim, config.rope_theta, tokens.device
        )
        before_BN = self._no_tokens(tokens.size(0)) if state is None else state.before_BN
        x_BSD = self.embed(tokens)
        routings: list[Routing] = []
        states: list[AttentionState] = []
        for i, block in enumerate(self.blocks):
            old = None if state is None else state.attention[i]
            x_BSD, routing, new = block(x_BSD, tokens, before_BN, angles, old)
            if routing is not None:
                routings.append(routing)
            if new is not None:
                states.append(new)
        logits = self.head(self.norm(x_BSD))
        if state is None:
            return Output(logits, routings, None)
        if before_BN is not None:
            before_BN = torch.cat((before_BN, tokens), dim=1)[:, tokens.size(1) :]
        return Output(logits, routings, State(tuple(states), before_BN))

    @property
    def blocks(self) -> list[Block]:
        return cast(list[Block], list(self.layers))

    def new_state(self, batch: int = 1, capacity: int = 256) -> State:
        """An empty state for `batch` sequences; it grows past `capacity` by itself."""
        attention = tuple(block.attention.new_state(batch, capacity) for block in self.blocks)
        return State(attention, self._no_tokens(batch))

    def _no_tokens(self, batch: int) -> Tensor | None:
        memory = next((b.memory for b in self.blocks if b.memory is not None), None)
        return None if memory is None else memory.no_tokens(batch)


@torch.no_grad()
def initialize(model: Transformer, seed: int) -> Transformer:
    """Weights drawn from `seed`, in place: what writes to the residual stream starts at zero."""
    generator = torch.Generator().manual_seed(seed)

    def normal(weight: Tensor, std: float) -> None:
        weight.copy_(torch.randn(weight.shape, generator=generator) * std)

    zeros = ("attention.o.weight", "down.weight", "experts.down", "head.weight")
    for name, weight in model.named_parameters():
        if name.endswith(zeros):
            weight.zero_()
        elif name.endswith("embed.weight"):
            normal(weight, 0.5)
        elif name.endswith("memory.table"):
            normal(weight, 0.01)
        elif weight.dim() >= 2:
            normal(weight, weight.size(-1) ** -0.5)
    return model
