"""The engine: a model and a tokenizer in, text out as it comes."""

from tenth.engine.chat import chat_loop
from tenth.engine.engine import Engine
from tenth.engine.loop import Load, Loop
from tenth.engine.runner import Chunk
from tenth.engine.scheduler import QueueFull
from tenth.engine.sequence import Report, SamplingParams, Sequence, TokenLogprob

__all__ = [
    "Chunk",
    "Engine",
    "Load",
    "Loop",
    "QueueFull",
    "Report",
    "SamplingParams",
    "Sequence",
    "TokenLogprob",
    "chat_loop",
]
