"""Every line of a statement over its whole."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.reader.analysis.books import (
    BALANCE,
    figures,
    find,
    metrics,
    only,
    quarter,
    value,
    with_fact,
)
from tests.reader.made import LAST_Q3, NOW, Q3, YEAR_END, report, statement


def test_income_lines_are_shares_of_revenue_and_balance_lines_of_assets():
    found = figures(quarter())
    assert value(found, "share_of_revenue[CostOfRevenue]", Q3) == Decimal("0.6")
    assert value(found, "share_of_revenue[Revenues]", Q3) == 1
    assert value(found, "share_of_revenue[NetIncomeLoss]", LAST_Q3) == Decimal("-0.03125")
    assert value(found, "share_of_assets[InventoryNet]", NOW) == Decimal("0.075")
    assert value(found, "share_of_assets[Liabilities]", YEAR_END) == Decimal(980) / 1800


def test_lines_without_a_metric_are_called_by_their_labels():
    assert value(figures(quarter()), "share_of_revenue[Other]", Q3) == Decimal("0.005")


def test_lines_of_one_name_are_told_apart_by_the_headings_above_them():
    rows = [("Current assets:", "", []), ("Other", "", ["10"]), ("Liabilities:", "", []),
            ("Other", "", ["20"]), ("Other", "", ["30"]),
            ("Total assets", "Assets", ["100"])]  # fmt: skip
    found = metrics(figures(report(statement("balance", rows, [NOW]))))
    assert found == {
        "share_of_assets[Current assets: Other]",
        "share_of_assets[Liabilities: Other, line 4]",
        "share_of_assets[Liabilities: Other, line 5]",
        "share_of_assets[Assets]",
    }


def test_amounts_per_share_have_no_share_of_revenue():
    assert not any(
        "EarningsPerShare" in one and one.startswith("share_of")
        for one in metrics(figures(quarter()))
    )


def test_a_contradicted_line_or_whole_has_none():
    made = quarter()
    assert "share_of_revenue[CostOfRevenue]" not in metrics(
        figures(with_fact(made, "Cost of sales", status="contradicted"))
    )
    found = metrics(figures(with_fact(made, "Net sales", status="contradicted")))
    assert not any(one.startswith("share_of_revenue") for one in found)


def test_a_period_has_one_common_size_statement_that_of_the_latest_document():
    rows = [("Total assets", "Assets", ["100", "90"]), ("Cash", "Cash", ["50", "9"])]
    older = only([(a, b, c[1:]) for a, b, c in rows], [YEAR_END], "a.pdf", "balance")
    newer = only([rows[0], ("Cash", "Cash", ["50", "18"])], [NOW, YEAR_END], "b.pdf", "balance")
    assert find(figures(older, newer), "share_of_assets[Cash]", YEAR_END).value == Decimal("0.2")


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=12).filter(any))
def test_shares_of_the_lines_add_up_to_that_of_their_total(amounts):
    rows = [(f"Line {k}", "", [f"{amount}"]) for k, amount in enumerate(amounts)]
    rows.append(("Total assets", "Assets", [str(sum(amounts))]))
    found = figures(report(statement("balance", rows, [NOW])))
    total = value(found, "share_of_assets[Assets]", NOW)
    assert total == 1
    parts = sum(f.value for f in found if f.metric != "share_of_assets[Assets]")
    assert abs(parts - total) < Decimal("1e-26")


def test_the_made_balance_adds_up_too():
    found = figures(report(statement("balance", BALANCE, [NOW, YEAR_END])))
    names = ("AssetsCurrent", "Other assets")
    assert sum(value(found, f"share_of_assets[{name}]", NOW) for name in names) == 1
