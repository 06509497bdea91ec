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
        ("(in thousands)", "Number of stores", 4_100_000),  # all of the table is
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
