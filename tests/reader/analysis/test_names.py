"""Names of customers match after normalisation and are never guessed."""

import pytest

from tenth.reader.analysis.names import is_label, is_place, normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Co., Ltd.", "ACME CO LTD"),
        ("Acme, Inc.", "The Acme Company"),
        ("Foo S.A.", "FOO SA"),
        ("华为技术有限公司", "华为技术 有限公司"),
        ("华为技术股份有限公司", "华为技术"),
        ("Ａｃｍｅ", "acme"),
    ],
)
def test_the_same_company_has_one_name(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "Acme Holdings"),
        ("Acme", "Acne"),
        ("Customer A", "Customer B"),
        ("深圳华为", "华为"),
        ("Company A", "A"),
    ],
)
def test_nothing_is_guessed(one, other):
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    "name", ["Customer A", "customer 1", "Supplier No. 3", "客户一", "客户A", "第一名", "单位甲",
             "A公司", "Largest customer", "F", "Company B", "第一大客户", "Customer One"]
)  # fmt: skip
def test_a_label_is_no_name(name):
    assert is_label(name)


@pytest.mark.parametrize(
    "name", ["HP", "GE", "Apple", "AT&T Inc.", "3M Company", "中国移动", "三星集团",
             "一汽集团", "Customer Care Ltd"]
)  # fmt: skip
def test_a_name_is_no_label(name):
    assert not is_label(name)


@pytest.mark.parametrize(
    "name", ["one customer", "first customer", "one direct customer", "large CSP",
             "one data center distributor customer", "largest customer", "第一名",
             "第一大客户", "another distributor", "No. 1", "1", "某客户",
             "a large cloud service provider"]
)  # fmt: skip
def test_a_place_in_a_list_is_nobody(name):
    assert is_place(name) and is_label(name)


@pytest.mark.parametrize("name", ["Customer A", "客户一", "Customer 1", "Acme", "Company B", "GE"])
def test_a_label_or_a_name_is_somebody(name):
    assert not is_place(name)
