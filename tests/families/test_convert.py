"""A model in another tool's form: the tool opens it, and computes what ours does."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

from tenth.checkpoints import TensorFiles, write_tokenizer
from tenth.data.tokenizer import train_tokenizer
from tenth.families import converting, load_model, save_model
from tenth.families.converting import convert, own_dtype
from tenth.families.exports import notes_on

from .conftest import ALL, filled

TEXT = "The committee met on 14 March. It's 3 %, isn't it?\n\n def f(x):\n\treturn x  # 数字 12\n"
TEMPLATE = "{% for m in messages %}<|user|>{{ m['content'] }}{% endfor %}"


def tokenizer():
    return train_tokenizer([TEXT * 3], 290)


def model_folder(folder, name: str, dtype=torch.float32, **changes):
    """A trained arm's folder: model, tokenizer, a chat template, and files of the training."""
    model = filled(replace(ALL[name], **{"vocab_size": 300, **changes})).to(dtype)
    save_model(model, folder, tokenizer(), extra={"run": "demo"})
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    (folder / "checkpoint.pt").write_bytes(b"training state")
    return model


def logits_of(folder, tokens):
    theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    with torch.no_grad():
        return theirs(tokens).logits


TOKENS = torch.arange(5, 45)[None]


@pytest.mark.parametrize(
    "name", ["dense-theta", "sparse", "sparse-two-shared", "sparse-first-dense",
             "sparse-half-rotary"]
)  # fmt: skip
@torch.no_grad()
def test_a_converted_folder_opens_in_transformers_and_computes_the_same(name, tmp_path):
    model = model_folder(tmp_path / "src", name, d_head=64)
    made = convert(tmp_path / "src", tmp_path / "dst", "hf")
    assert made.notes == [] and made.dtype == "float32"
    ours, theirs = model(TOKENS).logits, logits_of(tmp_path / "dst", TOKENS)
    assert (ours - theirs).abs().max() <= 2e-5 * theirs.abs().max()
    there = {path.name for path in (tmp_path / "dst").iterdir()}
    assert there == {"config.json", "generation_config.json", "model.safetensors",
                     "chat_template.jinja", "tokenizer.json", "tokenizer_config.json"}  # fmt: skip


def test_tokenizer_and_template_travel_with_it(tmp_path):
    model_folder(tmp_path / "src", "sparse")
    convert(tmp_path / "src", tmp_path / "dst", "hf")
    theirs = AutoTokenizer.from_pretrained(tmp_path / "dst")
    assert theirs(TEXT)["input_ids"] == tokenizer().encode(TEXT).ids
    said = theirs.apply_chat_template([{"role": "user", "content": "hi"}], tokenize=False)
    assert said == "<|user|>hi" and theirs.eos_token == "<|endoftext|>"
    config = json.loads((tmp_path / "dst" / "config.json").read_text())
    assert config["tenth_extra"] == {"run": "demo"}


def test_what_vllm_and_sglang_look_for_is_there(tmp_path):
    model_folder(tmp_path / "src", "sparse-half-rotary", torch.bfloat16, d_head=64)
    made = convert(tmp_path / "src", tmp_path / "dst", "hf")
    assert made.dtype == "bfloat16" and notes_on(tmp_path / "dst") == []
    config = json.loads((tmp_path / "dst" / "config.json").read_text())
    assert config["tie_word_embeddings"] is False and config["num_nextn_predict_layers"] == 0
    assert config["n_shared_experts"] == 1
    assert config["rope_theta"] == config["rope_parameters"]["rope_theta"] == 10000.0
    assert config["partial_rotary_factor"] == 0.5
    assert config["torch_dtype"] == config["dtype"] == "bfloat16"
    said = json.loads((tmp_path / "dst" / "tokenizer_config.json").read_text())
    assert said["tokenizer_class"] == "PreTrainedTokenizerFast"
    info = TensorFiles(tmp_path / "dst").info
    assert info["model.layers.0.mlp.gate.e_score_correction_bias"].dtype == "F32"
    assert info["model.layers.0.mlp.experts.5.up_proj.weight"].shape == (24, 32)
    assert (
        not TensorFiles(tmp_path / "dst")
        .read("model.layers.0.mlp.shared_experts.up_proj.weight")
        .any()
    )


BROKEN = {
    "its embeddings are tied": {"tie_word_embeddings": True},
    "num_nextn_predict_layers is 1, but": {"num_nextn_predict_layers": 1},
    "it has no shared expert": {"n_shared_experts": 0},
    "config.json has no rope_theta": {"rope_theta": None},
    "heads of 40": {"head_dim": 40},
}


@pytest.mark.parametrize("said", BROKEN)
def test_what_they_would_trip_on_is_told(said, tmp_path):
    model_folder(tmp_path, "sparse", d_head=64)
    assert notes_on(tmp_path) == []
    config = json.loads((tmp_path / "config.json").read_text()) | BROKEN[said]
    config = {key: value for key, value in config.items() if value is not None}
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert any(note.startswith(said) for note in notes_on(tmp_path))


def test_a_folder_of_transformers_5_becomes_one_that_older_tools_open(tmp_path):
    """Tied, with rope_parameters alone and a TokenizersBackend."""
    config = Qwen3Config(
        vocab_size=300, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=64, tie_word_embeddings=True,
        eos_token_id=[0, 3], bos_token_id=1,
        rope_parameters={"rope_type": "default", "rope_theta": 5e5},
    )  # fmt: skip
    theirs = Qwen3ForCausalLM(config).eval()
    theirs.save_pretrained(tmp_path / "src")
    write_tokenizer(tmp_path / "src", tokenizer())
    AutoTokenizer.from_pretrained(tmp_path / "src").save_pretrained(tmp_path / "src")
    written = json.loads((tmp_path / "src" / "config.json").read_text())
    assert "rope_theta" not in written
    made = convert(tmp_path / "src", tmp_path / "dst", "hf", "float32")
    assert made.notes == []
    config = json.loads((tmp_path / "dst" / "config.json").read_text())
    assert config["rope_theta"] == 5e5 and config["eos_token_id"] == [0, 3]
    with torch.no_grad():
        wanted = theirs(TOKENS).logits
    assert torch.equal(logits_of(tmp_path / "dst", TOKENS), wanted)


def test_memory_goes_along_with_its_code_and_says_who_opens_it(tmp_path):
    model_folder(tmp_path / "src", "sparse-copies", max_seq=64, d_head=64)
    made = convert(tmp_path / "src", tmp_path / "dst", "hf")
    assert len(made.notes) == 1 and "trust_remote_code=True" in made.notes[0]
    assert (tmp_path / "dst" / "modeling_tenth.py").is_file()
    model, again = load_model(tmp_path / "src"), load_model(tmp_path / "dst")
    assert torch.equal(model(TOKENS).logits, again(TOKENS).logits)


@pytest.mark.parametrize(("dtype", "kind"), [("bfloat16", "BF16"), ("float16", "F16")])
def test_another_type_is_taken_when_it_is_asked_for(dtype, kind, tmp_path):
    model_folder(tmp_path / "src", "sparse")
    assert convert(tmp_path / "src", tmp_path / "dst", "hf", dtype).dtype == dtype
    info = TensorFiles(tmp_path / "dst").info
    assert info["model.norm.weight"].dtype == kind
    assert info["model.layers.0.mlp.gate.weight"].dtype == "F32"


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_the_weights_own_type_is_what_auto_keeps(dtype, tmp_path):
    model_folder(tmp_path, "sparse", dtype)
    assert own_dtype(tmp_path) == str(dtype).removeprefix("torch.")


REFUSED = {
    "--to 'onnx' is not one of hf, gguf": ("dst", "onnx", "auto"),
    "--dtype 'int3' is not one of auto, float32, bfloat16, float16": ("dst", "hf", "int3"),
    "--dtype 'q8_0' is not one of": ("dst", "hf", "q8_0"),
    "the name of a GGUF file ends in .gguf": ("dst", "gguf", "auto"),
    "is there already; convert writes what is new": ("src", "hf", "auto"),
    "none is no folder to write into": ("none/dst", "hf", "auto"),
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_is_one_line_and_writes_nothing(said, tmp_path):
    model_folder(tmp_path / "src", "sparse")
    before = sorted(tmp_path.rglob("*"))
    target, to, dtype = REFUSED[said]
    with pytest.raises(ValueError, match=said):
        convert(tmp_path / "src", tmp_path / target, to, dtype)
    assert sorted(tmp_path.rglob("*")) == before


def test_one_bit_that_changes_on_the_way_is_found_and_nothing_is_left(tmp_path, monkeypatch):
    model_folder(tmp_path / "src", "sparse")
    really = converting._bring_companions

    def and_flip_a_bit(source, target):
        really(source, target)
        with open(target / "model.safetensors", "r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)[0]
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last ^ 1]))

    monkeypatch.setattr(converting, "_bring_companions", and_flip_a_bit)
    with pytest.raises(ValueError, match=r"read back, .* is not what was written"):
        convert(tmp_path / "src", tmp_path / "dst", "hf", "float32")
    assert [path.name for path in tmp_path.iterdir()] == ["src"]


@pytest.mark.parametrize("to", ["hf", "gguf"])
def test_a_killed_conversion_leaves_nothing_that_looks_whole(to, tmp_path):
    model_folder(tmp_path / "src", "sparse", d_ff=6000)
    target = tmp_path / ("dst.gguf" if to == "gguf" else "dst")
    code = (
        "import sys, os, time, tenth.families.converting as c, tenth.families.gguf as g\n"
        "stop = lambda *_: (print('here', flush=True), time.sleep(60))\n"
        "c._read_back = g._read_back = stop\n"
        "c.convert(*sys.argv[1:])"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "src", target, to], stdout=subprocess.PIPE
    )
    assert run.stdout.readline() == b"here\n"
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert not target.exists()
    assert all(path.name.startswith(".") for path in tmp_path.iterdir() if path.name != "src")
    started = time.monotonic()
    convert(tmp_path / "src", target, to)
    assert target.exists() and time.monotonic() - started < 60
    assert sorted(path.name for path in tmp_path.iterdir()) == [target.name, "src"]


def test_layers_that_predict_ahead_go_along_to_hf_and_are_told_to_be_left_out_of_gguf(tmp_path):
    model_folder(tmp_path / "src", "sparse")
    path = tmp_path / "src" / "model.safetensors"
    ahead = {"model.layers.3.eh_proj.weight": torch.ones(32, 64)}
    save_file({**load_file(path), **ahead}, path, metadata={"format": "pt"})
    config = json.loads((tmp_path / "src" / "config.json").read_text())
    config["num_nextn_predict_layers"] = 1
    (tmp_path / "src" / "config.json").write_text(json.dumps(config))
    convert(tmp_path / "src", tmp_path / "dst", "hf")
    files = TensorFiles(tmp_path / "dst")
    assert torch.equal(files.read("model.layers.3.eh_proj.weight"), torch.ones(32, 64))
    made = convert(tmp_path / "src", tmp_path / "dst.gguf", "gguf")
    assert made.notes == ["1 tensors of layers that predict ahead (MTP) are left out"]
