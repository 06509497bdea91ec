"""Token ids in, text out, as it comes: never half a character, nothing from a stop string on."""

import codecs
import json
import re
from collections.abc import Collection
from typing import Any, Protocol

from tokenizers import Tokenizer, decoders


def _byte_of_character() -> dict[str, int]:
    """The printable stand-in of each byte in a byte-level vocabulary, as GPT-2 chose them."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(b): b for b in plain} | {chr(256 + i): b for i, b in enumerate(others)}


BYTE_OF_CHARACTER = _byte_of_character()
BYTE_PIECE = re.compile("<0x[0-9A-Fa-f]{2}>")


class Detokenizer(Protocol):
    """What `tokenizer.decode` makes of all the ids, piece by piece, special tokens skipped."""

    def push(self, token: int) -> str:
        """The characters that this token completes."""
        ...

    def flush(self) -> str:
        """At the end: what was held back."""
        ...


def detokenizer(tokenizer: Tokenizer, shown: Collection[str] = ()) -> Detokenizer:
    """The quickest exact way for this tokenizer's decoder; special tokens in `shown` are shown."""
    steps = decoder_steps(tokenizer)
    names = _Names(tokenizer, shown)
    if [step["type"] for step in steps] == ["ByteLevel"]:
        return ByteLevelDetokenizer(names)
    if all(map(_is_local, steps)):
        return PieceDetokenizer(names, tokenizer, steps)
    return AnyDetokenizer(names, tokenizer)


def decoder_steps(tokenizer: Tokenizer) -> list[dict[str, Any]]:
    """The decoder, written out; a sequence as its steps."""
    if tokenizer.decoder is None:
        return []
    state = json.loads(tokenizer.decoder.__getstate__())
    return state["decoders"] if state["type"] == "Sequence" else [state]


def _is_local(step: dict[str, Any]) -> bool:
    """Whether a token's text depends on no other, but for a text's beginning and runs of bytes."""
    match step["type"]:
        case "ByteFallback" | "Fuse" | "Metaspace":
            return True
        case "Replace":
            return "String" in step["pattern"]
        case "Strip":
            return step["start"] <= 1 and step["stop"] == 0
    return False


class _Names:
    """The spelling of each token that is shown."""

    def __init__(self, tokenizer: Tokenizer, shown: Collection[str] = ()):
        self._tokenizer = tokenizer
        special = {i: t for i, t in tokenizer.get_added_tokens_decoder().items() if t.special}
        self._special = {id for id, token in special.items() if token.content not in shown}
        self.shown = {id: t.content for id, t in special.items() if t.content in shown}

    def __call__(self, token: int) -> str | None:
        """None: special, or a padded vocabulary's row without a token."""
        return None if token in self._special else self._tokenizer.id_to_token(token)


class ByteLevelDetokenizer:
    """Each token of a byte-level vocabulary is a fixed run of bytes, so an incremental UTF-8
    decoder is exact, and linear. (tokenizers' DecodeStream holds invalid bytes back, and at the
    end loses them.)
    """

    def __init__(self, names: _Names):
        self._name = names
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        return self._utf8.decode(self._bytes(token))

    def flush(self) -> str:
        """U+FFFD where a character was left incomplete."""
        return self._utf8.decode(b"", final=True)

    def _bytes(self, token: int) -> bytes:
        name = self._name(token) or ""
        try:
            return bytes(BYTE_OF_CHARACTER[character] for character in name)
        except KeyError:  # an added token is spelled as it is
            return name.encode()


class PieceDetokenizer:
    """Sentencepiece's way: pieces with `▁` for a space, and bytes as `<0xE4>`.

    A run of byte tokens is a text or, when one of them does not fit, U+FFFD for each: it is held
    back until it ends. A letter put in front keeps the decoder from stripping the space that only
    a whole text's beginning loses.
    """

    def __init__(self, names: _Names, tokenizer: Tokenizer, steps: list[dict[str, Any]]):
        self._name = names
        self._decoder = tokenizer.decoder
        self._has_bytes = any(step["type"] == "ByteFallback" for step in steps)
        self._held: list[str] = []
        self._begun = False

    def push(self, token: int) -> str:
        name = self._name(token)
        if name is None:
            return ""
        self._held.append(name)
        return "" if self._has_bytes and BYTE_PIECE.fullmatch(name) else self.flush()

    def flush(self) -> str:
        names, self._held = self._held, []
        if not names:
            return ""
        begun, self._begun = self._begun, True
        if self._decoder is None:  # the names alone, with spaces between them
            return " " * begun + " ".join(names)
        return self._decoder.decode(["x", *names])[1:] if begun else self._decoder.decode(names)


class AnyDetokenizer:
    """Whatever the decoder does: tokenizers' own stream, and at the end what that held back."""

    def __init__(self, names: _Names, tokenizer: Tokenizer):
        self._names, self._tokenizer = names, tokenizer
        self._begin()

    def _begin(self) -> None:
        self._stream = decoders.DecodeStream(skip_special_tokens=True)
        self._tokens: list[int] = []
        self._passed = ""

    def push(self, token: int) -> str:
        if token in self._names.shown:
            return self.flush() + self._names.shown[token]
        self._tokens.append(token)
        text = self._stream.step(self._tokenizer, token) or ""
        self._passed += text
        return text

    def flush(self) -> str:
        whole, passed = self._tokenizer.decode(self._tokens), self._passed
        self._begin()
        return whole[len(passed) :] if whole.startswith(passed) else ""


class StopMatcher:
    """Passes text through up to the first stop string, which may span any number of pieces.

    The longest suffix that could begin a stop string is held back. The first to be complete
    counts, whatever the pieces.
    """

    def __init__(self, stop: tuple[str, ...]):
        self.stop = stop
        self.stopped = False
        self._held = ""

    def push(self, text: str) -> str:
        if not self.stop:
            return text
        if self.stopped:
            return ""
        held = self._held + text
        found = [(i + len(s), i) for s in self.stop if (i := held.find(s)) >= 0]
        if found:
            self.stopped, self._held = True, ""
            return held[: min(found)[1]]
        n = max(overlap(held, s) for s in self.stop)
        self._held = held[len(held) - n :]
        return held[: len(held) - n]

    def flush(self) -> str:
        """At the end: what was held back in vain."""
        held, self._held = self._held, ""
        return held


def overlap(text: str, stop: str) -> int:
    """The length of the longest suffix of `text` that begins `stop` without completing it."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)


class TextStream:
    """A sequence's tokens as the text to show."""

    def __init__(
        self, tokenizer: Tokenizer, stop: tuple[str, ...] = (), shown: Collection[str] = ()
    ):
        """`shown`: special tokens that belong to the text, as a reasoning splitter's markers do."""
        self._detokenizer = detokenizer(tokenizer, shown)
        self._matcher = StopMatcher(stop)

    @property
    def stopped(self) -> bool:
        """Whether a stop string was reached."""
        return self._matcher.stopped

    def push(self, token: int) -> str:
        return self._matcher.push(self._detokenizer.push(token))

    def flush(self) -> str:
        return self._matcher.push(self._detokenizer.flush()) + self._matcher.flush()
