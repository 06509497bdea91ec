"""Embedding bags give the products of the plain references, whatever the shape and the dtype."""

import pytest
import torch

from tenth.ops.matvec import (
    each_expert,
    each_expert_reference,
    matvec,
    matvec_reference,
    sum_of_experts,
    sum_of_experts_reference,
)

TOLERANCE = {torch.float32: 1e-6, torch.float16: 1e-3, torch.bfloat16: 8e-3}
SHAPES = [(16, 24), (7, 5), (1, 1), (33, 4100), (64, 4099)]  # the last has no even columns


def assert_equal(fast, plain, x, w, *experts):
    """Against fp32 on the same numbers, as a share of the terms' sum, which may cancel to 0."""
    ours, exact = fast(x, w, *experts), plain(x.float(), w.float(), *experts)
    assert ours.dtype == x.dtype and ours.shape == exact.shape
    terms = plain(x.float().abs(), w.float().abs(), *experts).max()
    assert (ours.float() - exact).abs().max() <= TOLERANCE[x.dtype] * terms


@pytest.fixture(params=[1, 2])
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", SHAPES)
@torch.no_grad()
def test_a_bag_is_a_matrix_times_a_vector(shape, dtype, threads):
    w, x = torch.randn(shape).to(dtype), torch.randn(shape[0]).to(dtype)
    assert_equal(matvec, matvec_reference, x, w)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("shape", SHAPES[:4])
@pytest.mark.parametrize("chosen", [[2], [3, 0], [1, 1, 4], [4, 3, 2, 1, 0]])
@torch.no_grad()
def test_the_chosen_experts_run_and_no_other(chosen, shape, dtype, threads):
    w, experts = torch.randn(5, *shape).to(dtype), torch.tensor(chosen)
    w[[e for e in range(5) if e not in chosen]] = torch.nan
    x, xs = torch.randn(shape[0]).to(dtype), torch.randn(len(chosen), shape[0]).to(dtype)
    assert_equal(each_expert, each_expert_reference, x, w, experts)
    assert_equal(sum_of_experts, sum_of_experts_reference, xs, w, experts)


def test_what_the_kernel_does_not_take_runs_plainly():
    w, x = torch.randn(8, 6, requires_grad=True), torch.randn(8)
    matvec(x, w).sum().backward()  # with a gradient
    assert torch.equal(w.grad, x[:, None].expand(8, 6))
    with torch.no_grad():
        turned = torch.randn(6, 8).T
        torch.testing.assert_close(matvec(x, turned), x @ turned)
        assert matvec(x.double(), w.double()).dtype == torch.float64
