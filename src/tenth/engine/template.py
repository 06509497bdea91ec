"""A conversation as the text its model was trained on: the chat template that a lab ships."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from tenth.checkpoints import read_json
from tenth.engine.sandbox import MAX_SOURCE, BoundedEnvironment


class ChatTemplate:
    """Jinja as shipped, in a bounded sandbox; what a user types cannot forge a control token."""

    def __init__(self, templates: dict[str, str], special: dict[str, Any], source: str):
        self.source, self.special, self.templates = source, special, {}
        self.environment = BoundedEnvironment()
        for name, text in templates.items():
            if len(text) > MAX_SOURCE:
                raise ValueError(f"{source}: the chat template has {len(text)} characters")
            self.environment.meter.start()
            try:
                self.templates[name] = self.environment.from_string(text)
            except Exception as error:
                raise ValueError(f"{source}: the chat template does not parse: {error}") from None

    @classmethod
    def of(cls, folder: Path) -> "ChatTemplate | None":
        """The template of the model in `folder`; None: a base model."""
        path = folder / "tokenizer_config.json"
        config = read_json(path) if path.is_file() else {}
        special = {
            key: value["content"] if isinstance(value, dict) else value
            for key, value in config.items()
            if key.endswith("_token") and isinstance(value, str | dict)
        }
        file = folder / "chat_template.jinja"
        if file.is_file():
            return cls({"default": file.read_text(encoding="utf-8")}, special, str(file))
        found = config.get("chat_template")
        if not found:
            return None
        if isinstance(found, list):
            found = {entry["name"]: entry["template"] for entry in found}
        return cls(found if isinstance(found, dict) else {"default": found}, special, str(path))

    def render(
        self,
        messages: list[dict[str, Any]],
        tools: list[dict[str, Any]] | None = None,
        add_generation_prompt: bool = True,
        **kwargs: Any,
    ) -> str:
        """The prompt's text. `kwargs` reach the template: enable_thinking, reasoning_effort, ..."""
        name = "tool_use" if tools and "tool_use" in self.templates else "default"
        values = {"messages": messages, "tools": tools, "documents": None, **self.special, **kwargs}
        self.environment.meter.start()
        try:
            return self.templates[name].render(
                add_generation_prompt=add_generation_prompt, **values
            )
        except Exception as error:
            raise ValueError(f"{self.source}: the chat template fails: {error}") from None

    def encode(self, tokenizer: Tokenizer, text: str) -> list[int]:
        """The tokens of what `render` returned."""
        reads = Tokenizer.from_str(tokenizer.to_str())
        reads.encode_special_tokens = False
        return reads.encode(text, add_special_tokens=False).ids
