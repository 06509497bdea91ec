"""Percents whose sign stands at the first or last figure of a group alone."""

import re
from collections.abc import Sequence

from tenth.documents.model import Cell
from tenth.reader.figures import parse_figure
from tenth.reader.grid import Grid, Sections
from tenth.reader.periods import is_change

# Labels of what is counted in times, days or money, whatever sign stands above or below
NO_PERCENT = re.compile(
    r"\b(?:p/?[ebs]|peg|ev)\b|\beps\b|\bper (?:\w+ )?share\b|\b(?:current|quick|cash) ratio\b"
    r"|\bturnover\b|\bcoverage\b|\b(?:times|multiples?|days)\b"
    r"|(?:流动|速动|现金)比率|市盈|市净|市销|倍|周转|每股|天数",
    re.IGNORECASE,
)

LEAST_AMOUNT = 1_000

_RATE = re.compile(
    r"(?<!周转)(?<!汇)率(?:[(（][^()（）]*[)）])?$|^(?:ROE|ROA|ROIC)\b|同比|环比|增速|占比|比重"
)


def is_rate(label: str) -> bool:
    """Whether a Chinese label names what is given in percent, so that a figure without its sign may
    be of 100 as well as of 1."""
    return bool(_RATE.search("".join(label.split()))) and not NO_PERCENT.search(label)


def percents_of(grid: Grid) -> set[tuple[int, int]]:
    """Cells whose percent sign stands at the first or last figure of their heading's lines: "57 %",
    "24", "19", "100 %"; in a column of changes, at its first figure for all of them."""
    sections, groups = Sections(), {}
    for row in grid.rows:
        if row.is_heading:
            sections.heading(row)
            groups.setdefault(sections.path, [])
        elif row.figures:
            groups.setdefault(sections.line(row), []).append(row)
    found: set[tuple[int, int]] = set()
    for path, rows in groups.items():
        for column in {column for row in rows for column in row.figures}:
            cells = [row.figures[column] for row in rows if column in row.figures]
            if any(NO_PERCENT.search(row.label) for row in rows):
                continue
            if _signed_at_ends(cells, both=not path):
                found |= {(cell.row, cell.column) for cell in cells}
    for column, header in grid.headers.items():
        cells = [row.figures[column] for row in grid.rows if column in row.figures]
        if any(map(is_change, header.texts)) and _first_is_percent(cells):
            found |= {(cell.row, cell.column) for cell in cells}
    return found


def _first_is_percent(cells: Sequence[Cell]) -> bool:
    printed = [found for cell in cells if (found := parse_figure(cell.text))]
    if any(one.currency or one.own_scale or one.measure for one in printed):
        return False
    told = [one for one in printed if not one.nothing]
    return len(told) > 1 and told[0].percent


def _signed_at_ends(cells: Sequence[Cell], both: bool) -> bool:
    printed = [found for cell in cells if (found := parse_figure(cell.text))]
    if len(printed) < 3 or any(one.currency or one.own_scale for one in printed):
        return False
    if any(abs(one.value or 0) >= LEAST_AMOUNT and not one.percent for one in printed):
        return False  # areas, counts beside one rate
    within = [one.percent for one in printed[1:-1]]
    if 0 < within.count(False) <= within.count(True):
        return False  # most say it: those that do not are something else
    ends = (printed[0].percent, printed[-1].percent)
    return all(ends) if both else any(ends)
