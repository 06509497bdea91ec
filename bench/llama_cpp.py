"""Does llama.cpp say what we say? Our models as GGUF, greedy, token for token.

    make peers && python bench/llama_cpp.py --save     # writes bench/results/DATE-llama-cpp.json

A dense and two sparse models of random weights and a trained tokenizer are converted to GGUF and
run by llama.cpp (the `xllamacpp` wheel, which brings it built) behind its own HTTP server, keys and
values in float32, without flash attention, which rounds both to 16 bits. Compared are: the tokens
of texts; greedy continuations of their beginnings up to the first token that differs, and the
log-probability that each side gives its choice; the text that a chat template makes.
In float32 all must be equal. In bfloat16 and q8_0 llama.cpp rounds what comes into each product
too, and random weights have near ties: there the figures say how near the two stay.
"""

import json
import subprocess
import tempfile
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import torch
from tokenizers import Tokenizer

from tenth.config import ModelConfig
from tenth.data.tokenizer import train_tokenizer
from tenth.families import load_model, save_model
from tenth.families.converting import convert
from tenth.model import Transformer
from tenth.train.device import machine

PEER = Path(".venv-peers/bin/python")
SERVE = """
import sys, time, xllamacpp as x
p = x.CommonParams()
p.model.path, p.n_ctx, p.n_parallel, p.warmup = sys.argv[1], 512, 1, False
p.cache_type_k = p.cache_type_v = x.ggml_type.GGML_TYPE_F32
p.flash_attn_type = x.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
p.cpuparams.n_threads = 2
p.hostnames, p.port, p.use_jinja = ["127.0.0.1"], 0, True
server = x.Server(p)
print(server.listening_address, x.__version__, sep="\\t", flush=True)
sys.stdin.read()
"""
SMALL = ModelConfig(vocab_size=1000, d_model=256, n_layers=4, n_heads=4, n_kv_heads=2, d_head=64,
                    d_ff=512, max_seq=512)  # fmt: skip
SPARSE = replace(SMALL, n_experts=16, top_k=3, d_expert=128)
MODELS = {
    "dense": SMALL,
    "sparse": SPARSE,
    "sparse, shared expert, dense first layer, half RoPE, scale 2.5": replace(
        SPARSE, n_shared_experts=1, first_dense=1, rotary_fraction=0.5, routed_scale=2.5
    ),
}
TYPES = ("float32", "bfloat16", "q8_0")
TEXTS = (
    "def forward(self, x):\n    return self.down(F.silu(self.gate(x)) * self.up(x))\n",
    "The committee met on 14 March 2026. It's 3.5 %, isn't it?  \n\n\tYes.",
    "美联储于3月14日召开会议，利率维持不变。\r\n第二行　全角空格",
    "Grüße aus Zürich — naïve café, 1234567 №5, ½ … 🦙🦙 \u200d x\u0301",
    "<|user|> is plain text here, as is <|endoftext|>.",
    "    indented\n\n\n  three   spaces\t\ttabs ",
)
TEMPLATE = "{% for m in messages %}<|user|>\n{{ m['content'] }}{% endfor %}<|observation|>"
NEW = 24
ENDS = ("<|endoftext|>", "<|user|>", "<|observation|>")


@torch.no_grad()
def model_of(config: ModelConfig) -> Transformer:
    """Random weights under which one token is usually far likelier than the next."""
    model, generator = Transformer(config).eval(), torch.Generator().manual_seed(0)
    for name, tensor in (*model.named_parameters(), *model.named_buffers()):
        noise = torch.randn(tensor.shape, generator=generator)
        if name.endswith("norm.weight"):
            tensor.copy_(1 + 0.1 * noise)
        elif name.endswith("router.bias"):
            tensor.copy_(0.1 * noise)
        else:
            tensor.copy_(noise * (3 if "head" in name else 1) * tensor.size(-1) ** -0.5)
    return model


@torch.no_grad()
def greedy(model: Transformer, prompt: list[int], ends: set[int]) -> tuple[list[int], list[float]]:
    """Tokens up to one that ends a text, and the log-probability of each."""
    tokens, said, state = torch.tensor([prompt]), [], model.new_state()
    chosen: list[int] = []
    for _ in range(NEW):
        logits, _, state = model(tokens, state)
        log_p_V = logits[0, -1].float().log_softmax(-1)
        if int(log_p_V.argmax()) in ends:
            break
        chosen.append(int(log_p_V.argmax()))
        said.append(float(log_p_V.max()))
        tokens = torch.tensor([chosen[-1:]])
    return chosen, said


@contextmanager
def llama_cpp(python: Path, path: Path):
    """A function that asks the server of this model, and the server's build."""
    with open(path.with_suffix(".log"), "wb") as log:
        server = subprocess.Popen(
            [python, "-c", SERVE, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
    assert server.stdout and server.stdin
    try:
        line = next((x for x in iter(server.stdout.readline, b"") if x.startswith(b"http")), b"")
        if not line:
            raise click.ClickException(path.with_suffix(".log").read_text()[-1500:])
        address, build = line.decode().strip().split("\t")

        def ask(what: str, **values):
            body = json.dumps(values).encode()
            headers = {"Content-Type": "application/json"}
            with urllib.request.urlopen(
                urllib.request.Request(address + what, body, headers), timeout=300
            ) as answer:
                return json.load(answer)

        yield ask, build
    finally:
        server.stdin.close()
        server.wait(60)


def compare(ask, model: Transformer, tokenizer: Tokenizer) -> dict:
    ends = {tokenizer.token_to_id(token) for token in ENDS}
    same = total = equal_answers = compared = 0
    worst, differ = 0.0, []
    for text in TEXTS:
        theirs = ask("/tokenize", content=text, add_special=False, parse_special=False)["tokens"]
        if theirs != tokenizer.encode(text).ids:
            differ.append(text)
        prompt = tokenizer.encode(text).ids[:24]
        tokens, log_p = greedy(model, prompt, ends)
        answer = ask(
            "/completion", prompt=prompt, n_predict=NEW, temperature=0, ignore_eos=False,
            n_probs=1, return_tokens=True, cache_prompt=False, samplers=["top_k"], top_k=1,
            logit_bias=[],
        )  # fmt: skip
        theirs = answer["tokens"][: len(answer["tokens"]) - _ended(answer, ends)]
        total += len(tokens)
        equal_answers += tokens == theirs
        same += next(
            (i for i, pair in enumerate(zip(tokens, theirs, strict=False)) if pair[0] != pair[1]),
            min(len(tokens), len(theirs)),
        )
        # The server tells none for a token that leaves a character open: up to the first such.
        for ours, value, other in zip(
            tokens, log_p, answer["completion_probabilities"], strict=False
        ):
            if ours != other["id"]:
                break
            worst = max(worst, abs(value - other["top_logprobs"][0]["logprob"]))
            compared += 1
    made = ask("/apply-template", messages=[{"role": "user", "content": "What is 2 + 2?"}])
    return {
        "greedy_answers_equal": f"{equal_answers} of {len(TEXTS)}",
        "greedy_tokens_equal": same,
        "of": total,
        "log_probabilities_compared": compared,
        "largest_difference_in_log_probability": float(f"{worst:.2g}"),
        "texts_in_other_tokens": differ,
        "template_equal": made["prompt"] == "<|user|>\nWhat is 2 + 2?<|observation|>",
    }


def _ended(answer: dict, ends: set[int]) -> int:
    """Whether the token that ended the text is listed."""
    return int(bool(answer["tokens"]) and answer["tokens"][-1] in ends)


@click.command()
@click.option("--save", is_flag=True, help="Write bench/results/DATE-llama-cpp.json.")
@click.option("--peer", type=Path, default=PEER, help="The Python that has xllamacpp.")
def main(save: bool, peer: Path) -> None:
    if not peer.exists():
        raise click.ClickException(f"{peer} is not here: `make peers`")
    texts = [path.read_text() for path in sorted(Path("src/tenth").rglob("*.py"))]
    tokenizer = train_tokenizer(texts + list(TEXTS) * 3, SMALL.vocab_size)
    figures, build = {}, ""
    with tempfile.TemporaryDirectory() as folder:
        for name, config in MODELS.items():
            source = Path(folder) / "source"
            save_model(model_of(config), source, tokenizer)
            (source / "chat_template.jinja").write_text(TEMPLATE)
            for dtype in TYPES if name == "sparse" else TYPES[:1]:
                path = Path(folder) / f"{dtype}.gguf"
                convert(source, path, "gguf", dtype)
                model = load_model(source)
                if dtype == "bfloat16":
                    model = model.bfloat16().float()
                with llama_cpp(peer, path) as (ask, build):
                    figures[f"{name}: {dtype}"] = compare(ask, model, tokenizer)
                path.unlink()
                click.echo(f"{name}: {dtype}: {figures[f'{name}: {dtype}']}")
    if save:
        result = {"date": str(date.today()), "machine": machine(), "xllamacpp": build,
                  "command": "python bench/llama_cpp.py --save", "figures": figures}  # fmt: skip
        place = Path(f"bench/results/{date.today()}-llama-cpp.json")
        place.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
        click.echo(f"written: {place}")


if __name__ == "__main__":
    main()
