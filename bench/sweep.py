"""Which sizes and rates does the rule take? A training run a line, judged on the tune split.

    python bench/sweep.py dense 3e12 --set model.n_layers=2 --set train.lr=0.06
    python bench/sweep.py --queue bench/sweeps/2026-11-23.txt     # one such line after another

Appends each run to bench/results/sweep.jsonl and skips what stands there already. The verdict
split is never opened here. docs/log.md says what was concluded.
"""

import json
import shlex
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import torch

from tenth.config import DataConfig, to_dict
from tenth.data import Corpus, Loader, prepare
from tenth.evals.bits_per_byte import bits_per_byte
from tenth.model import Transformer, flops
from tenth.race import arms as rule
from tenth.race import trust
from tenth.race.counting import prepared
from tenth.train.device import keep_freed_memory, resolve
from tenth.train.loop import Hooks, train

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "sweep-2.jsonl"  # sweep.jsonl: before the memory was counted


def tune_bits(model: Transformer, corpus: Corpus, seq: int) -> float:
    tune = corpus.tune
    score = lambda x, y: model.log_prob(x, y).log_prob  # noqa: E731
    return bits_per_byte(score, tune.tokens, tune.n_bytes, seq)


def one(arm: str, budget: float, paths: list[str], vocab: int, settings: list[str]) -> dict:
    cache = Path(tempfile.gettempdir()) / "tenth-sweep"
    name = "-".join(Path(p).name for p in paths) or "stdlib"
    split = "blank-line" if paths else ""
    data = DataConfig(paths=tuple(paths), split_on=split, vocab_size=vocab)
    corpus = prepare(data, cache / f"{name}-{vocab}")
    config = resolve(rule.arm(arm, budget, corpus.vocab_size, settings))
    config = replace(config, train=replace(config.train, evaluations=2))
    t = config.train
    ready = prepared(config.model, corpus)
    config = replace(config, model=ready.model)
    hooks = Hooks(evaluate=lambda model: tune_bits(model, corpus, t.seq_len))
    with tempfile.TemporaryDirectory() as folder:
        loader = Loader(corpus.train.tokens, t.seq_len, t.seed, ready.answers)
        trained = train(config, loader, Path(folder), hooks, ready.counted)
    _, total = flops.parameter_counts(trained.model, config.model)
    return {
        "date": date.today().isoformat(),
        "arm": arm,
        "budget": budget,
        "text": name,
        "vocab_size": corpus.vocab_size,
        "settings": settings,
        "tune_bits_per_byte": round(trained.curve[-1][2], 4),
        "flops": rule.setup_flops(config.model) + trained.flops,
        "tokens": trained.tokens,
        "epochs": round(trained.tokens / len(corpus.train.tokens), 2),
        "params_total": total,
        "corpus_hash": corpus.corpus_hash[:12],
        "config": to_dict(config),
    }


@click.command()
@click.argument("arm", required=False)
@click.argument("budget", type=float, required=False)
@click.option("--text", "paths", multiple=True, help="default: the standard library")
@click.option("--vocab", default=0, help="default: the rule's, of ten times a tenth's budget")
@click.option("--set", "settings", multiple=True)
@click.option("--queue", type=click.Path(exists=True))
@click.option("--threads", default=2)
def main(arm, budget, paths, vocab, settings, queue, threads):
    torch.set_num_threads(threads)
    keep_freed_memory()
    if queue:
        for line in Path(queue).read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                main.main([*shlex.split(line), "--threads", str(threads)], standalone_mode=False)
        return
    vocab = vocab or rule.vocabulary(budget if arm in trust.WHOLE else 10 * budget)
    key = [arm, budget, list(paths), vocab, sorted(settings)]
    known = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    if any(json.loads(line)["key"] == key for line in known):
        return
    row = {"key": key, **one(arm, budget, list(paths), vocab, list(settings))}
    with RESULTS.open("a") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{row['tune_bits_per_byte']:.4f}  {arm} {budget:.0e} {' '.join(settings)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
