"""The rule that turns a budget into arms: one for dense models, one for sparse ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tenth.config import ArmConfig, MemoryConfig, ModelConfig, TrainConfig, override
from tenth.data import grouping_flops
from tenth.model import flops
from tenth.race.verdict import ALL_ARMS

PRESETS = ("sparse", "sparse-plain", "dense")
WITH_MEMORY = ("sparse", "dense-memory-tenth", "dense-memory")
MIN_STEPS = 20
MIN_BUDGET = 1e11


SPARSE_LR_MATRIX = 0.03  # the dense arms take TrainConfig's


@dataclass(frozen=True)
class Size:
    """One row of a rule, for an arm of that many FLOPs of its own."""

    flops: float
    d_model: int
    n_layers: int
    batch_size: int
    seq_len: int
    lr: float
    d_head: int = field(default=0, kw_only=True)  # 0: 32, below width 64 16


@dataclass(frozen=True)
class SparseSize(Size):
    n_experts: int
    top_k: int
    d_expert: int
    head_groups: int


# The last row that the budget nearly reaches counts (a tenth of what was spent is a little under a
# tenth of the budget). docs/log.md says which rows are fitted, on the tune split; the others follow
# their trend.
DENSE = (
    Size(0, 32, 1, 4, 64, 0.06),
    Size(1e11, 32, 1, 4, 128, 0.06),
    Size(1e12, 48, 1, 8, 256, 0.06),
    Size(3e12, 64, 1, 8, 256, 0.06),
    Size(1e13, 96, 2, 8, 256, 0.04),
    Size(3e13, 128, 3, 8, 256, 0.03),
    Size(1e14, 160, 5, 16, 256, 0.02),
    Size(3e14, 192, 6, 16, 256, 0.015),
    Size(1e15, 256, 8, 32, 512, 0.01),
    Size(1e16, 448, 12, 64, 1024, 0.006),
    Size(1e17, 768, 16, 128, 1024, 0.004),
)
SPARSE = (
    SparseSize(0, 32, 1, 4, 64, 0.06, 4, 2, 32, 16),
    SparseSize(1e11, 32, 1, 4, 128, 0.06, 4, 2, 32, 32),
    SparseSize(1e12, 64, 1, 8, 256, 0.06, 8, 2, 64, 64),
    SparseSize(3e12, 96, 1, 16, 256, 0.06, 32, 4, 16, 64, d_head=48),
    SparseSize(1e13, 96, 2, 8, 256, 0.04, 16, 2, 96, 64),
    SparseSize(3e13, 128, 3, 8, 256, 0.03, 32, 2, 96, 64),
    SparseSize(1e14, 160, 5, 16, 256, 0.02, 32, 2, 128, 64),
    SparseSize(3e14, 224, 6, 16, 256, 0.015, 32, 2, 160, 64),
    SparseSize(1e15, 320, 8, 32, 512, 0.01, 64, 2, 256, 128),
    SparseSize(1e16, 512, 12, 64, 1024, 0.006, 64, 2, 384, 128),
    SparseSize(1e17, 832, 16, 128, 1024, 0.004, 64, 2, 512, 128),
)


def vocabulary(dense_budget: float) -> int:
    """How many tokens to ask of the tokenizer, which all arms share."""
    for least, size in ((1e16, 16384), (1e14, 8192), (1e13, 4096), (1e12, 2048)):
        if dense_budget >= least:
            return size
    return 512


def arm(name: str, budget: float, vocab_size: int, settings: Iterable[str] = ()) -> ArmConfig:
    """The arm `name` trained for at most `budget` FLOPs of its own.

    `settings` are `model.d_model=96` or, for one arm, `sparse.model.n_experts=32`.
    Raises ValueError for an unknown name or setting and for a budget that is too small.
    """
    if name not in (*ALL_ARMS, *PRESETS):
        raise ValueError(f"no arm is called {name!r}; there are {', '.join(ALL_ARMS)}")
    mine = []
    for setting in settings:
        owner, _, rest = setting.partition(".")
        if owner in ALL_ARMS:
            if owner != name:
                continue
            setting = rest
        if setting.partition("=")[0].strip() == "train.steps":
            raise ValueError("train.steps follows from the budget: set --budget instead")
        mine.append(setting)
    try:
        config = override(_sized(name, budget, vocab_size), *mine)
    except ValueError as error:
        raise ValueError(f"arm {name}: {error}") from None
    config = replace(config, model=replace(config.model, max_seq=config.train.seq_len))
    per_step = flops.training_flops_per_step(
        config.model, config.train.seq_len, config.train.batch_size
    )
    steps = int((budget - setup_flops(config.model)) // per_step)
    if steps < MIN_STEPS:
        raise ValueError(
            f"budget {budget:.3g} FLOPs is too small for {name}: {steps} steps of {per_step:.3g}; "
            f"it takes {MIN_STEPS * per_step:.3g} for {MIN_STEPS}"
        )
    return replace(config, train=replace(config.train, steps=steps))


def setup_flops(model: ModelConfig) -> int:
    """Before the first step: grouping the vocabulary. Counting is additions alone."""
    return grouping_flops(model.vocab_size, model.head_shape[1]) if model.head_groups else 0


def training_flops(config: ArmConfig) -> int:
    t = config.train
    per_step = flops.training_flops_per_step(config.model, t.seq_len, t.batch_size)
    return setup_flops(config.model) + t.steps * per_step


def _sized(name: str, budget: float, vocab_size: int) -> ArmConfig:
    rule: Sequence[Size] = SPARSE if name.startswith("sparse") else DENSE
    size = [row for row in rule if 0.9 * row.flops <= budget][-1]
    d_head = size.d_head or (32 if size.d_model >= 64 else 16)
    n_heads = size.d_model // d_head
    model = ModelConfig(
        vocab_size=vocab_size,
        d_model=size.d_model,
        n_layers=size.n_layers,
        n_heads=n_heads,
        n_kv_heads=n_heads // 2 if n_heads % 2 == 0 else n_heads,
        d_head=d_head,
        d_ff=-(-size.d_model * 8 // 3 // 16) * 16,
        max_seq=size.seq_len,
    )
    if isinstance(size, SparseSize):
        model = replace(
            model,
            n_experts=size.n_experts,
            top_k=size.top_k,
            d_expert=size.d_expert,
            head_groups=min(size.head_groups, vocab_size),
        )
    if name in WITH_MEMORY:
        model = replace(model, memory=MemoryConfig())
    train = TrainConfig(batch_size=size.batch_size, seq_len=size.seq_len, lr=size.lr)
    if isinstance(size, SparseSize):
        train = replace(train, lr_matrix=SPARSE_LR_MATRIX)
    return ArmConfig(model, train)
