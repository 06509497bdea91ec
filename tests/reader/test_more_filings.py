"""More shapes that filings of other houses showed, each made small: what they say further off."""

import pytest

from tenth.reader.model import Cover, Period
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
