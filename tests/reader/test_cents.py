"""Figures with cents in tables of thousands: prices of one, and what no scale is said of."""

import pytest

from tenth.reader.cents import has_cents, is_price, large_are_whole
from tests.reader.test_tables import by_label, table
from tests.reader.test_whole import facts

AWARDS = [
    ["", "Number of RSUs", "Weighted-Average Grant-Date Fair Value Per RSU"],
    ["Balance as of March 31, 2022", "240,427", "$75.16"],
    ["Average order value", "1,204", "62.99"],
]


def of(rows: list[list[str]], scale: str = "(in thousands)") -> dict:
    caption = "Restricted stock units and orders, years ended March 31, 2022 and 2021"
    return by_label(facts(table(rows, scale, 1, caption), whole=False))


def test_a_price_is_no_thousands_of_dollars():
    price = of(AWARDS)["Balance as of March 31, 2022"][1]
    assert (str(price.value), price.unit, price.scale) == ("75.16", "currency/share", 1)


def test_cents_among_whole_amounts_are_in_no_scale_that_is_said():
    rows = [["", "2022", "2021"], ["Orders", "1,204", "1,193"], ["Order value", "62.99", "67.14"]]
    assert [fact.value for fact in of(rows)["Order value"]] == [None, None]
    assert [fact.value for fact in of(rows)["Orders"]] == [1_204_000, 1_193_000]
    rows[1] = ["Orders", "1,204.50", "1,193.00"]
    assert [fact.value for fact in of(rows)["Order value"]] == [62_990, 67_140]


@pytest.mark.parametrize(
    ("label", "header", "figure", "told"),
    [
        ("Granted", "Weighted average exercise price", "2.46", True),
        ("Share price at the year's end ($)", "2022", "0.89", True),
        ("Weighted average grant date fair value", "2022", "$3.62", True),
        ("Granted", "Number of options", "2.46", False),
        ("Purchase price", "2022", "12.50", False),
        ("Exercise price", "2022", "1,250", False),
        ("Total grant date fair value of awards vested", "2022", "$12.45", False),
        ("Alpha plc", "Quoted Market Prices in Active Markets (Level 1)", "$62.99", False),
        ("Impact of 10% increase in share price", "2022", "62.99", False),
        ("Common stock, par value $1 per share", "2022", "962.99", False),
    ],
)
def test_a_figure_with_cents_below_or_beside_a_price_is_one(label, header, figure, told):
    assert is_price(label, header, figure) is told


def test_large_figures_are_whole_where_none_has_decimals():
    assert large_are_whole(["1,204", "62.99", "12"]) and has_cents("$ 62.99")
    assert not large_are_whole(["1,204", "1,193.50"]) and not large_are_whole(["12", "62.99"])
    assert not has_cents("1,262.99") and not has_cents("62.9")


@pytest.mark.parametrize(
    ("scale", "label", "counted"),
    [
        ("(in thousands)", "Number of RSUs", 4_100_000),  # all of the table is
        ("(in thousands)", "Number of stores", None),  # not sure
        ("(in thousands, except number of stores)", "Number of stores", None),
        ("(in thousands)", "Number of employees", 4100),
        ("(dollars in thousands)", "Number of stores", 4100),
        ("($ in millions, except per share data)", "Number of stores", None),  # not sure
        ("", "Number of stores", 4100),
        ("(dollars in millions)", "Number of stores (in thousands)", 4_100_000),
    ],
)
def test_things_that_are_counted_are_no_money(scale, label, counted):
    rows = [["", "2022", "2021"], [label, "4,100", "4,000"], ["Sales", "$1,204", "$1,193"]]
    count = of(rows, scale)[label][0]
    assert (count.unit, count.value, count.currency) == ("pure", counted, "")


@pytest.mark.parametrize(
    ("scale", "rows", "label", "value"),
    [
        ("单位：万元", [["", "2022年"], ["研发人员数量", "1,204"], ["研发投入金额", "862.99"]],
         "研发投入金额", 8_629_900),
        ("(₹ in million)", [["", "Number of shares", "Amount"], ["Paid", "25,000,000", "250.00"]],
         "Paid", 250_000_000),
        ("(in thousands)", [["", "2022"], ["Number of days", "4,100"], ["Fees", "62.99"]],
         "Fees", 62_990),
    ],
)  # fmt: skip
def test_counts_do_not_make_a_table_one_of_whole_amounts(scale, rows, label, value):
    found = by_label(facts(table(rows, scale, 1, "Year 2022 年度"), whole=False))[label]
    assert [fact.value for fact in found if fact.unit == "currency"] == [value]


def test_what_a_head_counts_on_a_line_of_its_own_is_counted():
    rows = [["", "2022"], ["", "Number of options"], ["Granted", "4,100"], ["Lapsed", "204"]]
    granted = by_label(facts(table(rows, "(in thousands)", 2, "Options"), whole=False))["Granted"]
    assert granted[0].unit == "pure" and granted[0].value == 4_100_000
