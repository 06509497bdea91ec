"""What a model thinks and what it answers, told apart while the text comes.

Two spellings cover the families: a block of tags in front of the answer (`<think>...</think>`:
Qwen, DeepSeek, GLM, Kimi, MiniMax), which the prompt may have opened already, and named channels
(gpt-oss). However the text is cut into pieces, the parts are the same.
"""

from abc import ABC, abstractmethod

from tenth.engine.template import ChatTemplate
from tenth.engine.text import overlap

TAGS = (
    ("<think>", "</think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<seed:think>", "</seed:think>"),
)
CHANNEL, MESSAGE = "<|channel|>", "<|message|>"
ENDS = ("<|end|>", "<|return|>", "<|call|>", "<|start|>")
LONGEST_HEADER = 300


class ReasoningSplitter(ABC):
    """One answer's; `markers` have to be shown in its text even where they are special tokens."""

    markers: tuple[str, ...]

    @staticmethod
    def of(template: ChatTemplate, prompt: str | None = None) -> "ReasoningSplitter | None":
        """None: this model does not think apart. `prompt` is what was rendered for this answer,
        where that is at hand: whether it opened the thinking may depend on options."""
        text = template.text
        if CHANNEL in text and "analysis" in text:
            return ChannelSplitter()
        tags = next((pair for pair in TAGS if pair[1] in text or pair[0] in text), None)
        if tags is None:
            return None
        if prompt is None:
            prompt = template.render([{"role": "user", "content": "a"}])
        return TagSplitter(*tags, opened=prompt.rstrip().endswith(tags[0]))

    @abstractmethod
    def push(self, text: str) -> tuple[str, str]:
        """(reasoning, content) that this piece adds."""

    @abstractmethod
    def flush(self) -> tuple[str, str]:
        """At the end: what was held back."""


def split_whole(splitter: ReasoningSplitter | None, text: str) -> tuple[str, str]:
    """(reasoning, content) of a whole answer."""
    if splitter is None:
        return "", text
    (thought, content), (more_thought, more) = splitter.push(text), splitter.flush()
    return thought + more_thought, content + more


class TagSplitter(ReasoningSplitter):
    """`<think>...</think>` in front of the answer; later tags are part of it.

    The newlines inside the tags and behind them belong to neither part.
    """

    def __init__(self, start: str, end: str, opened: bool = False):
        self.start, self.end, self.markers = start, end, (start, end)
        self._state = "thinking" if opened else "before"
        self._held = ""
        self._empty = True  # nothing thought yet

    def push(self, text: str) -> tuple[str, str]:
        self._held += text
        if self._state == "before":
            self._open()
        thought = self._think() if self._state == "thinking" else ""
        if self._state == "behind":
            self._held = self._held.lstrip("\n")
            self._state = "answering" if self._held else "behind"
        if self._state != "answering":
            return thought, ""
        content, self._held = self._held, ""
        return thought, content

    def flush(self) -> tuple[str, str]:
        held, self._held = self._held, ""
        return ("", held) if self._state == "before" else (self._trimmed(held.rstrip("\n")), "")

    def _open(self) -> None:
        seen = self._held.lstrip()
        if seen.startswith(self.start):
            self._state, self._held = "thinking", seen[len(self.start) :]
        elif not self.start.startswith(seen):
            self._state = "answering"

    def _think(self) -> str:
        place = self._held.find(self.end)
        if place >= 0:
            thought, self._held = self._held[:place], self._held[place + len(self.end) :]
            self._state = "behind"
            return self._trimmed(thought.rstrip("\n"))
        sure = self._held[: len(self._held) - overlap(self._held, self.end)].rstrip("\n")
        self._held = self._held[len(sure) :]
        return self._trimmed(sure)

    def _trimmed(self, thought: str) -> str:
        if self._empty:
            thought = thought.lstrip("\n")
            self._empty = not thought
        return thought


class ChannelSplitter(ReasoningSplitter):
    """`<|channel|>analysis<|message|>...<|end|><|start|>assistant<|channel|>final<|message|>...`

    A call of a tool (a header with `to=`) is left in the content as the model wrote it.
    """

    markers = (CHANNEL, MESSAGE, *ENDS, "<|constrain|>")

    def __init__(self) -> None:
        self._held = ""
        self._body: str | None = None  # the channel whose text comes; None: a header

    def push(self, text: str) -> tuple[str, str]:
        self._held += text
        parts = ["", ""]
        while True:
            at_work = self._header(parts) if self._body is None else self._text(parts)
            if not at_work:
                return parts[0], parts[1]

    def flush(self) -> tuple[str, str]:
        held, self._held = self._held, ""
        if self._body is None:  # an unfinished header, or text without any
            return "", "" if CHANNEL in held or not held.strip() else held
        return (held, "") if self._body == "analysis" else ("", held)

    def _header(self, parts: list[str]) -> bool:
        place = self._held.find(MESSAGE, 0, LONGEST_HEADER)
        if place < 0 and self._may_be_header() and len(self._held) < LONGEST_HEADER:
            return False
        if place < 0 or not self._may_be_header():
            self._body = "final"  # no header at all: it answers straight away
            return True
        header, self._held = self._held[:place], self._held[place + len(MESSAGE) :]
        _, _, channel = header.rpartition(CHANNEL)
        self._body = (channel.split() or ["final"])[0]
        if "to=" in header:
            self._body = "call"
            parts[1] += (
                f"{header[header.find(CHANNEL) :] if CHANNEL in header else header}{MESSAGE}"
            )
        return True

    def _may_be_header(self) -> bool:
        seen = self._held.lstrip()
        starts = (CHANNEL, "<|start|>", "assistant", " to=", "to=")
        return any(s.startswith(seen) or seen.startswith(s) for s in starts)

    def _text(self, parts: list[str]) -> bool:
        places = [(i, end) for end in (*ENDS, CHANNEL) if (i := self._held.find(end)) >= 0]
        which = 0 if self._body == "analysis" else 1
        if not places:
            n = max(overlap(self._held, end) for end in (*ENDS, CHANNEL))
            sure, self._held = self._held[: len(self._held) - n], self._held[len(self._held) - n :]
            parts[which] += sure
            return False
        place, end = min(places)
        parts[which] += self._held[:place]
        kept = 0 if end == CHANNEL else len(end)
        self._held, self._body = self._held[place + kept :], None
        return True
