"""One product in C, and how the C source comes to run, or not."""

import os
import subprocess
import sys

import pytest
import torch

from tenth.model.native_parts import Part
from tenth.ops import native
from tenth.ops.packed import dequantized, pack, quantized

needs_c = pytest.mark.skipif(native.library() is None, reason=f"no C: {native.why_not()}")
SHAPES = [(1, 1), (3, 7), (16, 32), (33, 100), (70, 513), (130, 4100)]  # outputs, inputs


def product(matrix: native.Matrix, x: torch.Tensor) -> torch.Tensor:
    y = x.new_empty(matrix.outputs)
    failed = native.library().product(matrix, x.data_ptr(), y.data_ptr(), native.KINDS[x.dtype])
    assert not failed
    return y.float()


def assert_equal(ours, x, w):
    exact, terms = w.float() @ x.float(), (w.float().abs() @ x.float().abs()).max()
    assert (ours - exact).abs().max() <= (1e-6 if x.dtype == torch.float32 else 8e-3) * terms


@needs_c
@pytest.mark.parametrize("dtype", native.KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_stride_and_precision_gives_the_product(shape, dtype):
    part, x = Part(dtype), torch.randn(shape[1]).to(dtype)
    w = torch.randn(shape).to(dtype)
    assert_equal(product(part.matrix(w), x), x, w)
    wide = torch.randn(shape[0], shape[1] + 3).to(dtype)[:, 1:-2]  # in memory not aligned at all
    assert_equal(product(part.matrix(wide), x), x, wide)


@needs_c
@pytest.mark.parametrize("bits, group", [(8, 32), (4, 32), (4, 128)])
@pytest.mark.parametrize("dtype", native.KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_packed_weights_are_read_as_pytorch_packs_them(shape, dtype, bits, group):
    if bits == 4 and not native.int4_block():
        pytest.skip("PyTorch packs int4 in another order here")
    codes, x = quantized(torch.randn(shape).to(dtype), bits, group), torch.randn(shape[1]).to(dtype)
    part = Part(dtype)
    assert_equal(product(part.packed(pack(codes)), x), x, dequantized(codes))


@needs_c
def test_it_runs_on_as_many_threads_as_pytorch():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    assert native.library().threads() == 3
    torch.set_num_threads(before)


def started(folder, **environment) -> subprocess.Popen:
    said = "from tenth.ops import native; print(native.library() is not None, native.why_not())"
    return subprocess.Popen(
        [sys.executable, "-c", said], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(folder), **environment},
    )  # fmt: skip


def said_by(process: subprocess.Popen) -> str:
    out = process.communicate(timeout=120)[0]
    assert process.returncode == 0
    return out.strip()


@needs_c
def test_processes_that_build_at_the_same_time_leave_one_library_and_nothing_else(tmp_path):
    both = [started(tmp_path), started(tmp_path)]
    assert [said_by(process) for process in both] == ["True", "True"]
    (library,) = (tmp_path / "tenth").iterdir()
    built = library.stat().st_mtime_ns
    assert said_by(started(tmp_path)) == "True"
    assert library.stat().st_mtime_ns == built


def test_without_it_the_reason_is_said(tmp_path):
    assert said_by(started(tmp_path, TENTH_NATIVE="0")) == "False TENTH_NATIVE=0"
    assert "No such file" in said_by(started(tmp_path, CC="/no/compiler"))
    assert "false does not compile it: exit 1" in said_by(started(tmp_path, CC="false"))
    assert said_by(started(tmp_path, CC="", PATH="")) == "False there is no C compiler (cc)"
    (tmp_path / "file").touch()
    assert said_by(started(tmp_path / "file")).startswith("False [Errno")
