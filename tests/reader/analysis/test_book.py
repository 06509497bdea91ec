"""Which fact serves where several print the same, and when none does."""

from decimal import Decimal

import msgspec
import pytest

from tenth.reader.analysis.book import books
from tenth.reader.analysis.concepts import is_flow, unit_of
from tenth.reader.analysis.trust import digit_of
from tenth.reader.model import Contradiction, Cover, Period
from tests.reader.analysis.books import (
    Y2022,
    Y2023,
    all_facts,
    figures,
    metrics,
    only,
    value,
    with_fact,
)
from tests.reader.made import report, statement

BEFORE = Period("2021-01-01", "2021-12-31")


def year(document: str, now: str, before: str, period=Y2023, last=Y2022, cost="60"):
    rows = [("Net sales", "Revenues", [now, before]), ("Cost", "CostOfRevenue", [cost, cost])]
    return only(rows, [period, last], document)


def test_the_latest_documents_figure_is_taken():
    older, newer = year("2022.pdf", "90", "80", Y2022, BEFORE), year("2023.pdf", "150", "100")
    found = figures(newer, older)
    assert value(found, "revenue_growth", Y2023) == Decimal("0.5")  # on 100, not on 90
    assert value(found, "revenue_growth", Y2022) == Decimal("0.25")  # 100 on 80


def test_a_contradicted_figure_gives_none_rather_than_a_wrong_one():
    made = with_fact(year("a.pdf", "150", "100"), "Net sales", status="contradicted")
    assert not figures(made)


def test_a_figure_that_only_a_restatement_contradicts_is_taken():
    made = with_fact(year("a.pdf", "150", "100"), "Net sales", status="contradicted")
    ids = tuple(fact.id for fact in made.facts if fact.label == "Net sales")
    restated = Contradiction("c", "restatement", "same fact", "Acme", "Revenues", Y2023, ids, None,
                             None, "")  # fmt: skip
    found = figures(made, contradictions=[restated])
    assert value(found, "revenue_growth", Y2023) == Decimal("0.5")
    real = msgspec.structs.replace(restated, id="d", kind="real")
    assert not figures(made, contradictions=[restated, real])


def test_an_unknown_figure_serves_for_nothing():
    made = with_fact(year("a.pdf", "150", "100"), "Net sales", status="unknown", value=None)
    assert not figures(made)


def test_two_different_amounts_in_one_document_serve_for_nothing():
    rows = [
        ("Sales", "Revenues", ["100"]),
        ("Total", "Revenues", ["120"]),
        ("Cost", "CostOfRevenue", ["60"]),
    ]
    assert not figures(only(rows, [Y2023], "a.pdf"))


def test_an_alternative_does_not_stand_in_for_what_is_contradicted():
    rows = [("Sales", "Revenues", ["100"]), ("Of contracts", "SalesRevenueNet", ["90"]),
            ("Cost", "CostOfRevenue", ["60"])]  # fmt: skip
    made = only(rows, [Y2023], "a.pdf")
    assert value(figures(made), "GrossProfit", Y2023) == 40_000_000
    assert not figures(with_fact(made, "Sales", status="contradicted"))
    older = only([rows[1], rows[2]], [Y2023], "a.pdf")
    assert value(figures(older), "GrossProfit", Y2023) == 30_000_000


def test_an_amendment_comes_after_what_it_amends():
    first, second = year("a.pdf", "100", "90"), year("b.pdf", "120", "90")
    first = msgspec.structs.replace(
        first, cover=msgspec.structs.replace(first.cover, form="10-K/A")
    )
    assert value(figures(first, second), "GrossProfit", Y2023) == 40_000_000


def test_spellings_of_a_name_are_one_company_and_the_latest_is_shown():
    older, newer = year("2022.pdf", "90", "80", Y2022, BEFORE), year("2023.pdf", "150", "100")
    facts = tuple(msgspec.structs.replace(f, entity="ACME CORP.") for f in older.facts)
    older = msgspec.structs.replace(older, facts=facts)
    (book,) = books([older, newer], all_facts([older, newer]))
    assert book.entity == "Acme Corporation"


def test_facts_of_no_company_are_one_anothers_in_one_document_only():
    def nobodys(made):
        facts = tuple(msgspec.structs.replace(fact, entity="") for fact in made.facts)
        return msgspec.structs.replace(made, facts=facts, cover=Cover(period=made.cover.period))

    older, newer = year("2022.pdf", "90", "80", Y2022, BEFORE), year("2023.pdf", "150", "100")
    found = figures(nobodys(older), nobodys(newer))
    assert sorted(f.value for f in found if f.metric == "revenue_growth") == [
        Decimal("0.125"),
        Decimal("0.5"),
    ]


def test_currencies_are_never_mixed():
    made = year("a.pdf", "150", "100")
    facts = tuple(
        msgspec.structs.replace(fact, currency="CNY") if fact.period == Y2022 else fact
        for fact in made.facts
    )
    found = figures(msgspec.structs.replace(made, facts=facts))
    assert "revenue_growth" not in metrics(found)
    assert {f.currency for f in found if f.metric == "GrossProfit"} == {"USD", "CNY"}


def test_the_parent_companys_own_statement_is_not_the_groups():
    def both(sales, cost, table):
        rows = [("营业收入", "Revenues", [sales]), ("营业成本", "CostOfRevenue", [cost])]
        return statement("income", rows, [Y2023], table=table)

    group, (own, facts) = both("100", "60", 1), both("30", "20", 2)
    parent = msgspec.structs.replace(own, title="母公司利润表"), facts
    assert value(figures(report(group, parent)), "GrossProfit", Y2023) == 40_000_000


def test_a_subsidiarys_figures_in_a_note_are_not_the_companys():
    """A table of an investee's income under the words of the income statement."""
    main = statement(
        "income",
        [("Net sales", "Revenues", ["100"]), ("Net loss", "NetIncomeLoss", ["40"])],
        [Y2023],
    )
    note = [("Revenues", "Revenues", ["9", "7"]), ("Net loss", "NetIncomeLoss", ["(5)", "(4)"])]
    other = statement("other", note, [Y2023, Y2022], table=2)
    found = figures(report(main, other))
    assert value(found, "net_margin", Y2023) == Decimal("0.4")
    assert not any(f.period == Y2022 for f in found)


def test_a_table_that_agrees_with_the_statements_adds_its_other_years():
    main = statement("income", [("Net sales", "Revenues", ["100"])], [Y2023])
    table = statement("other", [("Sales", "Revenues", ["100", "80"])], [Y2023, Y2022], table=2)
    assert value(figures(report(main, table)), "revenue_growth", Y2023) == Decimal("0.25")


def test_a_rounding_is_no_disagreement_and_the_finest_is_taken():
    fine = statement(
        "other", [("Sales", "Revenues", ["94,836"]), ("C", "CostOfRevenue", ["4,836"])], [Y2023]
    )
    rough = statement(
        "other", [("Sales", "Revenues", ["94.8"])], [Y2023], table=2, scale=1_000_000_000
    )
    assert value(figures(report(rough, fine)), "GrossProfit", Y2023) == 90_000_000_000


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("Revenues[Products]", "currency"),
        ("EarningsPerShareDiluted", "currency/share"),
        ("WeightedAverageNumberOfDilutedSharesOutstanding", "shares"),
        ("CommonStockSharesOutstanding", "shares"),
        ("CommonStockDividendsPerShareDeclared", "currency/share"),
        ("NetMarginRatio", "pure"),
    ],
)
def test_a_metric_is_counted_in_its_unit(metric, unit):
    assert unit_of(metric) == unit


def test_a_balance_is_no_flow():
    assert is_flow("Revenues[Products]") and is_flow("ShareBasedCompensation")
    assert not is_flow("CashAndCashEquivalentsAtCarryingValue")
    assert not is_flow("EarningsPerShareBasic")


@pytest.mark.parametrize(
    ("verbatim", "scale", "digit"),
    [("$(2,028)", 10**6, "1000000"), ("U.S. $1.50", 10**9, "10000000"), ("44.1%", 1, "0.001"),
     (".5", 1, "0.1"), ("—", 1000, "1000"), ("12.5亿元", 10**8, "10000000")],
)  # fmt: skip
def test_the_last_printed_digit_is_known(verbatim, scale, digit):
    (fact, *_) = only([("Sales", "Revenues", ["1"])], [Y2023], "a.pdf").facts
    fact = msgspec.structs.replace(fact, verbatim=verbatim, scale=scale)
    assert digit_of(fact) == Decimal(digit)
