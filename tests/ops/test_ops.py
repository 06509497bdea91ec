"""Every op equals its plain reference, forward and backward, on fresh random inputs."""

import pytest
import torch

from tenth.ops import (
    combine_rows,
    combine_rows_reference,
    dispatch_rows,
    dispatch_rows_reference,
    grouped_mm,
    grouped_mm_reference,
    orthogonalize,
    orthogonalize_flops,
    orthogonalize_reference,
)

ROWS = [[3, 0, 5, 1], [0, 0, 9, 0], [1, 2, 3, 4], [0, 0, 0, 0]]


def gradients(function, *inputs):
    leaves = [x.detach().clone().requires_grad_() for x in inputs]
    out = function(*leaves)
    generator = torch.Generator().manual_seed(out.numel())
    out.backward(torch.randn(out.shape, generator=generator).to(out.dtype))
    return [out, *(x.grad for x in leaves)]


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("widths", [(16, 24), (8, 4), (6, 10)])  # the last is not 16-byte aligned
def test_grouped_mm_equals_a_loop_of_mm_with_empty_experts(rows, widths):
    counts = torch.tensor(rows)
    x, w = torch.randn(sum(rows), widths[0]), torch.randn(len(rows), widths[1], widths[0])
    for fast, plain in zip(
        gradients(lambda a, b: grouped_mm(a, b, counts), x, w),
        gradients(lambda a, b: grouped_mm_reference(a, b, counts), x, w),
        strict=True,
    ):
        torch.testing.assert_close(fast, plain, rtol=1e-5, atol=1e-5)


def test_grouped_mm_follows_autocast():
    x, w, counts = torch.randn(8, 16), torch.randn(2, 16, 16), torch.tensor([3, 5])
    with torch.autocast("cpu", torch.bfloat16):
        y = grouped_mm(x, w, counts)
    assert y.dtype == torch.bfloat16
    torch.testing.assert_close(y.float(), grouped_mm_reference(x, w, counts), rtol=0.05, atol=0.1)


@pytest.mark.parametrize("top_k", [1, 2, 3])
def test_dispatch_and_combine_equal_indexing(top_k):
    T, D = 13, 8
    experts_TK = torch.rand(T, 5).topk(top_k).indices
    order_R = experts_TK.flatten().argsort(stable=True)
    x, y, weights = torch.randn(T, D), torch.randn(T * top_k, D), torch.rand(T, top_k)
    for fast, plain in ((dispatch_rows, dispatch_rows_reference),):
        for a, b in zip(
            gradients(lambda x, f=fast: f(x, order_R, top_k), x),
            gradients(lambda x, f=plain: f(x, order_R, top_k), x),
            strict=True,
        ):
            torch.testing.assert_close(a, b)
    for a, b in zip(
        gradients(lambda y, w: combine_rows(y, order_R, w), y, weights),
        gradients(lambda y, w: combine_rows_reference(y, order_R, w), y, weights),
        strict=True,
    ):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("shape", [(16, 16), (16, 40), (40, 16)])
def test_newton_schulz_comes_near_the_polar_factor_of_every_matrix_by_itself(shape):
    g = torch.randn(3, *shape)
    g[2] = 0
    ours = orthogonalize(g)
    for i in range(2):
        exact = orthogonalize_reference(g[i])
        assert torch.linalg.matrix_norm(ours[i] - exact, 2) < 0.4  # singular values in 0.7..1.2
        torch.testing.assert_close(ours[i], orthogonalize(g[i : i + 1])[0])
    assert ours[2].abs().max() == 0  # an expert that saw no token does not move


def test_newton_schulz_costs_what_the_flop_counter_sees():
    from torch.utils.flop_counter import FlopCounterMode

    for shape in ((16, 40), (40, 16), (24, 24)):
        with FlopCounterMode(display=False) as counter:
            orthogonalize(torch.randn(2, *shape))
        assert counter.get_total_flops() == 2 * orthogonalize_flops(*shape)
