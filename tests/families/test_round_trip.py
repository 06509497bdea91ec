"""Saving and loading: bit for bit, or one clear line; a save that dies leaves what was there."""

import errno
import json
import os

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

from tenth.checkpoints import load_tokenizer
from tenth.config import ModelConfig
from tenth.families import glm4_moe, load_model, save_model
from tenth.families.names import entries
from tenth.model import Transformer, initialize

from .conftest import ALL, UNTRAINED

NAMES = ["dense", "dense-theta", "sparse", "sparse-two-shared", "sparse-first-dense",
         "sparse-half-rotary", "dense-half-rotary", "dense-head", "dense-memory", "sparse-head",
         "sparse-copies", "sparse-counts", "sparse-head-memory", "sparse-head-memory-shared",
         "sparse-softmax", "one-expert"]  # fmt: skip
EXPERT = "model.layers.1.mlp.experts.3.up_proj.weight"


def tensors(model: Transformer) -> dict[str, torch.Tensor]:
    """The memory's tables included, which a training state does without."""
    return {**dict(model.named_parameters()), **dict(model.named_buffers())}


def assert_same(one: Transformer, other: Transformer) -> None:
    theirs = tensors(other)
    assert tensors(one).keys() == theirs.keys() >= one.state_dict().keys()
    for name, value in tensors(one).items():
        assert value.dtype == theirs[name].dtype, name
        assert torch.equal(value, theirs[name]), name


def kinds_of(folder) -> dict[str, str]:
    with safe_open(folder / "model.safetensors", "pt") as file:
        return {name: file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118


@pytest.mark.parametrize("name", NAMES)
def test_what_is_loaded_is_bit_for_bit_what_was_saved(name, make, tmp_path):
    model = make(name)
    save_model(model, tmp_path)
    again = load_model(tmp_path)
    assert again.config == model.config and not again.training
    assert_same(model, again)


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_weights_that_stay_in_their_files_give_the_same_logits(name, make, tmp_path):
    model = make(name)
    save_model(model, tmp_path)
    mapped, tokens = load_model(tmp_path, mapped=True), torch.arange(40)[None] % 61
    torch.testing.assert_close(mapped(tokens).logits, model(tokens).logits)


@pytest.mark.parametrize("name", NAMES)
def test_every_tensor_of_the_state_has_one_name_on_disk(name, make):
    model = make(name)
    listed = [entry for entry in entries(model, glm4_moe.NAMES) if not entry.zeros]
    assert len({entry.name for entry in listed}) == len(listed)
    sizes = [value.numel() for value in tensors(model).values()]
    assert sum(entry.tensor.numel() for entry in listed) == sum(sizes)


def test_fields_that_a_format_has_no_key_for_come_back(tmp_path):
    config = ModelConfig(n_layers=1, top_k=3, d_expert=7, score="softmax", routed_scale=2.0)
    save_model(initialize(Transformer(config), 0), tmp_path)
    assert load_model(tmp_path).config == config


def test_bfloat16_survives_and_the_router_stays_float32(make, tmp_path):
    model = make("sparse-shared").to(torch.bfloat16)
    save_model(model, tmp_path)
    kinds = kinds_of(tmp_path)
    routers = {name: kind for name, kind in kinds.items() if ".mlp.gate." in name}
    assert set(routers.values()) == {"F32"} and len(routers) == 6
    assert {kind for name, kind in kinds.items() if name not in routers} == {"BF16"}
    again = load_model(tmp_path, dtype=torch.bfloat16)
    assert again.layers[0].mlp.router.bias.dtype == torch.float32
    assert_same(model, again)


@torch.no_grad()
def test_tables_come_through_bfloat16_as_they_were_counted(make, tmp_path):
    model = make("sparse-head-memory")
    counted = {name: table.clone() for name, table in model.memory.named_buffers()}
    counted |= {"slot_V": model.head.slot_V.clone()}
    save_model(model.to(torch.bfloat16), tmp_path)
    kinds = kinds_of(tmp_path)
    whole = {name for name, kind in kinds.items() if kind == "I64"}
    assert whole == {"lm_head.slot_V", "memory.keys_2", "memory.keys_3", "memory.keys_4"}
    assert {kinds[f"memory.{name}"] for name in counted if name[:2] in ("p_", "ga")} == {"F32"}
    assert kinds["lm_head.words"] == kinds["memory.query.weight"] == "BF16"
    again = load_model(tmp_path, dtype=torch.bfloat16)
    assert_same(model, again)
    tables = {**dict(again.memory.named_buffers()), "slot_V": again.head.slot_V}
    assert all(torch.equal(tables[name], table) for name, table in counted.items())
    tokens = torch.arange(1, 25)[None]
    assert torch.equal(again(tokens).logits, model(tokens).logits)
    assert again(tokens).logits.isfinite().all()


def test_a_model_that_has_counted_nothing_yet_is_saved_too(tmp_path):
    model = initialize(Transformer(UNTRAINED), 0).eval()
    save_model(model, tmp_path)
    assert_same(load_model(tmp_path), model)
    assert load_model(tmp_path).config == UNTRAINED


def test_238_router_biases_stay_238_through_bfloat16(tmp_path):
    config = ModelConfig(vocab_size=16, d_model=8, n_layers=1, n_heads=1, n_kv_heads=1, d_head=8,
                         d_ff=8, n_experts=238, d_expert=2)  # fmt: skip
    model = initialize(Transformer(config), 0)
    model.layers[0].mlp.router.bias.copy_(torch.linspace(0.9, 0.92, 238))
    save_model(model.to(torch.bfloat16), tmp_path)
    bias = load_model(tmp_path).to(torch.bfloat16).layers[0].mlp.router.bias
    assert bias.dtype == torch.float32 and bias.unique().numel() == 238


def test_a_model_in_shards_is_the_same_and_leaves_none_behind(make, tmp_path):
    model = make("sparse-head-memory")
    save_model(model, tmp_path, max_shard_bytes=20_000)
    shards = sorted(tmp_path.glob("model-*.safetensors"))
    assert len(shards) > 3 and not (tmp_path / "model.safetensors").exists()
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    assert set(index["weight_map"].values()) == {path.name for path in shards}
    assert_same(model, load_model(tmp_path))
    save_model(model, tmp_path)
    assert [path.name for path in tmp_path.glob("model*.safetensors*")] == ["model.safetensors"]
    assert_same(model, load_model(tmp_path))


def test_a_missing_shard_is_named(make, tmp_path):
    save_model(make("sparse"), tmp_path, max_shard_bytes=20_000)
    shard = sorted(tmp_path.glob("model-*.safetensors"))[1]
    shard.unlink()
    with pytest.raises(ValueError, match=f"{shard.name}: this shard is missing"):
        load_model(tmp_path)


def test_other_files_of_the_folder_stay(make, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"training state")
    save_model(make("dense"), tmp_path, extra={"run": "demo"})
    assert (tmp_path / "checkpoint.pt").read_bytes() == b"training state"
    assert json.loads((tmp_path / "config.json").read_text())["tenth_extra"] == {"run": "demo"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "checkpoint.pt", "config.json", "generation_config.json", "model.safetensors",
    ]  # fmt: skip


# Bad folders: each one clear line.


def rewritten(folder, change) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def reconfigured(folder, **values) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | values))


def truncated(path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


BAD = {
    f"tensor '{EXPERT}' is missing from model.safetensors": lambda folder: rewritten(
        folder, lambda tensors: tensors.pop(EXPERT)
    ),
    "model.safetensors: unexpected tensor 'model.layers.9.stray'": lambda folder: rewritten(
        folder, lambda tensors: tensors.update({"model.layers.9.stray": torch.ones(2)})
    ),
    f"model.safetensors: tensor '{EXPERT}' has shape (32, 24); config.json asks for (24, 32)": (
        lambda folder: rewritten(
            folder, lambda tensors: tensors.update({EXPERT: tensors[EXPERT].T.contiguous()})
        )
    ),
    f"tensor '{EXPERT}' is I8; tenth reads F32, BF16, F16, F64": lambda folder: rewritten(
        folder, lambda tensors: tensors.update({EXPERT: tensors[EXPERT].to(torch.int8)})
    ),
    "shared_experts.up_proj.weight' is not zero": lambda folder: rewritten(
        folder,
        lambda tensors: tensors["model.layers.0.mlp.shared_experts.up_proj.weight"].fill_(1),
    ),
    "model.safetensors: truncated, or no safetensors": lambda folder: truncated(
        folder / "model.safetensors"
    ),
    "config.json: truncated, or no JSON": lambda folder: truncated(folder / "config.json"),
    "it has no config.json": lambda folder: (folder / "config.json").unlink(),
    "it has neither model.safetensors nor": lambda folder: (folder / "model.safetensors").unlink(),
    "mamba is a family that tenth does not know; it opens qwen3": lambda folder: reconfigured(
        folder, model_type="mamba"
    ),
    "it has no hidden_size": lambda folder: reconfigured(folder, hidden_size=None),
    "hidden_size is '32', which is no int": lambda folder: reconfigured(folder, hidden_size="32"),
    "hidden_act is 'gelu'; tenth runs 'silu' only": lambda folder: reconfigured(
        folder, hidden_act="gelu"
    ),
    "rope_type is 'longrope'; tenth runs default, linear": lambda folder: reconfigured(
        folder, rope_parameters={"rope_type": "longrope", "rope_theta": 1e4}
    ),
    "config.json: ModelConfig.top_k: 9 is not within 1..6": lambda folder: reconfigured(
        folder, num_experts_per_tok=9
    ),
    "config.json: ModelConfig has no field 'depth'": lambda folder: reconfigured(
        folder, tenth={"depth": 3}
    ),
}


def one(name, change):
    """A folder in which this tensor is another; None: is not there."""

    def changed(tensors):
        old = tensors.pop(name)
        if change is not None:
            tensors[name] = change(old)

    return lambda folder: rewritten(folder, changed)


def own(change):
    """A folder whose config.json says other things where Hugging Face has no key."""

    def changed(folder):
        fields = json.loads((folder / "config.json").read_text())["tenth"]
        change(fields)
        reconfigured(folder, tenth=fields)

    return changed


N_GRAMS = ALL["sparse-head-memory"].memory.n_grams
BAD_MEMORY = {
    "tensor 'memory.keys_2' is missing from model.safetensors": one("memory.keys_2", None),
    "tensor 'memory.gamma_1' is missing from model.safetensors": one("memory.gamma_1", None),
    "tensor 'lm_head.slot_V' is missing from model.safetensors": one("lm_head.slot_V", None),
    "tensor 'memory.p_3' has shape (7,); config.json asks for": one(
        "memory.p_3", lambda table: table[:7]
    ),
    "tensor 'lm_head.slot_V' has shape (60,); config.json asks for (61,)": one(
        "lm_head.slot_V", lambda slots: slots[:60]
    ),
    "tensor 'memory.keys_2' is F32; tenth reads I64": one("memory.keys_2", torch.Tensor.float),
    "tensor 'memory.gamma_2' is I64; tenth reads F32": one("memory.gamma_2", torch.Tensor.long),
    "tensor 'lm_head.groups' has shape (4, 32); config.json asks for (8, 32)": own(
        lambda fields: fields.update(head_groups=8)
    ),
    f"tensor 'memory.p_4' has shape ({N_GRAMS[2]},); config.json asks for (5,)": own(
        lambda fields: fields["memory"].update(n_grams=[*N_GRAMS[:2], 5])
    ),
    "tensor 'memory.query.weight' has shape (5, 32); config.json asks for (4, 32)": own(
        lambda fields: fields["memory"].update(windows=[1, 2])
    ),
    "config.json: MemoryConfig.n_grams: (5,) is not one number for each": own(
        lambda fields: fields["memory"].update(n_grams=[5])
    ),
    "config.json: MemoryConfig has no field 'n_rows'": own(
        lambda fields: fields["memory"].update(n_rows=97)
    ),
}


@pytest.mark.parametrize("line", [*BAD, *BAD_MEMORY])
def test_a_bad_folder_is_refused_in_one_line(line, make, tmp_path):
    save_model(make("sparse" if line in BAD else "sparse-head-memory"), tmp_path)
    (BAD | BAD_MEMORY)[line](tmp_path)
    with pytest.raises(ValueError) as caught:
        load_model(tmp_path)
    assert line in str(caught.value) and "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_no_folder_is_one_line_too(tmp_path):
    with pytest.raises(ValueError, match="nowhere is not a folder"):
        load_model(tmp_path / "nowhere")


def test_the_prediction_layers_behind_a_released_model_are_left_out(make, tmp_path):
    model = make("sparse-shared")
    save_model(model, tmp_path)
    rewritten(tmp_path, lambda tensors: tensors.update({"model.layers.3.eh_proj": torch.ones(2)}))
    with pytest.raises(ValueError, match="unexpected tensor"):
        load_model(tmp_path)
    reconfigured(tmp_path, num_nextn_predict_layers=1)
    assert_same(model, load_model(tmp_path))


# Saves that die.


class Killed(BaseException):
    """As a kill: no `except Exception` sees it."""


@pytest.mark.parametrize("failing", range(16))
def test_a_save_killed_at_any_rename_leaves_one_whole_model(failing, make, tmp_path, monkeypatch):
    old, new = make("sparse"), make("dense-memory")
    save_model(old, tmp_path)
    count, real = 0, os.replace

    def killed(source, target):
        nonlocal count
        count += 1
        if count > failing:
            raise Killed
        real(source, target)

    monkeypatch.setattr("os.replace", killed)
    try:
        save_model(new, tmp_path, max_shard_bytes=100_000)
        finished = True
    except Killed:
        finished = False
    monkeypatch.undo()
    again = load_model(tmp_path)
    assert again.config in ([new.config] if finished else [old.config, new.config])
    assert_same(again, new if again.config == new.config else old)
    save_model(new, tmp_path)
    assert_same(load_model(tmp_path), new)
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_leaves_the_old_model_and_names_the_file(make, tmp_path, monkeypatch):
    old = make("sparse")
    save_model(old, tmp_path)

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: .*model\.safetensors"):
        save_model(make("dense"), tmp_path)
    monkeypatch.undo()
    assert_same(load_model(tmp_path), old)
    assert not list(tmp_path.glob(".*"))


# The tokenizer beside the weights.


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "[gMASK]", "<|user|>", "<|observation|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=special, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    tokenizer.train_from_iterator(["the cat sat on the mat, the end of text"] * 9, trainer)
    return tokenizer


def test_autotokenizer_gives_our_ids_special_tokens_in_text_included(make, tmp_path, tokenizer):
    save_model(make("sparse-memory"), tmp_path, tokenizer)
    ours = load_tokenizer(tmp_path)
    theirs = AutoTokenizer.from_pretrained(tmp_path, trust_remote_code=True)
    for text in ("the cat", "a<|endoftext|>b [gMASK]", "  x ,\n\n y", "naïve 中文 🙂", ""):
        ids = ours.encode(text).ids
        assert theirs(text)["input_ids"] == ids
        assert 0 not in ids
        assert theirs.decode(ids) == text
    assert theirs.eos_token_id == 0 and ours.token_to_id("<|observation|>") == 3
    assert theirs("a<|endoftext|>", split_special_tokens=False)["input_ids"][-1] == 0


def test_saving_without_a_tokenizer_keeps_the_one_there(make, tmp_path, tokenizer):
    save_model(make("dense"), tmp_path, tokenizer)
    model = make("dense-theta")
    save_model(model, tmp_path)
    assert load_tokenizer(tmp_path).get_vocab_size() == tokenizer.get_vocab_size()
    assert load_model(tmp_path).config == model.config
