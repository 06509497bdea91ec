"""One token times the matrices it chose, which are read where they lie: a reference and its twin.

A weighted embedding bag sums rows of a table: sum_i x_i W[i], which is x W for a matrix stored
input by input. PyTorch's kernel for it (FBGEMM) starts in a few microseconds, reads bf16, adds in
fp32 and takes any rows of any table, so one call runs all experts of a token without a copy of
their weights. `F.linear` on one bf16 row takes twice as long, and is called expert by expert.

Shapes: I inputs, O outputs, K chosen of E experts, C columns that the outputs are cut into.
"""

from functools import lru_cache

import torch
from torch import Tensor

HAS_KERNEL = torch.backends.cpu.get_cpu_capability().startswith("AVX")
DTYPES = (torch.float32, torch.bfloat16, torch.float16)
WIDEST = 2048  # outputs of one bag: longer rows lie too far apart for the processor's page tables


def matvec_reference(x_I: Tensor, w_IO: Tensor) -> Tensor:
    return x_I @ w_IO


def matvec(x_I: Tensor, w_IO: Tensor) -> Tensor:
    """`x_I @ w_IO`: (O,)."""
    if not _takes(x_I, w_IO):
        return matvec_reference(x_I, w_IO)
    C, row_CI = _rows(*w_IO.shape, torch.get_num_threads())
    x = x_I if C == 1 else x_I.repeat(C)
    return _bags(w_IO, row_CI.view(-1), x, C, C).view(-1)


def each_expert_reference(x_I: Tensor, w_EIO: Tensor, experts_K: Tensor) -> Tensor:
    return x_I @ w_EIO[experts_K]


def each_expert(x_I: Tensor, w_EIO: Tensor, experts_K: Tensor) -> Tensor:
    """The same input through each chosen expert: (K, O)."""
    if not _takes(x_I, w_EIO):
        return each_expert_reference(x_I, w_EIO, experts_K)
    C, row_EB = _rows_of_experts(w_EIO.shape, 1)
    row_KB, K = row_EB.index_select(0, experts_K), len(experts_K)
    return _bags(w_EIO, row_KB.view(-1), x_I.repeat(K * C), C, K * C).view(K, -1)


def sum_of_experts_reference(x_KI: Tensor, w_EIO: Tensor, experts_K: Tensor) -> Tensor:
    return (x_KI[:, None] @ w_EIO[experts_K]).sum((0, 1))


def sum_of_experts(x_KI: Tensor, w_EIO: Tensor, experts_K: Tensor) -> Tensor:
    """Each chosen expert's own input through it, added up: (O,)."""
    if not _takes(x_KI, w_EIO):
        return sum_of_experts_reference(x_KI, w_EIO, experts_K)
    C, row_EB = _rows_of_experts(w_EIO.shape, torch.get_num_threads())
    row_KCI = row_EB.index_select(0, experts_K).view(*x_KI.shape[:1], C, -1)
    rows = row_KCI.view(-1) if C == 1 else row_KCI.transpose(0, 1).reshape(-1)
    x = x_KI.view(-1) if C == 1 else x_KI.view(-1).repeat(C)
    return _bags(w_EIO, rows, x, C, C).view(-1)


def _bags(w: Tensor, rows: Tensor, x: Tensor, columns: int, bags: int) -> Tensor:
    """Sums of as many rows for each bag, of the weights cut into columns.

    `F.embedding_bag` would spend longer on its own checks than on a small matrix.
    """
    table = w.view(-1, w.size(-1) // columns)
    starts = _starts(rows.numel() // bags, bags)
    return torch.embedding_bag(table, rows, starts, False, 0, False, x)[0]


@lru_cache(maxsize=256)
def _rows(inputs: int, outputs: int, threads: int) -> tuple[int, Tensor]:
    """C and (C, I): where the pieces of one matrix lie when its rows are cut into C columns: one
    for each thread and none too wide, if the outputs divide so."""
    least = max(threads, -(-outputs // WIDEST))
    columns = next((n for n in range(least, 4 * least) if outputs % n == 0), 1)
    with torch.inference_mode(False):
        return columns, torch.arange(columns)[:, None] + columns * torch.arange(inputs)


@lru_cache(maxsize=64)
def _rows_of_experts(shape: torch.Size, threads: int) -> tuple[int, Tensor]:
    """C and (E, C I): the same of every expert of a stack, shared by all layers."""
    E, inputs, outputs = shape
    columns, row_CI = _rows(inputs, outputs, threads)
    with torch.inference_mode(False):
        return columns, torch.arange(E)[:, None] * row_CI.numel() + row_CI.flatten()


@lru_cache(maxsize=256)
def _starts(length: int, bags: int) -> Tensor:
    with torch.inference_mode(False):
        return torch.arange(0, length * bags, length)


def _takes(x: Tensor, w: Tensor) -> bool:
    """FBGEMM's kernel: x86 with AVX2, no gradient, dense weights of the input's own dtype."""
    return (
        HAS_KERNEL
        and w.is_contiguous()
        and x.dtype == w.dtype
        and w.dtype in DTYPES
        and w.is_cpu
        and not (torch.is_grad_enabled() and (x.requires_grad or w.requires_grad))
    )
