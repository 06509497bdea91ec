"""Figures with cents: amounts per share, and what stands among whole amounts of another kind.

A table "(in thousands)" of stock awards prints their number as "1,204" and what one was worth as
"$22.04", which are dollars and no thousands of them. The table's scale is meant for figures that
are printed as most of it is: for one with cents among whole ones nothing says it.
"""

import re
from collections.abc import Iterable, Sequence

from tenth.documents.model import Cell
from tenth.reader.figures import Printed, parse_figure, plain
from tenth.reader.metrics import metric, name_metric, unit_of
from tenth.reader.model import StatementKind

LARGE = 10_000  # for an amount per share that no statement names
LEAST_ROWS = 4  # of a table that is all per share

_ONE = r"(?:share|stock|rsu|psu|unit|ads|adss|option|award|warrant|right)s?"
_PRICE = re.compile(
    rf"\bper (?:\w+ ){{0,3}}{_ONE}\b|\b{_ONE} prices?\b|\b(?:exercise|strike|conversion) prices?\b"
    r"|\b(?:closing|market) prices?\b|\bgrant[- ]date fair values?\b|每股|元/股"
)
_NO_PRICE = re.compile(  # amounts and rates that speak of prices
    r"\b(?:total|aggregate|proceeds|impact|sensitivity|increases?|decreases?|changes?|quoted|risks?"
    r"|par value|vested|exercised|intrinsic)\b|[%％]"
)
_CENTS = re.compile(r"\W*\d{1,3}\.\d\d\W*")
_GROUPED = re.compile(r"\W*\d{1,3}(?:,\d{3})+(?P<decimals>\.\d+)?\W*")


def is_price(label: str, header: str, verbatim: str) -> bool:
    """Whether a figure with cents is of one share, option or unit: by its label, its column."""
    texts = (plain(label).lower(), plain(header).lower())
    said = any(_PRICE.search(text) for text in texts)
    return said and has_cents(verbatim) and not any(_NO_PRICE.search(text) for text in texts)


def has_cents(verbatim: str) -> bool:
    return bool(_CENTS.fullmatch(verbatim))


def large_are_whole(figures: Iterable[str]) -> bool:
    """Whether a table's large figures have no decimals: "1,204", and no "1,204.50"."""
    grouped = [found for text in figures if (found := _GROUPED.fullmatch(text))]
    return bool(grouped) and not any(found["decimals"] for found in grouped)


def all_per_share(
    cells: Sequence[Cell], lines: Sequence[tuple[str, tuple[str, ...]]], kind: StatementKind
) -> bool:
    """Whether a table, its lines each a label and its headings, begins and ends with amounts per
    share and prints cents throughout: what leads from earnings per share to adjusted ones has
    names of amounts."""
    told = [cell.text for cell in cells
            if (one := parse_figure(cell.text)) and not one.nothing]  # fmt: skip
    if len(lines) < LEAST_ROWS or not told or not all(map(has_cents, told)):
        return False
    ends = (lines[0], lines[-1])
    return all(unit_of(*line, kind, "1.00") == "currency/share" for line in ends)


def is_shared_out(
    printed: Printed, label: str, section: tuple[str, ...], kind: StatementKind
) -> bool:
    """Whether what stands among amounts per share is too large for one that no statement names:
    the earnings that were divided."""
    if abs(printed.value or 0) < LARGE:
        return False
    named = name_metric(label, section, kind)
    return not named or metric(named).unit != "currency/share"
