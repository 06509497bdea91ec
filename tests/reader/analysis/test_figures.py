"""Figures together: the same again, in any order, each with a name."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.reader.analysis import (
    METRICS,
    all_recomputed,
    figures_of,
    metric_of,
    readable,
    recomputed,
    turnover,
)
from tenth.reader.model import Cover, Fact, Period, Place, Report
from tests.reader.analysis.books import (
    Y2022,
    Y2023,
    all_facts,
    figures,
    find,
    metrics,
    quarter,
    with_fact,
)
from tests.reader.made import LAST_Q3, NOW, Q3, YEAR_END


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


METRIC = st.sampled_from(
    ["Revenues", "Revenues[A]", "CostOfRevenue", "NetIncomeLoss", "Assets", "StockholdersEquity",
     "NetCashProvidedByUsedInOperatingActivities", "PaymentsToAcquirePropertyPlantAndEquipment",
     "LongTermDebtNoncurrent", "IncomeTaxExpenseBenefit", "CustomerShare[A]", "CustomerRevenue[B]"]
)  # fmt: skip
PERIODS = [Q3, LAST_Q3, NOW, YEAR_END, Y2023, Y2022, Period("2023-01-01", "2023-06-30"),
           Period("2023-01-01", "2023-03-31"), Period(),
           Period("2023-09-30", "2023-01-01")]  # fmt: skip


@st.composite
def facts(draw) -> Fact:
    metric, number = draw(METRIC), draw(st.integers(0, 10**6))
    share = "Share" in metric
    amount = draw(st.integers(0, 1000)) if share else draw(st.integers(-(10**6), 10**6))
    document = draw(st.sampled_from(["a.pdf", "b.pdf"]))
    return Fact(
        f"{number}-{metric}", draw(st.sampled_from(["Acme", "ACME Inc.", ""])), metric, metric,
        draw(st.sampled_from(PERIODS)), draw(st.sampled_from([None, Decimal(amount) / 1000])),
        "pure" if share else "currency", "" if share else draw(st.sampled_from(["USD", "CNY", ""])),
        1, draw(st.sampled_from(["ok", "ok", "ok", "unknown", "contradicted"])), document, document,
        Place(1, (0.0, 0.0, 1.0, 1.0)), str(amount), (),
        draw(st.sampled_from(["income", "balance", "cash", "segments", "other", "text"])), 1,
    )  # fmt: skip


@given(st.lists(facts(), max_size=60, unique_by=lambda fact: fact.id), st.randoms())
def test_whatever_the_facts_every_figure_comes_out_again_and_none_breaks(made, random):
    reports = [
        Report(name, name, "pdf", Cover("Acme", "10-Q", period),
               tuple(fact for fact in made if fact.document == name))
        for name, period in (("a.pdf", Q3), ("b.pdf", Y2023))
    ]  # fmt: skip
    by_id = {fact.id: fact for fact in made}
    found = {one.id: one for one in figures_of(reports, by_id)}
    again = all_recomputed(found, lambda id_: by_id[id_].value)
    assert again == {id_: one.value for id_, one in found.items()}
    random.shuffle(made)
    assert figures_of(reports[::-1], {fact.id: fact for fact in made}) == tuple(found.values())
    assert turnover(reports, by_id) == turnover(reports, {fact.id: fact for fact in made})
    used = {one.id for figure in found.values() for one in figure.inputs}
    assert all(by_id[id_].status == "ok" for id_ in used & set(by_id))
