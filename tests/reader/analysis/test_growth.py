"""Growth against the year and the quarter before, quarters and years that nobody prints."""

from decimal import Decimal

from tenth.reader.model import Period
from tests.reader.analysis.books import Y2022, Y2023, figures, find, metrics, only, quarter, value
from tests.reader.made import LAST_Q3, NOW, Q3, report, statement

Q1, Q2 = Period("2023-01-01", "2023-03-31"), Period("2023-04-01", "2023-06-30")
Q4 = Period("2023-10-01", "2023-12-31")
SIX, NINE = Period("2023-01-01", "2023-06-30"), Period("2023-01-01", "2023-09-30")
LAST_NINE = Period("2022-01-01", "2022-09-30")
OPERATING = "NetCashProvidedByUsedInOperatingActivities"


def sales(document: str, kind="income", metric="Revenues", **cells: str):
    """Net sales for the periods that are named."""
    periods = [globals()[name] for name in cells]
    return only([("Net sales", metric, list(cells.values()))], periods, document, kind)


def test_growth_is_against_the_same_period_a_year_before():
    growth = find(figures(quarter()), "revenue_growth", Q3)
    assert growth.value == Decimal("0.25")
    assert growth.formula == "(now - before) / before"
    assert growth.note == "against 2022-07-01 to 2022-09-30"


def test_there_is_no_growth_from_a_loss_or_from_nothing():
    found = figures(quarter())
    assert not {"net_income_growth", "diluted_eps_growth"} & metrics(found)
    made = only([("Net sales", "Revenues", ["5", "—"])], [Q3, LAST_Q3], "a.pdf")
    assert "revenue_growth" not in metrics(figures(made))


def test_balances_grow_against_those_of_a_year_before_only():
    assert "assets_growth" not in metrics(figures(quarter()))  # against nine months before
    rows = [("Total assets", "Assets", ["110", "100"])]
    made = only(rows, [NOW, Period("", "2022-09-30")], "a.pdf", "balance")
    assert value(figures(made), "assets_growth", NOW) == Decimal("0.1")


def test_a_quarter_grows_on_the_quarter_before_it():
    made = sales("a.pdf", Q2="150", Q1="100")
    assert value(figures(made), "revenue_growth_on_quarter", Q2) == Decimal("0.5")


def test_the_second_quarter_is_six_months_less_the_first():
    first, second = (
        sales("q1.pdf", "cash", OPERATING, Q1="100"),
        sales("q2.pdf", "cash", OPERATING, SIX="250"),
    )
    found = figures(first, second)
    quarter = find(found, OPERATING, Q2)
    assert (quarter.value, quarter.formula) == (150_000_000, "to_date - before")
    assert quarter.note == "2023-01-01 to 2023-06-30 less 2023-01-01 to 2023-03-31, of two filings"
    assert value(found, "operating_cash_flow_growth_on_quarter", Q2) == Decimal("0.5")
    assert not figures(second)


def test_a_quarter_that_is_printed_is_not_made():
    assert "Revenues" not in metrics(figures(sales("a.pdf", Q1="100", Q2="149", SIX="250")))


def test_shares_and_amounts_per_share_are_not_subtracted():
    rows = [("Diluted, per share", "EarningsPerShareDiluted", ["1.00", "2.50"])]
    assert not figures(only(rows, [Q1, SIX], "a.pdf"))


def test_the_fourth_quarter_is_the_year_less_nine_months():
    found = figures(sales("q3.pdf", NINE="700"), sales("k.pdf", Y2023="1,000"))
    assert value(found, "Revenues", Q4) == 300_000_000


def test_trailing_twelve_months_are_last_year_plus_this_year_to_date_less_last_years():
    made = sales("k.pdf", Y2022="1,000"), sales("q.pdf", NINE="900", LAST_NINE="700")
    trailing = find(figures(*made), "Revenues", Period("2022-10-01", "2023-09-30"))
    assert trailing.value == 1_200_000_000
    assert trailing.formula == "year + to_date - to_date_before"


def test_trailing_twelve_months_are_else_four_quarters():
    made = sales("a.pdf", Q1="1", Q2="2", Q3="3", Q4="4")
    trailing = find(figures(made), "Revenues", Y2023)
    assert (trailing.value, trailing.formula) == (
        10_000_000,
        "quarter_1 + quarter_2 + quarter_3 + quarter_4",
    )


def test_three_quarters_are_no_year():
    assert not any(f.period == Y2023 for f in figures(sales("a.pdf", Q1="1", Q2="2", Q3="3")))


def test_segments_have_a_share_a_change_a_margin_and_growth():
    totals = [("Net sales", "Revenues", ["200", "100"])]
    parts = [("Products", "Revenues[Products]", ["150", "60"]),
             ("Services", "Revenues[Services]", ["50", "40"]),
             ("Eliminations", "Revenues[Eliminations]", ["(7)", "(5)"]),
             ("Products", "OperatingIncomeLoss[Products]", ["30", "(6)"])]  # fmt: skip
    made = report(statement("income", totals, [Y2023, Y2022], table=1),
                  statement("segments", parts, [Y2023, Y2022], table=2))  # fmt: skip
    found = figures(made)
    assert value(found, "segment_share[Products]", Y2023) == Decimal("0.75")
    assert value(found, "segment_share_change[Products]", Y2023) == Decimal("0.15")
    assert value(found, "segment_margin[Products]", Y2023) == Decimal("0.2")
    assert value(found, "segment_margin[Products]", Y2022) == Decimal("-0.1")
    assert value(found, "revenue_growth[Services]", Y2023) == Decimal("0.25")
    assert "segment_share[Eliminations]" not in metrics(found)
