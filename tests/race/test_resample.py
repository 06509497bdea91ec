"""Documents drawn again at random: what the intervals over them hold, and when there are none."""

import numpy as np
import pytest
from test_verdict import full_arms, judged, some_arms, text_of

from tenth.race.formulas import leverage
from tenth.race.resample import over_documents
from tenth.race.verdict import combine, judge


def with_documents(arms, *parts):
    """Each arm's bits shared out over documents; `parts` are their shares, an arm each or one."""
    for i, arm in enumerate(arms.values()):
        share = np.array(parts[i % len(parts)])
        arm["document_bits"] = (1e6 * arm["bits_per_byte"] * share / share.sum()).tolist()
    return arms


def test_documents_that_are_all_alike_leave_nothing_to_chance():
    arms = with_documents(some_arms(), [1, 1, 1, 1])
    found, one = over_documents([arms]), judge(arms, "hash", 3e13)
    assert found["documents"] == 4
    for key in ("leverage", "performance_kept"):
        assert found[f"{key}_over_documents"] == pytest.approx([one[key]] * 2)
        assert one[f"{key}_over_documents"] == found[f"{key}_over_documents"]


def test_the_interval_holds_the_figure_and_is_what_drawing_by_hand_gives():
    rng = np.random.default_rng(1)
    shares = rng.uniform(0.5, 1.5, 40) * rng.uniform(0.97, 1.03, (4, 40))
    arms = with_documents(some_arms(), *shares)
    one = judge(arms, "hash", 3e13)
    low, high = one["leverage_over_documents"]
    assert low < one["leverage"] < high
    levers = []
    for _ in range(1000):
        drawn = rng.integers(0, 40, 40)
        total = {n: sum(np.array(a["document_bits"])[drawn]) for n, a in arms.items()}
        again = {n: {**a, "bits_per_byte": total[n]} for n, a in arms.items()}
        levers.append(
            leverage(total["sparse"], arms["sparse"]["flops"], again["dense-tenth"], again["dense"])
        )
    assert [low, high] == pytest.approx(np.quantile(levers, (0.025, 0.975)), rel=0.05)
    assert "40 documents drawn again at random, leverage is" in text_of(one)


def test_of_several_seeds_it_is_the_mean_that_is_drawn():
    one = with_documents(some_arms(), [1, 2, 3], [3, 2, 1])
    both = combine([judge(one, "hash", 3e13)] * 2, [one] * 2)
    assert both["leverage_over_documents"] == pytest.approx(
        over_documents([one])["leverage_over_documents"]
    )


def test_without_bits_by_document_or_with_one_document_there_is_no_interval():
    assert over_documents([some_arms()]) == {} == over_documents([with_documents(some_arms(), [1])])
    uneven = with_documents(full_arms(), [1, 2])
    uneven["dense"]["document_bits"].append(1.0)
    assert over_documents([uneven]) == {}
    assert "drawn again" not in text_of(judged())


def test_a_draw_in_which_compute_does_not_help_gives_no_leverage_but_still_a_share():
    arms = with_documents(some_arms(), [1, 1], [1, 1], [1, 9], [9, 1])
    found = over_documents([arms])
    assert found["leverage_over_documents"] is None
    assert found["performance_kept_over_documents"] is not None
