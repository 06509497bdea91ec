"""Weights against free memory, and the sentence when they are larger."""

import psutil

from tenth.engine import room
from tenth.engine.room import expectation, fits, free_memory, weight_bytes

GB = 10**9


def test_what_fits_needs_no_sentence():
    assert fits(8 * GB, free=9 * GB) and not fits(9 * GB, free=9 * GB)
    assert expectation(8 * GB, free=9 * GB) == ""
    assert expectation(1) == "" and fits(1)


def test_what_does_not_fit_is_said_with_what_to_expect():
    said = expectation(40 * GB, free=20 * GB)
    assert "take 40.0 GB and 20.0 GB of memory are free" in said and "memory-mapped" in said
    assert "about 55% of it" in said and "about 11 seconds a token" in said
    assert "about 0.55 seconds a token" in expectation(40 * GB, 2 * GB, free=20 * GB)


def test_free_memory_is_the_machines_or_less(tmp_path, monkeypatch):
    assert 0 <= free_memory() <= psutil.virtual_memory().total
    limit, used = tmp_path / "max", tmp_path / "current"
    monkeypatch.setattr(room, "GROUPS", (limit, used))
    limit.write_text("3000\n")
    used.write_text("1000\n")
    assert free_memory() == 2000
    limit.write_text("max\n")
    assert free_memory() > 2000


def test_the_weights_are_those_of_the_folder(tmp_path):
    (tmp_path / "model-00001-of-00002.safetensors").write_bytes(b"a" * 10)
    (tmp_path / "model-00002-of-00002.safetensors").write_bytes(b"a" * 5)
    (tmp_path / "config.json").write_bytes(b"{}")
    assert weight_bytes(tmp_path) == 15
