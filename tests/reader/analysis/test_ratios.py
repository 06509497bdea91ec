"""Margins, DuPont, cash conversion, liquidity, leverage: against numbers worked by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.reader.analysis.catalogue import BEFORE_TAX, TAX
from tests.reader.analysis.books import (
    BALANCE,
    CASH,
    INCOME,
    Y2023,
    figures,
    find,
    metrics,
    only,
    quarter,
    value,
    with_fact,
)
from tests.reader.made import LAST_Q3, NOW, Q3, YEAR_END, Row, report, statement


@pytest.mark.parametrize(
    ("metric", "by_hand"),
    [
        ("gross_margin", "0.4"),
        ("operating_margin", "0.25"),
        ("net_margin", "0.2"),
        ("research_share", "0.15"),
        ("dupont_net_margin", "0.2"),
        ("dupont_asset_turnover", "0.5"),
        ("dupont_equity_multiplier", "2"),
        ("return_on_equity", "0.2"),
        ("return_on_assets", "0.1"),
        ("cash_conversion", "1.3"),
        ("free_cash_flow", "200000000"),
        ("free_cash_flow_margin", "0.2"),
        ("capex_share", "0.06"),
        ("days_sales_outstanding", "23"),  # 250 / 1000 x 92
        ("days_inventory", "23"),  # 150 / 600 x 92
        ("days_payables", "18.4"),  # 120 / 600 x 92
        ("cash_conversion_cycle", "27.6"),
        ("interest_coverage", "12.5"),  # 250 / 20, printed as (20)
    ],
)
def test_a_ratio_over_the_quarter_is_as_by_hand(metric, by_hand):
    assert value(figures(quarter()), metric, Q3) == Decimal(by_hand)


@pytest.mark.parametrize(
    ("metric", "by_hand"),
    [
        ("current_ratio", "2"),
        ("quick_ratio", "1.625"),  # (800 - 150) / 400
        ("cash_ratio", "1"),  # (300 + 100) / 400
        ("total_debt", "500000000"),
        ("debt_to_equity", "0.5"),
        ("net_debt", "100000000"),
        ("liabilities_to_assets", "0.5"),
    ],
)
def test_a_ratio_of_the_balance_sheet_is_as_by_hand(metric, by_hand):
    assert value(figures(quarter()), metric, NOW) == Decimal(by_hand)


def test_a_formula_names_what_was_printed_and_turns_a_payment_in_parentheses():
    cash = find(figures(quarter()), "free_cash_flow", Q3)
    assert cash.formula == (
        "NetCashProvidedByUsedInOperatingActivities - (-PaymentsToAcquirePropertyPlantAndEquipment)"
    )
    plain = [*CASH[:2], (*CASH[2][:2], ["60", "50"])]
    made = report(statement("cash", plain, [Q3, LAST_Q3]))
    cash = find(figures(made), "free_cash_flow", Q3)
    assert cash.formula.endswith(" - PaymentsToAcquirePropertyPlantAndEquipment")
    assert cash.value == 200_000_000


def test_dupont_says_over_how_many_days_and_that_it_is_not_annualised():
    assert find(figures(quarter()), "return_on_equity", Q3).note == (
        "over 92 days, not annualised, on the balance at their end"
    )


def test_a_loss_gives_no_cash_conversion_and_negative_equity_no_return():
    made = quarter()
    found = figures(made)
    assert not any(f.metric == "cash_conversion" and f.period == LAST_Q3 for f in found)
    below = with_fact(made, "Shareholders' equity", value=Decimal(-5_000_000))
    assert not {"return_on_equity", "debt_to_equity"} & metrics(figures(below))
    assert "return_on_assets" in metrics(figures(below))


def test_a_quarters_income_is_never_divided_by_a_years_revenue():
    year = [(label, metric, cells[:1]) for label, metric, cells in INCOME if metric == "Revenues"]
    rest = [(label, metric, cells[:1]) for label, metric, cells in INCOME if metric != "Revenues"]
    made = report(
        statement("income", year, [Y2023], table=1), statement("income", rest, [Q3], table=2)
    )
    assert not {"gross_margin", "net_margin", "operating_margin"} & metrics(figures(made))


def test_gross_profit_that_is_not_printed_is_made_and_said_to_be():
    rows = [row for row in INCOME if row[1] != "GrossProfit"]
    found = figures(only(rows, [Q3, LAST_Q3], "a.pdf"))
    gross = find(found, "GrossProfit", Q3)
    assert (gross.value, gross.currency) == (400_000_000, "USD")
    assert gross.note == "not printed; revenue less cost of revenue"
    assert find(found, "gross_margin", Q3).inputs[0].id == gross.id
    assert "GrossProfit" not in metrics(figures(only(INCOME, [Q3, LAST_Q3], "a.pdf")))


@pytest.mark.parametrize("metric", ["", "NotesPayable"])
def test_a_borrowing_besides_those_that_are_added_up_makes_total_debt_unknown(metric):
    more: Row = ("Notes payable", metric, ["30", "30"])
    made = report(statement("balance", [*BALANCE, more], [NOW, YEAR_END]))
    assert not {"total_debt", "net_debt", "debt_to_equity"} & metrics(figures(made))


def test_what_is_lent_is_no_borrowing():
    lent: Row = ("Notes receivable", "", ["30", "30"])
    made = report(statement("balance", [*BALANCE, lent], [NOW, YEAR_END]))
    assert "total_debt" in metrics(figures(made))


def test_the_owners_of_the_parent_are_not_given_the_income_of_all():
    income = [("Revenue", "Revenues", ["100"]), ("Net income", "NetIncomeLoss", ["20"])]
    balance = [("Assets", "Assets", ["200"]), ("Equity", "StockholdersEquity", ["50"]),
               ("Minorities", "MinorityInterest", ["30"])]  # fmt: skip
    made = report(
        statement("income", income, [Q3], table=1), statement("balance", balance, [NOW], table=2)
    )
    assert "return_on_equity" not in metrics(figures(made))
    total = [*balance, ("Total equity",
                        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
                        ["80"])]  # fmt: skip
    made = report(
        statement("income", income, [Q3], table=1), statement("balance", total, [NOW], table=2)
    )
    assert value(figures(made), "return_on_equity", Q3) == Decimal("0.25")


@pytest.mark.parametrize(
    ("tax", "net", "rate"),
    [
        ("20", "80", "0.2"),
        ("(20)", "80", "0.2"),  # "benefit (provision) for income taxes"
        ("(20)", "120", "-0.2"),
        ("20", "120", "-0.2"),  # the same words, and a benefit
        ("(20)", "83", "0.2"),  # three of an investee besides
        ("20", "100", None),  # leads to neither
    ],
)
def test_the_sign_of_the_tax_is_told_by_the_net_income(tax, net, rate):
    rows = [
        ("Before tax", BEFORE_TAX, ["100"]),
        ("Tax", TAX, [tax]),
        ("Net", "NetIncomeLoss", [net]),
    ]
    found = [
        f.value for f in figures(only(rows, [Q3], "a.pdf")) if f.metric == "effective_tax_rate"
    ]
    assert found == ([] if rate is None else [Decimal(rate)])


amounts = st.integers(1, 10**7)


@given(amounts, st.integers(-(10**7), 10**7), amounts, amounts)
def test_duponts_product_is_the_return_on_equity(revenue, income, assets, equity):
    flows = [("R", "Revenues", [str(revenue)]),
             ("N", "NetIncomeLoss", [f"({-income})" if income < 0 else str(income)])]  # fmt: skip
    stocks = [("A", "Assets", [str(assets)]), ("E", "StockholdersEquity", [str(equity)])]
    made = report(
        statement("income", flows, [Q3], table=1), statement("balance", stocks, [NOW], table=2)
    )
    got = value(figures(made), "return_on_equity", Q3)
    assert abs(got - Decimal(income) / equity) <= abs(got) * Decimal("1e-25")
