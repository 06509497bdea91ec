"""Muon on stacks of experts, true clipping, the schedule, the balance."""

import itertools
from dataclasses import replace

import pytest
import torch

from tenth.config import MemoryConfig, ModelConfig, TrainConfig
from tenth.model import Transformer, initialize
from tenth.model.router import Router
from tenth.ops import orthogonalize
from tenth.train.balance import Balancer, quantile_bias, router_z_loss, routers
from tenth.train.optim import Muon, Optimizer, schedule, split_parameters

CONFIG = ModelConfig(vocab_size=64, d_model=16, n_layers=2, n_heads=2, n_kv_heads=1, d_head=8,
                     d_ff=24, max_seq=16, n_experts=4, top_k=2, d_expert=8,
                     head_groups=8, memory=MemoryConfig(order=0))  # fmt: skip


def ready(config: ModelConfig = CONFIG, seed: int = 0) -> Transformer:
    model = initialize(Transformer(config), seed)
    with torch.no_grad():
        model.head.words.normal_(0, 0.1)
    tokens = torch.randint(0, 64, (2, 9))
    model.log_prob(tokens[:, :-1], tokens[:, 1:]).log_prob.mean().backward()
    return model


def test_muon_moves_every_experts_matrix_by_itself():
    stack = torch.nn.Parameter(torch.zeros(3, 8, 16))
    stack.grad = torch.randn(3, 8, 16)
    stack.grad[1] *= 1000  # flattened to 2-D, this expert would drown the others
    stack.grad[2] = 0
    expected = stack.grad.clone()
    Muon([stack], lr=0.1, weight_decay=0.0).step(1.0)
    for e in range(2):
        alone = orthogonalize(expected[e : e + 1])[0]
        torch.testing.assert_close(stack.data[e], -0.1 * alone, rtol=1e-3, atol=1e-4)
    assert stack.data[2].abs().max() == 0


def test_muon_batches_equal_shapes_and_gives_each_matrix_the_update_it_gets_alone():
    one, two = (torch.nn.Parameter(torch.randn(8, 16)) for _ in range(2))
    other = torch.nn.Parameter(torch.randn(2, 8, 16))
    for p in (one, two, other):
        p.grad = torch.randn_like(p)
    copies = [torch.nn.Parameter(p.detach().clone()) for p in (one, two, other)]
    for copy, p in zip(copies, (one, two, other), strict=True):
        copy.grad = p.grad.clone()
        Muon([copy], lr=0.1, weight_decay=0.1).step(0.5)
    Muon([one, two, other], lr=0.1, weight_decay=0.1).step(0.5)
    for copy, p in zip(copies, (one, two, other), strict=True):
        torch.testing.assert_close(copy.data, p.data)


def test_matrices_go_to_muon_and_the_rest_to_adamw():
    model = Transformer(CONFIG)
    kinds = split_parameters(model)
    names = {id(p): n for n, p in model.named_parameters()}
    matrices = {names[id(p)] for p in kinds["matrix"]}
    assert "layers.0.mlp.experts.down" in matrices and "layers.1.attention.q.weight" in matrices
    assert {names[id(p)] for p in kinds["vocabulary"]} == {
        "embed.weight", "head.groups", "head.words"
    }  # fmt: skip
    assert {"layers.0.mlp.router.gate", "norm.weight", "memory.query.weight"} <= {
        names[id(p)] for p in kinds["rest"]
    }
    assert sum(map(len, kinds.values())) == len(names)


def test_clipping_uses_the_true_global_norm():
    model = ready()
    gradients = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
    want = torch.cat(gradients).norm().item()
    got = Optimizer(model, TrainConfig(clip=1.0)).step(1.0)
    assert got == pytest.approx(want, rel=1e-5)


def test_clipping_scales_every_gradient():
    """AdamW and Muon do not see a scale, so it is looked at before they step."""
    model = ready()
    optimizer = Optimizer(model, TrainConfig(clip=1e-3))
    seen = {}
    optimizer.muon.step = lambda factor: seen.update(
        norm=torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None]).norm()
    )
    optimizer.step(1.0)
    assert seen["norm"].item() == pytest.approx(1e-3, rel=1e-4)


def test_a_gradient_that_is_not_finite_changes_nothing_and_is_reported():
    model = ready()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    model.head.words.grad[0, 0, 0] = float("nan")
    norm = Optimizer(model, TrainConfig()).step(1.0)
    assert norm != norm
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())


def test_the_schedule_warms_up_stays_and_decays_to_nearly_zero():
    config = TrainConfig(steps=100, warmup=0.1, decay=0.4)
    factors = [schedule(s, config) for s in range(100)]
    assert factors[0] == pytest.approx(0.1) and factors[9:60] == [1.0] * 51
    assert all(a > b for a, b in itertools.pairwise(factors[60:]))
    assert factors[-1] == pytest.approx(1 / 40)


def skewed_router() -> tuple[Router, torch.Tensor]:
    router = Router(replace(CONFIG, n_experts=8))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        router.gate.copy_(torch.randn(8, 16, generator=generator) / 4)
    x = torch.randn(512, 16, generator=generator)
    x += 1.5 * router.gate[0].detach()  # most want expert 0
    return router, x


@pytest.mark.parametrize("method", ["bias", "quantile"])
def test_balancing_evens_out_a_router_that_everyone_wants_one_expert_of(method):
    router, x = skewed_router()
    model = Transformer(CONFIG)
    balancer = Balancer(model, method, 0.02)
    balancer.routers = [router]
    worst = []
    for _ in range(100):
        routing = router(x)
        rows = routing.rows_per_expert_E.float()
        worst.append((rows.max() / rows.mean()).item())
        balancer.observe([routing])
        balancer.update(1.0)
    assert worst[0] > 2 and worst[-1] < 1.35


def test_the_bias_is_balanced_over_the_global_batch_not_the_micro_batch():
    model = Transformer(CONFIG)
    balancer = Balancer(model, "bias", 0.1)
    routing = model(torch.randint(0, 64, (1, 8))).routings[0]
    one = routing._replace(rows_per_expert_E=torch.tensor([4, 0, 2, 2]))
    two = routing._replace(rows_per_expert_E=torch.tensor([0, 4, 2, 2]))
    balancer.observe([one, one])
    balancer.observe([two, two])
    load = balancer.update(1.0)
    assert load is not None and torch.equal(load, torch.full((2, 4), 0.25))
    assert all(r.bias.abs().max() == 0 for r in routers(model))  # even over both: nothing moves


def test_balance_none_leaves_the_bias_alone_and_bias_does_move_it():
    for method, moved in (("none", False), ("bias", True)):
        router, x = skewed_router()
        balancer = Balancer(Transformer(CONFIG), method, 0.02)
        balancer.routers = [router]
        balancer.observe([router(x)])
        balancer.update(1.0)
        assert (router.bias.abs().max() > 0) == moved


def test_a_quantile_bias_gives_each_expert_its_share_over_the_tokens_thresholds():
    scores = torch.rand(4000, 8)
    scores[:, 0] += 0.5
    bias = torch.zeros(8)
    for _ in range(20):
        bias = quantile_bias(scores, bias, 2)
    chosen = (scores + bias).topk(2, dim=-1).indices.flatten().bincount(minlength=8)
    assert (chosen.float() / 1000 - 1).abs().max() < 0.05


def test_the_z_loss_reaches_the_routers_gate():
    model = Transformer(replace(CONFIG, score="softmax"))
    initialize(model, 0)
    router_z_loss(model(torch.randint(0, 64, (1, 8))).routings).backward()
    assert routers(model)[0].gate.grad.abs().max() > 0
