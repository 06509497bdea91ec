"""What two spellings of the same text, number or grid share."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

DASHES = re.compile("[‐‑‒–—―−]")
WIDE = r"[\u2e80-\u9fff]"


def plain(text: str) -> str:
    """What two spellings of the same text share: brackets and signs stand at their number."""
    text = DASHES.sub("-", unicodedata.normalize("NFKC", text).replace("’", "'"))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s*([()])\s*", r"\1", text)
    text = re.sub(r"([$€£¥]) (?=[\d(.-])", r"\1", text)
    text = re.sub(r"(?<=[\d)]) %", "%", text)
    return re.sub(rf"(?<={WIDE}) | (?={WIDE})", "", text)


def tight(text: str) -> str:
    return plain(text).replace(" ", "")


def amount(text: str) -> str:
    """A number by its value, however it is printed; another text as it is."""
    text = plain(text)
    bare = re.sub(r"[$€£¥,]", "", text)
    match = re.fullmatch(r"(\(|-)?(\d+(?:\.\d+)?)\)?(%?)", bare)
    if not match:
        return text
    sign, digits, percent = match.groups()
    value = float(digits) / (100 if percent else 1)
    return f"{-value if sign else value:.3f}"


def compact(cells: Iterable[Any]) -> dict[tuple[int, int], tuple[Any, int, int]]:
    """Cells with text by row and column, empty rows and columns removed; with their spans then."""
    cells = [cell for cell in cells if cell.text.strip()]
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells})
    out = {}
    for cell in cells:
        down = sum(cell.row <= r < cell.row + cell.row_span for r in rows)
        across = sum(cell.column <= c < cell.column + cell.column_span for c in columns)
        out[rows.index(cell.row), columns.index(cell.column)] = cell, down, across
    return out
