"""`tenth read` as a user meets it."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest

from tenth.cli import cli
from tenth.config import ReadConfig

TENTH = [sys.executable, "-m", "tenth"]


def tenth(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run([*TENTH, *map(str, args)], cwd=cwd, capture_output=True, text=True,
                          timeout=120)  # fmt: skip


@pytest.fixture
def place(tmp_path) -> Path:
    """A working folder with an archive, a folder and files that are none."""
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as file:
        file.writestr("a.txt", "Revenue rose.")
        file.writestr("b.csv", "name,value\nx,1\n")
        file.writestr("c.bin", bytes(range(256)) * 4)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "one.md").write_text("# One\n\nText.\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "picture.bin").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    return tmp_path


def test_an_archive_and_a_folder_are_read_and_summed_up(place):
    done = tenth("read", "reports.zip", "notes", "-o", "out", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "3 documents of 4 files: 3 pages; 1 table, 0 charts" in done.stdout
    assert "3 documents read now" in done.stdout
    assert "skipped: 1\n  reports.zip/c.bin: not a document" in done.stdout
    assert "out: manifest.csv names every file" in done.stdout
    assert done.stderr == ""
    assert "Revenue rose." in next((place / "out" / "text").glob("a.txt-*.md")).read_text()


def test_the_same_command_again_says_that_nothing_is_new(place):
    tenth("read", "reports.zip", "-o", "out", cwd=place)
    done = tenth("read", "reports.zip", "-o", "out", cwd=place)
    assert done.returncode == 0 and "nothing new: all of it had been read before" in done.stdout
    (place / "new.txt").write_text("New.")
    done = tenth("read", "reports.zip", "new.txt", "-o", "out", cwd=place)
    assert "1 document read now (1 page, 0:0" in done.stdout
    assert "2 had been read before" in done.stdout


BAD = [
    (["nowhere.zip", "-o", "out"], "nowhere.zip: no such file or folder"),
    (["broken.zip", "-o", "out"], "broken.zip: "),
    (["picture.bin", "-o", "out"], "no document in picture.bin: 1 file, first: picture.bin: not"),
    (["empty", "-o", "out"], "no document in empty: 0 files"),
    (["notes", "-o", "mine"], "mine is not empty and was not written by tenth read"),
    (["notes", "-o", "picture.bin"], "picture.bin is a file; -o names a folder"),
    (["notes"], "-o"),
    (["notes", "-o", "out", "--set", "max_pags=3"], "nearest: max_pages"),
    (["notes", "-o", "out", "--set", "page_seconds=0"], "page_seconds: 0.0 is not above 0"),
    (["notes", "-o", "out", "--ocr", "maybe"], "maybe"),
    (["notes", "-o", "out", "--jobs", "0"], "jobs"),
]


@pytest.mark.parametrize("args, told", BAD, ids=[" ".join(args) for args, _ in BAD])
def test_bad_input_gets_one_line_and_exit_code_2(place, args, told):
    done = tenth("read", *args, cwd=place)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("tenth: ")
    assert told in done.stderr
    assert [p.name for p in (place / "mine").iterdir()] == ["letter.txt"]


def test_what_is_given_is_never_changed(place):
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in place.rglob("*") if p.is_file()}
    assert tenth("read", "reports.zip", "notes", "-o", "out", cwd=place).returncode == 0
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in before}
    assert after == before


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_that_the_same_command_goes_on(place, with_signal):
    with zipfile.ZipFile(place / "many.zip", "w") as file:
        for number in range(3000):
            file.writestr(f"{number}.txt", f"Text {number}.")
    args = ["read", "many.zip", "-o", "out", "--jobs", "1"]
    process = subprocess.Popen(
        [*TENTH, *args], cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 60
    while not list((place / "out" / "text").glob("*.md")) and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(with_signal)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == "tenth: stopped; the same command goes on where it was\n"
    assert not (place / "out" / ".spool").exists()
    written = len(list((place / "out" / "text").glob("*.md")))
    assert 0 < written < 3000


def test_no_tables_leaves_the_tables_of_pages_out_and_writes_none_twice(place):
    tenth("read", "reports.zip", "-o", "out", "--no-tables", cwd=place)
    done = tenth("read", "reports.zip", "-o", "out", cwd=place)
    assert "2 documents read now" in done.stdout  # other settings, other results
    assert len(list((place / "out" / "text").iterdir())) == 2


MISSING = """
import sys
sys.modules[sys.argv.pop(1)] = None
from tenth.cli import main
main()
"""


@pytest.mark.parametrize(
    "module, verb, extra",
    [
        ("msgspec", "read", "read"),
        ("zstandard", "read", "read"),
        ("filelock", "read", "read"),
        ("torch", "train", "train"),
        ("ray", "read --ray local", "ray"),
    ],
)
def test_a_missing_library_names_the_extra_that_brings_it(place, module, verb, extra):
    args = [*verb.split(), "notes", *(["-o", "out"] if "read" in verb else [])]
    done = subprocess.run([sys.executable, "-c", MISSING, module, *args], cwd=place,
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"tenth: {module} is not installed: pip install 'tenth[{extra}]'\n"


def test_reading_loads_no_torch(place):
    code = (
        "import sys\nfrom tenth.documents import *\nfrom tenth.documents import read_archive\n"
        "if __name__ == '__main__':\n"
        "    read_archive(['reports.zip'], 'out')\n"
        "    assert 'torch' not in sys.modules and 'rapidocr' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_ray_cluster_leaves_the_same_bytes(place):
    pytest.importorskip("ray")
    for number in range(6):
        (place / "notes" / f"{number}.html").write_text(f"<html><p>Text {number}</p></html>")
    (place / "notes" / "bad.docx").write_bytes(b"PK\x03\x04")
    outs = []
    for name, more in (("here", []), ("ray", ["--ray", "local", "--jobs", "2"])):
        done = tenth("read", "reports.zip", "notes", "-o", name, *more, cwd=place)
        assert done.returncode == 0, done.stderr
        files = [p for p in (place / name).rglob("*") if p.suffix in (".csv", ".md")]
        outs.append(
            {
                str(p.relative_to(place / name)): p.read_bytes()
                for p in files
                if p.name != "seconds.csv"
            }
        )
    assert outs[0] == outs[1] and len(outs[0]) > 10


def test_help_names_every_limit_that_may_be_set():
    (setting,) = (option for option in cli.commands["read"].params if option.name == "settings")
    limits = {item.name for item in fields(ReadConfig)} - {"ocr", "tables"}
    assert all(name in setting.help for name in limits)
