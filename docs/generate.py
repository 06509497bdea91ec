"""Writes the parts of the docs that are made from the code: `make docs`; a test holds them true.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import ast
import json
import re
import sys
from pathlib import Path

from click.testing import CliRunner

from tenth.cli import cli
from tenth.families.registry import FAMILIES, WRITTEN
from tenth.families.unsupported import WHY

ROOT = Path(__file__).resolve().parent.parent
DOCS = ("TOUR.md", "docs/cli.md", "docs/families.md")
TOLD = {".py", ".c", ".toml", ".js", ".css", ".j2"}


COMMENT = re.compile(r"\s*(?://|#|\{#|/\*)\s*(.*?)(?:#\}|\*/|\n(?!//|#)|\Z)", re.S)


def about(path: Path) -> str:
    """The first sentence of a file: of its docstring, elsewhere of the comment it begins with."""
    text = path.read_text()
    if path.suffix == ".py":
        said = ast.get_docstring(ast.parse(text)) or ""
    else:
        found = COMMENT.match(text)
        said = re.sub(r"\n(//|#) ?", "\n", found[1]) if found else ""
    return re.split(r"(?<!\.\.)(?<=[.!?])\s|\n\n", " ".join(said.split("\n")))[0].strip()


def file_map() -> str:
    """Every file of the source that says in its first sentence what it is."""
    lines = ["```"]
    source = ROOT / "src" / "tenth"
    folders = [source, *sorted(p for p in source.rglob("*") if p.is_dir() and p.name[0] != "_")]
    for folder in folders:
        lines.append(f"{folder.relative_to(ROOT / 'src')}/")
        files = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix in TOLD)
        lines += [f"  {path.name:<20} {first}" for path in files if (first := about(path))]
    return "\n".join([*lines, "```"])


def command_help() -> str:
    runner = CliRunner()
    parts = []
    for name in sorted(cli.commands):
        help_text = runner.invoke(
            cli, [name, "--help"], prog_name="tenth", terminal_width=96
        ).output
        parts.append(f"```\n{help_text.rstrip()}\n```")
    return "\n\n".join(parts)


def families_table() -> str:
    """What each family's configuration says of it, and its parity in the last measured run."""
    measured = json.loads(max((ROOT / "bench" / "results").glob("*-families.json")).read_text())
    lines = [
        "| model_type | opened by | parity, worst of | what tenth trains is saved so |",
        "|---|---|---|---|",
    ]
    for family in FAMILIES:
        module = sys.modules[family.read.__module__].__name__.rpartition(".")[2]
        found = measured["families"].get(PARITY_OF.get(family.model_type, family.model_type))
        parity = f"{found['worst']:.1e} of {found['configurations']}" if found else "-"
        own = "yes" if family in WRITTEN else ""
        lines.append(f"| {family.model_type} | families/{module}.py | {parity} | {own} |")
    lines += ["", "Not opened, and why:", "", "| model_type | what tenth lacks |", "|---|---|"]
    lines += [f"| {kind} | {why} |" for kind, why in sorted(WHY.items())]
    said = f"`{measured['command']}`, transformers {measured['transformers']}"
    return "\n".join([f"Parity: {said}.", "", *lines])


PARITY_OF = {"kimi_k2": "deepseek_v3", "kimi_k25": "deepseek_v3"}  # the same layers

PARTS = {"families": families_table, "file map": file_map, "help": command_help}


def generated(text: str) -> str:
    def fill(match: re.Match) -> str:
        return f"<!-- generated: {match[1]} -->\n{PARTS[match[1]]()}\n<!-- end -->"

    return re.sub(r"<!-- generated: (.*?) -->.*?<!-- end -->", fill, text, flags=re.S)


def stale() -> list[str]:
    return [n for n in DOCS if generated((ROOT / n).read_text()) != (ROOT / n).read_text()]


if __name__ == "__main__":
    for name in DOCS:
        path = ROOT / name
        path.write_text(generated(path.read_text()))
    sys.exit(0)
