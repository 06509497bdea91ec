"""The notes of contradictions in Chinese: every sentence and clause that the checks write."""

# ruff: noqa: E501

import ast
import re
from pathlib import Path

import pytest

import tenth.reader.checks
from tenth.reader.checks import told_in
from tenth.reader.ledger import read_ledger
from tests.reader.reading import sample

CASES = {
    "Sensors, 2022-01-01 to 2022-12-31, is 199,912 (a.xlsx, Segments!B9) and (199,912) (b.pdf, "
    "page 8): they differ by a factor of 1,000, one “(In thousands)”, the other “单位：百万”; so do "
    "6 more lines of the two; 3 of 4 documents say 199,912,000.":
    "Sensors，2022-01-01至2022-12-31：199,912 (a.xlsx, Segments!B9)与(199,912) (b.pdf，第8页)不一致："
    "两者相差1,000倍，一处写“(In thousands)”，另一处写“单位：百万”；另有6行同样如此；"
    "4份文件中有3份为199,912,000。",
    "The balance sheet does not balance: 资产总计 is 100 (a.pdf, page 3), 负债和权益总计 is 101 "
    "(a.pdf, page 4).":
    "资产负债表不平衡：资产总计为100 (a.pdf，第3页)，负债和权益总计为101 (a.pdf，第4页)。",
    "营业总成本 is printed as 300 (a.pdf, page 3), but 营业成本, less 其他 make 290; 其他 would have "
    "to be 12.":
    "营业总成本列为300 (a.pdf，第3页)，但营业成本、减其他合计290；其他应为12。",
    "营业收入: 10 (a.pdf, page 1) for 2023-01-01 to 2023-03-31 and 20 (a.pdf, page 2) for 2023-04-01 "
    "to 2023-06-30 make 30, but 40 (b.pdf, page 1) is printed for 2023-01-01 to 2023-06-30: nothing "
    "in the reports explains it.":
    "营业收入：2023-01-01至2023-03-31的10 (a.pdf，第1页)与2023-04-01至2023-06-30的20 (a.pdf，第2页)"
    "合计30，但2023-01-01至2023-06-30列为40 (b.pdf，第1页)：报告未作解释。",
    "The change of 收入 is printed as 5.0 (a.pdf, page 1), but from 100 (a.pdf, page 1) to 110 "
    "(a.pdf, page 1) it is 10.0 %.":
    "收入的变动列为5.0 (a.pdf，第1页)，但由100 (a.pdf，第1页)到110 (a.pdf，第1页)应为10.0 %。",
    "Cash on 2023-12-31 is 5 (a.pdf, page 7) in the cash flow statement (期末余额) and 6 (a.pdf, "
    "page 5) in the balance sheet.":
    "2023-12-31的现金在现金流量表（期末余额）中为5 (a.pdf，第7页)，在资产负债表中为6 (a.pdf，第5页)。",
    "每股收益 is printed as 0.61 (a.pdf, page 3), but 24,954 (a.pdf, page 3) of 净利润 over 41,500 "
    "(a.pdf, page 3) shares is 0.60 a share.":
    "每股收益列为0.61 (a.pdf，第3页)，但净利润24,954 (a.pdf，第3页)除以41,500 (a.pdf，第3页)股为每股0.60。",
}  # fmt: skip


@pytest.mark.parametrize("note", CASES)
def test_a_sentence_is_told_in_chinese(note):
    assert told_in(note, "zh") == CASES[note]
    assert told_in(note, "en") == note


def test_the_samples_contradictions_are_told_in_chinese():
    notes = [one.note for one in read_ledger(sample()[1]).contradictions]
    assert notes and all(told_in(note, "zh").endswith("。") for note in notes)


def test_no_reason_that_the_checks_give_is_unknown_to_the_chinese():
    """Every plain text that stands beside a class of contradiction in the checks' own code."""
    folder = Path(tenth.reader.checks.__file__).parent
    kinds = {"unit", "period", "restatement", "scope", "real"}
    reasons = {
        pair.elts[1].value
        for name in ("same.py", "quarters.py")
        for pair in ast.walk(ast.parse((folder / name).read_text()))
        if isinstance(pair, ast.Tuple) and len(pair.elts) == 2
        and isinstance(pair.elts[0], ast.Constant) and pair.elts[0].value in kinds
        and isinstance(pair.elts[1], ast.Constant)
    }  # fmt: skip
    assert len(reasons) > 5
    for reason in reasons:
        note = f"收入, 2023-12-31, is 1 (a.pdf, page 1) and 2 (b.pdf, page 1): {reason}."
        told = told_in(note, "zh").partition("不一致：")[2]
        assert told and not re.search("[a-z]{2}", told), reason
