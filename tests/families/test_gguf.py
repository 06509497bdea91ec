"""GGUF files, read back by the package that llama.cpp publishes, and by transformers."""

import json

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from tenth.families.converting import convert
from tenth.families.gguf import fields_of, values_of

from .test_convert import TEMPLATE, TOKENS, model_folder, tokenizer

ATTENTION = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
             "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
             "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
             "attn_norm": "input_layernorm"}  # fmt: skip
DENSE = {"ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}
SHARED = {f"ffn_{part}_shexp": f"mlp.shared_experts.{part}_proj" for part in ("gate", "up", "down")}


def expected(folder, sparse: bool, first_dense: int = 0) -> dict[str, torch.Tensor]:
    """The tensors under the names that llama.cpp looks for, written out by hand."""
    hf = load_file(folder / "model.safetensors")
    made = {"token_embd.weight": hf["model.embed_tokens.weight"],
            "output_norm.weight": hf["model.norm.weight"],
            "output.weight": hf["lm_head.weight"]}  # fmt: skip
    for i in range(3):
        old, new = f"model.layers.{i}.", f"blk.{i}."
        moe = sparse and i >= first_dense
        norm = {"post_attention_norm" if sparse else "ffn_norm": "post_attention_layernorm"}
        for theirs, ours in {**ATTENTION, **norm, **(SHARED if moe else DENSE)}.items():
            made[f"{new}{theirs}.weight"] = hf[f"{old}{ours}.weight"]
        if moe:
            made[new + "ffn_gate_inp.weight"] = hf[old + "mlp.gate.weight"]
            made[new + "exp_probs_b.bias"] = hf[old + "mlp.gate.e_score_correction_bias"]
            for part in ("gate", "up", "down"):
                made[f"{new}ffn_{part}_exps.weight"] = torch.stack(
                    [hf[f"{old}mlp.experts.{e}.{part}_proj.weight"] for e in range(6)]
                )
    return made


@pytest.mark.parametrize(
    ("name", "first_dense"),
    [("dense", None), ("sparse", 0), ("sparse-two-shared", 0), ("sparse-first-dense", 1)],
)
def test_every_tensor_is_there_under_its_name_and_no_other(name, first_dense, tmp_path):
    model_folder(tmp_path / "src", name)
    made = convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    assert made.notes == [] and made.n_bytes == (tmp_path / "model.gguf").stat().st_size
    wanted = expected(tmp_path / "src", first_dense is not None, first_dense or 0)
    found = dict(values_of(tmp_path / "model.gguf"))
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        assert np.array_equal(found[name], value.numpy()), name


@torch.no_grad()
def test_a_dense_file_opens_in_transformers_and_computes_the_same(tmp_path):
    """Its reader takes heads of 128 for granted in a dense file, and opens no sparse one."""
    pytest.importorskip("accelerate", reason="transformers reads GGUF with accelerate only")
    model = model_folder(tmp_path / "src", "dense-theta", d_head=128)
    convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    theirs = AutoModelForCausalLM.from_pretrained(
        tmp_path, gguf_file="model.gguf", dtype=torch.float32
    )
    ours, theirs = model(TOKENS).logits, theirs(TOKENS).logits
    assert (ours - theirs).abs().max() <= 2e-5 * theirs.abs().max()


def test_a_sparse_file_says_how_it_routes(tmp_path):
    model_folder(tmp_path / "src", "sparse-half-rotary", routed_scale=2.5)
    convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    said = fields_of(tmp_path / "model.gguf")
    told = {key.removeprefix("glm4moe."): said[key] for key in said if key.startswith("glm4moe.")}
    assert told == {
        "block_count": 3, "context_length": 64, "embedding_length": 32, "feed_forward_length": 48,
        "attention.head_count": 4, "attention.head_count_kv": 2, "attention.key_length": 16,
        "attention.value_length": 16, "attention.layer_norm_rms_epsilon": pytest.approx(1e-6),
        "rope.freq_base": 10000.0, "rope.dimension_count": 8, "vocab_size": 300,
        "expert_count": 6, "expert_used_count": 1, "expert_feed_forward_length": 24,
        "expert_shared_count": 1, "expert_group_count": 1, "expert_group_used_count": 1,
        "leading_dense_block_count": 0, "expert_gating_func": 2, "expert_weights_scale": 2.5,
        "expert_weights_norm": True, "nextn_predict_layers": 0,
    }  # fmt: skip
    assert said["general.architecture"] == "glm4moe" and said["general.type"] == "model"


def test_tokenizer_and_template_travel_with_it(tmp_path):
    model_folder(tmp_path / "src", "sparse")
    convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    said, ours = fields_of(tmp_path / "model.gguf"), tokenizer()
    assert said["tokenizer.ggml.model"] == "gpt2" and said["tokenizer.ggml.pre"] == "qwen2"
    tokens, kinds = said["tokenizer.ggml.tokens"], said["tokenizer.ggml.token_type"]
    n = ours.get_vocab_size()
    assert tokens[:n] == [ours.id_to_token(i) for i in range(n)] and len(tokens) == 300
    assert kinds[:4] == [gguf.TokenType.CONTROL] * 4 and set(kinds[4:n]) == {gguf.TokenType.NORMAL}
    assert set(kinds[n:]) <= {gguf.TokenType.UNUSED}
    merges = json.loads(ours.to_str())["model"]["merges"]
    assert said["tokenizer.ggml.merges"] == [" ".join(pair) for pair in merges]
    assert said["tokenizer.chat_template"] == TEMPLATE
    special = {key.removeprefix("tokenizer.ggml."): value for key, value in said.items()}
    assert special["eos_token_id"] == special["bos_token_id"] == 0
    assert special["add_bos_token"] is False
    assert special["eot_token_id"] == ours.token_to_id("<|user|>")
    assert special["eom_token_id"] == ours.token_to_id("<|observation|>")


def kinds_of(path) -> dict[str, str]:
    return {tensor.name: tensor.tensor_type.name for tensor in gguf.GGUFReader(path).tensors}


@pytest.mark.parametrize(("dtype", "kind"), [("bfloat16", "BF16"), ("float16", "F16")])
def test_routers_and_norms_stay_float32_in_every_type(dtype, kind, tmp_path):
    model_folder(tmp_path / "src", "sparse")
    convert(tmp_path / "src", tmp_path / "model.gguf", "gguf", dtype)
    kinds = kinds_of(tmp_path / "model.gguf")
    whole = {name for name in kinds if "norm" in name or "ffn_gate_inp" in name or "probs" in name}
    assert {kinds[name] for name in whole} == {"F32"} and len(whole) == 3 * 6 + 1
    assert {kinds[name] for name in kinds.keys() - whole} == {kind}
    wanted = expected(tmp_path / "src", True)
    for name, value in values_of(tmp_path / "model.gguf"):
        rounded = wanted[name] if name in whole else wanted[name].to(getattr(torch, dtype)).float()
        assert np.array_equal(value, rounded.numpy()), name


def test_bfloat16_weights_stay_what_they_are(tmp_path):
    model_folder(tmp_path / "src", "dense", torch.bfloat16)
    made = convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    assert made.dtype == "bfloat16"
    wanted = expected(tmp_path / "src", False)
    for name, value in values_of(tmp_path / "model.gguf"):
        assert np.array_equal(value, wanted[name].float().numpy()), name


def test_q8_0_is_near_and_small_and_says_what_no_block_fits(tmp_path):
    model_folder(tmp_path / "src", "sparse")
    whole = convert(tmp_path / "src", tmp_path / "whole.gguf", "gguf").n_bytes
    made = convert(tmp_path / "src", tmp_path / "model.gguf", "gguf", "q8_0")
    kinds = kinds_of(tmp_path / "model.gguf")
    assert kinds["blk.0.ffn_gate_exps.weight"] == kinds["token_embd.weight"] == "Q8_0"
    assert kinds["blk.0.ffn_down_exps.weight"] == "F16"  # rows of 24
    assert kinds["blk.0.ffn_gate_inp.weight"] == "F32"
    assert made.notes == [
        "6 tensors whose rows are no multiple of 32 are float16 (blk.0.ffn_down_exps.weight, ...)"
    ]
    assert made.n_bytes < whole / 2
    wanted = expected(tmp_path / "src", True)
    for name, value in values_of(tmp_path / "model.gguf"):
        error = np.abs(value - wanted[name].numpy()).max()
        assert error <= 0.006 * max(wanted[name].abs().max().item(), 1e-9), name


REFUSED = {
    "sparse-copies": "no place for conditional memory",
    "sparse-head": "no place for a routed head",
    "sparse-softmax": "this is a tenth model",
    "dense-half-rotary": "this is a tenth model",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_gguf_has_no_place_for_is_refused_by_name(name, tmp_path):
    changes = {"max_seq": 64} if name == "sparse-copies" else {}
    model_folder(tmp_path / "src", name, **changes)
    with pytest.raises(ValueError, match=REFUSED[name]):
        convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    assert [path.name for path in tmp_path.iterdir()] == ["src"]


def rewritten(folder, change) -> None:
    path = folder / "tokenizer.json"
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


BAD_TOKENIZERS = {
    "its pre_tokenizer splits text in a way that llama.cpp has no name for": lambda values: values[
        "pre_tokenizer"
    ].update(pretokenizers=[{"type": "Whitespace"}]),
    "its model is no BPE": lambda values: values["model"].update(type="Unigram"),
    "has id 999, the model 300 tokens": lambda values: values["added_tokens"].append(
        {"content": "<x>", "id": 999}
    ),
}


@pytest.mark.parametrize("said", BAD_TOKENIZERS)
def test_a_tokenizer_that_llama_cpp_would_read_otherwise_is_refused(said, tmp_path):
    model_folder(tmp_path / "src", "dense")
    rewritten(tmp_path / "src", BAD_TOKENIZERS[said])
    with pytest.raises(ValueError, match=said):
        convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    assert [path.name for path in tmp_path.iterdir()] == ["src"]


def test_without_a_tokenizer_or_an_end_there_is_no_file(tmp_path):
    model_folder(tmp_path / "src", "dense")
    (tmp_path / "src" / "tokenizer.json").rename(tmp_path / "away")
    with pytest.raises(ValueError, match=r"has no tokenizer\.json, without which"):
        convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")
    (tmp_path / "away").rename(tmp_path / "src" / "tokenizer.json")
    (tmp_path / "src" / "tokenizer_config.json").write_text("{}")
    config = json.loads((tmp_path / "src" / "config.json").read_text())
    (tmp_path / "src" / "config.json").write_text(json.dumps({**config, "eos_token_id": None}))
    with pytest.raises(ValueError, match="has an eos_token"):
        convert(tmp_path / "src", tmp_path / "model.gguf", "gguf")


def test_values_beyond_float16_are_refused(tmp_path):
    model = model_folder(tmp_path / "src", "dense")
    from tenth.families import save_model

    with torch.no_grad():
        model.layers[0].mlp.up.weight[0, 0] = 1e6
    save_model(model, tmp_path / "src", tokenizer())
    with pytest.raises(ValueError, match=r"blk.0.ffn_up.weight' has values beyond float16's"):
        convert(tmp_path / "src", tmp_path / "model.gguf", "gguf", "float16")
    assert [path.name for path in tmp_path.iterdir()] == ["src"]
