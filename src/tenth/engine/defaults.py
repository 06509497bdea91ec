"""What a model's makers advise on sampling and on where a text ends: generation_config.json."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from tenth.checkpoints import read_json
from tenth.engine.sequence import SamplingParams

NAMES = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")
# What would change the text as well, but is not there: each with the value that leaves it off.
NOT_THERE = {
    "num_beams": 1,
    "penalty_alpha": None,
    "typical_p": 1.0,
    "epsilon_cutoff": 0.0,
    "eta_cutoff": 0.0,
    "top_h": None,
    "no_repeat_ngram_size": 0,
    "encoder_repetition_penalty": 1.0,
    "exponential_decay_length_penalty": None,
    "min_length": 0,
    "min_new_tokens": None,
    "bad_words_ids": None,
    "sequence_bias": None,
    "suppress_tokens": None,
    "begin_suppress_tokens": None,
    "forced_bos_token_id": None,
    "forced_eos_token_id": None,
    "guidance_scale": None,
}


@dataclass(frozen=True)
class Defaults:
    """Where they say nothing: the model's own distribution, as OpenAI's API has it."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    stop: tuple[str, ...] = ()
    end_tokens: tuple[int, ...] = ()
    advised: tuple[str, ...] = ()  # which of these the makers do say something on
    notes: tuple[str, ...] = ()  # what they advise that tenth does not do

    def sampling(self, **given: Any) -> SamplingParams:
        """What the user gave, then what the makers advise, then tenth's own; None: not given."""
        known = {field.name for field in fields(SamplingParams)}
        advice = {name: getattr(self, name) for name in self.advised if name in known}
        return SamplingParams(**advice | {k: v for k, v in given.items() if v is not None})


def read_defaults(folder: Path, tokenizer: Tokenizer) -> Defaults:
    """End tokens are generation_config's, or else config.json's, and the tokenizer's own."""
    path = folder / "generation_config.json"
    values = _read(path)
    advice, notes = _sampling(path, values)
    ends = _ids(path, values) or _config_ids(folder / "config.json")
    own = tokenizer.token_to_id(_spelled(_read(folder / "tokenizer_config.json").get("eos_token")))
    if own is not None:
        ends.append(own)
    return Defaults(
        **advice,
        end_tokens=tuple(dict.fromkeys(ends)),
        advised=tuple(advice),
        notes=tuple(notes),
    )


def _sampling(path: Path, values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The settings that tenth has, checked, and a line for each that it has not."""
    known = {field.name for field in fields(SamplingParams)}
    advice = {name: values[name] for name in NAMES if values.get(name) is not None}
    if advice.get("top_k") == -1:  # vLLM's spelling of off
        advice["top_k"] = 0
    if values.get("do_sample") is False:
        advice["temperature"] = 0
    stop = values.get("stop_strings")
    if stop:
        advice["stop"] = (stop,) if isinstance(stop, str) else stop
        if isinstance(stop, list):
            advice["stop"] = tuple(stop)
    try:
        SamplingParams(**{name: value for name, value in advice.items() if name in known})
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    off = NOT_THERE | {name: 1.0 for name in NAMES if name not in known}
    notes = [
        f"{path.name} asks for {name}={values[name]!r}, which tenth does not have"
        for name in off
        if values.get(name) not in (None, off[name], [], {})
    ]
    return advice, notes


def _config_ids(path: Path) -> list[int]:
    """Of a model with pictures, the language model's part may say it."""
    values = _read(path)
    inner = values.get("text_config")
    return _ids(path, values) or _ids(path, inner if isinstance(inner, dict) else {})


def _ids(path: Path, values: dict[str, Any]) -> list[int]:
    value = values.get("eos_token_id")
    ids = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(id, int) and not isinstance(id, bool) and id >= 0 for id in ids):
        raise ValueError(f"{path}: eos_token_id is {value!r}, not a token's id or a list of such")
    return list(ids)


def _read(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def _spelled(token: Any) -> str:
    """A special token in tokenizer_config.json is its text, or a record that holds it."""
    text = token.get("content") if isinstance(token, dict) else token
    return text if isinstance(text, str) else ""
