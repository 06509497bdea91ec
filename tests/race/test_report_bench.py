"""README's row and the curve against budget, which bench/ makes of published results."""

import sys
from pathlib import Path

import pytest
from test_report import a_result

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    import curve
    import race

    yield curve, race
    for name in ("curve", "race"):
        sys.modules.pop(name)


def test_the_row_of_the_readme_has_a_cell_for_every_title(bench):
    _, race = bench
    full = race.row(a_result(full=True, seeds=3, sparse=1.36), "tenth race books --full")
    old = race.row(a_result(), "tenth race")
    assert full.count("|") == old.count("|") == race.head().splitlines()[0].count("|")
    assert "| 3e13 | 3 | " in full and "(extrapolated)" in full and old.count("| - |") >= 2


def test_of_each_race_the_newest_result_is_drawn(bench, tmp_path):
    curve, _ = bench
    names = [
        "2026-11-23-race-demo.json", "2026-12-01-race-demo.json", "2026-11-24-race-books.json",
        "2026-11-24-corpus.json",
    ]  # fmt: skip
    found = curve.newest([tmp_path / name for name in names])
    assert sorted(path.name for path in found) == [names[2], names[1]]


def test_a_text_is_a_line_by_budget_and_another_text_of_its_name_another(bench, tmp_path):
    curve, _ = bench
    books = "../data/childlit.txt.xz"
    results = [
        a_result(full=True, budget=budget, seeds=seeds) | {"source": books, "corpus_hash": digest}
        for budget, seeds, digest in [
            (1e14, 1, "aaaaaaa"), (3e13, 2, "aaaaaaa"), (3e13, 1, "aaaaaaa"), (3e13, 1, "bbbbbbb"),
        ]
    ]  # fmt: skip
    texts = curve.lines(results)
    assert list(texts) == ["childlit (aaaaaa)", "childlit (bbbbbb)"]
    assert [(r["budget"], r["seeds"]) for r in texts["childlit (aaaaaa)"]] == [(3e13, 2), (1e14, 1)]
    assert curve.table(texts).count("\n") == 4
    for some in (texts, {"one": [results[0]]}):  # one budget is a dot
        curve.draw(some, tmp_path / "curve.png")
        assert (tmp_path / "curve.png").stat().st_size > 10_000
