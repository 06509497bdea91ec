"""Currencies: what is printed or said of one is read as that one, and words are left alone."""

import pytest

from tenth.documents.currencies import OPEN_SIGNS, TABLE, han_name_of, sign_of
from tenth.reader.cover import currency_meant
from tenth.reader.figures import parse_figure
from tenth.reader.model import Cover
from tenth.reader.scales import currency_said


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.code)
def test_signs_codes_and_names_are_of_one_currency(one):
    for sign in (*one.signs, one.code):
        printed = parse_figure(f"{sign} 1,234")
        assert printed is not None and printed.currency == one.code, sign
        assert parse_figure(f"({sign}1,234)").value == -1234
    lower_case_words = {"TRY", "SAR"}
    for said in (*one.signs, *({one.code} - lower_case_words), *one.han):
        assert currency_said(f"(in millions of {said})") == one.code, said
        assert currency_said(f"{said}") == one.code


def test_no_sign_and_no_name_is_given_to_two_currencies():
    signs = [sign for one in TABLE for sign in (*one.signs, one.code, *one.han)]
    assert len(signs) == len(set(signs))


@pytest.mark.parametrize(
    "words",
    ["necessary", "country", "in trying years", "Form 10-K", "audited", "decade", "seeks", "bus $",
     "plus$", "a $5 fee", "amount$", "try 2", "reality", "transactions"],
)  # fmt: skip
def test_words_are_no_currency(words):
    assert currency_said(words) in ("", "$")


@pytest.mark.parametrize(
    "words", ["FORM 10", "TERM 5", "ENTRY 12", "MARS 2024", "CORSAR 7", "USDA 5"]
)
def test_the_end_of_a_word_is_no_sign(words):
    assert parse_figure(words) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("in thousands of Hong Kong dollars", "HKD"),
        ("in thousands of United States dollars", "USD"),
        ("Expressed in Canadian dollars ($)", "CAD"),
        ("Brazilian reais", "BRL"),
        ("Turkish Lira", "TRY"),
        ("Saudi Riyals", "SAR"),
        ("人民币元", "CNY"),
        ("US$ and HK$", ""),
    ],
)
def test_names_in_words(words, code):
    assert currency_said(words) == code


def test_an_open_sign_means_what_the_document_says():
    for sign, may_be in OPEN_SIGNS.items():
        for code in may_be:
            assert currency_meant(sign, Cover(currency=code)) == code
    assert currency_meant("$", Cover(currency="EUR")) == ""
    assert currency_meant("Rs", Cover(currency="USD")) == ""
    assert currency_meant("¥", Cover(language="zh")) == "CNY"


def test_summaries_write_signs_and_names():
    assert [sign_of(code) for code in ("USD", "CNY", "CHF", "INR", "XYZ")] == [
        "US$", "RMB ", "CHF ", "₹", "XYZ ",
    ]  # fmt: skip
    assert [han_name_of(code) for code in ("USD", "CNY", "CHF", "XYZ")] == [
        "美元", "元", "瑞士法郎", "XYZ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "currency"),
    [
        ("Sterling Infrastructure, Inc. and its subsidiaries", ""),
        ("Figures in sterling", "GBP"),
        ("in thousands of Belarusian rubles", ""),
        ("2022 Rm", "ZAR"),
        ("R million", "ZAR"),
        ("R'000", "ZAR"),
        ("2022 RM", "MYR"),
        ("RM million", "MYR"),
    ],
)
def test_names_that_are_like_currencies(words, currency):
    assert currency_said(words) == currency
