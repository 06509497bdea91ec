"""Writes the parts of the docs that are made from the code: `make docs`; a test holds them true.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import ast
import re
import sys
from pathlib import Path

from click.testing import CliRunner

from tenth.cli import cli

ROOT = Path(__file__).resolve().parent.parent
DOCS = ("TOUR.md", "docs/cli.md")


def file_map() -> str:
    """Every module with the first sentence of its docstring."""
    lines = ["```"]
    source = ROOT / "src" / "tenth"
    folders = [source, *sorted(p for p in source.rglob("*") if p.is_dir() and p.name[0] != "_")]
    for folder in folders:
        lines.append(f"{folder.relative_to(ROOT / 'src')}/")
        for path in sorted(folder.glob("*.py")):
            text = ast.get_docstring(ast.parse(path.read_text()))
            if text:
                first = re.split(r"(?<=[.!?])\s|\n\n", " ".join(text.split("\n")))[0]
                lines.append(f"  {path.name:<20} {first}")
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


PARTS = {"file map": file_map, "help": command_help}


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
