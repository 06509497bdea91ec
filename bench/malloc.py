"""What keeping freed memory is worth: a training step with and without, in turn, one run.

    python bench/malloc.py          # writes bench/results/DATE-malloc.json

Each measurement is a process of its own, since mallopt cannot be taken back. Ratio of medians over
the interleaved processes; under 1 means that keeping is faster.
"""

import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import torch

from tenth.model import Transformer, initialize
from tenth.race.arms import arm
from tenth.train.balance import Balancer
from tenth.train.device import keep_freed_memory, machine, resolve
from tenth.train.loop import forward_backward
from tenth.train.optim import Optimizer

ARMS = {"dense": 3e13, "sparse": 3e12}
ROUNDS, STEPS = 5, 20


def step_seconds(name: str) -> float:
    settings = ("train.dtype=float32", "train.device=cpu")
    config = resolve(arm(name, ARMS[name], 4096, settings))
    t = config.train
    model = initialize(Transformer(config.model), 0)
    optimizer, balancer = Optimizer(model, t), Balancer(model, t.balance, t.balance_rate)
    batch = torch.randint(0, 4096, (t.batch_size, t.seq_len + 1))
    seconds = []
    for _ in range(STEPS):
        begun = time.perf_counter()
        forward_backward(model, batch, config, balancer)
        optimizer.step(1.0)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds[3:])


def main() -> None:
    if len(sys.argv) == 3:
        if sys.argv[2] == "keep":
            keep_freed_memory()
        print(step_seconds(sys.argv[1]))
        return
    result = {"date": date.today().isoformat(), "command": "python bench/malloc.py",
              "machine": machine(), "ratio_of_medians": {}}  # fmt: skip
    for name in ARMS:
        seconds: dict[str, list[float]] = {"keep": [], "return": []}
        for _ in range(ROUNDS):
            for how, values in seconds.items():
                command = [sys.executable, __file__, name, how]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                values.append(float(done.stdout))
        ratio = statistics.median(seconds["keep"]) / statistics.median(seconds["return"])
        result["ratio_of_medians"][name] = round(ratio, 3)
    path = Path(__file__).parent / "results" / f"{result['date']}-malloc.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(result["ratio_of_medians"])


if __name__ == "__main__":
    main()
