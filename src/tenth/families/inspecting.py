"""What a model is, from the headers of its files and its JSON: `tenth inspect`.

Any family's, also one that tenth does not run: what config.json does not say, names and shapes do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenth.checkpoints import read_json
from tenth.checkpoints.hub import open_headers
from tenth.families.config_file import ConfigFile
from tenth.families.counting import Counts, count
from tenth.families.facts import Facts
from tenth.families.registry import FAMILIES, read_config
from tenth.families.unsupported import why_not

TOKENIZERS = ("tokenizer.json", "tokenizer.model", "tiktoken.model")


@dataclass(frozen=True)
class Inspection:
    """Empty strings, zeros and None stand for what nothing says."""

    source: str
    architecture: str
    model_type: str
    layers: int
    sparse_layers: int
    d_model: int
    n_heads: int
    attention: str
    n_experts: int
    top_k: int
    shared_experts: int
    context: int
    rope: str
    vocab_size: int
    total: int
    active: int | None
    mtp_layers: int
    mtp: int
    other_senses: int
    bytes_by_type: Mapping[str, int]
    quantization: str
    memory: Mapping[str, int]  # bytes of the text model's weights by precision
    cache_per_token: int | None  # bytes in bfloat16; None: unknown, or it does not grow so
    window_cache: int  # bytes that layers with a window hold at most, on top
    tokenizer: str
    chat_template: bool
    refusals: tuple[str, ...]  # why tenth does not run it; none: it does


def inspect(model: str | Path) -> Inspection:
    """Of a folder or a hub id; neither reads a weight nor downloads one."""
    folder, tensors = open_headers(model)
    path = folder / "config.json"
    outer = read_json(path) if path.is_file() else {}
    facts = Facts(outer)
    counts = count(
        tensors, facts.number("num_hidden_layers") or None, facts.top_k, facts.packed_bits
    )
    layers = facts.number("num_hidden_layers") or len(counts.layers)
    cache, window_cache = facts.cache(layers)
    return Inspection(
        source=str(model),
        architecture=facts.architecture,
        model_type=facts.model_type,
        layers=layers,
        sparse_layers=len(counts.sparse_layers),
        d_model=facts.number("hidden_size") or counts.d_model,
        n_heads=facts.number("num_attention_heads"),
        attention=facts.attention(layers),
        n_experts=counts.n_experts,
        top_k=facts.top_k if counts.n_experts else 0,
        shared_experts=facts.number("n_shared_experts", "num_shared_experts"),
        context=facts.number("max_position_embeddings", "n_positions", "max_sequence_length"),
        rope=facts.rope(),
        vocab_size=facts.number("vocab_size") or counts.embedding // max(counts.d_model, 1),
        total=counts.total,
        active=counts.active,
        mtp_layers=len(counts.ahead_layers),
        mtp=counts.ahead,
        other_senses=counts.other_senses,
        bytes_by_type=dict(sorted(counts.bytes_by_type.items(), key=lambda item: -item[1])),
        quantization=facts.quantization(),
        memory=memory(counts),
        cache_per_token=cache,
        window_cache=window_cache,
        tokenizer=next((name for name in TOKENIZERS if (folder / name).is_file()), ""),
        chat_template=_has_template(folder),
        refusals=tuple(_refusals(folder, outer, facts.model_type)),
    )


def memory(counts: Counts) -> dict[str, int]:
    """Bytes of the weights, as `--quantize` makes them: routers, norms and embedding in bfloat16,
    the head in int8 (also where it is the embedding again). int8 has a 16-bit scale for each
    output, int4 a 16-bit scale and zero for each 32 inputs."""
    head = counts.head or counts.embedding
    matrices = counts.total - counts.kept - counts.embedding - counts.head
    whole = 2 * (counts.kept + counts.embedding) + head + 2 * head // max(counts.d_model, 1)
    return {
        "float32": 4 * counts.total,
        "bfloat16": 2 * counts.total,
        "int8": whole + matrices + 2 * counts.rows,
        "int4": whole + matrices * (4 * 32 + 32) // (8 * 32),
    }


def _has_template(folder: Path) -> bool:
    if any(folder.glob("chat_template*.jinja")) or (folder / "chat_template.json").is_file():
        return True
    path = folder / "tokenizer_config.json"
    return path.is_file() and bool(read_json(path).get("chat_template"))


def _refusals(folder: Path, outer: dict[str, Any], model_type: str) -> Iterator[str]:
    path = folder / "config.json"
    reason = why_not(model_type, [family.model_type for family in FAMILIES])
    if not outer:
        yield "it has no config.json"
    elif reason:
        yield reason
    else:
        try:
            read_config(ConfigFile(path, outer))
        except ValueError as error:
            yield str(error).removeprefix(f"{path}: ")
    if not any((folder / name).is_file() for name in TOKENIZERS):
        yield "it has no tokenizer"


def rows(found: Inspection) -> list[tuple[str, str]]:
    """What `tenth inspect` prints: a label and its text."""
    told = [
        ("architecture", found.architecture or "not said"),
        ("family", found.model_type or "not said"),
        ("layers", _layers(found)),
        ("attention", found.attention),
        ("experts", _experts(found)),
        ("context", f"{found.context:,} tokens" if found.context else ""),
        ("positions", found.rope),
        ("vocabulary", f"{found.vocab_size:,}" if found.vocab_size else ""),
        ("parameters", _parameters(found)),
        ("on disk", _on_disk(found)),
        *((f"as {name}", size(n)) for name, n in found.memory.items()),
        ("cache", _cache(found)),
        ("tokenizer", found.tokenizer or "none"),
        ("chat template", "there" if found.chat_template else "none: it continues text"),
        ("tenth", "runs it" if not found.refusals else "; ".join(found.refusals)),
    ]
    return [(label, _printable(text)) for label, text in told if text]


def _printable(text: str) -> str:
    """A config.json of a stranger's writes no escape codes to the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _layers(found: Inspection) -> str:
    said = f"{found.layers} of width {found.d_model:,}" if found.layers else ""
    if found.n_experts and found.sparse_layers < found.layers:
        said += f", {found.sparse_layers} of them sparse"
    if found.mtp_layers:
        s = "s" * (found.mtp_layers > 1)
        said += f"; {found.mtp_layers} more layer{s} to predict ahead (MTP)"
    return said


def _experts(found: Inspection) -> str:
    if not found.n_experts:
        return "none, a dense model"
    used = f"{found.top_k} of {found.n_experts}" if found.top_k else f"{found.n_experts}"
    shared = f", and {found.shared_experts} shared" if found.shared_experts else ""
    return f"{used} for a token{shared}" if found.top_k else f"{used}{shared}"


def _parameters(found: Inspection) -> str:
    active = "an unknown share" if found.active is None else amount(found.active)
    said = f"{amount(found.total)}, of which a token reads {active}"
    if found.mtp:
        said += f"; {amount(found.mtp)} more in MTP"
    if found.other_senses:
        said += f"; {amount(found.other_senses)} more for images or sound"
    return said


def _on_disk(found: Inspection) -> str:
    whole = size(sum(found.bytes_by_type.values()))
    kinds = ", ".join(f"{size(n)} {kind}" for kind, n in found.bytes_by_type.items())
    return f"{whole}: {kinds}" + (f" ({found.quantization})" if found.quantization else "")


def _cache(found: Inspection) -> str:
    if found.cache_per_token is None:
        return ""
    said = f"{size(1000 * found.cache_per_token)} for 1,000 tokens, in bfloat16"
    if found.window_cache:
        said += f"; at most {size(found.window_cache)} more for layers with a window"
    return said


def amount(n: int) -> str:
    """1.2T, 30.5B, 326.6M, 12,345."""
    for unit, name in ((10**12, "T"), (10**9, "B"), (10**6, "M")):
        if n >= unit:
            return f"{n / unit:,.1f}{name}"
    return f"{n:,}"


def size(n: int) -> str:
    """Bytes, in powers of a thousand: 1.2 TB, 61.1 GB, 812 bytes."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if n >= unit:
            return f"{n / unit:,.1f} {name}"
    return f"{n} bytes"
