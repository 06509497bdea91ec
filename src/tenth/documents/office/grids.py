"""Tables that a file gives as such: which rows are headers, which lines belong to it."""

import re
from collections.abc import Sequence

from tenth.documents.model import Cell, Table
from tenth.documents.numbers import is_figure, is_year, scale_in

LONGEST = 160  # characters of a title or scale line
MOST_HEADERS = 6  # rows
_ENDS = tuple(".。;；,，?？")
_NUMBERED = re.compile(
    r"^(?:table|tab\.|exhibit|schedule|表格?|图表|圖表|附表)\s*[\dA-Z一二三四五六七八九十]",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"^(?:19|20)\d\d[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?|月)?$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$"
)


def is_numbered(text: str) -> bool:
    """ "Table 3. Revenue", "表 3 营业收入": a caption, wherever it stands."""
    return len(text) <= LONGEST and bool(_NUMBERED.match(text))


def is_title(text: str) -> bool:
    """Whether a line could be the title of what follows: short, and no sentence."""
    return 0 < len(text) <= LONGEST and not text.endswith(_ENDS)


def line_scale(text: str) -> str:
    """The scale that a line tells: the whole line where it begins with it, "(In thousands)
    (Unaudited)", else the words that do, as in a title; never out of a long text."""
    text = " ".join(text.split())
    found = scale_in(text) if len(text) <= LONGEST else ""
    return text if found and text.startswith(found) else found


def is_datum(text: str) -> bool:
    """A figure that is no heading: years and dates head columns."""
    return is_figure(text) and not is_year(text) and not _DATE.match(text)


def header_rows(cells: Sequence[Cell], n_rows: int) -> int:
    """How many rows at the top head the columns: texts, years and dates above the figures.

    A row whose first column alone is filled is a section's label, not a header. Below a first row
    of headings, one more is taken where the first has spans or gaps, or where it holds years.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.row <= MOST_HEADERS and cell.text:
            rows.setdefault(cell.row, []).append(cell)
    above: list[Cell] = []  # the header row so far lowest
    count = 0
    for row in range(min(n_rows, MOST_HEADERS)):
        line = rows.get(row, [])
        if any(is_datum(cell.text) for cell in line):
            break
        if any(cell.column for cell in line):
            if above and not _goes_on(above, line, row):
                break
            above = line
            count = max(count, *(cell.row + cell.row_span for cell in line))
        elif above and row >= count:
            break
    return count if count < n_rows else 0


def _goes_on(above: list[Cell], line: list[Cell], row: int) -> bool:
    """Whether a line of texts below headers is one more of them."""
    if any(c.row + c.row_span > row for c in above):
        return True
    spans = any(c.column_span > 1 for c in above)
    if spans and (row == 1 or not any(c.column == 0 for c in line)):
        return True
    rest = [cell.text for cell in line if cell.column]
    dates = all(is_year(text) or _DATE.match(text) or line_scale(text) for text in rest)
    return dates or len(rest) > sum(cell.column > 0 for cell in above)


def scale_within(cells: Sequence[Cell], rows: int) -> str:
    """The scale where the table itself tells it: in its header, or its top left."""
    for cell in cells:
        if cell.row < max(rows, 1) and (found := line_scale(cell.text)):
            return found
    return ""


def finished(
    cells: Sequence[Cell], n_rows: int, n_columns: int, headers: int, labels: Sequence[str] = (),
    page: int = 0, name: str = "",
) -> Table:  # fmt: skip
    """A table of cells, with the lines above it sorted into its caption and its scale."""
    labels = [" ".join(line.split()) for line in labels]
    scale = next(filter(None, map(line_scale, reversed(labels))), "")
    captions = [line for line in labels if line and line != line_scale(line)]
    return Table(
        cells=tuple(cells),
        n_rows=n_rows,
        n_columns=n_columns,
        header_rows=headers,
        caption=" ".join(captions),
        scale=scale or scale_within(cells, headers),
        page=page,
        name=name,
    )
