"""One matmul per expert over rows sorted by expert: a plain reference and PyTorch's grouped one."""

import torch
import torch.nn.functional as F
from torch import Tensor


def grouped_mm_reference(x_RI: Tensor, w_EOI: Tensor, rows_per_expert_E: Tensor) -> Tensor:
    """`x_RI` holds the rows of expert 0, then of expert 1, ...; returns (R, O).

    Plain `mm`s in a loop, so that `torch.utils.flop_counter` sees every one of them.
    """
    pieces = x_RI.split(rows_per_expert_E.tolist())
    return torch.cat([x @ w.T for x, w in zip(pieces, w_EOI.unbind(), strict=True)])


def grouped_mm(x_RI: Tensor, w_EOI: Tensor, rows_per_expert_E: Tensor) -> Tensor:
    """The same through `torch.nn.functional.grouped_mm`, empty experts included."""
    kind = x_RI.device.type
    if torch.is_autocast_enabled(kind):  # grouped_mm does not know autocast
        dtype = torch.get_autocast_dtype(kind)
        x_RI, w_EOI = x_RI.to(dtype), w_EOI.to(dtype)
    if not _takes(x_RI, w_EOI):
        return grouped_mm_reference(x_RI, w_EOI, rows_per_expert_E)
    ends_E = rows_per_expert_E.cumsum(0, dtype=torch.int32)
    return F.grouped_mm(x_RI, w_EOI.transpose(-2, -1), offs=ends_E)


def _takes(x_RI: Tensor, w_EOI: Tensor) -> bool:
    """It wants 16-byte strides and knows no fp64; CUDA's fast path takes bf16 alone."""
    aligned = all(n * x_RI.element_size() % 16 == 0 for n in w_EOI.shape[1:])
    if x_RI.is_cuda:
        return aligned and x_RI.dtype == torch.bfloat16
    return aligned and x_RI.dtype in (torch.float32, torch.bfloat16) and x_RI.device.type == "cpu"
