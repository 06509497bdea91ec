"""The count of FLOPs against closed forms and against PyTorch's own counter."""

from collections import Counter
from dataclasses import replace

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from tenth.config import MemoryConfig, ModelConfig, TrainConfig
from tenth.model import Transformer, flops, initialize
from tenth.ops import combine_rows_reference, grouped_mm_reference
from tenth.train.optim import Optimizer

SEQ, BATCH = 16, 3
DENSE = ModelConfig(vocab_size=64, d_model=32, n_layers=2, n_heads=4, n_kv_heads=2, d_head=8,
                    d_ff=48, max_seq=SEQ)  # fmt: skip
SPARSE = replace(DENSE, n_experts=4, top_k=2, d_expert=24)
CONFIGS = {
    "dense": DENSE,
    "sparse": SPARSE,
    "shared expert, first dense": replace(SPARSE, n_shared_experts=1, first_dense=1),
    "routed head": replace(SPARSE, head_groups=8),
    "memory": replace(SPARSE, head_groups=4, memory=MemoryConfig(order=3, n_grams=(50, 70))),
    "dense with memory": replace(DENSE, memory=MemoryConfig(windows=())),
}


@pytest.fixture(autouse=True)
def reference_path(monkeypatch):
    """Plain mm and bmm: the stock counter sees neither SDPA nor grouped_mm on a CPU, nor a
    weighted sum of rows, which counts as a product."""
    monkeypatch.setattr("tenth.model.moe.combine_rows", combine_rows_reference)
    monkeypatch.setattr("tenth.model.experts.grouped_mm", grouped_mm_reference)
    monkeypatch.setattr("tenth.model.head.grouped_mm", grouped_mm_reference)
    with sdpa_kernel(SDPBackend.MATH):
        yield


def counted_step(config: ModelConfig) -> tuple[Counter, int, int, int]:
    """(forward by part, forward, backward, optimizer) as torch's counter sees them."""
    model = initialize(Transformer(config), 0)
    optimizer = Optimizer(model, TrainConfig())
    tokens = torch.randint(0, config.vocab_size, (BATCH, SEQ + 1))
    with FlopCounterMode(display=False) as counter:
        log_prob = model.log_prob(tokens[:, :-1], tokens[:, 1:]).log_prob
        parts = Counter()
        for module, ops in counter.get_flop_counts().items():
            parts[module.removeprefix("Transformer.")] = sum(ops.values())
        forward = counter.get_total_flops()
        (-log_prob.mean()).backward()
        backward = counter.get_total_flops() - forward
        optimizer.step(1.0)
        last = counter.get_total_flops() - forward - backward
    return parts, forward, backward, last


@pytest.mark.parametrize("name", CONFIGS)
def test_every_training_flop_is_the_one_that_torch_counts(name):
    config = CONFIGS[name]
    _, forward, backward, optimizer = counted_step(config)
    per_token = sum(flops.forward_flops(config, SEQ).values())
    assert forward == BATCH * SEQ * per_token
    trained = flops.training_flops_per_token(config, SEQ)
    assert backward == BATCH * SEQ * (trained - per_token)
    if not config.memory:
        assert trained == 3 * per_token
    assert optimizer == flops.optimizer_flops_per_step(config)
    assert forward + backward + optimizer == flops.training_flops_per_step(config, SEQ, BATCH)


@pytest.mark.parametrize("name", CONFIGS)
def test_no_part_counts_zero_and_each_part_is_right_by_itself(name):
    config = CONFIGS[name]
    counted, total, *_ = counted_step(config)
    seen = Counter()
    for module, count in counted.items():
        for part in ("attention", "mlp"):
            if module.endswith(f".{part}"):
                assert count > 0, module
                seen[part] += count
    seen["output"] = total - sum(seen.values())  # head and memory are not called as modules
    ours = Counter()
    names = {
        "dense": "mlp",
        "router": "mlp",
        "experts": "mlp",
        "head": "output",
        "memory": "output",
    }
    for part, count in flops.forward_flops(config, SEQ).items():
        ours[names.get(part, part)] += BATCH * SEQ * count
    assert dict(ours) == dict(seen)
    if config.memory:
        assert flops.forward_flops(config, SEQ)["memory"] > 0
    if config.n_experts:
        assert min(flops.forward_flops(config, SEQ)[p] for p in ("router", "experts")) > 0


def test_a_dense_token_costs_the_closed_form():
    D, L, V, F = 32, 2, 64, 48
    attention = 2 * D * (32 + 16 + 16 + 32) + 4 * SEQ * 32  # q k v o, then scores and values
    assert sum(flops.forward_flops(DENSE, SEQ).values()) == L * (attention + 6 * D * F) + 2 * D * V


def test_six_flops_for_each_matrix_parameter_and_token_beside_attention():
    model = Transformer(DENSE)
    matrices = sum(
        p.numel() for n, p in model.named_parameters() if p.dim() > 1 and "embed" not in n
    )
    attention = 3 * 2 * 4 * SEQ * 32  # backward twice, two layers, S x S
    assert flops.training_flops_per_token(DENSE, SEQ) == 6 * matrices + attention


def test_sparse_compute_grows_with_top_k_and_not_with_the_number_of_experts():
    few, many = SPARSE, replace(SPARSE, n_experts=32)
    wide = replace(SPARSE, top_k=4)
    cost = {c.n_experts * 10 + c.top_k: flops.forward_flops(c, SEQ) for c in (few, many, wide)}
    assert cost[322]["experts"] == cost[42]["experts"] < cost[44]["experts"]
    assert cost[322]["router"] == 8 * cost[42]["router"]


@pytest.mark.parametrize("name", CONFIGS)
def test_generating_a_token_costs_what_a_full_pass_with_logits_does(name):
    config = CONFIGS[name]
    model = initialize(Transformer(config), 0)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.randint(0, config.vocab_size, (1, SEQ)))
    assert counter.get_total_flops() == SEQ * flops.inference_flops_per_token(config)


def test_muon_costs_more_than_an_experts_own_passes_at_small_batches():
    config = replace(SPARSE, d_model=64, d_expert=64, n_experts=32)
    experts = 3 * flops.forward_flops(config, SEQ)["experts"] * SEQ  # one sequence a step
    assert flops.optimizer_flops_per_step(config) > experts


def test_active_parameters_are_what_one_token_reads():
    config = CONFIGS["memory"]
    model = Transformer(config)
    active, total = flops.parameter_counts(model, config)
    tables = 64 + 64 + 2 * 50 + 50 + 2 * 70  # p, gamma; keys, p, gamma; keys, p
    assert total == sum(p.numel() for p in model.parameters()) + tables
    experts = 2 * 4 * 3 * 32 * 24
    words = 64 * 32  # in four groups, of which a target trains one
    idle = experts // 2 + words * 3 // 4 + 63 * 32 + tables - 7  # a row of each table is read
    assert total - active == idle
