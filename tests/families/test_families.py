"""Every family computes what its lab meant: transformers' logits, whole and token by token."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from tenth.config import ModelConfig
from tenth.families import load_model, save_model
from tenth.model import Transformer
from tenth.model.decode import for_decoding
from tenth.model.quantized import quantize_as

from .oracle import CONFIGS, build

BAR = 2e-5  # of the largest logit
SEQ = 70  # longer than windows and than the context that YaRN stretches


def tokens_of(vocab: int, seed: int = 1) -> torch.Tensor:
    return torch.randint(3, vocab, (2, SEQ), generator=torch.Generator().manual_seed(seed))


def relative(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    return float((ours - theirs).abs().max() / theirs.abs().max())


def decoded(model, tokens: torch.Tensor, cuts: list[int]) -> torch.Tensor:
    state, pieces, at = model.new_state(batch=len(tokens), capacity=8), [], 0
    for n in cuts:
        logits, _, state = model(tokens[:, at : at + n], state)
        pieces.append(logits)
        at += n
    return torch.cat(pieces, dim=1)


@pytest.mark.parametrize("name", CONFIGS)
@torch.no_grad()
def test_logits_are_those_of_transformers(name, tmp_path):
    theirs = build(name)
    theirs.save_pretrained(tmp_path)
    model, tokens = load_model(tmp_path), tokens_of(theirs.config.vocab_size)
    expected = theirs(tokens, use_cache=False).logits
    assert relative(model(tokens).logits, expected) <= BAR
    one_by_one = decoded(model, tokens, [SEQ - 20] + [1] * 20)
    assert relative(one_by_one, expected) <= BAR
    in_pieces = decoded(model, tokens, [1, 30, 5, SEQ - 36])
    assert relative(in_pieces, expected) <= BAR


@torch.no_grad()
def test_kimi_wraps_deepseek_beside_other_senses(tmp_path):
    theirs = build("deepseek_v3", n_group=1, topk_group=1)
    theirs.save_pretrained(tmp_path)
    inner = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(
        json.dumps({"model_type": "kimi_k25", "text_config": {**inner, "model_type": "kimi_k2"}})
    )
    weights = load_file(tmp_path / "model.safetensors")
    wrapped = {f"language_model.{name}": value for name, value in weights.items()}
    seen = {"vision_tower.patch_embed.weight": torch.zeros(3), "mm_projector.0.bias": torch.ones(2)}
    save_file(wrapped | seen, tmp_path / "model.safetensors")
    tokens = tokens_of(theirs.config.vocab_size)
    assert relative(load_model(tmp_path)(tokens).logits, theirs(tokens).logits) <= BAR


@torch.no_grad()
def test_minimax_as_released_says_how_many_dimensions_turn(tmp_path):
    theirs = build("minimax_m2")
    theirs.save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    del config["rope_parameters"]
    config |= {"rope_theta": 10000.0, "rotary_dim": 6}
    (tmp_path / "config.json").write_text(json.dumps(config))
    tokens = tokens_of(theirs.config.vocab_size)
    assert relative(load_model(tmp_path)(tokens).logits, theirs(tokens).logits) <= BAR


@pytest.mark.parametrize("name", ["deepseek_v3", "minimax_m2", "gpt_oss"])
def test_routers_stay_float32_whatever_the_dtype(name, tmp_path):
    build(name).save_pretrained(tmp_path)
    model = load_model(tmp_path, dtype=torch.bfloat16)
    routers = [block.mlp.router for block in model.blocks if hasattr(block.mlp, "router")]
    assert routers and all(p.dtype == torch.float32 for r in routers for p in r.parameters())
    assert all(r.bias.dtype == torch.float32 for r in routers)
    assert model.embed.weight.dtype == torch.bfloat16


@pytest.mark.parametrize("name", CONFIGS)
def test_a_tensor_missing_or_left_over_is_named(name, tmp_path):
    build(name).save_pretrained(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    gone = sorted(weights)[len(weights) // 2]
    save_file({k: v for k, v in weights.items() if k != gone}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="is missing") as caught:
        load_model(tmp_path)
    assert repr(gone) in str(caught.value)
    save_file(weights | {"model.odd": torch.zeros(1)}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match=r"unexpected tensor 'model\.odd'"):
        load_model(tmp_path)


def test_weights_that_are_not_finite_are_refused_by_name(tmp_path):
    build("qwen3_moe").save_pretrained(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    weights["model.layers.1.self_attn.k_proj.weight"][3, 2] = torch.nan
    save_file(weights, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match=r"layers\.1\.self_attn\.k_proj\.weight.*not finite"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", CONFIGS)
@torch.no_grad()
def test_what_was_loaded_is_saved_in_its_own_format(name, tmp_path):
    theirs = build(name)
    theirs.save_pretrained(tmp_path / "theirs")
    save_model(load_model(tmp_path / "theirs"), tmp_path / "ours")
    before, after = (load_file(tmp_path / f / "model.safetensors") for f in ("theirs", "ours"))
    assert before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)
    again = AutoModelForCausalLM.from_pretrained(
        tmp_path / "ours", dtype=torch.float32, experts_implementation="eager",
        attn_implementation="eager",
    )  # fmt: skip
    tokens = tokens_of(theirs.config.vocab_size)
    assert torch.equal(again(tokens).logits, theirs(tokens).logits)


@pytest.mark.parametrize("name", ["deepseek_v3", "glm4_moe"])
def test_layers_that_predict_further_tokens_are_carried_along(name, tmp_path):
    build(name).save_pretrained(tmp_path / "theirs")
    weights = load_file(tmp_path / "theirs/model.safetensors")
    further = {"model.layers.4.eh_proj.weight": torch.arange(6.0).view(2, 3),
               "model.layers.4.shared_head.norm.weight": torch.ones(3)}  # fmt: skip
    save_file(weights | further, tmp_path / "theirs/model.safetensors")
    config = json.loads((tmp_path / "theirs/config.json").read_text())
    config["num_nextn_predict_layers"] = 1
    (tmp_path / "theirs/config.json").write_text(json.dumps(config))
    save_model(load_model(tmp_path / "theirs"), tmp_path / "ours")
    kept = load_file(tmp_path / "ours/model.safetensors")
    assert all(torch.equal(kept[key], value) for key, value in (weights | further).items())
    assert json.loads((tmp_path / "ours/config.json").read_text())["num_nextn_predict_layers"] == 1


def test_a_switch_of_the_labs_has_no_place_in_our_own_format(tmp_path):
    model = Transformer(ModelConfig(n_layers=1, qk_norm="none"))
    with pytest.raises(ValueError, match=r"ModelConfig.qk_norm: 'none' has no place"):
        save_model(model, tmp_path)
    assert not (tmp_path / "config.json").exists()


@pytest.mark.parametrize("name", CONFIGS)
@torch.no_grad()
def test_a_model_whose_weights_stay_in_their_files_gives_the_same_logits(name, tmp_path):
    build(name).save_pretrained(tmp_path)
    whole, mapped = load_model(tmp_path), load_model(tmp_path, mapped=True)
    tokens = tokens_of(whole.config.vocab_size)
    assert relative(mapped(tokens).logits, whole(tokens).logits) < 1e-6
    assert relative(decoded(mapped, tokens, [60] + [1] * 10), whole(tokens).logits) <= BAR
    assert not any(t.is_meta for t in (*mapped.parameters(), *mapped.buffers()))


@pytest.mark.parametrize("name", CONFIGS)
@torch.no_grad()
def test_a_family_quantised_from_its_files_stays_close_and_decodes(name, tmp_path):
    build(name).save_pretrained(tmp_path)
    model = load_model(tmp_path, mapped=True)
    tokens = tokens_of(model.config.vocab_size)[:1]
    expected = load_model(tmp_path)(tokens).logits
    model = for_decoding(quantize_as(model, "int8"))
    assert (
        torch.nn.functional.cosine_similarity(
            model(tokens).logits.flatten(), expected.flatten(), dim=0
        )
        > 0.9
    )  # a router near a tie may choose another expert
    assert decoded(model, tokens, [60] + [1] * 10).isfinite().all()


@pytest.mark.parametrize("name", CONFIGS)
@torch.no_grad()
def test_a_family_laid_out_for_decoding_gives_the_same_logits(name, tmp_path):
    build(name).save_pretrained(tmp_path)
    plain, quick = load_model(tmp_path), for_decoding(load_model(tmp_path))
    tokens = tokens_of(plain.config.vocab_size)[:1]
    assert relative(decoded(quick, tokens, [60] + [1] * 10), plain(tokens).logits) <= BAR


@pytest.mark.parametrize("n_layers, said", [(10**9, "no model has"), (9000, "the files hold")])
def test_more_layers_than_tensors_are_refused_before_any_is_made(n_layers, said, tmp_path):
    build("qwen3_moe").save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config["num_hidden_layers"] = n_layers
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=f"num_hidden_layers is {n_layers}[;,].*{said}"):
        load_model(tmp_path)
