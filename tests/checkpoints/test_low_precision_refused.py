"""Low-precision files that do not fit together, or are not opened: one clear line each."""

import pytest
import torch

from .stored import FP8, MXFP4, fp8, group_config

W, S, P = "a.weight", "a.weight_scale_inv", "a.weight_packed"
INT4 = group_config("pack-quantized", group_size=32)
PACKED = {
    P: torch.zeros(4, 8, dtype=torch.int32), "a.weight_scale": torch.ones(4, 2).bfloat16(),
    "a.weight_shape": torch.tensor([4, 64]),
}  # fmt: skip
BLOCKS = {"up_blocks": torch.zeros(1, 2, 3, 16, dtype=torch.uint8),
          "up_scales": torch.zeros(1, 2, 3, dtype=torch.uint8)}  # fmt: skip
WEIGHT = {W: fp8((200, 100), 0), S: torch.ones(2, 1)}


def changed(tensors: dict, **values) -> dict:
    """Names with an underscore for each dot; None leaves a tensor out."""
    renamed = {name.replace("__", "."): value for name, value in values.items()}
    return {name: value for name, value in (tensors | renamed).items() if value is not None}


def reconfigured(config: dict, **weights) -> dict:
    group = config["config_groups"]["group_0"]
    return {**config, "config_groups": {"g": {**group, "weights": group["weights"] | weights}}}


BAD = {
    "quant_method is 'gptq'; tenth opens fp8, mxfp8, mxfp4, compressed-tensors": (
        WEIGHT, {"quant_method": "gptq"}),
    "quant_method is None; tenth opens fp8": (WEIGHT, {}),
    "quantization_config is [1]; it may be an object": (WEIGHT, [1]),
    f"tensor '{W}' is F8_E4M3, but no scale": (WEIGHT, None),
    f"tensor '{W}' is F8_E4M3; its scale '{S}' is missing": (changed(WEIGHT, **{S: None}), FP8),
    f"tensor '{S}' belongs to no quantized weight": (changed(WEIGHT, **{W: None}), FP8),
    f"tensor '{S}' belongs to no quantized": (changed(WEIGHT, **{W: torch.ones(200, 100)}), FP8),
    "tensor 'b.input_scale' belongs to no quantized weight": (
        changed(WEIGHT, b__input_scale=torch.ones(1)), FP8),
    f"tensor '{S}' has shape (1, 1); '{W}' of shape (200, 100) in blocks of 128 x 128 needs (2, 1)":
        (changed(WEIGHT, **{S: torch.ones(1, 1)}), FP8),
    f"tensor '{S}' has shape (2,);": (changed(WEIGHT, **{S: torch.ones(2)}), FP8),
    f"tensor '{S}' is I64; it may be F32": (
        changed(WEIGHT, **{S: torch.ones(2, 1, dtype=torch.int64)}), FP8),
    f"tensor '{W}' has shape (4,); FP8 weights are matrices": (
        {W: fp8((4,), 0), S: torch.ones(1)}, FP8),
    f"tensor '{W}' has two scales": (changed(WEIGHT, a__weight_scale=torch.ones(2, 1)), FP8),
    "quantization_config.weight_block_size is [128]; it may be [rows, columns] or null": (
        WEIGHT, {**FP8, "weight_block_size": [128]}),
    "weight_block_size is [0, 1];": (WEIGHT, {**FP8, "weight_block_size": [0, 1]}),
    "tensor 'up_blocks' has no scales 'up_scales'": (changed(BLOCKS, up_scales=None), MXFP4),
    "tensor 'up_scales' has no weight 'up_blocks'": (changed(BLOCKS, up_blocks=None), MXFP4),
    "tensor 'up_scales' has shape (1, 2); 'up_blocks' needs (1, 2, 3)": (
        changed(BLOCKS, up_scales=torch.zeros(1, 2, dtype=torch.uint8)), MXFP4),
    "tensor 'up_blocks' has shape (1, 2, 3, 8); MXFP4 experts have": (
        changed(BLOCKS, up_blocks=torch.zeros(1, 2, 3, 8, dtype=torch.uint8)), MXFP4),
    "tensor 'up_scales' is F32; MXFP4 is kept as U8": (
        changed(BLOCKS, up_scales=torch.zeros(1, 2, 3)), MXFP4),
    f"tensor '{P}' is I32; its scale 'a.weight_scale' is missing": (
        changed(PACKED, a__weight_scale=None), INT4),
    f"tensor '{P}': its shape 'a.weight_shape' is missing": (
        changed(PACKED, a__weight_shape=None), INT4),
    "tensor 'a.weight_shape' belongs to no quantized weight": (changed(PACKED, **{P: None}), INT4),
    "tensor 'a.weight_scale' is I64; it may be F32": (
        changed(PACKED, a__weight_scale=torch.ones(4, 2, dtype=torch.int64)), INT4),
    "tensor 'a.weight_shape' is F32 of shape (2,); it holds two whole numbers": (
        changed(PACKED, a__weight_shape=torch.ones(2)), INT4),
    "tensor 'a.weight_shape' is [4, 0], which is no shape": (
        changed(PACKED, a__weight_shape=torch.tensor([4, 0])), INT4),
    f"tensor '{P}', packed (4, 8) for (4, 96), with scales (4, 2) fits no scheme": (
        changed(PACKED, a__weight_shape=torch.tensor([4, 96])), INT4),
    "with scales (4, 3) fits no scheme of config_groups (4-bit int by group of 32)": (
        changed(PACKED, a__weight_scale=torch.ones(4, 3)), INT4),
    f"tensor '{P}' is U8; packed weights are I32": (
        changed(PACKED, **{P: torch.zeros(4, 8, dtype=torch.uint8)}), INT4),
    f"tensor '{P}': '{W}' is there, too": (changed(PACKED, **{W: torch.ones(4, 64)}), INT4),
    f"tensor '{P}' lacks its zero point 'a.weight_zero_point'; its scheme is asymmetric 4-bit": (
        PACKED, reconfigured(INT4, symmetric=False)),
    f"tensor '{P}' has a zero point": (
        changed(PACKED, a__weight_zero_point=torch.zeros(1, 2, dtype=torch.int32)), INT4),
    "tensor 'a.weight_zero_point' is I32 of shape (2, 2); 'a.weight' of shape (4, 64) needs": (
        changed(PACKED, a__weight_zero_point=torch.zeros(2, 2, dtype=torch.int32)),
        reconfigured(INT4, symmetric=False)),
    "tensor 'a.weight_g_idx': tenth does not open weights that need it": (
        changed(PACKED, a__weight_g_idx=torch.zeros(64, dtype=torch.int32)), INT4),
    "quantization_config.format is 'nvfp4-pack-quantized'; tenth opens pack-quantized": (
        PACKED, {**INT4, "format": "nvfp4-pack-quantized"}),
    "config_groups.group_0.format is None; tenth opens": (
        PACKED, {**INT4, "format": "mixed-precision"}),
    "quantization_config.config_groups is {}": (PACKED, {**INT4, "config_groups": {}}),
    "config_groups.g.weights is None": (PACKED, {**INT4, "config_groups": {"g": {}}}),
    "config_groups.g.weights is 3-bit int; tenth opens 4-bit int, 8-bit int, 8-bit float": (
        PACKED, reconfigured(INT4, num_bits=3)),
    "config_groups.g.weights.strategy is 'token'; tenth opens group, channel": (
        PACKED, reconfigured(INT4, strategy="token")),
    "config_groups.g.weights: strategy is 'group', its size [None]": (
        PACKED, reconfigured(INT4, group_size=None)),
    "sparsity_config is {'format': 'sparse-24-bitmask'}; tenth opens weights without one": (
        PACKED, {**INT4, "sparsity_config": {"format": "sparse-24-bitmask"}}),
    "transform_config is {'config_groups': {'R1': {}}}; tenth opens": (
        PACKED, {**INT4, "transform_config": {"config_groups": {"R1": {}}}}),
}  # fmt: skip


@pytest.mark.parametrize("message", BAD)
def test_what_does_not_fit_is_refused_by_name(opened, message):
    tensors, config = BAD[message]
    with pytest.raises(ValueError) as refusal:
        opened(tensors, config)
    assert message in str(refusal.value) and "\n" not in str(refusal.value)
