"""The command line as a user meets it: what it says, how it fails, how it goes on after a kill."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TENTH = [sys.executable, "-m", "tenth"]
TINY = ["--budget", "3e10", "--preset", "sparse", "--set", "train.evaluations=12"]


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}


def tenth(*args: str, cwd: Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run([*TENTH, *args], cwd=cwd, capture_output=True, text=True, timeout=200,
                          env=environment(), **options)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory, text_folder: Path) -> Path:
    """A working folder with a text and one trained model."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "notes").symlink_to(text_folder)
    done = tenth("train", "notes", "--preset", "sparse", "--budget", "1e11", "--name", "mine",
                 cwd=folder)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_help_names_every_verb_and_loads_no_torch(tmp_path):
    code = ("import sys; sys.argv = ['tenth', '--help']\n"
            "from tenth.cli import main\n"
            "try: main()\nexcept SystemExit: pass\n"
            "assert 'torch' not in sys.modules and 'numpy' not in sys.modules")  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    for verb in ("race", "train", "generate", "chat"):
        assert re.search(rf"^  {verb} ", done.stdout, re.M)


def test_importing_tenth_costs_nothing_and_every_public_name_is_there():
    code = ("import tenth, sys; assert 'torch' not in sys.modules\n"
            "[getattr(tenth, name) for name in tenth.__all__]")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


BAD = [
    (["race", "nowhere/"], "no such file or folder"),
    (["race", "notes", "--budget", "lots"], "budget 'lots' is no number"),
    (["race", "notes", "--budget", "1e9"], "too small"),
    (["race", "notes", "--set", "model.d_modle=3"], "nearest: d_model"),
    (["race", "notes", "--set", "sprase.model.d_model=3"], "begins with none of"),
    (["race", "empty"], "empty"),
    (["race", "short.txt"], "too little text"),
    (["race", "pictures"], "not UTF-8"),
    (["race", "rows.jsonl", "--field", "body"], "body"),
    (["race", "notes", "--name", "../up"], "--name"),
    (["race", "notes", "--device", "cuda"], "--device cuda is not on this machine"),
    (["race", "notes", "--split-on", "comma"], "comma"),
    (["race", "--report", "nothing"], "no run"),
    (["train", "notes", "--preset", "huge"], "huge"),
    (["generate", "runs/none", "x"], "no model in"),
    (["generate", "runs/mine", "x", "--top-p", "7"], "top_p"),
    (["chat", "notes"], "no model in"),
    (["rase"], "rase"),
]


@pytest.mark.parametrize("args, told", BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_gets_one_line_and_exit_code_2_and_leaves_nothing(place: Path, args, told):
    (place / "empty").mkdir(exist_ok=True)
    (place / "pictures").mkdir(exist_ok=True)
    for i in range(3):
        (place / "pictures" / f"{i}.png").write_bytes(b"\x89PNG\x00\xff\xfe" * 50)
    (place / "short.txt").write_text("one line\n")
    (place / "rows.jsonl").write_text('{"text": "a"}\n' * 30)
    before = sorted(place.glob("runs/*"))
    done = tenth(*args, cwd=place)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("tenth: ")
    assert told in done.stderr
    left = [p for p in place.glob("runs/*") if p not in before]
    assert [f for p in left for f in p.rglob("*") if f.is_file() and f.name != ".lock"] == []


def test_generate_streams_and_the_same_seed_gives_the_same_text(place: Path):
    texts = [tenth("generate", "runs/mine", "the cat saw", "--seed", "3", "--max-tokens", "40",
                   cwd=place) for _ in range(2)]  # fmt: skip
    assert texts[0].returncode == 0 and len(texts[0].stdout.strip()) > 20
    assert texts[0].stdout == texts[1].stdout
    other = tenth("generate", "runs/mine/sparse", "the cat saw", "--seed", "4", "--max-tokens",
                  "40", cwd=place)  # fmt: skip
    assert other.stdout != texts[0].stdout


def test_generate_reads_standard_input_and_stops_before_a_stop_text(place: Path):
    done = tenth("generate", "runs/mine", "--temperature", "0", "--stop", "times",
                 cwd=place, input="the miller counted two")  # fmt: skip
    assert done.returncode == 0 and "times" not in done.stdout


def test_chat_on_a_base_model_says_that_it_continues_text(place: Path):
    done = tenth("chat", "runs/mine", "--max-tokens", "12", cwd=place, input="the queen\n\n")
    assert done.returncode == 0, done.stderr
    assert "base model" in done.stdout + done.stderr
    assert "continues" in done.stdout + done.stderr


def test_train_again_says_the_same_without_training(place: Path):
    done = tenth("train", "notes", "--preset", "sparse", "--budget", "1e11", "--name", "mine",
                 cwd=place)  # fmt: skip
    assert done.returncode == 0 and "bits/byte" in done.stdout
    assert "% of the budget" not in done.stdout


def weights(folder: Path) -> bytes:
    return (folder / "runs" / "k" / "sparse" / "model.safetensors").read_bytes()


def killed_runs(folder: Path, seed: int) -> int:
    """Starts the training again and again, SIGKILLing it after some logged steps; how often."""
    draw = random.Random(seed)
    for kills in range(30):
        process = subprocess.Popen(
            [*TENTH, "train", "notes", *TINY, "--name", "k", "--set", "train.checkpoint_seconds=0"],
            cwd=folder, stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip
        assert process.stdout
        logged, wanted = 0, draw.randint(1, 4) if kills < 3 else 10**6
        for line in process.stdout:
            logged += "% of the budget" in line
            if logged == wanted:
                time.sleep(draw.random() * 0.3)
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.close()
        if process.wait() == 0:
            return kills
    raise AssertionError("never finished")


@pytest.mark.slow
def test_a_run_killed_at_random_moments_ends_with_bit_identical_weights(tmp_path, text_folder):
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes").symlink_to(text_folder)
    done = tenth("train", "notes", *TINY, "--name", "k", "--set", "train.checkpoint_seconds=0",
                 cwd=tmp_path / "whole")  # fmt: skip
    assert done.returncode == 0, done.stderr
    seed = random.randrange(10**6)
    print("seed", seed)
    assert killed_runs(tmp_path / "parts", seed) >= 2
    assert weights(tmp_path / "parts") == weights(tmp_path / "whole")


@pytest.mark.slow
def test_ctrl_c_saves_and_the_same_command_goes_on(tmp_path: Path, text_folder: Path):
    (tmp_path / "notes").symlink_to(text_folder)
    command = [*TENTH, "race", "notes", "--budget", "1e11", "--name", "c"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.PIPE, env=environment())  # fmt: skip
    assert process.stdout and process.stderr
    for line in process.stdout:
        if line.startswith("dense:") and "% of the budget" in line:
            process.send_signal(signal.SIGINT)
            break
    process.stdout.read()
    assert process.wait() == 130
    assert "the checkpoint is written" in process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    again = tenth("race", "notes", "--budget", "1e11", "--name", "c", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "sparse: width" not in again.stdout  # the arms that were done are not trained again
    result = json.loads((tmp_path / "runs" / "c" / "result.json").read_text())
    assert result["verdict"][0] in " ".join(again.stdout.split())
    assert (tmp_path / "runs" / "c" / "report.html").exists()
    report = tenth("race", "--report", "c", cwd=tmp_path)
    assert report.returncode == 0 and "report.html" in report.stdout
