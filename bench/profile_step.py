"""Where do a training step's seconds go? The arms of the default race in turn, in one run.

    python bench/profile_step.py [STEPS]

Prints, for each arm, the share of each phase and of the operations that take the most, and writes
bench/results/DATE-profile-step.json. Arms take turns step by step, so a noisy moment hits all.
"""

import json
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import torch
from torch.profiler import ProfilerActivity, profile

from tenth.data import Loader, NGrams
from tenth.model import Answers, Counted, Transformer, flops, initialize
from tenth.race import arms as rule
from tenth.train.balance import Balancer
from tenth.train.device import keep_freed_memory, machine, resolve
from tenth.train.loop import forward_backward
from tenth.train.optim import Optimizer

BUDGETS = {"sparse": 3e12, "sparse-plain": 3e12, "dense-tenth": 3e12, "dense": 3e13}
VOCAB, TOKENS = 4096, 400_000
ROOT = Path(__file__).resolve().parent.parent


class Arm:
    """One arm on made-up text (a noisy walk, so that there is something to count)."""

    def __init__(self, name: str, tokens: np.ndarray):
        config = resolve(rule.arm(name, BUDGETS[name], VOCAB, ("train.dtype=float32",)))
        answers, counted = None, Counted()
        if config.model.memory:
            n_grams = NGrams(tokens, VOCAB, config.model.memory.order)
            tables, answers = n_grams.estimate(), n_grams.held_out_answers()
            memory = replace(config.model.memory, n_grams=tables.n_grams)
            config = replace(config, model=replace(config.model, memory=memory))
            named = {key: torch.from_numpy(table) for key, table in tables.named().items()}
            counted = Counted(tables=named)
        t = config.train
        self.config, self.loader = config, Loader(tokens, t.seq_len, 0, answers)
        self.model = initialize(Transformer(config.model), 0).remember(counted).train()
        self.optimizer = Optimizer(self.model, t)
        self.balancer = Balancer(self.model, t.balance, t.balance_rate)
        self.at, self.phases = 0, defaultdict(list)

    def step(self) -> None:
        size, begun = self.config.train.batch_size, time.perf_counter()
        batch = torch.from_numpy(self.loader.sequences(self.at, size))
        told = self.loader.answers(self.at, size)
        answers = told and Answers(*(torch.from_numpy(a) for a in told))
        loaded = time.perf_counter()
        forward_backward(self.model, batch, self.config, self.balancer, answers)
        passed = time.perf_counter()
        self.optimizer.step(1e-3)
        self.balancer.update(1e-3)
        stepped = time.perf_counter()
        self.at += size
        for phase, seconds in (("batch", loaded - begun), ("forward and backward", passed - loaded),
                               ("optimizer", stepped - passed)):  # fmt: skip
            self.phases[phase].append(seconds)

    def operations(self, steps: int = 5, most: int = 10) -> dict[str, float]:
        """Each operation's own share of the step, the largest first."""
        with profile(activities=[ProfilerActivity.CPU]) as prof:
            for _ in range(steps):
                self.step()
        events = prof.key_averages()
        total = sum(e.self_cpu_time_total for e in events)
        events = sorted(events, key=lambda e: -e.self_cpu_time_total)[:most]
        return {e.key: round(e.self_cpu_time_total / total, 3) for e in events}


def main() -> None:
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    keep_freed_memory()
    rng = np.random.default_rng(0)
    walk = np.where(rng.random(TOKENS) < 0.6, 1, rng.zipf(1.3, TOKENS) % VOCAB).cumsum() % VOCAB
    arms = {name: Arm(name, walk) for name in BUDGETS}
    for i in range(steps + 3):
        for arm in arms.values():
            arm.step()
            if i == 2:  # the first ones warm up
                arm.phases.clear()
    result = {"command": "python bench/profile_step.py", "machine": machine(), "arms": {}}
    for name, arm in arms.items():
        t, median = arm.config.train, {k: statistics.median(v) for k, v in arm.phases.items()}
        whole = sum(median.values())
        per_step = flops.training_flops_per_step(arm.config.model, t.seq_len, t.batch_size)
        result["arms"][name] = {
            "seconds_a_step": whole,
            "flops_a_second": per_step / whole,
            "phases": {k: round(v / whole, 3) for k, v in median.items()},
            "operations": arm.operations(),
        }
        print(f"\n{name}: {per_step / whole / 1e9:.1f} GFLOP/s, {1e3 * whole:.0f} ms a step")
        for kind in ("phases", "operations"):
            print("  " + ", ".join(f"{k} {100 * v:.0f} %" for k, v in
                                   result["arms"][name][kind].items()))  # fmt: skip
    path = ROOT / "bench" / "results" / f"{date.today().isoformat()}-profile-step.json"
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
