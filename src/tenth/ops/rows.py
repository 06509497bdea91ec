"""Tokens to the rows their experts read, and rows back to tokens: two permutations and a sum.

Row r of the sorted rows belongs to token `order_R[r] // K`. Autograd would scatter-add in the
backward pass; these know that `order_R` is a permutation and gather instead, which is faster and
adds in a fixed order.
"""

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def dispatch_rows_reference(x_TD: Tensor, order_R: Tensor, top_k: int) -> Tensor:
    return x_TD[order_R // top_k]


def combine_rows_reference(y_RD: Tensor, order_R: Tensor, weights_TK: Tensor) -> Tensor:
    T, K = weights_TK.shape
    rows_RD = y_RD * weights_TK.flatten()[order_R, None]
    return y_RD.new_zeros(T, y_RD.size(1), dtype=rows_RD.dtype).index_add(0, order_R // K, rows_RD)


def dispatch_rows(x_TD: Tensor, order_R: Tensor, top_k: int) -> Tensor:
    """(T, D) -> (R, D), R = T K, sorted by expert."""
    return _Dispatch.apply(x_TD, order_R, top_k)  # type: ignore[return-value]


def combine_rows(y_RD: Tensor, order_R: Tensor, weights_TK: Tensor) -> Tensor:
    """(R, D) -> (T, D): each token's rows, weighted and summed."""
    T, K = weights_TK.shape
    y_TKD = _Unsort.apply(y_RD, order_R).view(T, K, -1)  # type: ignore[union-attr]
    return torch.bmm(weights_TK.to(y_TKD.dtype)[:, None], y_TKD)[:, 0]


def _inverse(order_R: Tensor) -> Tensor:
    inverse_R = torch.empty_like(order_R)
    inverse_R[order_R] = torch.arange(order_R.numel(), device=order_R.device)
    return inverse_R


class _Dispatch(Function):
    @staticmethod
    def forward(ctx, x_TD, order_R, top_k):
        ctx.save_for_backward(order_R)
        ctx.top_k = top_k
        return x_TD[order_R // top_k]

    @staticmethod
    @once_differentiable
    def backward(ctx, dx_RD):  # type: ignore[override]
        (order_R,) = ctx.saved_tensors
        dx_TKD = dx_RD[_inverse(order_R)].view(-1, ctx.top_k, dx_RD.size(1))
        return dx_TKD.sum(1), None, None


class _Unsort(Function):
    @staticmethod
    def forward(ctx, y_RD, order_R):
        ctx.save_for_backward(order_R)
        return y_RD[_inverse(order_R)]

    @staticmethod
    @once_differentiable
    def backward(ctx, dy_RD):  # type: ignore[override]
        (order_R,) = ctx.saved_tensors
        return dy_RD[order_R], None
