"""A tiny byte-level tokenizer and tiny models with random weights, made here."""

import numpy as np
import pytest
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from tenth.config import MemoryConfig, ModelConfig
from tenth.data import NGrams
from tenth.engine import Engine
from tenth.model import Counted, Transformer, initialize

TEXT = [
    "the cat sat on the mat and the dog sat on the log",
    "你好、世界。你好吗。",
    "👍🏽 👩‍👩‍👧 naïve café",
]
VOCAB = 320


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB - 4,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator(TEXT * 4, trainer)
    made.add_tokens([AddedToken("<tool 工具>", special=False)])
    assert made.get_vocab_size() < VOCAB  # the rest is padding: ids without a token
    return made


def _counted_text() -> np.ndarray:
    """One of three tokens follows each, so that what was counted goes on from any of them."""
    draw, tokens = np.random.default_rng(0), [1]
    for _ in range(4000):
        tokens.append((tokens[-1] * 7 + int(draw.integers(3))) % VOCAB)
    return np.array(tokens)


COUNTED = _counted_text()
TABLES = NGrams(COUNTED, VOCAB, order=3).estimate()
SPARSE = {"n_experts": 6, "top_k": 2, "d_expert": 8, "n_shared_experts": 1, "first_dense": 1}
MEMORY = {"memory": MemoryConfig(3, TABLES.n_grams, windows=(1, 3), d_gate=6)}
HEAD = {"head_groups": 7}
KINDS = {
    "dense": {},
    "sparse": SPARSE,
    "dense with memory": MEMORY,
    "sparse with routed head": SPARSE | HEAD,
    "sparse with memory and routed head": SPARSE | MEMORY | HEAD,
}
FULL = "sparse with memory and routed head"


def tiny(kind: str = FULL, max_seq: int = 64, seed: int = 0) -> Transformer:
    config = ModelConfig(
        vocab_size=VOCAB, d_model=24, n_layers=3, n_heads=4, n_kv_heads=2, d_head=6, d_ff=32,
        max_seq=max_seq, rotary_fraction=0.67, **KINDS[kind],
    )  # fmt: skip
    model = initialize(Transformer(config), seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():  # initialize leaves zeros, with which nothing would depend on anything
        for name, weight in model.named_parameters():
            if not weight.any():
                noise = torch.randn(weight.shape, generator=generator)
                weight.copy_(noise * (0.3 if "head" in name or "memory" in name else 0.5))
    slot_V = torch.randperm(VOCAB, generator=generator)
    tables = {name: torch.from_numpy(table) for name, table in TABLES.named().items()}
    return model.remember(Counted(slot_V, tables))


@pytest.fixture(scope="session")
def engine(tokenizer) -> Engine:
    return Engine(tiny(), tokenizer)


class Script:
    """Stands in for the model: says given tokens, one after another, whatever it reads."""

    def __init__(self, tokens: list[int], max_seq: int = 64):
        self.model, self.tokens = tiny("dense", max_seq), iter(tokens)
        self.config, self.embed, self.new_state = (
            self.model.config, self.model.embed, self.model.new_state,
        )  # fmt: skip

    def __call__(self, tokens, state):
        output = self.model(tokens, state)
        logits = torch.full_like(output.logits, -1e4)
        logits[..., next(self.tokens)] = 0
        return output._replace(logits=logits)


@pytest.fixture
def scripted(tokenizer):
    """An engine that answers with exactly these tokens."""
    return lambda tokens, max_seq=64: Engine(Script(tokens, max_seq), tokenizer)  # type: ignore
