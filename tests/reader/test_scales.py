"""Scale lines: what they say of money, shares, amounts per share and percent; else unknown."""

import pytest

from tenth.reader.scales import Scales, currency_said, scale_for, scales_said

K, M, B = 10**3, 10**6, 10**9


@pytest.mark.parametrize(
    ("text", "money", "shares", "currency"),
    [
        ("(In millions, except number of shares, which are reflected in thousands, and per-share "
         "amounts)", M, K, ""),
        ("(In millions, except number of shares which are reflected in thousands and par value)",
         M, K, ""),
        ("(in millions, except per share data)", M, M, ""),
        ("(in thousands, except share and per share data)", K, 1, ""),
        ("(in millions, except shares)", M, 1, ""),
        ("(dollars and share amounts in thousands, except per share amounts)", K, K, "$"),
        ("Expressed in US $000's except share and per share amounts", K, 1, "USD"),
        ("(in thousand NT dollars)", K, None, "TWD"),
        ("USDm", M, None, "USD"),
        ("(net income in millions and shares in thousands)", M, K, ""),
        ("In thousands of U.S. dollars", K, None, "USD"),
        ("(Dollars in billions)", B, None, "$"),
        ("($ in 000s)", K, None, "$"),
        ("RMB'000", K, None, "CNY"),
        ("CHF000", K, None, "CHF"),
        ("2022 $’m", M, None, "$"),
        ("SEKm", M, None, "SEK"),
        ("NZ$000", K, None, "NZD"),
        ("US$’000", K, None, "USD"),
        ("HK$ million", M, None, "HKD"),
        ("£m", M, None, "GBP"),
        ("(in € million)", M, None, "EUR"),
        ("RM'000", K, None, "MYR"),
        ("R$ thousand", K, None, "BRL"),
        ("(in millions of Thai Baht)", M, None, "THB"),
        ("NIS in millions", M, None, "ILS"),
        ("(₹ in lakhs)", 10**5, None, "INR"),
        ("₹ crore", 10**7, None, "INR"),
        ("INR Cr", 10**7, None, "INR"),
        ("(Rs. in Lacs)", 10**5, None, "Rs"),
        ("CAD$000", K, None, "CAD"),
        ("(in thousands of Canadian dollars ($))", K, None, "CAD"),
        ("(000's omitted)", K, K, ""),
        ("(in thousands of shares)", None, K, ""),
        ("(Expressed in thousands of New Taiwan Dollars)", K, None, "TWD"),
        ("(Expressed in US dollars)", 1, None, "USD"),
        ("(In millions) (Unaudited)", M, M, ""),
        ("(Unaudited, in millions)", M, M, ""),
        ("单位：万元 币种：人民币", 10**4, None, "CNY"),
        ("单位:元", 1, None, "元"),
        ("(人民币百万元)", M, None, "CNY"),
        ("会计年度 (人民币百万)", M, None, "CNY"),
        ("(人民币 百万)", M, None, "CNY"),
        ("利润表（百万人民币）", M, None, "CNY"),
        ("金额单位：千元", K, None, "元"),
        ("单位：亿元", 10**8, None, "元"),
        ("单位：百万元, 每股数据除外", M, None, "元"),
        ("(除特别注明外，金额单位均为人民币元)", 1, None, "CNY"),
        ("單位：新台幣仟元", K, None, "TWD"),
        ("单位：万元、万股", 10**4, 10**4, "元"),
        ("单位：股", None, 1, ""),
        ("（以人民币千元列示）", K, None, "CNY"),
        ("单位：千美元", K, None, "USD"),
    ],
)  # fmt: skip
def test_a_line_says_the_scale_of_money_and_of_shares(text, money, shares, currency):
    found = scales_said(text)
    assert found is not None
    assert (found.money, found.shares, found.currency) == (money, shares, currency)
    assert found.per_share == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Revenue",
        "A million customers bought it",
        "3.2 million",
        "1.2亿元",
        "百万元",
        "2023",
        "2%",
    ],
)
def test_what_says_no_scale_says_nothing(text):
    assert scales_said(text) is None


@pytest.mark.parametrize("text", ["in millions or thousands", "人民币元 单位：万元"])
def test_two_scales_for_money_in_one_line_are_unknown_and_not_the_first(text):
    found = scales_said(text)
    assert found is not None
    assert found.money is None


@pytest.mark.parametrize("text", ["单位：%", "占比（%）", "% Change", "(in percent)"])
def test_a_header_of_percents_says_so(text):
    assert scales_said(text) == Scales(percent_only=True)


def test_a_scale_that_nobody_says_is_unknown():
    assert scale_for(None, "currency") is None
    assert scale_for(None, "shares") is None
    assert scale_for(scales_said("(Dollars in billions)"), "shares") is None


def test_each_unit_takes_its_own_scale():
    said = scales_said("(In millions, except number of shares, which are reflected in thousands)")
    assert scale_for(said, "currency") == M
    assert scale_for(said, "shares") == K
    assert scale_for(said, "currency/share") == 1
    assert scale_for(said, "pure") == 1


def test_currencies_are_named_by_words_and_signs():
    assert currency_said("presented in Renminbi") == "CNY"
    assert currency_said("以港币列示") == "HKD"
    assert currency_said("in U.S. dollars") == "USD"
    assert currency_said("in dollars and euros") == ""
    assert currency_said("人民币元") == "CNY"
    assert currency_said("in HK$ and US$") == ""
    assert currency_said("in thousands") == ""
