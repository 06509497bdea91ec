"""Words become rows and segments; lines become texts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.documents.page.ink import Word
from tenth.documents.page.lines import Row, joined, rows_of
from tests.documents.inks import advance, ending, letters, prose, words


def segments(found: list[Word]) -> list[str]:
    """The segments of words that make one row."""
    (row,) = rows_of(found)
    return [segment.text for segment in row.segments]


def test_a_wide_gap_parts_two_segments_and_a_space_does_not():
    found = words(72, 100, "Net sales of products") + ending(400, 100, "Total")
    assert segments(found) == ["Net sales of products", "Total"]


def test_a_currency_sign_far_from_its_number_stands_with_it():
    found = words(72, 100, "Cash")
    found += words(300, 100, "$") + ending(380, 100, "1,234")
    found += words(420, 100, "US$") + ending(500, 100, "(56)")
    assert segments(found) == ["Cash", "$1,234", "US$(56)"]


def test_a_parenthesis_or_percent_sign_behind_a_gap_stands_with_its_number():
    found = words(72, 100, "Loss") + ending(380, 100, "(1,234") + words(386, 100, ")")
    found += ending(480, 100, "12.5") + words(490, 100, "%")
    assert segments(found) == ["Loss", "(1,234)", "12.5%"]


def test_two_numbers_close_together_are_two_and_words_as_close_are_one():
    assert segments(ending(300, 100, "1,234") + words(306, 100, "5,678")) == ["1,234", "5,678"]
    assert segments(ending(300, 100, "gross") + words(306, 100, "margin")) == ["gross margin"]


@pytest.mark.parametrize("dates", [
    ("December 31, 2024", "December 31, 2023"), ("30 June 2024", "30 June 2023"),
])  # fmt: skip
def test_two_dates_close_together_are_two_and_a_date_in_a_sentence_is_none(dates):
    first, second = dates
    assert segments(ending(300, 100, first) + words(306, 100, second)) == [first, second]
    assert segments(ending(300, 100, first) + words(306, 100, "and")) == [f"{first} and"]


def test_a_sign_without_a_number_is_kept():
    assert segments(words(72, 100, "Price") + words(200, 100, "$") + words(300, 100, "low")) == [
        "Price", "$", "low",
    ]  # fmt: skip
    assert segments(words(72, 100, "Price") + words(300, 100, "€")) == ["Price", "€"]


def test_a_justified_line_of_prose_is_one_segment_however_wide_its_gaps():
    found, x = [], 72.0
    for word in ("the", "company", "has", "not", "yet", "paid"):
        found += words(x, 100, word)
        x += advance(word, 10) + 12
    assert segments(found) == ["the company has not yet paid"]
    assert len(rows_of([*found[:3], *words(300, 100, "1,234")])[0].segments) > 1


def test_a_footnote_mark_raised_above_its_line_stands_in_the_line():
    found = words(72, 100, "Total revenue")
    at = found[-1].x1
    found += words(at + 0.5, 96, "1", 6) + prose(72, 113, ["Cost of sales"])
    assert [row.text for row in rows_of(found)] == ["Total revenue1", "Cost of sales"]


def test_a_lowered_index_stands_in_the_line():
    found = words(72, 100, "CO")
    found += words(found[-1].x1 + 0.5, 102.5, "2", 6) + words(95, 100, "emissions")
    assert [row.text for row in rows_of(found)] == ["CO2 emissions"]


def test_small_print_below_a_line_is_a_line_of_its_own():
    found = words(72, 100, "Total revenue") + words(72, 112, "as restated", 6)
    assert [row.text for row in rows_of(found)] == ["Total revenue", "as restated"]


def test_texts_side_by_side_on_baselines_a_little_apart_are_one_row():
    found = words(72, 100, "Revenue") + ending(400, 104, "1,234")
    assert [row.text for row in rows_of(found)] == ["Revenue 1,234"]
    found = words(72, 100, "Revenue") + words(80, 104, "1,234")  # one is above the other
    assert len(rows_of(found)) == 2


def test_rows_come_from_top_to_bottom_whatever_the_order_of_the_file():
    found = prose(72, 100, ["first", "second", "third"])
    assert [row.text for row in rows_of(found[::-1])] == ["first", "second", "third"]


def test_chinese_is_written_without_spaces_and_a_gap_parts_it():
    found = (
        words(72, 100, "营业")
        + words(93, 100, "收入")
        + words(200, 100, "一、")
        + [*words(225, 100, "总额")]
    )
    assert segments(found) == ["营业收入", "一、总额"]


def test_chinese_and_latin_keep_the_space_that_is_printed():
    found = words(72, 100, "截至")
    found += words(found[-1].x1 + 3, 100, "2024") + words(found[-1].x1 + 26, 100, "年")
    assert segments(found) == ["截至 2024 年"]


def test_hebrew_and_arabic_are_read_from_the_right_and_numbers_within_them_from_the_left():
    # as on the page, from left to right: the line's end comes first
    assert segments(words(72, 100, "2024 12.5 بنسبة الإيرادات")) == ["الإيرادات بنسبة 2024 12.5"]
    assert segments(words(72, 100, "עולם שלום")) == ["שלום עולם"]
    assert segments(words(72, 100, "The word שלום means peace")) == ["The word שלום means peace"]


def test_a_word_cut_at_a_lines_end_is_whole_again():
    assert joined(["the manage-", "ment of"]) == "the management of"
    assert joined(["a long-", "term debt"]) == "a long-term debt"


def test_a_hyphen_that_is_part_of_a_word_stays_at_a_lines_end():
    assert joined(["the Non-", "GAAP figures"]) == "the Non-GAAP figures"
    assert joined(["in 2023-", "2024 we"]) == "in 2023-2024 we"
    assert joined(["on Form 10-", "K"]) == "on Form 10-K"
    assert joined(["the short-", "and long-term"]) == "the short- and long-term"
    assert joined(["sales -", "net of returns"]) == "sales - net of returns"


def test_lines_join_with_a_space_and_lines_of_chinese_without():
    assert joined(["net", "income", "", "rose"]) == "net income rose"
    assert joined(["营业", "收入"]) == "营业收入"
    assert joined(["收入为", "1,234万元"]) == "收入为 1,234万元"
    assert joined([]) == ""


LINE = st.text(st.sampled_from("ab-Z收入：1 ,\u00ad"), max_size=12)


@given(st.lists(LINE))
def test_joined_lines_lose_nothing_but_hyphens_and_keep_their_order(texts):
    def bare(text: str) -> str:
        return text.replace(" ", "").replace("-", "")

    assert bare(joined(texts)) == bare("".join(texts))


TEXT = st.sampled_from(
    ["a", "Net", "1,234", "$", ")", "%", "—", "(56", "收入", "：", "שלום", "2024"]
)


@st.composite
def scattered(draw) -> list[Word]:
    found = []
    for _ in range(draw(st.integers(1, 25))):
        size = draw(st.sampled_from([5.0, 8.0, 10.0, 18.0]))
        x, y = draw(st.floats(0, 400)), draw(st.floats(0, 60))
        found += words(x, y, draw(TEXT), size, draw(st.booleans()))
    return found


def in_rows(rows: list[Row]) -> Counter[int]:
    return Counter(id(w) for row in rows for segment in row.segments for w in segment.words)


@given(scattered())
def test_every_word_is_in_exactly_one_row(found):
    rows = rows_of(found)
    assert in_rows(rows) == Counter(map(id, found))
    assert letters([row.text for row in rows]) == letters([word.text for word in found])
    assert [row.base for row in rows] == sorted(row.base for row in rows)


@given(scattered())
def test_a_row_reaches_around_its_words(found):
    for row in rows_of(found):
        inside = [w for segment in row.segments for w in segment.words]
        assert row.box == (
            min(w.x0 for w in inside), min(w.y0 for w in inside),
            max(w.x1 for w in inside), max(w.y1 for w in inside),
        )  # fmt: skip
        assert (row.y0, row.y1) == (row.box[1], row.box[3]) and row.x1 == row.box[2]


@pytest.mark.parametrize("size", [4.0, 10.0, 40.0])
def test_what_is_near_depends_on_the_size_of_the_print(size):
    found = words(100, 300, "Net", size)
    near = found + words(found[-1].x1 + 0.3 * size, 300, "sales", size)
    far = found + words(found[-1].x1 + 1.5 * size, 300, "sales", size)
    assert segments(near) == ["Net sales"] and segments(far) == ["Net", "sales"]
