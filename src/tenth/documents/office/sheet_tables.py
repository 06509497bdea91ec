"""A sheet's regions become tables: with their titles, their scale, and every cell's reference."""

from collections.abc import Iterator
from itertools import pairwise

from openpyxl.utils import get_column_letter

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_figure
from tenth.documents.office.grids import finished, header_rows, is_title, line_scale
from tenth.documents.office.regions import Area, Region
from tenth.documents.office.sheet_xml import Raw

MOST_LABELS = 5  # lines above a table that may belong to it
NEAR = 2  # blank rows between such a line and the table


def titled(found: list[Region]) -> Iterator[tuple[Region, list[str]]]:
    """Regions with the lines above them that are theirs; those lines are no regions any more."""
    labels: dict[int, list[int]] = {}
    taken: set[int] = set()
    recent: list[int] = []  # regions that are lines, not yet a table's
    for index, region in enumerate(found):
        if _is_label(region):
            recent.append(index)
            continue
        top = region.top
        near = [
            i for i in recent
            if i not in taken and found[i].bottom < top and found[i].left <= region.right
            and found[i].right >= region.left - 1
        ]  # fmt: skip
        mine: list[int] = []
        for i in reversed(near):
            if top - found[i].bottom - 1 > NEAR or len(mine) >= MOST_LABELS:
                break
            mine.insert(0, i)
            top = found[i].top
        taken.update(mine)
        labels[index] = mine
        recent = recent[-4 * MOST_LABELS :]
    for index, region in enumerate(found):
        if index not in taken:
            lines = [cell.text for i in labels.get(index, ()) for cell in found[i].cells]
            yield region, lines


def _is_label(region: Region) -> bool:
    """A few lines of one cell each, none a figure."""
    cells = region.cells
    return (
        region.area is None
        and len(cells) <= MOST_LABELS
        and len({cell.row for cell in cells}) == len(cells)
        and all(not cell.formula and not is_figure(cell.text) for cell in cells)
        and all(is_title(cell.text) or line_scale(cell.text) for cell in cells)
        and len({cell.column for cell in cells}) == 1
    )


def peeled(region: Region) -> tuple[list[str], list[Raw]]:
    """Title lines that stand on a table without a blank row between, and the rest of it."""
    rows: dict[int, list[Raw]] = {}
    for cell in region.cells:
        rows.setdefault(cell.row, []).append(cell)
    order = sorted(rows)
    lines: list[str] = []
    for row, below in pairwise(order[: MOST_LABELS + 1]):
        cell = rows[row][0]
        alone = len(rows[row]) == 1 and cell.column == region.left and cell.row_span == 1
        title = isinstance(cell.value, str) and (is_title(cell.text) or line_scale(cell.text))
        if not alone or not title or len(order) - len(lines) < 3 or _is_section(rows, order, row):
            break
        lines.append(cell.text)
        if len(rows[below]) > 1:
            break
    rest = [cell for cell in region.cells if cell.row >= order[len(lines)]]
    columns = {cell.column for cell in rest}
    return (lines, rest) if len(columns) > 1 else ([], region.cells)


def _is_section(rows: dict[int, list[Raw]], order: list[int], row: int) -> bool:
    """Whether what follows a lone line are figures: then it labels them, and is no title."""
    later = next((rows[r] for r in order if r > row and len(rows[r]) > 1), [])
    return any(isinstance(cell.value, float) and not 1900 <= cell.value <= 2100 for cell in later)


def reference(sheet: str, row: int, column: int) -> str:
    """ "Sheet1!B3", as Excel spells it."""
    plain = sheet.replace(".", "_").isidentifier()
    name = sheet if plain else "'" + sheet.replace("'", "''") + "'"
    return f"{name}!{get_column_letter(column)}{row}"


def table(cells: list[Raw], sheet: str, page: int, labels: list[str], area: Area | None) -> Table:
    top = min(c.row for c in cells)
    left = min(c.column for c in cells)
    n_rows = max(c.row + c.row_span for c in cells) - top
    n_columns = max(c.column + c.column_span for c in cells) - left

    def made(raw: Raw, header: bool) -> Cell:
        return Cell(
            row=raw.row - top, column=raw.column - left, text=raw.text,
            row_span=raw.row_span, column_span=raw.column_span, header=header, page=page,
            ref=reference(sheet, raw.row, raw.column), value=raw.value, formula=raw.formula,
        )  # fmt: skip

    if area is not None:
        headers = area.headers
    else:
        head = [made(raw, False) for raw in cells if raw.row - top <= 8]
        headers = header_rows(head, n_rows)
    kept = [made(raw, raw.row - top < headers) for raw in cells]
    name = area.name if area else ""
    return finished(kept, n_rows, n_columns, headers, labels, page, name)
