"""Folders as the labs release them, FP8, INT4, MXFP4, open as the plain weights they stand for."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tenth.families import load_model

from .oracle import build

INT4 = {
    "quant_method": "compressed-tensors",
    "format": "pack-quantized",
    "quantization_status": "compressed",
    "config_groups": {
        "group_0": {
            "targets": ["Linear"],
            "weights": {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 32,
                        "symmetric": True},
        }
    },
}  # fmt: skip


def released(folder: Path, packed: dict[str, Tensor], plain: dict[str, Tensor], method: dict):
    """`folder` with some tensors packed, and a folder beside it with their plain values."""
    weights = load_file(folder / "model.safetensors")
    config = json.loads((folder / "config.json").read_text())
    beside = folder.with_name("plain")
    beside.mkdir()
    save_file(weights | plain, beside / "model.safetensors")
    (beside / "config.json").write_text(json.dumps(config))
    kept = {name: value for name, value in weights.items() if name not in plain}
    save_file(kept | packed, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config | {"quantization_config": method}))
    return beside


@torch.no_grad()
def assert_same(folder: Path, beside: Path) -> None:
    model, plain = load_model(folder), load_model(beside)
    tokens = torch.arange(3, 40)[None]
    assert torch.equal(model(tokens).logits, plain(tokens).logits)


def test_minimax_in_fp8_with_block_scales(tmp_path):
    folder = tmp_path / "released"
    build("minimax_m2").save_pretrained(folder)
    packed, plain = {}, {}
    for name, weight in load_file(folder / "model.safetensors").items():
        if "_proj." in name or ".experts." in name:
            scale = torch.rand(1, 1) + 0.5  # all of it is one block of 128 x 128
            low = (weight / scale).to(torch.float8_e4m3fn)
            packed |= {name: low, f"{name}_scale_inv": scale}
            plain[name] = low.float() * scale
    method = {"quant_method": "fp8", "weight_block_size": [128, 128]}
    assert_same(folder, released(folder, packed, plain, method))


def test_kimi_with_experts_in_int4(tmp_path):
    folder = tmp_path / "released"
    build("deepseek_v3", moe_intermediate_size=64, hidden_size=64).save_pretrained(folder)
    packed, plain = {}, {}
    for name, weight in load_file(folder / "model.safetensors").items():
        if ".mlp.experts." in name:
            rows, columns = weight.shape
            scale = (torch.rand(rows, columns // 32) + 0.1).bfloat16()
            numbers = torch.randint(-8, 8, (rows, columns))
            shifts = torch.arange(8, dtype=torch.int32) * 4
            eights = (numbers + 8).int().view(rows, -1, 8) << shifts
            base = name.removesuffix("weight")
            packed |= {
                f"{base}weight_packed": eights.sum(-1, dtype=torch.int32),
                f"{base}weight_scale": scale,
                f"{base}weight_shape": torch.tensor([rows, columns]),
            }
            plain[name] = numbers.float() * scale.float().repeat_interleave(32, dim=1)
            plain[name] = plain[name].bfloat16().float()

    assert_same(folder, released(folder, packed, plain, INT4))


def test_gpt_oss_with_experts_in_mxfp4(tmp_path):
    folder = tmp_path / "released"
    build("gpt_oss", hidden_size=64, intermediate_size=96).save_pretrained(folder)
    steps = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])
    packed, plain = {}, {}
    for name, weight in load_file(folder / "model.safetensors").items():
        if name.endswith(("gate_up_proj", "down_proj")) and weight.ndim == 3:
            E, inputs, outputs = weight.shape
            codes = torch.randint(0, 16, (E, outputs, inputs // 32, 32), dtype=torch.uint8)
            powers = torch.randint(120, 128, (E, outputs, inputs // 32), dtype=torch.uint8)
            blocks = codes[..., 0::2] | codes[..., 1::2] << 4
            packed |= {f"{name}_blocks": blocks, f"{name}_scales": powers}
            values = steps[codes.long()] * 2.0 ** (powers.float() - 127)[..., None]
            plain[name] = values.flatten(2).transpose(1, 2).contiguous()
    assert_same(folder, released(folder, packed, plain, {"quant_method": "mxfp4"}))


def test_a_method_that_is_not_opened_is_named(tmp_path):
    build("llama").save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config["quantization_config"] = {"quant_method": "awq"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match="quant_method is 'awq'; tenth opens fp8"):
        load_model(tmp_path)
