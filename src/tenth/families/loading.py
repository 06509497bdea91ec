"""A folder in a format of Hugging Face's to a model of ours: every tensor accounted for."""

import re
from pathlib import Path

import torch

from tenth.checkpoints import TensorFiles, settle
from tenth.config import ModelConfig, from_dict
from tenth.families.config_file import ConfigFile, open_config
from tenth.families.names import Entry, entries
from tenth.families.saving import FAMILIES
from tenth.model import Transformer

EMBED, HEAD = "model.embed_tokens.weight", "lm_head.weight"
READABLE = ("F32", "BF16", "F16", "F64")


def load_model(
    folder: Path, dtype: torch.dtype = torch.float32, device: str = "cpu"
) -> Transformer:
    """The model in `folder`, for evaluation. Raises ValueError unless every tensor is there, in
    its shape, and no other; the routers and the memory's tables stay float32 whatever the dtype.
    """
    folder = Path(folder)
    settle(folder)
    file = open_config(folder)
    config = read_config(file)
    files = TensorFiles(folder)
    sources = _checked(config, file, files)
    model = Transformer(config).to(dtype=dtype, device=device)
    with torch.no_grad():
        for entry in entries(model):
            if entry.name in sources:
                _fill(entry, files, sources[entry.name])
    return model.eval()


def _fill(entry: Entry, files: TensorFiles, source: str) -> None:
    value = files.read(source)
    if not entry.zeros:
        entry.tensor.copy_(value)
    elif value.any():
        file = files.info[source].file
        raise ValueError(f"{file}: tensor {source!r} is not zero, but our n_shared_experts is 0")


def read_config(file: ConfigFile) -> ModelConfig:
    """config.json as a ModelConfig."""
    kind = file.get("model_type", str)
    family = next((family for family in FAMILIES if family.model_type == kind), None)
    if family is None:
        choices = ", ".join(family.model_type for family in FAMILIES)
        raise ValueError(f"{file.path}: model_type is {kind!r}; tenth opens {choices}")
    fields = {**family.read(file), **file.get("tenth", dict, {})}
    try:
        return from_dict(ModelConfig, fields)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{file.path}: {error}") from None


def _checked(config: ModelConfig, file: ConfigFile, files: TensorFiles) -> dict[str, str]:
    """Where each of our tensors is read from, once all names, shapes and types are right."""
    with torch.device("meta"):
        wanted = list(entries(Transformer(config)))
    if file.get("n_shared_experts", int, 1) == 0:  # transformers writes zero-width tensors then
        wanted = [entry for entry in wanted if not entry.zeros]
    sources = {entry.name: entry.name for entry in wanted}
    if file.get("tie_word_embeddings", bool, False):
        sources[HEAD] = EMBED
    for entry in wanted:
        _check(entry, sources[entry.name], files)
    ignored = _ignored(config, file)
    for name, info in files.info.items():
        if name not in sources and not ignored.match(name) and 0 not in info.shape:
            raise ValueError(f"{info.file}: unexpected tensor {name!r}; config.json has none such")
    return sources


def _check(entry: Entry, name: str, files: TensorFiles) -> None:
    info = files.info.get(name)
    if info is None:
        where = ", ".join(sorted({info.file.name for info in files.info.values()}))
        raise ValueError(f"{files.folder}: tensor {name!r} is missing from {where}")
    shape = tuple(entry.tensor.shape)
    if info.shape != shape:
        raise ValueError(
            f"{info.file}: tensor {name!r} has shape {info.shape}; config.json asks for {shape}"
        )
    readable = READABLE if entry.tensor.is_floating_point() else ("I64",)
    if info.dtype not in readable:
        raise ValueError(
            f"{info.file}: tensor {name!r} is {info.dtype}; tenth reads {', '.join(readable)}"
        )


def _ignored(config: ModelConfig, file: ConfigFile) -> re.Pattern[str]:
    """Tensors with no place in our model: multi-token-prediction layers behind the last one."""
    extra = file.get("num_nextn_predict_layers", int, file.get("num_mtp_layers", int, 0))
    layers = "|".join(str(config.n_layers + i) for i in range(extra))
    return re.compile(rf"model\.layers\.({layers})\." if layers else r"(?!)")
