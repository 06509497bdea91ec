"""What `inspect` tells of a model it has read no weight of, any family's."""

import json
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tenth.checkpoints import Info, TensorFiles
from tenth.config import ModelConfig
from tenth.families import load_model, save_model
from tenth.families.counting import count
from tenth.families.inspecting import amount, inspect, rows, size
from tenth.families.registry import FAMILIES
from tenth.families.unsupported import ALSO, WHY, why_not
from tenth.model import Transformer, initialize
from tenth.model.flops import parameter_counts
from tenth.model.quantized import quantize_as

from .conftest import CONFIGS
from .hollow import DEEPSEEK_V3, QWEN3_30B, deepseek_v3, hollow, qwen3_30b, swiglu


def told(found) -> dict[str, str]:
    return dict(rows(found))


def test_qwen3_30b_is_told_from_its_headers_to_the_last_parameter(tmp_path):
    found = inspect(hollow(tmp_path / "qwen", QWEN3_30B, qwen3_30b()))
    assert found.total == 30_532_122_624  # as its lab says
    assert found.active == 3_353_032_704 - 151_936 * 2048 + 2048  # a token reads one row
    assert (found.layers, found.sparse_layers, found.n_experts, found.top_k) == (48, 48, 128, 8)
    assert found.bytes_by_type == {"BF16": 2 * found.total}
    assert found.cache_per_token == 48 * 2 * 4 * 128 * 2
    assert told(found)["attention"] == "grouped-query, 32 heads of 128 on 4"
    assert told(found)["parameters"] == "30.5B, of which a token reads 3.0B"
    assert told(found)["positions"] == "theta 1,000,000"


def test_700_gb_of_fp8_are_inspected_in_seconds_and_take_no_space(tmp_path):
    folder = hollow(tmp_path / "deepseek", DEEPSEEK_V3, deepseek_v3())
    assert sum(file.stat().st_size for file in folder.iterdir()) > 680e9
    start = time.monotonic()
    found = inspect(folder)
    assert time.monotonic() - start < 60  # a disk would take longer to read them
    assert sum(file.stat().st_blocks * 512 for file in folder.iterdir()) < 100e6
    assert found.total == 671_026_419_200  # scales are no parameters, nor is MTP the model
    assert amount(found.active or 0) == "36.6B"
    assert found.mtp_layers == 1 and amount(found.mtp) == "13.5B"
    assert found.quantization == "FP8, blocks of 128x128"
    assert found.cache_per_token == 61 * (512 + 64) * 2
    assert told(found)["attention"] == "latent (MLA), 128 heads from 512 numbers"
    assert told(found)["positions"] == "theta 10,000, yarn x40 from 4,096"
    assert told(found)["experts"] == "8 of 256 for a token, and 1 shared"
    assert "58 of them sparse; 1 more layer to predict ahead (MTP)" in told(found)["layers"]


@pytest.mark.parametrize("name", CONFIGS)
def test_our_own_models_have_the_parameters_that_the_model_counts(name, make, tmp_path):
    model = make(name)
    save_model(model, tmp_path)
    found = inspect(tmp_path)
    active, total = parameter_counts(model, model.config)
    config = model.config
    sparse = sum(config.is_sparse_layer(i) for i in range(config.n_layers))
    zeros = 0 if config.n_shared_experts else sparse * 3 * config.d_model * config.d_expert
    biases = sparse * config.n_experts  # of the routers: buffers
    assert found.total == total + zeros + biases
    assert found.active == active + zeros + biases
    assert found.refusals == ("it has no tokenizer",)


@pytest.mark.parametrize("sparse", [False, True])
def test_memory_is_what_the_quantized_model_takes(sparse, tmp_path):
    """But for padding, which these sizes need none of, and routers, which stay float32."""
    config = ModelConfig(
        vocab_size=512, d_model=64, n_layers=2, n_heads=2, n_kv_heads=1, d_head=32, d_ff=96,
        max_seq=50, n_experts=4 * sparse, d_expert=32, n_shared_experts=1,
    )  # fmt: skip
    save_model(initialize(Transformer(config), 0), tmp_path)
    found = inspect(tmp_path)
    assert found.cache_per_token == 2 * 2 * 32 * 2
    assert found.context == 50 and found.vocab_size == 512 and not found.chat_template
    routers = 2 * 2 * (4 * 64 + 4) * sparse
    for name, n_bytes in found.memory.items():
        model = load_model(tmp_path, torch.float32 if name == "float32" else torch.bfloat16)
        if name.startswith("int"):
            quantize_as(model, name)
        taken = sum(tensor.nbytes for tensor in (*model.parameters(), *model.buffers()))
        assert taken == n_bytes + routers * (name != "float32"), name


def test_an_unknown_family_is_told_from_names_and_shapes_alone(tmp_path):
    tensors = {
        "model.embed_tokens.weight": (50, 8), "lm_head.weight": (50, 8), "model.norm.weight": (8,),
        "model.layers.0.x.weight": (8, 8),
        "model.layers.1.router.weight": (3, 8),
        **swiglu("model.layers.1.experts.0.", 8, 4), **swiglu("model.layers.1.experts.1.", 8, 4),
        **swiglu("model.layers.1.experts.2.", 8, 4),
        "vision_tower.blocks.0.weight": (10, 10),
    }  # fmt: skip
    found = inspect(
        hollow(tmp_path / "x", {"model_type": "x9"}, {n: ("F16", s) for n, s in tensors.items()})
    )
    assert (found.layers, found.sparse_layers, found.n_experts) == (2, 1, 3)
    assert (found.d_model, found.vocab_size, found.other_senses) == (8, 50, 100)
    assert found.total == 2 * 400 + 8 + 64 + 24 + 9 * 32
    assert found.active is None and "an unknown share" in told(found)["parameters"]
    assert found.refusals[0].startswith("x9 is a family that tenth does not know; it opens qwen3")


def test_a_folder_without_config_is_told_too(tmp_path):
    found = inspect(hollow(tmp_path / "x", None, {"model.norm.weight": ("F32", (7,))}))
    assert found.total == 7 and found.refusals == ("it has no config.json", "it has no tokenizer")


FORMS = {
    "compressed-tensors": (
        {"model.layers.0.mlp.experts.0.up_proj.weight_packed": ("I32", (96, 8)),
         "model.layers.0.mlp.experts.0.up_proj.weight_scale": ("BF16", (96, 2)),
         "model.layers.0.mlp.experts.0.up_proj.weight_shape": ("I64", (2,))},
        {"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups":
         {"group_0": {"weights": {"num_bits": 4, "group_size": 32, "type": "int"}}}},
        "compressed-tensors, pack-quantized, int4, groups of 32",
    ),
    "mxfp4": (
        {"model.layers.0.mlp.experts.gate_up_proj_blocks": ("U8", (1, 96, 2, 16)),
         "model.layers.0.mlp.experts.gate_up_proj_scales": ("U8", (1, 96, 2))},
        {"quant_method": "mxfp4"}, "MXFP4",
    ),
    "fp4 in bytes": (
        {"layers.0.ffn.experts.0.w1.weight": ("I8", (96, 32)),
         "layers.0.ffn.experts.0.w1.scale": ("F8_E8M0", (96, 2))},
        {"quant_method": "fp8"}, "FP8",
    ),
    "int8 by rows": (
        {"model.layers.0.mlp.up_proj.weight": ("I8", (96, 64)),
         "model.layers.0.mlp.up_proj.weight_scale": ("BF16", (96, 1))},
        {"quant_method": "compressed-tensors", "format": "int-quantized"},
        "compressed-tensors, int-quantized",
    ),
    "gptq": (
        {"model.layers.0.mlp.up_proj.qweight": ("I32", (8, 96)),
         "model.layers.0.mlp.up_proj.qzeros": ("I32", (2, 12)),
         "model.layers.0.mlp.up_proj.scales": ("F16", (2, 96)),
         "model.layers.0.mlp.up_proj.g_idx": ("I32", (64,))},
        {"quant_method": "gptq", "bits": 4}, "gptq, 4 bits",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_packed_weights_count_as_what_they_unpack_to(form, tmp_path):
    tensors, quantized, said = FORMS[form]
    config = {"model_type": "x9", "quantization_config": quantized}
    found = inspect(hollow(tmp_path / "x", config, tensors))
    assert found.total == 96 * 64
    assert found.quantization == said
    assert sum(found.bytes_by_type.values()) > 96 * 32


HYBRID = {"model_type": "qwen3_next", "num_hidden_layers": 4, "num_attention_heads": 4,
          "num_key_value_heads": 2, "head_dim": 16, "hidden_size": 64}  # fmt: skip


def test_linear_and_sliding_layers_do_not_grow_the_cache(tmp_path):
    kinds = ["linear_attention"] * 3 + ["full_attention"]
    one = {"model.norm.weight": ("F32", (64,))}
    linear = inspect(hollow(tmp_path / "a", {**HYBRID, "layer_types": kinds}, one))
    assert linear.cache_per_token == 2 * 2 * 16 * 2
    assert linear.attention.endswith("; 3 of 4 layers are linear")
    assert linear.refusals[0].startswith("qwen3_next is not supported yet: most layers are gated")
    kinds = ["sliding_attention", "full_attention"] * 2
    config = {**HYBRID, "layer_types": kinds, "sliding_window": 128}
    sliding = inspect(hollow(tmp_path / "b", config, one))
    assert sliding.cache_per_token == 2 * 2 * 2 * 16 * 2
    assert sliding.window_cache == 2 * 2 * 2 * 16 * 2 * 128
    assert "2 of 4 layers see 128 tokens" in sliding.attention


def test_a_text_model_inside_another_is_the_one_that_is_told(tmp_path):
    config = {"model_type": "kimi_k25", "text_config": {**HYBRID, "model_type": "deepseek_v3"}}
    found = inspect(hollow(tmp_path / "x", config, {"mm_projector.w": ("F32", (2, 2))}))
    assert found.model_type == "kimi_k25" and found.n_heads == 4 and found.other_senses == 4


@pytest.mark.parametrize("kind", [*WHY, *ALSO])
def test_every_family_we_know_and_do_not_run_says_why_in_one_line(kind):
    said = why_not(kind, ["qwen3"])
    assert said and said.startswith(f"{kind} is not supported yet: ") and "\n" not in said
    assert len(said) < 330


def test_what_we_run_is_not_refused():
    known = [family.model_type for family in FAMILIES]
    assert all(why_not(kind, known) is None for kind in known)


def test_settings_that_the_family_does_not_run_are_named(make, tmp_path):
    save_model(make("dense"), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "hidden_act": "gelu"}))
    assert inspect(tmp_path).refusals[0].startswith("hidden_act is 'gelu'; tenth runs 'silu' only")


def test_pickled_weights_are_refused_by_name(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(ValueError, match=r"pickled weights \(pytorch_model.bin\)"):
        inspect(tmp_path)


def test_a_shard_cut_short_is_named(tmp_path):
    save_file({"w": torch.ones(100)}, tmp_path / "model.safetensors")
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ValueError, match=r"model\.safetensors: truncated, or no safetensors"):
        inspect(tmp_path)


HOSTILE = [
    {"num_hidden_layers": 10**15, "num_attention_heads": 2, "head_dim": 4},
    {"architectures": "LlamaForCausalLM", "rope_parameters": [1], "text_config": 3},
    {"rope_scaling": {"type": {}, "factor": "x", "original_max_position_embeddings": "y"}},
    {"quantization_config": {"bits": 0, "config_groups": {"a": 3}, "weight_block_size": 1}},
    {"num_experts_per_tok": -1, "num_attention_heads": True, "layer_types": "full"},
    {"quantization_config": {"quant_method": "compressed-tensors", "config_groups": []}},
    {"model_type": ["a"], "linear_attn_config": {"full_attn_layers": ["a"]}, "sliding_window": {}},
]  # fmt: skip


@pytest.mark.parametrize("config", HOSTILE)
def test_a_config_of_nonsense_is_told_without_a_crash(config, tmp_path):
    found = inspect(hollow(tmp_path / "x", config, {"model.layers.0.q.weight": ("F32", (4, 4))}))
    assert found.total == 16 and found.refusals and rows(found)


def test_a_config_writes_no_escape_codes_to_the_terminal(tmp_path):
    config = {"model_type": "x\x1b[2J", "architectures": ["\x1b]0;hi\x07"]}
    found = inspect(hollow(tmp_path / "x", config, {"w": ("F32", (4, 4))}))
    assert all(text.isprintable() for _, text in rows(found))


def test_a_tied_embedding_is_read_whole():
    tensors = {"model.embed_tokens.weight": Info(Path("x"), (10, 4), "BF16")}
    assert count(tensors, 0, 0).active == 40
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"]
    assert count(tensors, 0, 0).active == 44


def test_headers_are_all_that_is_opened(tmp_path, monkeypatch):
    folder = hollow(tmp_path / "x", {"model_type": "x9"}, {"w": ("F32", (4, 4))})
    monkeypatch.setattr(TensorFiles, "read", lambda *_: pytest.fail("a weight was read"))
    assert inspect(folder).total == 16


def test_amounts_and_sizes_read_well():
    said = [amount(n) for n in (12, 326_600_000, 30_500_000_000, 1_040_000_000_000)]
    assert said == ["12", "326.6M", "30.5B", "1.0T"]
    said = [size(n) for n in (812, 61_066_787_464, 688_600_000_000)]
    assert said == ["812 bytes", "61.1 GB", "688.6 GB"]
