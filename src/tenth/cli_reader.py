"""Commands on documents: read, ask."""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from tenth.config import ReadConfig

DIFFERS, INTERRUPTED = 1, 130
MOST_DIFFERENCES = 200  # printed; all of them are counted


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("-o", "--out", metavar="FOLDER", help="Where the results go.")
@click.option("--jobs", type=click.IntRange(1), help="Processes that read; default: the cores.")
@click.option("--password", default="", help="Of encrypted archives.")
@click.option(
    "--ocr",
    type=click.Choice(["auto", "never", "always"]),
    default="auto",
    show_default=True,
    help="auto: pages without text, or with a garbled one.",
)
@click.option("--no-tables", is_flag=True, help="Text alone, several times as fast; no ledger.")
@click.option("--no-ledger", is_flag=True, help="Text and tables alone, without facts.")
@click.option(
    "--lang",
    type=click.Choice(["auto", "en", "zh"]),
    default="auto",
    show_default=True,
    help="Of the summary and the workbook; auto: the reports' own.",
)
@click.option("--ray", default="", metavar="ADDRESS", help="Read on a Ray cluster; local: here.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change a limit, of max_members, max_depth, max_member_bytes, max_total_bytes, max_ratio, "
    "max_part_bytes, max_pages, max_cells, max_pixels, unpack_seconds, document_seconds, "
    "cpu_seconds, page_seconds, ocr_seconds, worker_bytes: max_pages=50000, worker_bytes=1e9.",
)
@click.option(
    "--check", is_flag=True, help="PATHS is a FOLDER: is each figure as its archive says?"
)
@click.option("--archive", multiple=True, help="With --check: where what was read lies now.")
def read(
    paths: tuple[str, ...],
    out: str | None,
    jobs: int | None,
    password: str,
    ocr: str,
    no_tables: bool,
    no_ledger: bool,
    lang: str,
    ray: str,
    settings: tuple[str, ...],
    check: bool,
    archive: tuple[str, ...],
) -> None:
    """Read archives, folders and files PATHS: text, tables, and every figure with its source.

    Any of zip, 7z, tar, rar, within each other too; pdf, docx, xlsx, xls, pptx, html, eml, csv,
    Markdown, text, images. Nothing is written outside FOLDER: manifest.csv says what became of
    every file, workbook.xlsx and summary.html show the figures, facts.csv and ledger.sqlite hold
    them. Ctrl-C saves; the same command goes on, and later reads only what is new; what is not in
    PATHS any more goes from FOLDER. --check reads the archive again, trusting nothing that was
    stored, and ends with 1 where FOLDER says otherwise.
    """
    from rich.console import Console

    from tenth.config import ReadConfig, override

    console = Console()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if check:
            sys.exit(_check(console, paths, out, archive, password, jobs or 0))
        if archive:
            raise ValueError("--archive goes with --check")
        if not out:
            raise ValueError("-o FOLDER is missing: where the results go")
        config = override(ReadConfig(ocr=ocr, tables=not no_tables), *settings)
        _read(console, paths, out, config, jobs or 0, password, ray)
        if no_tables or no_ledger:
            from tenth.reader.run import remove_outputs

            remove_outputs(Path(out))
        else:
            _ledger(console, paths, Path(out), config, lang, password)
    except KeyboardInterrupt:
        click.echo("tenth: stopped; the same command goes on where it was", err=True)
        sys.exit(INTERRUPTED)


def _read(
    console: "Console",
    paths: tuple[str, ...],
    out: str,
    config: "ReadConfig",
    jobs: int,
    password: str,
    ray: str,
) -> None:
    from tenth.documents import read_archive
    from tenth.documents.run.display import Display, print_summary

    with Display(console) as display:
        summary = read_archive(paths, out, config, jobs, password, ray, display.tell)
    if not summary.statuses["read"] + summary.statuses["partly"]:
        first = next((f", first: {name}: {why}" for name, _, why in summary.reasons), "")
        count = sum(summary.statuses.values())
        raise ValueError(
            f"no document in {', '.join(paths)}: {count} file{'s' * (count != 1)}{first}"
        )
    print_summary(console, summary)


def _ledger(
    console: "Console",
    paths: tuple[str, ...],
    out: Path,
    config: "ReadConfig",
    language: str,
    password: str,
) -> None:
    from tenth.reader.display import Steps, print_outcome
    from tenth.reader.run import write_outputs

    with Steps(console) as steps:
        given = [Path(path) for path in paths]
        outcome = write_outputs(out, given, config, language, password, steps.tell)
    print_outcome(console, out, outcome)


def _check(
    console: "Console",
    folders: tuple[str, ...],
    out: str | None,
    archives: tuple[str, ...],
    password: str,
    jobs: int,
) -> int:
    from tenth.documents.run.display import Display
    from tenth.reader.check import differences, read_again
    from tenth.reader.display import Steps, print_differences

    if len(folders) != 1 or out:
        raise ValueError("--check takes one FOLDER that tenth read wrote, and no -o")
    folder = Path(folders[0])
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder; --check takes one that tenth read wrote")
    with Display(console) as display, Steps(console) as steps:
        given = [Path(path) for path in archives]
        again = read_again(folder, given, password, jobs, display.tell, steps.tell)
    with again:
        found = differences(folder, again.out)
        print_differences(console, folder, again, found, MOST_DIFFERENCES)
    return DIFFERS if found else 0


@click.command()
@click.argument("folder")
@click.argument("question", required=False, default="")
@click.option("--source", metavar="FACT_ID", help="The page with this figure boxed, as a picture.")
@click.option("--company", help="Of these documents alone.")
@click.option("--period", help="As in a question: Q3 2023, fiscal 2022, 2023-09-30.")
@click.option("--top", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--archive", multiple=True, help="With --source: where what was read lies now.")
@click.option("--password", default="", help="With --source: of encrypted archives.")
def ask(
    folder: str,
    question: str,
    source: str | None,
    company: str | None,
    period: str | None,
    top: int,
    as_json: bool,
    archive: tuple[str, ...],
    password: str,
) -> None:
    """Pages and figures of FOLDER that answer QUESTION, each with its source; no model is asked.

    FOLDER is what tenth read wrote. English or Chinese: "net sales by quarter", "前五名客户".
    """
    from rich.console import Console

    if source and question.strip():
        raise ValueError("--source FACT_ID draws a page; ask the question without it")
    if source:
        from tenth.reader.source import write_source

        given = [Path(path) for path in archive]
        click.echo(write_source(Path(folder), source, given, password))
        return
    if not question.strip():
        raise ValueError("what is the question? tenth ask FOLDER QUESTION, or --source FACT_ID")
    from tenth.reader.find import print_answer

    print_answer(Console(), Path(folder), question, company, period, top, as_json)


COMMANDS = (read, ask)
