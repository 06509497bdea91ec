"""Balances within a statement of flows: which day each is of."""

import pytest

from tenth.reader.model import Cover, Period
from tests.reader.test_tables import by_label, facts, table

COVER = Cover("Acme Corporation", "10-K", Period("2022-01-01", "2022-12-31"), currency="USD")
BEGUN, ENDED = "2021-12-31", "2022-12-31"


def cash_of(*rows: list[str], heading: str = "Cash and cash equivalents:") -> dict[str, list]:
    made = table(
        [["", "Years Ended December 31,", ""], ["", "2022", "2021"],
         ["Net income", "$8", "$7"], ["Depreciation", "2", "2"],
         ["Net cash provided by operating activities", "$10", "$9"],
         ["Net cash used in investing activities", "(4)", "(3)"],
         ["Net cash used in financing activities", "(3)", "(3)"], ["Net change", "3", "3"],
         [heading], *rows],
        caption="CONSOLIDATED STATEMENTS OF CASH FLOWS", spans={(0, 1): 2},
    )  # fmt: skip
    return by_label(facts(made, COVER))


@pytest.mark.parametrize(("label", "day"), [
    ("Beginning of period", BEGUN), ("End of period", ENDED), ("End of the fiscal year", ENDED),
    ("Cash andcash equivalents,endofthe year", ENDED),
    ("Cash and Cash Equivalents Beginning", BEGUN), ("Cash and Cash Equivalents Ending", ENDED),
    ("Cash and Cash Equivalents-Beginning", BEGUN), ("Cash and Cash Equivalents - Ending", ENDED),
    ("Cash at the end of the previous period", BEGUN), ("Cash at end of prior fiscal year", BEGUN),
    ("Cash, start of year", BEGUN), ("Cash at year-end", ENDED), ("Cash (closing)", ENDED),
    ("Cash and cash equivalents - end of period", ENDED),
    ("Cash and cash equivalents at 1 January", BEGUN),
    ("Cash and cash equivalents at December 31", ENDED), ("As at 31 December", ENDED),
])  # fmt: skip
def test_a_balance_is_of_the_day_that_its_label_tells(label: str, day: str):
    (now, before) = cash_of([label, "7", "4"])[label]
    assert now.period == Period("", day)
    assert before.period == Period("", day.replace("2022", "x").replace("2021", "2020")
                                   .replace("x", "2021"))  # fmt: skip


@pytest.mark.parametrize("label", [
    "Costs of closing", "Shares issued upon closing of the offering", "Dividends paid at 31 March",
    "Increase since the start of production",
])  # fmt: skip
def test_a_flow_stays_one(label: str):
    (now, _) = cash_of([label, "7", "4"])[label]
    assert now.period == COVER.period


def test_cash_is_named_by_its_heading_and_day():
    held = "CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents"
    found = cash_of(["Beginning of period", "4", "1"], ["End of period", "7", "4"])
    assert found["Beginning of period"][0].metric == f"{held}AtBeginning"
    assert found["End of period"][0].metric == held


def test_cash_without_the_restricted_is_no_second_total():
    whole, part = ("Cash and restricted cash at end of the year", "Cash at end of the year")
    found = cash_of([whole, "7", "4"], ["of which"], [part, "6", "3"])
    assert found[whole][0].metric and not found[part][0].metric
