"""A conversation in a terminal, without the terminal: lines are read and written by callables."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tenth.engine.conversation import Conversation, Piece
from tenth.engine.engine import Engine
from tenth.engine.sequence import SamplingParams
from tenth.files import atomic_write_json, atomic_write_text

Write = Callable[[str], None]

BASE = "This is a base model: it continues your text rather than answering it."
HELP = {
    "/new": "starts afresh",
    "/system TEXT": "tells the model how to behave; alone, it takes that back",
    "/save FILE": "writes the conversation there",
    "/help": "shows this",
}
KEYS = "Ctrl-C stops an answer; an empty line ends."


@dataclass
class Terminal:
    """Where the words go: the answer, what the model thinks, and whole lines that tenth says."""

    read_line: Callable[[], str]
    write: Write
    think: Write
    note: Write

    def say(self, line: str) -> None:
        self.note(f"{line}\n")


def chat_loop(
    engine: Engine,
    read_line: Callable[[], str],
    write: Write,
    params: SamplingParams | None = None,
    note: Write | None = None,
    think: Write | None = None,
    system: str = "",
) -> None:
    """Answers each line the user types, until an empty line or the end of input.

    A base model continues the text so far: what stands on the screen is what it sees. `write` gets
    the model's text; `think` what it thinks before it answers, and `note` whole lines that tenth
    says itself (both by default the same).
    """
    terminal = Terminal(read_line, write, think or write, note or write)
    talk = (
        _Talk(engine, terminal, params, system)
        if engine.template
        else _Text(engine, terminal, params)
    )
    terminal.say(talk.greeting)
    while True:
        try:
            line = read_line().rstrip("\r\n")
        except (EOFError, KeyboardInterrupt):
            return
        if not line.strip():
            return
        try:
            if not _command(talk, line.strip(), terminal):
                _show(talk.ask(line), terminal)
        except ValueError as error:  # a text too long, a template that refuses it: say it, go on
            terminal.say(f"tenth: {error}")


class _Talk:
    """With a chat template."""

    def __init__(
        self, engine: Engine, terminal: Terminal, params: SamplingParams | None, system: str
    ):
        assert engine.template is not None
        self.conversation = Conversation(engine, engine.template, params, system)
        self.conversation.check()
        self.terminal = terminal
        self.help = "; ".join(f"{name} {what}" for name, what in HELP.items()) + f". {KEYS}"
        self.greeting = self.help

    def ask(self, line: str) -> Generator[Piece, None, None]:
        return self.conversation.ask(line)

    def new(self) -> None:
        self.conversation.clear()
        self.terminal.say("A new conversation.")

    def system(self, text: str) -> None:
        self.conversation.system = text
        self.terminal.say(
            "From the next answer on the model is told so." if text else "It is told nothing more."
        )

    def save(self, path: Path) -> None:
        messages = self.conversation.messages
        atomic_write_json(path, {"messages": messages})
        self.terminal.say(f"{len(messages)} messages are in {path}.")


class _Text:
    """Without: the text so far stays the context."""

    def __init__(self, engine: Engine, terminal: Terminal, params: SamplingParams | None):
        self.engine, self.terminal, self.params = engine, terminal, params
        self.context = ""
        known = {name: what for name, what in HELP.items() if not name.startswith("/system")}
        self.help = "; ".join(f"{name} {what}" for name, what in known.items()) + f". {KEYS}"
        self.greeting = f"{BASE} {self.help}"

    def ask(self, line: str) -> Generator[Piece, None, None]:
        if self.context and not self.context.endswith("\n"):
            self.context += "\n"
        self.context += line
        with closing(self.engine.stream(self.context, self.params)) as stream:
            for chunk in stream:
                if chunk.note:
                    yield Piece("note", chunk.note)
                self.context += chunk.text
                yield Piece("answer", chunk.text, len(chunk.tokens))

    def new(self) -> None:
        self.context = ""
        self.terminal.say("A new text.")

    def system(self, text: str) -> None:
        self.terminal.say("A base model cannot be told how to behave.")

    def save(self, path: Path) -> None:
        atomic_write_text(path, self.context)
        self.terminal.say(f"{len(self.context)} characters are in {path}.")


def _command(talk: _Talk | _Text, line: str, terminal: Terminal) -> bool:
    """Whether the line was one; `/usr/bin is ...` is none."""
    name, _, rest = line.partition(" ")
    rest = rest.strip()
    match name:
        case "/new" if not rest:
            talk.new()
        case "/help" if not rest:
            terminal.say(talk.help)
        case "/system":
            talk.system(rest)
        case "/save":
            _save(talk, rest, terminal)
        case _ if name.startswith("/") and name[1:].isalpha() and not rest:
            terminal.say(f"There is no command {name}. {talk.help}")
        case _:
            return False
    return True


def _save(talk: _Talk | _Text, name: str, terminal: Terminal) -> None:
    path = Path(name).expanduser()
    if not name:
        terminal.say("/save needs the name of a file.")
    elif path.exists():
        terminal.say(f"{path} is there already; choose another name.")
    else:
        try:
            talk.save(path)
        except OSError as error:
            terminal.say(f"{path}: {error.strerror or error}")


def _show(pieces: Generator[Piece, None, None], terminal: Terminal) -> None:
    """Streams one answer; Ctrl-C ends it early, and what was shown stays in the conversation."""
    notes: list[str] = []
    n_tokens, start, first = 0, perf_counter(), 0.0
    thinking = False
    try:
        with closing(pieces):
            for kind, text, n in pieces:
                n_tokens += n
                first = first or (perf_counter() if n_tokens else 0.0)
                if kind == "note":
                    notes.append(text)
                elif text:
                    if thinking and kind == "answer":
                        terminal.write("\n\n")
                    thinking = kind == "thought"
                    (terminal.think if thinking else terminal.write)(text)
    except KeyboardInterrupt:
        notes.append("stopped")
    now = perf_counter()
    terminal.write("\n")
    terminal.say(f"[{'; '.join([*notes, _speed(n_tokens, start, first or now, now)])}]")


def _speed(n_tokens: int, start: float, first: float, now: float) -> str:
    """Reading the prompt is said apart: it is not what makes an answer slow to read."""
    if n_tokens < 2:
        return f"{n_tokens} token{'s' * (n_tokens != 1)} in {now - start:.1f} s"
    speed = (n_tokens - 1) / max(now - first, 1e-9)
    return f"{n_tokens} tokens, {speed:.1f} tokens/s, the first after {first - start:.1f} s"
