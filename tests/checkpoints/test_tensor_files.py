"""Tensors of a folder by name: whole, in rows, into memory at hand, or carried unread."""

import os

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from tenth.checkpoints import TensorFiles, is_finite, replacing, write_tensors
from tenth.checkpoints.slices import PIECE, pieces

from .stored import raw_header, sharded

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
TYPES = [
    "float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e8m0fnu",
    "float8_e4m3fnuz", "float8_e5m2fnuz", "float4_e2m1fn_x2", "int64", "int32", "int16", "int8",
    "uint64", "uint32", "uint16", "uint8", "bool", "complex64",
]  # fmt: skip


def of_every_type() -> dict[str, torch.Tensor]:
    draw = torch.Generator().manual_seed(0)
    tensors = {}
    for name in TYPES:
        dtype = getattr(torch, name)
        raw = torch.randint(0, 2, (3, 5 * dtype.itemsize), dtype=torch.uint8, generator=draw)
        tensors[name] = raw.view(dtype)
    return tensors


def same_bytes(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.dtype == b.dtype and torch.equal(a.view(torch.uint8), b.view(torch.uint8))


def test_every_type_of_a_released_checkpoint_is_read_and_written_as_safetensors_does(tmp_path):
    tensors = of_every_type()
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir(), ours.mkdir()
    save_file(tensors, theirs / SINGLE)
    write_tensors(ours, tensors.items(), max_shard_bytes=10**9)
    files = TensorFiles(theirs)
    with safe_open(theirs / SINGLE, "pt") as oracle, safe_open(ours / SINGLE, "pt") as written:
        for name, tensor in tensors.items():
            assert same_bytes(files.read(name), oracle.get_tensor(name))
            assert same_bytes(written.get_tensor(name), tensor)
            assert list(files.info[name].shape) == oracle.get_slice(name).get_shape()
            assert files.info[name].dtype == written.get_slice(name).get_dtype()
            assert files.info[name].nbytes == tensor.nbytes


def test_rows_go_into_memory_of_any_layout_and_type(tmp_path):
    stored = torch.randn(7, 4, 3)
    write_tensors(tmp_path, [("x", stored)], max_shard_bytes=10**9)
    files = TensorFiles(tmp_path)
    part = stored[2:5]
    assert torch.equal(files.read("x", slice(2, 5)), part)
    assert torch.equal(files.read("x", slice(-2, None)), stored[-2:])
    turned = torch.zeros(3, 4, 3).transpose(0, 2)
    files.read_into("x", turned, slice(2, 5))
    assert torch.equal(turned, part)
    every_second = torch.nn.Parameter(torch.zeros(3, 8, 3, dtype=torch.bfloat16))
    files.read_into("x", every_second[:, ::2], slice(2, 5))
    assert torch.equal(every_second[:, ::2], part.bfloat16()) and not every_second[:, 1::2].any()


def test_a_tensor_of_several_pieces_comes_back_whole_whatever_its_layout(tmp_path):
    stored = torch.arange(3 * (PIECE // 2 + 5), dtype=torch.int32).view(3, -1)
    write_tensors(tmp_path, [("wide", stored), ("tall", stored.T)], max_shard_bytes=10**9)
    files = TensorFiles(tmp_path)
    assert torch.equal(files.read("wide"), stored) and torch.equal(files.read("tall"), stored.T)
    into = torch.empty(stored.shape[1], 3, dtype=torch.float64).T
    files.read_into("wide", into)
    assert torch.equal(into, stored.double())


def test_pieces_are_small_and_cover_the_tensor_in_order():
    for tensor in (
        torch.arange(2 * PIECE + 3),
        torch.arange(4 * PIECE).view(2, 2, PIECE).transpose(0, 1),
        torch.arange(2 * PIECE + 2).view(2, -1).T,
        torch.tensor(3),
        torch.zeros(0, 4),
    ):
        parts = list(pieces(tensor))
        assert all(part.numel() <= PIECE for part in parts)
        assert torch.equal(torch.cat([part.reshape(-1) for part in parts]), tensor.reshape(-1))


def test_a_place_of_another_shape_or_rows_that_are_none_are_refused(tmp_path):
    write_tensors(tmp_path, [("x", torch.ones(4, 3)), ("one", torch.tensor(1.0))], 10**9)
    files = TensorFiles(tmp_path)
    with pytest.raises(ValueError, match=r"'x' has shape \(4, 3\), its place \(3, 4\)"):
        files.read_into("x", torch.empty(3, 4))
    with pytest.raises(ValueError, match="'one' has no rows"):
        files.read("one", slice(0, 1))
    with pytest.raises(ValueError, match="one after another"):
        files.read("x", slice(0, 4, 2))
    with pytest.raises(ValueError, match="no file holds tensor 'y'"):
        files.read("y")


def test_infinity_and_nan_are_found_in_any_layout():
    tensor = torch.zeros(3, 2 * PIECE, dtype=torch.bfloat16).T
    assert is_finite(tensor)
    for bad in (float("nan"), float("inf")):
        tensor[PIECE + 7, 1] = bad
        assert not is_finite(tensor)


def test_hundreds_of_shards_are_read_with_one_handle_at_a_time(tmp_path):
    resource = pytest.importorskip("resource")
    tensors = [(f"t{i}", torch.full((8,), float(i))) for i in range(300)]
    write_tensors(tmp_path, tensors, max_shard_bytes=32)
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    handles = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 40
    resource.setrlimit(resource.RLIMIT_NOFILE, (handles + 8, most))
    try:
        files = TensorFiles(tmp_path)
        assert all(torch.equal(files.read(name), tensor) for name, tensor in tensors)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))
    assert len({info.file for info in files.info.values()}) == 300


def test_a_mapped_tensor_is_the_file_and_is_not_written_to(tmp_path):
    tensors = {"a": torch.randn(5, 3), "half": torch.randn(4).bfloat16(), "none": torch.empty(0, 2)}
    write_tensors(tmp_path, tensors.items(), max_shard_bytes=10**9)
    files = TensorFiles(tmp_path)
    for name, tensor in tensors.items():
        assert torch.equal(files.mapped(name), tensor)
    files.mapped("a").zero_()  # a private copy of the page
    assert torch.equal(TensorFiles(tmp_path).read("a"), tensors["a"])


def test_a_tensor_that_lies_askew_is_read_where_it_cannot_be_mapped(tmp_path):
    raw_header(tmp_path, {"b": ["U8", [1], [0, 1]], "x": ["F32", [1], [1, 5]]}, b"\0" * 5)
    assert torch.equal(TensorFiles(tmp_path).mapped("x"), torch.zeros(1))


# Carried along: tensors that no model has a place for.


def test_tensors_are_carried_byte_for_byte_whatever_their_type(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir(), target.mkdir()
    long = torch.randint(0, 255, (3, 2 * PIECE), dtype=torch.uint8).view(torch.float8_e4m3fn)
    tensors = {**of_every_type(), "long": long, "none": torch.empty(0, 3), "one": torch.tensor(2.5)}
    write_tensors(source, tensors.items(), max_shard_bytes=100)
    files = TensorFiles(source)
    assert len({info.file for info in files.info.values()}) > 5
    carried = [(f"mtp.{name}", files.unread(name)) for name in tensors]
    write_tensors(target, [*carried, ("own", torch.ones(2))], max_shard_bytes=10**9)
    copies = TensorFiles(target)
    assert copies.info.keys() == {name for name, _ in carried} | {"own"}
    for name, tensor in tensors.items():
        assert same_bytes(copies.read(f"mtp.{name}").view(-1), tensor.view(-1))
        assert b"".join(copies.chunks(f"mtp.{name}")) == b"".join(files.chunks(name))
        assert copies.info[f"mtp.{name}"].shape == files.info[name].shape
    with safe_open(target / SINGLE, "pt") as oracle:
        assert same_bytes(oracle.get_tensor("mtp.long"), long)


def test_a_folder_may_be_replaced_by_a_model_that_carries_its_tensors(tmp_path):
    write_tensors(tmp_path, [("model.w", torch.zeros(4)), ("mtp.w", torch.arange(4.0))], 16)
    files = TensorFiles(tmp_path)
    with replacing(tmp_path) as staging:
        write_tensors(staging, [("model.w", torch.ones(4)), ("mtp.w", files.unread("mtp.w"))], 99)
    again = TensorFiles(tmp_path)
    assert torch.equal(again.read("mtp.w"), torch.arange(4.0))
    assert torch.equal(again.read("model.w"), torch.ones(4))
    assert [path.name for path in tmp_path.iterdir()] == [SINGLE]


def test_types_that_torch_has_no_name_for_are_carried_and_said_not_to_be_readable(tmp_path):
    raw_header(tmp_path, {"x": ["F6_E2M3", [4], [0, 3]]}, b"abc")
    files = TensorFiles(tmp_path)
    with pytest.raises(ValueError, match="'x' is F6_E2M3, which torch cannot hold"):
        files.read("x")
    copy = tmp_path / "copy"
    copy.mkdir()
    write_tensors(copy, [("x", files.unread("x"))], max_shard_bytes=10**9)
    assert (copy / SINGLE).read_bytes().endswith(b"abc")


def test_a_file_that_changes_after_it_was_opened_is_not_misread(tmp_path):
    write_tensors(tmp_path, [("a", torch.ones(4)), ("b", torch.ones(4))], max_shard_bytes=10**9)
    files = TensorFiles(tmp_path)
    write_tensors(tmp_path, [("b", torch.ones(4))], max_shard_bytes=10**9)
    with pytest.raises(ValueError, match=r"model\.safetensors: the file changed"):
        files.read("b")


def test_two_tensors_of_one_name_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="two tensors are named 'a'"):
        write_tensors(tmp_path, [("a", torch.ones(1)), ("a", torch.ones(1))], 10**9)


def test_shards_that_are_links_into_a_cache_are_opened(tmp_path):
    blobs, snapshot = tmp_path / "blobs", tmp_path / "snapshot"
    blobs.mkdir(), snapshot.mkdir()
    for i, path in enumerate([*sharded(blobs), blobs / INDEX]):
        path.rename(blobs / str(i))
        (snapshot / path.name).symlink_to(blobs / str(i))
    assert TensorFiles(snapshot).info.keys() == {"a", "b"}
    (blobs / "1").unlink()  # a download that did not end
    with pytest.raises(ValueError, match="this shard is missing"):
        TensorFiles(snapshot)


def test_what_safetensors_writes_sharded_is_read_alike(tmp_path):
    write_tensors(tmp_path, of_every_type().items(), max_shard_bytes=64)
    files = TensorFiles(tmp_path)
    for path in tmp_path.glob("model-*.safetensors"):
        for name, tensor in load_file(path).items():
            assert same_bytes(files.read(name), tensor)
