"""How long would the default race's arms train? Steps of all arms in turn, in one run.

    python bench/time_ratio.py [LABEL] [ROUNDS]   # adds a run to bench/results/DATE-time-ratio.json
    python bench/time_ratio.py LABEL losses ARM   # the losses of 200 steps, to compare two labels

The text, sizes, counts and batches are those of `tenth race` without options. An arm's seconds are
its count pass and the grouping of its vocabulary, as race/runner.py times them, and its number of
steps times the median step; evaluation is in neither. A label names the code that ran: the same
script measures an older one with PYTHONPATH set to it. Milliseconds of the parts are medians over
the same steps, each part's own clock; a part may stand within another, as copies in the memory.
"""

import json
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import torch

from tenth.config import DataConfig
from tenth.data import Loader, prepare
from tenth.model import Answers, Transformer, initialize
from tenth.race import arms as rule
from tenth.race.counting import prepared
from tenth.train.balance import Balancer
from tenth.train.device import keep_freed_memory, machine, resolve
from tenth.train.loop import forward_backward
from tenth.train.optim import Optimizer, schedule

C = 3e13
ARMS = ("dense", "sparse", "sparse-plain", "dense-tenth", "dense-memory-tenth")
STEPS = {"dense": 1}  # of a round; the others take 4
ROOT = Path(__file__).resolve().parent.parent


class Arm:
    def __init__(self, name: str, budget: float, corpus, settings: tuple[str, ...]):
        config = resolve(rule.arm(name, budget, corpus.vocab_size, settings))
        ready, t = prepared(config.model, corpus), config.train
        self.name, self.counting = name, ready.seconds
        self.config = replace(config, model=ready.model)
        self.loader = Loader(corpus.train.tokens, t.seq_len, 0, ready.answers)
        self.model = initialize(Transformer(self.config.model), 0).remember(ready.counted).train()
        self.optimizer = Optimizer(self.model, t)
        self.balancer = Balancer(self.model, t.balance, t.balance_rate)
        self.at, self.losses, self.seconds, self.parts = 0, [], [], defaultdict(list)

    def step(self) -> None:
        """As train/loop.py does it."""
        t, begun = self.config.train, time.perf_counter()
        which = self.at * t.batch_size, t.batch_size
        batch, said = torch.from_numpy(self.loader.sequences(*which)), self.loader.answers(*which)
        told = None if said is None else Answers(*(torch.from_numpy(a) for a in said))
        loaded = time.perf_counter()
        self.losses.append(forward_backward(self.model, batch, self.config, self.balancer, told))
        factor, stepping = schedule(self.at, t), time.perf_counter()
        self.optimizer.step(factor)
        self.balancer.update(factor)
        done = time.perf_counter()
        self.at += 1
        self.seconds.append(done - begun)
        self.parts["batch"].append(loaded - begun)
        self.parts["forward and backward"].append(stepping - loaded)
        self.parts["optimizer"].append(done - stepping)

    def watch(self) -> None:
        """Clocks around what a step calls."""
        for i, block in enumerate(self.model.blocks):
            self._clock(block.attention, "forward", f"attention {i}")
            self._clock(block.mlp, "forward", f"mlp {i}")
        self._clock(self.model, "log_prob", "forward")
        if self.config.model.memory:
            self._clock(self.model.memory, "log_prob", "memory")
            self._clock(self.model.memory, "_copied", "memory: copies")
        if self.config.model.head_groups:
            self._clock(self.model.head, "log_prob", "head")
        self._clock(self.optimizer.muon, "step", "Muon")

    def _clock(self, owner, method: str, part: str) -> None:
        function = getattr(owner, method)

        def timed(*args, **kwargs):
            begun = time.perf_counter()
            result = function(*args, **kwargs)
            self.parts[part].append(time.perf_counter() - begun)
            return result

        setattr(owner, method, timed)

    def result(self) -> dict:
        step, steps = statistics.median(self.seconds), self.config.train.steps
        return {
            "seconds": round(self.counting + steps * step, 1),
            "counting_seconds": round(self.counting, 2),
            "steps": steps,
            "dtype": self.config.train.dtype,
            "step_ms": round(1e3 * step, 2),
            "quartiles_ms": [round(1e3 * q, 2) for q in statistics.quantiles(self.seconds)],
            "parts_ms": {k: round(1e3 * statistics.median(v), 2) for k, v in self.parts.items()},
        }


def losses(label: str, name: str, corpus, file: dict) -> None:
    """Of 200 steps in fp32; and by how much they differ from another label's at most."""
    budget = C if name == "dense" else tenth_of(corpus)
    arm = Arm(name, budget, corpus, ("train.dtype=float32",))
    for _ in range(200):
        arm.step()
    mine = file.setdefault("losses", {}).setdefault(name, {})
    mine[label] = arm.losses
    differ = {
        other: max(abs(a - b) / b for a, b in zip(arm.losses, theirs, strict=True))
        for other, theirs in mine.items()
    }
    file.setdefault("losses_differ_by", {})[name] = differ
    print(name, arm.losses[0], arm.losses[-1], "differ by at most", differ)


def tenth_of(corpus) -> float:
    return 0.1 * rule.training_flops(rule.arm("dense", C, corpus.vocab_size))


def main() -> None:
    label = sys.argv[1] if len(sys.argv) > 1 else "now"
    keep_freed_memory()
    corpus = prepare(DataConfig(vocab_size=rule.vocabulary(C)), ROOT / "runs" / "time-ratio")
    path = ROOT / "bench" / "results" / f"{date.today().isoformat()}-time-ratio.json"
    file: dict = json.loads(path.read_text()) if path.exists() else {"runs": []}
    file |= {"command": "python bench/time_ratio.py LABEL", "machine": machine()}
    if sys.argv[2:3] == ["losses"]:
        losses(label, sys.argv[3], corpus, file)
    else:
        time_them(label, int(sys.argv[2]) if len(sys.argv) > 2 else 20, corpus, file)
    path.write_text(json.dumps(file, indent=1) + "\n")


def time_them(label: str, rounds: int, corpus, file: dict) -> None:
    settings: tuple[str, ...] = ()
    arms = []
    for name in ARMS:
        arm = Arm(name, C if name == "dense" else tenth_of(corpus), corpus, settings)
        if name == "dense":  # every dense arm takes the dtype that the dense one took
            settings = tuple(
                f"{other}.train.dtype={arm.config.train.dtype}"
                for other in ARMS
                if other.startswith("dense")
            )
        arms.append(arm)
    for i in range(rounds + 2):
        for arm in arms:
            for _ in range(STEPS.get(arm.name, 4)):
                arm.step()
            if i == 1:  # the first ones warm up
                arm.seconds.clear()
                arm.parts.clear()
                arm.watch()
    result = {arm.name: arm.result() for arm in arms}
    file["runs"].append({"label": label, "rounds": rounds, "arms": result})
    ratios = defaultdict(list)
    for run in file["runs"]:
        dense = run["arms"]["dense"]["seconds"]
        run["time_ratio"] = round(run["arms"]["sparse"]["seconds"] / dense, 3)
        ratios[run["label"]].append(run["time_ratio"])
    file["time_ratio"] = {key: round(statistics.median(many), 3) for key, many in ratios.items()}
    for name, row in result.items():
        print(
            f"{name:20s} {row['step_ms']:7.1f} ms a step, {row['seconds']:6.1f} s, {row['dtype']}"
        )
    print(f"sparse / dense: {file['runs'][-1]['time_ratio']}; so far {file['time_ratio']}")


if __name__ == "__main__":
    main()
