"""Scoring a trained arm: points of its curve on the tune split, figures on the verdict split."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tenth.config import ArmConfig, ModelConfig, from_dict
from tenth.data import Corpus
from tenth.engine import Engine, SamplingParams
from tenth.evals.bits_per_byte import bits_per_byte, token_bits
from tenth.evals.zero_shot import TransformerLM, evaluate
from tenth.families import load_model
from tenth.files import atomic_write_json
from tenth.model import Transformer
from tenth.race.verdict_text import class_bits, document_bits

TUNE_TOKENS = 65536  # of the tune split, at each point of a curve
PROMPT_TOKENS, SAMPLE_TOKENS = 48, 160
PER_PARADIGM, LAMBADA_LIMIT = 50, 500  # of BLiMP's 67 paradigms and of LAMBADA's passages


def score_arm(
    folder: Path,
    arm: dict[str, Any],
    corpus: Corpus,
    classes: Mapping[str, np.ndarray],
    evals: Path | None,
    stage: Callable[[str, int, int], None],
) -> None:
    """Scores the verdict split with the weights saved in `folder`, and lets the model say
    something: all of it into `arm`, and into the folder's arm.json.
    """
    label, config = folder.name, from_dict(ArmConfig, arm["settings"])
    model = load_model(folder, device=config.train.device)
    gates = Gates(config.model)

    def score(inputs: Tensor, targets: Tensor) -> Tensor:
        scored = model.log_prob(inputs, targets)
        gates.observe(scored.gate)
        return scored.log_prob

    verdict = np.asarray(corpus.verdict.tokens)
    bits = token_bits(
        score, verdict, config.train.seq_len, device=config.train.device,
        progress=lambda done, total: stage(f"verdict: {label}", done, total),
    ).numpy()  # fmt: skip
    arm["bits_per_byte"] = float(bits.sum()) / corpus.verdict.n_bytes
    arm["document_bits"] = document_bits(bits, verdict, corpus.eos_id)
    arm |= {f"{name}_tokens": int(of.sum()) for name, of in classes.items()}
    arm |= class_bits(bits, classes)
    if config.model.memory:
        arm["gate_share"] = gates.shares()
    if evals is not None:
        arm["evals"] = evaluate(
            TransformerLM(model), corpus.tokenizer, evals, config.train.seq_len,
            per_paradigm=PER_PARADIGM, limit=LAMBADA_LIMIT,
            progress=lambda test, done, total: stage(f"{test}: {label}", done, total),
        )  # fmt: skip
    ids = corpus.tune.tokens[: max(1, min(PROMPT_TOKENS, len(corpus.tune.tokens) - 1))]
    arm["prompt"] = corpus.tokenizer.decode([int(i) for i in ids])
    params = SamplingParams(temperature=0.7, seed=0, max_tokens=SAMPLE_TOKENS)
    arm["sample"] = Engine(model, corpus.tokenizer).generate(arm["prompt"], params)
    atomic_write_json(folder / "arm.json", arm)


def tune_bits(model: Transformer, corpus: Corpus, config: ArmConfig) -> float:
    """Bits per byte of the beginning of the tune split: a point of the curve."""
    split = corpus.tune
    tokens = split.tokens[:TUNE_TOKENS]
    n_bytes = split.n_bytes * len(tokens) / len(split.tokens)
    device = config.train.device
    return bits_per_byte(
        lambda inputs, targets: model.log_prob(inputs, targets).log_prob,
        tokens, n_bytes, config.train.seq_len, device=device,
    )  # fmt: skip


class Gates:
    """The mean weight of each expert of the memory's mixture, the network among them."""

    def __init__(self, model: ModelConfig):
        memory = model.memory
        self.names = ["network"]
        if memory:
            self.names += ["counts"] * (memory.order > 0)
            self.names += [f"window-{length}" for length in memory.windows]
        self.total_K, self.n = torch.zeros(len(self.names), dtype=torch.float64), 0

    def observe(self, gate_BSK: Tensor | None) -> None:
        if gate_BSK is not None:
            self.total_K += gate_BSK.exp().flatten(0, 1).sum(0).cpu().double()
            self.n += gate_BSK.shape[:2].numel()

    def shares(self) -> dict[str, float]:
        return dict(zip(self.names, (self.total_K / max(1, self.n)).tolist(), strict=True))
