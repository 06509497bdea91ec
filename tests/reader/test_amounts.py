"""Figures in words: the scale, the sign and the digits of what was printed, never more."""

from decimal import Decimal

import msgspec
import pytest

from tenth.reader.model import Fact, Figure, Input, Period, Place
from tenth.reader.summary.amounts import of_fact, of_figure

ONE = Fact("f1", "Acme", "Revenues", "Net sales", Period("2023-07-01", "2023-09-30"), Decimal(0),
           "currency", "USD", 1, "ok", "a.pdf", "0" * 64, Place(1, (0, 0, 1, 1)), "0")  # fmt: skip


def fact(value: str, verbatim: str, scale: int | None = 1_000_000, **changes) -> Fact:
    return msgspec.structs.replace(
        ONE, value=Decimal(value), verbatim=verbatim, scale=scale, **changes
    )


@pytest.mark.parametrize(
    ("value", "verbatim", "scale", "english", "chinese"),
    [
        ("81797000000", "81,797", 10**6, "US$81.8 billion", "818.0亿美元"),
        ("-2028000000", "$(2,028)", 10**6, "−US$2.0 billion", "−20.3亿美元"),
        ("950000000", "950", 10**6, "US$950 million", "9.50亿美元"),
        ("999960000", "999,960", 10**3, "US$1.0 billion", "10.00亿美元"),
        ("5000000000", "5", 10**9, "US$5 billion", "50亿美元"),
        ("200000000", "0.2", 10**9, "US$0.2 billion", "2亿美元"),
        ("45000", "45", 10**3, "US$45 thousand", "4.5万美元"),
        ("1234567", "1,234,567", 1, "US$1.2 million", "123.5万美元"),
        ("15697", "15,697", 1, "US$15,697", "1.57万美元"),
        ("0", "—", 10**6, "—", "—"),
        ("0", "0", 10**6, "US$0", "0美元"),
        ("3500000000000", "3.5", 10**12, "US$3.5 trillion", "35,000亿美元"),
    ],
)
def test_an_amount_is_said_in_the_units_of_its_language(value, verbatim, scale, english, chinese):
    one = fact(value, verbatim, scale)
    assert of_fact(one, "en") == english
    assert of_fact(one, "zh") == chinese


def test_a_figure_never_has_more_digits_than_were_printed():
    for digits in range(1, 8):
        for scale in (1, 1_000, 10_000, 1_000_000, 100_000_000):
            verbatim = "1234567"[:digits]
            one = fact(str(int(verbatim) * scale), verbatim, scale)
            for language in ("en", "zh"):
                shown = of_fact(one, language)
                significant = "".join(c for c in shown if c.isdigit()).rstrip("0").lstrip("0")
                assert len(significant) <= digits


def test_percent_shares_and_amounts_per_share_are_said_as_such():
    assert of_fact(fact("1.26", "$1.26", 1, unit="currency/share"), "en") == "US$1.26"
    assert of_fact(fact("-0.5", "(0.50)", 1, unit="currency/share"), "zh") == "−0.50美元"
    assert of_fact(fact("0.438", "43.8%", 1, unit="pure", currency=""), "en") == "43.8%"
    assert of_fact(fact("0.44", "44％", 1, unit="pure", currency=""), "zh") == "44%"
    assert of_fact(fact("0.43812", "43.812%", 1, unit="pure", currency=""), "en") == "43.8%"
    assert of_fact(fact("0.478", "47.8", 1, unit="pure", currency=""), "en") == "47.8%"
    assert of_fact(fact("1.5", "1.5", 1, unit="pure", currency=""), "en") == "1.5"
    shares = fact("15697614000", "15,697,614", 1_000, unit="shares", currency="")
    assert of_fact(shares, "en") == "15.7 billion shares"
    assert of_fact(shares, "zh") == "157.0亿股"


def test_a_currency_without_a_sign_is_named_and_none_is_not_made_up():
    assert of_fact(fact("5000000", "5", currency="CHF"), "en") == "CHF 5 million"
    assert of_fact(fact("5000000", "5", currency="CNY"), "zh") == "500万元"
    assert of_fact(fact("5000000", "5", currency=""), "en") == "5 million"


def test_an_unknown_value_is_not_shown():
    assert of_fact(msgspec.structs.replace(ONE, value=None, scale=None), "en") == ""


def figure(metric: str, value: str, unit: str = "pure", currency: str = "") -> Figure:
    one = fact("26380000000", "26,380")
    inputs = (Input("a", one.id, one.value),)
    return Figure("g", "Acme", metric, one.period, Decimal(value), unit, currency, "a", inputs)


def test_a_derived_figure_is_said_by_its_kind():
    facts = {"f1": fact("26380000000", "26,380")}
    shown = lambda *a, **k: of_figure(figure(*a), "en", facts, **k)  # noqa: E731
    assert shown("gross_margin", "0.44516302") == "44.5%"
    assert shown("revenue_growth", "-0.0140069") == "−1.4%"
    assert shown("revenue_growth", "0.0148", signed=True) == "+1.5%"
    assert shown("current_ratio", "0.9816") == "0.98×"
    assert shown("days_inventory", "14.7") == "15 days"
    assert shown("segment_share_change[Products]", "0.0123") == "1.2 points"
    assert shown("free_cash_flow", "24287000000", "currency", "USD") == "US$24.3 billion"
    assert of_figure(figure("days_inventory", "14.7"), "zh", facts) == "15天"
