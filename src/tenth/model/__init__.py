"""The model, forward only."""

from tenth.model.router import Routing
from tenth.model.transformer import Output, State, Transformer, initialize

__all__ = ["Output", "Routing", "State", "Transformer", "initialize"]
