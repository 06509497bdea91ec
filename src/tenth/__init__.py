"""tenth: does a sparse model pay on your text, how much, and thanks to what?

The names below are imported when they are first used: `import tenth` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenth.config import (
        ArmConfig,
        DataConfig,
        MemoryConfig,
        ModelConfig,
        TrainConfig,
        override,
    )
    from tenth.engine import Engine, SamplingParams
    from tenth.families import load_model as load
    from tenth.families import save_model as save
    from tenth.model import Transformer

__version__ = "0.6.0"

_HOMES = {
    "ArmConfig": "config",
    "DataConfig": "config",
    "MemoryConfig": "config",
    "ModelConfig": "config",
    "TrainConfig": "config",
    "override": "config",
    "Transformer": "model",
    "Engine": "engine",
    "SamplingParams": "engine",
    "load": "families",
    "save": "families",
}
_SPELLED = {"load": "load_model", "save": "save_model"}

__all__ = [
    "ArmConfig",
    "DataConfig",
    "Engine",
    "MemoryConfig",
    "ModelConfig",
    "SamplingParams",
    "TrainConfig",
    "Transformer",
    "__version__",
    "load",
    "override",
    "save",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tenth' has no attribute {name!r}")
    return getattr(import_module(f"tenth.{_HOMES[name]}"), _SPELLED.get(name, name))
