"""A small random chat model and a server for it in a process of its own, for the benches."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from tenth.config import ModelConfig
from tenth.engine import Engine
from tenth.families import save_model
from tenth.model import Transformer, initialize
from tenth.server import serve

TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def make_model(folder: Path, max_seq: int) -> Path:
    """Sparse, with weights that make every token matter; what it says has no meaning."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=512, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )  # fmt: skip
    tokenizer.train_from_iterator([Path(__file__).read_text()] * 4, trainer)
    config = ModelConfig(
        vocab_size=512, d_model=64, n_layers=3, n_heads=4, n_kv_heads=2, d_head=16, d_ff=128,
        max_seq=max_seq, n_experts=8, top_k=2, d_expert=32, n_shared_experts=1, first_dense=1,
    )  # fmt: skip
    model = initialize(Transformer(config), 0)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weight in model.parameters():
            if not weight.any():
                weight.copy_(torch.randn(weight.shape, generator=generator) * 0.3)
    save_model(model, folder, tokenizer)
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    return folder


@contextmanager
def served(folder: Path, name: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server's process and its address."""
    command = [sys.executable, __file__, str(folder), name, *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            if " at http" not in line:
                raise RuntimeError(f"the server did not start: {line}{process.stderr.read()}")
            yield process, line.split(" at ")[1].split("/v1")[0]
            process.terminate()
            process.wait(60)
        finally:
            process.kill()


if __name__ == "__main__":
    torch.set_num_threads(1)
    _, folder, name, *limits = sys.argv
    slots, queue = map(int, limits or ("4", "32"))
    serve(Engine.open(Path(folder)), name, port=0, slots=slots, queue=queue)
