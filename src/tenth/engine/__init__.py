"""The engine: a model and a tokenizer in, text out as it comes."""

from tenth.engine.chat import chat_loop, is_chat_model
from tenth.engine.engine import Chunk, Engine
from tenth.engine.sequence import SamplingParams, Sequence

__all__ = ["Chunk", "Engine", "SamplingParams", "Sequence", "chat_loop", "is_chat_model"]
