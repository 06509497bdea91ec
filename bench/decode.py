"""Tokens a second of one sequence on a CPU: ours at each precision beside transformers' Qwen3-MoE.

    python bench/decode.py --save      # into bench/results/DATE-decode.json, beside other threads'

326.6M parameters, 62.4M of them at work for a token, random and the same on both sides: 12 layers
of width 512, 64 experts of width 256 (top 8), a vocabulary of 32,000. A prompt of 512 tokens is
prefilled once; then every round continues it, each contender in turn, by the same tokens.
First ours in fp32 must give transformers' logits and the same greedy continuation; then everyone's
logits along that continuation are compared with transformers' in fp32.
"""

import json
import os
import statistics
import time
import warnings
from datetime import date
from pathlib import Path

import click
import torch
from transformers import Qwen3MoeConfig, Qwen3MoeForCausalLM

from tenth.config import ModelConfig
from tenth.model import Transformer
from tenth.model.decode import for_decoding
from tenth.model.quantized import quantize
from tenth.train.device import machine

OURS = ModelConfig(vocab_size=32000, d_model=512, n_layers=12, n_heads=8, n_kv_heads=2, d_head=64,
                   max_seq=1024, n_experts=64, top_k=8, d_expert=256, score="softmax")  # fmt: skip
PROMPT, GREEDY = 512, 16
GROUP = 32


def their_model() -> Qwen3MoeForCausalLM:
    """Random weights; the experts ten times the usual, so that they matter."""
    config = Qwen3MoeConfig(
        vocab_size=OURS.vocab_size, hidden_size=OURS.d_model, num_hidden_layers=OURS.n_layers,
        num_attention_heads=OURS.n_heads, num_key_value_heads=OURS.n_kv_heads,
        head_dim=OURS.d_head, num_experts=OURS.n_experts, num_experts_per_tok=OURS.top_k,
        moe_intermediate_size=OURS.d_expert, intermediate_size=OURS.d_ff, norm_topk_prob=True,
        max_position_embeddings=OURS.max_seq, tie_word_embeddings=True, rms_norm_eps=OURS.norm_eps,
        rope_parameters={"rope_type": "default", "rope_theta": OURS.rope_theta},
    )  # fmt: skip
    model = Qwen3MoeForCausalLM(config).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                std = 0.05 if "embed" in name else weight.size(-1) ** -0.5
                weight.normal_(std=std, generator=generator)
    return model


@torch.no_grad()
def our_model(theirs: Qwen3MoeForCausalLM, dtype: torch.dtype) -> Transformer:
    model = Transformer(OURS).to(dtype).eval()
    inner = theirs.model
    model.embed.weight.copy_(inner.embed_tokens.weight)
    model.head.weight.copy_(inner.embed_tokens.weight)
    model.norm.weight.copy_(inner.norm.weight)
    for ours, block in zip(model.blocks, inner.layers, strict=True):
        ours.attention_norm.weight.copy_(block.input_layernorm.weight)
        ours.mlp_norm.weight.copy_(block.post_attention_layernorm.weight)
        for letter in "qkvo":
            weight = getattr(block.self_attn, f"{letter}_proj").weight
            getattr(ours.attention, letter).weight.copy_(weight)
        ours.attention.q_norm.weight.copy_(block.self_attn.q_norm.weight)
        ours.attention.k_norm.weight.copy_(block.self_attn.k_norm.weight)
        ours.mlp.router.gate.copy_(block.mlp.gate.weight)
        gate, up = block.mlp.experts.gate_up_proj.chunk(2, dim=1)
        ours.mlp.experts.gate.copy_(gate)
        ours.mlp.experts.up.copy_(up)
        ours.mlp.experts.down.copy_(block.mlp.experts.down_proj)
    return model


class Ours:
    """Prefilled once; `step` continues from position PROMPT + i."""

    def __init__(self, model: Transformer, prompt):
        self.model = model
        out = model(prompt, model.new_state(1, OURS.max_seq))
        self.first, self.start, self.state = out.logits[0, -1], out.state, out.state

    def rewind(self):
        self.state = self.start

    def step(self, token):
        out = self.model(token, self.state)
        self.state = out.state
        return out.logits[0, -1]


class Theirs:
    def __init__(self, model: Qwen3MoeForCausalLM, prompt, experts: str):
        self.model, self.experts = model, experts
        self.model.set_experts_implementation("grouped_mm")
        out = model(prompt, use_cache=True)
        self.first, self.cache = out.logits[0, -1], out.past_key_values

    def rewind(self):
        self.model.set_experts_implementation(self.experts)
        extra = self.cache.get_seq_length() - PROMPT
        if extra:
            self.cache.crop(-extra)

    def step(self, token):
        return self.model(token, past_key_values=self.cache, use_cache=True).logits[0, -1]


def greedy(contender, n: int):
    """n tokens and the logits behind each."""
    contender.rewind()
    logits, tokens = [contender.first], []
    for _ in range(n):
        tokens.append(logits[-1].argmax().view(1, 1))
        logits.append(contender.step(tokens[-1]))
    return torch.cat(tokens, dim=1), torch.stack(logits).float()


def forced(contender, tokens):
    contender.rewind()
    steps = [contender.step(tokens[:, i : i + 1]) for i in range(tokens.size(1))]
    return torch.stack([contender.first, *steps]).float()


def compared(logits, expected) -> dict:
    p, q = expected.log_softmax(-1), logits.log_softmax(-1)
    return {
        "max_difference": round(((logits - expected).abs().max() / expected.abs().max()).item(), 7),
        "mean_kl": float(f"{(p.exp() * (p - q)).sum(-1).mean().item():.2e}"),
        "same_argmax": round((p.argmax(-1) == q.argmax(-1)).float().mean().item(), 3),
    }


def timed(contender, tokens) -> tuple[float, float]:
    """Median seconds of a step, by the clock and of the processor."""
    contender.rewind()
    clock, processor = [], []
    for i in range(tokens.size(1)):
        begun, worked = time.perf_counter(), time.process_time()
        contender.step(tokens[:, i : i + 1])
        processor.append(time.process_time() - worked)
        clock.append(time.perf_counter() - begun)
    return statistics.median(clock), statistics.median(processor)


def times_grouped_mm(seconds: dict[str, list[float]]) -> dict[str, float]:
    """Ratios of medians."""
    base = statistics.median(seconds["transformers grouped_mm"])
    return {k: round(base / statistics.median(v), 2) for k, v in seconds.items()}


def contenders(theirs, prompt) -> dict:
    made = {
        "transformers grouped_mm": Theirs(theirs, prompt, "grouped_mm"),
        "transformers batched_mm": Theirs(theirs, prompt, "batched_mm"),
        "tenth plain bf16": Ours(our_model(theirs, torch.bfloat16), prompt),
        "tenth bf16": Ours(for_decoding(our_model(theirs, torch.bfloat16)), prompt),
    }
    for bits in (8, 4):
        model = quantize(our_model(theirs, torch.bfloat16), bits, GROUP)
        made[f"tenth int{bits}"] = Ours(for_decoding(model), prompt)
    return made


@torch.inference_mode()
def measure(rounds: int, tokens_a_round: int) -> dict:
    theirs = their_model()
    prompt = torch.randint(OURS.vocab_size, (1, PROMPT), generator=torch.manual_seed(1))
    peer = Theirs(theirs, prompt, "grouped_mm")
    text, exact = greedy(peer, GREEDY)
    ours = Ours(for_decoding(our_model(theirs, torch.float32)), prompt)
    agreement = {"tenth fp32": compared(forced(ours, text), exact)}
    assert torch.equal(greedy(ours, GREEDY)[0], text), "another greedy continuation in fp32"
    assert agreement["tenth fp32"]["max_difference"] < 1e-4, agreement
    del ours, peer
    made = contenders(theirs.bfloat16(), prompt)
    for name, contender in made.items():
        agreement[name] = compared(forced(contender, text), exact)
    seconds = {name: [] for name in made}
    tokens = torch.randint(OURS.vocab_size, (1, tokens_a_round), generator=torch.manual_seed(2))
    for _ in range(rounds):
        for name, contender in made.items():
            seconds[name].append(timed(contender, tokens))
    clock = {name: [one for one, _ in both] for name, both in seconds.items()}
    processor = {name: [one for _, one in both] for name, both in seconds.items()}
    return {
        "parameters": sum(p.numel() for p in theirs.parameters()),
        "tokens_per_second": {k: round(1 / statistics.median(v), 1) for k, v in clock.items()},
        "best_round": {k: round(1 / min(v), 1) for k, v in clock.items()},
        "times_grouped_mm": times_grouped_mm(clock),
        "times_grouped_mm_by_processor_time": times_grouped_mm(processor),
        "against_transformers_fp32": agreement,
    }


@click.command()
@click.option("--rounds", default=15)
@click.option("--tokens", default=16, help="In each round, of each contender.")
@click.option("--threads", default=2)
@click.option("--save", is_flag=True)
def main(rounds: int, tokens: int, threads: int, save: bool):
    warnings.filterwarnings("ignore")
    torch.set_num_threads(threads)
    import transformers

    transformers.logging.set_verbosity_error()
    result = {
        "date": date.today().isoformat(),
        "command": f"python bench/decode.py --rounds {rounds} --tokens {tokens} "
        f"--threads {threads}",
        "machine": {**machine(), "transformers": transformers.__version__},
        "threads": threads,
        "load_before": os.getloadavg()[0],
        "context": PROMPT,
        "group": GROUP,
        **measure(rounds, tokens),
    }
    print(json.dumps(result, indent=2))
    if save:
        path = Path(__file__).parent / "results" / f"{result['date']}-decode.json"
        kept = json.loads(path.read_text()) if path.exists() else []
        kept = [one for one in kept if one["threads"] != threads]
        path.write_text(json.dumps([*kept, result], indent=1) + "\n")


if __name__ == "__main__":
    main()
