"""Budgets: FLOPs as a number, or a time that a short calibration turns into FLOPs."""

import re
import time

import torch

from tenth.model import Transformer, flops, initialize
from tenth.race.arms import MIN_BUDGET, arm
from tenth.train.balance import Balancer
from tenth.train.device import resolve
from tenth.train.loop import forward_backward
from tenth.train.optim import Optimizer

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
LEAST_SECONDS = 5.0


def parse_budget(text: str) -> tuple[str, float]:
    """("flops", 3e13) or ("seconds", 1200.0). Raises ValueError with the forms there are."""
    forms = "write FLOPs (3e13) or a time (90s, 20m, 2h)"
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([smhd])\s*", text)
    if match:
        seconds = float(match[1]) * UNITS[match[2]]
        if seconds < LEAST_SECONDS:
            raise ValueError(f"budget {text!r} is too small: at least {LEAST_SECONDS:.0f}s")
        return "seconds", seconds
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"budget {text!r} is no number: {forms}") from None
    if not value < float("inf"):
        raise ValueError(f"budget {text!r} is not finite: {forms}")
    if value < MIN_BUDGET:
        raise ValueError(f"budget {text!r} is too small: at least {MIN_BUDGET:.0e} FLOPs; {forms}")
    return "flops", value


def measured_rate(name: str, budget: float, vocab_size: int, settings: tuple[str, ...]) -> float:
    """FLOP/s of this machine in a few training steps of the arm such a budget gives."""
    config = resolve(arm(name, budget, vocab_size, settings))
    t = config.train
    model = initialize(Transformer(config.model), 0).to(t.device)
    optimizer, balancer = Optimizer(model, t), Balancer(model, t.balance, t.balance_rate)
    batch = torch.randint(0, vocab_size, (t.batch_size, t.seq_len + 1), device=t.device)
    best = float("inf")
    for _ in range(4):
        begun = time.perf_counter()
        forward_backward(model, batch, config, balancer)
        optimizer.step(0.0)
        balancer.update(0.0)
        best = min(best, time.perf_counter() - begun)
    return flops.training_flops_per_step(config.model, t.seq_len, t.batch_size) / best


def flops_for(
    seconds: float, vocab_size: int, seeds: int, settings: tuple[str, ...] = ()
) -> tuple[float, dict[str, float]]:
    """The dense budget whose whole race takes about `seconds`, and the rates it was taken from.

    The dense arm costs C, the three others C/10 each at their own rates; a tenth of the time is
    left for evaluation. Two rounds, since the arms' sizes follow from the budget.
    """
    budget, rates = 1e13, {}
    for _ in range(2):
        rates = {
            "dense": measured_rate("dense", budget, vocab_size, settings),
            "dense-tenth": measured_rate("dense-tenth", budget / 10, vocab_size, settings),
            "sparse": measured_rate("sparse", budget / 10, vocab_size, settings),
        }
        per_flop = 1 / rates["dense"] + 0.1 / rates["dense-tenth"] + 0.2 / rates["sparse"]
        budget = max(MIN_BUDGET, 0.9 * seconds / seeds / per_flop)
    return float(f"{budget:.2e}"), rates
