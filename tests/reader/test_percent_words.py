"""Words of rates, days and percents beside figures that are amounts."""

import pytest

from tenth.documents.model import Cell
from tenth.reader.kinds import is_parent_only
from tenth.reader.metrics import unit_of
from tenth.reader.percents import _signed_at_ends


@pytest.mark.parametrize(
    ("label", "verbatim", "unit"),
    [
        ("Tax at the standard rate of corporation tax of 19%", "(5,199)", "currency"),
        ("At UK statutory income tax rate (19%)", "(629)", "currency"),
        ("Federal statutory rate", "21.0", "pure"),
        ("Effective tax rate", "(13)", "pure"),
        ("Percentage rent", "558", "currency"),
        ("Percentage of sales", "55", "pure"),
        ("Past due 31-60 days", "90", "currency"),
        ("Days sales outstanding", "45", "pure"),
        ("Right to acquire beneficial ownership within 60 days of", "43,211", "shares"),
    ],
)
def test_what_is_printed_as_an_amount_is_no_rate(label, verbatim, unit):
    assert unit_of(label, (), "other", verbatim) == unit


def test_a_rate_below_counts_makes_no_percents_of_them():
    cells = [Cell(row, 1, text) for row, text in enumerate(["75", "8,172,527", "92.9%"])]
    assert not _signed_at_ends(cells, both=False)


@pytest.mark.parametrize(
    ("title", "own"),
    [
        ("EXAMPLE COMMUNICATIONS PLC COMPANY STATEMENT OF CASH FLOWS", True),
        ("Company statement of financial position", True),
        ("THE EXAMPLE COMPANY STATEMENT OF OPERATIONS", False),
    ],
)
def test_the_companys_own_statement_is_not_the_groups(title, own):
    assert is_parent_only(title) == own
