"""Folders and files that do not hold what they promise: one clear line each."""

import json
import re

import pytest
import torch

from tenth.checkpoints import TensorFiles, write_tensors

from .stored import raw_header, sharded

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
ENTRY = b'{"dtype":"U8","shape":[1],"data_offsets":[0,1]}'
HEADERS = {
    "tensor 'x' is 'F7'; tenth knows F64": {"x": ["F7", [1], [0, 1]]},
    "tensor 'x' is None": {"x": [None, [1], [0, 1]]},
    "tensor 'x' has shape [-1]": {"x": ["U8", [-1], [0, 1]]},
    "tensor 'x' has shape [True]": {"x": ["U8", [True], [0, 1]]},
    "tensor 'x' has shape [0, 1073741824, 1073741824]": {
        "x": ["U8", [0, 2**30, 2**30], [0, 0]]
    },
    "tensor 'x' has shape [1, 1,": {"x": ["U8", [1] * 17, [0, 1]]},
    "tensor 'x' has data_offsets [1]": {"x": ["U8", [1], [1]]},
    "type F32 is said to lie at [0, 1]": {"x": ["F32", [1], [0, 1]]},
    "type F4 is said to lie at [0, 1]": {"x": ["F4", [1], [0, 1]]},
    "tensor 'y' starts at byte 0, not at 1": {"x": ["U8", [1], [0, 1]], "y": ["U8", [1], [0, 1]]},
    "tensor 'x' starts at byte 1, not at 0": {"x": ["U8", [1], [1, 2]]},
    "cut short in tensor 'x': 1 bytes of 2": {"x": ["U8", [2], [0, 2]]},
    "1 bytes follow its last tensor": {},
}  # fmt: skip
TEXTS = {
    "its header names 'x' twice": b'{"x":%b,"x":%b}' % (ENTRY, ENTRY),
    "its header is no JSON object": b"[1]",
    "its header says nothing of tensor 'x'": b'{"x":7}',
    "a nested header": b"[" * 100_000,
    "invalid start byte": b"\xff{}",
    "Expecting": b"{",
}


@pytest.mark.parametrize("message", HEADERS)
def test_a_header_that_does_not_add_up_is_refused(message, tmp_path):
    raw_header(tmp_path, HEADERS[message], b"\0")
    line = rf"model\.safetensors: truncated, or no safetensors \(.*{re.escape(message)}"
    with pytest.raises(ValueError, match=line):
        TensorFiles(tmp_path)


@pytest.mark.parametrize("message", TEXTS)
def test_a_header_that_is_no_header_is_refused(message, tmp_path):
    raw_header(tmp_path, {}, b"\0", TEXTS[message])
    with pytest.raises(ValueError, match=re.escape(message)):
        TensorFiles(tmp_path)


@pytest.mark.parametrize("length", [0, 3, 8, 9, 40, -1])
def test_a_file_cut_anywhere_is_refused(length, tmp_path):
    write_tensors(tmp_path, [("x", torch.ones(4))], max_shard_bytes=10**9)
    path = tmp_path / SINGLE
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ValueError, match=r"model\.safetensors: truncated, or no safetensors"):
        TensorFiles(tmp_path)


def test_a_header_of_absurd_length_costs_no_memory(tmp_path):
    for length in (2**63, 10**8 + 1, 2**20):
        (tmp_path / SINGLE).write_bytes(length.to_bytes(8, "little") + b"{}")
        with pytest.raises(ValueError, match=f"its header claims {length} bytes"):
            TensorFiles(tmp_path)


def test_a_pointer_of_git_lfs_says_what_to_do(tmp_path):
    (tmp_path / SINGLE).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    with pytest.raises(ValueError, match=r"a pointer of Git LFS; `git lfs pull` fetches"):
        TensorFiles(tmp_path)


def test_a_shard_cut_short_or_gone_is_named(tmp_path):
    first, second = sharded(tmp_path)
    second.write_bytes(second.read_bytes()[:-1])
    with pytest.raises(ValueError, match=f"{second.name}: truncated.*cut short in tensor 'b'"):
        TensorFiles(tmp_path)
    second.unlink()
    with pytest.raises(ValueError, match=f"{second.name}: this shard is missing$"):
        TensorFiles(tmp_path)
    first.unlink()
    with pytest.raises(ValueError, match=f"{first.name}: this shard is missing; 2 of 2 are"):
        TensorFiles(tmp_path)


def remapped(folder, **files) -> None:
    sharded(folder)
    index = json.loads((folder / INDEX).read_text())
    index["weight_map"] |= files
    (folder / INDEX).write_text(json.dumps(index))


def test_an_index_that_promises_what_a_shard_does_not_hold_is_refused(tmp_path):
    one, two = (f"model-0000{i}-of-00002.safetensors" for i in (1, 2))
    for values in ({"c": one}, {"a": two, "b": one}):
        remapped(tmp_path, **values)
        with pytest.raises(ValueError, match=f"does not hold tensor '[ac]', which {INDEX} puts"):
            TensorFiles(tmp_path)


OUTSIDE = ["../x.safetensors", "/etc/x.safetensors", "sub/x.safetensors", "..\\x.safetensors",
           "C:x.safetensors", "", ".", "..", "x\0.safetensors", 7, None]  # fmt: skip


@pytest.mark.parametrize("file", [*OUTSIDE, "pytorch_model.bin"])
def test_an_index_points_at_safetensors_in_its_folder_only(file, tmp_path):
    remapped(tmp_path, a=file)
    line = r"weight_map puts tensor 'a' in .*, which is no \.safetensors file of this folder"
    with pytest.raises(ValueError, match=line):
        TensorFiles(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"weight_map": []}', '{"weight_map": {}}'])
def test_an_index_without_a_map_is_refused(text, tmp_path):
    (tmp_path / INDEX).write_text(text)
    with pytest.raises(ValueError, match=re.escape(INDEX)):
        TensorFiles(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "consolidated.00.pth", "weights.pt"],
)
def test_pickled_weights_are_refused_by_name(name, tmp_path):
    (tmp_path / name).write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    line = f"{re.escape(name)} is a pickle, which can run code; convert it to safetensors$"
    with pytest.raises(ValueError, match=line):
        TensorFiles(tmp_path)
    write_tensors(tmp_path, [("x", torch.ones(1))], max_shard_bytes=10**9)
    assert TensorFiles(tmp_path).info.keys() == {"x"}  # beside safetensors it is left alone


def test_a_folder_without_weights_says_what_it_lacks(tmp_path):
    with pytest.raises(ValueError, match="it has neither"):
        TensorFiles(tmp_path)
    with pytest.raises(ValueError, match="nowhere is not a folder"):
        TensorFiles(tmp_path / "nowhere")
    sharded(tmp_path)
    (tmp_path / INDEX).unlink()
    with pytest.raises(ValueError, match=rf"model-00001-of-00002\.safetensors is there, {INDEX}"):
        TensorFiles(tmp_path)
