"""Training resumes exactly, stops honestly, and never loses the last good checkpoint."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tenth.config import ArmConfig, MemoryConfig, ModelConfig, TrainConfig
from tenth.data import Loader
from tenth.model import Transformer, initialize
from tenth.train.balance import Balancer
from tenth.train.loop import (
    Diverged,
    Hooks,
    Interrupted,
    evaluation_steps,
    forward_backward,
    train,
)

MODEL = ModelConfig(vocab_size=50, d_model=16, n_layers=2, n_heads=2, n_kv_heads=1, d_head=8,
                    d_ff=24, max_seq=16, n_experts=4, top_k=2, d_expert=8,
                    head_groups=4, memory=MemoryConfig(order=0))  # fmt: skip
TRAIN = TrainConfig(steps=12, batch_size=4, seq_len=16, micro_batch=2, device="cpu",
                    dtype="float32", checkpoint_seconds=1e9, evaluations=3)  # fmt: skip
ARM = ArmConfig(MODEL, TRAIN)


def loader(seed: int = 0) -> Loader:
    tokens = np.random.default_rng(0).integers(0, 50, 3000).astype(np.uint16)
    tokens[1::2] = (tokens[::2] * 7 + 3) % 50  # something to learn
    return Loader(tokens, 16, seed)


def weights(model: Transformer) -> dict[str, torch.Tensor]:
    return {k: v.clone() for k, v in model.state_dict().items()}


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def test_training_learns_and_reports_what_it_spent(tmp_path: Path):
    config = replace(ARM, train=replace(TRAIN, steps=60, lr=0.02))
    seen = []
    trained = train(config, loader(), tmp_path, Hooks(lambda m: 1.0, seen.append))
    assert seen[-1].loss < seen[0].loss - 0.5
    assert [s.step for s in seen] == list(range(1, 61))
    assert trained.flops == seen[-1].flops and trained.tokens == 60 * 64
    assert len(trained.curve) >= 2 and trained.curve[-1][0] == trained.flops
    assert all(sum(layer) == pytest.approx(1, abs=1e-4) for layer in trained.expert_load)
    assert trained.model.layers[0].mlp.router.bias.abs().max() > 0  # it was balanced


@pytest.mark.parametrize("stop_at", [1, 5, 11])
def test_a_stopped_run_resumes_to_bit_identical_weights(tmp_path: Path, stop_at: int):
    whole = weights(train(ARM, loader(), tmp_path / "whole", Hooks(lambda m: 1.0)).model)
    count = []
    hooks = Hooks(lambda m: 1.0, count.append, lambda: len(count) == stop_at)
    (tmp_path / "parts").mkdir()
    with pytest.raises(Interrupted, match=f"step {stop_at} of 12"):
        train(ARM, loader(), tmp_path / "parts", hooks)
    trained = train(ARM, loader(), tmp_path / "parts", Hooks(lambda m: 1.0))
    assert same(weights(trained.model), whole)
    assert [point[2] for point in trained.curve] == [1.0] * len(evaluation_steps(12, 3))


def test_the_network_learns_also_where_the_memory_is_sure():
    """Without a loss of its own it gets no gradient where the gate leaves it no weight."""
    gradients = {}
    for weight in (0.0, 0.5):
        config = replace(ARM, train=replace(TRAIN, network_loss=weight, micro_batch=4))
        model = initialize(Transformer(MODEL), 0)
        with torch.no_grad():
            model.memory.query.bias[0] = -30.0  # the gate: anything but the network
        tokens = torch.tensor([[3, 4] * 8 + [3]] * 4)  # which copies predict well
        forward_backward(model, tokens, config, Balancer(model, "none", 0.0))
        gradients[weight] = model.head.groups.grad.norm().item()
    assert gradients[0.0] < 0.25 * gradients[0.5]


def test_the_reported_loss_is_the_mixtures_alone():
    losses = []
    for weight in (0.0, 0.5):
        config = replace(ARM, train=replace(TRAIN, network_loss=weight))
        model = initialize(Transformer(MODEL), 0)
        batch = torch.from_numpy(loader().sequences(0, 4))
        losses.append(forward_backward(model, batch, config, Balancer(model, "none", 0.0)))
    assert losses[0] == pytest.approx(losses[1])


def test_other_seeds_give_other_weights(tmp_path: Path):
    a, b = (
        weights(
            train(replace(ARM, train=replace(TRAIN, seed=s)), loader(s), tmp_path, Hooks()).model
        )
        for s in (0, 1)
    )
    assert not same(a, b)


def test_micro_batches_give_the_gradient_of_the_whole_batch():
    batch = torch.from_numpy(loader().sequences(0, 4))
    gradients = []
    for micro in (1, 2, 4):
        model = initialize(Transformer(MODEL), 0)
        torch.nn.init.normal_(model.head.words, generator=torch.Generator().manual_seed(1))
        config = replace(ARM, train=replace(TRAIN, micro_batch=micro))
        forward_backward(model, batch, config, Balancer(model, "none", 0.0))
        gradients.append({n: p.grad.to_dense() for n, p in model.named_parameters()})
    for other in gradients[1:]:
        for name, gradient in other.items():
            torch.testing.assert_close(gradient, gradients[0][name], rtol=1e-4, atol=1e-6)


def test_a_loss_that_is_not_finite_stops_with_step_and_batch_and_the_checkpoint_stays(tmp_path):
    config = replace(ARM, train=replace(TRAIN, checkpoint_seconds=0.0))

    def poison(step):
        if step.step == 5:
            raise_nan["on"] = True

    class Poisoned(Loader):
        def sequences(self, first, count):
            rows = super().sequences(first, count)
            if raise_nan["on"]:
                model_of["it"].embed.weight.data[int(rows[0, 0])] = float("nan")
            return rows

    raise_nan, model_of = {"on": False}, {}
    data = Poisoned(loader().tokens, 16, 0)
    hooks = Hooks(lambda m: model_of.update(it=m) or 1.0, poison)
    config = replace(config, train=replace(config.train, evaluations=12))
    with pytest.raises(Diverged) as error:
        train(config, data, tmp_path, hooks)
    told = str(error.value)
    assert "step 6" in told and "sequences 20..23" in told and "is intact" in told
    raise_nan["on"] = False
    trained = train(config, data, tmp_path, Hooks(lambda m: 1.0))  # goes on from step 5
    assert all(torch.isfinite(v).all() for v in weights(trained.model).values())


def test_a_truncated_checkpoint_is_refused_by_name(tmp_path: Path):
    count = []
    with pytest.raises(Interrupted):
        train(ARM, loader(), tmp_path, Hooks(None, count.append, lambda: len(count) == 3))
    path = tmp_path / "training.pt"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ValueError, match=r"truncated checkpoint: .*training\.pt"):
        train(ARM, loader(), tmp_path, Hooks())


def test_a_checkpoint_of_other_settings_or_another_version_is_refused(tmp_path: Path):
    count = []
    with pytest.raises(Interrupted):
        train(ARM, loader(), tmp_path, Hooks(None, count.append, lambda: len(count) == 3))
    with pytest.raises(ValueError, match="other settings"):
        train(replace(ARM, train=replace(TRAIN, lr=0.5)), loader(), tmp_path, Hooks())
    state = torch.load(tmp_path / "training.pt", weights_only=True)
    torch.save({**state, "format": 99}, tmp_path / "training.pt")
    with pytest.raises(ValueError, match="another version"):
        train(ARM, loader(), tmp_path, Hooks())


def test_bf16_trains_too(tmp_path: Path):
    config = replace(ARM, train=replace(TRAIN, dtype="bfloat16", steps=30, lr=0.02))
    seen = []
    train(config, loader(), tmp_path, Hooks(None, seen.append))
    assert seen[-1].loss < seen[0].loss - 0.2


def test_a_full_disk_while_saving_leaves_the_last_checkpoint(tmp_path: Path, monkeypatch):
    config = replace(ARM, train=replace(TRAIN, checkpoint_seconds=0.0))
    count = []

    def full(*_):
        raise OSError(28, "No space left on device")

    def on_step(step):
        count.append(step)
        if step.step == 4:
            monkeypatch.setattr("tenth.checkpoints.folder.torch.save", full)

    with pytest.raises(OSError, match="No space"):
        train(config, loader(), tmp_path, Hooks(None, on_step))
    monkeypatch.undo()
    assert torch.load(tmp_path / "training.pt", weights_only=True)["step"] == 3
    whole = weights(train(ARM, loader(), tmp_path / "whole", Hooks()).model)
    assert same(weights(train(config, loader(), tmp_path, Hooks()).model), whole)
