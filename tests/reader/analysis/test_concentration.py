"""How much hangs on how few customers."""

from decimal import Decimal

import msgspec

from tenth.reader.analysis import all_recomputed
from tenth.reader.model import Report
from tests.reader.analysis.books import (
    NAMES,
    Y2022,
    Y2023,
    all_facts,
    figures,
    find,
    listed,
    metrics,
    one_document,
    only,
    value,
)


def said(report: Report) -> Report:
    """The same, from sentences."""
    facts = tuple(msgspec.structs.replace(fact, table=0) for fact in report.facts)
    return msgspec.structs.replace(report, facts=facts)


def test_the_largest_and_the_herfindahl_index_are_those_of_the_documents_own_year():
    found = figures(one_document())
    assert value(found, "customer_top_1", Y2023) == Decimal("0.14")
    assert value(found, "customer_top_3", Y2023) == Decimal("0.36")
    assert value(found, "customer_top_5", Y2023) == Decimal("0.5")
    index = find(found, "customer_concentration", Y2023)
    assert index.value == Decimal("0.054")  # .14² + .12² + .10² + .08² + .06²
    assert index.formula.startswith("share_1 * share_1 + share_2 * share_2")
    assert "it is at least this" in index.note
    assert not any(f.metric == "customer_top_1" and f.period == Y2022 for f in found)


def test_three_listed_customers_have_no_top_five():
    found = metrics(figures(listed("a.pdf", {Y2023: NAMES})))
    assert "customer_top_3" in found and "customer_top_5" not in found


def test_amounts_become_shares_of_the_companys_revenue():
    sales = only([("Net sales", "Revenues", ["$1", "$1"])], [Y2023, Y2022], "2023.pdf")
    made = listed("2023.pdf", {Y2023: {"Acme": "$300000"}, Y2022: {"Acme": "$200000"}})
    both = msgspec.structs.replace(sales, facts=(*sales.facts, *made.facts))
    found = figures(both)
    assert value(found, "customer_share[Acme]", Y2023) == Decimal("0.3")
    assert value(found, "customer_top_1", Y2023) == Decimal("0.3")
    assert value(found, "customer_share_change[Acme]", Y2023) == Decimal("0.1")
    facts = all_facts([both])
    again = all_recomputed({f.id: f for f in found}, lambda id_: facts[id_].value)
    assert all(again[f.id] == f.value for f in found)


def test_totals_and_the_rest_are_nobody():
    made = listed(
        "a.pdf", {Y2023: {**NAMES, "All other customers": "58%", "Total": "100%", "合计": "100%"}}
    )
    assert value(figures(made), "customer_top_1", Y2023) == Decimal("0.2")


def test_who_has_no_name_may_be_one_of_the_others():
    found = figures(said(listed("a.pdf", {Y2023: {**NAMES, "one customer": "31%"}})))
    assert "customer_top_1" not in metrics(found)
    same = figures(said(listed("a.pdf", {Y2023: {**NAMES, "one customer": "20%"}})))
    assert value(same, "customer_top_3", Y2023) == Decimal("0.42")
    two = {"large CSP": "22%", "one distributor": "17%"}  # which may buy for the other
    assert "customer_top_1" not in metrics(figures(said(listed("a.pdf", {Y2023: two}))))


def test_places_in_a_table_are_each_another_one():
    top = {"第一名": "20%", "第二名": "12%", "第三名": "9%"}
    found = figures(listed("a.pdf", {Y2023: top, Y2022: top}))
    assert value(found, "customer_top_3", Y2023) == Decimal("0.41")
    assert not {"customer_retained", "customer_revenue_lost"} & metrics(found)


def test_groups_are_nobody():
    groups = {**NAMES, "top five": "55%", "others": "45%"}
    assert value(figures(listed("a.pdf", {Y2023: groups})), "customer_top_1", Y2023) == Decimal(
        "0.2"
    )


def test_a_contradicted_share_serves_for_nothing():
    made = listed("2023.pdf", {Y2023: NAMES})
    facts = tuple(
        msgspec.structs.replace(fact, status="contradicted") if "Bolt" in fact.label else fact
        for fact in made.facts
    )
    assert not figures(msgspec.structs.replace(made, facts=facts))
