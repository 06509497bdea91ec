"""Labels of more than one line whose figures stand in the last: the lines above are no headings.

A table's rows are lines where shading or room parts them. That a label goes on is then told by its
words: it ends open ("... allowance of $1,230 and"), or what follows names nothing by itself
("$1,450, respectively"). Headings such as "Proceeds from" end openly too, above a list: so most
words count only where the line already tells figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tenth.documents.model import union
from tenth.reader.dates import MONTH
from tenth.reader.model import Place

if TYPE_CHECKING:
    from tenth.reader.grid import Row

_TELLS = re.compile(
    r"[$€£] ?\d|\d{1,3}(?:,\d{3})+|\bpar value\b|\bshares? (?:authori[sz]ed|issued)", re.IGNORECASE
)
_OPEN = re.compile(r"(?:\b(?:and|or)|&)$", re.IGNORECASE)
_OPEN_TELLING = re.compile(
    rf"(?:\b(?:of|at|on|as|the|in|for|from|by|to|with|net|no|none|{MONTH})|[-–—/,;])$",
    re.IGNORECASE,
)
_WITHIN = re.compile(rf"[a-z][a-z ]|\(?[$€£\d]|(?i:{MONTH})\b")  # how a label does not begin
_REST = re.compile(
    r"\brespectively\b|\bshares (?:authori[sz]ed|issued|outstanding|held)"
    r"|\bissued (?:and|or) outstanding"
)
_MIDST = re.compile(r"(?:used|and|or|outstanding|attributable|available|per|net of)\b")
_ASIDE = re.compile(  # "(net of deferred taxes of $1,230)": of what, the line above says
    r"\((?:net of|less|including|excluding|after|before)\b[^()]*\)", re.IGNORECASE
)
_COUNT = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_OF_DATES = re.compile(rf"\b(?:{MONTH}|and|respectively|as|of|at)\b", re.IGNORECASE)
_LEVEL = 1.0  # points within which two lines begin at one place


def unwrapped(rows: Sequence[Row]) -> list[Row]:
    """The rows with their labels whole, each where its figures are."""
    below: list[Row] = []  # from the last row up
    for row in reversed(rows):
        if below and _goes_on(row, below[-1], below[-2] if len(below) > 1 else None):
            below[-1] = _joined(row, below[-1])
        else:
            below.append(row)
    return below[::-1]


def _joined(head: Row, rest: Row) -> Row:
    boxes = [place.box for place in (head.place, rest.place) if place.box]
    place = Place(head.place.page, union(boxes), head.place.ref)
    return replace(rest, label=f"{head.label} {rest.label}", place=place, indent=head.indent)


def _goes_on(head: Row, rest: Row, after: Row | None) -> bool:
    """Whether `rest`, the next row, ends the label that `head` begins; `after` is the row below."""
    if not head.is_heading or not head.label or not rest.label or not _is_below(head, rest):
        return False
    tells = bool(_TELLS.search(head.label))
    if tells and _names_nothing(rest.label):
        return True
    if head.label.endswith((":", "：")):
        counts = bool(tells and _COUNT.match(rest.label) and _REST.search(rest.label))
        return counts and not _are_items(head, rest, after)
    if _ASIDE.fullmatch(rest.label):
        return True
    within = bool(_WITHIN.match(rest.label))
    if tells and within and (_REST.search(rest.label) or _OPEN_TELLING.search(head.label)):
        return True
    is_open = bool(_OPEN.search(head.label)) or head.label.count("(") > head.label.count(")")
    if is_open and within:
        return True
    return (is_open or bool(_MIDST.match(rest.label))) and not _are_items(head, rest, after)


def _names_nothing(label: str) -> bool:
    """Counts and dates and no word: "1,230,000 (December 31, 2021: 1,150,000)"."""
    return bool(_COUNT.search(label)) and not re.search(r"[^\W\d_]", _OF_DATES.sub(" ", label))


def _is_below(head: Row, rest: Row) -> bool:
    """Right below and no further left: formats without places part no label's lines."""
    above, below = head.place.box, rest.place.box
    if above is None or below is None or head.place.page != rest.place.page:
        return False
    height = max(above[3] - above[1], below[3] - below[1])
    near = below[1] - above[3] < 0.8 * height and below[1] > above[1]
    return near and below[0] >= above[0] - _LEVEL


def _are_items(head: Row, rest: Row, after: Row | None) -> bool:
    """Whether the rows below stand alike: further in than the heading, or both in lower case."""
    if after is None or after.indent is None or rest.indent is None or head.indent is None:
        return False
    alike = rest.indent - head.indent > _LEVEL or after.label[:1].islower()
    return alike and abs(after.indent - rest.indent) <= _LEVEL
