"""Written derivations come to what a person means by them."""

import json
import lzma
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tenth.reader.analysis.derivations import evaluate_derivation, percent_points

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared/data/evals/tatqa_dataset_dev.json.xz"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(1,452.4 - 1,146.2) / 1,146.2", "0.2671436049555051474437270982"),
        ("[(7.3+6.8)/2] - [(3+2)/2]", "4.55"),
        ("44.1% ", "0.441"),
        ("$1,496.5", "1496.5"),
        ("($166.3-$513.3)/$513.3", "-0.6760179232417689460354568478"),
        ("-114 - (71)", "-43"),
        ("3 + (13) + 26", "16"),
        ("7.6-(-2.3)", "9.9"),
        ("(25)%", "-0.25"),
        ("1,100/11%", "10000"),
        ("60.3 million + 32,137 thousand", "92437000"),
        ("12.5亿元 - 3万元", "1249970000"),
        ("（１，２００－800）÷800", "0.5"),
        ("3 x (4 + 1)", "15"),
        ("US$5.00 + RMB 2", "7"),
        ("avg(1,200, 300)", "750"),
    ],
)
def test_a_derivation_comes_to_its_value(text, value):
    assert evaluate_derivation(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("(680-774)/774 * 1", "-12.14470284237726098191214470"),
        ("126 / 60 - 1", "110"),
        ("4.00 - 1.90", "2.1"),
        ("(3.7 + 3.7 + 1.6) / 3", "3"),
        ("(2.5+2.4+3.2)/(2019-2017+1)", "2.7"),
        ("(1.7%+1.5%)/2", "1.6"),
        ("34% + 11%", "45"),
        ("2,664/1,000", "266.4"),
        ("-9.9 - 0", "-9.9"),
    ],
)
def test_percent_points_are_a_ratio_times_a_hundred_or_percents_as_they_are(text, points):
    assert percent_points(text) == Decimal(points)


@pytest.mark.parametrize("text", ["1,496.5>1,202.9", "locate row 5", "", "5 = 5", "4.0.1", "1/0"])
def test_what_is_no_arithmetic_is_refused(text):
    with pytest.raises(ValueError):
        evaluate_derivation(text)


@pytest.mark.skipif(not DATA.is_file(), reason="TAT-QA is not here")
def test_tat_qa_comes_to_the_answers_that_are_given():
    sys.path.insert(0, str(ROOT))
    from bench.tatqa_derivations import arithmetic, miss

    questions = arithmetic(DATA)
    misses = [found for question in questions if (found := miss(question))]
    assert len(questions) == 718
    assert len(misses) / len(questions) <= 0.005
    with lzma.open(DATA) as file:  # the two that differ are ratios where percent is said
        assert len(json.load(file)) == 278
    assert {found["derivation"] for found in misses} <= {"$3,313/$39,784", "-25.0 / -33.6 - 1"}
