"""A conversation with a model that has a chat template: turns in, the parts of an answer out."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from tenth.engine.engine import Engine
from tenth.engine.reasoning import ReasoningSplitter
from tenth.engine.sequence import SamplingParams
from tenth.engine.template import ChatTemplate
from tenth.engine.text import TextStream


class Piece(NamedTuple):
    """What one step adds: a thought, a part of the answer, or something to tell the user."""

    kind: Literal["thought", "answer", "note"]
    text: str
    n_tokens: int = 0


class Conversation:
    """The turns so far. An answer that is broken off stays as far as it was shown."""

    def __init__(
        self,
        engine: Engine,
        template: ChatTemplate,
        params: SamplingParams | None = None,
        system: str = "",
        **options: Any,
    ):
        """`options` reach the template: enable_thinking, reasoning_effort, ..."""
        self.engine, self.template, self.options = engine, template, options
        self.params = params or SamplingParams()
        self.system = system
        self.turns: list[dict[str, Any]] = []

    @property
    def messages(self) -> list[dict[str, Any]]:
        start = [{"role": "system", "content": self.system}] if self.system else []
        return [*start, *self.turns]

    def check(self) -> None:
        """Raises what is wrong with a template that fails on the plainest conversation."""
        self.template.render([{"role": "user", "content": "a"}], **self.options)

    def clear(self) -> None:
        self.turns = []

    def ask(self, text: str) -> Generator[Piece, None, None]:
        """The answer to the user's next turn, piece by piece.

        When the context is full the oldest turns go, and a note says so. A turn that cannot be
        asked at all, or to which nothing was said, leaves no trace.
        """
        before = list(self.turns)
        self.turns.append({"role": "user", "content": text})
        said = {"thought": "", "answer": "", "note": ""}
        try:
            prompt, tokens, n_dropped = self._fitted()
            if n_dropped:
                yield Piece("note", self._dropped_note(n_dropped))
            with closing(self._stream(prompt, tokens)) as stream:
                for piece in stream:
                    said[piece.kind] += piece.text
                    yield piece
        finally:
            self._keep(before, said["thought"], said["answer"])

    def _keep(self, before: list[dict[str, Any]], thought: str, answer: str) -> None:
        if not thought and not answer:
            self.turns = before
            return
        turn = {"role": "assistant", "content": answer}
        self.turns.append({**turn, "reasoning_content": thought} if thought else turn)

    def _stream(self, prompt: str, tokens: list[int]) -> Generator[Piece, None, None]:
        room = self.engine.window - len(tokens) + 1  # the last token need not be read
        params = replace(self.params, max_tokens=min(self.params.max_tokens, room))
        parts = _Parts(self.engine, ReasoningSplitter.of(self.template, prompt), params)
        with closing(self.engine.stream(tokens, params)) as stream:
            for chunk in stream:
                if chunk.note:
                    yield Piece("note", chunk.note)
                yield from parts.take(chunk.tokens, chunk.text, bool(chunk.finish_reason))
                if chunk.finish_reason == "length":
                    yield Piece("note", self._length_note(params.max_tokens))

    def _fitted(self) -> tuple[str, list[int], int]:
        """The prompt, its tokens, and how many of the oldest turns had to go for it.

        Once some have to go, a quarter of the context is freed, so that the next answers find
        the beginning of the prompt as it was.
        """
        window = self.engine.window
        wanted = min(self.params.max_tokens, window // 4)
        prompt, tokens = self._prompt()
        if len(tokens) + wanted <= window:
            return prompt, tokens, 0
        n_dropped = 0
        while len(tokens) + wanted > window - window // 4 and (rest := self._without_oldest()):
            self.turns, n_dropped = rest, n_dropped + 1
            prompt, tokens = self._prompt()
        if len(tokens) > window:
            raise ValueError(
                f"that has {len(tokens)} tokens with what the template adds; this model reads "
                f"{window} at most"
            )
        return prompt, tokens, n_dropped

    def _prompt(self) -> tuple[str, list[int]]:
        prompt = self.template.render(self.messages, **self.options)
        return prompt, self.template.encode(self.engine.tokenizer, prompt)

    def _without_oldest(self) -> list[dict[str, Any]]:
        """The turns without the first question and its answer; none when only one is left."""
        asked = [i for i, turn in enumerate(self.turns) if turn["role"] == "user"]
        return self.turns[asked[1] :] if len(asked) > 1 else []

    def _dropped_note(self, n: int) -> str:
        turns = "the oldest turn was" if n == 1 else f"the {n} oldest turns were"
        return f"the context of {self.engine.window} tokens is full: {turns} left out"

    def _length_note(self, n: int) -> str:
        if n < self.params.max_tokens:
            return f"the context of {self.engine.window} tokens is full: the answer ends here"
        return f"the answer ends at {n} tokens, as --max-tokens says"


class _Parts:
    """An answer's tokens as thoughts and answer; markers that are special tokens are seen too."""

    def __init__(self, engine: Engine, splitter: ReasoningSplitter | None, params: SamplingParams):
        self._splitter = splitter
        shown = splitter.markers if splitter else ()
        self._text = TextStream(engine.tokenizer, params.stop, shown)

    def take(self, tokens: tuple[int, ...], text: str, ends: bool) -> list[Piece]:
        if self._splitter is None:
            return [Piece("answer", text, len(tokens))]
        seen = "".join(map(self._text.push, tokens)) + (self._text.flush() if ends else "")
        thought, answer = self._splitter.push(seen)
        if ends:
            more_thought, more = self._splitter.flush()
            thought, answer = thought + more_thought, answer + more
        pieces = [Piece("thought", thought)] if thought else []
        return [*pieces, Piece("answer", answer, len(tokens))]
