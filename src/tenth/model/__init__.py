"""The model, forward only."""

from tenth.model.memory import Answers
from tenth.model.router import Routing
from tenth.model.transformer import Counted, Output, Scored, State, Transformer, initialize

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
