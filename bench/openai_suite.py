"""How much of openai-python's own test suite does `tenth serve` pass?

    python bench/openai_suite.py [--save]     # its source distribution comes from PyPI

The tests were written for a mock that knows every endpoint, so not all can pass. Each file runs
against a server that serves a small random model under the name which that file asks for. Beside
each count stands what llama-server passed. Tests run against the released client: the source
distribution's own `src/` is hidden.
"""

import re
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from served import make_model, served

RESULTS = Path(__file__).resolve().parent / "results"
NEEDS = ("pytest", "pytest-asyncio", "pytest-xdist", "rich")
CREATE = "create"  # of the chat file the tests of `create` alone: the rest is for stored answers


class File(NamedTuple):
    path: str
    only: str
    llama: str


FILES = (
    File("tests/api_resources/chat/test_completions.py", CREATE, "35/40"),
    File("tests/api_resources/test_completions.py", "", "40/40"),
    File("tests/api_resources/test_models.py", "", "25/55"),
)


class Outcome(NamedTuple):
    passed: int
    total: int
    failed: list[tuple[str, str]]


def make_python(folder: Path, version: str) -> Path:
    """An environment of its own, with the released client of that version."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    wanted = [*NEEDS, f"openai[aiohttp]=={version}"]
    subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True)
    return python


def fetch(folder: Path) -> Path | None:
    """The unpacked source distribution; None where there is no way to it."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:",
               "openai", "-d", str(folder)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    found = sorted(folder.glob("openai-*.tar.gz"))
    if done.returncode or not found:
        print("skipped: the source distribution of openai cannot be had:",
              (done.stderr.strip().splitlines() or ["no reason given"])[-1])  # fmt: skip
        return None
    with tarfile.open(found[0]) as archive:
        archive.extractall(folder, filter="data")
    source = folder / found[0].name.removesuffix(".tar.gz")
    (source / "src").rename(source / "hidden")
    return source


def run(python: Path, source: Path, model: Path, file: File) -> Outcome:
    asked = re.search(r'"(gpt-[\w.-]+)"', (source / file.path).read_text())
    assert asked, f"{file.path} asks for no model"
    report = source / "report.xml"
    report.unlink(missing_ok=True)
    with served(model, asked[1]) as (_, url):
        command = [str(python), "-m", "pytest", "-n", "0", "-q", file.path, f"--junitxml={report}",
                   *(["-k", file.only] if file.only else [])]  # fmt: skip
        done = subprocess.run(command, cwd=source, env={"TEST_API_BASE_URL": f"{url}/v1"},
                              capture_output=True, text=True)  # fmt: skip
    if not report.exists():
        raise RuntimeError(f"pytest did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return outcome(report)


def outcome(report: Path) -> Outcome:
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    failed = []
    for case in cases:
        bad = next((child for child in case if child.tag in ("failure", "error", "skipped")), None)
        if bad is not None:
            name = f"{case.get('classname', '').rpartition('.')[2]}.{case.get('name')}"
            failed.append((name, (bad.get("message") or "").splitlines()[0][:160]))
    return Outcome(len(cases) - len(failed), len(cases), failed)


@click.command()
@click.option("--save", is_flag=True)
def main(save: bool) -> None:
    lines = [f"python bench/openai_suite.py, {date.today().isoformat()}"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source = fetch(folder)
        if source is None:
            return
        version = source.name.removeprefix("openai-")
        python = make_python(folder / "venv", version)
        model = make_model(folder / "model", 256)
        lines.append(f"openai-python {version}; llama-server's counts are of 2026-11, 3.54")
        for file in FILES:
            result = run(python, source, model, file)
            only = f" -k {file.only}" if file.only else ""
            lines.append(f"{file.path}{only}: {result.passed}/{result.total} "
                         f"(llama-server {file.llama})")  # fmt: skip
            lines += [f"    not passed: {name}: {reason}" for name, reason in result.failed]
            print("\n".join(lines[-1 - len(result.failed) :]), flush=True)
    if save:
        path = RESULTS / f"{date.today().isoformat()}-openai-suite.txt"
        path.write_text("\n".join(lines) + "\n")
        print(f"kept in {path}")


if __name__ == "__main__":
    main()
