"""Budgets: FLOPs as a number, or a time that a short calibration turns into FLOPs."""

import re
import time

import torch

from tenth.model import Transformer, flops, initialize
from tenth.race.arms import MIN_BUDGET, arm, vocabulary
from tenth.race.trust import WHOLE
from tenth.train.balance import Balancer
from tenth.train.device import resolve
from tenth.train.loop import forward_backward
from tenth.train.optim import Optimizer

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
LEAST_SECONDS = 5.0


def parse_budget(text: str, least: float = MIN_BUDGET) -> tuple[str, float]:
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
    if value < least:
        raise ValueError(f"budget {text!r} is too small: at least {least:.0e} FLOPs; {forms}")
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
    seconds: float, arms: tuple[str, ...], seeds: int, settings: tuple[str, ...] = ()
) -> tuple[float, dict[str, float]]:
    """The budget at which all `arms` together take about `seconds`, and the rates it came from.

    In a race some arms cost C and the others C/10, every one at its own rate; a tenth of the
    time is left for evaluation. Two rounds, since the arms' sizes follow from the budget.
    """
    share = {name: 0.1 if len(arms) > 1 and name not in WHOLE else 1.0 for name in arms}
    budget, rates = 1e13, {}
    for _ in range(2):
        vocab_size = vocabulary(budget)
        rates = {n: measured_rate(n, share[n] * budget, vocab_size, settings) for n in arms}
        per_flop = sum(share[name] / rates[name] for name in arms)
        budget = max(MIN_BUDGET, 0.9 * seconds / seeds / per_flop)
    return float(f"{budget:.2e}"), rates
