"""A tokenizer shipped as tiktoken's ranks (Kimi), made into one of the tokenizers library."""

import base64
import binascii
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

from tenth.checkpoints.index import read_json

RANKS = "tiktoken.model"
# How Kimi's own tokenizer cuts a text into words, in the order in which the rules are tried.
_LETTERS = r"\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]"
_ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
KIMI_WORDS = "|".join(
    (
        r"[\p{Han}]+",
        rf"[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}{_LETTERS}]*[\p{{Ll}}{_LETTERS}]+{_ENDINGS}",
        rf"[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}{_LETTERS}]+[\p{{Ll}}{_LETTERS}]*{_ENDINGS}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)


def from_tiktoken(folder: Path, words: str = KIMI_WORDS) -> Tokenizer:
    """The same tokens, by the ranks in tiktoken.model and the added tokens in the configuration.

    tiktoken joins the two neighbours whose joint token has the lowest rank, so every way to make a
    token of two others is a merge, in the order of ranks.
    """
    ranks = read_ranks(folder / RANKS)
    spelled = {token: _printable(token) for token in ranks}
    vocab = {spelled[token]: rank for token, rank in ranks.items()}
    merges = []
    for token in sorted(ranks, key=ranks.__getitem__):
        halves = [(token[:i], token[i:]) for i in range(1, len(token))]
        merges += [(spelled[a], spelled[b]) for a, b in halves if a in ranks and b in ranks]
    tokenizer = Tokenizer(models.BPE(vocab, merges, ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(words), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    _add_tokens(tokenizer, folder / "tokenizer_config.json", len(ranks))
    return tokenizer


def read_ranks(path: Path) -> dict[bytes, int]:
    """A line for each token: its bytes in base64, its rank."""
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line:
            continue
        try:
            token, rank = line.split()
            ranks[base64.b64decode(token, validate=True)] = int(rank)
        except (ValueError, binascii.Error):
            raise ValueError(f"{path}: line {number} is no token and rank") from None
    missing = [byte for byte in range(256) if bytes([byte]) not in ranks]
    if missing:
        raise ValueError(f"{path}: truncated, or no ranks (byte {missing[0]} has no token)")
    if sorted(ranks.values()) != list(range(len(ranks))):
        raise ValueError(f"{path}: truncated, or no ranks (they are not 0 to {len(ranks) - 1})")
    return ranks


def _printable(token: bytes) -> str:
    return "".join(_STAND_INS[byte] for byte in token)


def _stand_ins() -> list[str]:
    """The printable character that stands for each byte in a byte-level vocabulary."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]


_STAND_INS = _stand_ins()


def _add_tokens(tokenizer: Tokenizer, path: Path, first: int) -> None:
    """The added tokens, under the very ids that the configuration gives them.

    The library numbers them in order, so a gap is filled with a token that nobody spells.
    """
    entries = read_json(path).get("added_tokens_decoder") if path.is_file() else None
    if not isinstance(entries, dict) or not entries:
        raise ValueError(f"{path}: it has no added_tokens_decoder, which {RANKS} needs beside it")
    tokens = {int(id): _token(path, id, entry) for id, entry in entries.items() if id.isdecimal()}
    if not tokens:
        raise ValueError(f"{path}: added_tokens_decoder names no token by its id")
    if min(tokens) < first:
        raise ValueError(f"{path}: added token {min(tokens)} is among the {first} ranks of {RANKS}")
    if max(tokens) > first + 100_000:
        raise ValueError(f"{path}: added token {max(tokens)} is far beyond the {first} ranks")
    reserved = {
        id: AddedToken(f"<|reserved_token_{id}|>", special=True) for id in range(first, max(tokens))
    }
    tokenizer.add_tokens([t for _, t in sorted({**reserved, **tokens}.items())])
    for id, token in tokens.items():
        if tokenizer.token_to_id(token.content) != id:
            raise ValueError(f"{path}: added token {id} {token.content!r} appears more than once")


def _token(path: Path, id: str, entry: Any) -> AddedToken:
    content = entry.get("content") if isinstance(entry, dict) else None
    if not isinstance(content, str) or not content:
        raise ValueError(f"{path}: added_tokens_decoder[{id}] has no content")
    flags = {key: bool(entry.get(key)) for key in ("lstrip", "rstrip", "single_word", "special")}
    return AddedToken(content, normalized=False, **flags)
