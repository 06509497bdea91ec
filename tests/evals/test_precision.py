"""A text costs nearly the same at each precision, and the model gets smaller."""

import pytest
import torch
from tests.conftest import story
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from tenth.checkpoints import write_tokenizer
from tenth.config import ModelConfig
from tenth.evals.precision import PRECISIONS, bits_per_byte_by_precision
from tenth.families import save_model
from tenth.model import Transformer, initialize

CONFIG = ModelConfig(vocab_size=257, d_model=64, n_layers=2, n_heads=2, n_kv_heads=1, d_head=32,
                     max_seq=32, n_experts=4, d_expert=32, top_k=2)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A byte-level tokenizer, and a model that learnt a little English on it."""
    folder = tmp_path_factory.mktemp("model")
    words = ["<|endoftext|>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={w: i for i, w in enumerate(words)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    write_tokenizer(folder, tokenizer)
    model = initialize(Transformer(CONFIG), 0)
    text = torch.tensor(tokenizer.encode(story(1)).ids)
    text = text[: len(text) // 33 * 33].view(-1, 33)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(40):
        (-model.log_prob(text[:, :-1], text[:, 1:]).log_prob.mean()).backward()
        optimizer.step()
        optimizer.zero_grad()
    save_model(model, folder)
    return folder


def test_precisions_are_compared_on_the_text(folder):
    rows = {row.name: row for row in bits_per_byte_by_precision(folder, story(2))}
    assert list(rows) == list(PRECISIONS)
    exact = rows["float32"]
    assert exact.text_bytes == len(story(2)) and 1 < exact.bits_per_byte < 5  # 8 knows nothing
    for name, most in (("bfloat16", 0.01), ("int8", 0.01), ("int4", 0.1), ("int4-64", 0.1)):
        assert abs(rows[name].bits_per_byte - exact.bits_per_byte) < most, rows[name]
    sizes = [rows[name].weight_bytes for name in ("float32", "bfloat16", "int8", "int4")]
    assert sizes == sorted(sizes, reverse=True)


def test_a_long_text_is_cut_between_letters(folder):
    (row,) = bits_per_byte_by_precision(folder, "né" * 100, ["float32"], most_bytes=50)
    assert row.text_bytes == 49


def test_bad_input_is_refused_in_one_line(folder):
    with pytest.raises(ValueError, match="precision 'int3' is not one of float32, bfloat16, int8"):
        bits_per_byte_by_precision(folder, "text", ["int3"])
    with pytest.raises(ValueError, match="the text is empty"):
        bits_per_byte_by_precision(folder, "")
