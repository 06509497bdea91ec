"""The verdict's words in every outcome."""

import pytest
from test_verdict import (
    full_arms,
    fully_judged,
    judged,
    some_arms,
    text_of,
)

from tenth.race import spoken
from tenth.race.trust import About
from tenth.race.verdict import combine, judge


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


def test_after_those_it_says_novel_tokens_counting_and_what_memory_does_alone():
    assert fully_judged()["verdict"][6:] == [
        "On novel tokens (31,234 of them), which in train never follow the three before them, it "
        "keeps 0.94; a dense model at a tenth 0.83. The leverage there is 4.4x; that of the "
        "experts alone 1.8x.",
        "Counting n-grams, without a network, keeps 0.77 on the tokens the sparse model saw and "
        "0.85 on the whole train side (2.04 and 1.84 bits per byte). The sparse model does better "
        "than both.",
        "The experts alone lose to counting (1.88 against 1.84 bits per byte): what they earned "
        "over dense models is no success by itself.",
        "Memory alone, in a dense model at a tenth, keeps 0.95, a leverage of 6.0x.",
        "With experts on top it is 3.7 % better; what is chance in that, one seed cannot tell.",
        "A dense model with the same memory and the whole budget has 1.11 of the plain one's "
        "performance; against that one the sparse model keeps 0.89.",
        "One seed: how much another would differ is not known.",
    ]


def test_one_of_the_two_further_arms_alone_is_said_without_the_other():
    arms = full_arms()
    del arms["dense-memory"]
    said = text_of(judge(arms, "hash", 3e13))
    assert "Memory alone" in said and "same memory and the whole budget" not in said
    arms = full_arms()
    del arms["dense-memory-tenth"]
    said = text_of(judge(arms, "hash", 3e13))
    assert "Memory alone" not in said and "same memory and the whole budget" in said


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
    assert spoken.shares(0.4046, 0.0368) == ("40", "4", "36")
    assert spoken.shares(-0.12, -0.20) == ("-12", "-20", "8")


def test_multiples_read_as_one_says_them():
    assert [spoken.times(x) for x in (0.01, 0.94, 2.66, 9.94, 9.96, 640, 4000)] == [
        "under 0.1x", "0.9x", "2.7x", "9.9x", "10x", "640x", "over 1000x",
    ]  # fmt: skip
    assert spoken.times(2.66, 0.31) == "2.7 ± 0.3x"


def test_what_lies_within_the_interval_is_not_said_to_win():
    seeds = [some_arms(sparse=b) for b in (1.50, 1.60, 1.62)]
    both = combine([judge(one, "hash", 3e13) for one in seeds], seeds)
    assert both["performance_kept"] > 0.99
    text = text_of(both)
    assert "beats" not in text and "so that is reached" not in text
    assert "which lies within the intervals" in text
    close = [some_arms(sparse=b) for b in (1.50, 1.55, 1.62)]
    both = combine([judge(one, "hash", 3e13) for one in close], close)
    assert both["performance_kept"] > 1 and "cannot be told from the dense one" in text_of(both)


def test_fresh_tokens_settings_by_hand_other_work_and_one_seed_are_said():
    arms = full_arms()
    for arm, b in zip(arms.values(), (9.0, 9.1, 9.5, 8.8, 9.2, 8.5), strict=True):
        arm |= {"fresh_bits": b, "fresh_tokens": 12_345}
    arms["dense"]["busy"] = True
    about = About(settings=("dense.train.lr=0.004",))
    r = judge(arms, "hash", 3e13, None, about)
    assert r["performance_kept_fresh"] == pytest.approx(8.8 / 9.0)
    text = text_of(r)
    for said in (
        "On fresh tokens (12,345 of them), novel ones that did not follow the token before them "
        "earlier in the window either, it keeps 0.98; a dense model at a tenth 0.93.",
        "beside other work, so that says little",
        "Set by hand, where a rule would decide: dense.train.lr=0.004.",
        "One seed: how much another would differ is not known.",
    ):
        assert said in text, said
    assert "by hand" not in text_of(judged()) and "beside other work" not in text_of(judged())


def test_a_leverage_beyond_the_line_says_what_a_better_dense_model_would_make_of_it():
    r = judge(some_arms(sparse=1.3), "hash", 3e13)
    better = some_arms(sparse=1.3, dense=0.99 * 1.571)
    assert r["leverage_if_dense_better"] == pytest.approx(judge(better, "h", 3e13)["leverage"])
    assert r["leverage_if_dense_better"] < r["leverage"]
    assert "were the dense one 1 % better, it would be" in text_of(r)
    assert "1 % better" not in text_of(judged())


def test_a_verdict_read_from_little_text_or_from_text_known_by_heart_is_not_informative():
    plain = judge(some_arms(), "hash", 3e13, None, About(25_000, 0.09))
    assert plain["informative"] is True
    for about, reason in (
        (About(19_000, 0.0), "The verdict is read from 19,000 tokens only (under 20,000)."),
        (About(25_000, 0.19), "19 % of the verdict's tokens stand in train word for word"),
    ):
        r = judge(some_arms(), "hash", 3e13, None, about)
        assert r["informative"] is False and reason in r["not_informative_because"][0]
