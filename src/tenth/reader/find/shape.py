"""Tables of formats without geometry, put as they are meant: headers found, centred ones spread,
headings among the figures told from labels, tables that stand below one another taken apart."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_figure, is_period, is_scale, is_year
from tenth.reader.dates import MONTH
from tenth.reader.periods import is_change

MOST_HEADERS = 8  # rows
MOST_CELLS = 20_000  # of a table that is looked at so closely
HAS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TIME = re.compile(rf"\b(?:{MONTH}|year|quarter|fiscal|FY|months|weeks)", re.I)
_GLUED_DATE = re.compile(rf"(\b{MONTH}\.? \d{{1,2}}),(?=(?:19|20)\d\d)", re.I)

Rows = dict[int, dict[int, Cell]]


def pieces_of(table: Table) -> Iterator[tuple[Table, dict[tuple[int, int], Cell]]]:
    """The tables that a table is meant to be, and for each place in them the cell as it is."""
    spans = any(cell.box or cell.row_span > 1 or cell.column_span > 1 for cell in table.cells)
    if spans or len(table.cells) > MOST_CELLS:  # a page or a sheet says itself what is above what
        yield table, {(cell.row, cell.column): cell for cell in table.cells}
        return
    rows: Rows = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, {})[cell.column] = cell
    starts = _starts(table, rows)
    head: list[dict[int, Cell]] = []
    for (start, body), end in zip(starts, [*(s for s, _ in starts[1:]), table.n_rows], strict=True):
        own = [rows[i] for i in range(start, body) if i in rows]
        head = _inherited(head, own) if head else own
        inside = [rows[i] for i in range(body, end) if i in rows]
        yield _piece(table, head, inside)


def _starts(table: Table, rows: Rows) -> list[tuple[int, int]]:
    """Where each piece starts, and where its rows below the headers do."""
    first = _body(rows, table)
    starts = [(0, first)]
    i = first
    known = {cell.text for k in range(first) for cell in rows.get(k, {}).values()}
    while i < table.n_rows:
        end = i
        while end in rows and _heads_again(rows[end], known):
            end += 1
        if end > i and end < table.n_rows and i > first:
            starts.append((i, end))
        i = max(end, i + 1)
    return starts


def _body(rows: Rows, table: Table) -> int:
    """Below how many rows the figures begin: more than the format says, where what follows names
    no row and holds no figure, or where words fill the very first row."""
    body = table.header_rows
    while body < MOST_HEADERS and body in rows and _names_columns(rows[body]):
        body += 1
    if not body and 0 in rows:
        right = [cell.text for column, cell in rows[0].items() if column]
        names = sum(not is_figure(text) or is_year(text) for text in right)  # "20181": a footnote
        body = int(len(right) > 1 and 2 * names > len(right))
    while body > 1 and (last := _alone(rows.get(body - 1, {}))) and last.text.endswith((":", "：")):
        body -= 1  # "Revenues:" in a column of figures opens the rows
    return body


def _names_columns(row: dict[int, Cell]) -> bool:
    if 0 in row or _opens(row):
        return False
    return all(not is_figure(c.text) or is_year(c.text) or is_scale(c.text) for c in row.values())


def _alone(row: dict[int, Cell]) -> Cell | None:
    """The only text of a row that has no label and no figure."""
    cells = list(row.values())
    return (
        cells[0] if len(cells) == 1 and cells[0].column and not is_figure(cells[0].text) else None
    )


def _opens(row: dict[int, Cell]) -> bool:
    return bool((one := _alone(row)) and one.text.endswith((":", "：")))


def _heads_again(row: dict[int, Cell], known: set[str]) -> bool:
    """A row of headers below figures: of times, or of what stood above the columns before."""
    if not _names_columns(row):
        return False
    return all(
        cell.text in known or HAS_YEAR.search(cell.text) or is_period(cell.text)
        for cell in row.values()
    )


def _inherited(before: list[dict[int, Cell]], own: list[dict[int, Cell]]) -> list[dict[int, Cell]]:
    """Headers that say a time alone stand above the columns that were named before."""
    if any(len(row) > 1 for row in own):
        return own
    kept = [row for row in before if not all(HAS_YEAR.search(c.text) for c in row.values())]
    return [*own, *kept]


def _piece(
    table: Table, head: list[dict[int, Cell]], inside: list[dict[int, Cell]]
) -> tuple[Table, dict[tuple[int, int], Cell]]:
    cells, places = [], {}
    width = _columns(inside)
    labels = _labels_end(inside)
    body = (_labelled(row, labels) for row in inside)
    for number, row in enumerate([*_spread(head, width), *body]):
        for cell in row:
            places[number, cell.column] = cell
            is_head = number < len(head)
            text = _GLUED_DATE.sub(r"\1, ", cell.text)
            cells.append(msgspec.structs.replace(cell, row=number, header=is_head, text=text))
    whole = msgspec.structs.replace(
        table, cells=tuple(cells), n_rows=len(head) + len(inside), header_rows=len(head)
    )
    return whole, places


def _columns(inside: list[dict[int, Cell]]) -> list[int]:
    """The columns with figures."""
    found = {c for row in inside for c, cell in row.items() if c and is_figure(cell.text)}
    return sorted(found)


def _labels_end(inside: list[dict[int, Cell]]) -> int:
    """The first column that holds figures more often than words."""
    balance: dict[int, int] = {}
    for row in inside:
        for column, cell in row.items():
            balance[column] = balance.get(column, 0) + (1 if is_figure(cell.text) else -1)
    return min((c for c, more in balance.items() if c and more > 0), default=0)


def _labelled(row: dict[int, Cell], end: int) -> list[Cell]:
    """A heading that stands over the figures is the label of its row; so is all that stands left
    of the figures: "Balance", "30 June 2018"."""
    if one := _alone(row):
        return [msgspec.structs.replace(one, column=0)]
    left = [cell for column, cell in row.items() if column < end]
    if len(left) < 2 or any(is_figure(cell.text) for cell in left):
        return list(row.values())
    label = msgspec.structs.replace(left[0], text=" ".join(cell.text for cell in left))
    return [label, *(cell for column, cell in row.items() if column >= end)]


def _spread(head: list[dict[int, Cell]], columns: list[int]) -> list[list[Cell]]:
    """Headers that are centred over several columns stand over all of them: a time over all, and
    as many as there are repetitions of the columns' names each over one of these."""
    names = [head[-1][c].text if c in head[-1] else "" for c in columns] if head else []
    spread = []
    for row in head:
        right = [cell for column, cell in sorted(row.items()) if column]
        width = max(1, len(columns) // max(1, len(right)))
        groups = [names[i : i + width] for i in range(0, len(names), width)] if right else []
        if row is head[-1]:
            spread.append(_widened(row, head[:-1], columns))
        elif len(right) == 1 < len(columns) and _is_over_all(right[0].text, names):
            spread.append(_over(row, right, columns, len(columns)))
        elif 1 < len(right) == len(groups) and width > 1 and all(g == groups[0] for g in groups):
            spread.append(_over(row, right, columns, width))
        else:
            spread.append(list(row.values()))
    return spread


def _widened(row: dict[int, Cell], above: list[dict[int, Cell]], columns: list[int]) -> list[Cell]:
    """A name whose right neighbour has none, nor a time above it, is that one's too: an amount's,
    and the percentage's beside it."""
    row = dict(row)
    for left, column in pairwise(columns):
        own = [cells[column].text for cells in above if column in cells]
        if left in row and column not in row and not any(map(_is_time, own)):
            span = column - row[left].column + 1
            row[left] = msgspec.structs.replace(row[left], column_span=span)
    return list(row.values())


def _is_time(text: str) -> bool:
    return bool(HAS_YEAR.search(text) or is_period(text) or _TIME.search(text))


def _is_over_all(text: str, names: Sequence[str]) -> bool:
    """A time, or what all columns are of that have names below: no change, that is of two."""
    return _is_time(text) or (all(names) and not is_change(text))


def _over(row: dict[int, Cell], right: list[Cell], columns: list[int], width: int) -> list[Cell]:
    corner = [row[0]] if 0 in row else []
    return corner + [
        msgspec.structs.replace(
            cell,
            column=columns[i * width],
            column_span=columns[(i + 1) * width - 1] - columns[i * width] + 1,
        )
        for i, cell in enumerate(right)
    ]
