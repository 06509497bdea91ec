"""Weights, tokenizers and training states on disk: atomic, streamed, complete or refused."""

from tenth.checkpoints.folder import (
    load_torch,
    replacing,
    save_torch,
    settle,
)
from tenth.checkpoints.headers import Info
from tenth.checkpoints.index import read_json
from tenth.checkpoints.low_precision import plain
from tenth.checkpoints.slices import is_finite
from tenth.checkpoints.tensors import TensorFiles, Tensors
from tenth.checkpoints.tokenizer import load_tokenizer, write_tokenizer
from tenth.checkpoints.writing import Unread, write_tensors

__all__ = [
    "Info",
    "TensorFiles",
    "Tensors",
    "Unread",
    "is_finite",
    "load_tokenizer",
    "load_torch",
    "plain",
    "read_json",
    "replacing",
    "save_torch",
    "settle",
    "write_tensors",
    "write_tokenizer",
]
