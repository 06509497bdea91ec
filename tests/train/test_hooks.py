"""The optional loggers write what training saw."""

import sys
import time
from pathlib import Path

import pytest

from tenth.train.hooks import logger
from tenth.train.loop import Step


def steps() -> list[Step]:
    return [
        Step(i, 3, 100 * i, float(i), 64 * i, 3.0 - i, 1.0, 2.0 / i if i != 2 else None)
        for i in (1, 2, 3)
    ]


def test_no_logger_is_the_default_and_does_nothing(tmp_path: Path):
    log = logger("", tmp_path, "sparse")
    for step in steps():
        log(step)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_tensorboard_reads_back_loss_and_bits_per_byte(tmp_path: Path):
    reader = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator", reason="no tensorboard here"
    )
    log = logger("tensorboard", tmp_path, "sparse")
    for step in steps():
        log(step)
    events = reader.EventAccumulator(str(tmp_path / "tensorboard" / "sparse")).Reload()
    assert [e.value for e in events.Scalars("loss")] == [2.0, 1.0, 0.0]
    assert [e.step for e in events.Scalars("bits_per_byte")] == [1, 3]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_wandb_logs_offline(tmp_path: Path, monkeypatch):
    pytest.importorskip("wandb", reason="no wandb here")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    log = logger("wandb", tmp_path, "sparse")
    for step in steps():
        log(step)
    runs = list((tmp_path / "wandb").glob("offline-run-*/run-*.wandb"))
    assert len(runs) == 1
    deadline = time.monotonic() + 30  # its own process writes a moment later
    while runs[0].stat().st_size < 100 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert runs[0].stat().st_size > 100


def test_a_missing_logger_says_what_to_install(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ValueError, match=r"--log wandb: .* pip install 'tenth\[loggers\]'"):
        logger("wandb", tmp_path, "sparse")
