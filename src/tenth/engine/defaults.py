"""What a model's makers advise on sampling and on where a text ends: generation_config.json."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from tenth.checkpoints import read_json
from tenth.engine.sequence import SamplingParams

NAMES = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")


@dataclass(frozen=True)
class Defaults:
    """Where they say nothing: the model's own distribution, as OpenAI's API has it."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    end_tokens: tuple[int, ...] = ()


def read_defaults(folder: Path, tokenizer: Tokenizer) -> Defaults:
    """End tokens are generation_config's, or else config.json's, and the tokenizer's own."""
    path = folder / "generation_config.json"
    values = _read(path)
    advised = {name: values[name] for name in NAMES if values.get(name) is not None}
    if values.get("do_sample") is False:
        advised["temperature"] = 0
    try:
        SamplingParams(**advised)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    ends = _ids(path, values) or _ids(folder / "config.json", _read(folder / "config.json"))
    own = tokenizer.token_to_id(_spelled(_read(folder / "tokenizer_config.json").get("eos_token")))
    ends += [own] if own is not None and own not in ends else []
    return Defaults(**advised, end_tokens=tuple(ends))


def _read(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def _spelled(token: Any) -> str:
    """A special token in tokenizer_config.json is its text, or a record that holds it."""
    text = token.get("content") if isinstance(token, dict) else token
    return text if isinstance(text, str) else ""


def _ids(path: Path, values: dict[str, Any]) -> list[int]:
    value = values.get("eos_token_id")
    ids = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(id, int) and not isinstance(id, bool) and id >= 0 for id in ids):
        raise ValueError(f"{path}: eos_token_id is {value!r}, not a token's id or a list of such")
    return list(ids)
