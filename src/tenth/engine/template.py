"""A conversation as the text its model was trained on: the chat template that a lab ships."""

import threading
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError
from tokenizers import Tokenizer

from tenth.engine.messages import (
    as_parts,
    checked,
    has_text_arguments,
    joined_parts,
    parsed_arguments,
)
from tenth.engine.meter import TooCostly
from tenth.engine.sandbox import MAX_SOURCE, BoundedEnvironment
from tenth.engine.template_files import read_shipped
from tenth.engine.typed import BRACKETS, Marks, Prompt, PromptEncoder

NEEDLE = "tenthneedle"


class ChatTemplate:
    """Jinja as shipped, in a bounded sandbox; what a user types cannot forge a control token."""

    def __init__(
        self,
        templates: dict[str, str],
        special: dict[str, str],
        source: str,
        control: tuple[str, ...] = (),
    ):
        """`control`: the control tokens known beforehand, of which some may have no bracket."""
        self.sources, self.special, self.source = templates, special, source
        self.environment = BoundedEnvironment()
        self._odd = [t for t in {*control, *special.values()} if not set(t) & set(BRACKETS)]
        self._templates = {name: self._compiled(text) for name, text in templates.items()}
        self._encoder: tuple[Tokenizer, PromptEncoder] | None = None
        self._lock = threading.Lock()

    @classmethod
    def of(cls, folder: Path) -> "ChatTemplate | None":
        """The template of the model in `folder`; None: a base model."""
        shipped = read_shipped(folder)
        if shipped is None:
            return None
        template = cls(*shipped)
        template._tried([{"role": "user", "content": NEEDLE}])  # a hostile one ends here
        return template

    @property
    def text(self) -> str:
        """The Jinja of the default template."""
        return self.sources["default"]

    def render(
        self,
        messages: list[dict[str, Any]],
        tools: list[dict[str, Any]] | None = None,
        add_generation_prompt: bool = True,
        **kwargs: Any,
    ) -> Prompt:
        """The prompt's text. `kwargs` reach the template: enable_thinking, reasoning_effort, ..."""
        made = checked(messages)
        if any(isinstance(m.get("content"), list) for m in made) and not self._reads_parts:
            made = [joined_parts(m) for m in made]
        elif self._reads_only_parts:
            made = [as_parts(m) for m in made]
        if any(map(has_text_arguments, made)) and not self._reads_text_arguments:
            made = [parsed_arguments(m) for m in made]
        return self._render(made, tools, add_generation_prompt, kwargs)

    def encode(self, tokenizer: Tokenizer, text: str) -> list[int]:
        """The tokens of what `render` returned. Only there control tokens come to be: in a plain
        `str` all of them count as the template's own."""
        with self._lock:
            if self._encoder is None or self._encoder[0] is not tokenizer:
                literals = "\0".join(self.sources.values())
                self._encoder = tokenizer, PromptEncoder(tokenizer, literals)
            encoder = self._encoder[1]
        return encoder.encode(text)

    def _compiled(self, text: Any) -> Template:
        if not isinstance(text, str):
            raise ValueError(f"{self.source}: the chat template is {type(text).__name__}, no text")
        if len(text) > MAX_SOURCE:
            raise ValueError(
                f"{self.source}: the chat template has {len(text)} characters, over {MAX_SOURCE}"
            )
        self.environment.meter.start()
        try:
            return self.environment.from_string(text)
        except Exception as error:  # from Python's own compiler as well
            raise ValueError(
                f"{self.source}: the chat template does not parse: {_line(error)}"
            ) from None

    def _render(self, messages: Any, tools: Any, prompt: bool, kwargs: dict[str, Any]) -> Prompt:
        name = "tool_use" if tools and "tool_use" in self._templates else "default"
        marks = Marks(_texts([messages, tools, kwargs, self.sources[name]]), self._odd)
        values = {
            **self.special,
            "messages": [
                {k: marks.mark(v, m["role"] == "assistant") for k, v in m.items()} for m in messages
            ],
            "tools": marks.mark(tools),
            "documents": None,
            "add_generation_prompt": prompt,
            **{key: marks.mark(value) for key, value in kwargs.items()},
        }
        self.environment.meter.start()
        self.environment.meter.marks = marks
        try:
            return marks.prompt(self._templates[name].render(values))
        except Exception as error:  # a template may raise anything
            message = f"{self.source}: the chat template fails: {marks.restore(_line(error))}"
            raise ValueError(message) from None
        finally:
            self.environment.meter.marks = None

    @cached_property
    def _reads_parts(self) -> bool:
        """Whether the template takes content as a list of parts."""
        text = self._tried([{"role": "user", "content": [{"type": "text", "text": NEEDLE}]}])
        return NEEDLE in text and f"'{NEEDLE}'" not in text and f'"{NEEDLE}"' not in text

    @cached_property
    def _reads_only_parts(self) -> bool:
        return (
            NEEDLE not in self._tried([{"role": "user", "content": NEEDLE}]) and self._reads_parts
        )

    @cached_property
    def _reads_text_arguments(self) -> bool:
        """Whether the template takes a tool call's arguments as JSON in a string."""
        call = {"name": "f", "arguments": f'{{"{NEEDLE}": 1}}'}
        calls = [{"id": "call12345", "type": "function", "function": call}]
        answer = {"role": "assistant", "content": "", "tool_calls": calls}
        return f'"{NEEDLE}":' in self._tried([{"role": "user", "content": "a"}, answer])

    def _tried(self, messages: list[dict[str, Any]]) -> str:
        """What it makes of these; nothing if it refuses them, unless no conversation would do."""
        try:
            return self._render(messages, None, True, {})
        except ValueError as error:
            if isinstance(error.__context__, TooCostly | SecurityError | RecursionError):
                raise
            return ""


def _texts(value: Any) -> list[str]:
    """Every string in messages and tools."""
    texts, waiting = [], [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list | tuple):
            waiting += value
    return texts


def _line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself too deeply"
    return " ".join(str(error).split())[:300] or type(error).__name__
