"""What the tests of stored tensors share."""

from collections.abc import Callable

import pytest

from tenth.checkpoints import Tensors
from tenth.checkpoints import slices as slices_module

from .stored import opened as opened_in


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Tensors]:
    """`opened(tensors, config)`: the plain view of a new folder with them."""
    return lambda tensors, config: opened_in(tmp_path_factory.mktemp("low"), tensors, config)


@pytest.fixture(params=["one piece", "many pieces"])
def piece(request, monkeypatch):
    """The pieces of a 2 GB tensor, on small ones."""
    if request.param == "many pieces":
        for module in ("forms", "slices", "low_precision"):
            monkeypatch.setattr(f"tenth.checkpoints.{module}.PIECE", 97)
        assert slices_module.PIECE == 97
