"""Figures with cents: amounts per share, and what stands among whole amounts of another kind.

A table "(in thousands)" of stock awards prints their number as "1,204" and what one was worth as
"$22.04", which are dollars and no thousands of them. The table's scale is meant for figures that
are printed as most of it is: for one with cents among whole ones nothing says it.
"""

import re
from collections.abc import Iterable

from tenth.reader.figures import plain

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
