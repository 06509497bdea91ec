"""Newton-Schulz: a batch of matrices to their nearest orthogonal ones, the heart of Muon."""

import torch
from torch import Tensor

# The quintic of Keller Jordan's Muon: steep at zero, so five iterations do.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


def orthogonalize(g_BMN: Tensor) -> Tensor:
    """Every matrix of the batch with its singular values moved towards 1; (B, M, N) in and out.

    A matrix of zeros stays zero: an expert that saw no token is not moved.
    """
    a, b, c = COEFFICIENTS
    tall = g_BMN.size(-2) > g_BMN.size(-1)
    x_BMN = g_BMN.transpose(-2, -1) if tall else g_BMN
    if x_BMN.is_cuda:
        x_BMN = x_BMN.bfloat16()
    x_BMN = x_BMN / (x_BMN.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(ITERATIONS):
        gram_BMM = x_BMN @ x_BMN.transpose(-2, -1)
        poly_BMM = torch.baddbmm(gram_BMM, gram_BMM, gram_BMM, beta=b, alpha=c)
        x_BMN = torch.baddbmm(x_BMN, poly_BMM, x_BMN, beta=a)
    x_BMN = x_BMN.transpose(-2, -1) if tall else x_BMN
    return x_BMN.to(g_BMN.dtype)


def orthogonalize_reference(g_MN: Tensor) -> Tensor:
    """The exact polar factor, U V^T, by SVD: what the iteration above approaches."""
    u, _, vh = torch.linalg.svd(g_MN, full_matrices=False)
    return u @ vh


def orthogonalize_flops(m: int, n: int) -> int:
    """Matmul FLOPs for one m x n matrix (arXiv 2502.16982 counts the same products)."""
    m, n = min(m, n), max(m, n)
    return ITERATIONS * (2 * m * m * n + 2 * m * m * m + 2 * m * m * n)
