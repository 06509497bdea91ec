"""The docs say what the code does."""

import importlib.util
import re
from pathlib import Path

import click
import pytest

from tenth.cli import cli

ROOT = Path(__file__).resolve().parent.parent


def test_generated_parts_are_up_to_date():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.stale() == [], "run make docs"


@pytest.mark.parametrize("name", ["README.md", "TOUR.md", "CONTRIBUTING.md"])
def test_every_command_the_docs_show_exists_with_its_options(name):
    for line in re.findall(r"^    (tenth [^\n]*)", (ROOT / name).read_text(), re.M):
        for command in line.split("#")[0].split(";"):
            words = command.split()
            verb = cli.commands[words[1]]
            options = {o for p in verb.params if isinstance(p, click.Option) for o in p.opts}
            assert {w for w in words if w.startswith("--")} <= options, line


def test_no_placeholder_is_left():
    assert not re.search(r"RESULTS_|LOG_|TODO|XXX", (ROOT / "README.md").read_text())


def test_every_file_the_docs_name_exists():
    for doc in ("README.md", "TOUR.md", "CONTRIBUTING.md", "docs/reader.md"):
        text = (ROOT / doc).read_text()
        for path in re.findall(r"\b(?:bench|docs|src|tests)/[\w./-]*\w", text):
            assert (ROOT / path).exists(), f"{doc}: {path}"


def test_the_core_reads_in_twenty_minutes():
    core = ("model/layers.py", "model/attention.py", "model/router.py", "model/experts.py",
            "model/moe.py", "model/transformer.py", "train/loop.py")  # fmt: skip
    lines = sum(len((ROOT / "src/tenth" / f).read_text().splitlines()) for f in core)
    assert lines <= 740, lines  # decision 10: it holds the labs' switches too


def test_no_file_of_the_model_is_longer_than_one_sitting():
    for path in (ROOT / "src/tenth/model").glob("*.py"):
        assert len(path.read_text().splitlines()) <= 250, path


def test_make_names_no_command_that_is_missing():
    text = (ROOT / "Makefile").read_text()
    for path in re.findall(r"\b(?:bench|docs)/[\w/]+\.py", text):
        assert (ROOT / path).exists(), path
