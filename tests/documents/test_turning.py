"""Print that lies on its side is read upright, and its positions are those of the page as shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenth.documents.model import Box
from tenth.documents.page.ink import Ink, Rule, Word
from tenth.documents.page.layout import read_layout
from tenth.documents.page.lines import rows_of
from tenth.documents.page.shown import as_shown, shown_box
from tenth.documents.page.turning import Lying, upright
from tests.documents.inks import check_table, statement, words

ANGLES = (0, 90, 180, 270)
WIDTH, HEIGHT = 612.0, 792.0
COORDINATE = st.integers(0, 600).map(float)


def laid(word: Word, angle: int, width: float, height: float) -> Lying:
    """A word of an upright page of this size, on the page turned clockwise by `angle`."""

    def turn(x: float, y: float) -> tuple[float, float]:
        return {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[
            angle
        ]

    ax, ay = turn(word.x0, word.y0)
    bx, by = turn(word.x1, word.y1)
    x0, y0, x1, y1 = min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
    start = turn(word.x0, word.base)
    return Lying(Word(word.text, x0, y0, x1, y1, word.size, start[1]), angle, start)


def lying_page(found: list[Word], angle: int) -> tuple[Ink, list[Lying]]:
    """The page as shown, on which all words are written at `angle`."""
    width, height = (HEIGHT, WIDTH) if angle in (90, 270) else (WIDTH, HEIGHT)
    return Ink(width, height), [laid(word, angle, WIDTH, HEIGHT) for word in found]


def box_of(item: Word | Rule) -> Box:
    return item.x0, item.y0, item.x1, item.y1


BOX = st.tuples(COORDINATE, COORDINATE, COORDINATE, COORDINATE).map(
    lambda v: (min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)


@given(st.lists(BOX, min_size=1, max_size=4), st.sampled_from(ANGLES), COORDINATE, COORDINATE)
def test_turning_there_and_back_leaves_everything_where_it_was(boxes, angle, width, height):
    found = [Lying(Word("ab", *box, 10, box[3]), angle, (box[0], box[3])) for box in boxes]
    bare = Ink(width, height, (), tuple(Rule(*box) for box in boxes), tuple(boxes), tuple(boxes))
    ink = upright(bare, found)
    if angle == 0:
        assert ink.shown is None and [box_of(w) for w in ink.words] == boxes
        return
    assert ink.shown is not None and (ink.shown.width, ink.shown.height) == (width, height)
    assert {ink.width, ink.height} == {width, height}
    for turned in (map(box_of, ink.words), map(box_of, ink.rules), ink.fills, ink.images):
        assert [shown_box(box, ink.shown) for box in turned] == boxes


@pytest.mark.parametrize("angle", ANGLES)
def test_print_in_any_direction_is_read_from_left_to_right(angle):
    found = words(72, 100, "Net income of the year") + words(72, 113, "and of the one before")
    ink = upright(*lying_page(found, angle))
    assert [row.text for row in rows_of(list(ink.words))] == [
        "Net income of the year", "and of the one before",
    ]  # fmt: skip
    for word, meant in zip(ink.words, found, strict=True):
        assert (*box_of(word), word.base) == pytest.approx((*box_of(meant), meant.base))


ROWS = [("Net sales", "1,234", "(567)"), ("Cost of sales", "89", "12"), ("Total", "1,323", "—")]


@pytest.mark.parametrize("angle", ANGLES)
def test_a_page_printed_sideways_has_its_positions_on_the_page_as_shown(angle):
    found = statement(100, ROWS, rights=(300, 400))
    bare, lying = lying_page(found, angle)
    ink = upright(bare, lying)
    draft = as_shown(read_layout(ink, 1), ink)
    assert (draft.page.width, draft.page.height) == (bare.width, bare.height)
    (table,) = draft.tables
    check_table(table)
    assert table.grid() == [list(row) for row in ROWS]
    where = {item.word.text: box_of(item.word) for item in lying}
    for cell in table.cells:
        if " " not in cell.text:
            assert cell.box == pytest.approx(where[cell.text])


def test_a_line_up_the_margin_is_one_text_beside_the_page():
    upward = [laid(w, 270, HEIGHT, WIDTH) for w in words(100, 40, "Table of contents continued")]
    found = [laid(w, 0, WIDTH, HEIGHT) for w in statement(100, ROWS, rights=(300, 400))]
    ink = upright(Ink(WIDTH, HEIGHT), found + upward)
    assert ink.shown is None
    assert [w.text for w in ink.apart] == ["Table of contents continued"]
    draft = read_layout(ink, 1)
    assert draft.tables[0].grid() == [list(row) for row in ROWS]
    assert "Table of contents continued" in [block.text for block in draft.page.blocks]


def test_a_watermark_across_the_labels_takes_none_of_them_along():
    stamp = [laid(Word("For personal use only", 500, 40, 700, 80, 44, 76), 270, HEIGHT, WIDTH)]
    found = [laid(w, 0, WIDTH, HEIGHT) for w in statement(100, ROWS, rights=(300, 400))]
    crossed = [item.word for item in found if item.word.x0 < 80]
    assert len(crossed) > 2 and stamp[0].word.y0 < 120 < stamp[0].word.y1
    draft = read_layout(upright(Ink(WIDTH, HEIGHT), found + stamp), 1)
    assert draft.tables[0].grid() == [list(row) for row in ROWS]
    assert draft.page.blocks[-1].text == "For personal use only"


def test_a_page_without_words_stays_as_it_is():
    bare = Ink(WIDTH, HEIGHT, rules=(Rule(0, 0, 100, 0),))
    assert upright(bare, []) == bare
