"""bench/ledger.py judges as it says it does, and its gold figures are whole."""

import importlib
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def ledger():
    sys.path.insert(0, str(BENCH))
    try:
        yield importlib.import_module("ledger")
    finally:
        sys.path.remove(str(BENCH))


def fact(label, value, x, y, **more):
    return {
        "label": label, "value": value, "scale": "1000000", "status": "ok", "unit": "currency",
        "period_start": "2022-03-27", "period_end": "2022-06-25", "document": "in/a.pdf",
        "locator": f"4:{x - 30:.2f},{y:.2f},{x:.2f},{y + 9:.2f}", **more,
    }  # fmt: skip


PAGE = [  # two columns, two rows called Products
    fact("Products", "63355000000", 300, 100),
    fact("Products", "63948000000", 380, 100),
    fact("Products", "41485000000", 300, 160),
    fact("Products", "40899000000", 380, 160),
    fact("Other, net", "-10000000", 380, 190),
]


def gold(label="Products", nth=2, column=2, value="40899000000", **more):
    return {
        "document": "a.pdf", "page": "4", "statement": "income", "label": label, "nth": str(nth),
        "column": str(column), "columns": "2", "months": "3", "period_end": "2022-06-25",
        "value": value, "unit": "currency", "scale": "1000000", "verbatim": "40,899", **more,
    }  # fmt: skip


def verdict(ledger, facts, one):
    (counts,) = ledger.measure(facts, [one])["counts"].values()
    return next(name for name, count in counts.items() if count)


def test_a_figure_is_taken_by_its_row_and_column(ledger):
    assert verdict(ledger, PAGE, gold()) == "right"
    assert verdict(ledger, PAGE, gold(nth=1, column=1, value="63355000000")) == "right"
    assert verdict(ledger, PAGE, gold(nth=1)) == "wrong"


def test_a_column_without_a_figure_is_unknown_and_not_its_neighbours(ledger):
    one = gold("Other, net", 1, 2, "-10000000")
    assert verdict(ledger, PAGE, one) == "right"
    assert verdict(ledger, PAGE, one | {"column": "1"}) == "unknown"


def test_a_row_that_is_missing_is_unknown(ledger):
    assert verdict(ledger, PAGE, gold("Services", 1)) == "unknown"
    assert verdict(ledger, PAGE, gold(nth=3)) == "unknown"
    assert verdict(ledger, PAGE, gold(page="5")) == "unknown"


@pytest.mark.parametrize(
    "change",
    [
        {"value": "40899000001"},
        {"value": "-40899000000"},
        {"scale": "1000"},
        {"period_end": "2021-06-26"},
        {"period_start": ""},
        {"period_start": "2021-09-26"},
    ],
)
def test_what_differs_in_one_thing_is_wrong(ledger, change):
    facts = [one | change if one["value"] == "40899000000" else one for one in PAGE]
    assert verdict(ledger, facts, gold()) == "wrong"


@pytest.mark.parametrize(
    "change", [{"value": ""}, {"scale": "unknown"}, {"status": "unknown"}, {"period_end": ""}]
)
def test_what_says_that_it_is_unknown_is_not_wrong(ledger, change):
    facts = [one | change if one["value"] == "40899000000" else one for one in PAGE]
    assert verdict(ledger, facts, gold()) == "unknown"


def test_thirteen_weeks_are_three_months_and_a_day_is_none(ledger):
    assert ledger.months("2022-03-27", "2022-06-25") == 3
    assert ledger.months("2022-09-25", "2022-12-31") == 3
    assert ledger.months("2022-09-25", "2023-07-01") == 9
    assert ledger.months("", "2022-06-25") == 0


def test_the_gold_figures_are_of_all_filings_and_statements_each_once(ledger):
    rows = ledger.table_of(ledger.GOLD)
    assert len(rows) >= 400
    assert len({row["document"] for row in rows}) == 20
    for document in {row["document"] for row in rows}:
        kinds = {row["statement"] for row in rows if row["document"] == document}
        assert kinds == {"income", "balance", "cash"}
    keys = ("document", "page", "label", "nth", "column")
    assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows)
