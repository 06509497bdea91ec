"""Counts of shares and amounts per share: told apart, and each in its own scale."""

from decimal import Decimal

import pytest

from tenth.reader.model import Cover, Fact, Period
from tenth.reader.share_scales import with_sure_counts
from tenth.reader.tables import Origin, statements_of_table
from tests.reader.test_tables import by_label, facts, table

COVER = Cover("Acme Corporation", "10-K", Period("2022-01-01", "2022-12-31"), currency="USD")
HEAD = [["", "Years Ended December 31,", ""], ["", "2022", "2021"]]
RESULT = [
    ["Revenue", "$9,000", "$8,000"],
    ["Income before income taxes", "7,000", "5,000"],
    ["Net income", "$6,000", "$4,000"],
]
COUNT = "WeightedAverageNumberOfSharesOutstandingBasic"


def income(*rows: list[str], scale: str = "(in thousands)", head=HEAD) -> dict[str, list[Fact]]:
    made = table([*head, *RESULT, *rows], scale, caption="CONSOLIDATED STATEMENTS OF INCOME",
                 spans={(0, 1): 2})  # fmt: skip
    return by_label(with_sure_counts(facts(made, COVER)))


def test_shares_used_in_computing_an_amount_per_share_are_no_amount_per_share():
    label = "Basic earnings per share"
    used = "Weighted average number of shares (in thousands) used in computing:"
    found = income([label, "$3.00", "$2.00"], [used], [label, "2,000", "2,000"])[label]
    assert [one.unit for one in found] == ["currency/share"] * 2 + ["shares"] * 2
    assert [one.value for one in found[1:3]] == [Decimal("2.00"), 2_000_000]
    assert found[2].metric == COUNT


def test_an_amount_per_share_below_such_a_heading_is_one():
    used = "Weighted average number of shares used in computing:"
    found = income(
        [used], ["Basic", "2,000", "2,000"], ["Basic earnings per share", "3.00", "2.00"]
    )
    assert found["Basic earnings per share"][0].unit == "currency/share"


def test_common_stock_outstanding_on_average_counts_shares():
    label = "Weighted average common stock outstanding, basic and diluted"
    found = income([label, "2,000,000", "2,000,000"],
                   scale="(Amounts in thousands, except share and per share data)")  # fmt: skip
    assert (found[label][0].value, found[label][0].unit) == (2_000_000, "shares")
    assert found[label][0].metric == "WeightedAverageNumberOfShareOutstandingBasicAndDiluted"


def test_counts_end_at_the_first_row_of_money():
    found = income(["Weighted average shares outstanding:"], ["Basic", "2,000,000", "2,000,000"],
                   ["Net income", "$6,000", "$4,000"], ["Gain on pensions", "311", "211"],
                   scale="(in thousands, except share data)")  # fmt: skip
    assert (found["Gain on pensions"][0].value, found["Gain on pensions"][0].section) == (
        311_000,
        (),
    )
    assert found["Basic"][0].value == 2_000_000


LABEL = "Weighted average shares outstanding - basic"


@pytest.mark.parametrize(("scale", "printed", "each", "value"), [
    ("(in thousands)", "2,000,000", "$3.00", 2_000_000),  # the caption is of money alone
    ("(in thousands)", "2,000", "$3.00", 2_000_000),
    ("(in thousands, except share data)", "2,000", "$3.00", 2_000_000),
    ("(in thousands, except share data)", "2,000,000", "$3.00", 2_000_000),
    ("(in thousands)", "9,000,000", "$3.00", None),  # agrees with neither
    ("(in thousands)", "2,000,000", "", 2_000_000_000),  # nothing tells
    ("(in thousands)", "80,000", "$3.00", 80_000_000),  # 40 to a depositary share
])  # fmt: skip
def test_profit_per_share_tells_the_scale_of_shares(scale, printed, each, value):
    found = income(["Basic earnings per share", each, each], [LABEL, printed, printed],
                   scale=scale)[LABEL][0]  # fmt: skip
    assert found.value == value
    assert found.status == ("unknown" if value is None else "ok")


def test_what_contradicts_in_one_column_alone_is_unknown():
    found = income(["Basic earnings per share", "$3.00", "$2.00"], [LABEL, "2,000,000", "2,000"])
    assert [one.value for one in found[LABEL]] == [None, 2_000_000]


@pytest.mark.parametrize("rows", [
    [["Basic earnings per share (pence)", "21.3", "25.4"]],
    [["Earnings per share (cents)"], ["Basic", "21.3", "25.4"]],
    [["Earnings per share", "Pence", "Pence"], ["Basic", "21.3", "25.4"]],
    [["Earnings per share", "¢", "¢"], ["Basic", "21.3", "25.4"]],
])  # fmt: skip
def test_amounts_below_cents_or_pence_have_no_scale_that_is_known(rows):
    found = income(*rows)[rows[-1][0]][0]
    assert (found.value, found.unit, found.status) == (None, "currency/share", "unknown")


def equity(caption: str, *rows: list[str]) -> list[Fact]:
    """Those of a statement of equity, behind an income statement of 2,000,000 shares."""
    made = table(
        [["", "Common Stock", "", "Treasury Stock", "", "", ""],
         ["", "Shares", "Amount", "Shares", "Amount", "Retained Earnings", "Total"], *rows],
        caption, caption="CONSOLIDATED STATEMENTS OF STOCKHOLDERS' EQUITY",
        spans={(0, 1): 2, (0, 3): 2},
    )  # fmt: skip
    result = table([*HEAD, *RESULT, ["Basic earnings per share", "$3.00", "$2.00"]],
                   "(in thousands)", caption="CONSOLIDATED STATEMENTS OF INCOME",
                   spans={(0, 1): 2})  # fmt: skip
    origin = Origin("acme.pdf", "01", COVER, 2)
    own = [fact for _, own in statements_of_table(made, origin) for fact in own]
    found = with_sure_counts([*facts(result, COVER), *own])
    return [one for one in found if one.statement == "equity"]


@pytest.mark.parametrize(("scale", "printed", "counts"), [
    ("(in thousands, except share amounts)", ("2,000,000", "(31,000)"), (2_000_000, -31_000)),
    ("(in thousands)", ("2,000", "(31)"), (2_000_000, -31_000)),
    ("(in thousands)", ("2,000,000", "(31,000)"), (2_000_000, -31_000)),  # the caption is of money
    ("(Dollars in thousands)", ("2,000", "(31)"), (2_000_000, -31_000)),
    ("(in thousands)", ("40,000,000", "(31)"), (None, None)),
])  # fmt: skip
def test_columns_of_shares_in_a_statement_of_equity_count_shares(scale, printed, counts):
    row = ["Balance at December 31, 2022", printed[0], "$20", printed[1], "$(3)", "$800", "$900"]
    own = equity(scale, row)
    assert [one.unit for one in own] == ["shares", "currency", "shares", *["currency"] * 3]
    assert (own[0].value, own[2].value) == counts
    assert own[1].value == 20_000


def test_what_treasury_shares_cost_is_money():
    made = table(
        [["", "Common stock", "Treasury shares", "Retained earnings", "Total"],
         ["Balance at December 31, 2022", "$20", "31,000", "$800", "$900"]],
        "(in thousands)", 1, "CONSOLIDATED STATEMENTS OF STOCKHOLDERS' EQUITY",
    )  # fmt: skip
    assert {one.unit for one in facts(made, COVER)} == {"currency"}


def test_an_average_that_no_caption_scales_is_told_by_profit_per_share():
    label = "Basic and Diluted Average Number of Common Shares Outstanding"
    found = income(["Basic and diluted income per share", "3.00", "2.00"],
                   ["Basic earnings per share", "3.00", "2.00"], [label, "2,000,000", "2,000,000"],
                   scale="(Dollars in thousands)")[label][0]  # fmt: skip
    assert (found.value, found.scale, found.status) == (2_000_000, 1, "ok")


@pytest.mark.parametrize("label", ["Basic earnings per share (c)", "Growth per cent, per share"])
def test_a_footnote_is_no_cent(label):
    assert income([label, "2.13", "2.12"])[label][0].value == Decimal("2.13")


def test_profit_used_in_computing_an_amount_per_share_is_money():
    label = "Net profit used for diluted earnings per share"
    found = income([label, "6,000", "4,000"])[label][0]
    assert (found.value, found.unit) == (6_000_000, "currency")


@pytest.mark.parametrize("label", [
    "4.625% Senior Notes due 2029", "Gain on interest rate swaps", "Floating rate notes",
    "Tax at the statutory 21%",
])  # fmt: skip
def test_a_rate_in_a_name_makes_no_percent_of_money(label):
    assert income([label, "650", "600"])[label][0].value == 650_000


@pytest.mark.parametrize("label", ["Effective tax rate", "Margin, %", "Interest rate"])
def test_a_rate_is_no_money(label):
    assert income([label, "21", "20"])[label][0].unit == "pure"
