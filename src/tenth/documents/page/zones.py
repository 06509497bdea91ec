"""A page's columns of text: words to zones in reading order, each read from top to bottom."""

import itertools

from tenth.documents.numbers import is_figure, is_sign
from tenth.documents.page.ink import Word
from tenth.documents.page.lines import SAME_LINE

GUTTER = 7.0  # points: the least width between two columns of text
MIN_ROWS = 5  # a gutter shorter than so many lines is chance
MIN_PROSE = 4  # lines of running text that make a side a column
MIN_ACROSS = 3  # rows of a table over the whole width, above or below columns of text

Span = tuple[float, float]


def zones_of(words: list[Word], depth: int = 0) -> list[list[Word]]:
    """Words by zone, in reading order: what stands above columns, each column, what is below."""
    found = _gutter(words) if depth < 8 and len(words) >= 30 else None
    if found is None:
        return [words] if words else []
    x, top, bottom = found
    above = [w for w in words if w.base < top]
    below = [w for w in words if w.base > bottom]
    beside = [w for w in words if top <= w.base <= bottom]
    left = [w for w in beside if (w.x0 + w.x1) / 2 < x]
    right = [w for w in beside if (w.x0 + w.x1) / 2 >= x]
    zones = []
    for part in (above, left, right, below):
        zones += zones_of(part, depth + 1)
    return zones


def _gutter(words: list[Word]) -> tuple[float, float, float] | None:
    """(x, top, bottom) of the longest strip without ink that has columns of text at both sides."""
    x0, x1 = min(w.x0 for w in words), max(w.x1 for w in words)
    if x1 - x0 < 150:
        return None
    lines = _lines(words)
    spans = [_spans(line) for line in lines]
    best: tuple[float, float, float] | None = None
    most = 0.0
    for x in _candidates(spans, x0, x1):
        for first, last in _runs_without(spans, x):
            whole = _without_ends(_without_tables(lines[first : last + 1], x), x)
            if not whole or _height(whole) <= most or not _is_gutter(whole, x):
                continue
            for run in _between_tables(whole, x):
                if _height(run) > most and (run is whole or _is_gutter(run, x)):
                    best, most = (x, run[0][0].base - 1, run[-1][0].base + 1), _height(run)
    return best


def _height(run: list[list[Word]]) -> float:
    return run[-1][0].base - run[0][0].base


def _lines(words: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.base):
        if lines and word.base - lines[-1][0].base <= SAME_LINE * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda w: w.x0)
    return lines


def _candidates(lines: list[list[Span]], x0: float, x1: float) -> list[float]:
    """Where many lines have no ink, from the emptiest on: the middles of such strips."""
    width = int(x1 - x0) + 1
    changes = [0] * (width + 1)  # of the number of lines with ink, from one point to the next
    for line in lines:
        end = 0
        for a, b in line:
            start, end = max(end, int(a - x0)), max(end, min(width, int(b - x0) + 1))
            changes[min(start, width)] += 1
            changes[max(start, end)] -= 1
    inked = list(itertools.accumulate(changes))
    margin = width // 7
    least = min(inked[margin : width - margin], default=0)
    limits = sorted({least, least + 1, least + 2, least + 4, len(lines) // 8, len(lines) // 2})
    runs: list[tuple[int, int, int]] = []  # lines with ink, from where, to where
    start = margin
    for level, run in itertools.groupby(inked[margin : width - margin]):
        end = start + sum(1 for _ in run)
        runs.append((level, start, end))
        start = end
    strips: list[tuple[int, int]] = []
    for limit in limits:
        for empty, group in itertools.groupby(runs, lambda run, limit=limit: run[0] <= limit):
            if empty:
                among = list(group)
                strips.append((among[0][1], among[-1][2]))
    middles = [x0 + (a + b) / 2 for a, b in strips if b - a >= GUTTER - 1]
    return list(dict.fromkeys(round(x, 1) for x in middles))[:24]


def _spans(line: list[Word]) -> list[Span]:
    """Runs of words that are no further apart than words of one sentence are."""
    spans: list[Span] = []
    for word in line:
        if spans and word.x0 - spans[-1][1] < max(4.0, 0.62 * word.size):
            spans[-1] = spans[-1][0], max(spans[-1][1], word.x1)
        else:
            spans.append((word.x0, word.x1))
    return spans


def _runs_without(lines: list[list[Span]], x: float) -> list[tuple[int, int]]:
    """The longest runs of lines in which nothing crosses x."""
    runs, start = [], None
    left, right = x - GUTTER / 2, x + GUTTER / 2
    for i, line in enumerate(lines):
        crossed = False
        for a, b in line:  # not any(...): this is the busiest loop of a page
            if a < right and b > left:
                crossed = True
                break
        if not crossed and start is None:
            start = i
        elif crossed and start is not None:
            runs.append((start, i - 1))
            start = None
    if start is not None:
        runs.append((start, len(lines) - 1))
    return sorted((r for r in runs if r[1] - r[0] + 1 >= MIN_ROWS), key=lambda r: r[0] - r[1])[:3]


def _without_tables(run: list[list[Word]], x: float) -> list[list[Word]]:
    """The run without a table above or below the columns whose labels stand left of x and whose
    figures stand right of it."""
    run = run[_rows_across(run, x) :]
    at = len(run) - _rows_across(run[::-1], x)
    top = _top_of_table(run, 0, at, x) if 0 < at < len(run) else at
    return run[: at if top is None else top]


def _rows_across(run: list[list[Word]], x: float) -> int:
    """How many lines from the first on are such a table's, up to its last row."""
    rows = end = 0
    for i, line in enumerate(run):
        if _is_across(line, x):
            rows, end = rows + 1, i + 1
        elif line[0].x1 < x < line[-1].x0:
            break  # text at both sides
        elif i - end > 2:
            break
    return end if rows >= MIN_ACROSS else 0


def _between_tables(run: list[list[Word]], x: float) -> list[list[list[Word]]]:
    """The parts of a run above, between and below tables that reach across x; itself without."""
    parts: list[list[list[Word]]] = []
    start = at = 0
    while at < len(run):
        rows = _rows_across(run[at:], x) if _is_across(run[at], x) else 0
        if rows:
            top = _top_of_table(run, start, at, x)
            if top is None:
                return [run]
            parts.append(run[start:top])
            start = at + rows
        at += max(1, rows)
    if not parts:
        return [run]
    ended = (_without_ends(part, x) for part in (*parts, run[start:]))
    return [part for part in ended if part]


def _top_of_table(run: list[list[Word]], start: int, at: int, x: float) -> int | None:
    """Where the header of a table begins whose first row is line `at`: behind the gap that ends
    the text above it; None where none does."""
    lefts = [[w for w in line if w.x1 < x] for line in run]
    rights = [[w for w in line if w.x0 > x] for line in run]
    sides = [(side, _width([line for line in side if line])) for side in (lefts, rights)]
    last = next(
        (i for i in range(at - 1, start - 1, -1)
         if any(side[i] and _count_prose([side[i]], wide) for side, wide in sides)),
        None,
    )  # fmt: skip
    if last is None:
        return start
    pitch = run[last][0].base - run[last - 1][0].base if last > start else 0.0
    for i in range(last + 1, at + 1):
        if run[i][0].base - run[i - 1][0].base > max(1.25 * pitch, 1.5 * run[i - 1][0].size):
            return i
    return None


def _is_across(line: list[Word], x: float) -> bool:
    """Whether a line is a label left of x and figures right of it."""
    right = [w for w in line if w.x0 > x]
    figures = bool(right) and all(is_figure(w.text) or is_sign(w.text) for w in right)
    return figures and line[0].x1 < x


def _without_ends(run: list[list[Word]], x: float) -> list[list[Word]]:
    """The run without lines that stand apart above or below it on one side: headers, footers."""

    def apart(line: list[Word], beside: list[Word]) -> bool:
        one_sided = all(w.x1 < x for w in line) or all(w.x0 > x for w in line)
        return one_sided and abs(line[0].base - beside[0].base) > 2.2 * line[0].size

    while len(run) >= MIN_ROWS and apart(run[0], run[1]):
        run = run[1:]
    while len(run) >= MIN_ROWS and apart(run[-1], run[-2]):
        run = run[:-1]
    return run if len(run) >= MIN_ROWS else []


def _is_gutter(run: list[list[Word]], x: float) -> bool:
    """Whether both sides are columns of their own, not the columns of one table."""
    left = [[w for w in line if w.x1 < x] for line in run]
    right = [[w for w in line if w.x0 > x] for line in run]
    sides = [[part for part in side if part] for side in (left, right)]
    shared = sum(1 for a, b in zip(left, right, strict=True) if a and b)
    if min(map(len, sides)) < MIN_ROWS:
        few, many = sorted(sides, key=len)
        full = len(few) > 1 and _count_prose(few) >= len(few) - 1  # the last line may be short
        apart = shared == 0 or len(few) > 2
        return full and apart and _count_prose(many) >= 2 * MIN_PROSE
    prose = [_count_prose(side) >= MIN_PROSE for side in sides]
    if not any(prose):
        return False
    if all(prose) or shared < 0.3 * min(map(len, sides)):
        return True
    return _has_columns(sides[prose.index(False)])


def _has_columns(side: list[list[Word]]) -> bool:
    """Whether a side is itself columns of text: one of three or more on the page."""
    words = [w for line in side for w in line]
    return sum(is_figure(w.text) for w in words) <= 0.25 * len(words) and bool(_gutter(words))


def _width(side: list[list[Word]]) -> float:
    if not side:
        return 0.0
    return max(w.x1 for line in side for w in line) - min(w.x0 for line in side for w in line)


def _count_prose(side: list[list[Word]], wide: float = 0.0) -> int:
    """Lines of running text: mostly letters, packed, and nearly as long as the side is wide."""
    wide = wide or _width(side)
    return sum(
        sum(len(w.text) for w in line) >= 14
        and sum(is_figure(w.text) for w in line) <= 0.25 * len(line)
        and line[-1].x1 - line[0].x0 > 0.7 * wide
        and _is_packed(line)
        for line in side
    )


def _is_packed(line: list[Word]) -> bool:
    return all(b.x0 - a.x1 < 1.6 * b.size for a, b in itertools.pairwise(line))
