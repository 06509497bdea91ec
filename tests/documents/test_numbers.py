"""What counts as a figure, a year, a sign, a line that says the scale."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.documents.numbers import (
    AMOUNT,
    FIGURE,
    LONGEST,
    NOTHING,
    SAYS_IN,
    SCALE,
    is_figure,
    is_nothing,
    is_scale,
    is_sign,
    is_year,
    scale_in,
)


@pytest.mark.parametrize(
    "text",
    ["0", "1,234", "1,234.56", ".5", "-7", "−7", "(1,234)", "$ (1,234)", "($1,234)", "$1,234",
     "US$ 12.5", "€1,000", "RMB 3.2", "￥1,234.00", "12.5%", "(12.5)%", "(12.5%)", "+3.1%", "≈5",
     "2.5x", "50 bps", "1,234 (a)", "1,234*", "1,234¹", "（1,234）", "1 234 567", "1'234'567",
     "—", "–", "$ —", "n/a", "N/A", "n.m.", "不适用", "2024"],
)  # fmt: skip
def test_numbers_as_reports_print_them_are_figures(text):
    assert is_figure(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "$", "()", "(", ")", "%", "Note 5", "5 people", "Q1", "10-K", "1.2.3", "March 31,",
     "31, 2022", "2024-2025", "三月", "12.5% of sales", "A1", "----", "1/2/2024", "€000", "$'000",
     "£ 000s"],
)  # fmt: skip
def test_words_codes_and_dates_are_no_figures(text):
    assert not is_figure(text)


@pytest.mark.parametrize("text", ["—", "- ", "n/a", "$—", "nil", "无"])
def test_the_marks_of_nothing_are_told_from_numbers(text):
    assert is_nothing(text.strip()) and not is_nothing("0") and not is_nothing("1,234")


@pytest.mark.parametrize(
    "text", ["2024", "FY2024", "Q3 2024", "2024E", "2024年", "1999", "2024*", "2024 1"]
)
def test_years_are_years(text):
    assert is_year(text)


@pytest.mark.parametrize(
    "text", ["1899", "2,024", "20245", "24", "2024.5", "$2024", "in 2024", "2024 12"]
)
def test_other_numbers_are_no_years(text):
    assert not is_year(text)


def test_a_sign_is_a_sign_alone():
    assert all(map(is_sign, ("$", "€", "US$", "RMB", "￥")))
    assert not any(map(is_sign, ("$1", "%", "", "USDX", "$ ")))


@pytest.mark.parametrize(
    ("line", "scale"),
    [
        ("(In millions, except per share amounts)", "(In millions, except per share amounts)"),
        ("(in thousands of U.S. dollars)", "(in thousands of U.S. dollars)"),
        ("Balance sheets (unaudited, in $ millions)", "(unaudited, in $ millions)"),
        ("In millions of dollars", "In millions of dollars"),
        ("($ millions)", "($ millions)"),
        ("($000s)", "($000s)"),
        ("单位：万元", "单位：万元"),
        ("单位: 人民币百万元", "单位: 人民币百万元"),
        ("金额单位：千元", "金额单位：千元"),
        ("（人民币百万元）", "（人民币百万元）"),
        ("(in   \n millions)", "(in millions)"),
    ],
)
def test_the_words_that_say_the_scale_are_found(line, scale):
    assert scale_in(line) == scale
    assert is_scale(scale) == bool(scale)


@pytest.mark.parametrize(
    "line",
    ["Revenue grew by 5 million in 2024.", "We operate in many markets.", "(in years)", "",
     "Millions of people rely on it.", "(Note 5)", "(19,080,000)",
     "Customers (net of an allowance of $171 million and $146 million at these dates)"],
)  # fmt: skip
def test_sentences_that_only_mention_numbers_say_no_scale(line):
    assert scale_in(line) == "" and not is_scale(line)


def test_a_scale_within_a_long_line_is_found_but_the_line_is_more_than_that():
    line = "The following table presents net revenue by geographic region (in thousands):"
    assert scale_in(line) == "(in thousands)"
    assert not is_scale(line)


FUNCTIONS = is_figure, is_nothing, is_year, is_sign, is_scale, scale_in
PIECES = ["1", "9,", " ", "  ", "(", ")", "$", "US$", "%", "-", "—", ".", "x", "in ", "millions",
          "单位", "：", "\n", "\t", "\0", "\ud800", "²", "١", "n/a"]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_no_text_is_too_odd_for_them(text):
    for function in FUNCTIONS:
        function(text)


USUAL = "aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPrRsStTuUxXyY1,.%()$ -/"
LETTERS = st.text(st.sampled_from(USUAL), max_size=6)
SHORTCUT = st.lists(st.one_of(st.sampled_from(PIECES), LETTERS), max_size=5).map("".join)


@given(SHORTCUT)
def test_what_is_seen_at_a_glance_is_what_the_patterns_say(text):
    plain = " ".join(text.split())
    figure = bool(FIGURE.match(plain) or NOTHING.match(plain)) and not plain.endswith((",", "，"))
    assert is_figure(plain) == (figure and len(plain) <= LONGEST)
    found = SCALE.search(plain)
    if found and AMOUNT.search(found.group()) and not SAYS_IN.search(found.group()):
        found = None  # "(net of $2 million)"
    assert scale_in(plain) == (" ".join(found.group().split()) if found else "")


@given(st.sampled_from(PIECES), st.sampled_from(PIECES), st.integers(LONGEST, 500))
def test_a_figure_is_short_however_its_length_is_made(a, b, n):
    text = (a + b) * n
    if len(" ".join(text.split())) > LONGEST:
        assert not is_figure(text) and not is_figure("1" + text)


@pytest.mark.parametrize("piece", ["1", "1 ", " ", "(", "1,", "$ ", "(in ", "in a ", "(of 1 ", "—",
                                   "(in millions ", "单位 ", "1%", "x\n", "in\nin"])  # fmt: skip
def test_long_texts_take_no_time(piece):
    start = perf_counter()
    for function in FUNCTIONS:
        function(piece * 40_000)
    assert perf_counter() - start < 3


def test_a_number_with_words_far_behind_it_is_no_figure():
    assert not is_figure("1,234" + " " * 400 + "as restated")
    assert is_figure("1,234" + " " * 400 + "%")
