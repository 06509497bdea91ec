"""Where training runs, in which dtype, and what memory it is said to take."""

import sys
from dataclasses import replace

import pytest
import torch

from tenth.config import ArmConfig, ModelConfig, TrainConfig
from tenth.train.device import (
    machine,
    other_work,
    peak_bytes,
    reset_peak,
    resolve,
    resolve_device,
)

DENSE = ModelConfig(vocab_size=64, d_model=32, n_layers=1, n_heads=2, n_kv_heads=1, d_head=16,
                    d_ff=48, max_seq=16)  # fmt: skip
TRAIN = TrainConfig(batch_size=4, seq_len=16, device="cpu")


def test_a_device_that_is_not_there_is_refused_with_those_that_are():
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(ValueError, match="--device cuda is not on this machine; there is: cpu"):
        resolve_device("cuda")
    assert resolve_device("auto") == "cpu"


def test_auto_settles_on_one_dtype_and_a_micro_batch_and_a_choice_is_kept():
    settled = resolve(ArmConfig(DENSE, TRAIN)).train
    assert settled.dtype in ("float32", "bfloat16") and settled.micro_batch == 4
    for dtype in ("float32", "bfloat16"):
        assert resolve(ArmConfig(DENSE, replace(TRAIN, dtype=dtype))).train.dtype == dtype


def test_experts_on_a_cpu_take_float32():
    sparse = replace(DENSE, n_experts=4, top_k=2, d_expert=16)
    assert resolve(ArmConfig(sparse, TRAIN)).train.dtype == "float32"


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is reset on Linux alone")
def test_the_peak_counts_from_the_reset_on():
    block = torch.ones(60_000_000)  # 240 MB
    high = peak_bytes("cpu")
    del block
    reset_peak("cpu")
    low = peak_bytes("cpu")
    assert low < high - 150e6
    again = torch.ones(30_000_000)
    assert low + 80e6 < peak_bytes("cpu") < high - 50e6
    del again


def test_the_machine_is_described_in_words():
    assert {"cpu", "threads", "gpu", "python", "torch"} <= machine().keys()
    assert all(isinstance(value, str) for value in machine().values())


def test_other_work_is_told_by_the_systems_load(monkeypatch):
    threads = torch.get_num_threads()
    for load, busy in ((0.3, False), (1.4 * threads, False), (1.6 * threads, True)):
        monkeypatch.setattr("os.getloadavg", lambda load=load: (load, 0.0, 0.0))
        assert other_work() is busy
    monkeypatch.delattr("os.getloadavg")  # as on Windows
    assert other_work() is False
