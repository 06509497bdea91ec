"""The invented company's books: every identity holds, whatever the seed."""

import pytest
from samples.company import CUSTOMERS, FIRST, LAST, books

SEEDS = [*range(40), 20241231]


@pytest.mark.parametrize("unit", [1, 100_000])
def test_the_balance_sheet_balances_and_cash_follows_the_flows(unit):
    for seed in SEEDS:
        years = books(seed, unit)
        for number in range(FIRST, LAST + 1):
            year, last = years[number], years[number - 1]
            assert year["assets"] == year["liabilities"] + year["equity"]
            assert year["opening_cash"] == last["cash"]
            flows = sum(year[key] for key in ("from_operations", "from_investing",
                                              "from_financing", "exchange"))  # fmt: skip
            assert year["cash"] - last["cash"] == flows


def test_retained_earnings_and_debt_follow_from_the_year_before():
    for seed in SEEDS:
        years = books(seed)
        for number in range(FIRST, LAST + 1):
            year, last = years[number], years[number - 1]
            paid = year["dividends"] + year["buybacks"]
            assert year["retained"] == last["retained"] + year["net"] - paid
            owed, before = (one["debt"] + one["current_debt"] for one in (year, last))
            assert owed == before + year["borrowed"] - year["repaid"]


def test_segments_add_up_to_the_company():
    for seed in SEEDS:
        for number in range(FIRST, LAST + 1):
            year = books(seed)[number]
            assert year["sales"] == year["sensors"] + year["motion"] + year["services"]
            profits = sum(year[f"profit_{key}"] for key in ("sensors", "motion", "services"))
            assert year["operating"] == profits + year["corporate"]


def test_nothing_that_a_company_must_have_is_negative():
    keys = ("cash", "debt", "receivables", "inventories", "intangibles", "equity", "net", "tax")
    for seed in SEEDS:
        for number in range(FIRST, LAST + 1):
            assert all(books(seed)[number][key] > 0 for key in keys)


def test_shares_of_customers_are_in_order_and_below_the_whole():
    for shares in CUSTOMERS.values():
        top = list(shares.values())[:5]
        assert top == sorted(top, reverse=True)
        assert min(top) > max(list(shares.values())[5:], default=0)
        assert sum(shares.values()) < 1


def test_f_and_g_lead_in_2022_and_are_gone_in_2023():
    assert list(CUSTOMERS[2022])[:2] == ["F", "G"]
    assert not {"F", "G"} & set(CUSTOMERS[2023])


def test_most_of_the_four_largest_of_2023_are_gone_in_2024():
    assert len(set(list(CUSTOMERS[2023])[:4]) - set(CUSTOMERS[2024])) == 3
