"""Printed figures: value, sign, percent, currency, own scale; what two readings fit is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.documents.numbers import is_figure
from tenth.reader.figures import (
    looks_like_year,
    parse_figure,
    parse_number,
    triangles_mean_minus,
)

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$ (2,028)", "-2028"),
        ("(1,234 )", "-1234"),
        ("1,234.5", "1234.5"),
        ("(0.66)", "-0.66"),
        ("$(0.45)", "-0.45"),
        ("($5)", "-5"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("−1,234", "-1234"),
        ("(-5)", "-5"),
        ("+7", "7"),
        (".66", "0.66"),
        ("1’234", "1234"),
        ("1,23,456.7", "123456.7"),
        ("1.234,56", "1234.56"),
        ("1.234.567,89", "1234567.89"),
        ("1.234.567", "1234567"),
        ("1\u202f234,5", "1234.5"),
        ("（1,234）", "-1234"),
        ("１，２３４．５", "1234.5"),
        ("(1,234", "-1234"),  # what closes it stands in a cell of its own
    ],
)
def test_a_figure_has_the_sign_and_value_that_it_prints(text, value):
    printed = parse_figure(text)
    assert printed is not None
    assert printed.value == D(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.3%", "0.123"),
        ("(12.3)%", "-0.123"),
        ("(12.3%)", "-0.123"),
        ("100 %", "1"),
        ("50bps", "0.005"),
        ("50 basis points", "0.005"),
        ("1.5个百分点", "0.015"),
        ("(1.5)pp", "-0.015"),
        ("-2.5％", "-0.025"),
    ],
)
def test_percent_points_and_basis_points_are_fractions(text, value):
    printed = parse_figure(text)
    assert printed is not None
    assert printed.percent
    assert printed.value == D(value)


@pytest.mark.parametrize(
    ("text", "value", "scale", "currency"),
    [
        ("US$1.2bn", "1.2", 10**9, "USD"),
        ("$12.3 million", "12.3", 10**6, "$"),
        ("人民币1.2亿元", "1.2", 10**8, "CNY"),
        ("1.2亿美元", "1.2", 10**8, "USD"),
        ("3,400万元", "3400", 10**4, "元"),
        ("3,400万", "3400", 10**4, ""),
        ("RMB 1,200 million", "1200", 10**6, "CNY"),
        ("HK$12.5", "12.5", None, "HKD"),
        ("€ 5.5m", "5.5", 10**6, "EUR"),
        ("(US$1.2) billion", "-1.2", 10**9, "USD"),
        ("¥100", "100", None, "¥"),
    ],
)
def test_a_figure_keeps_its_own_scale_and_currency_apart_from_its_value(
    text, value, scale, currency
):
    printed = parse_figure(text)
    assert printed is not None
    assert (printed.value, printed.own_scale, printed.currency) == (D(value), scale, currency)


def test_its_own_scale_counts_and_not_its_headers():
    printed = parse_figure("$7.3 billion")
    assert printed is not None
    assert str(printed.scaled(1000)) == "7300000000"
    assert str(printed.scaled(None)) == "7300000000"


def test_a_figure_without_any_scale_has_no_value_in_whole_units():
    printed = parse_figure("1,234")
    assert printed is not None
    assert printed.scaled(None) is None
    assert printed.scaled(1000) == 1_234_000


def test_percents_and_multiples_take_no_scale():
    for text, value in (("12.5%", "0.125"), ("3.2x", "3.2"), ("5 years", "5")):
        printed = parse_figure(text)
        assert printed is not None
        assert printed.scaled(10**6) == D(value)


@pytest.mark.parametrize("text", ["—", "-", "$—", "— %", "nil", "--"])
def test_a_dash_is_nothing_of_value_zero(text):
    printed = parse_figure(text)
    assert printed is not None
    assert printed.nothing
    assert printed.value == 0
    assert printed.scaled(None) == 0


@pytest.mark.parametrize("text", ["n/a", "N/A", "不适用", "NM", "n.m."])
def test_what_is_not_applicable_has_no_value(text):
    printed = parse_figure(text)
    assert printed is not None
    assert printed.nothing
    assert printed.value is None


@pytest.mark.parametrize(
    "text", ["1,234(1)", "1,234 (a)", "1,234*", "1,234†", "1,234¹", "1,234（注1）"]
)
def test_marks_of_footnotes_are_no_part_of_a_figure(text):
    printed = parse_figure(text)
    assert printed is not None
    assert printed.value == 1234


@pytest.mark.parametrize(
    "text",
    [
        "", "June", "(a)", "*", "[5]", "1,23", "1,2345", "12,34.5", "1.2-1.5", "-(5)", "—(1)",
        "1,234)", "12/31/2022", "2023-12-31", "1 234", "1.2.3", "5 m", "$1 €2", "US$5港元", "29,",
        "1,234 5", "Q3 2023", "(1)(2)(3)4", "12%%",
    ],
)  # fmt: skip
def test_what_is_none_or_may_be_read_in_two_ways_is_no_figure(text):
    assert parse_figure(text) is None


def test_only_a_bound_is_no_value():
    printed = parse_figure("<1%")
    assert printed is not None
    assert (printed.value, printed.nothing, printed.bound) == (None, False, "<")


def test_a_triangle_is_a_minus_only_where_the_caller_knows_so():
    assert parse_figure("△1,234") is None
    printed = parse_figure("▲1,234", triangles_are_minus=True)
    assert printed is not None
    assert printed.value == -1234


def test_triangles_are_a_minus_where_nothing_else_is():
    assert triangles_mean_minus(["1,234", "△56", "▲ 7"])
    assert not triangles_mean_minus(["▲5%", "▼3%"])
    assert not triangles_mean_minus(["△56", "(12)"])
    assert not triangles_mean_minus(["1,234"])


def test_measures_behind_a_figure_are_told():
    for text, measure in (
        ("3.2x", "multiple"), ("2.5倍", "multiple"), ("4.1 years", "time"), ("1,200万股", "shares"),
        ("1.23元/股", "per share"), ("1,500人", "other"),
    ):  # fmt: skip
        printed = parse_figure(text)
        assert printed is not None
        assert printed.measure == measure


def test_years_look_like_years():
    assert looks_like_year("2023")
    assert looks_like_year("FY2024")
    assert looks_like_year("2024E")
    assert not looks_like_year("12,023")
    assert not looks_like_year("3023")


def test_a_number_of_more_digits_than_are_exact_is_none():
    assert parse_number("9" * 40) is None


GROUPS = {",": ".", "'": ".", "’": ".", "": ".", "\u00a0": "."}


@st.composite
def forms(draw) -> tuple[str, Decimal, int | None]:
    """A figure as documents print it, its value, its own scale."""
    whole = draw(st.integers(0, 10**15))
    places = draw(st.integers(0, 4))
    part = draw(st.integers(0, 10**places - 1)) if places else 0
    mark = draw(st.sampled_from(sorted(GROUPS)))
    text = f"{whole:,}".replace(",", mark) if mark else str(whole)
    value = D(whole)
    if places:
        text += f".{part:0{places}d}"
        value = D(f"{whole}.{part:0{places}d}")
    kind = draw(st.sampled_from(["plain", "percent", "bps", "million", "亿元"]))
    tail = {"plain": "", "percent": "%", "bps": " bps", "million": " million", "亿元": "亿元"}[kind]
    if kind == "percent":
        value = value.scaleb(-2)
    elif kind == "bps":
        value = value.scaleb(-4)
    sign = draw(st.sampled_from(["", "$", "US$", "HK$", "€", "RMB"])) if kind != "亿元" else ""
    if kind in ("percent", "bps"):
        sign = ""
    minus = draw(st.sampled_from(["", "-", "−", "(", "sign("]))
    shown = {
        "": f"{sign}{text}{tail}", "-": f"-{sign}{text}{tail}", "−": f"{sign}−{text}{tail}",
        "(": f"({sign}{text}{tail})", "sign(": f"{sign} ({text}){tail}",
    }[minus]  # fmt: skip
    note = draw(st.sampled_from(["", "*", "(1)", " (a)"]))
    wide = draw(st.booleans())
    if wide:
        shown = shown.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789(),.%-$"})
    return shown + note, -value if minus else value, {"million": 10**6, "亿元": 10**8}.get(kind)


@given(forms())
def test_every_printed_form_comes_back_as_its_value(form):
    text, value, scale = form
    printed = parse_figure(text)
    assert printed is not None
    assert printed.value == value
    assert printed.own_scale == scale


@given(st.text(alphabet="0123456789.,()-—$%¥元亿 xX'", max_size=14))
def test_any_characters_are_a_figure_or_none_and_never_an_error(text):
    printed = parse_figure(text)
    if printed is not None and printed.value is not None:
        assert printed.value.is_finite()


@given(st.integers(-(10**12), 10**12))
def test_what_is_a_figure_here_is_one_for_the_documents_room(number):
    text = f"({-number:,})" if number < 0 else f"{number:,}"
    assert is_figure(text)
    printed = parse_figure(text)
    assert printed is not None
    assert printed.value == number
