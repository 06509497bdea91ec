"""What the engine made as OpenAI's objects: whole answers, and the chunks of a stream."""

import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tenth.engine.engine import Engine
from tenth.engine.reasoning import ReasoningSplitter
from tenth.engine.runner import Chunk
from tenth.engine.sequence import TokenLogprob
from tenth.server.asking import Asked
from tenth.server.logprobs import CompletionLogprobs, TokenTexts, chat_logprobs
from tenth.server.schema import Request
from tenth.server.stream import Answers, Step

Json = dict[str, Any]
Kind = Literal["chat", "completion"]
QUIET = 15.0  # seconds without an event after which a comment keeps proxies from hanging up


@dataclass
class Choice:
    """One answer as it grows: what was not sent yet, and what the end has to say."""

    echo: str
    splitter: ReasoningSplitter | None
    logprobs_form: CompletionLogprobs | None
    content: str = ""
    reasoning: str = ""
    logprobs: list[TokenLogprob] = field(default_factory=list)
    experts: tuple[tuple[int, ...], ...] = ()
    finish_reason: str | None = None
    n_tokens: int = 0
    first: float = 0.0
    last: float = 0.0

    def take(self, step: Step) -> None:
        chunk = step.chunk
        if self.n_tokens == 0:
            self.first = step.at
            self.content += self.echo
            self.logprobs += chunk.prompt_logprobs
        self.n_tokens += len(chunk.tokens)
        self.last = step.at
        self._split(chunk)
        self.logprobs += chunk.logprobs
        self.experts, self.finish_reason = chunk.experts, chunk.finish_reason

    def _split(self, chunk: Chunk) -> None:
        if self.splitter is None:
            self.content += chunk.text
            return
        parts = [self.splitter.push(chunk.text)]
        if chunk.finish_reason:
            parts.append(self.splitter.flush())
        for reasoning, content in parts:
            self.reasoning += reasoning
            self.content += content

    def sent(self) -> None:
        self.content, self.reasoning, self.logprobs = "", "", []

    @property
    def tokens_per_second(self) -> float:
        """Of the tokens after the first, which waited for the prompt to be read."""
        seconds = self.last - self.first
        return round((self.n_tokens - 1) / seconds, 2) if self.n_tokens > 1 and seconds else 0.0


class Reply:
    """One request's answer, in whichever of the two APIs it was asked."""

    def __init__(self, kind: Kind, engine: Engine, texts: TokenTexts, request: Request,
                 asked: Asked, answers: Answers):  # fmt: skip
        self.kind, self.request, self.answers, self.texts = kind, request, answers, texts
        self.prompt_tokens, self.ignored = asked.prompt_tokens, asked.ignored
        self.id = ("chatcmpl-" if kind == "chat" else "cmpl-") + uuid.uuid4().hex
        self.created = int(time.time())
        self.choices = []
        each = zip(asked.sequences, asked.echoes, asked.splitters, strict=True)
        for sequence, echo, splitter in each:
            report, form = sequence.report, None
            if kind == "completion" and report.top_logprobs is not None:
                start = 0 if report.prompt else len(engine.tokenizer.decode(list(sequence.prompt)))
                form = CompletionLogprobs(texts, report.top_logprobs, start)
            self.choices.append(Choice(echo, splitter, form))
        self.wants_logprobs = asked.sequences[0].report.top_logprobs is not None
        self.wants_experts = asked.sequences[0].report.experts

    async def whole(self) -> Json:
        """All of it at once."""
        async for step in self.answers.steps():
            if step:
                self.choices[step.which].take(step)
        object_ = "chat.completion" if self.kind == "chat" else "text_completion"
        whole = self._frame(object_, [self._whole(i, one) for i, one in enumerate(self.choices)])
        whole["usage"] = self._usage()
        told: Json = {"ignored": self.ignored} if self.ignored else {}
        if self.request.tenth:
            told["tokens_per_second"] = self.choices[0].tokens_per_second
        return whole | ({"tenth": told} if told else {})

    async def events(self) -> AsyncIterator[Json | None]:
        """A chunk for each token that completes some text; None to keep a quiet line open."""
        if self.kind == "chat":
            for i in range(len(self.choices)):
                yield self._event(i, {"role": "assistant", "content": ""}, told=self._ignored(i))
        elif self.ignored:
            yield self._event(0, "", told=self._ignored(0))
        async for step in self.answers.steps(QUIET):
            if step is None:
                yield None
                continue
            choice = self.choices[step.which]
            choice.take(step)
            for event in self._grown(step.which, choice):
                yield event
        options = self.request.stream_options
        if options and options.include_usage:
            yield self._chunk([]) | {"usage": self._usage()}

    def _grown(self, i: int, one: Choice) -> list[Json]:
        """What there is to send of a choice that took a step."""
        events = []
        told: Json = {"experts": one.experts} if self.wants_experts else {}
        if one.content or one.reasoning or one.logprobs or told:
            logprobs = self._logprobs(one)
            if self.kind == "completion":
                events.append(self._event(i, one.content, logprobs, told=told))
            else:
                delta = {"reasoning_content": one.reasoning} if one.reasoning else {}
                delta |= {"content": one.content} if one.content or not delta else {}
                events.append(self._event(i, delta, logprobs, told=told))
            one.sent()
        if one.finish_reason:
            speed = {"tokens_per_second": one.tokens_per_second} if self.request.tenth else {}
            empty: Json | str = {} if self.kind == "chat" else ""
            events.append(self._event(i, empty, finish_reason=one.finish_reason, told=speed))
        return events

    def _whole(self, i: int, one: Choice) -> Json:
        made: Json = {"index": i, "finish_reason": one.finish_reason}
        made["logprobs"] = self._logprobs(one)
        if self.kind == "completion":
            return made | {"text": one.content}
        message: Json = {"role": "assistant", "content": one.content, "refusal": None}
        if one.splitter is not None:
            message["reasoning_content"] = one.reasoning
        return made | {"message": message}

    def _event(
        self,
        i: int,
        grown: Json | str,
        logprobs: Json | None = None,
        finish_reason: str | None = None,
        told: Json | None = None,
    ) -> Json:
        choice: Json = {"index": i, "logprobs": logprobs, "finish_reason": finish_reason}
        choice["text" if self.kind == "completion" else "delta"] = grown
        return self._chunk([choice]) | ({"tenth": told} if told else {})

    def _chunk(self, choices: list[Json]) -> Json:
        object_ = "chat.completion.chunk" if self.kind == "chat" else "text_completion"
        usage = self.request.stream_options and self.request.stream_options.include_usage
        return self._frame(object_, choices) | ({"usage": None} if usage else {})

    def _frame(self, object_: str, choices: list[Json]) -> Json:
        return {"id": self.id, "object": object_, "created": self.created,
                "model": self.request.model, "choices": choices}  # fmt: skip

    def _ignored(self, i: int) -> Json:
        return {"ignored": self.ignored} if self.ignored and i == 0 else {}

    def _logprobs(self, one: Choice) -> Json | None:
        if not self.wants_logprobs:
            return None
        if one.logprobs_form is not None:
            return one.logprobs_form.part(one.logprobs)
        return chat_logprobs(self.texts, one.logprobs)

    def _usage(self) -> Json:
        made = sum(one.n_tokens for one in self.choices)
        return {"prompt_tokens": self.prompt_tokens, "completion_tokens": made,
                "total_tokens": self.prompt_tokens + made}  # fmt: skip
