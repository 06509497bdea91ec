"""The verdict's formulas by hand, its edges, and its words in every outcome."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.race import formulas
from tenth.race.verdict import ALL_ARMS, ARMS, FULL_ARMS, NUMBERS, combine, judge


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


COUNTS = {
    "counts-seen": {"bits_per_byte": 2.04, "novel_bits": 11.5},
    "counts-all": {"bits_per_byte": 1.84, "novel_bits": 10.5},
}


def full_arms(shift=0.0, memory=1.66, **bits):
    """The six arms of `--full`, each with novel tokens; all bits per byte are moved by `shift`."""
    bits = {"sparse": 1.6, "plain": 1.88, "tenth": 2.006, "dense": 1.571} | bits
    arms = some_arms(**{name: b + shift for name, b in bits.items()})
    arms["dense-memory-tenth"] = an_arm(memory + shift, 2.96e12, 50.0)
    arms["dense-memory"] = an_arm(1.42 + shift, 3e13, 300.0)
    novel = (8.0, 8.6, 9.0, 7.5, 8.4, 7.1)
    for arm, b in zip(arms.values(), novel, strict=True):
        arm |= {"novel_bits": b, "novel_tokens": 31_234}
    return arms


def fully_judged(shift=0.0, counts=COUNTS, **bits):
    return judge(full_arms(shift, **bits), "hash", 3e13, counts)


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
        assert formulas.leverage(b, c, arms["dense-tenth"], arms["dense"]) == pytest.approx(1)


@pytest.mark.parametrize("sparse", [1.5, 2.1])
def test_leverage_beyond_the_two_dense_arms_is_marked_and_said(sparse):
    r = judged(sparse=sparse)
    assert r["leverage_extrapolated"] is True
    assert "beyond the two dense models" in text_of(r)


def test_experts_and_memory_add_up_to_the_gap_and_multiply_to_the_leverage():
    r = judged(plain=1.9)
    assert r["gap_closed_by_experts"] + r["gap_closed_by_memory"] == pytest.approx(r["gap_closed"])
    assert r["leverage_by_experts"] * r["leverage_by_memory"] == pytest.approx(r["leverage"])


def test_novel_tokens_memory_alone_and_counting_are_what_their_formulas_give_by_hand():
    r = fully_judged()
    assert r["performance_kept_novel"] == pytest.approx(7.5 / 8)
    assert r["performance_kept_novel_dense_tenth"] == pytest.approx(7.5 / 9)
    # s = ln(9/7.5) / ln(3e13/2.97e12) = 0.078837; (9/8)^(1/s) = 4.4549; (9/8.6)^(1/s) = 1.7801
    assert r["leverage_novel"] == pytest.approx(4.4549 * 2.97 / 2.99, rel=1e-3)
    assert r["leverage_novel_by_experts"] == pytest.approx(1.7801 * 2.97 / 2.98, rel=1e-3)
    # s = 0.10570 as above; (2.006/1.66)^(1/s) = 5.9979
    assert r["leverage_by_memory_alone"] == pytest.approx(5.9979 * 2.97 / 2.96, rel=1e-3)
    assert r["performance_kept_dense_memory_tenth"] == pytest.approx(1.571 / 1.66)
    assert r["performance_of_dense_memory"] == pytest.approx(1.571 / 1.42)
    assert r["performance_kept_against_dense_memory"] == pytest.approx(1.42 / 1.6)
    assert r["experts_on_memory"] == pytest.approx(1.66 / 1.6)
    assert r["performance_kept_counts_seen"] == pytest.approx(1.571 / 2.04)
    assert r["performance_kept_counts_all"] == pytest.approx(1.571 / 1.84)
    assert r["informative"] is True and r["leverages_extrapolated"] == []


def test_without_the_further_arms_counts_and_novel_tokens_their_numbers_are_null():
    r, old = fully_judged(), judged()
    assert set(r) == set(old) and set(NUMBERS) < set(old)
    assert {name for name in NUMBERS if old[name] is None} == {
        name for name in NUMBERS
        if any(word in name for word in ("novel", "fresh", "counts", "_memory_alone"))
    } | {
        "performance_kept_dense_memory_tenth", "performance_of_dense_memory",
        "performance_kept_against_dense_memory", "experts_on_memory",
    }  # fmt: skip
    assert not any(word in text_of(old) for word in ("novel", "Counting", "Memory alone"))


def test_the_arms_of_a_full_race_stand_in_the_order_they_run():
    assert ALL_ARMS == (
        "sparse", "sparse-plain", "dense-tenth", "dense-memory-tenth", "dense-memory", "dense",
    )  # fmt: skip
    assert set(ALL_ARMS) == set(ARMS) | set(FULL_ARMS)


def test_every_leverage_beyond_the_two_dense_arms_is_marked_and_said():
    r = fully_judged(sparse=1.45, plain=1.5, memory=1.55)
    assert r["leverages_extrapolated"] == [
        "leverage", "leverage_by_experts", "leverage_by_memory_alone",
    ]  # fmt: skip
    said = text_of(r)
    assert "21x its compute" in said and "no dense model was trained there" in said
    assert "leverage of 16x, extrapolated" in said and "leverage of 12x, extrapolated" in said
    assert "The leverage there is 4.4x;" in said  # that one stands between the two


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
        ({"dense-memory-tenth": {"flops": 3.01e12}}, "dense-memory-tenth arm spent"),
        ({"dense-memory": {"flops": 3.01e13}}, "dense-memory arm spent"),
        ({"sparse": {"bits_per_byte": 1.85}}, "loses to counting: 1.85 against the 1.84"),
        ({"sparse": {"bits_per_byte": 1.84}}, "loses to counting: 1.8400 against the 1.8400"),
        ({"dense": {"bits_per_byte": 1.85}}, "Even the dense model with the whole budget loses"),
    ],
)
def test_each_reason_not_to_trust_a_race_is_found_and_said_loudly(change, word):
    arms = full_arms()
    for name, fields in change.items():
        arms[name] |= fields
    r = judge(arms, "hash", 3e13, COUNTS)
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


@pytest.mark.parametrize("sparse", [2.05, 1.9, 1.7])
def test_a_sparse_model_must_beat_both_count_models(sparse):
    r = fully_judged(sparse=sparse)
    lost = [reason for reason in r["not_informative_because"] if "loses to counting" in reason]
    assert r["informative"] is (sparse == 1.7) and len(lost) == (sparse != 1.7)
    assert ("the tokens the sparse arm saw" in "".join(lost)) is (sparse == 2.05)
    assert ("on the whole train side" in "".join(lost)) is (sparse != 1.7)
    stands = "does better" if sparse == 1.7 else "does no better than counting on the whole train"
    assert f"The sparse model {stands}" in text_of(r)


def test_no_novel_token_gives_no_number_over_novel_tokens_and_no_complaint():
    for nothing in (None, 0.0):
        arms = full_arms()
        for arm in arms.values():
            arm |= {"novel_bits": nothing, "novel_tokens": 0}
        r = judge(arms, "hash", 3e13, COUNTS)
        assert r["leverage_novel"] is None and r["performance_kept_novel"] is None
        assert "novel" not in text_of(r) and r["informative"] is True


def test_novel_tokens_that_compute_does_not_help_with_have_a_share_but_no_leverage():
    arms = full_arms()
    arms["dense"]["novel_bits"] = 9.1
    r = judge(arms, "hash", 3e13)
    assert r["leverage_novel"] is None and r["leverage"] is not None
    assert r["performance_kept_novel"] == pytest.approx(9.1 / 8)
    assert "No leverage can be given there." in text_of(r)


def test_a_broken_number_of_a_count_model_or_over_novel_tokens_is_refused_by_name():
    with pytest.raises(ValueError, match="count model counts-all: bits_per_byte is nan"):
        fully_judged(counts=COUNTS | {"counts-all": {"bits_per_byte": math.nan}})
    arms = full_arms()
    arms["dense-memory"]["novel_bits"] = math.inf
    with pytest.raises(ValueError, match="arm dense-memory: novel_bits is inf"):
        judge(arms, "hash", 3e13)


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


six = st.tuples(*[positive] * 6)


def arms_of(bits, flops, seconds, novel):
    return {
        name: an_arm(bits[i], flops[i], seconds[i], params_total=seconds[i], peak_bytes=flops[i],
                     novel_bits=novel[i], novel_tokens=i)
        for i, name in enumerate(ALL_ARMS)
    }  # fmt: skip


def counts_of(bits):
    return {name: {"bits_per_byte": bits[i]} for i, name in enumerate(COUNTS)}


@given(bits=six, flops=six, seconds=six, novel=six, counts=four, budget=positive)
def test_any_positive_numbers_get_a_verdict_in_strict_json(
    bits, flops, seconds, novel, counts, budget
):
    r = judge(arms_of(bits, flops, seconds, novel), "hash", budget, counts_of(counts))
    json.dumps(r, allow_nan=False)
    assert all(r[name] is None or math.isfinite(r[name]) for name in NUMBERS)
    assert all(isinstance(s, str) and s.endswith(".") for s in r["verdict"])


@given(one=st.tuples(six, six, six, six), two=st.tuples(six, six, six, six), counts=four)
def test_any_two_seeds_combine_into_strict_json(one, two, counts):
    runs, counted = [arms_of(*one), arms_of(*two)], [counts_of(counts[:2]), counts_of(counts[2:])]
    both = zip(runs, counted, strict=True)
    r = combine([judge(arms, "hash", 3e13, c) for arms, c in both], runs, counted)
    json.dumps(r, allow_nan=False)
    assert all(s.endswith(".") for s in r["verdict"])


near = st.floats(min_value=0.5, max_value=8)


@given(bits=st.tuples(near, near, near, near))
def test_better_bits_never_lower_leverage(bits):
    b, better, tenth, dense = bits
    low = judged(sparse=max(b, better), tenth=tenth, dense=dense)["leverage"]
    high = judged(sparse=min(b, better), tenth=tenth, dense=dense)["leverage"]
    assert low is None or high is None or high >= low


@given(bits=st.tuples(near, near, near, near), scale=st.floats(min_value=0.1, max_value=20))
def test_novel_bits_in_proportion_to_bits_give_the_same_leverage_and_share(bits, scale):
    arms = some_arms(*bits)
    for arm in arms.values():
        arm["novel_bits"] = arm["bits_per_byte"] * scale
    r = judge(arms, "hash", 3e13)
    assert r["performance_kept_novel"] == pytest.approx(r["performance_kept"])
    flat = math.isclose(bits[2], bits[3], rel_tol=1e-9)  # there rounding decides
    if not flat and r["leverage"] is not None and r["leverage_novel"] is not None:
        assert math.log(r["leverage_novel"]) == pytest.approx(math.log(r["leverage"]), abs=1e-4)


@given(bits=st.tuples(near, near, near, near), counts=st.tuples(near, near))
def test_a_race_that_loses_to_counting_is_never_informative(bits, counts):
    r = judge(some_arms(*bits), "hash", 3e13, counts_of(counts))
    loses = bits[0] >= min(counts) or bits[3] >= min(counts)
    assert not (loses and r["informative"])
    assert any("loses to counting" in reason for reason in r["not_informative_because"]) is loses


@given(bits=st.tuples(near, near, near, near), memory=near, tenth=near)
def test_experts_on_memory_are_over_one_just_where_the_sparse_arm_is_better(bits, memory, tenth):
    arms = full_arms(memory=memory) | some_arms(*bits)
    assert (judge(arms, "hash", 3e13)["experts_on_memory"] > 1) is (bits[0] < memory)
