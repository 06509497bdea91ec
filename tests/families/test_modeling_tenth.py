"""`modeling_tenth.py`, the file beside the weights of a model with memory, under transformers."""

import json

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from tenth.families import load_model, save_model

NAMES = ["dense-half-rotary", "dense-memory", "sparse-memory", "sparse-memory-shared",
         "sparse-bigrams", "sparse-softmax", "one-expert"]  # fmt: skip
WITH_MEMORY = ["dense-memory", "sparse-memory-shared", "sparse-bigrams"]


def opened(folder):
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, trust_remote_code=True
    ).eval()


@pytest.fixture
def pair(make, tmp_path):
    """Our model of a name, and transformers' one opened from what we saved."""

    def made(name):
        model = make(name)
        save_model(model, tmp_path / "model")
        return model, opened(tmp_path / "model")

    return made


def some_tokens(batch: int = 2, seq: int = 20) -> torch.Tensor:
    return torch.randint(1, 61, (batch, seq), generator=torch.Generator().manual_seed(3))


def assert_close(theirs: torch.Tensor, ours: torch.Tensor) -> None:
    difference = (theirs - ours).abs().max() / ours.abs().max()
    assert difference < 1e-4, f"relative difference {difference:.1e}"


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_it_gives_our_logits(name, pair):
    model, theirs = pair(name)
    assert type(theirs).__name__ == "TenthForCausalLM"
    tokens = some_tokens()
    assert_close(theirs(tokens).logits, model(tokens).logits)


def test_the_memory_changes_what_is_predicted(pair):
    _, theirs = pair("sparse-memory")
    tokens = some_tokens()
    with torch.no_grad():
        before = theirs(tokens).logits
        theirs.model.layers[0].memory.table.zero_()
    assert not torch.allclose(before, theirs(tokens).logits, atol=1e-3)


@pytest.mark.parametrize("name", WITH_MEMORY)
def test_greedy_generation_with_the_cache_is_that_without_and_ours(name, pair):
    model, theirs = pair(name)
    prompt = some_tokens(seq=5)
    settings = {"max_new_tokens": 12, "do_sample": False, "eos_token_id": None, "pad_token_id": 0}
    cached = theirs.generate(prompt, use_cache=True, **settings)
    assert torch.equal(cached, theirs.generate(prompt, use_cache=False, **settings))
    tokens = prompt
    for _ in range(12):
        tokens = torch.cat((tokens, model(tokens).logits[:, -1:].argmax(-1)), dim=1)
    assert torch.equal(cached, tokens)


@pytest.mark.parametrize("name", WITH_MEMORY)
def test_beam_search_with_the_cache_is_that_without(name, pair):
    _, theirs = pair(name)
    settings = {"max_new_tokens": 10, "num_beams": 4, "eos_token_id": None, "pad_token_id": 0,
                "num_return_sequences": 3, "do_sample": False}  # fmt: skip
    prompt = some_tokens(seq=4)
    cached = theirs.generate(prompt, use_cache=True, **settings)
    assert torch.equal(cached, theirs.generate(prompt, use_cache=False, **settings))


@pytest.mark.parametrize("name", WITH_MEMORY)
@torch.no_grad()
def test_a_loop_by_hand_over_the_cache_gives_the_same_logits(name, pair):
    model, theirs = pair(name)
    tokens = some_tokens()
    first = theirs(tokens[:, :6], use_cache=True)
    logits, cache = [first.logits], first.past_key_values
    for piece in tokens[:, 6:].split([1, 1, 5, 1, 6], dim=1):
        output = theirs(piece, past_key_values=cache)
        logits.append(output.logits)
    assert_close(torch.cat(logits, dim=1), model(tokens).logits)


@torch.no_grad()
def test_a_cropped_cache_is_refused_and_memory_tokens_repair_it(pair):
    model, theirs = pair("dense-memory")
    tokens = some_tokens()
    cache = theirs(tokens[:, :8], use_cache=True).past_key_values
    cache.crop(-3)
    with pytest.raises(ValueError, match="cache of 5 tokens was cropped"):
        theirs(tokens[:, 5:7], past_key_values=cache)
    output = theirs(tokens[:, 5:7], past_key_values=cache, memory_tokens=tokens[:, 3:7])
    assert_close(output.logits, model(tokens).logits[:, 5:7])


@pytest.mark.parametrize("use_cache", [True, False])
def test_a_prompt_padded_on_the_left_goes_on_as_it_does_alone(use_cache, pair):
    _, theirs = pair("sparse-memory")
    long, short = some_tokens(1, 7), some_tokens(1, 3)
    padded = torch.cat((long, torch.nn.functional.pad(short, (4, 0))))
    settings = {"max_new_tokens": 6, "do_sample": False, "eos_token_id": None, "pad_token_id": 0}
    together = theirs.generate(
        padded, attention_mask=(padded > 0).long(), use_cache=use_cache, **settings
    )
    alone = theirs.generate(short, **settings)
    assert torch.equal(together[1:, 7:], alone[:, 3:])


def test_a_loss_reaches_the_tables(pair):
    _, theirs = pair("sparse-memory")
    tokens = some_tokens()
    theirs.train()(tokens, labels=tokens).loss.backward()
    assert theirs.model.layers[2].memory.table.grad.abs().sum() > 0


def test_what_transformers_saves_of_it_opens_in_both(pair, tmp_path):
    model, theirs = pair("sparse-memory-shared")
    theirs.save_pretrained(tmp_path / "again")
    tokens = some_tokens()
    ours = model(tokens).logits
    assert_close(opened(tmp_path / "again")(tokens).logits, ours)
    again = load_model(tmp_path / "again")
    assert again.config == model.config and torch.equal(again(tokens).logits, ours)


def test_its_router_bias_stays_float32_under_bfloat16(make, tmp_path):
    save_model(make("sparse-memory"), tmp_path)
    theirs = AutoModelForCausalLM.from_pretrained(
        tmp_path, dtype=torch.bfloat16, trust_remote_code=True
    )
    gate = theirs.model.layers[0].mlp.gate
    assert gate.e_score_correction_bias.dtype == torch.float32
    assert theirs.model.embed_tokens.weight.dtype == torch.bfloat16


def test_the_config_opens_and_every_tensor_has_its_place(make, tmp_path):
    save_model(make("sparse-memory"), tmp_path)
    config = AutoConfig.from_pretrained(tmp_path, trust_remote_code=True)
    assert config.model_type == "tenth" and config.tenth["memory"]["n_rows"] == 97
    _, info = AutoModelForCausalLM.from_pretrained(
        tmp_path, trust_remote_code=True, output_loading_info=True
    )
    assert not info["missing_keys"] and not info["unexpected_keys"]


def test_the_file_beside_the_weights_imports_torch_and_transformers_alone(make, tmp_path):
    save_model(make("dense-memory"), tmp_path)
    code = (tmp_path / "modeling_tenth.py").read_text()
    imports = [line.split()[1] for line in code.splitlines() if line.startswith(("import", "from"))]
    assert {name.split(".")[0] for name in imports} == {"random", "torch", "transformers"}
    auto_map = json.loads((tmp_path / "config.json").read_text())["auto_map"]
    assert auto_map["AutoModelForCausalLM"] == "modeling_tenth.TenthForCausalLM"
