"""Zero-shot tests: the model they ask, their files, texts in batches, one entry.

Every text is a document of its own: it follows the end-of-text token, and of one that is longer
than the context its last tokens are scored.
"""

import copy
import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from tenth.model import Transformer

FILES = {"blimp": "blimp", "lambada": "lambada_openai"}  # a test, and how its file's name begins
OPENERS = {".jsonl": open, ".jsonl.gz": gzip.open, ".jsonl.xz": lzma.open}
BROKEN = (EOFError, OSError, UnicodeError, zlib.error, lzma.LZMAError)
BATCH = 4096  # tokens, padding included
MAX_LOGITS = 1 << 24  # held at once: 64 MiB in fp32


# ---------------------------------------------------------------- the model


class LanguageModel(Protocol):
    """What the tests ask of a model; all tensors are (B, S), tokens int64 and on the CPU."""

    def log_prob(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """Natural-log probability of each target, given the inputs up to its place."""
        ...

    def predict(self, inputs: Tensor) -> Tensor:
        """The most probable token after each input."""
        ...


class TransformerLM:
    """Our `Transformer` as a `LanguageModel`, some rows at a time so that their logits fit."""

    def __init__(self, model: Transformer, max_logits: int = MAX_LOGITS):
        self.model = model
        self.device = model.embed.weight.device
        self.max_logits = max_logits

    @torch.inference_mode()
    def log_prob(self, inputs: Tensor, targets: Tensor) -> Tensor:
        rows = self._rows(inputs)
        chunks = []
        for some, theirs in zip(inputs.split(rows), targets.split(rows), strict=True):
            scored = self.model.log_prob(some.to(self.device), theirs.to(self.device))
            chunks.append(scored.log_prob.float().cpu())
        return torch.cat(chunks)

    @torch.inference_mode()
    def predict(self, inputs: Tensor) -> Tensor:
        some = inputs.split(self._rows(inputs))
        return torch.cat([self.model(x.to(self.device)).logits.argmax(-1).cpu() for x in some])

    def _rows(self, inputs: Tensor) -> int:
        return max(1, self.max_logits // (inputs.size(1) * self.model.config.vocab_size))


# ---------------------------------------------------------------- files


def open_eval(path: Path, fields: Sequence[str]) -> list[dict[str, str]]:
    """The records of a file of JSON lines, plain, .gz or .xz; each field holds some text."""
    ending = next((e for e in OPENERS if path.name.endswith(e)), None)
    if ending is None:
        raise ValueError(f"{path}: the name ends in none of {', '.join(OPENERS)}")
    if not path.is_file():
        raise ValueError(f"no such file: {path}")
    records = []
    try:
        with OPENERS[ending](path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if not line.isspace():
                    records.append(_record(line, fields, f"{path}:{number}"))
    except BROKEN as error:
        raise ValueError(f"{path}: cannot be read: {error}") from error
    if not records:
        raise ValueError(f"{path}: no lines; each needs the fields {', '.join(fields)}")
    return records


def _record(line: str, fields: Sequence[str], where: str) -> dict[str, str]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise ValueError(f"{where}: not JSON: {error}") from None
    needed = f"it needs the fields {', '.join(fields)}"
    if not isinstance(record, dict):
        raise ValueError(f"{where}: not an object; {needed}")
    for name in fields:
        if name not in record:
            there = ", ".join(record) or "none"
            raise ValueError(f"{where}: no field {name!r}; {needed}; there are: {there}")
        text = record[name]
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{where}: field {name!r} holds no text but {text!r}; {needed}")
    # JSON may spell half a surrogate pair, which UTF-8 cannot hold: it becomes "?"
    return {name: record[name].encode("utf-8", "replace").decode() for name in fields}


def find_files(path: Path) -> dict[str, Path]:
    """The tests of a folder, or the one of a file, by name."""
    names = ", ".join(f"{name}.jsonl" for name in FILES.values()) + " (also .gz, .xz)"
    if not path.exists():
        raise ValueError(f"no such file or folder: {path}; it holds {names}")
    found: dict[str, Path] = {}
    for test, name in FILES.items():
        if path.is_dir():
            files = [f for ending in OPENERS if (f := path / f"{name}{ending}").is_file()]
        else:
            files = [path] if path.name.startswith(name) else []
        if files:
            found[test] = files[0]
    if not found:
        raise ValueError(f"{path}: no test here; the names are {names}")
    return found


# ---------------------------------------------------------------- texts


class Text(NamedTuple):
    tokens: list[int]
    score_from: int = 0  # the tokens from here on count


class Batch(NamedTuple):
    rows: list[int]  # which texts
    inputs_BS: Tensor
    targets_BS: Tensor
    counts_BS: Tensor  # bool: padding and what is only read do not count


def encode(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Plain text: no special token is added or read, whatever the tokenizer's own settings."""
    tokenizer = copy.deepcopy(tokenizer)
    tokenizer.encode_special_tokens = True
    tokenizer.no_truncation()
    tokenizer.no_padding()
    ids = [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    for text, tokens in zip(texts, ids, strict=True):
        if not tokens:
            raise ValueError(f"the tokenizer makes no token of {text!r}")
    return ids


def batches(
    texts: Sequence[Text],
    seq: int,
    *,
    eos: int = 0,
    batch: int = BATCH,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Batch]:
    """All texts once, the longest first, padded to about `batch` tokens at a time."""
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i].tokens))
    start = 0
    while start < len(order):
        width = min(seq, len(texts[order[start]].tokens))
        rows = order[start : start + max(1, batch // width)]
        inputs = np.full((len(rows), width), eos, dtype=np.int64)
        targets = np.full_like(inputs, eos)
        counts = np.zeros(inputs.shape, dtype=bool)
        for row, i in enumerate(rows):
            tokens = [eos, *texts[i].tokens][-seq - 1 :]
            n = len(tokens) - 1
            inputs[row, :n], targets[row, :n] = tokens[:-1], tokens[1:]
            cut = len(texts[i].tokens) - n
            counts[row, max(0, texts[i].score_from - cut) : n] = True
        yield Batch(rows, *map(torch.from_numpy, (inputs, targets, counts)))
        start += len(rows)
        if progress:
            progress(start, len(order))


def log_prob(model: LanguageModel, batch: Batch) -> np.ndarray:
    """(B,) float64: nats of each text's tokens that count, summed."""
    nats_BS = model.log_prob(batch.inputs_BS, batch.targets_BS).cpu().double()
    nats_B = torch.where(batch.counts_BS, nats_BS, 0.0).sum(1)
    if nats_B.isnan().any():
        raise ValueError("the model's log-probabilities are not numbers: its training diverged")
    return nats_B.numpy()


def greedy(model: LanguageModel, batch: Batch) -> np.ndarray:
    """(B,) bool: each text's tokens that count are all the most probable ones."""
    same_BS = model.predict(batch.inputs_BS).cpu() == batch.targets_BS
    return (same_BS | ~batch.counts_BS).all(1).numpy()


# ---------------------------------------------------------------- the entry


def evaluate(
    model: LanguageModel,
    tokenizer: Tokenizer,
    path: Path,
    seq: int,
    *,
    per_paradigm: int = 0,
    limit: int = 0,
    eos: int = 0,
    batch: int = BATCH,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, dict[str, Any]]:
    """Every test found at `path`, by name, in plain JSON values.

    `per_paradigm` pairs of each BLiMP paradigm and `limit` passages of LAMBADA are taken, 0: all.
    `progress` gets the test's name, the texts done and all of them.
    """
    from tenth.evals import cloze, minimal_pairs  # they import this file

    for name, value in {"seq": seq, "batch": batch}.items():
        if value < 1:
            raise ValueError(f"evaluate: {name} is {value}; it is 1 or more")
    for name, value in {"per_paradigm": per_paradigm, "limit": limit}.items():
        if value < 0:
            raise ValueError(f"evaluate: {name} is {value}; it is 0 (all) or more")
    tests = {}
    for test, file in find_files(path).items():  # all are read before the first is scored
        if test == "blimp":
            pairs = minimal_pairs.read(file, per_paradigm)
            tests[test] = partial(minimal_pairs.evaluate, pairs=pairs)
        else:
            tests[test] = partial(cloze.evaluate, passages=cloze.read(file, limit))
    return {
        test: run(
            model,
            tokenizer,
            seq=seq,
            eos=eos,
            batch=batch,
            progress=partial(progress, test) if progress else None,
        )
        for test, run in tests.items()
    }
