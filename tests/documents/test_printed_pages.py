"""A page of a file may be two printed pages: what stands on one is no part of the other's rows."""

from tenth.documents.page.ink import Ink, Word
from tenth.documents.page.layout import read_layout
from tenth.documents.page.printed_pages import printed_pages
from tests.documents.inks import ending, said, statement, words

WIDTH, HEIGHT = 1190.0, 842.0
INCOME = [("", "2024", "2023"), ("Revenue", "1,234", "567"), ("Cost of sales", "(89)", "(12)"),
          ("Profit", "1,145", "555")]  # fmt: skip
OTHER = [("", "2024", "2023"), ("Profit", "1,145", "555"), ("Translation", "7", "(8)"),
         ("Total", "1,152", "547")]  # fmt: skip


def sides(left: str = "36", right: str = "37") -> list[Word]:
    """Two statements side by side whose rows are not level, each above its page's number."""
    found = statement(200, INCOME, label=72, rights=(400.0, 480.0))
    found += statement(207, OTHER, label=680, rights=(1000.0, 1090.0))
    return found + words(40, 820, left) + ending(1150, 820, right)


def of(found: list[Word], width: float = WIDTH) -> Ink:
    return Ink(width, HEIGHT, tuple(found))


def test_the_statements_of_two_printed_pages_are_two_tables():
    draft = read_layout(of(sides()), 1)
    assert [table.grid() for table in draft.tables] == [
        [list(row) for row in INCOME], [list(row) for row in OTHER],
    ]  # fmt: skip
    assert said(draft) == ["36", "37"]


def test_numbers_that_do_not_follow_each_other_are_no_two_pages():
    for left, right in (("36", "36"), ("37", "36"), ("36", "2024"), ("", "37"), ("n", "o")):
        found = [word for word in sides(left, right) if word.text]
        assert printed_pages(found, WIDTH, HEIGHT) == [found]


def test_a_title_across_the_fold_or_an_upright_page_is_one():
    across = [*sides(), *words(560, 100, "Statements of the group")]
    assert printed_pages(across, WIDTH, HEIGHT) == [across]
    assert printed_pages(sides(), WIDTH, WIDTH) == [sides()]


def test_numbers_at_the_upper_edge_count_too_but_not_one_above_and_one_below():
    found = [word for word in sides() if word.text not in ("36", "37")]
    above = found + words(40, 40, "36 Annual report") + ending(1150, 40, "Accounts 37")
    assert len(printed_pages(above, WIDTH, HEIGHT)) == 2
    mixed = found + words(40, 40, "36") + ending(1150, 820, "37")
    assert len(printed_pages(mixed, WIDTH, HEIGHT)) == 1


def test_every_word_is_on_one_of_the_pages():
    found = sides()
    left, right = printed_pages(found, WIDTH, HEIGHT)
    assert len(left) + len(right) == len(found)
    assert {word.text for word in (*left, *right)} == {word.text for word in found}
