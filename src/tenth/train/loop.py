"""The training loop: a deterministic function of (config, tokens), killed and resumed at will."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from tenth.checkpoints import load_torch, save_torch
from tenth.config import ArmConfig, to_dict
from tenth.model import Answers, Counted, Transformer, flops, initialize
from tenth.train.balance import Balancer, router_z_loss
from tenth.train.optim import Optimizer, schedule

FORMAT = 1


class Sequences(Protocol):
    """The loader's side: sequence i is a pure function of i."""

    def sequences(self, first: int, count: int) -> np.ndarray: ...

    def answers(self, first: int, count: int) -> tuple[np.ndarray, np.ndarray] | None: ...


class Diverged(RuntimeError):
    """A loss or gradient that is not finite; the last checkpoint is intact."""


class Interrupted(RuntimeError):
    """Stopped on request, with a checkpoint written: the same call goes on."""


@dataclass
class Step:
    """What a hook sees after each step."""

    step: int
    steps: int
    flops: int
    seconds: float
    tokens: int
    loss: float  # nats per token, of the training batch
    norm: float
    bits_per_byte: float | None = None  # on the tune split, when it was measured


@dataclass
class Hooks:
    """Everything the loop does not know: evaluation, display, when to stop."""

    evaluate: Callable[[Transformer], float] | None = None
    on_step: Callable[[Step], None] = lambda step: None
    should_stop: Callable[[], bool] = lambda: False


@dataclass
class Trained:
    model: Transformer
    seconds: float
    flops: int
    tokens: int
    curve: list[list[float]] = field(default_factory=list)  # [flops, seconds, bits per byte]
    expert_load: list[list[float]] = field(default_factory=list)  # a layer's shares, last steps


def train(
    config: ArmConfig, data: Sequences, folder: Path, hooks: Hooks, counted: Counted | None = None
) -> Trained:
    """Trains one arm; `folder/training.pt` holds the way so far, and is resumed from. `counted`
    is what the model knows of its text beforehand.

    Raises Diverged, Interrupted; ValueError where the checkpoint is of another config.
    """
    t = config.train
    model = initialize(Transformer(config.model), t.seed).remember(counted or Counted())
    model = model.to(t.device).train()
    optimizer, balancer = Optimizer(model, t), Balancer(model, t.balance, t.balance_rate)
    run = _Progress(config, folder / "training.pt", model, optimizer)
    per_step = flops.training_flops_per_step(config.model, t.seq_len, t.batch_size)
    evaluate_at = evaluation_steps(t.steps, t.evaluations if hooks.evaluate else 0)
    last_save = time.monotonic()
    while run.step < t.steps:
        begun = time.perf_counter()
        which = run.step * t.batch_size, t.batch_size
        batch, answers = torch.from_numpy(data.sequences(*which)), data.answers(*which)
        told = None if answers is None else Answers(*(torch.from_numpy(a) for a in answers))
        loss = forward_backward(model, batch.to(t.device), config, balancer, told)
        factor = schedule(run.step, t)
        norm = optimizer.step(factor) if math.isfinite(loss) else math.nan
        if not math.isfinite(norm):
            raise Diverged(run.divergence(loss, norm))
        run.observe(balancer.update(factor))
        run.step += 1
        run.seconds += time.perf_counter() - begun
        now = Step(run.step, t.steps, run.step * per_step, run.seconds,
                   run.step * t.batch_size * t.seq_len, loss, norm)  # fmt: skip
        if run.step in evaluate_at and hooks.evaluate:
            now.bits_per_byte = hooks.evaluate(model.eval())
            model.train()
            run.curve.append([now.flops, now.seconds, now.bits_per_byte])
        hooks.on_step(now)
        stop = hooks.should_stop()
        if stop or time.monotonic() - last_save >= t.checkpoint_seconds:
            run.save()
            last_save = time.monotonic()
        if stop and run.step < t.steps:
            raise Interrupted(f"stopped at step {run.step} of {t.steps}; the checkpoint is written")
    tokens = run.step * t.batch_size * t.seq_len
    load = [] if run.load_LE is None else run.load_LE.tolist()
    return Trained(model.eval(), run.seconds, run.step * per_step, tokens, run.curve, load)


def forward_backward(
    model: Transformer,
    batch: Tensor,
    config: ArmConfig,
    balancer: Balancer,
    answers: Answers | None = None,
) -> float:
    """Gradients of the mean loss over the global batch, in micro-batches; returns that loss."""
    t = config.train
    targets = batch.size(0) * (batch.size(1) - 1)
    total = torch.zeros((), device=batch.device)
    size = t.micro_batch or t.batch_size
    for i, chunk in enumerate(batch.split(size)):
        inputs, wanted = chunk[:, :-1], chunk[:, 1:]
        told = answers and Answers(*(a[i * size : (i + 1) * size].to(t.device) for a in answers))
        with torch.autocast(t.device, torch.bfloat16, enabled=t.dtype == "bfloat16"):
            log_prob_BS, network_BS, routings, gate = model.log_prob(inputs, wanted, told)
        nats = -log_prob_BS.sum()
        loss = nats / targets
        if gate is not None:  # where the memory is sure the network would learn nothing
            loss = loss - t.network_loss * network_BS.sum() / targets
        if t.z_loss and routings:
            loss = loss + t.z_loss * router_z_loss(routings) * (inputs.numel() / targets)
        loss.backward()
        balancer.observe(routings)
        total += nats.detach() / targets
    return total.item()


def evaluation_steps(steps: int, points: int) -> set[int]:
    """Steps spread evenly in the logarithm from a fiftieth of the way, and the last one."""
    if not points:
        return set()
    first = max(1, steps // 50)
    return {round(s) for s in np.geomspace(first, steps, points)} | {steps}


class _Progress:
    """Where the run is, and its only way to disk: one file, replaced atomically."""

    def __init__(self, config: ArmConfig, path: Path, model: Transformer, optimizer: Optimizer):
        self.config, self.path, self.model, self.optimizer = config, path, model, optimizer
        self.step, self.seconds = 0, 0.0
        self.curve: list[list[float]] = []
        self.load_LE: Tensor | None = None
        if path.exists():
            self._restore(load_torch(path))

    def observe(self, load_LE: Tensor | None) -> None:
        """A running mean of the experts' load, over about the last fifty steps."""
        if load_LE is not None:
            new = load_LE.cpu()
            self.load_LE = new if self.load_LE is None else self.load_LE.lerp(new, 0.02)

    def save(self) -> None:
        state = {
            "format": FORMAT,
            "config": to_dict(self.config),
            "step": self.step,
            "seconds": self.seconds,
            "curve": self.curve,
            "load": self.load_LE,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        save_torch(self.path, state)

    def _restore(self, state: dict) -> None:
        if state.get("format") != FORMAT:
            raise ValueError(
                f"{self.path}: format {state.get('format')} is of another version, not {FORMAT}"
            )
        if state["config"] != to_dict(self.config):
            raise ValueError(f"{self.path}: is of other settings; choose another --name")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]
        self.curve, self.load_LE = state["curve"], state["load"]

    def divergence(self, loss: float, norm: float) -> str:
        size = self.config.train.batch_size
        first = self.step * size
        kept = f"the checkpoint {self.path} is intact" if self.path.exists() else "none was saved"
        return (
            f"step {self.step + 1}, batch of sequences {first}..{first + size - 1}: "
            f"loss {loss}, gradient norm {norm}; {kept}"
        )
