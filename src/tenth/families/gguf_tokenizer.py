"""A byte-level BPE, its special tokens and its chat template in GGUF's words."""

from pathlib import Path
from typing import Any

import gguf

from tenth.checkpoints import read_json

# How text is split before BPE, as tokenizer.json spells it, and llama.cpp's name for it.
SPLITS = {
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": "qwen2",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": "glm4",
}
TURNS = {"eot": "<|user|>", "eom": "<|observation|>"}  # where a GLM model's turn ends


def add_tokenizer(writer: gguf.GGUFWriter, folder: Path, vocab_size: int) -> None:
    """Raises ValueError for a tokenizer that llama.cpp would read in another way."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise ValueError(f"{folder} has no tokenizer.json, without which a GGUF file is of no use")
    values = read_json(path)
    tokens, kinds = _tokens(path, values, vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_split_of(path, values))
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    special = gguf.SpecialVocab(folder, load_merges=True, n_vocab=vocab_size)
    ids = special.special_token_ids
    if "eos" not in ids:
        raise ValueError(
            f"{folder}: neither tokenizer_config.json nor config.json has an eos_token"
        )
    ids.setdefault("bos", ids["eos"])
    special.add_special_token.setdefault("bos", False)
    places = {token: i for i, token in enumerate(tokens)}
    if places.get("[gMASK]") is not None:
        ids |= {kind: places[token] for kind, token in TURNS.items() if token in places}
    special.add_to_gguf(writer, quiet=True)


def _tokens(path: Path, values: dict[str, Any], vocab_size: int) -> tuple[list[str], list[int]]:
    model = values.get("model")
    if not isinstance(model, dict) or model.get("type") != "BPE":
        raise ValueError(f"{path}: its model is no BPE; to GGUF tenth converts byte-level BPE only")
    tokens = [f"[PAD{i}]" for i in range(vocab_size)]  # what a padded vocabulary never says
    kinds = [int(gguf.TokenType.UNUSED)] * vocab_size
    added = {entry["content"]: entry for entry in values.get("added_tokens") or ()}
    every = {**model.get("vocab", {}), **{text: entry["id"] for text, entry in added.items()}}
    for text, i in every.items():
        if not 0 <= i < vocab_size:
            raise ValueError(f"{path}: token {text!r} has id {i}, the model {vocab_size} tokens")
        tokens[i], kinds[i] = text, int(gguf.TokenType.NORMAL)
        if text in added:
            special = added[text].get("special", False)
            kind = gguf.TokenType.CONTROL if special else gguf.TokenType.USER_DEFINED
            kinds[i] = int(kind)
    return tokens, kinds


def _split_of(path: Path, values: dict[str, Any]) -> str:
    steps = (values.get("pre_tokenizer") or {}).get("pretokenizers") or ()
    for step in steps:
        pattern = (step.get("pattern") or {}).get("Regex")
        if step.get("type") == "Split" and pattern in SPLITS:
            return SPLITS[pattern]
    raise ValueError(
        f"{path}: its pre_tokenizer splits text in a way that llama.cpp has no name for in "
        f"tenth's list ({', '.join(SPLITS.values())})"
    )
