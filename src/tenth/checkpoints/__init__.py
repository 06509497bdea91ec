"""Weights, tokenizers and training states on disk: atomic, streamed, complete or refused."""

from tenth.checkpoints.folder import (
    load_torch,
    replacing,
    save_torch,
    settle,
)
from tenth.checkpoints.tensors import TensorFiles, read_json, write_tensors
from tenth.checkpoints.tokenizer import load_tokenizer, write_tokenizer

__all__ = [
    "TensorFiles",
    "load_tokenizer",
    "load_torch",
    "read_json",
    "replacing",
    "save_torch",
    "settle",
    "write_tensors",
    "write_tokenizer",
]
