"""What is put right in numbers, and what is left alone."""

import pytest

from tenth.documents.ocr.numerals import dash, joins, mended


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("１，２３４", "1,234"),
        ("（1,234）", "(1,234)"),
        ("(1,234）", "(1,234)"),
        ("1,O34", "1,034"),
        ("1O,5l2", "10,512"),
        ("$2,OOO,000", "$2,000,000"),
        ("12。5％", "12.5%"),
        ("1,,234", "1,234"),
        ("收入为1，234万元", "收入为1,234万元"),
        ("２０２３年", "2023年"),
        ("(人民币百万元)", "（人民币百万元）"),
    ],
)
def test_a_number_is_put_right(read, meant):
    assert mended(read) == meant


@pytest.mark.parametrize(
    "word",
    ["10-Q", "CO2", "O", "Oslo", "5l", "B2O3", "2021，2022年", "（注1）", "Q1", "I", "—", "H2O",
     "ISO9001", "1.5", "(12)", "lO"],
)  # fmt: skip
def test_words_codes_and_sound_numbers_are_left_alone(word):
    assert mended(word) == word


def test_pieces_of_one_number_are_joined_and_two_numbers_are_not():
    assert joins("1", ",234") and joins("(1,234", ")") and joins("12", "%") and joins("1,", "234")
    assert not joins("1,234", "5,678")
    assert not joins("Note", ")")
    assert not joins("2023", "2022")


def test_a_flat_stroke_is_a_dash_by_its_width():
    assert [dash(wide, 0.8, 10) for wide in (3.3, 5, 10)] == ["-", "–", "—"]
    assert dash(9, 9, 10) == "" and dash(40, 0.8, 10) == ""  # a character; a line
