"""A model to GGUF, which llama.cpp runs: the dense `qwen3` and the sparse `glm4_moe` format.

Both are laid out there as they are here (rotary halves stay halves, nothing is permuted); the
experts of a layer are one tensor, expert after expert. Routers and norms stay float32.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Kind
from torch import Tensor

from tenth.config import ModelConfig
from tenth.families.config_file import Family, open_config
from tenth.families.gguf_tokenizer import add_tokenizer
from tenth.families.names import entries
from tenth.families.registry import family_of
from tenth.files import sync_folder, temporary_of
from tenth.model import Transformer

ARCHITECTURES = {"qwen3": gguf.MODEL_ARCH.QWEN3, "glm4_moe": gguf.MODEL_ARCH.GLM4_MOE}
FILE_TYPES = {
    "float32": (Kind.F32, gguf.LlamaFileType.ALL_F32),
    "float16": (Kind.F16, gguf.LlamaFileType.MOSTLY_F16),
    "bfloat16": (Kind.BF16, gguf.LlamaFileType.MOSTLY_BF16),
    "q8_0": (Kind.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}
EXPERT = re.compile(r"(.*\.experts)\.\d+(\..*)")


@dataclass
class Stored:
    """One tensor of the file: one of the model's, or a layer's experts'."""

    kind: Kind
    parts: list[Tensor] = field(default_factory=list)

    def array(self, name: str) -> np.ndarray:
        """In the file's own form; experts one after another."""
        arrays = [self._one(name, tensor.detach().cpu()) for tensor in self.parts]
        return np.stack(arrays) if len(arrays) > 1 else arrays[0]

    def _one(self, name: str, tensor: Tensor) -> np.ndarray:
        if self.kind is Kind.BF16:
            return tensor.to(torch.bfloat16).contiguous().view(torch.uint8).numpy()
        if self.kind is Kind.F16 and tensor.abs().max() > torch.finfo(torch.float16).max:
            raise ValueError(f"tensor {name!r} has values beyond float16's; take bfloat16")
        return gguf.quants.quantize(tensor.float().contiguous().numpy(), self.kind)

    @property
    def shape(self) -> tuple[int, ...]:
        one = tuple(self.parts[0].shape)
        return (len(self.parts), *one) if len(self.parts) > 1 else one


def write_gguf(model: Transformer, source: Path, path: Path, dtype: str) -> list[str]:
    """The model of the folder `source`, its tokenizer and chat template into the file `path`.

    The file is there when it is whole and was read back, or not at all. Returns what there is to
    tell: what was left out or kept in another type.
    """
    family = family_of(open_config(source))
    refuse_misfits(model.config, family)
    kind, file_type = FILE_TYPES[dtype]
    notes: list[str] = []
    tensors = _tensors(model, family, kind, notes)
    temporary = temporary_of(path)
    writer = gguf.GGUFWriter(None, gguf.MODEL_ARCH_NAMES[ARCHITECTURES[family.model_type]])
    try:
        writer.add_type(gguf.GGUFType.MODEL)
        writer.add_name(path.stem)
        writer.add_file_type(file_type)
        writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
        _add_shape(writer, model.config, family)
        add_tokenizer(writer, source, model.config.vocab_size)
        _write(writer, temporary, tensors)
        _read_back(temporary, tensors)
        os.replace(temporary, path)
        sync_folder(path.parent)
    finally:
        writer.close()
        temporary.unlink(missing_ok=True)
    return notes


def refuse_misfits(config: ModelConfig, family: Family) -> None:
    """Raises ValueError, naming what GGUF or llama.cpp has no place for."""
    if config.memory is not None:
        raise ValueError("GGUF has no place for conditional memory: train or race without it")
    if config.head_groups:
        raise ValueError("GGUF has no place for a routed head: train with head_groups=0")
    if family.model_type not in ARCHITECTURES:
        raise ValueError(
            f"to GGUF tenth converts {', '.join(ARCHITECTURES)}; this is a {family.model_type} "
            "model, for which llama.cpp's own converter is the way"
        )
    biased = config.qkv_bias and family.model_type == "qwen3"
    for name, odd in (
        ("rope_scaling", config.rope_scaling is not None),
        ("windows", any(config.windows)),
        ("dense_layers", bool(config.dense_layers)),
        ("qkv_bias", biased),
        ("o_bias", config.o_bias),
    ):
        if odd:
            value = getattr(config, name)
            raise ValueError(f"ModelConfig.{name}: {value} is not mapped to GGUF yet")


def _tensors(model: Transformer, family: Family, kind: Kind, notes: list[str]) -> dict[str, Stored]:
    arch = ARCHITECTURES[family.model_type]
    names = gguf.get_tensor_name_map(arch, model.config.n_layers)
    tensors: dict[str, Stored] = {}
    for entry in entries(model, family.names, family.prefix):
        found = EXPERT.fullmatch(entry.name)
        theirs = found[1] + found[2] if found else entry.name
        theirs = theirs.replace(".e_score_correction_bias", ".e_score_correction.bias")
        name = names.get_name(theirs, try_suffixes=(".weight", ".bias"))
        if name is None:
            raise ValueError(f"tensor {entry.name!r} has no name in GGUF's {arch.name}")
        if name not in tensors:
            tensors[name] = Stored(_kind_of(name, entry.tensor, kind))
        tensors[name].parts.append(entry.tensor)
    odd = [name for name, tensor in tensors.items() if tensor.kind is Kind.F16 is not kind]
    if odd:
        notes.append(
            f"{len(odd)} tensors whose rows are no multiple of 32 are float16 ({odd[0]}, ...)"
        )
    return tensors


def _kind_of(name: str, tensor: Tensor, kind: Kind) -> Kind:
    """llama.cpp's rules: routers, norms and biases in float32; rows that no block fits in F16."""
    small = tensor.dim() < 2 or name.endswith("_norm.weight") or not name.endswith(".weight")
    if small or "ffn_gate_inp" in name:
        return Kind.F32
    if kind is Kind.Q8_0 and tensor.size(-1) % gguf.GGML_QUANT_SIZES[kind][0]:
        return Kind.F16
    return kind


def _add_shape(writer: gguf.GGUFWriter, config: ModelConfig, family: Family) -> None:
    writer.add_block_count(config.n_layers)
    writer.add_context_length(config.max_seq)
    writer.add_embedding_length(config.d_model)
    writer.add_feed_forward_length(config.d_ff)
    writer.add_head_count(config.n_heads)
    writer.add_head_count_kv(config.n_kv_heads)
    writer.add_key_length(config.d_head)
    writer.add_value_length(config.d_head)
    writer.add_layer_norm_rms_eps(config.norm_eps)
    writer.add_rope_freq_base(config.rope_theta)
    writer.add_rope_dimension_count(config.rotary_dim)
    writer.add_vocab_size(config.vocab_size)
    if family.model_type != "glm4_moe":
        return
    writer.add_expert_count(config.n_experts)
    writer.add_expert_used_count(config.top_k)
    writer.add_expert_feed_forward_length(config.d_expert)
    writer.add_expert_shared_count(max(config.n_shared_experts, 1))  # without one: one of zeros
    writer.add_expert_group_count(config.n_groups)
    writer.add_expert_group_used_count(config.top_groups)
    writer.add_leading_dense_block_count(config.first_dense)
    writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SIGMOID)
    writer.add_expert_weights_scale(config.routed_scale)
    writer.add_expert_weights_norm(config.renorm)
    writer.add_nextn_predict_layers(0)


def _write(writer: gguf.GGUFWriter, path: Path, tensors: dict[str, Stored]) -> None:
    """The header first, then each tensor when its turn comes."""
    for name, tensor in tensors.items():
        block, bytes_of_block = gguf.GGML_QUANT_SIZES[tensor.kind]
        n = int(np.prod(tensor.shape))
        writer.add_tensor_info(
            name, tensor.shape, np.dtype(np.float32), n // block * bytes_of_block, tensor.kind
        )
    writer.write_header_to_file(path)
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for name, tensor in tensors.items():
        writer.write_tensor_data(tensor.array(name))
    writer.flush()
    for file in writer.fout or ():
        os.fsync(file.fileno())


def _read_back(path: Path, tensors: dict[str, Stored]) -> None:
    """Raises ValueError unless the file holds every tensor, bit for bit."""
    found = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    if found.keys() != tensors.keys():
        odd = sorted(found.keys() ^ tensors.keys())[0]
        raise ValueError(f"{path}: read back, tensor {odd!r} is there or missing against our list")
    for name, tensor in tensors.items():
        theirs = found[name]
        same_shape = tuple(reversed(theirs.shape.tolist())) == tensor.shape
        ours = tensor.array(name).reshape(-1).view(np.uint8)
        if not same_shape or not np.array_equal(theirs.data.reshape(-1).view(np.uint8), ours):
            raise ValueError(f"{path}: read back, tensor {name!r} is not what was written")


def values_of(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Every tensor of a GGUF file in float32, in our order of dimensions."""
    for tensor in gguf.GGUFReader(path).tensors:
        shape = tuple(reversed(tensor.shape.tolist()))
        yield tensor.name, gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(shape)


def fields_of(path: Path) -> dict[str, Any]:
    """Its key-value pairs."""
    return {name: field.contents() for name, field in gguf.GGUFReader(path).fields.items()}
