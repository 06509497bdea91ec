"""Parts of a company get the metric of their table with the part's name in brackets."""

import pytest

from tenth.reader.metrics import name_metric
from tenth.reader.segments import is_subject

CASES = [
    ("Net sales", ["Americas:"], "Revenues[Americas]"),
    ("Operating income", ["Greater China"], "OperatingIncomeLoss[Greater China]"),
    ("Americas", ["Net sales by reportable segment:"], "Revenues[Americas]"),
    ("iPhone (1)", ["Net sales disaggregated by significant products"], "Revenues[iPhone]"),
    ("Windows", ["Revenue, classified by significant product offerings"], "Revenues[Windows]"),
    ("Gaming", ["The following table summarizes our revenue by market"], "Revenues[Gaming]"),
    ("Total net sales", ["Net sales by category:"], "Revenues"),
    ("Total", ["Operating Income"], "OperatingIncomeLoss"),
    ("Consolidated", ["Net Sales:"], "Revenues"),
    ("Net sales", ["Consolidated"], "Revenues"),
    ("Revenue", ["Three Months Ended October 30, 2022", "Graphics"], "Revenues[Graphics]"),
    ("Revenue", ["Three Months Ended October 30, 2022", "Consolidated"], "Revenues"),
    ("Desktop", ["Net revenue:", "Client Computing"], "Revenues[Client Computing / Desktop]"),
    ("", ["Net revenue:", "Client Computing"], "Revenues[Client Computing]"),
    ("Total net revenue", ["Net revenue:", "Client Computing"], "Revenues"),
    ("智能手机", ["分产品", "营业收入"], "Revenues[智能手机]"),
    ("华东", ["营业收入构成", "分地区"], "Revenues[华东]"),
    ("华东", ["营业收入分地区"], "Revenues[华东]"),
    ("营业收入合计", ["营业收入构成"], "Revenues"),
    ("云计算", ["毛利率"], "GrossMarginRatio[云计算]"),
]


@pytest.mark.parametrize(("label", "section", "name"), CASES)
def test_the_part_is_the_label_or_a_heading(label, section, name):
    assert name_metric(label, section, "segments") == name


@pytest.mark.parametrize(
    ("label", "section"),
    [
        ("Revenue", ["Three Months Ended October 30, 2022"]),  # whose, only its column says
        ("Revenue", []),
        ("Segment operating income", []),  # before what is in no segment
        ("Total operating segment revenue", ["Net revenue"]),
        ("Less: Mobileye intersegment revenue", ["Net revenue"]),
        ("Research and development expense", ["A reconciliation to consolidated income"]),
        ("Intelligent Cloud", ["Unearned revenue by segment was as follows:"]),
    ],
)
def test_what_is_not_clear_has_no_name(label, section):
    assert name_metric(label, section, "segments") == ""


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Net sales by reportable segment:", True),
        ("Revenue, classified by significant product and service offerings, was as follows:", True),
        ("某某精密仪器股份有限公司 营业收入构成", True),
        ("Segment revenue and operating income were as follows:", False),  # of two
        ("Segment information", False),
        ("", False),
    ],
)
def test_a_title_says_what_the_figures_are_or_not(title, said):
    assert is_subject(title) is said
