"""Tiny models with weights that are not their initialization, and transformers kept offline."""

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from tenth.config import MemoryConfig, ModelConfig
from tenth.data import NGrams
from tenth.families.glm4_moe import NAMES
from tenth.families.names import entries
from tenth.model import Counted, Transformer

os.environ["HF_HUB_OFFLINE"] = "1"

SMALL = {"vocab_size": 61, "d_model": 32, "n_layers": 3, "n_heads": 4, "n_kv_heads": 2,
         "d_head": 16, "d_ff": 48, "max_seq": 64}  # fmt: skip
SPARSE = {**SMALL, "n_experts": 6, "d_expert": 24, "top_k": 2}


def _text() -> np.ndarray:
    """Three tokens may follow each one, so that many n-grams stand in it more than once."""
    draw, tokens = np.random.default_rng(0), [1]
    for _ in range(700):
        tokens.append((tokens[-1] * 7 + int(draw.integers(3))) % 60 + 1)
    return np.array(tokens)


TEXT = _text()


def tables(order: int):
    return NGrams(TEXT, 61, order).estimate()


def memory(order: int, *windows: int) -> MemoryConfig:
    n_grams = tables(order).n_grams if order else ()
    return MemoryConfig(order, n_grams, windows, d_gate=8)


BOTH = {"memory": memory(4, 1, 2, 4), "head_groups": 5}

CONFIGS = {
    "dense": ModelConfig(**SMALL),
    "dense-theta": ModelConfig(**SMALL, rope_theta=500.0, norm_eps=1e-5),
    "sparse": ModelConfig(**SPARSE),
    "sparse-shared": ModelConfig(**SPARSE, n_shared_experts=1),
    "sparse-two-shared": ModelConfig(**SPARSE, n_shared_experts=2, routed_scale=2.5),
    "sparse-first-dense": ModelConfig(**{**SPARSE, "top_k": 3}, first_dense=1),
    "sparse-half-rotary": ModelConfig(**{**SPARSE, "top_k": 1}, rotary_fraction=0.5),
}
NATIVE = {
    "dense-half-rotary": ModelConfig(**SMALL, rotary_fraction=0.5),
    "dense-head": ModelConfig(**SMALL, head_groups=8),
    "dense-memory": ModelConfig(**SMALL, memory=memory(3, 1, 2)),
    "sparse-head": ModelConfig(**SPARSE, head_groups=5),
    "sparse-copies": ModelConfig(**{**SPARSE, "max_seq": 15}, memory=memory(0, 1, 3)),
    "sparse-counts": ModelConfig(**SPARSE, memory=memory(3)),
    "sparse-memory": ModelConfig(**SPARSE, memory=memory(2, 2)),
    "sparse-head-memory": ModelConfig(**SPARSE, **BOTH),
    "sparse-head-memory-shared": ModelConfig(
        **SPARSE, **BOTH, n_shared_experts=1, first_dense=1, rotary_fraction=0.5, score="softmax"
    ),
    "sparse-softmax": ModelConfig(**SPARSE, score="softmax", routed_scale=1.5),
    "one-expert": ModelConfig(**{**SPARSE, "n_experts": 1, "top_k": 1}),
}
ALL = CONFIGS | NATIVE
UNTRAINED = replace(NATIVE["sparse-head-memory"], memory=MemoryConfig())  # before a text is counted


def filled(config: ModelConfig, seed: int = 0) -> Transformer:
    """Every tensor drawn from a normal; norms around one; router biases all different. The
    memory's tables are TEXT's, and the routed head's slots are shuffled."""
    model = Transformer(config).eval()
    generator = torch.Generator().manual_seed(seed)
    counted = {name for name, _ in model.named_buffers() if name.startswith("memory.")}
    with torch.no_grad():
        for entry in entries(model, NAMES):
            if entry.zeros or entry.name in {*counted, "lm_head.slot_V"}:
                continue
            noise = torch.randn(entry.tensor.shape, generator=generator)
            norm = entry.name.endswith("norm.weight")
            entry.tensor.copy_(1 + 0.2 * noise if norm else 0.2 * noise)
    slot_V = torch.randperm(config.vocab_size, generator=generator)
    made = tables(config.memory.order).named() if counted else {}
    return model.remember(Counted(slot_V, {n: torch.from_numpy(a) for n, a in made.items()}))


@pytest.fixture
def make() -> Callable[[str], Transformer]:
    return lambda name: filled(ALL[name])


@pytest.fixture(scope="session", autouse=True)
def remote_code_stays_in_a_temporary_folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("hf_modules")
        patch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(cache))
        patch.syspath_prepend(str(cache))
        yield
