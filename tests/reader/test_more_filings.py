"""More shapes that filings of other houses showed, each made small: what they say further off."""

import pytest

from tenth.reader.model import Cover, Period
from tests.documents.inks import centred, ending, page, statement, words
from tests.documents.test_layout import only
from tests.reader.test_other_filings import RESULT, TITLE
from tests.reader.test_tables import by_label, facts, table

QUARTER = Cover("Acme Inc.", "", Period("2023-03-26", "2023-06-17"), currency="USD")


@pytest.mark.parametrize(
    ("heads", "last"),
    [
        (["6/17/2023", "6/11/2022"], "2022-06-11"),  # there is no month 17
        (["6/10/2023", "6/11/2022"], ""),  # nothing says which is the month
        (["17/6/2023", "6/11/2022"], ""),
    ],
)
def test_a_date_in_digits_is_read_as_one_beside_it_that_can_be_read_one_way_alone(heads, last):
    rows = [["", "12 Weeks Ended", ""], ["", *heads], *[row[:3] for row in RESULT]]
    made = table(rows, caption=TITLE, spans={(0, 1): 2})
    assert by_label(facts(made, QUARTER))["Net income"][-1].period.end == last


# headers

RIGHTS = (460.0, 540.0)
ASSETS = [("Cash", "30", "37"), ("Inventories", "16", "5"), ("Total assets", "46", "42")]


def test_assets_in_the_middle_of_the_room_for_labels_does_not_part_the_header_from_its_table():
    head = words(72, 86, "(in millions)", size=7)
    head += ending(460, 86, "2021", size=7) + ending(540, 86, "2020", size=7)
    head += centred(255, 100, "ASSETS")
    table = only(page(head, statement(115, ASSETS, label=90, rights=RIGHTS)))
    assert (table.header_rows, table.grid()[:2]) == (
        1, [["(in millions)", "2021", "2020"], ["ASSETS", "", ""]]
    )  # fmt: skip


def test_figures_set_lower_than_their_label_are_its_own():
    cash = statement(110, ASSETS[:2], rights=RIGHTS)
    cash += words(72, 140, "Other assets") + ending(460, 149, "7") + ending(540, 149, "8")
    table = only(page(cash, statement(165, ASSETS[2:], rights=RIGHTS)))
    assert table.grid()[2] == ["Other assets", "7", "8"]


@pytest.mark.parametrize(("label", "lower"), [("Other assets:", 9), ("Other assets", 15)])
def test_a_total_below_a_heading_is_not_the_headings(label, lower):
    cash = statement(110, ASSETS[:2], rights=RIGHTS)
    base = 140 + lower
    cash += words(72, 140, label) + ending(460, base, "7") + ending(540, base, "8")
    table = only(page(cash, statement(base + 15, ASSETS[2:], rights=RIGHTS)))
    assert table.grid()[2:4] == [[label, "", ""], ["", "7", "8"]]
