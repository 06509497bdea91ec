"""What a token costs: every matmul of the forward and backward pass and of the optimizer.

Conventions, the same for every arm: a multiply and its add are 2 FLOPs; attention is the full
S x S; the backward pass costs twice the forward one (both factors of each product get a
gradient); nothing is recomputed; gathers, norms and activations are not matmuls and count 0.
"""

from collections.abc import Iterator

from torch import nn

from tenth.config import ModelConfig
from tenth.ops import orthogonalize_flops


def forward_flops(config: ModelConfig, seq: int) -> dict[str, int]:
    """FLOPs per token in a sequence of `seq`, by part."""
    D, wide = config.d_model, config.n_heads * config.d_head
    parts = {
        "attention": config.n_layers
        * (2 * D * (2 * wide + 2 * config.n_kv_heads * config.d_head) + 4 * seq * wide),
        "dense": 0,
        "router": 0,
        "experts": 0,
        "memory": 0,
        "head": 2 * D * config.vocab_size,
    }
    for layer in range(config.n_layers):
        if config.is_sparse_layer(layer):
            used = config.top_k + config.n_shared_experts
            parts["router"] += 2 * D * config.n_experts
            parts["experts"] += 6 * D * config.d_expert * used + 2 * D * config.top_k
        else:
            parts["dense"] += 6 * D * config.d_ff
        if config.memory and config.has_memory(layer):
            width = len(config.memory.orders) * config.memory.n_heads * config.memory.d_row
            parts["memory"] += 4 * D * width + 2 * D
    return parts


def training_flops_per_token(config: ModelConfig, seq: int) -> int:
    """Forward and backward, the optimizer left out."""
    return 3 * sum(forward_flops(config, seq).values())


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
        if config.memory and config.has_memory(layer):
            width = len(config.memory.orders) * config.memory.n_heads * config.memory.d_row
            yield 2, D, width


def optimizer_flops_per_step(config: ModelConfig) -> int:
    """Muon's Newton-Schulz products; AdamW and Adagrad have no matmul."""
    return sum(n * orthogonalize_flops(rows, cols) for n, rows, cols in matrix_shapes(config))


def training_flops_per_step(config: ModelConfig, seq: int, batch_size: int) -> int:
    per_token = training_flops_per_token(config, seq)
    return seq * batch_size * per_token + optimizer_flops_per_step(config)


def inference_flops_per_token(config: ModelConfig) -> int:
    """One token generated at the end of a full context."""
    return sum(forward_flops(config, config.max_seq).values())


def parameter_counts(model: nn.Module, config: ModelConfig) -> tuple[int, int]:
    """(active, total): active counts what one token's forward pass reads.

    That is all of a dense model but the embedding's other rows; of the experts top_k; of the
    memory one row for each slot.
    """
    total = active = 0
    for name, weight in model.named_parameters():
        n = weight.numel()
        total += n
        if ".experts." in name:
            active += n // config.n_experts * config.top_k
        elif name.endswith("memory.table"):
            assert config.memory
            active += len(config.memory.orders) * config.memory.n_heads * config.memory.d_row
        elif name.endswith("embed.weight"):
            active += config.d_model
        else:
            active += n
    return active, total
