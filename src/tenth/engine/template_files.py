"""Where a model's folder keeps its chat template and the special tokens that this one names."""

from pathlib import Path
from typing import Any, NamedTuple

from tenth.checkpoints import read_json

NAMED_TOKENS = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")  # what transformers passes on


class Shipped(NamedTuple):
    """What `ChatTemplate` is made of."""

    templates: dict[str, str]  # one is "default"
    special: dict[str, str]  # bos_token, eos_token, ...
    source: str  # the file, for messages
    control: tuple[str, ...]  # the special tokens that the configuration lists


def read_shipped(folder: Path) -> Shipped | None:
    """None: the folder holds a base model."""
    config_path, map_path = folder / "tokenizer_config.json", folder / "special_tokens_map.json"
    config = read_json(config_path) if config_path.is_file() else {}
    names = {**(read_json(map_path) if map_path.is_file() else {}), **config}
    templates, source = _from_files(folder)
    if not templates:
        templates, source = _from_config(config, config_path), str(config_path)
    if not templates:
        return None
    special = {f"{n}_token": _spelled(names.get(f"{n}_token")) for n in NAMED_TOKENS}
    added = config.get("added_tokens_decoder")
    tokens = added.values() if isinstance(added, dict) else []
    control = (_spelled(t) for t in tokens if isinstance(t, dict) and t.get("special"))
    return Shipped(templates, {k: v for k, v in special.items() if v}, source, tuple(control))


def _from_files(folder: Path) -> tuple[dict[str, str], str]:
    """chat_template.jinja, and named ones in their own folder."""
    paths = {
        path.stem: path for path in sorted((folder / "additional_chat_templates").glob("*.jinja"))
    }
    default = folder / "chat_template.jinja"
    if default.is_file():
        paths["default"] = default
    try:
        texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    except UnicodeDecodeError as error:
        raise ValueError(f"{default}: not UTF-8 ({error.reason})") from None
    return (texts if "default" in texts else {}), str(default)


def _from_config(config: dict[str, Any], path: Path) -> dict[str, str]:
    """A string, or a list of named ones."""
    found = config.get("chat_template")
    if not found:
        return {}
    if isinstance(found, str):
        return {"default": found}
    entries = found if isinstance(found, list) else [found]
    if not all(isinstance(e, dict) and {"name", "template"} <= e.keys() for e in entries):
        raise ValueError(f"{path}: chat_template is neither text nor a list of name and template")
    named = {str(entry["name"]): entry["template"] for entry in entries}
    if "default" not in named:
        raise ValueError(f"{path}: no chat_template is named 'default'; there are {list(named)}")
    return named


def _spelled(token: Any) -> str:
    """A special token, written as text or as an object with its flags."""
    content = token.get("content") if isinstance(token, dict) else token
    return content if isinstance(content, str) else ""
