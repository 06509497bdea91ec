"""Every setting of tenth, as frozen dataclasses, and `override`, which changes one by its name."""

import difflib
import json
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar, get_args, get_type_hints

C = TypeVar("C")
HEAD_MULTIPLE = 8  # words of a head's group come in such: grouped_mm wants 16 bytes in bf16


@dataclass(frozen=True)
class DataConfig:
    """Which text, and how it becomes tokens."""

    paths: tuple[
        str, ...
    ] = ()  # files, folders, globs; empty: the running Python's standard library
    field: str = "text"  # which field of JSON lines and Parquet
    split_on: str = ""  # "" : a file is one document; "blank-line": so is each paragraph block
    held_out: tuple[str, ...] = ()  # the user's own verdict text
    vocab_size: int = 0  # 0: follows from the budget


@dataclass(frozen=True)
class ReadConfig:
    """How archives and documents are read, and what they may cost. Every limit is on what really
    comes out, never on what a file says of itself."""

    ocr: str = "auto"  # where a page has no text or a garbled one; or "never", "always"
    tables: bool = True  # off: text and its layout alone, several times as fast
    max_members: int = 20_000  # files in one archive, those of archives inside it included
    max_depth: int = 4  # archives within archives
    max_member_bytes: int = 1 << 30  # of one unpacked member
    max_total_bytes: int = 8 << 30  # of all of them
    max_ratio: float = 250.0  # bytes out for each byte in, beyond the first 32 MiB
    max_part_bytes: int = 192 << 20  # of an office file's parts, unpacked
    max_pages: int = 20_000  # of one document
    max_cells: int = 2_000_000  # of one document
    max_pixels: int = 64_000_000  # of one image
    unpack_seconds: float = 900.0  # for one archive, all inside it included
    document_seconds: float = 120.0  # for a document that is read in one go
    cpu_seconds: float = 5.0  # of processor time for such a one, or some pages; more with its size
    page_seconds: float = 8.0  # for a page of a PDF
    ocr_seconds: float = 60.0  # for a page that is read by OCR
    worker_bytes: int = 384 << 20  # what a document may add to its worker's memory

    def __post_init__(self):
        if self.ocr not in ("auto", "never", "always"):
            raise ValueError(f"ReadConfig.ocr: {self.ocr!r} is not one of auto, never, always")
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name not in ("ocr", "tables") and not value > 0:
                raise ValueError(f"ReadConfig.{item.name}: {value} is not above 0")


@dataclass(frozen=True)
class MemoryConfig:
    """Conditional memory: experts that need no weights, beside the network's own prediction: what
    the training text counted, and what followed the same tokens earlier in the window."""

    order: int = 5  # n-grams up to this length, modified Kneser-Ney; 0: no counts
    n_grams: tuple[int, ...] = ()  # how many of order 2, 3, ...: follows from the text
    windows: tuple[int, ...] = (1, 2, 4)  # an expert each: copies after so many equal tokens
    d_gate: int = 32  # what the gate makes of the experts' own confidence

    def __post_init__(self):
        if self.order < 0 or self.order == 1:
            raise ValueError(f"MemoryConfig.order: {self.order} is neither 0 nor 2 or more")
        if any(a >= b for a, b in zip((0, *self.windows), self.windows, strict=False)):
            raise ValueError(f"MemoryConfig.windows: {self.windows} does not rise from 1 or more")
        if not self.order and not self.windows:
            raise ValueError("MemoryConfig.order: 0 without windows leaves nothing to remember")
        if self.n_grams and len(self.n_grams) != max(0, self.order - 1):
            raise ValueError(
                f"MemoryConfig.n_grams: {self.n_grams} is not one number for each of the "
                f"orders 2 to {self.order}"
            )
        if self.d_gate < 1:
            raise ValueError(f"MemoryConfig.d_gate: {self.d_gate} is below 1")

    @property
    def n_experts(self) -> int:
        """The network not counted."""
        return (self.order > 0) + len(self.windows)

    @property
    def n_features(self) -> int:
        """One for each context length that was counted, one for each window."""
        return max(0, self.order - 1) + len(self.windows)


@dataclass(frozen=True)
class RopeScaling:
    """RoPE stretched over a longer context than the one a model was first trained at.

    "yarn" (arXiv 2309.00071) stretches slow frequencies and keeps fast ones, "llama3" likewise by
    wavelength, "linear" stretches all. `attention_factor` multiplies cosines and sines.
    """

    kind: str = "yarn"  # or "llama3", "linear"
    factor: float = 1.0
    original_max_seq: int = 4096
    fast: float = 32.0  # turns within the original context: frequencies above it are kept,
    slow: float = 1.0  # and those below it stretched fully
    truncate: bool = True  # YaRN's ramp begins and ends at whole dimensions
    attention_factor: float = 1.0

    def __post_init__(self):
        if self.kind not in ("yarn", "llama3", "linear"):
            raise ValueError(f"RopeScaling.kind: {self.kind!r} is not one of yarn, llama3, linear")
        for name in ("factor", "original_max_seq", "fast", "slow", "attention_factor"):
            if not getattr(self, name) > 0:
                raise ValueError(f"RopeScaling.{name}: {getattr(self, name)} is not above 0")


@dataclass(frozen=True)
class ModelConfig:
    """One transformer, dense (`n_experts=0`) or sparse. Our own models use the first part alone;
    the rest are the switches by which the labs' families differ.
    """

    vocab_size: int = 4096
    d_model: int = 128
    n_layers: int = 4
    n_heads: int = 4
    n_kv_heads: int = 2
    d_head: int = 32
    d_ff: int = 384  # the dense layers' SwiGLU
    max_seq: int = 256  # the context it is trained at
    rope_theta: float = 10000.0
    rotary_fraction: float = 1.0  # share of d_head that RoPE turns (partial RoPE)
    norm_eps: float = 1e-6
    # the sparse half
    n_experts: int = 0
    top_k: int = 2
    d_expert: int = 64
    n_shared_experts: int = 0
    first_dense: int = 0  # leading layers that keep a dense SwiGLU
    score: str = "sigmoid"  # or "softmax"
    routed_scale: float = 1.0
    head_groups: int = 0  # experts of the vocabulary, a routed head; 0: one matrix
    memory: MemoryConfig | None = None
    # the labs' switches: attention
    attention: str = "grouped"  # or "latent": keys and values from one short vector a token
    q_rank: int = 0  # latent: of the queries' short vector; 0: straight from the hidden state
    kv_rank: int = 0  # latent: of the keys' and values'
    d_rope: int = 0  # latent: the part of a key that RoPE turns, shared by all heads
    d_value: int = 0  # latent: of a head's value; d_head is that of its key without RoPE
    attention_scale: float = 1.0  # on top of 1 / sqrt(width of a key)
    qk_norm: str = "head"  # per head; "full": over all heads together; "none"
    qkv_bias: bool = False
    o_bias: bool = False
    clip_qkv: float = 0.0  # queries, keys and values are clamped to it; 0: not
    windows: tuple[int, ...] = ()  # a layer each: how far back it sees, itself included; 0: all
    sinks: bool = False  # a logit per head that takes attention and gives nothing
    rope_pairs: bool = False  # neighbouring dimensions turn together, not the two halves
    rope_scaling: RopeScaling | None = None
    # the labs' switches: blocks and experts
    norms: str = "pre"  # before attention and SwiGLU; "post": behind them; "both"
    mlp_bias: bool = False
    dense_layers: tuple[int, ...] = ()  # further ones than the leading
    d_shared: int = 0  # the shared expert's width where it is not n_shared_experts * d_expert
    shared_gate: bool = False  # the shared expert is weighed by a sigmoid of its own
    n_groups: int = 1  # of experts, of which a token may use top_groups
    top_groups: int = 1
    group_score: str = "top2"  # a group counts as its two best experts; "max": as its best
    renorm: bool = True  # the chosen experts' scores sum to routed_scale
    router_bias: bool = False  # in the router's logits
    expert_bias: bool = False
    swiglu_limit: float = 0.0  # clamped SwiGLU: (up + 1) * gate * sigmoid(swiglu_alpha * gate)
    swiglu_alpha: float = 1.702
    tied: bool = False  # the head is the embedding

    def __post_init__(self):
        def need(ok: bool, field_name: str, why: str) -> None:
            if not ok:
                value = getattr(self, field_name)
                raise ValueError(f"ModelConfig.{field_name}: {value} {why}")

        for name in ("vocab_size", "d_model", "n_layers", "n_heads", "n_kv_heads", "d_head", "d_ff",
                     "max_seq"):  # fmt: skip
            need(getattr(self, name) >= 1, name, "is below 1")
        need(self.n_heads % self.n_kv_heads == 0, "n_kv_heads", f"does not divide {self.n_heads}")
        scores = ("sigmoid", "softmax", "topk_softmax")
        for name, choices in (
            ("score", scores),
            ("attention", ("grouped", "latent")),
            ("qk_norm", ("head", "full", "none")),
            ("norms", ("pre", "post", "both")),
            ("group_score", ("top2", "max")),
        ):
            value = getattr(self, name)
            need(value in choices, name, f"is not one of {', '.join(choices)}")
        need(0 < self.rotary_fraction <= 1, "rotary_fraction", "is not within (0, 1]")
        need(self.rotary_dim >= 2, "rotary_fraction", f"turns under 2 of d_head {self.d_head}")
        need(self.rotary_dim % 2 == 0, "d_head", "leaves RoPE an odd number of dimensions")
        if self.n_experts:
            need(1 <= self.top_k <= self.n_experts, "top_k", f"is not within 1..{self.n_experts}")
            need(self.d_expert >= 1, "d_expert", "is below 1")
            need(0 <= self.first_dense <= self.n_layers, "first_dense", "is not a layer count")
            need(self.n_groups >= 1 and self.n_experts % self.n_groups == 0, "n_groups",
                 f"does not divide n_experts {self.n_experts}")  # fmt: skip
            need(1 <= self.top_groups <= self.n_groups, "top_groups",
                 f"is not within 1..{self.n_groups}")  # fmt: skip
        if self.attention == "latent":
            for name in ("kv_rank", "d_rope", "d_value"):
                need(getattr(self, name) >= 1, name, "is below 1, and the attention is latent")
        need(len(self.windows) in (0, self.n_layers), "windows",
             f"is not one for each of {self.n_layers} layers")  # fmt: skip
        need(all(w >= 0 for w in self.windows), "windows", "holds one below 0")
        need(not (self.tied and self.head_groups), "tied", "does not go with a routed head")
        need(
            0 <= self.head_groups <= self.vocab_size, "head_groups", "is not within the vocabulary"
        )

    @property
    def rotary_dim(self) -> int:
        return self.d_rope or int(self.d_head * self.rotary_fraction)

    @property
    def shared_width(self) -> int:
        """The shared expert's width; 0 where there is none."""
        return self.d_shared or self.n_shared_experts * self.d_expert

    @property
    def head_shape(self) -> tuple[int, int]:
        """(groups, words of each) of a routed head: nearly `head_groups`, aligned for matmuls."""
        width = -(-self.vocab_size // self.head_groups)
        width = -(-width // HEAD_MULTIPLE) * HEAD_MULTIPLE
        return -(-self.vocab_size // width), width

    def is_sparse_layer(self, layer: int) -> bool:
        dense = layer < self.first_dense or layer in self.dense_layers
        return self.n_experts > 0 and not dense

    def window(self, layer: int) -> int:
        """How many tokens back the layer sees, itself included; 0: all."""
        return self.windows[layer] if self.windows else 0


@dataclass(frozen=True)
class TrainConfig:
    """One arm's training."""

    steps: int = 100
    batch_size: int = 16  # sequences per step, over all micro-batches
    seq_len: int = 256
    micro_batch: int = 0  # sequences per forward pass; 0: as many as fit a modest memory
    lr_matrix: float = 0.02  # Muon, for every hidden matrix
    lr: float = 0.06  # AdamW, for embeddings and head
    lr_rest: float = 0.01  # AdamW, for norms, routers and the memory's gate
    weight_decay: float = 0.0
    warmup: float = 0.05  # share of the steps
    decay: float = 0.5  # share of the steps
    clip: float = 1.0  # on the true global gradient norm
    balance: str = "bias"  # or "quantile", "none"
    balance_rate: float = 0.003
    z_loss: float = 0.0
    network_loss: float = 0.5  # with a memory: the weight of what the network says without it
    seed: int = 0
    device: str = "auto"
    dtype: str = "auto"  # bfloat16 or float32; auto: whichever is faster there
    checkpoint_seconds: float = 60.0
    evaluations: int = 12  # points of the curve, on the tune split
    log: str = ""  # "", "tensorboard", "wandb"

    def __post_init__(self):
        def one_of(name: str, *choices: str) -> None:
            value = getattr(self, name)
            if value not in choices:
                known = ", ".join(choices)
                raise ValueError(f"TrainConfig.{name}: {value!r} is not one of {known}")

        one_of("balance", "bias", "quantile", "none")
        one_of("device", "auto", "cpu", "cuda", "mps")
        one_of("dtype", "auto", "float32", "bfloat16")
        one_of("log", "", "tensorboard", "wandb")

        def need(ok: bool, name: str, why: str) -> None:
            if not ok:
                raise ValueError(f"TrainConfig.{name}: {getattr(self, name)} {why}")

        for name in ("steps", "batch_size", "seq_len"):
            need(getattr(self, name) >= 1, name, "is below 1")
        for name in ("lr_matrix", "lr", "lr_rest"):
            need(0 < getattr(self, name) < float("inf"), name, "is not a rate above 0")
        for name in ("warmup", "decay"):
            need(0 <= getattr(self, name) <= 1, name, "is not a share within 0..1")
        for name in ("weight_decay", "clip", "balance_rate", "z_loss", "network_loss",
                     "micro_batch", "evaluations", "checkpoint_seconds"):  # fmt: skip
            need(getattr(self, name) >= 0, name, "is below 0")


@dataclass(frozen=True)
class ArmConfig:
    """What is trained, and how: the unit that a race compares."""

    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)


def override(config: C, *settings: str) -> C:
    """`override(arm, "train.steps=20", "model.d_model=96")`: a copy with these fields changed.

    All change at once, so that fields that must agree (heads, key-value heads) can. Raises
    ValueError naming the field, the value and the nearest names.
    """
    changes: dict[str, Any] = {}
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals:
            raise ValueError(f"setting {setting!r} is not of the form name=value")
        *outer, last = path.strip().split(".")
        inner: Any = config
        into = changes
        for name in outer:
            _known(inner, name)
            inner = getattr(inner, name)
            if inner is None:
                raise ValueError(f"{path}: {name} is off, so {setting!r} changes nothing")
            if not is_dataclass(inner):
                raise ValueError(f"{path}: {name} has no fields, so {setting!r} changes nothing")
            into = into.setdefault(name, {})
        _known(inner, last)
        into[last] = _parsed(
            text.strip(), get_type_hints(type(inner))[last], f"{type(inner).__name__}.{last}"
        )
    return _replaced(config, changes)


def _known(config: Any, name: str) -> None:
    names = [f.name for f in fields(config)]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or sorted(names)
        raise ValueError(
            f"{type(config).__name__} has no field {name!r}; nearest: {', '.join(near)}"
        )


def _replaced(config: Any, changes: dict[str, Any]) -> Any:
    return replace(
        config,
        **{
            name: _replaced(getattr(config, name), value) if isinstance(value, dict) else value
            for name, value in changes.items()
        },
    )


def _parsed(text: str, hint: Any, where: str) -> Any:
    if is_dataclass(hint) or any(is_dataclass(a) for a in get_args(hint)):
        if text.lower() == "none":
            return None
        raise ValueError(f"{where}: {text!r} is not 'none'; set its fields one by one")
    try:
        if hint is bool:
            return {"true": True, "false": False}[text.lower()]
        if hint in (int, float):
            number = float(text)
            if hint is int and number != int(number):
                raise ValueError
            return hint(number)
        if hint is str:
            return text
        item = get_args(hint)[0]  # a tuple[item, ...]
        return tuple(item(part.strip()) for part in text.strip("()[]").split(",") if part.strip())
    except (ValueError, KeyError, OverflowError):
        raise ValueError(f"{where}: {text!r} is not a {_spelled(hint)}") from None


def _spelled(hint: Any) -> str:
    return getattr(hint, "__name__", str(hint)) if not get_args(hint) else f"list: {hint}"


def to_dict(config: Any) -> dict[str, Any]:
    """A config as plain JSON values."""
    return json.loads(json.dumps(_plain(config)))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return list(value) if isinstance(value, tuple) else value


def from_dict(kind: type[C], values: dict[str, Any]) -> C:
    """The inverse of `to_dict`. Raises ValueError on a field that `kind` does not have."""
    hints = get_type_hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise ValueError(f"{kind.__name__} has no field {unknown[0]!r}; it has {', '.join(hints)}")
    made = {}
    for name, value in values.items():
        hint = hints[name]
        inner = next((a for a in (hint, *get_args(hint)) if is_dataclass(a)), None)
        if inner is not None and isinstance(value, dict):
            value = from_dict(inner, value)  # type: ignore[arg-type]
        made[name] = tuple(value) if isinstance(value, list) else value
    return kind(**made)
