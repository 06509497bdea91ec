"""A folder in a format of Hugging Face's to a model of ours: every tensor accounted for."""

import re
from pathlib import Path

import torch
from torch import Tensor, nn

from tenth.checkpoints import TensorFiles, Tensors, is_finite, plain, settle
from tenth.config import ModelConfig
from tenth.families.config_file import ConfigFile, Family, open_config
from tenth.families.mapping import Places
from tenth.families.names import Entry, entries
from tenth.families.origin import Origin
from tenth.families.registry import family_of, read_config
from tenth.model import Transformer
from tenth.model.listed import list_experts
from tenth.model.moe import MoE

READABLE = ("F32", "BF16", "F16", "F64")


def load_model(
    folder: Path,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    mapped: bool = False,
) -> Transformer:
    """The model in `folder`, for evaluation. Raises ValueError unless every tensor is there, in
    its shape, and no other; the routers and the memory's tables stay float32 whatever the dtype.

    Tensors are streamed into their places one by one; released low-precision forms (FP8, INT4,
    MXFP4) are dequantised on the way. What the model has no place for, the layers that predict
    further tokens, stays on disk, and `model.origin` carries it to where the model is saved.
    `device` "auto" is CUDA where there is one. With `mapped` weights of this dtype stay in their
    files and are read when they are used: slow, but a model larger than memory runs. Whether such
    weights are finite is not looked at, which would read them all.
    """
    folder = Path(folder)
    settle(folder)
    file = open_config(folder)
    config, family = read_config(file), family_of(file)
    inner = file.inside(family.inner) if family.inner else file
    method = inner.values.get("quantization_config") or file.values.get("quantization_config")
    files = plain(TensorFiles(folder), method)
    if config.n_layers > len(files.info):
        raise ValueError(
            f"{file.path}: num_hidden_layers is {config.n_layers}, but the files hold "
            f"{len(files.info)} tensors in all"
        )
    with torch.device("meta"):
        model = Transformer(config)
        if mapped and not family.names.fused_experts:
            list_experts(model)
    _check(model, family, inner, files)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    model = model.to(dtype=dtype)
    with torch.no_grad():
        if mapped:
            _map(model, family, files)
        else:
            _read(model.to_empty(device=device), family, files)
    further = _further_layers(config, family, inner)
    carried = {name: files.unread(name) for name in files.info if further.match(name)}
    model.origin = Origin(family, dict(file.values), carried)
    return model.eval()


def _read(model: Transformer, family: Family, files: Tensors) -> None:
    if model.config.tied and isinstance(model.head, nn.Linear):  # moved one by one they are two
        model.head.weight = model.embed.weight
    for block in model.blocks:
        if isinstance(block.mlp, MoE) and not family.names.bias:  # nor is one on disk
            block.mlp.router.bias.zero_()
    for entry in entries(model, family.names, family.prefix):
        if entry.name in files.info:
            _fill(entry, files)


def _map(model: Transformer, family: Family, files: Tensors) -> None:
    for block in model.blocks:
        if isinstance(block.mlp, MoE) and family.names.fused_experts:
            block.mlp.experts.to_empty(device="cpu")
    places = Places(model)
    for entry in entries(model, family.names, family.prefix):
        if entry.name in files.info and not (not entry.zeros and places.mapped(entry, files)):
            _fill(entry._replace(tensor=places.allocated(entry.tensor)), files)
    for tensor in (*model.parameters(), *model.buffers()):
        places.allocated(tensor)  # a router's bias, where the family has none on disk


def _fill(entry: Entry, files: Tensors) -> None:
    """Straight into its place, or what of the stored tensor is ours."""
    place = entry.tensor
    if entry.zeros:
        if files.read(entry.name).any():
            file = files.info[entry.name].file
            raise ValueError(
                f"{file}: tensor {entry.name!r} is not zero, but our n_shared_experts is 0"
            )
        return
    if entry.part is None:
        files.read_into(entry.name, place)
    else:
        place.copy_(stored_value(entry, files))
    if not is_finite(place):
        raise ValueError(
            f"{files.info[entry.name].file}: tensor {entry.name!r} holds values that are not finite"
        )


def stored_value(entry: Entry, files: Tensors) -> Tensor:
    """What stands on disk for an entry, of a tensor that several share its part."""
    part = entry.part
    if part is None or part.row is None:
        value = files.read(entry.name)
    else:
        value = files.read(entry.name, slice(part.row, part.row + 1))[0]
    return value if part is None else part.take(value)


def _check(model: Transformer, family: Family, file: ConfigFile, files: Tensors) -> None:
    """That all names, shapes and types are right, and nothing is left over."""
    wanted = list(entries(model, family.names, family.prefix))
    if file.get("n_shared_experts", int, 1) == 0:  # transformers writes zero-width tensors then
        wanted = [entry for entry in wanted if not entry.zeros]
    for entry in wanted:
        _check_one(entry, files)
    known = {entry.name for entry in wanted}
    ignored = _ignored(model.config, family, file)
    for name, info in files.info.items():
        if name not in known and not ignored.match(name) and 0 not in info.shape:
            raise ValueError(f"{info.file}: unexpected tensor {name!r}; config.json has none such")


def _check_one(entry: Entry, files: Tensors) -> None:
    info = files.info.get(entry.name)
    if info is None:
        where = ", ".join(sorted({info.file.name for info in files.info.values()}))
        raise ValueError(f"{files.folder}: tensor {entry.name!r} is missing from {where}")
    if info.shape != entry.stored:
        raise ValueError(
            f"{info.file}: tensor {entry.name!r} has shape {info.shape}; "
            f"config.json asks for {entry.stored}"
        )
    readable = READABLE if entry.tensor.is_floating_point() else ("I64",)
    if info.dtype not in readable:
        raise ValueError(
            f"{info.file}: tensor {entry.name!r} is {info.dtype}; tenth reads {', '.join(readable)}"
        )


def _further_layers(config: ModelConfig, family: Family, file: ConfigFile) -> re.Pattern[str]:
    """The layers behind the last one, which predict further tokens (MTP)."""
    extra = file.any_of(("num_nextn_predict_layers", "num_mtp_layers"), int, 0)
    layers = "|".join(str(config.n_layers + i) for i in range(extra))
    return re.compile(
        rf"{re.escape(family.prefix)}model\.layers\.({layers})\." if extra else r"(?!)"
    )


def _ignored(config: ModelConfig, family: Family, file: ConfigFile) -> re.Pattern[str]:
    """Tensors with no place in our model: further layers, a tied head's copy of the embedding,
    other senses, the angles that old checkpoints carry."""
    base = re.escape(family.prefix)
    kinds = [_further_layers(config, family, file).pattern]
    kinds += [re.escape(other) for other in family.others]
    kinds.append(rf"{base}model\.(layers\.\d+\.self_attn\.)?rotary_emb\.inv_freq$")
    if config.tied:
        kinds.append(rf"{base}lm_head\.weight$")
    return re.compile("|".join(kinds))
