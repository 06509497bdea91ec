"""The model, forward only."""

from tenth.model.initialize import initialize
from tenth.model.memory import Answers
from tenth.model.router import Routing
from tenth.model.transformer import Counted, Output, Scored, State, Transformer

__all__ = [
    "Answers",
    "Counted",
    "Output",
    "Routing",
    "Scored",
    "State",
    "Transformer",
    "initialize",
]
