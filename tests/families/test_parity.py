"""What we save is transformers' own format: its logits are ours, with the weights of training."""

import json

import pytest
import torch
from transformers import AutoModelForCausalLM, Glm4MoeForCausalLM, Qwen3ForCausalLM

from tenth.config import ModelConfig
from tenth.families import load_model, save_model
from tenth.model import Transformer, initialize

NATIVE_FORMATS = ["dense", "dense-theta", "sparse", "sparse-shared", "sparse-two-shared",
                  "sparse-first-dense", "sparse-half-rotary"]  # fmt: skip


def tokens_for(model: Transformer) -> torch.Tensor:
    generator = torch.Generator().manual_seed(7)
    return torch.randint(model.config.vocab_size, (2, 24), generator=generator)


def opened(folder, **kwargs):
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, experts_implementation="eager", **kwargs
    ).eval()


@torch.no_grad()
def assert_same_logits(model: Transformer, theirs, tokens: torch.Tensor) -> None:
    ours = model(tokens).logits
    difference = (theirs(tokens).logits - ours).abs().max() / ours.abs().max()
    assert difference < 1e-4, f"relative difference {difference:.1e}"


@pytest.mark.parametrize("name", NATIVE_FORMATS)
def test_transformers_gives_our_logits(name, make, tmp_path):
    model = make(name)
    save_model(model, tmp_path)
    theirs = opened(tmp_path)
    assert type(theirs) is (Qwen3ForCausalLM if name[:5] == "dense" else Glm4MoeForCausalLM)
    assert_same_logits(model, theirs, tokens_for(model))


@pytest.mark.parametrize("name", ["dense", "sparse-shared"])
def test_it_does_so_with_trained_weights(name, make, tmp_path):
    model = initialize(Transformer(make(name).config), seed=1).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    tokens = tokens_for(model)
    losses = []
    for _ in range(8):
        logits, routings, _ = model(tokens[:, :-1])
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if routings:  # as the balancer moves it
            for block, routing in zip(model.layers, routings, strict=True):
                rows = routing.rows_per_expert_E.float()
                block.mlp.router.bias += 0.01 * (rows.mean() - rows).sign()
    assert losses[-1] < losses[0]
    save_model(model.eval(), tmp_path)
    assert_same_logits(model, opened(tmp_path), tokens)


@pytest.mark.parametrize("name", ["dense", "sparse-shared", "sparse-half-rotary"])
def test_transformers_reports_no_missing_or_unexpected_tensor(name, make, tmp_path):
    save_model(make(name), tmp_path)
    _, info = AutoModelForCausalLM.from_pretrained(tmp_path, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"]
    assert not info["mismatched_keys"] and not info["error_msgs"]


@pytest.mark.parametrize("name", ["dense", "sparse-shared", "sparse-two-shared"])
def test_a_folder_that_transformers_saved_opens_here(name, make, tmp_path):
    model = make(name)
    save_model(model, tmp_path / "ours")
    opened(tmp_path / "ours").save_pretrained(tmp_path / "theirs")
    config = json.loads((tmp_path / "theirs/config.json").read_text())
    config.pop("tenth", None)  # as a released folder has none
    (tmp_path / "theirs/config.json").write_text(json.dumps(config))
    again = load_model(tmp_path / "theirs")
    tokens = tokens_for(model)
    torch.testing.assert_close(model(tokens).logits, again(tokens).logits, rtol=0, atol=0)


def test_a_tied_qwen3_opens_with_its_embedding_as_head(tmp_path):
    from transformers import Qwen3Config

    config = Qwen3Config(
        vocab_size=61, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, tie_word_embeddings=True,
        max_position_embeddings=64,
    )  # fmt: skip
    theirs = Qwen3ForCausalLM(config).eval()
    theirs.save_pretrained(tmp_path)
    model = load_model(tmp_path)
    assert torch.equal(model.embed.weight, model.head.weight)
    assert_same_logits(model, theirs, tokens_for(model))


def test_a_shared_expert_that_we_do_not_have_is_written_as_zeros_and_dropped_again(make, tmp_path):
    model = make("sparse")
    save_model(model, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["n_shared_experts"] == 1 and config["tenth"] == {"n_shared_experts": 0}
    assert load_model(tmp_path).config == model.config


def test_config_json_says_what_other_tools_need(make, tmp_path):
    save_model(make("sparse-half-rotary"), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["architectures"] == ["Glm4MoeForCausalLM"]
    assert config["num_nextn_predict_layers"] == 0 and config["tie_word_embeddings"] is False
    assert config["partial_rotary_factor"] == 0.5 and config["rope_theta"] == 10000.0
    assert config["rope_parameters"] == {
        "rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5,
    }  # fmt: skip
    assert config["use_qk_norm"] is True and config["eos_token_id"] == 0
    assert json.loads((tmp_path / "generation_config.json").read_text()) == {"eos_token_id": 0}


def test_a_sparse_config_without_sparse_layers_is_a_qwen3(make, tmp_path):
    config = ModelConfig(vocab_size=61, d_model=32, n_layers=2, d_head=8, n_experts=4,
                         first_dense=2)  # fmt: skip
    save_model(initialize(Transformer(config), 0), tmp_path)
    assert json.loads((tmp_path / "config.json").read_text())["model_type"] == "qwen3"
    assert load_model(tmp_path).config == config
