"""What a user typed, told apart from what the template wrote: no text can forge a control token.

Control tokens are spelled with brackets: `<|im_end|>`, `[INST]`, `<｜User｜>`. Before the template
is rendered every bracket in what comes from outside becomes a private-use character; afterwards
those become brackets again, and their places are kept. A control token that touches one of them
was not written by the template alone, so it is encoded as the plain characters it is made of.

What remains: a template that looks for brackets in the user's text sees none of them; thinking
tags stay as they are in what the assistant said, because templates cut there; and a template that
spells a control token around a word from outside (`<|` + role + `|>`) is believed.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from tokenizers import Tokenizer, decoders

BRACKETS = "<>[]|｜〈〉《》◁▷"
PRIVATE = re.compile("[\U000f0000-\U0010ffff]")
THINKING = re.compile(r"</?think(?:ing)?>|\[/?THINK\]|◁/?think▷|</?(?:seed:|mm:)?think>")


class Prompt(str):
    """A prompt's text; `typed` holds, in order, the places of brackets that came from outside.

    A plain `str`, which any operation on a Prompt gives, counts as the template's own text.
    """

    typed: "array[int]"

    def __new__(cls, text: str, typed: Iterable[int] = ()) -> "Prompt":
        prompt = super().__new__(cls, text)
        prompt.typed = array("q", typed)
        return prompt


class Marks:
    """A private-use character for each bracket, none of which occurs in `texts`."""

    def __init__(self, texts: Iterable[str], odd: Iterable[str] = ()):
        """`odd`: control tokens without a bracket, of which whole spellings are marked."""
        taken = {c for text in texts for c in PRIVATE.findall(text)}
        free = (c for c in map(chr, range(0xF0000, 0x110000)) if c not in taken)
        odd = sorted((token for token in odd if token), key=len, reverse=True)
        self._odd = re.compile("|".join(map(re.escape, odd))) if odd else None
        characters = dict.fromkeys([*BRACKETS, *(token[0] for token in odd)])
        self.of = {character: next(free) for character in characters}
        self.back = str.maketrans({mark: character for character, mark in self.of.items()})
        self._brackets = str.maketrans({c: self.of[c] for c in BRACKETS})
        self._any = re.compile(f"[{''.join(self.of.values())}]")

    def mark(self, value: Any, assistant: bool = False) -> Any:
        """Messages or tools with every string in them marked, keys below the first level too."""
        if isinstance(value, str):
            return self.mark_text(value, assistant)
        if isinstance(value, dict):
            return {self.mark(k): self.mark(v, assistant) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self.mark(item, assistant) for item in value]
        return value

    def mark_text(self, text: str, assistant: bool = False) -> str:
        if self._odd:
            text = self._odd.sub(lambda m: self.of[m[0][0]] + m[0][1:], text)
        if not assistant:
            return text.translate(self._brackets)
        kept = THINKING.findall(text)
        parts = [part.translate(self._brackets) for part in THINKING.split(text)]
        return "".join(part + tag for part, tag in zip(parts, [*kept, ""], strict=True))

    def restore(self, text: str) -> str:
        return text.translate(self.back)

    def prompt(self, rendered: str) -> Prompt:
        places = (found.start() for found in self._any.finditer(rendered))
        return Prompt(self.restore(rendered), places)


class PromptEncoder:
    """Reads the template's control tokens as such, and typed ones as plain text."""

    def __init__(self, tokenizer: Tokenizer, template_text: str):
        # A copy: the engine's own reads special tokens as plain text, and another thread may.
        self.tokenizer = Tokenizer.from_str(tokenizer.to_str())
        self.tokenizer.encode_special_tokens = False
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        added = self.tokenizer.get_added_tokens_decoder()
        control = {
            id: token.content
            for id, token in added.items()
            if token.special or (token.content in template_text and not token.content.isspace())
        }
        self._control_ids = set(control)
        spelled = sorted(filter(None, control.values()), key=len, reverse=True)
        self._control = re.compile("|".join(map(re.escape, spelled)) or "(?!)")
        self._byte_level = isinstance(self.tokenizer.decoder, decoders.ByteLevel)

    def encode(self, text: str) -> list[int]:
        typed = text.typed if isinstance(text, Prompt) else array("q")
        ids: list[int] = []
        for start, end in pairwise([0, *self._cuts(text, typed), len(text)]):
            ids += self._encode_piece(text[start:end], start, typed)
        return ids

    def _cuts(self, text: str, typed: "array[int]") -> Iterator[int]:
        """Behind the first character of each control token that is not the template's own."""
        place = 0
        while found := self._control.search(text, place):
            if _touches(typed, *found.span()):
                place = found.start() + 1
                yield place
            else:
                place = found.end()

    def _encode_piece(self, piece: str, start: int, typed: "array[int]") -> list[int]:
        # Behind a newline a sentencepiece vocabulary puts no space in front, as it does at the
        # beginning of a text.
        lead = "" if start == 0 or self._byte_level else "\n"
        encoding = self.tokenizer.encode(lead + piece, add_special_tokens=False)
        n_lead = len(self.tokenizer.encode(lead, add_special_tokens=False).ids) if lead else 0
        for id, (a, b) in zip(encoding.ids, encoding.offsets, strict=True):
            shift = start - len(lead)
            if id in self._control_ids and _touches(typed, a + shift, b + shift):
                token = self.tokenizer.id_to_token(id)
                raise ValueError(f"the tokenizer makes {token} out of plain text; leave it out")
        return encoding.ids[n_lead:]


def _touches(typed: "array[int]", start: int, end: int) -> bool:
    i = bisect_left(typed, start)
    return i < len(typed) and typed[i] < end
