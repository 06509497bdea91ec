"""The vocabulary holds together, and labels as houses print them mean what they should."""

import pytest

from tenth.reader.labels import plain
from tenth.reader.metrics import (
    all_metrics,
    metric,
    name_lines,
    name_metric,
    title_of,
    unit_of,
)
from tenth.reader.vocabulary import contents, entries
from tests.reader.statements_of_others import CHINESE, ENGLISH

UNITS = {"currency", "currency/share", "shares", "pure"}


def _statements(statement, entry):
    return (statement, *entry.get("also", ()))


def test_every_synonym_means_its_metric_and_no_other():
    wrong = []
    for statement, name, entry in entries():
        for kind in _statements(statement, entry):
            if kind == "segments":
                continue
            for label in entry.get("says", ()):
                found = name_metric(label, (), kind)
                if found != name:
                    wrong.append((kind, label, name, found))
    assert wrong == []


def test_no_label_stands_in_two_metrics_of_one_statement_and_section():
    seen: dict[tuple[str, str, str], str] = {}
    twice = []
    for statement, name, entry in entries():
        for kind in _statements(statement, entry):
            said = [("", label) for label in entry.get("says", ())]
            for section, labels in entry.get("under", {}).items():
                said += [(section, label) for label in labels]
            for section, label in said:
                other = seen.setdefault((kind, section, plain(label)), name)
                if other != name:
                    twice.append((kind, section, label, name, other))
    assert twice == []


def test_every_section_that_a_metric_names_is_defined():
    sections = contents()["sections"]
    for statement, name, entry in entries():
        for section in [*entry.get("under", {}), *filter(None, [entry.get("members")])]:
            assert section in sections.get(statement, {}), (name, section)


def test_every_metric_has_one_unit_and_a_title_in_both_languages():
    titles: dict[str, list[str]] = {}
    for _, name, entry in entries():
        assert entry.get("unit", "currency") in UNITS, name
        assert titles.setdefault(name, entry["title"]) == entry["title"], name
        assert len(entry["title"]) == 2 and all(entry["title"]), name
        for other in entry.get("stand_ins", ()):
            assert other in all_metrics(), (name, other)


def test_a_name_that_the_vocabulary_lacks_is_one_clear_error():
    with pytest.raises(ValueError, match="no metric 'Nonsense'"):
        metric("Nonsense")
    assert title_of("Nonsense") == "Nonsense"
    assert title_of("Revenues[Products]") == "Revenue: Products"
    assert title_of("Revenues[手机]", "zh") == "营业收入：手机"


OTHERS = [
    (kind, section, label, name)
    for table in (ENGLISH, CHINESE)
    for kind, rows in table.items()
    for section, label, name in rows
]


@pytest.mark.parametrize(("kind", "section", "label", "name"), OTHERS)
def test_lines_of_other_houses_have_their_metric_or_none(kind, section, label, name):
    assert name_metric(label, section, kind) == name


def test_the_total_of_operating_expenses_that_begins_with_the_cost_of_sales_is_of_all_costs():
    above = ("Operating expenses:",)
    lines = [("Cost of sales", above), ("Marketing", above), ("Total operating expenses", above)]
    assert name_lines(lines, "income") == ["CostOfRevenue", "MarketingExpense", "CostsAndExpenses"]
    lines[0] = ("Cost of sales", ())
    assert name_lines(lines, "income")[2] == "OperatingExpenses"


def test_a_total_of_equity_below_the_noncontrolling_interests_includes_them():
    lines = [
        ("Total Acme stockholders' equity", ()),
        ("Non-controlling interests", ()),
        ("Total stockholders' equity", ()),
    ]
    assert name_lines(lines, "balance") == [
        "StockholdersEquityAttributableToParent",
        "MinorityInterest",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
    ]


def test_in_running_text_a_label_means_what_all_statements_agree_on():
    assert name_metric("net income", (), "text") == "NetIncomeLoss"
    assert name_metric("free cash flow", (), "text") == "FreeCashFlow"
    # an expense, or what the cash flow statement adds back
    assert name_metric("restructuring and other charges", (), "text") == ""


@pytest.mark.parametrize(
    ("label", "section", "kind", "verbatim", "unit"),
    [
        ("Basic", ["Earnings per share:"], "income", "$1.20", "currency/share"),
        ("Basic", ["Shares used in computing earnings per share:"], "income", "16,262", "shares"),
        ("Weighted average shares used in per share computation", [], "other", "2,483", "shares"),
        ("Net sales", [], "income", "$394,328", "currency"),
        ("Gross margin", [], "other", "43.3%", "pure"),
        ("Effective tax rate", [], "other", "15.7", "pure"),
        ("毛利率（%）", [], "other", "35.2", "pure"),
        ("占营业收入比重", [], "other", "35.2", "pure"),
        ("基本每股收益（元/股）", [], "income", "1.25", "currency/share"),
        ("总股本（股）", [], "balance", "1,200,000,000", "shares"),
        ("Common stock ($0.01 par value; 500 shares issued)", [], "balance", "$5", "currency"),
        ("Weighted-average remaining lease term", [], "other", "11.0 years", "pure"),
        ("Average price paid per share", [], "other", "$150.20", "currency/share"),
        ("Repurchases of common stock", [], "cash", "(2,028)", "currency"),
    ],
)
def test_a_figures_unit_comes_from_its_print_its_metric_its_label(
    label, section, kind, verbatim, unit
):
    assert unit_of(label, section, kind, verbatim) == unit


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Net Income, Excluding Impact of Debt Prepayment Fees", ""),
        ("Net loss excluding special items", ""),
        ("Net income, excluding noncontrolling interests", "NetIncomeLoss"),
        ("Cost of revenue, excluding depreciation", "CostOfRevenue"),
    ],
)
def test_income_without_some_of_it_is_another_measure(label, name):
    assert name_metric(label, (), "income") == name


def test_income_above_an_operating_profit_is_none():
    lines = [("Operating income", ()), ("Staff costs", ()), ("Operating profit", ())]
    assert name_lines(lines, "income")[::2] == ["", "OperatingIncomeLoss"]
    assert name_lines(lines[:2], "income")[0] == "OperatingIncomeLoss"
