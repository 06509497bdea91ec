"""Tokens to the rows their experts read, and rows back to tokens: two gathers and a sum.

Rows stand sorted by expert. On a CPU, where each matmul of an expert costs its call, rows are
filled up so that all experts have as many, or into tiles of as many of which an expert has some:
then one batched matmul does them all. What stands in such a row is never read, and its gradient
is 0. Autograd would scatter-add in the backward pass; these know where each row came from.

Shapes: S rows with those that fill up (S = R where none do), N tiles.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

MOST = 1.3  # times as many rows, at most, so that all experts have as many


class Order(NamedTuple):
    """Which row is whose."""

    token_S: Tensor  # the token that each row reads
    row_R: Tensor  # where the (T, K) choices stand
    rows_per_expert_E: Tensor | None  # None: as many for each expert, or tile
    expert_N: Tensor | None  # whose each tile is


def sorted_rows(experts_TK: Tensor, rows_per_expert_E: Tensor, tile: int = 0) -> Order:
    """By expert, and in the order of the tokens; in tiles of `tile` rows, or filled up where
    that takes few rows more, or neither."""
    R, E = experts_TK.numel(), rows_per_expert_E.numel()
    most = int(rows_per_expert_E.max()) if experts_TK.is_cpu and torch.is_grad_enabled() else R
    if not tile and E * most > MOST * R:
        order_R = experts_TK.flatten().argsort(stable=True)
        places_R = torch.arange(R, device=order_R.device)
        row_R = torch.empty_like(order_R).scatter_(0, order_R, places_R)
        return Order(order_R // experts_TK.size(1), row_R, rows_per_expert_E, None)
    tiles_E = -(-rows_per_expert_E // tile) if tile else torch.ones_like(rows_per_expert_E)
    tile, owner_N = tile or most, tiles_E if tile else None
    if owner_N is not None:
        owner_N = torch.arange(E, device=tiles_E.device).repeat_interleave(tiles_E)
    begin_E = (tiles_E.cumsum(0) - tiles_E) * tile - (rows_per_expert_E.cumsum(0) - rows_per_expert_E)
    sorted_R, order_R = experts_TK.flatten().sort(stable=True)
    place_R = torch.arange(R, device=order_R.device) + begin_E.index_select(0, sorted_R)
    S = (E if owner_N is None else len(owner_N)) * tile
    token_S = order_R.new_zeros(S).scatter_(0, place_R, order_R // experts_TK.size(1))
    row_R = torch.empty_like(order_R).scatter_(0, order_R, place_R)
    return Order(token_S, row_R, None, owner_N)


def dispatch_rows_reference(x_TD: Tensor, order: Order) -> Tensor:
    return x_TD[order.token_S]


def combine_rows_reference(y_SD: Tensor, order: Order, weights_TK: Tensor) -> Tensor:
    y_TKD = y_SD[order.row_R].view(*weights_TK.shape, -1)
    return torch.bmm(weights_TK.to(y_SD.dtype)[:, None], y_TKD)[:, 0]


def dispatch_rows(x_TD: Tensor, order: Order) -> Tensor:
    """(T, D) -> (S, D), sorted by expert."""
    return _Dispatch.apply(x_TD, order.token_S, order.row_R)  # type: ignore[return-value]


def combine_rows(y_SD: Tensor, order: Order, weights_TK: Tensor) -> Tensor:
    """(S, D) -> (T, D): each token's rows, weighted and summed."""
    weights_TK = weights_TK.to(y_SD.dtype)
    return _Combine.apply(y_SD, order.token_S, order.row_R, weights_TK)  # type: ignore[return-value]


class _Dispatch(Function):
    @staticmethod
    def forward(ctx, x_TD, token_S, row_R):
        ctx.save_for_backward(row_R)
        ctx.tokens = x_TD.size(0)
        return x_TD.index_select(0, token_S)

    @staticmethod
    @once_differentiable
    def backward(ctx, dx_SD):  # type: ignore[override]
        (row_R,) = ctx.saved_tensors
        dx_RD = dx_SD.index_select(0, row_R)
        if len(row_R) > ctx.tokens:
            dx_RD = dx_RD.view(ctx.tokens, -1, dx_RD.size(1)).sum(1)
        return dx_RD, None, None


class _Combine(Function):
    @staticmethod
    def forward(ctx, y_SD, token_S, row_R, weights_TK):
        y_TKD = y_SD.index_select(0, row_R).view(*weights_TK.shape, -1)
        ctx.save_for_backward(y_TKD, token_S, row_R, weights_TK)
        return (y_TKD * weights_TK[..., None]).sum(1)

    @staticmethod
    @once_differentiable
    def backward(ctx, dy_TD):  # type: ignore[override]
        y_TKD, token_S, row_R, weights_TK = ctx.saved_tensors
        weight_S = weights_TK.new_zeros(len(token_S)).scatter_(0, row_R, weights_TK.flatten())
        dy_SD = dy_TD.index_select(0, token_S).mul_(weight_S[:, None])
        return dy_SD, None, None, (y_TKD * dy_TD[:, None]).sum(-1)
