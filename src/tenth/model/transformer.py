"""The model, dense and sparse from one config.

Shapes: B batch, S seq, T = B S tokens, D d_model, N heads, G key-value heads, H d_head,
E experts, K top_k, F d_expert, R = T K routed rows, V vocabulary; L the
tokens the memory looks back at; in `Scored` K is the memory's experts, the network first.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.attention import Attention, AttentionState
from tenth.model.head import RoutedHead
from tenth.model.latent import LatentAttention
from tenth.model.layers import RMSNorm, SwiGLU
from tenth.model.memory import Answers, Memory
from tenth.model.moe import MoE
from tenth.model.rotary import rotary_angles
from tenth.model.router import Routing


class State(NamedTuple):
    """What decoding remembers; each module defines its own part, the engine only holds it."""

    attention: tuple[AttentionState, ...]
    before_BL: Tensor | None  # the tokens that the memory looks back at, -1 for none

    @property
    def length(self) -> int:
        return self.attention[0].length


class Output(NamedTuple):
    logits: Tensor  # (B, S, V)
    routings: list[Routing]  # one for each sparse layer
    state: State | None


class Counted(NamedTuple):
    """What a model knows of its text before it trains."""

    slot_V: Tensor | None = None  # each token's place in a routed head
    tables: Mapping[str, Tensor] = {}  # the memory's, by their names there


class Scored(NamedTuple):
    log_prob: Tensor  # (B, S), natural, of each target
    network: Tensor  # (B, S): the same without the memory
    routings: list[Routing]
    gate: Tensor | None  # (B, S, K): log-weights of the memory's mixture, the network first


class Block(nn.Module):
    """Attention, then a dense or a sparse SwiGLU, each normed before, behind, or on both sides."""

    def __init__(self, config: ModelConfig, layer: int):
        super().__init__()

        def norm(where: str) -> RMSNorm | None:
            here = config.norms in (where, "both")
            return RMSNorm(config.d_model, config.norm_eps) if here else None

        self.attention_norm, self.attention_post_norm = norm("pre"), norm("post")
        latent = config.attention == "latent"
        self.attention = LatentAttention(config, layer) if latent else Attention(config, layer)
        self.mlp_norm, self.mlp_post_norm = norm("pre"), norm("post")
        sparse = config.is_sparse_layer(layer)
        self.mlp = MoE(config) if sparse else SwiGLU(config.d_model, config.d_ff, config.mlp_bias)

    def forward(self, x_BSD, angles, state: AttentionState | None):
        x_BSD, state = self.attended(x_BSD, angles, state)
        x_BSD, routing = self.fed(x_BSD)
        return x_BSD, routing, state

    def attended(self, x_BSD: Tensor, angles, state: AttentionState | None):
        y_BSD, state = self.attention(_normed(x_BSD, self.attention_norm), angles, state)
        return x_BSD + _normed(y_BSD, self.attention_post_norm), state

    def fed(self, x_BSD: Tensor) -> tuple[Tensor, Routing | None]:
        h_BSD = _normed(x_BSD, self.mlp_norm)
        y_BSD, routing = self.mlp(h_BSD) if isinstance(self.mlp, MoE) else (self.mlp(h_BSD), None)
        return x_BSD + _normed(y_BSD, self.mlp_post_norm), routing


def _normed(x_BSD: Tensor, norm: RMSNorm | None) -> Tensor:
    return x_BSD if norm is None else norm(x_BSD)


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
        self.head: nn.Linear | RoutedHead
        if config.head_groups:
            self.head = RoutedHead(config)
        else:
            self.head = nn.Linear(config.d_model, config.vocab_size, bias=False)
            if config.tied:
                self.head.weight = self.embed.weight
        self.memory = Memory(config) if config.memory else None
        self.origin: Any = None  # the folder it was loaded from, for whoever saves it again

    def forward(self, tokens: Tensor, state: State | None = None) -> Output:
        h_BSD, routings, new, before_BL = self._hidden(tokens, state)
        if self.memory is None and not isinstance(self.head, RoutedHead):
            return Output(self.head(h_BSD), routings, new)
        logits_BSV = self.head(h_BSD.flatten(0, 1)).float().unflatten(0, tokens.shape)
        if self.memory is None:
            return Output(logits_BSV, routings, new)
        log_p_BSV = logits_BSV.log_softmax(-1)
        return Output(self.memory(log_p_BSV, h_BSD, tokens, before_BL), routings, new)

    def log_prob(self, tokens: Tensor, targets: Tensor, answers: Answers | None = None) -> Scored:
        """What the model gives each target, (B, S), after the tokens up to it, (B, S).

        In training and evaluation: a routed head runs the targets' experts alone. `answers` are
        the counts' with the text itself left out; without them the memory asks its tables.
        """
        h_BSD, routings, _, _ = self._hidden(tokens, None)
        h_TD, targets_T = h_BSD.flatten(0, 1), targets.flatten()
        if isinstance(self.head, RoutedHead):
            log_p_T = self.head.log_prob(h_TD, targets_T)
        else:
            log_p_T = -F.cross_entropy(self.head(h_TD).float(), targets_T, reduction="none")
        log_p_BS = log_p_T.view_as(targets)
        if self.memory is None:
            return Scored(log_p_BS, log_p_BS, routings, None)
        mixed_BS, gate_BSK = self.memory.log_prob(log_p_BS, h_BSD, tokens, targets, None, answers)
        return Scored(mixed_BS, log_p_BS, routings, gate_BSK)

    def _hidden(self, tokens: Tensor, state: State | None):
        """The last hidden states, the routings, the state after, and the tokens before."""
        start = 0 if state is None else state.length
        config = self.config
        angles = rotary_angles(
            start, tokens.size(1), config.rotary_dim, config.rope_theta, tokens.device,
            config.rope_scaling,
        )  # fmt: skip
        before_BL = self._no_tokens(tokens.size(0)) if state is None else state.before_BL
        x_BSD = self.embed(tokens)
        routings: list[Routing] = []
        states: list[AttentionState] = []
        for i, block in enumerate(self.blocks):
            old = None if state is None else state.attention[i]
            x_BSD, routing, new = block(x_BSD, angles, old)
            if routing is not None:
                routings.append(routing)
            if new is not None:
                states.append(new)
        h_BSD = self.norm(x_BSD)
        if state is None:
            return h_BSD, routings, None, before_BL
        after_BL = before_BL
        if before_BL is not None:
            after_BL = torch.cat((before_BL, tokens), dim=1)[:, tokens.size(1) :]
        return h_BSD, routings, State(tuple(states), after_BL), before_BL

    @torch.no_grad()
    def remember(self, counted: Counted) -> "Transformer":
        """Takes what was counted of the training text, in place."""
        if isinstance(self.head, RoutedHead) and counted.slot_V is not None:
            self.head.slot_V.copy_(counted.slot_V)
        if self.memory is not None:
            for name, table in counted.tables.items():
                self.memory.get_buffer(name).copy_(table)
        return self

    @property
    def blocks(self) -> list[Block]:
        return cast(list[Block], list(self.layers))

    def new_state(self, batch: int = 1, capacity: int = 256) -> State:
        """An empty state for `batch` sequences; it grows past `capacity` by itself."""
        attention = tuple(block.attention.new_state(batch, capacity) for block in self.blocks)
        return State(attention, self._no_tokens(batch))

    def _no_tokens(self, batch: int) -> Tensor | None:
        if self.memory is None:
            return None
        return torch.full((batch, self.memory.reach), -1, device=self.embed.weight.device)
