"""How many parameters a model has, from its tensors' names, shapes and types: any family's."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tenth.checkpoints import Info

Tensors = Mapping[str, Info]

LAYER = re.compile(r"(?:^|\.)(?:layers|h|blocks)\.(\d+)\.")
EXPERT = re.compile(r"(?:^|\.)experts\.(?:(\d+)\.)?")  # not shared_experts: those always run
ROUTER = re.compile(r"\.(gate|router|gate\.wg|router\.\w+)\.(weight|bias|e_score_correction_bias)$")
EMBEDDING = re.compile(r"(^|\.)(embed_tokens|word_embeddings|wte|tok_embeddings|embed)\.weight$")
HEAD = re.compile(r"(^|\.)(lm_head|embed_out|output|head)\.(weight|words|groups)$")
PREDICTS_AHEAD = re.compile(r"(?:^|\.)(?:mtp\w*|nextn\w*)\.(?:layers\.)?(\d+)?")
OTHER_SENSES = re.compile(
    r"(^|\.)(visual|vision\w*|audio\w*|image\w*|mm_\w+|multi_modal\w*|patch\w*)\."
)
# What belongs to a quantised tensor and is no parameter: the ending, and its tensor's.
AUXILIARY = (
    ("_scale_inv", ("",)), ("_scale_2", ("",)), ("_scale", ("", "_packed")),
    ("_scales", ("", "_blocks")), ("_zero_point", ("", "_packed")), ("_shape", ("_packed",)),
    ("_global_scale", ("", "_packed")), ("_g_idx", ("_packed",)),
    (".scale", (".weight",)), (".input_scale", (".weight", ".weight_packed")),
    (".scales", (".qweight",)), (".qzeros", (".qweight",)), (".g_idx", (".qweight",)),
)  # fmt: skip
NO_PARAMETER = ("inv_freq", ".masked_bias", "tid2eid", ".k_scale", ".v_scale", "lm_head.slot_V")


@dataclass
class Counts:
    """Of the text model, its layers that predict further ahead (MTP) counted apart."""

    total: int = 0
    active: int | None = None  # what one token reads; None: unknown how many experts it takes
    embedding: int = 0  # the vocabulary's rows, in
    head: int = 0  # and out; 0 where it is the embedding again
    d_model: int = 0
    kept: int = 0  # routers, norms, biases: what nobody quantises
    rows: int = 0  # of all other matrices
    experts: int = 0  # of `total`, the routed experts' parameters
    n_experts: int = 0
    sparse_layers: set[int] = field(default_factory=set)
    layers: set[int] = field(default_factory=set)
    ahead: int = 0
    ahead_layers: set[str] = field(default_factory=set)
    other_senses: int = 0
    bytes_by_type: dict[str, int] = field(default_factory=dict)


def count(tensors: Tensors, n_layers: int | None, top_k: int | None, bits: int = 4) -> Counts:
    """`bits`: of the integers that are packed into 32."""
    counts = Counts()
    for name, info in tensors.items():
        size = math.prod(info.shape) * bits_of(info.dtype) // 8
        counts.bytes_by_type[info.dtype] = counts.bytes_by_type.get(info.dtype, 0) + size
        if _is_auxiliary(name, tensors):
            continue
        n = math.prod(info.shape) * _packed(name, info, tensors, bits)
        ahead = _ahead(name, n_layers)
        if OTHER_SENSES.search(name):
            counts.other_senses += n
        elif ahead is not None:
            counts.ahead += n
            counts.ahead_layers.add(ahead)
        else:
            _count_text(counts, name, info, n)
    if top_k or not counts.experts:
        chosen = counts.experts * (top_k or 0) // max(counts.n_experts, 1)
        counts.active = counts.total - counts.experts + chosen
        if counts.head:  # a token reads one row of the embedding; a head is read whole
            counts.active -= counts.embedding - counts.d_model
    return counts


def _count_text(counts: Counts, name: str, info: Info, n: int) -> None:
    counts.total += n
    layer = LAYER.search(name)
    if layer:
        counts.layers.add(int(layer[1]))
    expert = EXPERT.search(name)
    if expert:
        counts.experts += n
        which = int(expert[1]) + 1 if expert[1] else info.shape[0] if info.shape else 0
        counts.n_experts = max(counts.n_experts, which)
        if layer:
            counts.sparse_layers.add(int(layer[1]))
    elif EMBEDDING.search(name):
        counts.embedding, counts.d_model = n, info.shape[-1]
    elif HEAD.search(name):
        counts.head += n
    if len(info.shape) < 2 or ROUTER.search(name):
        counts.kept += n
    elif not (EMBEDDING.search(name) or HEAD.search(name)):
        counts.rows += math.prod(info.shape[:-1])


def _ahead(name: str, n_layers: int | None) -> str | None:
    """Which layer of those that predict further tokens it belongs to."""
    found = PREDICTS_AHEAD.search(name)
    if found:
        return found[1] or "0"
    layer = LAYER.search(name)
    if layer and n_layers is not None and int(layer[1]) >= n_layers:
        return layer[1]
    return None


def _is_auxiliary(name: str, tensors: Tensors) -> bool:
    if name.endswith(NO_PARAMETER):
        return True
    if ".weight." in name and name.partition(".weight.")[0] + ".weight" in tensors:
        return True  # bitsandbytes
    return any(
        name.endswith(ending) and any(name[: -len(ending)] + own in tensors for own in owners)
        for ending, owners in AUXILIARY
    )


def _packed(name: str, info: Info, tensors: Tensors, bits: int) -> int:
    """How many parameters an element of the tensor holds."""
    if name.endswith(("_packed", ".qweight")):
        return bits_of(info.dtype) // bits
    if name.endswith("_blocks") or name + ".absmax" in tensors:
        return 2
    if info.dtype in ("I8", "U8") and name.endswith(".weight") and len(info.shape) == 2:
        stem = name.removesuffix(".weight")
        scale = next((tensors[s] for s in (name + "_scale", stem + ".scale") if s in tensors), None)
        groups = scale.shape[-1] if scale is not None and scale.shape else 0
        if groups and 2 * info.shape[1] / groups in (16, 32):
            return 2  # two FP4 to a byte; eight-bit integers have a scale a row
    return 1


def bits_of(dtype: str) -> int:
    """Of a type in safetensors' spelling: BF16, F8_E4M3, I32, BOOL."""
    found = re.match(r"[A-Z]+(\d+)", dtype)
    return int(found[1]) if found else 8
