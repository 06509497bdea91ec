"""`tenth read` with its ledger, its `--check`, and `tenth ask --source`, as a user meets them."""

import csv
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from tenth.reader.facts_files import COLUMNS
from tests.reader.reading import copied, outputs, sample

TENTH = [sys.executable, "-m", "tenth"]
UNITS = {"currency", "currency/share", "shares", "pure"}
ROOT = Path(__file__).parents[1]
FILINGS = ROOT.parent / "shared/data/reports/sec-10-q"
BOX = re.compile(r"[1-9]\d*:-?\d+\.\d\d,-?\d+\.\d\d,-?\d+\.\d\d,-?\d+\.\d\d")
CELL = re.compile(r".+![A-Z]+[1-9]\d*")


def tenth(*args: str | Path, cwd: Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run([*TENTH, *map(str, args)], cwd=cwd, capture_output=True, text=True,
                          timeout=200, **options)  # fmt: skip


@pytest.fixture
def one(tmp_path) -> Path:
    """A folder with an archive of one small workbook."""
    with zipfile.ZipFile(sample()[0]) as whole, zipfile.ZipFile(tmp_path / "one.zip", "w") as file:
        name = next(name for name in whole.namelist() if name.endswith("2023.xlsx"))
        file.writestr(name, whole.read(name))
    return tmp_path


def facts_of(out: Path) -> list[dict[str, str]]:
    with (out / "facts.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_right(row: dict[str, str]) -> bool:
    """By the file format of the issue: decimals, dates, units, scales, states, places."""
    start, end = row["period_start"], row["period_end"]
    dates = all(re.fullmatch(r"\d{4}-\d\d-\d\d", one) for one in (start, end) if one)
    return (
        bool(re.fullmatch(r"f[0-9a-f]{11}", row["id"]))
        and dates
        and (end != "" or start == "")
        and (row["value"] == "" or bool(re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", row["value"])))
        and row["value"] != "-0"
        and row["unit"] in UNITS
        and bool(re.fullmatch(r"([A-Z]{3})?", row["currency"]))
        and (row["currency"] == "" or row["unit"].startswith("currency"))
        and bool(re.fullmatch(r"10*|unknown", row["scale"]))
        and row["status"] in ("ok", "unknown", "contradicted")
        and (row["status"] == "unknown" or row["value"] != "")
        and bool(BOX.fullmatch(row["locator"]) or CELL.fullmatch(row["locator"]))
        and row["verbatim"] != ""
    )


def test_facts_are_in_the_columns_and_forms_that_the_format_says():
    rows = facts_of(sample()[1])
    assert list(rows[0]) == list(COLUMNS) == [
        "id", "entity", "metric", "label", "period_start", "period_end", "value", "unit",
        "currency", "scale", "status", "document", "locator", "verbatim",
    ]  # fmt: skip
    assert [row for row in rows if not is_right(row)] == []
    assert len({row["id"] for row in rows}) == len(rows)
    percents = [row for row in rows if row["verbatim"].endswith("%")]
    assert percents and all(
        row["unit"] == "pure"
        and abs(Decimal(row["value"])) == Decimal(row["verbatim"].strip("()-%")) / 100
        for row in percents
    )
    assert any(not row["period_start"] for row in rows) and any(row["period_start"] for row in rows)


@pytest.mark.slow
@pytest.mark.skipif(not FILINGS.is_dir(), reason="no filings beside the project")
def test_facts_of_real_filings_are_in_the_same_forms(tmp_path):
    paths = sorted(FILINGS.glob("*.pdf"))[:2]
    done = tenth("read", *paths, "-o", "out", "--jobs", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = facts_of(tmp_path / "out")
    assert len(rows) > 500 and [row for row in rows if not is_right(row)] == []


# Read


def test_reading_says_what_was_found_and_where_it_is(one):
    done = tenth("read", "one.zip", "-o", "out", cwd=one)
    assert done.returncode == 0 and done.stderr == ""
    assert re.search(r"[\d,]+ figures of Tarnwick Controls, Inc\.: [\d,]+ whole", done.stdout)
    assert "out: workbook.xlsx, summary.html and summary.md" in done.stdout
    before = outputs(one / "out")
    again = tenth("read", "one.zip", "-o", "out", cwd=one)
    assert again.returncode == 0 and outputs(one / "out") == before


@pytest.mark.parametrize("option", ["--no-ledger", "--no-tables"])
def test_without_a_ledger_no_figure_of_an_earlier_one_stays(one, option):
    tenth("read", "one.zip", "-o", "out", cwd=one)
    done = tenth("read", "one.zip", "-o", "out", option, cwd=one)
    assert done.returncode == 0 and "figures" not in done.stdout
    names = {path.name for path in (one / "out").iterdir() if not path.name.startswith(".")}
    assert names == {"manifest.csv", "seconds.csv", "documents.sqlite", "text", "tables"}
    told = tenth("read", "--check", "out", cwd=one)
    assert told.returncode == 2 and "out holds no ledger.sqlite" in told.stderr


def test_a_language_is_spoken_where_it_is_asked_for(one):
    tenth("read", "one.zip", "-o", "out", "--lang", "zh", cwd=one)
    text = (one / "out" / "summary.md").read_text("utf-8")
    assert re.search("[\u4e00-\u9fff]", text.splitlines()[0])
    done = tenth("read", "--check", "out", cwd=one)
    assert done.returncode == 0, done.stdout


def test_an_interrupted_ledger_is_made_by_the_same_command(tmp_path):
    archive, whole = sample()
    command = [*TENTH, "read", str(archive), "-o", "out", "--jobs", "1"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 100
    while not list((tmp_path / "out" / ".facts").glob("*.f*")) and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == "tenth: stopped; the same command goes on where it was\n"
    assert not (tmp_path / "out" / "ledger.sqlite").exists()
    assert not [p for p in (tmp_path / "out").rglob("*") if ".tmp" in p.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert outputs(tmp_path / "out") == outputs(whole)


@pytest.mark.parametrize("limit", [60_000, 150_000])
def test_a_disk_that_takes_no_more_gets_one_line_and_the_same_command_goes_on(one, limit):
    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    tenth("read", "one.zip", "-o", "out", "--no-ledger", cwd=one)
    done = tenth("read", "one.zip", "-o", "out", cwd=one, preexec_fn=little)
    assert done.returncode == 2, done.stderr
    assert re.fullmatch(r"tenth: .* at .*\n", done.stderr)
    assert not [path for path in (one / "out").rglob("*") if ".tmp" in path.name]
    assert tenth("read", "one.zip", "-o", "out", cwd=one).returncode == 0
    assert tenth("read", "--check", "out", cwd=one).returncode == 0


# Check


def test_a_check_ends_with_0_where_all_is_as_the_archive_says_and_with_1_where_not(tmp_path):
    out = copied(tmp_path)
    done = tenth("read", "--check", "out", "--jobs", 1, cwd=tmp_path)
    assert done.returncode == 0 and "out: all is as " in done.stdout, done.stdout
    with closing(sqlite3.connect(out / "ledger.sqlite")) as sql:
        sql.execute("UPDATE facts SET value = '7' WHERE value = '339116000'")
        sql.commit()
    done = tenth("read", "--check", "out", "--jobs", 1, cwd=tmp_path)
    assert done.returncode == 1 and done.stderr == ""
    first, *_, last = done.stdout.splitlines()
    assert re.fullmatch(
        r"ledger\.sqlite: facts f\w{11}, value: '7' here, '339116000' from the archive", first
    )
    assert re.search(r"out: \d+ places differ from .*sample\.zip", last)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


BAD = [
    (["read", "--check", "nowhere"], "nowhere: no such folder"),
    (["read", "--check", "one.zip"], "one.zip: no such folder"),
    (["read", "--check", "mine"], "mine holds no ledger.sqlite"),
    (["read", "--check", "out", "-o", "other"], "--check takes one FOLDER"),
    (["read", "--check", "out", "mine"], "--check takes one FOLDER"),
    (["read", "--check", "out", "--archive", "gone.zip"], "gone.zip: not there; --archive PATH"),
    (["read", "one.zip", "-o", "other", "--archive", "one.zip"], "--archive goes with --check"),
    (["read", "--check", "out"], "one.zip: not there; --archive PATH says where it is now"),
    (["read", "--check", "torn"], "torn/ledger.sqlite: "),
    (["ask", "out", "net sales", "--source", "f00000000000"], "ask the question without it"),
    (["ask", "out", "--source", "f00000000000"], "no figure 'f00000000000'; facts.csv has "),
    (["ask", "mine", "--source", "f00000000000"], "mine holds no ledger.sqlite"),
    (["ask", "out", "--source", "FACT"], "one.zip: no such file or folder any more; --archive"),
    (["ask", "out", "--source", "FACT", "--archive", "other.zip"], "it has changed, or --archive"),
    (["ask", "out", "--source", "FIGURE"], "is made of others: ask for the source of its inputs"),
    (["ask", "out"], "what is the question?"),
]


@pytest.fixture(scope="module")
def moved(tmp_path_factory) -> Path:
    """An output whose archive is not where it was, one that is torn, and a folder of somebody's."""
    folder = tmp_path_factory.mktemp("moved")
    with zipfile.ZipFile(sample()[0]) as whole:
        names = [name for name in whole.namelist() if name.endswith(".xlsx")]
        for archive, name in zip(("one.zip", "other.zip"), names, strict=False):
            with zipfile.ZipFile(folder / archive, "w") as file:
                file.writestr(name, whole.read(name))
    assert tenth("read", "one.zip", "-o", "out", cwd=folder).returncode == 0
    (folder / "one.zip").rename(folder / "moved.zip")
    for name in ("mine", "torn"):
        (folder / name).mkdir()
    (folder / "mine" / "letter.txt").write_text("mine")
    (folder / "torn" / "ledger.sqlite").write_bytes(
        (folder / "out" / "ledger.sqlite").read_bytes()[:999]
    )
    return folder


@pytest.mark.parametrize("args, told", BAD, ids=[" ".join(args) for args, _ in BAD])
def test_bad_input_gets_one_line_and_exit_code_2(moved, args, told):
    with closing(sqlite3.connect(moved / "out" / "ledger.sqlite")) as sql:
        ids = {"FACT": sql.execute("SELECT id FROM facts LIMIT 1").fetchone()[0],
               "FIGURE": sql.execute("SELECT id FROM figures LIMIT 1").fetchone()[0]}  # fmt: skip
    done = tenth(*(ids.get(arg, arg) for arg in args), cwd=moved)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("tenth: ")
    assert told in done.stderr
    assert {path.name for path in moved.iterdir()} == {
        "out",
        "moved.zip",
        "other.zip",
        "mine",
        "torn",
    }


def test_a_check_finds_the_archive_where_it_is_now(moved):
    done = tenth("read", "--check", "out", "--archive", "moved.zip", cwd=moved)
    assert done.returncode == 0 and "out: all is as moved.zip says" in done.stdout, done.stdout


# Ask


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_source_of_a_figure_is_drawn(tmp_path, kind):
    out = copied(tmp_path)
    id_ = next(row["id"] for row in facts_of(out) if row["document"].endswith(kind))
    done = tenth("ask", "out", "--source", id_, cwd=tmp_path)
    assert done.returncode == 0 and done.stdout == f"out/sources/{id_}.png\n", done.stderr
    with Image.open(tmp_path / done.stdout.strip()) as image:
        assert image.width > 300 and image.height > 60
    done = tenth("read", "--check", "out", "--jobs", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    Image.new("RGB", (500, 500)).save(out / "sources" / f"{id_}.png")
    done = tenth("read", "--check", "out", "--jobs", 1, cwd=tmp_path)
    assert done.returncode == 1 and f"sources/{id_}.png: the picture" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_only_be_read_is_checked(one):
    tenth("read", "one.zip", "-o", "out", cwd=one)
    one.chmod(0o555)
    try:
        assert tenth("read", "--check", "out", cwd=one).returncode == 0
    finally:
        one.chmod(0o755)


def test_answers_for_programs_are_json(one):
    tenth("read", "one.zip", "-o", "out", cwd=one)
    done = tenth("ask", "out", "total revenue 2023", "--json", cwd=one)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
