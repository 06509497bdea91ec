"""Tables that are drawn: a grid of lines, its cells and the text in them."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from tenth.documents.ink import Ink, Rule, Word
from tenth.documents.lines import Row, joined, rows_of
from tenth.documents.model import Box, Cell, union
from tenth.documents.numbers import is_figure, is_year

NEAR = 2.5  # points: lines closer than that are one, and such a gap is no gap
OPEN = 0.45  # an edge drawn for less than this share of a cell's side is no edge


@dataclass(frozen=True)
class Grid:
    """A table of a page before its surroundings are known."""

    cells: list[Cell]
    n_rows: int
    n_columns: int
    header_rows: int
    box: Box
    ruled: bool


def ruled_grids(ink: Ink, number: int) -> tuple[list[Grid], list[Word]]:
    """The page's drawn tables, and the words that stand in none of them."""
    grids, words = [], list(ink.words)
    for rules in _components(ink.rules):
        lattice = _lattice(rules)
        if lattice is None:
            continue
        xs, ys, flat, tall = lattice
        box = (xs[0], ys[0], xs[-1], ys[-1])
        inside = [w for w in words if _within(w, box)]
        grid = _grid(xs, ys, flat, tall, inside, number) if inside else None
        if grid is not None:
            grids.append(grid)
            taken = {id(w) for w in inside}
            words = [w for w in words if id(w) not in taken]
    return grids, words


def _within(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _components(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Lines that touch one another, directly or through others."""
    rules = sorted(rules, key=lambda r: r.y0)
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    flat = [i for i, r in enumerate(rules) if r.horizontal]
    for i, rule in enumerate(rules):
        if rule.horizontal:
            continue
        for k in flat:
            other = rules[k]
            if other.y0 > rule.y1 + NEAR:
                break
            if other.y1 >= rule.y0 - NEAR and (
                other.x0 - NEAR <= rule.x1 and rule.x0 <= other.x1 + NEAR
            ):
                parent[root(i)] = root(k)
    groups: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        groups.setdefault(root(i), []).append(rule)
    return [group for group in groups.values() if len(group) >= 4]


def _lattice(
    rules: list[Rule],
) -> tuple[list[float], list[float], list[Rule], list[Rule]] | None:
    """The x and y of a grid's lines, if these rules draw one of at least 2 x 2 or 1 x 3 cells."""
    flat = [r for r in rules if r.horizontal]
    tall = [r for r in rules if not r.horizontal]
    if len(flat) < 2 or not tall:
        return None
    xs = _clusters([(r.x0 + r.x1) / 2 for r in tall])
    ys = _clusters([(r.y0 + r.y1) / 2 for r in flat])
    left, right = min(r.x0 for r in flat), max(r.x1 for r in flat)
    top, bottom = min(r.y0 for r in tall), max(r.y1 for r in tall)
    # a grid open at its sides: its lines end where the table does
    xs = ([left] if left < xs[0] - 8 else []) + xs + ([right] if right > xs[-1] + 8 else [])
    ys = ([top] if top < ys[0] - 6 else []) + ys + ([bottom] if bottom > ys[-1] + 6 else [])
    if len(xs) < 3 or len(ys) < 2 or (len(ys) - 1) * (len(xs) - 1) < 3:
        return None
    if xs[-1] - xs[0] < 40 or ys[-1] - ys[0] < 12:
        return None
    return xs, ys, flat, tall


def _clusters(values: list[float]) -> list[float]:
    """Values closer than NEAR as one, their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(g) / len(g) for g in groups]


def _grid(
    xs: list[float],
    ys: list[float],
    flat: list[Rule],
    tall: list[Rule],
    words: list[Word],
    number: int,
) -> Grid | None:
    spans = _merged(xs, ys, flat, tall)
    where: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        row = min(max(bisect_right(ys, (word.y0 + word.y1) / 2) - 1, 0), len(ys) - 2)
        column = min(max(bisect_right(xs, (word.x0 + word.x1) / 2) - 1, 0), len(xs) - 2)
        where.setdefault(spans[row, column][:2], []).append(word)
    if len(where) < 3 or len({c for _, c in where}) < 2:
        return None
    lines = {key: rows_of(found) for key, found in where.items()}
    cells = _closed_up(_cells(spans, lines, number))
    bold = {
        union(line.box for line in found)
        for found in lines.values()
        if all(line.bold for line in found)
    }
    n_rows = max(c.row + c.row_span for c in cells)
    n_columns = max(c.column + c.column_span for c in cells)
    if n_columns < 2 or (n_rows < 2 and n_columns < 3):
        return None
    header_rows = count_header_rows(cells, n_rows, bold)
    cells = [_with_header(c, header_rows) for c in cells]
    return Grid(cells, n_rows, n_columns, header_rows, (xs[0], ys[0], xs[-1], ys[-1]), True)


def _with_header(cell: Cell, header_rows: int) -> Cell:
    if cell.row >= header_rows:
        return cell
    return Cell(
        cell.row, cell.column, cell.text, cell.row_span, cell.column_span, True, cell.page, cell.box
    )


def _merged(
    xs: list[float], ys: list[float], flat: list[Rule], tall: list[Rule]
) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """For each square of the lattice its cell: (row, column, row span, column span)."""
    n_rows, n_columns = len(ys) - 1, len(xs) - 1
    walls = {
        (r, c): _covered([(t.y0, t.y1) for t in tall if abs((t.x0 + t.x1) / 2 - xs[c + 1]) <= NEAR],
                         ys[r], ys[r + 1])
        for r in range(n_rows) for c in range(n_columns - 1)
    }  # fmt: skip
    floors = {
        (r, c): _covered([(f.x0, f.x1) for f in flat if abs((f.y0 + f.y1) / 2 - ys[r + 1]) <= NEAR],
                         xs[c], xs[c + 1])
        for r in range(n_rows - 1) for c in range(n_columns)
    }  # fmt: skip
    spans: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for r in range(n_rows):
        for c in range(n_columns):
            if (r, c) in spans:
                continue
            right = c
            while right + 1 < n_columns and not walls[r, right] and (r, right + 1) not in spans:
                right += 1
            bottom = r
            while (
                bottom + 1 < n_rows
                and all(
                    not floors[bottom, k] and (bottom + 1, k) not in spans
                    for k in range(c, right + 1)
                )
                and all(not walls[bottom + 1, k] for k in range(c, right))
            ):
                bottom += 1
            cell = (r, c, bottom - r + 1, right - c + 1)
            for row in range(r, bottom + 1):
                for column in range(c, right + 1):
                    spans[row, column] = cell
    return spans


def _covered(pieces: list[tuple[float, float]], a: float, b: float) -> bool:
    inked = 0.0
    for p, q in pieces:
        inked += max(0.0, min(q, b) - max(p, a))
    return inked >= OPEN * (b - a)


def _cells(
    spans: dict[tuple[int, int], tuple[int, int, int, int]],
    lines: dict[tuple[int, int], list[Row]],
    number: int,
) -> list[Cell]:
    """Cells with their text. A row of the lattice that holds several rows of figures is parted."""
    parts = _parted({spans[key] for key in lines}, lines)
    shift, before = {}, 0
    last = max(r for r, _ in spans)
    for row in range(last + 2):
        shift[row] = row + before
        before += len(parts.get(row, [0])) - 1
    cells = []
    for key, found in lines.items():
        row, column, row_span, column_span = spans[key]
        if row in parts and row_span == 1:
            for k, (top, bottom) in enumerate(parts[row]):
                some = [line for line in found if top <= line.base < bottom]
                if some:
                    cells.append(_cell(some, shift[row] + k, column, 1, column_span, number))
            continue
        span = shift[row + row_span] - shift[row]
        cells.append(_cell(found, shift[row], column, span, column_span, number))
    return sorted(cells, key=lambda c: (c.row, c.column))


def _cell(lines: list[Row], row: int, column: int, rows: int, columns: int, number: int) -> Cell:
    text = joined([" ".join(s.text for s in line.segments) for line in lines])
    return Cell(
        row, column, text, rows, columns, page=number, box=union(line.box for line in lines)
    )


def _parted(
    cells: set[tuple[int, int, int, int]], lines: dict[tuple[int, int], list[Row]]
) -> dict[int, list[tuple[float, float]]]:
    """Rows of the lattice in which two columns and more hold a figure on each of the same lines:
    how each is parted, as (top, bottom) of baselines."""
    parts: dict[int, list[tuple[float, float]]] = {}
    for row in {r for r, _, span, _ in cells if span == 1}:
        columns = [lines[r, c] for r, c, span, _ in cells if r == row and span == 1]
        stacked = [
            [line.base for line in column]
            for column in columns
            if len(column) >= 2
            and sum(is_figure(line.text) for line in column) >= 0.6 * len(column)
        ]
        if len(stacked) < 2:
            continue
        longest = max(stacked, key=len)
        alike = [
            s for s in stacked
            if sum(any(abs(b - a) < 3 for b in longest) for a in s) >= 0.8 * len(s)
        ]  # fmt: skip
        if len(alike) < 2:
            continue
        edges = [-1e9, *((a + b) / 2 for a, b in pairwise(longest)), 1e9]
        parts[row] = list(pairwise(edges))
    return parts


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
        texts = [c.text for c in cells if c.row <= row < c.row + c.row_span and c.column > 0]
        if any(is_figure(t) and not is_year(t) for t in texts):
            return row if row <= 5 else 0

    def is_bold(row: int) -> bool:
        boxes = [c.box for c in cells if c.row == row]
        return bool(boxes) and all(box in bold for box in boxes)

    return 1 if is_bold(0) and not is_bold(1) else 0
