"""The report and the terminal's table of a `--full` race with novel tokens, counts and tests."""

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console
from test_report import Page, a_result, write

from tenth.race import report_charts, report_tables
from tenth.race.summary import print_summary
from tenth.race.verdict import ALL_ARMS

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results"


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace("\u00a0", " ")


def shown_in_terminal(tmp_path, result, width=100):
    out = io.StringIO()
    print_summary(Console(file=out, width=width), tmp_path, result)
    return out.getvalue()


def test_every_arm_is_drawn_in_both_charts_and_named_in_the_table():
    result = a_result(full=True)
    for against in ("flops", "seconds"):
        svg = report_charts.chart(result, against)
        assert all(f"var(--{name})" in svg and f"{name} ends at" in svg for name in ALL_ARMS)
    assert [row["name"] for row in report_tables.rows(result["arms"])] == list(ALL_ARMS)


def test_the_count_models_are_level_lines_where_flops_are_and_not_where_seconds_are():
    result = a_result(full=True)
    assert ">n-grams of what sparse saw<" in report_charts.chart(result, "flops")
    assert "n-grams of all of train, without a network: 1.847" in report_charts.chart(
        result, "flops"
    )
    assert "n-grams" not in report_charts.chart(result, "seconds")
    assert "n-grams" not in report_charts.chart(a_result(), "flops")


def test_the_count_models_stand_against_the_sparse_arm_of_their_seed():
    result = a_result(full=True, seeds=2, sparse=1.9)
    seen, seen_s1, whole = report_tables.count_rows(result)
    arms = result["arms"]
    assert seen["ahead"] == pytest.approx(2.041 - 1.9)
    assert seen_s1["ahead"] == pytest.approx(2.043 - arms["sparse-s1"]["bits_per_byte"])
    mean = (1.9 + arms["sparse-s1"]["bits_per_byte"]) / 2
    assert whole["ahead"] == pytest.approx(1.847 - mean) and whole["ahead"] < 0
    assert seen["kept"] == pytest.approx(1.571 / 2.041)
    assert whole["kept"] == pytest.approx(result["performance_kept_counts_all"], rel=1e-3)


def test_a_sparse_arm_that_loses_to_counting_is_marked_in_the_table(tmp_path):
    text = text_of(write(tmp_path, a_result(full=True, sparse=1.9)))
    assert "better by 0.141" in text and "not better: behind by 0.053" in text
    assert "do not draw conclusions" in text


def test_gate_shares_tests_and_novel_tokens_are_in_the_page(tmp_path):
    text = text_of(write(tmp_path, a_result(full=True)))
    for said in (
        "network 69.0 %", "window-4 5.8 %", "BLiMP, 6 700 items, chance is 50 %", "53.9 to 60.1 %",
        "LAMBADA, 1 000 items", "bits per novel token", "7.45", "31,234", "syntax_semantics",
        "Leverage, novel", "the same memory in a dense model",
    ):  # fmt: skip
        assert said in text, said


def test_an_interval_that_holds_chance_is_marked():
    arms = a_result(full=True)["arms"]
    arms["sparse"]["evals"]["blimp"]["interval"] = [0.49, 0.58]
    blimp, lambada = report_tables.evals(arms)
    unsure = {row["name"]: row["unsure"] for row in blimp["rows"]}
    assert unsure["sparse"] is True and unsure["dense"] is False
    assert not any(row["unsure"] for row in lambada["rows"])  # there is no chance to be right


def test_what_is_kept_above_chance_is_of_the_dense_arm_of_that_seed():
    arms = a_result(full=True, seeds=2)["arms"]
    blimp = report_tables.evals(arms)[0]
    kept = {row["name"]: row["kept"] for row in blimp["rows"]}
    right = {name: arm["evals"]["blimp"]["accuracy"] for name, arm in arms.items()}
    expected = (right["sparse-s1"] - 0.5) / (right["dense-s1"] - 0.5)
    assert kept["sparse-s1"] == pytest.approx(expected) and kept["dense"] == 1
    arms["dense"]["evals"]["blimp"]["interval"][0] = 0.49
    assert report_tables.evals(arms)[0]["rows"][0]["kept"] is None  # of what may be nothing


def test_the_gap_of_the_memory_alone_is_the_mean_over_seeds():
    result = a_result(full=True, seeds=2)
    arms = result["arms"]
    each = []
    for end in ("", "-s1"):
        b = {n: arms[f"{n}{end}"]["bits_per_byte"] for n in ALL_ARMS}
        each.append((b["dense-tenth"] - b["dense-memory"]) / (b["dense-tenth"] - b["dense"]))
    svg = report_charts.earned_chart(result)
    assert svg and f">{round(50 * sum(each))} %<" in svg
    assert ">memory alone<" in svg and ">memory alone<" not in report_charts.earned_chart(
        a_result()
    )


@pytest.mark.parametrize(
    "bits",
    [
        {"sparse": 1.36, "plain": 1.5},  # far beyond the gap
        {"sparse": 0.3, "plain": 0.4},  # many times the gap
        {"sparse": 2.3, "plain": 1.2},  # the experts alone beyond it, the memory back again
        {"dense": 1.9, "tenth": 1.91},  # dense loses to counting, and hardly any gap
        {"tenth": 1.5},
    ],
)
def test_every_outcome_of_a_full_race_has_a_page(tmp_path, bits):
    text = text_of(write(tmp_path, a_result(full=True, seeds=2, **bits)))
    assert not {"nan", "inf"} & set(text.lower().split())


def test_no_novel_token_and_no_count_still_give_a_page(tmp_path):
    result = a_result(full=True)
    for arm in result["arms"].values():
        arm |= {"novel_bits": None, "novel_tokens": 0, "gate_share": {}, "evals": {}}
    for one in result["counts"].values():
        one["novel_bits"] = None
        del one["n_grams"], one["seconds"]
    text = text_of(write(tmp_path, result))
    assert "What the gate leans on" not in text and "Tests it was not" not in text


def test_charts_of_a_full_race_have_words_and_ids_are_unique(tmp_path):
    page = Page(write(tmp_path, a_result(full=True, seeds=2)))
    assert len(page.ids) == len(set(page.ids))


def test_what_was_not_controlled_for_follows_what_was_in_the_race():
    lines = [" ".join(report_tables.caveats(r)) for r in (a_result(), a_result(full=True))]
    for said in ("not in this race", "--full", "Downstream tasks are not measured"):
        assert said in lines[0] and said not in lines[1]
    assert "stands outside the FLOPs" in lines[1]


@pytest.mark.parametrize("path", sorted(RESULTS.glob("*-race-*.json")), ids=lambda p: p.stem)
def test_published_results_of_any_version_still_have_a_page_and_a_table(tmp_path, path):
    result = json.loads(path.read_text(encoding="utf-8"))
    text = text_of(write(tmp_path, result))
    assert "The arms" in text
    assert "sparse-plain" in shown_in_terminal(tmp_path, result)


def test_the_terminal_shows_novel_tokens_and_count_models_within_100_columns(tmp_path):
    result = a_result(full=True, seeds=3)
    write(tmp_path, result)
    shown = shown_in_terminal(tmp_path, result, width=200)
    table = shown.partition("\n\n")[0].splitlines()
    assert max(len(line.rstrip()) for line in table) <= 100
    counts = next(line for line in table if line.startswith("counts-all"))
    assert counts.split() == ["counts-all", "1.8470", "10.600", "counting", "-", "8", *"---"]
    assert (
        next(line for line in table if line.startswith("dense-memory-tenth-s2")).split()[2] != "-"
    )
    assert result["verdict"][0][:60] in shown


def test_the_terminal_shows_a_dash_where_an_earlier_tenth_had_no_novel_tokens(tmp_path):
    result = a_result()
    write(tmp_path, result)
    rows = shown_in_terminal(tmp_path, result).splitlines()
    assert rows[1].split()[:3] == ["sparse", "1.8300", "-"]
    assert not any("counts" in row for row in rows)
