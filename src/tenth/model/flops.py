"""What a token costs: every matmul of the forward and backward pass and of the optimizer.

Conventions, the same for every arm: a multiply and its add are 2 FLOPs; attention is the full
S x S; the backward pass costs twice the forward one (both factors of each product get a
gradient, but for the features that the memory's gate reads); nothing is recomputed; gathers, norms
and activations are not matmuls and count 0, and neither are the additions of counting.
"""

from collections.abc import Iterator

from torch import nn

from tenth.config import ModelConfig
from tenth.model.memory import table_shapes
from tenth.ops import orthogonalize_flops


def forward_flops(config: ModelConfig, seq: int) -> dict[str, int]:
    """FLOPs per token in a sequence of `seq`, by part."""
    assert config.attention == "grouped", "latent attention is not trained here"
    D, wide = config.d_model, config.n_heads * config.d_head
    parts = {
        "attention": config.n_layers
        * (2 * D * (2 * wide + 2 * config.n_kv_heads * config.d_head) + 4 * seq * wide),
        "dense": 0,
        "router": 0,
        "experts": 0,
        "head": 2 * D * (sum(config.head_shape) if config.head_groups else config.vocab_size),
        "memory": 0,
    }
    if config.memory:
        experts, width = 1 + config.memory.n_experts, config.memory.d_gate
        parts["memory"] = 2 * (D * experts + config.memory.n_features * width + width * experts)
    for layer in range(config.n_layers):
        if config.is_sparse_layer(layer):
            used = config.top_k + config.n_shared_experts
            parts["router"] += 2 * D * config.n_experts
            parts["experts"] += 6 * D * config.d_expert * used + 2 * D * config.top_k
        else:
            parts["dense"] += 6 * D * config.d_ff
    return parts


def training_flops_per_token(config: ModelConfig, seq: int) -> int:
    """Forward and backward, the optimizer left out."""
    memory = config.memory
    without_gradient = 2 * memory.n_features * memory.d_gate if memory else 0
    return 3 * sum(forward_flops(config, seq).values()) - without_gradient


def matrix_shapes(config: ModelConfig) -> Iterator[tuple[int, int, int]]:
    """(count, rows, columns) of every matrix that Muon orthogonalises."""
    D, wide, narrow = (
        config.d_model,
        config.n_heads * config.d_head,
        config.n_kv_heads * config.d_head,
    )
    for layer in range(config.n_layers):
        yield 2, D, wide
        yield 2, D, narrow
        if config.is_sparse_layer(layer):
            yield 3 * config.n_experts, D, config.d_expert
            if config.n_shared_experts:
                yield 3, D, config.n_shared_experts * config.d_expert
        else:
            yield 3, D, config.d_ff


def optimizer_flops_per_step(config: ModelConfig) -> int:
    """Muon's Newton-Schulz products; AdamW has no matmul."""
    return sum(n * orthogonalize_flops(rows, cols) for n, rows, cols in matrix_shapes(config))


def training_flops_per_step(config: ModelConfig, seq: int, batch_size: int) -> int:
    per_token = training_flops_per_token(config, seq)
    return seq * batch_size * per_token + optimizer_flops_per_step(config)


def inference_flops_per_token(config: ModelConfig) -> int:
    """One token generated at the end of a full context; all of a routed head's groups run."""
    parts = forward_flops(config, config.max_seq)
    if config.head_groups:
        groups, width = config.head_shape
        parts["head"] = 2 * config.d_model * (groups + groups * width)
    return sum(parts.values())


def parameter_counts(model: nn.Module, config: ModelConfig) -> tuple[int, int]:
    """(active, total): active counts what one token's forward pass reads.

    That is all of a dense model but the embedding's other rows; of the experts top_k; of a routed
    head one group; of the memory's tables one row for each order. Total counts every stored number,
    the tables' keys included.
    """
    total = active = 0
    for name, weight in model.named_parameters():
        n = weight.numel()
        total += n
        if ".experts." in name:
            active += n // config.n_experts * config.top_k
        elif name == "head.words":
            active += n // config.head_shape[0]
        elif name.endswith("embed.weight"):
            active += config.d_model
        else:
            active += n
    tables = table_shapes(config) if config.memory else {}
    return active + len(tables), total + sum(length for length, _ in tables.values())
