"""The lattice that a table's drawn lines make: which lines belong together, which squares too."""

from collections.abc import Iterable

from tenth.documents.page.ink import Rule

NEAR = 2.5  # points: lines closer than that are one, and such a gap is no gap
OPEN = 0.45  # an edge drawn for less than this share of a cell's side is no edge
Place = tuple[int, int]  # row, column of the lattice
Span = tuple[int, int, int, int]  # of a cell: row, column, how many rows, how many columns


def components(rules: Iterable[Rule]) -> list[list[Rule]]:
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


def lattice_of(
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


def squares(
    xs: list[float], ys: list[float], flat: list[Rule], tall: list[Rule]
) -> dict[Place, Span]:
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
    spans: dict[Place, Span] = {}
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
