"""What is counted of the training text: for an arm before it trains, and as count models beside it.

No network is asked here, and next to no FLOP spent: the grouping of a routed head's vocabulary, and
the gate of the memory by itself.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from tenth.config import ArmConfig, MemoryConfig, ModelConfig
from tenth.data import Corpus, Loader, NGrams, slots
from tenth.data.counts import MAX_TOKENS, Answers
from tenth.evals.bits_per_byte import Scorer, token_bits
from tenth.model import Answers as ModelAnswers
from tenth.model import Counted, Transformer, initialize
from tenth.race.seeds import seeded
from tenth.race.verdict_text import class_bits

GATE_STEPS, GATE_BATCH, GATE_RATE = 300, 8, 0.01  # of the memory by itself


class Prepared(NamedTuple):
    """An arm's model as its text sizes it, what it knows beforehand, and what that took."""

    model: ModelConfig
    counted: Counted
    answers: Answers | None  # of the train split's tokens
    seconds: float


def prepared(model: ModelConfig, corpus: Corpus) -> Prepared:
    begun = time.perf_counter()
    tokens, slot_V, tables, answers = counted_tokens(corpus), None, {}, None
    if model.head_groups:
        slot_V = torch.from_numpy(slots(tokens, model.vocab_size, model.head_shape[1]))
    if model.memory and model.memory.order:
        n_grams = NGrams(tokens, model.vocab_size, model.memory.order)
        made = n_grams.estimate()
        tables = {name: torch.from_numpy(table) for name, table in made.named().items()}
        answers = _for_all(n_grams, made, corpus.train.tokens)
        model = replace(model, memory=replace(model.memory, n_grams=made.n_grams))
    return Prepared(model, Counted(slot_V, tables), answers, time.perf_counter() - begun)


def counted_tokens(corpus: Corpus) -> np.ndarray:
    """The train split, or as much of its beginning as memory is given to."""
    return np.asarray(corpus.train.tokens[:MAX_TOKENS])


def _for_all(n_grams: NGrams, tables: Any, tokens: np.ndarray) -> Answers:
    """The counted tokens answer for each other; what lies beyond them was not counted anyway."""
    counted = len(n_grams.numbers[0])
    mine = n_grams.held_out_answers()
    if counted == len(tokens):
        return mine
    rest = n_grams.answers(tables, tokens[counted:])
    return Answers(*(np.concatenate(both) for both in zip(mine, rest, strict=True)))


def count_models(
    corpus: Corpus, sparse: Mapping[int, ArmConfig], classes: Mapping[str, np.ndarray]
) -> dict[str, dict[str, Any]]:
    """What needs no network, scored as arms are, on the verdict split.

    counts-all         n-grams of the whole train split
    counts-seen (-s1)  of the tokens that the sparse arm of that seed was trained on
    counts-copies      counts-all and copies from the window: the sparse arm's memory by itself
    """
    begun = time.perf_counter()
    n_grams = NGrams(counted_tokens(corpus), corpus.vocab_size)
    shared = time.perf_counter() - begun
    verdict, models = np.asarray(corpus.verdict.tokens), {}

    def add(name: str, bits: np.ndarray, tokens: int, begun: float) -> None:
        models[name] = {
            "tokens": tokens,
            "seconds": shared + time.perf_counter() - begun,
            "bits_per_byte": float(bits.sum() / corpus.verdict.n_bytes),
            **class_bits(bits, classes),
        }

    def count(name: str, n_grams: NGrams, counted: np.ndarray | None) -> None:
        begun = time.perf_counter()
        bits = -n_grams.log_prob(n_grams.estimate(counted), verdict) / math.log(2)
        add(name, bits, len(n_grams.numbers[0]) if counted is None else int(counted.sum()), begun)

    count("counts-all", n_grams, None)
    for seed, config in sparse.items():
        t, label = config.train, seeded("counts-seen", seed)
        seen = Loader(corpus.train.tokens, t.seq_len, seed).seen(t.steps * t.batch_size)
        if len(seen) <= MAX_TOKENS:
            count(label, n_grams, seen)
        else:  # what was seen, pieces of context side by side
            some = np.asarray(corpus.train.tokens[np.flatnonzero(seen)[:MAX_TOKENS]])
            count(label, NGrams(some, corpus.vocab_size), None)
    begun, config = time.perf_counter(), next(iter(sparse.values()))
    memory = config.model.memory or MemoryConfig()
    if memory.order != n_grams.order:
        n_grams = NGrams(counted_tokens(corpus), corpus.vocab_size, max(2, memory.order))
    score = memory_by_itself(n_grams, corpus, config.train.seq_len, memory.windows)
    bits = token_bits(score, verdict, config.train.seq_len)
    add("counts-copies", bits.numpy(), len(n_grams.numbers[0]), begun)
    return models


def memory_by_itself(
    n_grams: NGrams, corpus: Corpus, seq: int, windows: tuple[int, ...] = MemoryConfig.windows
) -> Scorer:
    """The memory where the network knows nothing: its gate learns from a little of the train split
    how far to trust counts and copies, which takes some 1e9 FLOPs.
    """
    tables = n_grams.estimate()
    config = ModelConfig(
        vocab_size=corpus.vocab_size, d_model=1, n_heads=1, n_kv_heads=1, d_head=2, max_seq=seq,
        memory=MemoryConfig(n_grams.order, tables.n_grams, windows),
    )  # fmt: skip
    model = Transformer(config)
    memory = model.memory
    assert memory is not None
    initialize(model, 0).remember(
        Counted(tables={name: torch.from_numpy(table) for name, table in tables.named().items()})
    )
    loader = Loader(counted_tokens(corpus), seq, 0, n_grams.held_out_answers())
    optimizer = torch.optim.AdamW(memory.parameters(), lr=GATE_RATE)

    def score(inputs: Tensor, targets: Tensor, answers=None) -> Tensor:
        nothing = torch.full(targets.shape, -math.log(corpus.vocab_size))
        blind = torch.zeros(*targets.shape, 1)
        return memory.log_prob(nothing, blind, inputs, targets, None, answers)[0]

    for step in range(GATE_STEPS):
        batch = torch.from_numpy(loader.sequences(step * GATE_BATCH, GATE_BATCH))
        told = loader.answers(step * GATE_BATCH, GATE_BATCH)
        assert told is not None
        answers = ModelAnswers(*(torch.from_numpy(a) for a in told))
        (-score(batch[:, :-1], batch[:, 1:], answers).mean()).backward()
        optimizer.param_groups[0]["lr"] = GATE_RATE * (1 - step / GATE_STEPS)
        optimizer.step()
        optimizer.zero_grad()
    return score
