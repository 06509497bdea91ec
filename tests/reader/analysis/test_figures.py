"""Figures together: the same again, in any order, each with a name."""

from decimal import Decimal

import msgspec
import pytest

from tenth.reader.analysis import (
    METRICS,
    all_recomputed,
    figures_of,
    metric_of,
    readable,
    recomputed,
)
from tenth.reader.model import Period
from tests.reader.analysis.books import all_facts, figures, find, metrics, quarter, with_fact
from tests.reader.made import Q3


def test_every_figure_comes_out_again_from_its_formula_and_its_facts():
    made = quarter()
    facts, found = all_facts([made]), {one.id: one for one in figures(made)}
    again = all_recomputed(found, lambda id_: facts[id_].value)
    assert again == {id_: one.value for id_, one in found.items()}
    margin = find(found.values(), "gross_margin", Q3)
    doubled = recomputed(
        margin, lambda id_: facts[id_].value * (2 if "Gross" in facts[id_].label else 1)
    )
    assert doubled == 2 * margin.value


def test_figures_that_rest_on_each_other_in_a_circle_are_refused():
    one = find(figures(quarter()), "gross_margin", Q3)
    circle = msgspec.structs.replace(
        one, inputs=(msgspec.structs.replace(one.inputs[0], id=one.id), one.inputs[1])
    )
    with pytest.raises(ValueError, match="rests on itself"):
        all_recomputed({one.id: circle}, lambda _: Decimal(1))


def test_the_same_facts_give_the_same_figures_in_any_order():
    made = quarter()
    facts = all_facts([made])
    backwards = dict(reversed(facts.items()))
    assert figures_of([made], facts) == figures_of([made], backwards)
    assert len({one.id for one in figures(made)}) == len(figures(made))


def test_every_figure_has_a_name_in_both_languages():
    for one in figures(quarter()):
        assert metric_of(one.metric) or one.metric == "GrossProfit"
    assert readable("segment_share[Products]") == "Share of revenue: Products"
    assert readable("segment_share[产品]", "zh") == "收入占比：产品"
    assert readable("SomethingElse") == "SomethingElse"
    assert all(metric.en and metric.zh and metric.formula for metric in METRICS.values())
    assert len({metric.en for metric in METRICS.values()}) == len(METRICS)
    assert len({metric.zh for metric in METRICS.values()}) == len(METRICS)


def test_a_date_that_is_none_serves_for_nothing_and_breaks_nothing():
    made = with_fact(quarter(), "Net sales", period=Period("2023-02-30", "2023-09-31"))
    assert "gross_margin" not in metrics(figures(made))


def test_nothing_gives_nothing():
    assert figures_of([], {}) == ()
