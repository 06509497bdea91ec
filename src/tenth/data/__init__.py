"""Text in, tokens out: sources, splits, tokenizer, shards and a loader that resumes by number."""

from tenth.data.corpus import Corpus, Split, open_corpus
from tenth.data.counts import NGrams, Tables
from tenth.data.groups import grouping_flops, slots
from tenth.data.loader import Loader
from tenth.data.prepare import prepare
from tenth.data.sources import Document, iter_documents
from tenth.data.tokenizer import EOS, train_tokenizer

__all__ = [
    "EOS",
    "Corpus",
    "Document",
    "Loader",
    "NGrams",
    "Split",
    "Tables",
    "grouping_flops",
    "iter_documents",
    "open_corpus",
    "prepare",
    "slots",
    "train_tokenizer",
]
