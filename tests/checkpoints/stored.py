"""Folders of tensors made for a test, the configs of low precision, and exact comparison."""

import json
import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from tenth.checkpoints import TensorFiles, Tensors, plain, write_tensors

FP8 = {"quant_method": "fp8", "weight_block_size": [128, 128], "activation_scheme": "dynamic",
       "modules_to_not_convert": ["lm_head", "gate"]}  # fmt: skip
MXFP4 = {"quant_method": "mxfp4", "modules_to_not_convert": ["lm_head"]}
TARGETS = (torch.float32, torch.bfloat16, torch.float16)


def opened(folder: Path, tensors: dict[str, torch.Tensor], config: Any) -> Tensors:
    """The plain view of a folder with these tensors."""
    save_file(tensors, folder / "model.safetensors")
    return plain(TensorFiles(folder), config)


def same(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Bit for bit, but for the payload of NaN."""
    assert a.shape == b.shape and a.dtype == b.dtype
    whole = {2: torch.int16, 4: torch.int32}[a.itemsize]
    return bool(((a.view(whole) == b.contiguous().view(whole)) | (a.isnan() & b.isnan())).all())


def check_reads(view: Tensors, name: str, expected: torch.Tensor) -> None:
    """Whole, in rows, and in pieces into a strided place: always these values."""
    assert view.info[name].shape == tuple(expected.shape)
    place = torch.zeros(*expected.shape, 2, dtype=expected.dtype)[..., 0]
    view.read_into(name, place)
    assert same(place.contiguous(), expected)
    middle = slice(expected.shape[0] // 3, expected.shape[0] // 3 + 2)
    part = torch.empty_like(expected[middle])
    view.read_into(name, part, middle)
    assert same(part, expected[middle])


def fp8(shape: tuple[int, ...], seed: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    raw = torch.randint(0, 256, shape, dtype=torch.uint8, generator=draw)
    raw[(raw & 127) == 127] = 0  # NaN, which no weight is
    return raw.view(torch.float8_e4m3fn)


def grid(shape: tuple[int, ...], block: tuple[int, int]) -> tuple[int, ...]:
    return (*shape[:-2], math.ceil(shape[-2] / block[0]), math.ceil(shape[-1] / block[1]))


def scales(shape: tuple[int, ...], dtype: torch.dtype, seed: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    if dtype in (torch.uint8, torch.float8_e8m0fnu):
        return torch.randint(100, 140, shape, dtype=torch.uint8, generator=draw).view(dtype)
    return (torch.rand(shape, generator=draw) * 1e-2 + 1e-4).to(dtype)


def group_config(format: str, **weights) -> dict:
    config = {"num_bits": 4, "type": "int", "symmetric": True, "strategy": "group"} | weights
    groups = {"group_0": {"targets": ["Linear"], "weights": config, "input_activations": None}}
    return {"quant_method": "compressed-tensors", "format": format, "config_groups": groups,
            "ignore": ["lm_head"], "kv_cache_scheme": None, "quantization_status": "compressed",
            "sparsity_config": {}, "transform_config": {}}  # fmt: skip


def raw_header(folder: Path, entries: dict, data: bytes = b"", text: bytes | None = None) -> None:
    named = {
        name: {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        for name, (dtype, shape, offsets) in entries.items()
    }
    header = json.dumps(named).encode() if text is None else text
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + data)


def sharded(folder: Path) -> list[Path]:
    """`a` and `b`, a shard each."""
    write_tensors(folder, [("a", torch.ones(4)), ("b", torch.ones(4))], max_shard_bytes=16)
    return sorted(folder.glob("model-*.safetensors"))
