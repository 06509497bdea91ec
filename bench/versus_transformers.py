"""Our training step and our decoding beside transformers', same weights, interleaved, one run.

    python bench/versus_transformers.py     # writes bench/results/DATE-versus-transformers.json

The peer is Glm4MoeForCausalLM with its fastest experts on a CPU (grouped_mm), opened from the
folder that we saved. A step is forward and backward in fp32; decoding is 64 greedy tokens with a
cache, ours in a bare loop over the model's state, theirs in `generate`, which does more around it.
Ratios of medians; under 1 means that we took less time.
"""

import json
import statistics
import tempfile
import time
import warnings
from datetime import date
from pathlib import Path

import click
import torch
import torch.nn.functional as F
from transformers import AutoModelForCausalLM

from tenth.config import ModelConfig
from tenth.families import load_model, save_model
from tenth.model import Transformer, initialize
from tenth.train.device import machine

SIZES = {
    "width 64, 16 experts": ModelConfig(d_model=64, n_layers=2, n_heads=2, n_kv_heads=1,
                                        d_ff=176, n_experts=16, top_k=2, d_expert=64),
    "width 128, 64 experts": ModelConfig(d_model=128, n_layers=4, n_heads=4, n_kv_heads=2,
                                         d_ff=352, n_experts=64, top_k=4, d_expert=64),
}  # fmt: skip
BATCH, SEQ, NEW = 8, 256, 64


def loss_of(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def timed(function) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def compare(ours, theirs, rounds: int) -> dict:
    seconds = {"tenth": [], "transformers": []}
    for _ in range(2):
        ours(), theirs()
    for _ in range(rounds):
        seconds["tenth"].append(timed(ours))
        seconds["transformers"].append(timed(theirs))
    median = {name: statistics.median(values) for name, values in seconds.items()}
    return {
        "ratio_of_medians": round(median["tenth"] / median["transformers"], 3),
        "median_seconds": {k: round(v, 4) for k, v in median.items()},
        "rounds": rounds,
    }


@torch.inference_mode()
def decode_ours(model, prompt):
    logits, _, state = model(prompt, model.new_state(1, 256))
    for _ in range(NEW):
        logits, _, state = model(logits[:, -1:].argmax(-1), state)


def one(config: ModelConfig, rounds: int) -> dict:
    model = initialize(Transformer(config), 0)
    torch.nn.init.normal_(model.head.weight, std=0.1)
    with tempfile.TemporaryDirectory() as folder:
        save_model(model, Path(folder))
        model = load_model(Path(folder))
        peer = AutoModelForCausalLM.from_pretrained(folder, experts_implementation="grouped_mm")
    batch = torch.randint(4, config.vocab_size, (BATCH, SEQ + 1))
    x, y = batch[:, :-1], batch[:, 1:]
    error = (model(x).logits - peer(x).logits).abs().max() / model(x).logits.abs().max()
    assert error < 1e-4, error

    def step(run):
        def go():
            loss_of(run(x).logits, y).backward()

        return go

    model.train(), peer.train()
    result = {"step": compare(step(model), step(peer), rounds)}
    model.eval(), peer.eval()
    prompt = x[:1, :32]
    options = dict(max_new_tokens=NEW, min_new_tokens=NEW, do_sample=False, pad_token_id=0)
    result["decode"] = compare(
        lambda: decode_ours(model, prompt), lambda: peer.generate(prompt, **options), rounds
    )
    return result


@click.command()
@click.option("--rounds", default=15)
def main(rounds: int):
    warnings.filterwarnings("ignore")
    torch.set_num_threads(2)
    import transformers

    result = {
        "date": date.today().isoformat(),
        "command": f"python bench/versus_transformers.py --rounds {rounds}",
        "machine": {**machine(), "transformers": transformers.__version__},
        "sizes": {name: one(config, rounds) for name, config in SIZES.items()},
    }
    path = Path(__file__).parent / "results" / f"{result['date']}-versus-transformers.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    for name, row in result["sizes"].items():
        print(name, {k: v["ratio_of_medians"] for k, v in row.items()})


if __name__ == "__main__":
    main()
