"""A conversation in a terminal, without the terminal: lines are read and written by callables."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from tenth.engine.engine import Engine
from tenth.engine.sequence import SamplingParams

Write = Callable[[str], None]

BASE = "This is a base model: it continues your text rather than answering it."
CHAT = "This is a chat model, but this version has no chat templates: it continues text only."
HELP = "/new starts afresh; /help shows this; Ctrl-C stops an answer; an empty line ends."


def is_chat_model(folder: Path) -> bool:
    """Whether the model in `folder` brings a chat template."""
    if (folder / "chat_template.jinja").is_file():
        return True
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return False
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not valid JSON: {error}") from None
    return isinstance(config, dict) and bool(config.get("chat_template"))


def chat_loop(
    engine: Engine,
    is_chat: bool,
    read_line: Callable[[], str],
    write: Write,
    params: SamplingParams | None = None,
    note: Write | None = None,
) -> None:
    """Continues each line the user types, until an empty line or the end of input.

    The text so far stays the context: what stands on the screen is what the model sees. `write`
    gets the model's text, `note` (by default the same) whole lines that tenth says itself.
    """
    note = note or write
    note(f"{CHAT if is_chat else BASE} {HELP}\n")
    context = ""
    while True:
        try:
            line = read_line().rstrip("\r\n")
        except (EOFError, KeyboardInterrupt):
            return
        match line.strip():
            case "":
                return
            case "/new":
                context = ""
                note("A new text.\n")
            case "/help":
                note(f"{HELP}\n")
            case command if command.startswith("/") and command[1:].isalpha():
                note(f"There is no command {command}. {HELP}\n")
            case _:
                if context and not context.endswith("\n"):
                    context += "\n"
                context += line
                context += _answer(engine, context, write, note, params)


def _answer(
    engine: Engine, context: str, write: Write, note: Write, params: SamplingParams | None
) -> str:
    """Streams one continuation and returns what was shown of it; Ctrl-C ends it early."""
    pieces: list[str] = []
    notes: list[str] = []
    n_tokens, start = 0, perf_counter()
    try:
        with closing(engine.stream(context, params)) as stream:
            for chunk in stream:
                n_tokens += len(chunk.tokens)
                if chunk.note:
                    notes.append(chunk.note)
                if chunk.text:
                    pieces.append(chunk.text)
                    write(chunk.text)
    except KeyboardInterrupt:
        notes.append("stopped")
    seconds = max(perf_counter() - start, 1e-9)
    write("\n")
    notes.append(f"{n_tokens} tokens, {n_tokens / seconds:.1f} tokens/s")
    note(f"[{'; '.join(notes)}]\n")
    return "".join(pieces)
