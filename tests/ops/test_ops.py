"""Every op equals its plain reference, forward and backward, on fresh random inputs."""

import pytest
import torch

from tenth.ops import (
    combine_rows,
    combine_rows_reference,
    dispatch_rows,
    dispatch_rows_reference,
    earlier_counts,
    earlier_counts_reference,
    grouped_mm,
    grouped_mm_reference,
    orthogonalize,
    orthogonalize_flops,
    orthogonalize_reference,
    rms_norm,
    rms_norm_reference,
    sorted_rows,
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
    order = sorted_rows(torch.rand(T, 5).topk(top_k).indices)
    x, y, weights = torch.randn(T, D), torch.randn(T * top_k, D), torch.rand(T, top_k)
    for fast, plain in zip(
        gradients(lambda x: dispatch_rows(x, order), x),
        gradients(lambda x: dispatch_rows_reference(x, order), x),
        strict=True,
    ):
        torch.testing.assert_close(fast, plain)
    for fast, plain in zip(
        gradients(lambda y, w: combine_rows(y, order, w), y, weights),
        gradients(lambda y, w: combine_rows_reference(y, order, w), y, weights),
        strict=True,
    ):
        torch.testing.assert_close(fast, plain)


def test_rows_stand_by_expert_and_within_one_by_token():
    order = sorted_rows(torch.tensor([[1, 0], [2, 1], [0, 2]]))
    assert order.token_R.tolist() == [0, 2, 0, 1, 1, 2]
    assert order.order_R[order.inverse_R].tolist() == list(range(6))


@pytest.mark.parametrize("shape", [(5, 16), (2, 3, 16), (2, 3, 4, 16)])
def test_the_norm_and_its_gradient_equal_pytorchs(shape):
    x, weight = torch.randn(shape), torch.randn(shape[-1])
    for fast, plain in zip(
        gradients(lambda x, w: rms_norm(x, w, 1e-6), x, weight),
        gradients(lambda x, w: rms_norm_reference(x, w, 1e-6), x, weight),
        strict=True,
    ):
        torch.testing.assert_close(fast, plain)


@pytest.mark.parametrize("windows", [(1,), (1, 2, 4), (2, 3)])
@pytest.mark.parametrize("unknown", [False, True])  # -1 before the first token
def test_earlier_tokens_counted_by_sorting_are_those_of_every_pair(windows, unknown):
    for seq in (1, 7, 30):
        text = torch.randint(0, 3, (4, 31))
        if unknown:
            text[torch.arange(31) < torch.tensor([0, 3, 9, 30])[:, None]] = -1
        known, targets = text[:, :-1], text[:, -seq:]
        for farthest in (30, 100, 9):  # the last is out of the sorted way's reach
            fast = earlier_counts(known, targets, windows, farthest)
            plain = earlier_counts_reference(known, targets, windows, farthest)
            assert torch.equal(fast[0], plain[0]) and torch.equal(fast[1], plain[1])
    other = torch.randint(0, 3, (4, 30))  # not what comes next
    fast, plain = (f(known, other, windows, 30) for f in (earlier_counts, earlier_counts_reference))
    assert torch.equal(fast[0], plain[0]) and torch.equal(fast[1], plain[1])


@pytest.mark.parametrize("most", [2, 1 << 18, (1 << 24) + 3])  # the last has no room in 24 bits
@pytest.mark.parametrize("dtype", [torch.int64, torch.int32])
def test_earlier_tokens_of_any_vocabulary_and_kind_are_counted(most, dtype):
    text = torch.randint(most - 2, most, (3, 13)).to(dtype)
    for known, targets in ((text[:, :-1], text[:, 1:]), (text[:0, :-1], text[:0, 1:])):
        fast = earlier_counts(known, targets, (1, 2, 4), 12)
        plain = earlier_counts_reference(known, targets, (1, 2, 4), 12)
        assert torch.equal(fast[0], plain[0]) and torch.equal(fast[1], plain[1])


@pytest.mark.parametrize("shape", [(16, 16), (16, 40), (40, 16)])
def test_newton_schulz_comes_near_the_polar_factor_of_every_matrix_by_itself(shape):
    u, _, v = torch.linalg.svd(torch.randn(3, *shape), full_matrices=False)
    g = (u * torch.rand(3, 1, 16).add(0.1)) @ v  # none that five steps do not reach
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
