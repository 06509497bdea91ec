"""The command line: one command a room, each imported only when it is called."""

import errno
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import click

from tenth import __version__
from tenth.cli_models import COMMANDS, RUNS, together
from tenth.cli_reader import COMMANDS as READER_COMMANDS

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130
READ_LIBRARIES = frozenset(
    (
        "msgspec", "pypdfium2", "python_calamine", "openpyxl", "docx", "pptx", "lxml", "defusedxml",
        "charset_normalizer", "PIL", "rapidocr", "onnxruntime", "cv2", "py7zr", "pyzipper",
        "rarfile", "olefile", "markdown_it", "xlsxwriter",
    )
)  # fmt: skip
EXTRAS = {"ray": "ray"} | dict.fromkeys(
    ("fastapi", "uvicorn", "pydantic", "huggingface_hub", "gguf"), "serve"
)
SHARED_LIBRARIES = frozenset(  # of [read] and [train]
    ("filelock", "numpy", "psutil", "zstandard", "pyarrow", "jinja2")
)


def main() -> None:
    """Runs the command line; every foreseen failure is one line on standard error."""
    try:
        sys.exit(cli.main(standalone_mode=False, prog_name="tenth") or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(_said("stopped", INTERRUPTED))
    except click.ClickException as error:
        sys.exit(_said(error.format_message(), BAD_INPUT))
    except BrokenPipeError:  # the reader of our output left: not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except ValueError as error:
        sys.exit(_said(str(error), BAD_INPUT))
    except OSError as error:
        sys.exit(_said(_spelled(error), BAD_INPUT))
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("tenth"):
            raise
        sys.exit(_said(_missing(error.name or str(error)), BAD_INPUT))
    except RuntimeError as error:
        if type(error).__module__ != "tenth.train.loop":
            raise
        sys.exit(_said(str(error), INTERRUPTED if "Interrupted" in repr(error) else FAILED))


def _said(line: str, code: int) -> int:
    click.echo(f"tenth: {' '.join(line.split())}", err=True)
    return code


def _spelled(error: OSError) -> str:
    where = f" at {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"no space left on the disk{where}; make room and run the same command again"
    return f"{error.strerror or error}{where}"


def _missing(module: str) -> str:
    """What to install, by what is asked of us: `tenth read` needs no torch."""
    top = module.partition(".")[0]
    extra = "read" if _reads(top) else EXTRAS.get(top, "train")
    return f"{top} is not installed: pip install 'tenth[{extra}]'"


def _reads(module: str) -> bool:
    return module in READ_LIBRARIES or (
        module in SHARED_LIBRARIES and sys.argv[1:2] in (["read"], ["ask"])
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """Does a sparse model pay on your text, how much, and thanks to what?"""


text_options = together(
    click.argument("paths", nargs=-1),
    click.option("--name", help="The run's folder below runs/; default: the text's name."),
    click.option("--field", default="text", show_default=True, help="Of JSON lines and Parquet."),
    click.option(
        "--split-on",
        type=click.Choice(["blank-line"]),
        help="What separates documents within a file; default: a file is one document.",
    ),
    click.option("--held-out", multiple=True, metavar="PATH", help="Your own verdict text."),
    click.option("--seeds", type=int, default=1, show_default=True),
    click.option(
        "--device",
        type=click.Choice(["auto", "cpu", "cuda", "mps"]),
        default="auto",
        show_default=True,
    ),
    click.option("--log", type=click.Choice(["tensorboard", "wandb"]), help="Also log there."),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help="Change a setting of all arms (model.d_model=96) or of one (dense.train.lr=0.01).",
    ),
)


@cli.command()
@text_options
@click.option(
    "--budget",
    default="3e13",
    show_default=True,
    help="Training FLOPs of the dense arm, or a time (20m) that is turned into FLOPs.",
)
@click.option("--full", is_flag=True, help="Also a dense model with memory, at C/10 and at C.")
@click.option("--with", "more", multiple=True, metavar="ARM", help="Only one of these two.")
@click.option(
    "--evals",
    default="",
    metavar="PATH",
    help="Zero-shot tests for every arm: a folder with blimp.jsonl, lambada_openai.jsonl.",
)
@click.option("--report", metavar="NAME", help="Only draw the report of runs/NAME again.")
def race(report: str | None, full: bool, more: tuple[str, ...], **options: Any) -> None:
    """Race a sparse model against a dense one of ten times its compute on PATHS.

    PATHS are files, folders or globs of plain text, Markdown, source code, JSON lines or
    Parquet, also .gz, .xz, .zst; archives and reports (pdf, docx, xlsx, pptx, html, eml) too.
    Without any, the running Python's standard library.
    Ctrl-C saves; the same command goes on where it was, also with more seeds or arms.
    """
    from tenth.race.report import write_report

    if report is not None:
        if options["paths"]:
            raise ValueError("--report draws a run again and takes no PATHS")
        folder = _run_folder(report)
        if not folder.is_dir():
            raise ValueError(f"no run {str(folder)!r}; there are {_runs()}")
        click.echo(f"report: {write_report(folder)}")
        return
    from tenth.race.verdict import ALL_ARMS, ARMS, FULL_ARMS

    for name in more:
        if name not in FULL_ARMS:
            raise ValueError(f"--with {name!r} is not one of {', '.join(FULL_ARMS)}")
    wanted = {*ARMS, *more, *(FULL_ARMS if full else ())}
    _run(tuple(name for name in ALL_ARMS if name in wanted), options)


@cli.command()
@text_options
@click.option("--preset", default="sparse", show_default=True, help="sparse, sparse-plain, dense.")
@click.option("--budget", default="3e12", show_default=True, help="FLOPs of this model, or a time.")
def train(preset: str, **options: Any) -> None:
    """Train one model on PATHS, without a race; it lies in runs/NAME/PRESET."""
    from tenth.race.arms import PRESETS

    if preset not in PRESETS:
        raise ValueError(f"--preset {preset!r} is not one of {', '.join(PRESETS)}")
    _run((preset,), options)


def _run(arms: tuple[str, ...], options: dict[str, Any]) -> None:
    from rich.console import Console

    from tenth.config import DataConfig
    from tenth.race.display import Display
    from tenth.race.runner import RaceConfig, Runner
    from tenth.race.summary import print_summary

    settings = list(options["settings"])
    for key in ("device", "log"):
        if options[key] not in (None, "auto"):
            settings.append(f"train.{key}={options[key]}")
    data = DataConfig(
        paths=options["paths"],
        field=options["field"],
        split_on=options["split_on"] or "",
        held_out=options["held_out"],
    )
    name = options["name"] or _name_of(data.paths)
    folder = _run_folder(name)
    config = RaceConfig(
        name, data, options["budget"], arms, options["seeds"], tuple(settings),
        options.get("evals", ""),
    )  # fmt: skip
    console = Console()
    with _Stopping() as stop, Display(console) as display:
        result = Runner(config, folder, display, lambda: bool(stop)).run()
    print_summary(console, folder, result)


class _Stopping:
    """Ctrl-C and SIGTERM ask for a stop at the next step; a second Ctrl-C does not ask."""

    def __enter__(self) -> list[int]:
        self.asked: list[int] = []
        self.old = {s: signal.signal(s, self._ask) for s in (signal.SIGINT, signal.SIGTERM)}
        return self.asked

    def _ask(self, number: int, _frame: Any) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked.append(number)
        click.echo("tenth: stopping after this step; once more to stop at once", err=True)

    def __exit__(self, *_: Any) -> None:
        for number, handler in self.old.items():
            signal.signal(number, handler)


def _name_of(paths: tuple[str, ...]) -> str:
    if not paths:
        return "stdlib"
    stem = Path(paths[0]).resolve().name.split(".")[0]
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "text"


def _run_folder(name: str) -> Path:
    if not re.fullmatch(r"[\w][\w.-]*", name):
        raise ValueError(f"--name {name!r}: use letters, digits, '.', '_' and '-' alone")
    return RUNS / name


def _runs() -> str:
    names = sorted(p.name for p in RUNS.iterdir() if p.is_dir()) if RUNS.is_dir() else []
    return ", ".join(names) or "none yet"


for command in (*COMMANDS, *READER_COMMANDS):
    cli.add_command(command)
