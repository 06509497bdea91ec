"""Log-probabilities in OpenAI's two forms: records for a chat, parallel lists for a completion."""

import codecs
from typing import Any

from tokenizers import Tokenizer

from tenth.engine.sequence import TokenLogprob
from tenth.engine.text import BYTE_OF_CHARACTER, BYTE_PIECE, decoder_steps

LOWEST = -9999.0  # stands for the logarithm of zero, which JSON cannot hold


class TokenTexts:
    """What each token is in bytes; special tokens as they are spelled."""

    def __init__(self, tokenizer: Tokenizer):
        self._tokenizer = tokenizer
        self._byte_level = any(step["type"] == "ByteLevel" for step in decoder_steps(tokenizer))
        self._added = set(tokenizer.get_added_tokens_decoder())

    def bytes_of(self, token: int) -> bytes:
        piece = self._tokenizer.id_to_token(token) or ""
        if token in self._added:
            return piece.encode()
        if self._byte_level and all(character in BYTE_OF_CHARACTER for character in piece):
            return bytes(BYTE_OF_CHARACTER[character] for character in piece)
        if BYTE_PIECE.fullmatch(piece):
            return bytes([int(piece[3:5], 16)])
        return piece.replace("\u2581", " ").encode()  # sentencepiece's space

    def name(self, token: int) -> str:
        """A key that differs between tokens: half a character is shown as its bytes."""
        own = self.bytes_of(token)
        try:
            return own.decode()
        except UnicodeDecodeError:
            return "bytes:" + "".join(f"\\x{byte:02x}" for byte in own)


def chat_logprobs(texts: TokenTexts, logprobs: list[TokenLogprob]) -> dict[str, Any]:
    def record(token: int, logprob: float) -> dict[str, Any]:
        own = texts.bytes_of(token)
        shown = own.decode(errors="replace")
        return {"token": shown, "logprob": max(logprob, LOWEST), "bytes": list(own)}

    content = [
        record(one.token, one.logprob) | {"top_logprobs": [record(*pair) for pair in one.top]}
        for one in logprobs
    ]
    return {"content": content, "refusal": None}


class CompletionLogprobs:
    """The parallel lists of one answer, a part at a time; offsets count from the prompt's start."""

    def __init__(self, texts: TokenTexts, n_top: int, offset: int):
        self._texts, self._n_top, self._offset = texts, n_top, offset
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")

    def part(self, logprobs: list[TokenLogprob]) -> dict[str, Any]:
        tokens, values, offsets, tops = [], [], [], []
        for one in logprobs:
            name = self._texts.name
            tokens.append(name(one.token))
            values.append(max(one.logprob, LOWEST))
            offsets.append(self._offset)
            top = {name(token): max(logprob, LOWEST) for token, logprob in one.top}
            tops.append({name(one.token): values[-1]} | top)
            self._offset += len(self._utf8.decode(self._texts.bytes_of(one.token)))
        return {
            "tokens": tokens,
            "token_logprobs": values,
            "top_logprobs": tops if self._n_top else None,
            "text_offset": offsets,
        }
