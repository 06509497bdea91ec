"""Several seeds: means, intervals, and what they cannot tell from nothing."""

import json
import math

import pytest
from test_verdict import COUNTS, full_arms, fully_judged, judged, some_arms, text_of

from tenth.evals.intervals import T975
from tenth.race.seeds import arm_and_seed, counts_of_seed, mean_ci95, mean_of
from tenth.race.verdict import NUMBERS, combine, compare, judge


def three_seeds(**bits):
    shifts = (0.0, 0.01, -0.01)
    base = {"sparse": 1.83, "plain": 1.99, "tenth": 2.006, "dense": 1.571} | bits
    runs = [some_arms(**{k: b + shift for k, b in base.items()}) for shift in shifts]
    return [judge(arms, "hash", 3e13) for arms in runs], runs


def test_one_seed_stands_as_it_is():
    one = judged()
    r = combine([one], [some_arms()])
    assert r == one and "per_seed" not in r and not any(k.endswith("_ci95") for k in r)


def test_seeds_give_means_with_the_half_width_of_students_t():
    seeds, runs = three_seeds()
    r = combine(seeds, runs)
    values = [s["performance_kept"] for s in seeds]
    mean = sum(values) / 3
    sd = math.sqrt(sum((x - mean) ** 2 for x in values) / 2)
    assert r["performance_kept"] == pytest.approx(mean)
    assert r["performance_kept_ci95"] == pytest.approx(4.303 * sd / math.sqrt(3))
    assert all(name in r and f"{name}_ci95" in r for name in NUMBERS)
    assert r["per_seed"] == seeds and r["informative"] is True
    assert "means of 3 seeds" in r["verdict"][0] and "±" in r["verdict"][0]


def test_the_t_table_is_students():
    scipy = pytest.importorskip("scipy.stats")
    for i, t in enumerate(T975):
        assert t == pytest.approx(scipy.t.ppf(0.975, i + 1), abs=6e-4)
    beyond = scipy.t.ppf(0.975, 39) * 0.50637 / math.sqrt(40)
    assert mean_ci95([0.0, 1.0] * 20)[1] == pytest.approx(beyond, rel=1e-4)


def test_one_seed_not_informative_makes_the_race_not_informative_and_is_named():
    seeds, runs = three_seeds()
    runs[1]["dense"]["epochs"] = 3.0
    seeds[1] = judge(runs[1], "hash", 3e13)
    r = combine(seeds, runs)
    assert r["informative"] is False
    assert [reason[:16] for reason in r["not_informative_because"]] == ["Seed 2 of 3: The"]
    assert r["verdict"][-1].startswith("NOT INFORMATIVE: Seed 2 of 3")


def test_a_number_one_seed_could_not_give_is_not_the_mean_of_the_lucky_ones():
    seeds, runs = three_seeds()
    runs[2] = some_arms(tenth=1.5)
    seeds[2] = judge(runs[2], "hash", 3e13)
    r = combine(seeds, runs)
    assert r["leverage"] is None and r["gap_closed"] is None and r["leverage_ci95"] is None
    assert r["performance_kept"] is not None
    json.dumps(r, allow_nan=False)


def test_what_seeds_cannot_tell_from_nothing_is_said_so():
    seeds, runs = three_seeds(plain=2.006)
    runs[0] = some_arms(plain=1.98)
    seeds[0] = judge(runs[0], "hash", 3e13)
    assert "earned cannot be told from nothing" in text_of(combine(seeds, runs))


def full_seeds(memories=(1.66, 1.66, 1.66), counts=(COUNTS,) * 3):
    shifts = (0.0, 0.01, -0.01)
    runs = [full_arms(s, memory=m) for s, m in zip(shifts, memories, strict=True)]
    each = [judge(arms, "hash", 3e13, c) for arms, c in zip(runs, counts, strict=True)]
    return combine(each, runs, counts)


@pytest.mark.parametrize(
    ("memories", "says"),
    [
        ((1.66, 1.661, 1.659), "is 3.7 ± 0.1 % better, more than the interval."),
        (
            (1.66, 1.60, 1.62),
            "is 1.7 ± 4.7 % better: within the interval, so not told from nothing",
        ),
        ((1.55, 1.551, 1.549), "is 3.1 ± 0.2 % worse, more than the interval."),
    ],
)
def test_experts_on_top_of_memory_are_said_with_or_without_significance(memories, says):
    r = full_seeds(memories)
    assert f"With experts on top it {says}" in text_of(r)
    ratios = [seed["experts_on_memory"] for seed in r["per_seed"]]
    assert (r["experts_on_memory"], r["experts_on_memory_ci95"]) == mean_ci95(ratios)


def test_a_seed_that_loses_to_counting_is_named_though_the_mean_does_not():
    close = {"counts-seen": {"bits_per_byte": 1.605}, "counts-all": {"bits_per_byte": 1.606}}
    r = full_seeds(counts=[close] * 3)
    assert [reason[:52] for reason in r["not_informative_because"]] == [
        "Seed 2 of 3: The sparse model loses to counting: 1.6"
    ]
    assert "The sparse model does better than both, on average." in text_of(r)


def test_a_number_one_seed_lacks_is_null_for_all():
    runs = [full_arms(), full_arms(0.01)]
    for arm in runs[1].values():
        del arm["novel_bits"]
    r = combine([judge(arms, "hash", 3e13) for arms in runs], runs)
    assert r["leverage_novel"] is None and r["leverage_novel_ci95"] is None
    assert r["leverage_by_memory_alone"] is not None and "novel" not in text_of(r)


def test_what_an_earlier_tenth_judged_still_combines_and_compares():
    new = {name for name in NUMBERS if judged()[name] is None} | {"leverages_extrapolated"}
    old = [{k: x for k, x in judged(sparse=b).items() if k not in new} for b in (1.5, 1.83)]
    assert set(compare(*old)) == set(compare(old[0], fully_judged())) == set(NUMBERS) - new
    r = combine(old, [some_arms(sparse=1.5), some_arms()])
    assert r["leverage_novel"] is None and r["leverages_extrapolated"] == ["leverage"]


def test_a_seeds_own_counts_stand_beside_the_one_of_the_whole_train_side():
    counts = {"counts-seen": {"b": 1}, "counts-seen-s1": {"b": 2}, "counts-all": {"b": 4}}
    assert counts_of_seed(counts, 1) == {"counts-seen": {"b": 2}, "counts-all": {"b": 4}}
    assert counts_of_seed(counts, 2) == {"counts-all": {"b": 4}}
    assert counts_of_seed(None, 0) == {}
    assert mean_of(counts, "counts-seen", "b") == 1.5 and mean_of(counts, "none", "b") is None


def test_an_arms_name_comes_apart_into_arm_and_seed():
    names = ("sparse", "sparse-plain", "dense-tenth-s12", "sparse-s1")
    assert [arm_and_seed(name) for name in names] == [
        ("sparse", 0), ("sparse-plain", 0), ("dense-tenth", 12), ("sparse", 1),
    ]  # fmt: skip


def test_results_on_different_text_do_not_compare():
    a, b = judged(), judged(sparse=1.8)
    assert compare(a, b)["performance_kept"]["difference"] == pytest.approx(
        1.571 / 1.8 - 1.571 / 1.83
    )
    for other in (b | {"corpus_hash": "other"}, b | {"corpus_hash": None}):
        with pytest.raises(ValueError, match="do not compare"):
            compare(a, other)
    seeds, runs = three_seeds()
    seeds[1]["corpus_hash"] = "other"
    with pytest.raises(ValueError, match="do not compare"):
        combine(seeds, runs)
