"""Token ids in, text out, as it comes: never half a character, nothing from a stop string on."""

import codecs

from tokenizers import Tokenizer, decoders


def _byte_of_character() -> dict[str, int]:
    """The printable stand-in of each byte in a byte-level vocabulary, as GPT-2 chose them."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(b): b for b in plain} | {chr(256 + i): b for i, b in enumerate(others)}


BYTE_OF_CHARACTER = _byte_of_character()


class Detokenizer:
    """What `tokenizer.decode` makes of all the ids, piece by piece, special tokens skipped.

    Each token of a byte-level vocabulary is a fixed run of bytes, so an incremental UTF-8 decoder
    is exact, and linear. (tokenizers' DecodeStream holds invalid bytes back, and at the end
    loses them.)
    """

    def __init__(self, tokenizer: Tokenizer):
        if not isinstance(tokenizer.decoder, decoders.ByteLevel):
            kind = type(tokenizer.decoder).__name__
            raise ValueError(f"the tokenizer's decoder is {kind}; tenth streams ByteLevel only")
        self.tokenizer = tokenizer
        added = tokenizer.get_added_tokens_decoder()
        self._special = {id for id, token in added.items() if token.special}
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        """The characters that this token completes."""
        return self._utf8.decode(self._bytes(token))

    def flush(self) -> str:
        """At the end: U+FFFD where a character was left incomplete."""
        return self._utf8.decode(b"", final=True)

    def _bytes(self, token: int) -> bytes:
        name = None if token in self._special else self.tokenizer.id_to_token(token)
        if name is None:  # special, or a padded vocabulary's row without a token
            return b""
        try:
            return bytes(BYTE_OF_CHARACTER[character] for character in name)
        except KeyError:  # an added token is spelled as it is
            return name.encode()


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
        n = max(_overlap(held, s) for s in self.stop)
        self._held = held[len(held) - n :]
        return held[: len(held) - n]

    def flush(self) -> str:
        """At the end: what was held back in vain."""
        held, self._held = self._held, ""
        return held


def _overlap(text: str, stop: str) -> int:
    """The length of the longest suffix of `text` that begins `stop` without completing it."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)


class TextStream:
    """A sequence's tokens as the text to show."""

    def __init__(self, tokenizer: Tokenizer, stop: tuple[str, ...] = ()):
        self._detokenizer = Detokenizer(tokenizer)
        self._matcher = StopMatcher(stop)

    @property
    def stopped(self) -> bool:
        """Whether a stop string was reached."""
        return self._matcher.stopped

    def push(self, token: int) -> str:
        return self._matcher.push(self._detokenizer.push(token))

    def flush(self) -> str:
        return self._matcher.push(self._detokenizer.flush()) + self._matcher.flush()
