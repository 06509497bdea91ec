"""Commands on models: generate, chat, serve, inspect, convert."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

RUNS = Path("runs")
CHAT_TOKENS = 4096  # of one answer, thoughts included
PRECISIONS = ("float32", "bfloat16", "float16")


def together(*options: Callable) -> Callable:
    """Several options as one decorator."""

    def wrap(command: Callable) -> Callable:
        for option in reversed(options):
            command = option(command)
        return command

    return wrap


loading_options = together(
    click.argument("model"),
    click.option(
        "--device",
        type=click.Choice(["auto", "cpu", "cuda", "mps"]),
        default="auto",
        show_default=True,
    ),
    click.option(
        "--dtype",
        type=click.Choice(["auto", *PRECISIONS]),
        default="auto",
        show_default=True,
        help="auto: the weights' own.",
    ),
    click.option("--quantize", default="", metavar="FORM", help="int8, int4, int4-64, int4-128."),
)
sampling_options = together(
    click.option("--temperature", type=float, help="0: greedy. Default: the makers' advice."),
    click.option("--top-p", type=float),
    click.option("--top-k", type=int, help="0: off."),
    click.option("--min-p", type=float),
    click.option("--seed", type=int, help="The same seed gives the same text."),
    click.option("--stop", multiple=True, help="End before this text."),
    click.option("--max-tokens", type=int),
)


@click.command()
@loading_options
@sampling_options
@click.argument("prompt", required=False)
def generate(model: str, prompt: str | None, **options: Any) -> None:
    """Continue PROMPT (or standard input) with the model MODEL, token by token."""
    engine, params = _engine(model, options)
    if prompt is None:
        prompt = sys.stdin.read()
    for chunk in engine.stream(prompt, params):
        if chunk.note:
            click.echo(f"tenth: {chunk.note}", err=True)
        click.echo(chunk.text, nl=False)
        sys.stdout.flush()
    click.echo()


@click.command()
@loading_options
@sampling_options
@click.option("--system", default="", help="Tells the model how to behave.")
def chat(model: str, system: str, **options: Any) -> None:
    """Talk to MODEL, a folder or a hub id (org/name); a base model continues what you type."""
    from tenth.engine import chat_loop

    if options["max_tokens"] is None:
        options["max_tokens"] = CHAT_TOKENS
    engine, params = _engine(model, options)
    if system and engine.template is None:
        raise ValueError(f"--system: {model} is a base model, which takes no instructions")

    def shown(dim: bool) -> Callable[[str], None]:
        def write(text: str) -> None:
            click.secho(text, nl=False, dim=dim)
            sys.stdout.flush()

        return write

    with suppress(ImportError):
        import readline  # noqa: F401  gives input() line editing and a history
    chat_loop(engine, lambda: input("> "), shown(False), params, shown(True), shown(True), system)


@click.command()
@loading_options
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: for everyone.")
@click.option("--port", type=int, default=8000, show_default=True, help="0: a free one.")
@click.option(
    "--api-key", default=lambda: os.environ.get("TENTH_API_KEY"), help="Ask for it. [TENTH_API_KEY]"
)
@click.option("--name", default="", help="What the API calls the model; default: its folder.")
@click.option("--queue", type=click.IntRange(0), default=32, show_default=True, help="May wait.")
@click.option("--slots", type=click.IntRange(1), default=4, show_default=True, help="At a time.")
def serve(
    model: str, host: str, port: int, api_key: str | None, name: str, queue: int, slots: int,
    **options: Any,
) -> None:  # fmt: skip
    """Serve MODEL, a folder or a hub id: OpenAI's API at /v1, a chat page at /."""
    from tenth.server import serve as serve_engine

    engine, _ = _engine(model, options)
    known = name or (Path(model).resolve().name if Path(model).exists() else model)
    serve_engine(engine, known, host, port, api_key, queue, slots)


@click.command()
@click.argument("model")
@click.option("--bits-per-byte", "text", metavar="FILE", help="Compare precisions on this text.")
def inspect(model: str, text: str | None) -> None:
    """Say what MODEL, a folder or a hub id, is, and what tenth lacks for it; reads headers only."""
    from rich.console import Console
    from rich.table import Table

    from tenth.families.inspecting import inspect as inspected
    from tenth.families.inspecting import rows

    said = None if text is None else _text(text)
    console = Console()
    table = Table(show_header=False, box=None, title=model, title_justify="left")
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in rows(inspected(_folder_or_id(model))):
        table.add_row(label, value)
    console.print(table)
    if text is not None and said is not None:
        _compare(model, text, said, console)


@click.command()
@click.argument("source")
@click.argument("target")
@click.option("--to", required=True, help="hf: a Hugging Face folder; gguf: llama.cpp's file.")
@click.option("--dtype", default="auto", show_default=True, help="auto, float32, bfloat16, "
              "float16; for gguf also q8_0.")  # fmt: skip
def convert(source: str, target: str, to: str, dtype: str) -> None:
    """Convert SOURCE, a folder or a hub id, into TARGET; what is there then was read back."""
    from tenth.families.converting import convert as converted

    done = converted(_folder_or_id(source), target, to, dtype)
    click.echo(f"{done.path}: {done.n_bytes / 1e6:,.1f} MB, {done.dtype}")
    for note in done.notes:
        click.secho(f"tenth: {note}", err=True, dim=True)


COMMANDS = (generate, chat, serve, inspect, convert)


def _text(path: str) -> str:
    """Read before anything is printed, so that a wrong path is one line."""
    try:
        said = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"--bits-per-byte {path}: not a text in UTF-8") from None
    except OSError as error:
        raise ValueError(f"--bits-per-byte {path}: {error.strerror}") from None
    if not said:
        raise ValueError(f"--bits-per-byte {path}: the text is empty")
    return said


def _compare(model: str, text: str, said: str, console: Any) -> None:
    from rich.table import Table

    from tenth.checkpoints.hub import resolve
    from tenth.evals.precision import bits_per_byte_by_precision

    table = Table(title=f"bits per byte of {text}", title_justify="left", box=None)
    for title in ("precision", "weights", "bits per byte"):
        table.add_column(title, justify="left" if title == "precision" else "right")
    for row in bits_per_byte_by_precision(resolve(_folder_or_id(model)), said):
        table.add_row(row.name, f"{row.weight_bytes / 1e6:,.1f} MB", f"{row.bits_per_byte:.4f}")
    console.print(table)


def _engine(model: str, options: dict[str, Any]) -> tuple[Any, Any]:
    """The engine, and how to sample: what the user gave, else what the makers advise."""
    from tenth.checkpoints.hub import resolve
    from tenth.engine import Engine, SamplingParams
    from tenth.engine.room import expectation, fits, weight_bytes
    from tenth.families import load_model
    from tenth.families.converting import TYPES, own_dtype
    from tenth.model.decode import for_decoding
    from tenth.model.quantized import FORMS, quantize_as
    from tenth.ops.native import why_not
    from tenth.train.device import resolve_device

    form = options.pop("quantize")
    device, dtype = resolve_device(options.pop("device")), options.pop("dtype")
    given = {name: value for name, value in options.items() if value not in (None, ())}
    SamplingParams(**given)  # a wrong value is said before a large model is opened
    if form and form not in FORMS:
        raise ValueError(f"--quantize {form!r} is not one of {', '.join(FORMS)}")
    folder = resolve(_folder_or_id(model))
    kind = TYPES[own_dtype(folder) if dtype == "auto" else dtype]
    n_bytes = weight_bytes(folder)
    mapped = device == "cpu" and (bool(form) or not fits(n_bytes))
    if mapped and not form:
        click.secho(f"tenth: {expectation(n_bytes)}", err=True, dim=True)
    loaded = load_model(folder, kind, device, mapped)
    if form:  # from its file, a matrix at a time
        quantize_as(loaded, form)
    for_decoding(loaded, in_memory=bool(form) or not mapped)
    if device == "cpu" and why_not():
        said = f"tenth: decoding goes through PyTorch, slower: {why_not()}"
        click.secho(said, err=True, dim=True)
    engine = Engine.of(loaded, folder)
    for note in engine.defaults.notes:
        click.secho(f"tenth: {note}", err=True, dim=True)
    return engine, engine.defaults.sampling(**given)


def _folder_or_id(model: str) -> str | Path:
    """A folder, a run's sparse (or only) arm, or a hub id."""
    folder = Path(model)
    if (folder / "config.json").is_file():
        return folder
    arms = sorted(p.parent for p in folder.glob("*/config.json"))
    for arm in arms:
        if arm.name == "sparse" or len(arms) == 1:
            click.secho(f"tenth: of {model} it is {arm.name}", err=True, dim=True)
            return arm
    if folder.is_dir() and any(folder.glob("*.safetensors")):
        return folder  # whoever opens it says what is missing
    if folder.exists() or model.count("/") != 1 or model.startswith((".", "/", "~", "runs/")):
        near = sorted(str(p.parent) for p in RUNS.glob("*/*/config.json"))
        raise ValueError(
            f"no model in {model!r}; there are {', '.join(near) or 'none in runs/ yet'}"
        )
    return model
