"""Files that are wholly old or wholly new, and safetensors written one tensor at a time."""

import os
import re

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer, models

from tenth.checkpoints import (
    TensorFiles,
    load_tokenizer,
    load_torch,
    read_json,
    save_torch,
    write_tensors,
    write_tokenizer,
)
from tenth.files import atomic_write_bytes, atomic_write_json, atomic_write_text


def test_a_write_that_dies_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "notes.txt"
    atomic_write_text(path, "old")

    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", dies)
    with pytest.raises(KeyboardInterrupt):
        atomic_write_text(path, "new")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["notes.txt"]


def test_bytes_text_and_json_come_back(tmp_path):
    atomic_write_bytes(tmp_path / "a", b"\x00\xff")
    atomic_write_json(tmp_path / "b", {"é": [1, None]})
    assert (tmp_path / "a").read_bytes() == b"\x00\xff"
    assert read_json(tmp_path / "b") == {"é": [1, None]}


def test_a_training_state_comes_back(tmp_path):
    path = tmp_path / "checkpoint.pt"
    weight = torch.nn.Parameter(torch.randn(4, 3))
    optimizer = torch.optim.Adam([weight])
    weight.sum().backward()
    optimizer.step()
    save_torch(path, {"step": 3, "optim": optimizer.state_dict(), "rng": torch.get_rng_state()})
    state = load_torch(path)
    assert state["step"] == 3
    moment = state["optim"]["state"][0]["exp_avg"]
    assert torch.equal(moment, optimizer.state[weight]["exp_avg"])
    moment += 1  # the mapped file is not written to
    assert not torch.equal(load_torch(path)["optim"]["state"][0]["exp_avg"], moment)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_training_state_says_what_to_do(share, tmp_path):
    path = tmp_path / "checkpoint.pt"
    save_torch(path, {"weight": torch.randn(1000)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    line = f"^truncated checkpoint: {re.escape(str(path))} .*; delete it to start this arm again$"
    with pytest.raises(ValueError, match=line):
        load_torch(path)


def test_no_training_state_is_no_truncated_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_torch(tmp_path / "checkpoint.pt")


def test_safetensors_reads_what_we_write_views_and_every_type_included(tmp_path):
    stacked = torch.randn(3, 4, 5)
    tensors = {
        "half": torch.randn(3).half(), "brain": torch.randn(2, 3).bfloat16(),
        "wide": torch.randn(7).double(), "one": stacked[1], "turned": stacked[2].T,
        "scalar": torch.tensor(2.5), "zeros": torch.zeros(()).expand(2, 2),
        "empty": torch.zeros(0, 4), "whole": torch.tensor([-1, 2**62]),
    }  # fmt: skip
    write_tensors(tmp_path, tensors.items(), max_shard_bytes=10**9)
    read = load_file(tmp_path / "model.safetensors")
    files = TensorFiles(tmp_path)
    assert read.keys() == tensors.keys() == files.info.keys()
    for name, tensor in tensors.items():
        assert torch.equal(read[name], tensor) and read[name].dtype == tensor.dtype
        assert torch.equal(files.read(name), tensor)
        assert files.info[name].shape == tuple(tensor.shape)


def test_a_tensor_in_two_shards_is_refused(tmp_path):
    write_tensors(tmp_path, [("a", torch.ones(4)), ("b", torch.ones(4))], max_shard_bytes=16)
    first, second = sorted(tmp_path.glob("model-*.safetensors"))
    second.write_bytes(first.read_bytes())
    with pytest.raises(ValueError, match=r"tensor 'a' is in .* too"):
        TensorFiles(tmp_path)


def test_an_empty_or_garbled_tokenizer_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"has no tokenizer\.json"):
        load_tokenizer(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(ValueError, match=r"tokenizer\.json: truncated, or no tokenizer"):
        load_tokenizer(tmp_path)


def test_a_tokenizer_whose_end_is_not_token_0_is_refused(tmp_path):
    with pytest.raises(ValueError, match="has id None, not 0"):
        write_tokenizer(tmp_path, Tokenizer(models.BPE()))
