"""Which fact of facts.csv stands where a gold figure was read: by page, label, row and column."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

NOTE = re.compile(r"\s*\((?:notes? [\d, and]+|\d{1,2})\)", re.IGNORECASE)
ONE_ROW = 4.0  # points between the middles of figures that stand in one row, at most
Row = dict[str, str]


@dataclass(frozen=True)
class Found:
    """A fact of facts.csv on a page."""

    fact: Row
    label: str
    x: float  # the right edge: figures are set flush right
    y: float


def plain(label: str) -> str:
    """Letters and figures alone: quotes, dashes, wrapping and notes' numbers are not measured."""
    return re.sub(r"\W+", "", NOTE.sub("", label)).casefold()


def on_pages(facts: Iterable[Row]) -> dict[tuple[str, int], list[Found]]:
    """Facts with a box by document, without its folder, and page."""
    pages: dict[tuple[str, int], list[Found]] = defaultdict(list)
    for fact in facts:
        page, _, corners = fact["locator"].partition(":")
        if not corners:
            continue
        _, y0, x1, y1 = map(float, corners.split(","))
        found = Found(fact, plain(fact["label"]), x1, (y0 + y1) / 2)
        pages[fact["document"].rsplit("/")[-1], int(page)].append(found)
    return pages


def in_rows(found: Iterable[Found]) -> list[list[Found]]:
    """Down the page, figures of a row from the left; a row has one label."""
    rows: list[list[Found]] = []
    for one in sorted(found, key=lambda one: (one.y, one.x)):
        row = next((row for row in rows[-3:] if _together(row[0], one)), None)
        if row is None:
            rows.append([one])
        else:
            row.append(one)
    return [sorted(row, key=lambda one: one.x) for row in rows]


def _together(one: Found, other: Found) -> bool:
    return one.label == other.label and abs(one.y - other.y) <= ONE_ROW


def edges(rows: list[list[Found]], columns: int) -> list[float]:
    """The right edges of a page's columns, by the rows that have a figure in each."""
    whole = [row for row in rows if len(row) == columns]
    return [sum(row[k].x for row in whole) / len(whole) for k in range(columns)] if whole else []


def place(gold: Row, found: list[Found]) -> Found | None:
    """The fact at the gold figure's place."""
    rows, label = in_rows(found), plain(gold["label"])
    named = [row for row in rows if row[0].label == label]
    if not named:  # cut short, or with more of its line
        named = [row for row in rows if _begins(row[0].label, label)]
    nth, column = int(gold["nth"]) - 1, int(gold["column"]) - 1
    at = edges(rows, int(gold["columns"]))
    if nth >= len(named) or not at:
        return None
    nearest = min(named[nth], key=lambda one: abs(one.x - at[column]))
    there = min(range(len(at)), key=lambda k: abs(at[k] - nearest.x))
    return nearest if there == column else None


def _begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 12 and (one.startswith(other) or other.startswith(one))
