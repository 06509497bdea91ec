"""Tables of formats that say what is a cell: their refs, header rows, captions and scale lines."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from tenth.config import ReadConfig
from tenth.documents.model import Block, Cell, Table
from tenth.documents.numbers import is_figure, is_scale, is_year, scale_in
from tenth.documents.page.captions import NUMBERED, SENTENCE
from tenth.documents.refusal import Refused

MAX_HEADER_ROWS = 5
TITLE = 160  # characters; longer ones are text
PLACES = 4  # for each cell that a document may have: of its tables, empty ones included
MOST_TABLES = 20_000  # of a document
CELL_BYTES = 1_000  # of worker_bytes for each cell or paragraph: memory, and seconds too
PLAIN_BYTES = 500  # for one that is nothing but a text
MAX_SENTENCE = 400  # characters of one that leads to a table


def read_bytes(path: Path, config: ReadConfig) -> bytes:
    """A file that is held in memory. Raises Refused."""
    with path.open("rb") as file:
        data = file.read(config.max_part_bytes + 1)
    if len(data) > config.max_part_bytes:
        raise Refused(
            f"{path.name}: {path.stat().st_size:,} bytes are more than "
            f"max_part_bytes={config.max_part_bytes:,}"
        )
    return data


def cell_limit(config: ReadConfig, size: int = CELL_BYTES) -> tuple[int, str]:
    """How many cells a document may have, and which setting says so."""
    by_memory = config.worker_bytes // size
    if by_memory < config.max_cells:
        return by_memory, f"worker_bytes={config.worker_bytes:,} at {size:,} bytes each"
    return config.max_cells, f"max_cells={config.max_cells:,}"


class Budget:
    """Blocks and cells of one document, counted as they come."""

    def __init__(self, name: str, config: ReadConfig, size: int = CELL_BYTES):
        self.name, self.used = name, 0
        self.limit, self.limit_name = cell_limit(config, size)

    def take(self, count: int = 1) -> None:
        """Raises Refused."""
        self.fits(count)
        self.used += count

    def check_area(self, rows: int, columns: int) -> None:
        """A table may have holes, yet its grid has a place for each. Raises Refused."""
        if rows * columns > PLACES * self.limit:
            raise Refused(
                f"{self.name}: a table of {rows:,} rows and {columns:,} columns has more than "
                f"{PLACES} places for each of {self.limit:,} cells, {self.limit_name}"
            )

    def fits(self, count: int) -> None:
        if self.used + count > self.limit:
            raise Refused(
                f"{self.name}: has more than {self.limit:,} cells and paragraphs, {self.limit_name}"
            )


def ref(number: int, row: int, column: int) -> str:
    """Where a cell stands, all from 1: "table 2!B3"."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"table {number}!{letters}{row}"


def table_of(
    rows: Sequence[Sequence[str]], number: int, header_rows: int, first_row: int = 1
) -> Table:
    """A table without spans. `first_row` is what its first row is called, where text is above."""
    cells = tuple(
        Cell(i, k, text, header=i < header_rows, ref=ref(number, first_row + i, k + 1))
        for i, row in enumerate(rows)
        for k, text in enumerate(row)
        if text
    )
    return Table(cells, len(rows), max(map(len, rows), default=0), header_rows)


def header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top name the columns: those without a figure that is not a year."""
    if len(rows) < 2:
        return 0
    named = False  # a column other than the first has a name
    for i, row in enumerate(rows[: MAX_HEADER_ROWS + 1]):
        if any(is_figure(text) and not is_year(text) for text in row if text):
            return i
        if named and row and row[0] and not any(row[1:]):  # "Assets:" opens the rows
            return i
        named = named or any(row[1:])
    first = [text for text in rows[0] if text]  # words all over: a first row of names, or none
    return int(len(first) >= 2 and len(set(first)) == len(first) and max(map(len, first)) <= 60)


def with_caption(blocks: list[Block], table: Table) -> Table:
    """The table with the title and the scale line that the last blocks are; they become captions.

    A scale that only a sentence leading to the table, its header or its first labels say is found
    too.
    """
    title, scale = "", ""
    for i in range(len(blocks) - 1, max(-1, len(blocks) - 4), -1):
        block = blocks[i]
        lines = block.text.split("\n") if len(block.text) <= TITLE else []
        words = " ".join(line for line in lines if not is_scale(line))
        if title or not lines or (words and not _is_title(block.kind, words)):
            leading = _leading(block)
            title, scale = title or leading, scale or scale_in(leading)
            break
        title = words
        scale = scale or next(filter(None, map(scale_in, lines)), "")
        if block.kind == "paragraph":
            blocks[i] = msgspec.structs.replace(block, kind="caption")
    return msgspec.structs.replace(
        table, caption=table.caption or title, scale=table.scale or scale or own_scale(table)
    )


def _leading(block: Block) -> str:
    """The sentence that ends a paragraph, if it leads to what follows: "... (in millions):"."""
    last = SENTENCE.split(block.text[-MAX_SENTENCE:])[-1]
    if block.kind not in ("paragraph", "list", "caption") or len(last) == MAX_SENTENCE:
        return ""
    return last if last.endswith((":", "：")) or scale_in(last) else ""


def _is_title(kind: str, text: str) -> bool:
    if kind in ("heading", "caption"):
        return True
    ended = text.endswith(tuple(".:;,。：；，"))
    return kind == "paragraph" and (bool(NUMBERED.match(text)) or not ended)


def own_scale(table: Table) -> str:
    for cell in table.cells:
        if cell.row > max(table.header_rows, 1):
            break
        if (cell.header or cell.column == 0) and (scale := scale_in(cell.text[:TITLE])):
            return scale
    return ""
