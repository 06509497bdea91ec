"""What all tests share: one thread, the fastest for tiny models, and a text they make."""

import os
import random
from pathlib import Path

import pytest
import torch
from hypothesis import settings

torch.set_num_threads(1)
settings.register_profile("ci", derandomize=True)  # a landing does not hang on a draw
settings.register_profile("dev")
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_runtest_setup() -> None:
    torch.manual_seed(0)  # what a test draws is the same whatever ran before it in its process


SUBJECTS = ["the cat", "a fox", "my aunt", "the miller", "old Tom", "the queen", "a sailor"]
VERBS = ["saw", "found", "sold", "feared", "painted", "counted", "followed"]
OBJECTS = ["the river", "a lamp", "two apples", "his coat", "the moon", "a letter", "seven geese"]
PLACES = ["by the mill", "in the snow", "at noon", "near the gate", "without a word", "in May"]


def story(seed: int, sentences: int = 40) -> str:
    """Text with enough order to learn from and enough noise not to be learnt by heart."""
    draw = random.Random(seed)
    parts = [
        f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)} {draw.choice(OBJECTS)} "
        f"{draw.choice(PLACES)} {draw.randint(1, 99)} times."
        for _ in range(sentences)
    ]
    return " ".join(parts)


@pytest.fixture(scope="session")
def text_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty documents of about 2 KB."""
    folder = tmp_path_factory.mktemp("text")
    for i in range(60):
        (folder / f"{i:03}.txt").write_text(story(i))
    return folder
