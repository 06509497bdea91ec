"""Columns of text are found and read one after the other; tables are not taken for them."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tenth.documents.page.ink import Word
from tenth.documents.page.zones import zones_of
from tests.documents.inks import centred, ending, prose, statement, words

LEFT = [
    "the company reports its results by", "segment and reviews them with the",
    "board each quarter before the filing", "is made, so that changes of method",
    "are seen in time and can be explained", "to the readers of these statements",
    "in the notes that follow below here", "and in the tables of the appendix.",
]  # fmt: skip
RIGHT = [
    "revenue is recognised when control of", "the goods passes to the customer, net",
    "of returns and of rebates granted, and", "is shown without taxes collected for",
    "the authorities of the several states", "in which the company sells its goods",
    "through its own and through other shops", "that carry its products under licence.",
]  # fmt: skip


def told(zones: list[list[Word]]) -> list[str]:
    return [" ".join(w.text for w in sorted(zone, key=lambda w: (w.base, w.x0))) for zone in zones]


def two_columns(base: float = 150, shift: float = 0) -> list[Word]:
    return prose(72, base, LEFT) + prose(320, base + shift, RIGHT)


def interleaved(found: list[Word]) -> list[Word]:
    """As a file may have them: line by line across the columns."""
    return sorted(found, key=lambda w: (round(w.base), w.x0))


def test_the_left_column_is_read_before_the_right_one():
    zones = told(zones_of(interleaved(two_columns())))
    assert zones == [" ".join(LEFT), " ".join(RIGHT)]


def test_columns_whose_lines_are_not_level_are_two_all_the_same():
    assert told(zones_of(interleaved(two_columns(shift=5)))) == [" ".join(LEFT), " ".join(RIGHT)]


def test_what_stands_across_above_and_below_the_columns_is_read_before_and_after_them():
    title = centred(306, 100, "Management discussion and analysis of the results", 14)
    foot = centred(306, 300, "This report is not audited and may change without notice.")
    zones = told(zones_of(interleaved([*title, *two_columns(), *foot])))
    assert zones[0].startswith("Management") and zones[-1].startswith("This report")
    assert zones[1:-1] == [" ".join(LEFT), " ".join(RIGHT)]


def test_a_last_column_of_few_lines_is_one():
    found = interleaved(prose(72, 150, [*LEFT, *LEFT]) + prose(320, 150, RIGHT[:4]))
    assert told(zones_of(found)) == [" ".join([*LEFT, *LEFT]), " ".join(RIGHT[:4])]


def test_three_columns_are_three():
    found = [
        w for x in (60, 230, 400)
        for w in prose(x, 150, [f"{line[:24].rsplit(' ', 1)[0]} etc." for line in LEFT])
    ]  # fmt: skip
    zones = zones_of(interleaved(found))
    assert len(zones) == 3
    assert [min(w.x0 for w in zone) for zone in zones] == [60, 230, 400]


def test_a_page_of_one_column_is_one_zone():
    lines = [f"{a} {b}" for a, b in zip(LEFT, RIGHT, strict=True)]
    assert len(zones_of(prose(72, 150, lines))) == 1


def test_the_columns_of_a_table_are_no_columns_of_text():
    rows = [(f"Net sales of products in region {k}", "1,234", "5,678") for k in range(20)]
    assert len(zones_of(statement(100, rows, rights=(400, 500)))) == 1


def test_a_table_below_the_text_of_one_column_stays_beside_the_text_of_the_other():
    rows = [("Net sales", "1,234", "567"), ("Other", "89", "(12)"), ("Total", "1,323", "555")]
    right = prose(320, 150, RIGHT) + statement(270, rows, label=320, rights=(440, 500))
    zones = told(zones_of(interleaved([*prose(72, 150, LEFT + RIGHT), *right])))
    assert zones == [
        " ".join(LEFT + RIGHT),
        " ".join([*RIGHT, "Net sales 1,234 567 Other 89 (12) Total 1,323 555"]),
    ]


def test_a_few_words_have_one_zone_and_no_words_none():
    assert zones_of([]) == []
    few = words(72, 100, "Annual report") + ending(540, 100, "2024")
    assert zones_of(few) == [few]


@st.composite
def inky(draw) -> list[Word]:
    """Columns of prose and stray words, enough for gutters to be looked for."""
    found: list[Word] = []
    for x in draw(st.lists(st.sampled_from([40, 200, 320, 330, 420]), min_size=1, max_size=3)):
        lines = draw(st.lists(st.sampled_from([*LEFT, "1,234", "a"]), min_size=4, max_size=12))
        found += prose(x, draw(st.sampled_from([100, 104, 150])), lines)
    for _ in range(draw(st.integers(0, 5))):
        found += words(draw(st.floats(0, 600)), draw(st.floats(50, 300)), "stray 12", 8)
    return found


@settings(deadline=None)
@given(inky())
def test_every_word_is_in_exactly_one_zone(found):
    zones = zones_of(found)
    assert all(zones)
    assert Counter(id(w) for zone in zones for w in zone) == Counter(map(id, found))


def test_a_table_over_the_whole_width_is_no_part_of_the_columns_below_or_above_it():
    rows = [("Net sales", "1,234", "567"), ("Other", "89", "(12)"), ("Total", "1,323", "555"),
            ("Cost", "(80)", "(70)")]  # fmt: skip
    told_rows = "Net sales 1,234 567 Other 89 (12) Total 1,323 555 Cost (80) (70)"
    above = statement(90, rows, label=72, rights=(440, 530))
    zones = told(zones_of(interleaved([*above, *two_columns(base=170)])))
    assert zones == [told_rows, " ".join(LEFT), " ".join(RIGHT)]
    below = statement(290, rows, label=72, rights=(440, 530))
    zones = told(zones_of(interleaved([*two_columns(base=170), *below])))
    assert zones == [" ".join(LEFT), " ".join(RIGHT), told_rows]


def test_a_table_over_the_whole_width_parts_the_columns_above_it_from_those_below():
    rows = [(f"Net sales of region {k}", "1,234", "567") for k in range(6)]
    between = statement(265, rows, label=72, rights=(440, 530))
    found = interleaved([*two_columns(base=150), *between, *two_columns(base=360)])
    told_rows = " ".join(f"{name} 1,234 567" for name, *_ in rows)
    prose_of_both = [" ".join(LEFT), " ".join(RIGHT)]
    assert told(zones_of(found)) == [*prose_of_both, told_rows, *prose_of_both]


def test_the_header_of_a_table_below_columns_goes_with_the_table():
    heads = [*words(72, 290, "Portfolio"), *ending(230, 290, "Exposure"), *ending(440, 290, "Loss"),
             *ending(530, 290, "Risk")]  # fmt: skip
    rows = [(f"Region {k}", "12", "34", "56") for k in range(6)]
    table = [*heads, *statement(303, rows, label=72, rights=(230, 440, 530))]
    headed = "Portfolio Exposure Loss Risk " + " ".join(f"{name} 12 34 56" for name, *_ in rows)
    columns = [" ".join(LEFT), " ".join(RIGHT)]
    assert told(zones_of(interleaved([*two_columns(base=150), *table]))) == [*columns, headed]
    found = interleaved([*two_columns(base=150), *table, *two_columns(base=420)])
    assert told(zones_of(found)) == [*columns, headed, *columns]
