"""Flows between two balances that name their days are of the time between."""

import pytest

from tenth.reader.between import balance_of
from tenth.reader.grid import Row
from tenth.reader.model import Place
from tests.reader.test_tables import by_label, table
from tests.reader.test_whole import facts

EQUITY = [
    ["", "Common Stock", "Retained Earnings", "Total"],
    ["Balance at June 30, 2020", "100", "900", "1,000"],
    ["Net income", "-", "250", "250"],
    ["Balance at June 30, 2021", "100", "1,150", "1,250"],
    ["Adoption of ASU 2020-06", "-", "(50)", "(50)"],
    ["Net loss", "-", "(30)", "(30)"],
    ["Balance at June 30, 2022", "100", "1,070", "1,170"],
    ["Of which restricted", "1", "2", "3"],
]
TITLE = "Consolidated Statements of Stockholders’ Equity"


def periods(rows: list[list[str]], label: str, title: str = TITLE) -> set[tuple[str, str]]:
    found = by_label(facts(table(rows, "(in millions)", 1, title), whole=False))
    return {(fact.period.start, fact.period.end) for fact in found.get(label, ())}


def test_flows_are_of_the_time_between_the_balances():
    assert periods(EQUITY, "Net income") == {("2020-07-01", "2021-06-30")}
    assert periods(EQUITY, "Net loss") == {("2021-07-01", "2022-06-30")}
    assert periods(EQUITY, "Balance at June 30, 2021") == {("", "2021-06-30")}
    assert periods(EQUITY, "Of which restricted") <= {("", "")}


def test_both_labels_are_what_the_period_rests_on():
    found = by_label(facts(table(EQUITY, "(in millions)", 1, TITLE), whole=False))["Net loss"][-1]
    said = {one.text for one in found.said if one.what == "period"}
    assert said >= {"Balance at June 30, 2021", "Balance at June 30, 2022"}
    assert (found.status, found.value) == ("ok", -30_000_000)


def test_a_note_that_rolls_forward_is_dated_alike():
    rows = [["", "Land", "Plant"], ["At 1 January 2022", "100", "200"], ["Additions", "10", "20"],
            ["At 31 December 2022", "110", "220"]]  # fmt: skip
    note = "Property, plant and equipment"
    assert periods(rows, "Additions", note) == {("2022-01-01", "2022-12-31")}
    assert periods(rows, "At 31 December 2022", note) == {("", "2022-12-31")}


def test_a_balance_of_two_days_closes_one_year_and_opens_the_next():
    rows = [["", "Capital", "Total"], ["At 1 January 2021", "1", "1"], ["Profit", "2", "2"],
            ["At 31 December 2021 and 1 January 2022", "3", "3"], ["Loss", "(1)", "(1)"],
            ["At 31 December 2022", "2", "2"]]  # fmt: skip
    assert periods(rows, "Profit") == {("2021-01-01", "2021-12-31")}
    assert periods(rows, "Loss") == {("2022-01-01", "2022-12-31")}
    rows[3][0] = "At 1 January 2022"
    assert periods(rows, "Profit") == {("2021-01-01", "2021-12-31")}


@pytest.mark.parametrize(
    "labels",
    [
        ["Balance at 31 December 2021", "Effect of IFRS 16", "Balance at 1 January 2022"],
        ["Balance at 31 December 2022", "Profit", "Balance at 1 January 2022"],
        ["Loan due on 31 December 2021", "Profit", "Loan due on 31 December 2022"],
    ],
)  # fmt: skip
def test_elsewhere_nothing_is_between(labels):
    rows = [["", "Capital", "Total"], *([label, "1", "2"] for label in labels)]
    assert periods(rows, labels[1]) <= {("", "")}


@pytest.mark.parametrize(
    ("label", "days"),
    [
        ("Balance, January 1, 2020", ("2020-01-01", "2020-01-01")),
        ("Unvested at March 31, 2022", ("2022-03-31", "2022-03-31")),
        ("2021年12月31日余额", ("2021-12-31", "2021-12-31")),
        ("At 31 December 2021 and 1 January 2022", ("2021-12-31", "2022-01-01")),
        ("Dividend of 31 December 2021", None),
        ("Balance at the end of the year", None),
    ],
)
def test_a_balance_names_its_day_and_nothing_else(label, days):
    found = balance_of(Row(1, label, Place(), None))
    assert (days and tuple(map(str, found[1:]))) == days if found else days is None
