"""RMSNorm (arXiv 1910.07467): x / rms(x) * weight over the last dimension.

On a CPU PyTorch's own is a chain of plain operations, and its backward pass two dozen more; here
the gradient is written out, in seven.
"""

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def rms_norm_reference(x: Tensor, weight_D: Tensor, eps: float) -> Tensor:
    return F.rms_norm(x, weight_D.shape, weight_D, eps)


def rms_norm(x: Tensor, weight_D: Tensor, eps: float) -> Tensor:
    """The same where it is trained on a CPU in fp32; elsewhere PyTorch's."""
    trained = torch.is_grad_enabled() and (x.requires_grad or weight_D.requires_grad)
    if not (trained and x.is_cpu and x.dtype == weight_D.dtype == torch.float32):
        return rms_norm_reference(x, weight_D, eps)
    return _RMSNorm.apply(x, weight_D, eps)  # type: ignore[return-value]


class _RMSNorm(Function):
    @staticmethod
    def forward(ctx, x, weight_D, eps):
        scale = x.square().mean(-1, keepdim=True).add_(eps).rsqrt_()
        normed = x * scale
        ctx.save_for_backward(normed, scale, weight_D)
        return normed * weight_D

    @staticmethod
    @once_differentiable
    def backward(ctx, dy):  # type: ignore[override]
        normed, scale, weight_D = ctx.saved_tensors
        dweight = dy * normed  # of each row; the rows' sum is the weight's gradient
        along = (dweight @ weight_D).unsqueeze(-1).div_(len(weight_D))
        dx = (dy * weight_D).addcmul_(normed, along, value=-1).mul_(scale)
        return dx, dweight.flatten(0, -2).sum(0), None
