"""What only a CUDA device can show; elsewhere these skip."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tenth.config import ArmConfig, MemoryConfig, ModelConfig, TrainConfig
from tenth.data import Loader, NGrams
from tenth.model import Counted, Transformer, initialize
from tenth.ops import grouped_mm, grouped_mm_reference
from tenth.train.device import peak_bytes, reset_peak, resolve
from tenth.train.loop import Hooks, Interrupted, train

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here"),
]

VOCAB, DEVICE = 67, "cuda"


def text() -> np.ndarray:
    tokens = np.random.default_rng(0).integers(0, 64, 20_000).astype(np.uint16)
    tokens[1::2] = (tokens[::2] * 7 + 3) % 64
    return tokens


N_GRAMS = NGrams(text(), VOCAB, order=3)
TABLES = N_GRAMS.estimate()
MODEL = ModelConfig(vocab_size=VOCAB, d_model=64, n_layers=2, n_heads=2, n_kv_heads=1, d_head=32,
                    d_ff=96, max_seq=64, n_experts=8, top_k=2, d_expert=32, head_groups=6,
                    memory=MemoryConfig(3, TABLES.n_grams, windows=(1, 2)))  # fmt: skip
TRAIN = TrainConfig(steps=30, batch_size=8, seq_len=64, device=DEVICE, lr=0.02)


def loader() -> Loader:
    return Loader(text(), 64, 0, N_GRAMS.held_out_answers())


def counted() -> Counted:
    slot_V = torch.randperm(VOCAB, generator=torch.Generator().manual_seed(0))
    return Counted(slot_V, {name: torch.from_numpy(t) for name, t in TABLES.named().items()})


def random_model() -> Transformer:
    """On the CPU, with no weight left at zero."""
    model = initialize(Transformer(MODEL), 0).remember(counted()).eval()
    torch.manual_seed(0)
    for weight in model.parameters():
        if not weight.any():
            torch.nn.init.normal_(weight, std=0.1)
    return model


@pytest.mark.parametrize("rows", [[100, 0, 28, 0], [0, 0, 0, 128]])
def test_grouped_mm_in_bf16_equals_a_loop(rows):
    counts = torch.tensor(rows, device="cuda")
    x = torch.randn(128, 64, device="cuda", dtype=torch.bfloat16, requires_grad=True)
    w = torch.randn(4, 96, 64, device="cuda", dtype=torch.bfloat16, requires_grad=True)
    dy = torch.randn(128, 96, device="cuda", dtype=torch.bfloat16)
    results = []
    for op in (grouped_mm, grouped_mm_reference):
        y = op(x, w, counts)
        results.append([y, *torch.autograd.grad(y, (x, w), dy)])
    for fast, plain in zip(*results, strict=True):
        torch.testing.assert_close(fast, plain, rtol=0.05, atol=0.5)


def test_training_learns_on_cuda_and_counts_the_cards_memory(tmp_path: Path):
    config = resolve(ArmConfig(MODEL, TRAIN))
    assert config.train.dtype == "bfloat16"
    seen = []
    reset_peak("cuda")
    trained = train(config, loader(), tmp_path, Hooks(None, seen.append), counted())
    assert seen[-1].loss < seen[0].loss - 0.2
    assert 0 < peak_bytes("cuda") < 2**32
    assert trained.model.layers[0].mlp.router.bias.dtype == torch.float32
    for name, table in trained.model.memory.named_buffers():
        assert table.is_cuda and torch.equal(table.cpu(), counted().tables[name]), name


def test_a_stopped_run_goes_on_on_cuda(tmp_path: Path):
    config = resolve(ArmConfig(MODEL, TRAIN))
    count = []
    with pytest.raises(Interrupted):
        hooks = Hooks(None, count.append, lambda: len(count) == 7)
        train(config, loader(), tmp_path, hooks, counted())
    assert train(config, loader(), tmp_path, Hooks(), counted()).tokens == 30 * 8 * 64


@torch.no_grad()
def test_cached_decoding_equals_the_full_pass_on_cuda():
    model = random_model().to(DEVICE)
    tokens = torch.from_numpy(text()[:80].astype(np.int64)).view(2, 40).to(DEVICE)
    full, state, pieces = model(tokens).logits, model.new_state(2, 8), []
    for i in range(40):
        logits, _, state = model(tokens[:, i : i + 1], state)
        pieces.append(logits)
    error = (torch.cat(pieces, dim=1) - full).abs().max() / full.abs().max()
    assert error < 1e-3  # TF32 is off by default, but kernels differ


@torch.no_grad()
def test_the_mixture_on_cuda_is_that_on_the_cpu():
    model = random_model()
    tokens = torch.from_numpy(text()[:82].astype(np.int64)).view(2, 41)
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    cpu = model(inputs).logits, model.log_prob(inputs, targets).log_prob
    model = model.to(DEVICE)
    inputs, targets = inputs.to(DEVICE), targets.to(DEVICE)
    cuda = model(inputs).logits, model.log_prob(inputs, targets).log_prob
    for here, there in zip(cpu, cuda, strict=True):
        assert (here - there.cpu()).abs().max() / here.abs().max() < 1e-3
