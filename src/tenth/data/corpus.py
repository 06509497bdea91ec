"""A prepared corpus: three memory-mapped splits, their tokenizer, and the record of both."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from tenth.checkpoints import load_tokenizer
from tenth.data.splits import SPLITS
from tenth.data.tokenizer import EOS

FORMAT = 1


@dataclass(frozen=True)
class Split:
    tokens: np.memmap  # flat; each document ends with the end-of-document token
    n_bytes: int  # UTF-8 bytes of the documents' text: the denominator of bits per byte
    n_documents: int


@dataclass(frozen=True)
class Corpus:
    folder: Path
    tokenizer: Tokenizer
    train: Split
    tune: Split
    verdict: Split
    corpus_hash: str  # figures of different hashes are never compared
    vocab_size: int  # as it came out: little text makes fewer tokens than asked
    eos_id: int
    info: dict[str, Any]  # the whole of data.json


def open_corpus(folder: Path) -> Corpus:
    folder = Path(folder)
    if not (folder / "data.json").is_file():
        raise ValueError(f"no data.json in {str(folder)!r}")
    info = json.loads((folder / "data.json").read_text())
    if info.get("format") != FORMAT:
        raise ValueError(
            f"{folder / 'data.json'}: format {info.get('format')}, this tenth reads {FORMAT}"
        )
    tokenizer = load_tokenizer(folder)
    train, tune, verdict = (_opened_split(folder, name, info) for name in SPLITS)
    eos_id = tokenizer.token_to_id(EOS)
    assert eos_id == 0
    named = info["corpus_hash"], info["vocab_size"], eos_id, info
    return Corpus(folder, tokenizer, train, tune, verdict, *named)


def _opened_split(folder: Path, name: str, info: dict[str, Any]) -> Split:
    counts, dtype, path = info["splits"][name], np.dtype(info["dtype"]), folder / f"{name}.bin"
    want = counts["tokens"] * dtype.itemsize
    have = path.stat().st_size if path.is_file() else 0
    if have != want:
        raise ValueError(f"{path}: {have} bytes where data.json says {want}; delete {folder}")
    tokens = np.memmap(path, dtype, mode="r")
    return Split(tokens, counts["bytes"], counts["documents"])
