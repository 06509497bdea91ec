"""The verdict's formulas by hand, its edges, and its words in every outcome."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.race import verdict as v
from tenth.race.verdict import ARMS, NUMBERS, arm_and_seed, combine, compare, judge, mean_ci95


def an_arm(bits, flops, seconds=80.0, **more):
    return {
        "flops": flops,
        "seconds": seconds,
        "peak_bytes": 600_000_000,
        "params_total": 2_000_000,
        "epochs": 0.5,
        "bits_per_byte": bits,
    } | more


def some_arms(sparse=1.83, plain=1.99, tenth=2.006, dense=1.571, **dense_more):
    return {
        "sparse": an_arm(sparse, 2.99e12, 81.0, params_total=18_000_000, peak_bytes=1_200_000_000),
        "sparse-plain": an_arm(plain, 2.98e12, 66.0),
        "dense-tenth": an_arm(tenth, 2.97e12, 31.0),
        "dense": an_arm(dense, 3e13, 260.0) | dense_more,
    }


def judged(budget=3e13, **bits):
    return judge(some_arms(**bits), "hash", budget)


def text_of(result):
    return " ".join(result["verdict"])


# ---------------------------------------------------------------- formulas


def test_every_number_is_what_its_formula_gives_by_hand():
    r = judged()
    assert r["performance_kept"] == pytest.approx(1.571 / 1.83)
    assert r["performance_kept_plain"] == pytest.approx(1.571 / 1.99)
    assert r["performance_kept_dense_tenth"] == pytest.approx(1.571 / 2.006)
    assert r["gap_closed"] == pytest.approx(0.176 / 0.435)
    assert r["gap_closed_by_experts"] == pytest.approx(0.016 / 0.435)
    assert r["gap_closed_by_memory"] == pytest.approx(0.160 / 0.435)
    # s = ln(2.006/1.571) / ln(3e13/2.97e12) = 0.10570; (2.006/1.83)^(1/s) = 2.3842
    assert r["leverage"] == pytest.approx(2.3842 * 2.97 / 2.99, rel=1e-3)
    assert r["leverage_by_experts"] == pytest.approx(1.0789 * 2.97 / 2.98, rel=1e-3)
    assert r["leverage_by_memory"] == pytest.approx(r["leverage"] / r["leverage_by_experts"])
    assert r["leverage_for_95"] == pytest.approx(6.2156 * 2.97 / 2.99, rel=1e-3)
    assert r["compute_ratio"] == pytest.approx(0.0996667, rel=1e-5)
    assert r["time_ratio"] == pytest.approx(81 / 260)
    assert r["leverage_extrapolated"] is False
    assert r["corpus_hash"] == "hash"
    assert r["informative"] is True and r["not_informative_because"] == []


def test_a_sparse_model_as_good_as_the_dense_one_has_the_leverage_of_its_compute():
    r = judged(sparse=1.571)
    assert r["performance_kept"] == 1 and r["gap_closed"] == pytest.approx(1)
    assert r["leverage"] == pytest.approx(3e13 / 2.99e12)
    assert r["leverage_extrapolated"] is False


def test_a_sparse_model_as_good_as_dense_at_a_tenth_has_closed_nothing():
    r = judged(sparse=2.006)
    assert r["gap_closed"] == 0
    assert r["leverage"] == pytest.approx(2.97 / 2.99)
    assert r["leverage_extrapolated"] is False


def test_the_dense_line_passes_through_both_dense_arms():
    arms = some_arms()
    for name in ("dense-tenth", "dense"):
        b, c = arms[name]["bits_per_byte"], arms[name]["flops"]
        assert v.leverage(b, c, arms["dense-tenth"], arms["dense"]) == pytest.approx(1)


@pytest.mark.parametrize("sparse", [1.5, 2.1])
def test_leverage_beyond_the_two_dense_arms_is_marked_and_said(sparse):
    r = judged(sparse=sparse)
    assert r["leverage_extrapolated"] is True
    assert "beyond the two dense models" in text_of(r)


def test_experts_and_memory_add_up_to_the_gap_and_multiply_to_the_leverage():
    r = judged(plain=1.9)
    assert r["gap_closed_by_experts"] + r["gap_closed_by_memory"] == pytest.approx(r["gap_closed"])
    assert r["leverage_by_experts"] * r["leverage_by_memory"] == pytest.approx(r["leverage"])


# ---------------------------------------------------------------- edges


@pytest.mark.parametrize("tenth", [1.571, 1.5])
def test_without_a_gap_gap_and_leverage_are_null_and_the_race_not_informative(tenth):
    r = judged(tenth=tenth)
    for name in ("gap_closed", "gap_closed_by_experts", "leverage", "leverage_for_95"):
        assert r[name] is None
    assert r["performance_kept"] is not None
    assert r["informative"] is False
    assert "no better" in r["not_informative_because"][0]
    assert json.loads(json.dumps(r, allow_nan=False)) == r


def test_a_line_too_flat_for_a_float_gives_no_leverage_instead_of_infinity():
    r = judged(tenth=math.nextafter(1.571, 2))
    assert r["leverage"] is None
    json.dumps(r, allow_nan=False)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"dense": {"epochs": 2.01}}, "short of text"),
        ({"sparse": {"params_total": 64_000_001}}, "parameters"),
        ({"sparse": {"peak_bytes": 2_400_000_001}}, "peak memory"),
        ({"sparse": {"flops": 3.01e12}}, "sparse arm spent 3.01e12"),
        ({"sparse-plain": {"flops": 3.01e12}}, "sparse-plain arm spent"),
        ({"dense-tenth": {"flops": 3.01e12}}, "dense-tenth arm spent"),
        ({"dense": {"flops": 3.01e13}}, "dense arm spent"),
        ({"dense": {"flops": 2.98e13}}, "of the dense arm's FLOPs, over 0.1"),
        ({"dense-tenth": {"bits_per_byte": 1.571 / 0.921}}, "over 0.92"),
    ],
)
def test_each_reason_not_to_trust_a_race_is_found_and_said_loudly(change, word):
    arms = some_arms()
    for name, fields in change.items():
        arms[name] |= fields
    r = judge(arms, "hash", 3e13)
    assert r["informative"] is False
    assert any(word in reason for reason in r["not_informative_because"])
    loud = [s for s in r["verdict"] if s.startswith("NOT INFORMATIVE: ")]
    assert len(loud) == len(r["not_informative_because"])
    assert r["verdict"][-len(loud) :] == loud


def test_exactly_at_each_limit_a_race_is_informative():
    arms = some_arms(tenth=1.571 / 0.9199)
    arms["dense"]["epochs"] = 2.0
    arms["sparse"] |= {"flops": 3e12, "params_total": 64_000_000, "peak_bytes": 2_400_000_000}
    assert judge(arms, "hash", 3e13)["not_informative_because"] == []


def test_a_budget_under_1e12_is_accepted_and_not_informative():
    arms = some_arms()
    for arm in arms.values():
        arm["flops"] *= 1e11 / 3e13
    r = judge(arms, "hash", 1e11)
    assert [reason[:20] for reason in r["not_informative_because"]] == ["The budget of 1e11 F"]


def test_memory_that_was_not_measured_is_no_reason():
    arms = some_arms()
    for arm in arms.values():
        arm["peak_bytes"] = 0
    assert judge(arms, "hash", 3e13)["informative"] is True


def test_a_missing_arm_and_a_broken_number_are_refused_by_name():
    arms = some_arms()
    del arms["dense"]
    with pytest.raises(ValueError, match="dense"):
        judge(arms, "hash", 3e13)
    for bad in (float("nan"), float("inf"), -1.0, 0.0, None, "2", True):
        arms = some_arms()
        arms["sparse-plain"]["bits_per_byte"] = bad
        with pytest.raises(ValueError, match="arm sparse-plain: bits_per_byte"):
            judge(arms, "hash", 3e13)


positive = st.floats(min_value=0, exclude_min=True, allow_infinity=False, allow_nan=False)
four = st.tuples(positive, positive, positive, positive)


def arms_of(bits, flops, seconds):
    return {
        name: an_arm(bits[i], flops[i], seconds[i], params_total=seconds[i], peak_bytes=flops[i])
        for i, name in enumerate(ARMS)
    }


@given(bits=four, flops=four, seconds=four, budget=positive)
def test_any_positive_numbers_get_a_verdict_in_strict_json(bits, flops, seconds, budget):
    r = judge(arms_of(bits, flops, seconds), "hash", budget)
    json.dumps(r, allow_nan=False)
    assert all(isinstance(s, str) and s.endswith(".") for s in r["verdict"])


@given(one=st.tuples(four, four, four), two=st.tuples(four, four, four))
def test_any_two_seeds_combine_into_strict_json(one, two):
    runs = [arms_of(*one), arms_of(*two)]
    r = combine([judge(arms, "hash", 3e13) for arms in runs], runs)
    json.dumps(r, allow_nan=False)


near = st.floats(min_value=0.5, max_value=8)


@given(bits=st.tuples(near, near, near, near))
def test_better_bits_never_lower_leverage(bits):
    b, better, tenth, dense = bits
    low = judged(sparse=max(b, better), tenth=tenth, dense=dense)["leverage"]
    high = judged(sparse=min(b, better), tenth=tenth, dense=dense)["leverage"]
    assert low is None or high is None or high >= low


# ---------------------------------------------------------------- words


def test_the_first_sentences_say_what_was_kept_what_leverage_and_who_earned_it():
    said = judged()["verdict"]
    assert said[:3] == [
        "At 10.0 % of the FLOPs the sparse model keeps 0.86 of the dense model's performance "
        "(bits per byte on text it never saw: 1.83 against 1.57).",
        "It does what a dense model needs 2.4x its compute for; to keep 95 % would take 6.2x on "
        "this text.",
        "Of the gap between a dense model at a tenth and the full one it closes 40 %: 4 % by the "
        "experts, 36 % by the memory.",
    ]
    assert "a tenth of the compute already keeps 0.78" in said[4]
    assert said[5] == "In seconds it took 0.31 of the dense model's time."


def test_experts_that_earned_nothing_are_said_to_have_earned_nothing():
    assert "The experts alone earned nothing here (leverage 1.0x)" in text_of(judged(plain=2.006))
    hurt = text_of(judged(plain=2.03))
    assert "The experts alone earned nothing here (leverage 0.9x): they cost performance" in hurt
    assert "-6 % by the experts" in hurt


def test_memory_that_earned_nothing_is_said_to_have_added_nothing():
    assert "the memory added nothing" in text_of(judged(plain=1.83))
    assert "the memory lost some of it" in text_of(judged(plain=1.7))


def test_a_sparse_model_behind_dense_at_a_tenth_is_called_worse():
    said = text_of(judged(sparse=2.1))
    assert "It does worse than a dense model of its own compute would (leverage 0.6x)" in said
    assert "closes none of the gap" in said


def test_a_sparse_model_ahead_of_the_whole_budget_is_called_better():
    said = text_of(judged(sparse=1.5))
    assert "beats the dense one: it has 1.05 of its performance" in said
    assert "goes beyond, 116 % of it" in said and "so that is reached" in said


def test_a_hair_apart_does_not_read_as_equal():
    assert "1.5705 against 1.5710" in text_of(judged(sparse=1.5705))


def test_a_sparse_model_that_took_longer_is_said_to_have_saved_no_time():
    arms = some_arms()
    arms["sparse"]["seconds"] = 390.0
    said = text_of(judge(arms, "hash", 3e13))
    assert "In seconds it saved nothing: it took 1.50 times the dense model's time." in said


def test_the_shown_shares_add_up():
    assert v.shares(0.4046, 0.0368) == ("40", "4", "36")
    assert v.shares(-0.12, -0.20) == ("-12", "-20", "8")


def test_multiples_read_as_one_says_them():
    assert [v.times(x) for x in (0.01, 0.94, 2.66, 9.94, 9.96, 640, 4000)] == [
        "under 0.1x", "0.9x", "2.7x", "9.9x", "10x", "640x", "over 1000x",
    ]  # fmt: skip
    assert v.times(2.66, 0.31) == "2.7 ± 0.3x"


# ---------------------------------------------------------------- seeds


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
    for i, t in enumerate(v._T975):
        assert t == pytest.approx(scipy.t.ppf(0.975, i + 1), abs=6e-4)
    assert mean_ci95([0.0, 1.0] * 20)[1] == pytest.approx(1.96 * 0.50637 / math.sqrt(40), rel=1e-4)


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
