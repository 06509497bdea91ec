"""Signs that OCR confuses are told by the words around them; all else is left as it is."""

import pytest

from tenth.documents.ocr.around import mended_by_others
from tests.documents.inks import ending, words

COLUMN = ("2,500", "12", "1,250", "31,004", "980")


def mended(*lines: list) -> list[str]:
    return [word.text for word in mended_by_others([word for line in lines for word in line])]


def column(*texts: str) -> list:
    """Numbers below one another, one to a line."""
    return [w for k, text in enumerate(texts) for w in ending(300, 100 + 15 * k, text)]


def test_a_point_among_thousands_with_commas_is_a_comma():
    assert mended(column(*COLUMN, "1.242", "(4.483)")) == [*COLUMN, "1,242", "(4,483)"]
    assert mended(column(*COLUMN, "$3.118"))[-1] == "$3,118"


@pytest.mark.parametrize(
    "others",
    [
        ("2.500", "12", "1.250", "980"),  # points are how this page writes thousands
        (*COLUMN, "3.5"),  # a column of decimals
        ("2,500", "1,250"),  # too few to tell
    ],
)
def test_a_point_is_left_where_the_others_do_not_say_more(others):
    assert mended(column(*others, "1.242")) == [*others, "1.242"]


def test_three_decimals_stay():
    assert "0.125" in mended(column(*COLUMN, "0.125"))
    assert "1.242%" in mended(column(*COLUMN, "1.242%"))
    assert "1.242" in mended(column(*COLUMN), words(400, 100, "1.242 euros"))


def test_a_comma_in_a_date_is_one():
    assert mended(words(50, 100, "September 30. 2020")) == ["September", "30,", "2020"]
    assert mended(words(50, 100, "June 30."), words(60, 112, "2021")) == ["June", "30,", "2021"]


def test_a_sentence_that_ends_in_a_day_ends():
    ends = ["on", "September", "30.", "Revenue", "rose"]
    assert mended(words(50, 100, "on September 30. Revenue rose")) == ends


def test_a_sign_before_a_number_is_a_currency():
    assert mended(words(50, 100, "e"), ending(120, 100, "18")) == ["€", "18"]
    assert mended(words(50, 100, "S"), ending(120, 100, "(45)")) == ["$", "(45)"]
    dollars = column("$12", "$3,400")
    assert mended(dollars, words(50, 100, "S170")) == ["$12", "$3,400", "$170"]


def test_a_letter_that_is_no_sign_stays():
    assert mended(words(50, 100, "S170")) == ["S170"]
    dollars = column("$12", "$3,400")
    assert mended(dollars, words(50, 100, "S4HANA")) == ["$12", "$3,400", "S4HANA"]
    assert mended(words(50, 100, "e"), words(120, 100, "mail")) == ["e", "mail"]
