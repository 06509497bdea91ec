"""`modeling_tenth.py`, the file beside the weights of a model with memory, under transformers."""

import json

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, set_seed

from tenth.families import load_model, save_model
from tenth.families.modeling_tenth import CACHE
from tenth.model import Transformer, initialize

from .conftest import NATIVE, TEXT, UNTRAINED

WITH_MEMORY = ["dense-memory", "sparse-copies", "sparse-counts", "sparse-head-memory-shared"]
CACHED = ["sparse-head", *WITH_MEMORY]
SETTINGS = {"do_sample": False, "eos_token_id": None, "pad_token_id": 0}


def opened(folder, dtype=torch.float32):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, trust_remote_code=True).eval()


@pytest.fixture
def pair(make, tmp_path):
    """Our model of a name, and transformers' one opened from what we saved."""

    def made(name):
        model = make(name)
        save_model(model, tmp_path / "model")
        return model, opened(tmp_path / "model")

    return made


def some_tokens(batch: int = 2, seq: int = 20) -> torch.Tensor:
    """Rows of the text that was counted, of which each repeats its own beginning."""
    rows = np.stack([np.resize(TEXT[i * 97 :][: seq // 2 + 1], seq) for i in range(batch)])
    return torch.from_numpy(rows)


def assert_close(theirs: torch.Tensor, ours: torch.Tensor, most: float = 1e-4) -> None:
    assert theirs.shape == ours.shape
    difference = (theirs - ours).abs().max() / ours.abs().max()
    assert difference < most, f"relative difference {difference:.1e}"


@pytest.mark.parametrize("name", NATIVE)
@torch.no_grad()
def test_it_gives_our_logits(name, pair):
    model, theirs = pair(name)
    assert type(theirs).__name__ == "TenthForCausalLM"
    tokens = some_tokens(3, 40)
    assert_close(theirs(tokens).logits, model(tokens).logits)


@pytest.mark.parametrize("name", ["dense-head", "sparse-counts", "sparse-head-memory"])
@torch.no_grad()
def test_it_gives_log_probabilities_of_the_whole_vocabulary(name, pair):
    _, theirs = pair(name)
    sums = theirs(some_tokens()).logits.exp().sum(-1)
    torch.testing.assert_close(sums, torch.ones_like(sums))


@torch.no_grad()
def test_counts_and_copies_each_change_what_is_predicted(pair):
    _, theirs = pair("sparse-head-memory")
    tokens, logits = some_tokens(), []
    for change in (lambda: None, theirs.memory.gamma_1.zero_, lambda: tokens[:, 3].add_(-1)):
        change()
        logits.append(theirs(tokens).logits[:, -1])
    assert not torch.allclose(logits[0], logits[1], atol=1e-3)
    assert not torch.allclose(logits[1], logits[2], atol=1e-3)


@pytest.mark.parametrize("name", CACHED)
@torch.no_grad()
def test_greedy_generation_with_the_cache_is_that_without_and_ours(name, pair):
    model, theirs = pair(name)
    prompt = some_tokens(seq=9)
    cached = theirs.generate(prompt, use_cache=True, max_new_tokens=14, **SETTINGS)
    plain = theirs.generate(prompt, use_cache=False, max_new_tokens=14, **SETTINGS)
    assert torch.equal(cached, plain)
    logits, _, state = model(prompt, model.new_state(2))
    tokens = [prompt]
    for _ in range(14):
        tokens.append(logits[:, -1:].argmax(-1))
        logits, _, state = model(tokens[-1], state)
    assert torch.equal(cached, torch.cat(tokens, 1))


@pytest.mark.parametrize("name", CACHED)
@pytest.mark.parametrize("beams", [1, 4])
def test_sampling_and_beam_search_with_the_cache_are_those_without(beams, name, pair):
    _, theirs = pair(name)
    settings = {**SETTINGS, "max_new_tokens": 10, "num_beams": beams, "num_return_sequences": 3}
    settings["do_sample"] = beams == 1
    drawn = []
    for use_cache in (True, False):
        set_seed(5)
        drawn.append(theirs.generate(some_tokens(seq=6), use_cache=use_cache, **settings))
    assert torch.equal(*drawn)


@pytest.mark.parametrize("name", CACHED)
@torch.no_grad()
def test_a_loop_by_hand_over_the_cache_gives_the_same_logits(name, pair):
    model, theirs = pair(name)
    tokens = some_tokens(seq=40)
    first = theirs(tokens[:, :6], use_cache=True)
    logits, cache = [first.logits], first[CACHE]
    for piece in tokens[:, 6:].split([1, 1, 5, 1, *[1] * 12, 14], dim=1):
        output = theirs(piece, past_key_values=cache)
        logits.append(output.logits)
    assert_close(torch.cat(logits, dim=1), model(tokens).logits)


@torch.no_grad()
def test_a_prompt_read_in_chunks_or_behind_a_cache_goes_on_as_it_does_whole(pair):
    _, theirs = pair("sparse-head-memory")
    prompt = some_tokens(seq=15)
    whole = theirs.generate(prompt, max_new_tokens=8, **SETTINGS)
    chunked = theirs.generate(prompt, max_new_tokens=8, prefill_chunk_size=4, **SETTINGS)
    assert torch.equal(whole, chunked)
    cache = theirs(prompt[:, :9], use_cache=True)[CACHE]
    again = theirs.generate(prompt, **{CACHE: cache}, max_new_tokens=8, **SETTINGS)
    assert torch.equal(whole, again)


@torch.no_grad()
def test_a_cropped_cache_is_refused_and_memory_tokens_repair_it(pair):
    model, theirs = pair("dense-memory")
    tokens = some_tokens()
    cache = theirs(tokens[:, :14], use_cache=True)[CACHE]
    cache.crop(-3)
    with pytest.raises(ValueError, match="cache of 11 tokens was cropped"):
        theirs(tokens[:, 11:13], **{CACHE: cache})
    output = theirs(tokens[:, 11:13], **{CACHE: cache}, memory_tokens=tokens[:, :13])
    assert_close(output.logits, model(tokens).logits[:, 11:13])


@pytest.mark.parametrize("use_cache", [True, False])
@pytest.mark.parametrize("name", ["sparse-head-memory", "sparse-copies"])
def test_a_prompt_padded_on_the_left_goes_on_as_it_does_alone(name, use_cache, pair):
    _, theirs = pair(name)
    long, short = some_tokens(1, 12), some_tokens(1, 8)
    padded = torch.cat((long, torch.nn.functional.pad(short, (4, 0))))
    together = theirs.generate(
        padded,
        attention_mask=(padded > 0).long(),
        use_cache=use_cache,
        max_new_tokens=9,
        **SETTINGS,
    )
    alone = theirs.generate(short, max_new_tokens=9, **SETTINGS)
    assert torch.equal(together[1:, 12:], alone[:, 8:])


def test_what_padding_in_the_middle_hides_is_not_copied(pair):
    _, theirs = pair("sparse-copies")  # after 1 and after 3 equal tokens
    tokens, last = torch.tensor([[5, -1, 5, 9, 7, 5]]), torch.tensor([5])
    one, three = theirs.memory._window_counts(tokens, last)
    assert one.nonzero().tolist() == [[0, 0, 9]] and not three.any()


@pytest.mark.parametrize("name", ["sparse-head", "sparse-head-memory"])
@torch.no_grad()
def test_only_the_logits_asked_for_are_computed(name, pair):
    _, theirs = pair(name)
    tokens = some_tokens()
    full = theirs(tokens).logits
    assert_close(theirs(tokens, logits_to_keep=3).logits, full[:, -3:])
    places = torch.tensor([2, 7, 19])
    assert_close(theirs(tokens, logits_to_keep=places).logits, full[:, places])


@torch.no_grad()
def test_places_to_keep_may_differ_between_sequences(pair):
    _, theirs = pair("sparse-head-memory")
    tokens = some_tokens()
    full = theirs(tokens).logits
    kept = theirs(tokens, logits_to_keep=torch.tensor([[2, 7], [0, 19]])).logits
    assert_close(kept, torch.stack((full[0, [2, 7]], full[1, [0, 19]])))
    assert_close(theirs(tokens, logits_to_keep=tokens > 30).logits, full[tokens > 30])


@pytest.mark.parametrize("name", ["sparse-head", "sparse-copies", "sparse-head-memory"])
def test_its_loss_is_ours_and_reaches_all_weights_but_no_table(name, pair):
    model, theirs = pair(name)
    tokens = some_tokens()
    loss = theirs.train()(tokens, labels=tokens).loss
    ours = -model.log_prob(tokens[:, :-1], tokens[:, 1:]).log_prob.mean()
    torch.testing.assert_close(loss, ours)
    loss.backward()
    without = {n for n, w in theirs.named_parameters() if w.grad is None or not w.grad.any()}
    assert not [n for n in without if "experts" not in n and ".mlp." not in n]
    assert not any(table.requires_grad for table in theirs.buffers())


def same_tables(theirs, model) -> bool:
    ours = dict(model.memory.named_buffers())
    tables = dict(theirs.memory.named_buffers())
    assert tables.keys() == ours.keys()
    assert torch.equal(theirs.lm_head.slot_V, model.head.slot_V)
    return all(t.dtype == ours[n].dtype and torch.equal(t, ours[n]) for n, t in tables.items())


def test_what_transformers_saves_of_it_opens_in_both(pair, tmp_path):
    model, theirs = pair("sparse-head-memory-shared")
    assert same_tables(theirs, model)
    theirs.save_pretrained(tmp_path / "again")
    tokens = some_tokens()
    with torch.no_grad():
        ours = model(tokens).logits
        assert_close(opened(tmp_path / "again")(tokens).logits, ours)
    again = load_model(tmp_path / "again")
    assert again.config == model.config and torch.equal(again(tokens).logits, ours)
    assert same_tables(theirs, again)


@torch.no_grad()
def test_tables_and_router_bias_stay_exact_under_bfloat16(make, tmp_path):
    model = make("sparse-head-memory")
    save_model(model, tmp_path)
    theirs = opened(tmp_path, torch.bfloat16)
    assert theirs.model.layers[0].mlp.gate.e_score_correction_bias.dtype == torch.float32
    assert theirs.model.embed_tokens.weight.dtype == theirs.lm_head.words.dtype == torch.bfloat16
    assert theirs.memory.query.weight.dtype == theirs.memory.say.weight.dtype == torch.bfloat16
    assert same_tables(theirs, model)
    tokens = some_tokens()
    assert_close(theirs(tokens).logits, load_model(tmp_path, torch.bfloat16)(tokens).logits, 0.15)
    assert_close(theirs(tokens).logits, model(tokens).logits, 0.15)
    later = opened(tmp_path).to(torch.bfloat16)
    assert same_tables(later, model) and later.memory.read.weight.dtype == torch.bfloat16


@pytest.mark.parametrize("name", ["sparse-head-memory", "sparse-counts", "sparse-head"])
def test_the_config_opens_and_every_tensor_has_its_place(name, make, tmp_path):
    save_model(make(name), tmp_path)
    config = AutoConfig.from_pretrained(tmp_path, trust_remote_code=True)
    assert config.model_type == "tenth"
    _, info = AutoModelForCausalLM.from_pretrained(
        tmp_path, trust_remote_code=True, output_loading_info=True
    )
    assert not any(info.values()), info


@torch.no_grad()
def test_a_model_that_has_counted_nothing_opens_and_starts_afresh(tmp_path):
    model = initialize(Transformer(UNTRAINED), 0).eval()
    save_model(model, tmp_path / "ours")
    tokens = some_tokens()
    theirs = opened(tmp_path / "ours")
    assert_close(theirs(tokens).logits, model(tokens).logits)
    theirs.save_pretrained(tmp_path / "theirs")
    assert_close(load_model(tmp_path / "theirs")(tokens).logits, model(tokens).logits)
    fresh = AutoModelForCausalLM.from_config(theirs.config, trust_remote_code=True)
    sums = fresh(tokens).logits.exp().sum(-1)
    torch.testing.assert_close(sums, torch.ones_like(sums))
    with torch.device("meta"):
        meta = AutoModelForCausalLM.from_config(theirs.config, trust_remote_code=True)
    assert {name for name, _ in meta.named_buffers()} == {name for name, _ in fresh.named_buffers()}
    assert all(tensor.is_meta for tensor in meta.state_dict().values())


def test_another_vocabulary_is_refused(pair):
    for name in ("sparse-head", "sparse-counts"):
        _, theirs = pair(name)
        theirs.resize_token_embeddings(61)
        with pytest.raises(ValueError, match="made for these 61 tokens"):
            theirs.resize_token_embeddings(64)


def test_the_file_beside_the_weights_imports_torch_and_transformers_alone(make, tmp_path):
    save_model(make("dense-memory"), tmp_path)
    code = (tmp_path / "modeling_tenth.py").read_text()
    imports = [line.split()[1] for line in code.splitlines() if line.startswith(("import", "from"))]
    assert {name.split(".")[0] for name in imports} == {"collections", "torch", "transformers"}
    auto_map = json.loads((tmp_path / "config.json").read_text())["auto_map"]
    assert auto_map["AutoModelForCausalLM"] == "modeling_tenth.TenthForCausalLM"
