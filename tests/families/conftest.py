"""Tiny models with weights that are not their initialization, and transformers kept offline."""

import os
from collections.abc import Callable

import pytest
import torch

from tenth.config import MemoryConfig, ModelConfig
from tenth.families.names import entries
from tenth.model import Transformer

os.environ["HF_HUB_OFFLINE"] = "1"

SMALL = {"vocab_size": 61, "d_model": 32, "n_layers": 3, "n_heads": 4, "n_kv_heads": 2,
         "d_head": 16, "d_ff": 48, "max_seq": 64}  # fmt: skip
SPARSE = {**SMALL, "n_experts": 6, "d_expert": 24, "top_k": 2}
MEMORY = MemoryConfig(layers=(0, 2), orders=(2, 3), n_heads=2, n_rows=97, d_row=8)

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
    "dense-memory": ModelConfig(**SMALL, memory=MEMORY),
    "sparse-memory": ModelConfig(**SPARSE, memory=MEMORY),
    "sparse-memory-shared": ModelConfig(
        **SPARSE, memory=MEMORY, n_shared_experts=1, first_dense=1, rotary_fraction=0.5
    ),
    "sparse-bigrams": ModelConfig(**SPARSE, memory=MemoryConfig((1,), (2,), 1, 31, 4)),
    "sparse-softmax": ModelConfig(**SPARSE, score="softmax", routed_scale=1.5),
    "one-expert": ModelConfig(**{**SPARSE, "n_experts": 1, "top_k": 1}),
}
ALL = CONFIGS | NATIVE


def filled(config: ModelConfig, seed: int = 0) -> Transformer:
    """Every tensor drawn from a normal; norms around one; router biases all different."""
    model = Transformer(config).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for entry in entries(model):
            if entry.zeros:
                continue
            noise = torch.randn(entry.tensor.shape, generator=generator)
            norm = entry.name.endswith("norm.weight")
            entry.tensor.copy_(1 + 0.2 * noise if norm else 0.2 * noise)
    return model


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
