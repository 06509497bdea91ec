"""Does every family compute what its lab meant? Random configurations against transformers, fp32.

    python bench/families.py [--seeds 8] [--first 0] [--save]

For each family and seed: a tiny random model in transformers (eager experts and attention) is saved
and opened here; max |difference| / max |reference| of the logits, whole, token by token, and token
by token as laid out for decoding. --save
keeps the worst of each family in bench/results/DATE-families.json, from which docs/families.md is
made (`make docs`).
"""

import json
import sys
import tempfile
from datetime import date
from pathlib import Path

import click
import torch
import transformers

from tenth.families import load_model
from tenth.model.decode import for_decoding
from tenth.train.device import machine

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.families.oracle import build  # noqa: E402
from tests.families.random_configs import FAMILIES, random_config  # noqa: E402
from tests.families.test_families import BAR, SEQ, decoded, relative, tokens_of  # noqa: E402


@torch.no_grad()
def one(family: str, seed: int) -> float | None:
    """The larger of both differences; None where transformers refuses the configuration."""
    config = random_config(family, seed)
    try:
        theirs = build(family, seed=seed, **config)
    except ValueError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        theirs.save_pretrained(folder)
        ours = load_model(Path(folder))
    tokens = tokens_of(config["vocab_size"], seed)
    expected = theirs(tokens, use_cache=False).logits
    stepped = decoded(ours, tokens, [SEQ - 15] + [1] * 15)
    far = max(relative(ours(tokens).logits, expected), relative(stepped, expected))
    quick = decoded(for_decoding(ours), tokens[:1], [SEQ - 15] + [1] * 15)
    return max(far, relative(quick, expected[:1]))


@click.command()
@click.option("--seeds", default=8)
@click.option("--first", default=0)
@click.option("--save", is_flag=True)
def main(seeds: int, first: int, save: bool) -> None:
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    worst: dict[str, dict[str, float]] = {}
    for family in FAMILIES:
        found = [one(family, seed) for seed in range(first, first + seeds)]
        made = [value for value in found if value is not None]
        worst[family] = {"configurations": len(made), "worst": max(made)}
        print(f"{family:15s} {len(made)} configurations, worst {max(made):.1e}", flush=True)
    if save:
        result = {"command": f"python bench/families.py --seeds {seeds} --first {first}",
                  "transformers": transformers.__version__, "bar": BAR, "machine": machine(),
                  "families": worst}  # fmt: skip
        path = ROOT / "bench" / "results" / f"{date.today().isoformat()}-families.json"
        path.write_text(json.dumps(result, indent=1) + "\n")
    sys.exit(any(value["worst"] > BAR for value in worst.values()))


if __name__ == "__main__":
    main()
