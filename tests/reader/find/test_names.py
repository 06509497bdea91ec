"""What a question names: figures made of others, companies that are not there."""

import pytest

from tenth.reader.find.derived import asked_metrics
from tenth.reader.find.lexicon import made_of
from tenth.reader.find.strangers import strangers_in


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("gross margin 2023", ["gross_margin"]),
        ("How fast did sales grow in 2022?", ["revenue_growth"]),
        ("quarter on quarter revenue growth", ["revenue_growth_on_quarter"]),
        ("free cash flow margin", ["free_cash_flow_margin"]),
        ("ROE", ["return_on_equity"]),
        ("毛利率", ["gross_margin"]),
        ("净利润同比增长", ["net_income_growth"]),
        ("net sales in 2022", []),
    ],
)
def test_figures_are_known_by_what_people_call_them(question, names):
    assert asked_metrics(question) == names


def test_a_margin_is_made_of_what_statements_print():
    assert made_of(["gross_margin"]) == ["GrossProfit", "Revenues"]
    assert made_of(["quick_ratio"]) == ["AssetsCurrent", "InventoryNet", "LiabilitiesCurrent"]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Tesla revenue", ["Tesla"]),
        ("What is Tesla's revenue?", ["Tesla"]),
        ("the revenue of General Motors", ["General Motors"]),
        ("特斯拉收入", ["特斯拉 (Tesla)"]),
        ("compare Apple and Tesla", ["Tesla"]),
        ("Apple revenue", []),
        ("Headcount by region", []),
        ("Which segment sold most?", []),
        ("Revenue Trend By Region", []),
        ("EBITDA and ROE in Q3", []),
    ],
)
def test_a_name_that_no_document_has_is_a_stranger_s(question, names):
    assert strangers_in(question, lambda term: term in {"general", "appl"}) == names
