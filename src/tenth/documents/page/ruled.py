"""Tables that are drawn: a grid of lines, its cells and the text in them."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from tenth.documents.model import Box, Cell, union
from tenth.documents.numbers import is_figure, is_year
from tenth.documents.page.ink import Ink, Rule, Word
from tenth.documents.page.lattice import NEAR, Place, Span, components, lattice_of, squares
from tenth.documents.page.lines import SAME_LINE, Row, joined, rows_of
from tenth.documents.page.table_rows import Band, Grid, logical_rows

WHOLE_NUMBER = re.compile(r"[-－(]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\)?")
GROUPED_NUMBER = re.compile(r"[-－(]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\)?")


def ruled_grids(ink: Ink, number: int) -> tuple[list[Grid], list[Word]]:
    """The page's drawn tables, and the words that stand in none of them."""
    grids, words = [], list(ink.words)
    taken_rules: set[int] = set()
    for rules in components(ink.rules):
        lattice = lattice_of(rules)
        if lattice is None or id(rules[0]) in taken_rules:
            continue
        frame = (lattice[0][0], lattice[1][0], lattice[0][-1], lattice[1][-1])
        rules = [r for r in ink.rules if _lies_in(r, frame)]  # pieces that touch no other too
        taken_rules.update(map(id, rules))
        lattice = lattice_of(rules) or lattice
        xs, ys, flat, tall = lattice
        box = (xs[0], ys[0], xs[-1], ys[-1])
        inside = [w for w in words if _within(w, box)]
        grid = _grid(xs, ys, flat, tall, inside, number) if inside else None
        if grid is not None and not (grid.n_rows == 1 and _is_among_rows(box, words)):
            grids.append(grid)
            taken = {id(w) for w in inside}
            words = [w for w in words if id(w) not in taken]
    return grids, words


def _lies_in(rule: Rule, box: Box) -> bool:
    return (
        rule.x0 > box[0] - NEAR
        and rule.x1 < box[2] + NEAR
        and rule.y0 > box[1] - NEAR
        and rule.y1 < box[3] + NEAR
    )


def _is_among_rows(box: Box, words: list[Word]) -> bool:
    """Whether figures stand right above and right below a framed row, and nothing beside it: it is
    one of a table's."""
    x0, y0, x1, y1 = box
    near = 1.5 * (y1 - y0)
    above = below = False
    for word in words:
        y = (word.y0 + word.y1) / 2
        if y0 < y < y1 and not _within(word, box):
            return False
        if (x0 + x1) / 2 < word.x1 <= x1 + NEAR and is_figure(word.text):
            above, below = above or y0 - near < y < y0, below or y1 < y < y1 + near
    return above and below


def _within(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _grid(
    xs: list[float],
    ys: list[float],
    flat: list[Rule],
    tall: list[Rule],
    words: list[Word],
    number: int,
) -> Grid | None:
    spans = squares(xs, ys, flat, tall)
    where: dict[Place, list[Word]] = {}
    for word in words:
        row = min(max(bisect_right(ys, (word.y0 + word.y1) / 2) - 1, 0), len(ys) - 2)
        column = min(max(bisect_right(xs, (word.x0 + word.x1) / 2) - 1, 0), len(xs) - 2)
        where.setdefault(spans[row, column][:2], []).append(word)
    if len(where) < 3 or len({c for _, c in where}) < 2 or _leave_figures_together(where):
        return None
    cells = _closed_up(_cells(spans, where, xs, ys, tall, number))
    bold = {cell.box for cell in cells if cell.box and _is_bold(cell.box, words)}
    n_rows = max(c.row + c.row_span for c in cells)
    n_columns = max(c.column + c.column_span for c in cells)
    if n_columns < 2 or (n_rows < 2 and n_columns < 3):
        return None
    header_rows = count_header_rows(cells, n_rows, bold)
    cells = [_with_header(c, header_rows) for c in cells]
    return Grid(cells, n_rows, n_columns, header_rows, (xs[0], ys[0], xs[-1], ys[-1]), True)


def _leave_figures_together(where: dict[Place, list[Word]]) -> bool:
    """Whether lines between rows and the edges of one shaded column are all that is drawn: then
    squares hold labels beside figures, or several figures, and no line tells these apart. So in
    a single row that is framed within a larger table."""
    rows: dict[int, bool] = {}
    for (row, _), words in where.items():
        several = any(_are_several(line) for line in rows_of(words))
        rows[row] = rows.get(row, False) or several
    count = sum(rows.values())
    return count == len(rows) == 1 or (count > 1 and 2 * count >= len(rows))


def _are_several(line: Row) -> bool:
    """A figure apart from what stands before it."""
    *before, last = line.segments
    return last.figure and any(s.figure or s.text[:1].isalpha() for s in before)


def _is_bold(box: Box, words: list[Word]) -> bool:
    inside = [w for w in words if _within(w, box)]
    return all(w.bold for w in inside)


def _with_header(cell: Cell, header_rows: int) -> Cell:
    if cell.row >= header_rows:
        return cell
    return Cell(
        cell.row, cell.column, cell.text, cell.row_span, cell.column_span, True, cell.page, cell.box
    )


def _cells(
    spans: dict[Place, Span],
    words: dict[Place, list[Word]],
    xs: list[float],
    ys: list[float],
    tall: list[Rule],
    number: int,
) -> list[Cell]:
    """Cells with their text. A row of the lattice that holds several rows of figures is parted."""
    parts, sides = {}, {}
    for row in {r for r, _ in words}:
        held = {c: found for (r, c), found in words.items() if r == row and spans[r, c][2] == 1}
        beside = _beside(held, xs, tall, ys[row], ys[row + 1])
        held = _without(held, beside)
        alone = _alone(held)
        beside, held = [*beside, *alone], _without(held, alone)
        if groups := _parted(held, xs):
            parts[row], sides[row] = groups, beside
    shift, before = {}, 0
    for row in range(max(r for r, _ in spans) + 2):
        shift[row] = row + before
        before += len(parts.get(row, [0])) - 1
    cells = []
    for (row, column), found in words.items():
        _, _, row_span, column_span = spans[row, column]
        if row in parts and row_span == 1:
            continue
        span = shift[row + row_span] - shift[row]
        cells.append(_cell(rows_of(found), shift[row], column, span, column_span, number))
    for row, groups in parts.items():
        for k, count, column, lines in _squares(groups, sides[row]):
            span = spans[row, column][3]
            cells.append(_cell(lines, shift[row] + k, column, count, span, number))
    return sorted(cells, key=lambda c: (c.row, c.column))


def _cell(lines: list[Row], row: int, column: int, rows: int, columns: int, number: int) -> Cell:
    texts = [" ".join(s.text for s in line.segments) for line in lines]
    text = "".join(texts) if _is_wrapped(lines) else joined(texts)
    return Cell(
        row, column, text, rows, columns, page=number, box=union(line.box for line in lines)
    )


@dataclass(frozen=True)
class Side:
    """A text that stands beside the middle of several rows, which reach from top to bottom."""

    line: Row
    column: int
    top: float
    bottom: float

    def rows(self, bases: list[float]) -> list[int]:
        """Of rows with these baselines those it stands beside; at least the nearest one."""
        within = [k for k, base in enumerate(bases) if self.top <= base <= self.bottom]
        return within or [min(range(len(bases)), key=lambda k: abs(bases[k] - self.line.base))]


def _squares(
    groups: list[dict[int, list[Row]]], sides: list[Side]
) -> list[tuple[int, int, int, list[Row]]]:
    """First row, number of rows, column and lines of each cell of parted rows. A text beside
    several rows has those whose square no other holds; where there is none, it is more of one."""
    held = {(k, column): lines for k, group in enumerate(groups) for column, lines in group.items()}
    bases = [next(iter(group.values()))[-1].base for group in groups]
    for side in sides:
        near = sorted(side.rows(bases), key=lambda k: abs(bases[k] - side.line.base))
        free = [k for k in near if (k, side.column) not in held]
        if not free:
            held[near[0], side.column].append(side.line)
            continue
        first = last = free[0]
        while first - 1 in free:
            first -= 1
        while last + 1 in free:
            last += 1
        lines = [side.line]
        for k in range(first, last + 1):
            held[k, side.column] = lines
    found: dict[int, tuple[int, int, int, list[Row]]] = {}
    for (k, column), lines in sorted(held.items(), key=lambda item: item[0]):
        first, count, *_ = found.get(id(lines), (k, 0))
        found[id(lines)] = first, count + 1, column, lines
    return list(found.values())


def _beside(
    held: dict[int, list[Word]], xs: list[float], tall: list[Rule], top: float, bottom: float
) -> list[Side]:
    """Labels in the first column beside groups of rows, where a line between them is drawn."""
    found = []
    labels = rows_of(held.get(0, [])) if len(xs) > 3 else []
    figures = [w for c, words in held.items() if c > 1 for w in words]
    for rule in tall:
        if abs((rule.x0 + rule.x1) / 2 - xs[1]) > NEAR:
            continue
        y0, y1 = max(rule.y0, top), min(rule.y1, bottom)
        known = [side.line for side in found]
        within = [r for r in labels if y0 < r.base < y1 and not any(r is k for k in known)]
        rows = rows_of([w for w in figures if y0 < w.base < y1])
        found += _in_the_middle(within, y0, y1) if len(rows) > len(within) else []
    return found


def _in_the_middle(labels: list[Row], top: float, bottom: float) -> list[Side]:
    """Labels each of which is in the middle of its part of the stretch from top to bottom."""
    parts, start = [], top
    for label in labels:
        end = label.y0 + label.y1 - start
        if end <= label.y1:
            return []
        parts.append(Side(label, 0, start, end))
        start = end
    return parts if parts and abs(start - bottom) < 6 * len(labels) else []


def _without(held: dict[int, list[Word]], sides: list[Side]) -> dict[int, list[Word]]:
    taken = {id(w) for side in sides for s in side.line.segments for w in s.words}
    left = {c: [w for w in words if id(w) not in taken] for c, words in held.items()}
    return {c: words for c, words in left.items() if words}


def _alone(held: dict[int, list[Word]]) -> list[Side]:
    """Single lines on no other column's baseline, beside columns of several lines each."""
    columns = {column: rows_of(words) for column, words in held.items()}
    bases = [line.base for lines in columns.values() if len(lines) > 1 for line in lines]
    return [
        Side(lines[0], column, min(bases), max(bases))
        for column, lines in columns.items()
        if bases and len(lines) == 1
        if min(abs(lines[0].base - base) for base in bases) > SAME_LINE * lines[0].size
        if min(bases) < lines[0].base < max(bases)
    ]


def _are_figures(lines: list[Row]) -> bool:
    """Figures below one another, perhaps below a heading."""
    figures = sum(is_figure(line.text) for line in lines)
    return figures >= 2 and figures >= 0.6 * len(lines)


def _is_wrapped(lines: list[Row]) -> bool:
    """Whether one figure stands on several lines of a narrow cell: "9,251," above "880.12"."""
    texts = ["".join(line.text.split()) for line in lines]
    if len(texts) < 2 or all(WHOLE_NUMBER.fullmatch(text) for text in texts):
        return False
    return bool(GROUPED_NUMBER.fullmatch("".join(texts)))


def _parted(held: dict[int, list[Word]], xs: list[float]) -> list[dict[int, list[Row]]]:
    """The rows of a table without lines between them, as lines by column; empty where a column's
    lines are not figures below one another."""
    columns = {column: rows_of(words) for column, words in held.items()}
    stacks = [
        lines for column, lines in columns.items()
        if column > 0 and _are_figures(lines)
    ]  # fmt: skip
    if not stacks or any(_is_wrapped(lines) for lines in columns.values()):
        return []
    bands = [Band(x0, x1) for x0, x1 in pairwise(xs)]
    lines = sorted((line for found in columns.values() for line in found), key=lambda r: r.base)
    merged: list[Row] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last is not None and abs(line.base - last.base) < SAME_LINE * line.size:
            merged[-1] = Row([*last.segments, *line.segments], last.base, last.size)
        else:
            merged.append(line)
    groups = []
    for group in logical_rows(merged, bands, []):
        by_column: dict[int, list[Row]] = {}
        for line in group:
            for segment in line.segments:
                column = next(c for c in held if any(w is segment.words[0] for w in held[c]))
                by_column.setdefault(column, []).append(Row([segment], line.base, line.size))
        groups.append(by_column)
    return groups if len(groups) > 1 else []


def _closed_up(cells: list[Cell]) -> list[Cell]:
    """Rows and columns without any cell that begins in them are gone, spans shortened."""
    rows = sorted({c.row for c in cells})
    columns = sorted({c.column for c in cells})
    made = []
    for c in cells:
        row, column = rows.index(c.row), columns.index(c.column)
        row_end = bisect_right(rows, c.row + c.row_span - 1)
        column_end = bisect_right(columns, c.column + c.column_span - 1)
        made.append(
            Cell(row, column, c.text, row_end - row, column_end - column, page=c.page, box=c.box)
        )
    return made


def count_header_rows(cells: list[Cell], n_rows: int, bold: set[Box]) -> int:
    """Rows at the top without figures (years and dates are none); of a table without any
    figures, the first row if it alone is in bold print. `bold` has the boxes of cells that are."""
    for row in range(n_rows):
        here = [c for c in cells if c.row <= row < c.row + c.row_span]
        texts = [c.text for c in here if c.column > 0]
        if row > 0 and not texts:
            return row  # a label above its group
        if any(is_figure(t) and not is_year(t) for t in texts):
            return row if row <= 5 else 0

    def is_bold(row: int) -> bool:
        boxes = [c.box for c in cells if c.row == row]
        return bool(boxes) and all(box in bold for box in boxes)

    return 1 if is_bold(0) and not is_bold(1) else 0
