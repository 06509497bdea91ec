"""A model larger than memory: its weights stay in their files, mapped, and are read when used."""

import torch
from torch import Tensor, nn

from tenth.checkpoints import TensorFiles, Tensors
from tenth.families.names import Entry
from tenth.model import Transformer

STORED = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16"}


class Places:
    """Where in a model on the meta device each parameter and buffer stands."""

    def __init__(self, model: Transformer):
        self.owners: dict[int, list[tuple[nn.Module, str]]] = {}
        for module in model.modules():
            for held in (module._parameters, module._buffers):
                for name, tensor in held.items():
                    if tensor is not None:
                        self.owners.setdefault(id(tensor), []).append((module, name))

    def mapped(self, entry: Entry, files: Tensors) -> bool:
        """Points the entry's parameter into its file, if it can: not what is packed, of another
        type than the model's, or a part of a stored tensor.
        """
        alike = files.info[entry.name].dtype == STORED.get(entry.tensor.dtype)
        if entry.part is not None or not alike or not isinstance(files, TensorFiles):
            return False
        self._put(entry.tensor, files.mapped(entry.name))
        return True

    def allocated(self, tensor: Tensor) -> Tensor:
        """Zeros in place of a tensor on the meta device; another one as it is."""
        if not tensor.is_meta:
            return tensor
        return self._put(tensor, torch.zeros_like(tensor, device="cpu"))

    def _put(self, old: Tensor, new: Tensor) -> Tensor:
        for module, name in self.owners[id(old)]:
            if name in module._parameters:
                module._parameters[name] = nn.Parameter(new, requires_grad=False)
            else:
                module._buffers[name] = new
        return new
