"""Pages read one by one, as one document: running headers and footers, tables that go on."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import msgspec

from tenth.documents.model import Block, Box, Cell, Page, Table
from tenth.documents.numbers import is_scale
from tenth.documents.page.captions import (
    CONTINUED,
    title_at_end,
    with_captions,
    with_title_before,
)
from tenth.documents.page.ink import Draft

EDGE = 0.13  # of the page's height: where running headers and footers stand
PAGE_NUMBER = re.compile(
    r"^(?:[-–—]\s*)?(?:page\s+)?[A-Z]?-?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–—])?$"
    r"|^第\s*\d+\s*页.*$",
    re.IGNORECASE,
)
NOTE_BELOW = 24.0  # points between a table and its notes
ENDS = 3  # so many of a page's first and last blocks may be running ones wherever they stand
ENDED = -1  # the place of such
Key = tuple[str, str, int]  # header or footer, its text, its place
LONGEST_LABEL, ONE_LINE = 100, 16.0  # characters and points of a group's label
SHIFT = 8.0  # points that a column may stand elsewhere on the next page


def assembled(drafts: Callable[[], Iterable[Draft]]) -> Iterator[tuple[Page, tuple[Table, ...]]]:
    """See `read.assemble`."""
    furniture = _Furniture()
    for draft in drafts():
        furniture.see(draft.page)
    joiner = _Joiner()
    title: list[Block] = []
    for draft in drafts():
        blocks, tables = with_captions(furniture.marked(draft.page), draft.tables)
        tables, title = with_title_before(blocks, tables, title), title_at_end(blocks)
        yield from joiner.add(msgspec.structs.replace(draft.page, blocks=tuple(blocks)), tables)
    yield from joiner.rest()


class _Furniture:
    """What stands at the same place of many pages' edges, numbers apart."""

    def __init__(self) -> None:
        self.seen: Counter[Key] = Counter()
        self.pages = 0

    def see(self, page: Page) -> None:
        self.pages += 1
        found: set[Key] = set()
        for i, block in enumerate(page.blocks):
            ends, places = self._keys(page, i, block)
            found.update(ends, places[:1])
        self.seen.update(found)

    def _keys(self, page: Page, i: int, block: Block) -> tuple[list[Key], list[Key]]:
        """Where the block stands among the page's first and last (both, on a page of few), the
        likelier first; its height on the page, then heights a little above and below that."""
        if block.box is None or not block.text or len(block.text) > 300:
            return [], []
        top, bottom = block.box[1], page.height - block.box[3]
        ended = min(i, len(page.blocks) - 1 - i) < ENDS
        if not (ended or min(top, bottom) < EDGE * page.height) or is_scale(block.text):
            return [], []
        text = re.sub(r"\d+", "#", block.text)
        before, behind = i, len(page.blocks) - 1 - i
        lower = block.box[1] + block.box[3] >= page.height
        order = sorted([(before, lower, "header"), (behind, not lower, "footer")])
        ends: list[Key] = [(kind, text, ENDED) for count, _, kind in order if count < ENDS]
        places: list[Key] = []
        if min(top, bottom) < EDGE * page.height:
            edge, place = ("header", top) if top < bottom else ("footer", bottom)
            near = round(place / 6)
            ends = ends or [(edge, text, ENDED)]
            places = [(edge, text, near), (edge, text, near - 1), (edge, text, near + 1)]
        return ends, places

    def marked(self, page: Page) -> tuple[Block, ...]:
        """The page's blocks, running ones as headers and footers. Nothing else stands above a
        running header or below a running footer."""
        blocks = list(page.blocks)
        kinds = [self._kind(page, i, block) for i, block in enumerate(blocks)]
        top = next((i for i, kind in enumerate(kinds) if kind != "header"), len(blocks))
        end = next((i for i in reversed(range(len(blocks))) if kinds[i] != "footer"), -1)
        said = sum(len(block.text) for block in blocks)
        if top > end and said > 60:
            return tuple(blocks)  # a page that says the same as others, and nothing else
        for i in (*range(top), *range(end + 1, len(blocks))):
            blocks[i] = msgspec.structs.replace(blocks[i], kind=kinds[i], level=0)
        return tuple(blocks)

    def _kind(self, page: Page, i: int, block: Block) -> str:
        ends, places = self._keys(page, i, block)
        if not ends:
            return ""
        end = max(ends, key=lambda key: self.seen[key])  # of equals the first
        place = sum(self.seen[key] for key in places)
        needed = max(2, min(4, round(0.4 * self.pages)))
        if max(self.seen[end], place) >= needed or self._is_number(page, i, block):
            return end[0]
        return ""

    def _is_number(self, page: Page, i: int, block: Block) -> bool:
        """A page's number at its very edge, or as its last line where the print ends early."""
        if block.box is None or not PAGE_NUMBER.match(block.text):
            return False
        edge = min(block.box[1], page.height - block.box[3])
        return edge < 0.09 * page.height or (i == len(page.blocks) - 1 and i > 0)


class _Joiner:
    """Puts a table's parts on following pages together, and counts tables through the document."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Page, list[Table]]] = []  # pages whose last table may go on
        self.count = 0

    def add(self, page: Page, tables: list[Table]) -> Iterator[tuple[Page, tuple[Table, ...]]]:
        own = list(tables)
        joined = self._joined(page, own) if self.waiting else False
        first = self.count - 1 if joined else self.count
        if joined:
            own.pop(0)
        else:
            yield from self.rest()
        blocks = tuple(
            b if b.table is None else msgspec.structs.replace(b, table=b.table + first)
            for b in page.blocks
        )
        self.count += len(own)
        page = msgspec.structs.replace(page, blocks=blocks)
        if joined and own:
            yield from self.rest()
        if not joined and not own:
            yield page, ()
            return
        self.waiting.append((page, own))
        if not _ends_with_table(page):
            yield from self.rest()

    def rest(self) -> Iterator[tuple[Page, tuple[Table, ...]]]:
        for page, tables in self.waiting:
            yield page, tuple(tables)
        self.waiting = []

    def _joined(self, page: Page, tables: list[Table]) -> bool:
        """Whether the page's first table goes on with the open one, of which it then is part."""
        body = [b for b in page.blocks if b.kind not in ("header", "footer")]
        at = next((i for i, b in enumerate(body) if b.table is not None), None)
        if at is None or body[at].table != 0:
            return False
        owner = next(tables_ for _, tables_ in reversed(self.waiting) if tables_)
        before, after = owner[-1], tables[0]
        labels = not after.header_rows  # above a header of its own no label is the open table's
        if not all(
            _is_repeated(b, before) or (labels and _is_label(b, body[at])) for b in body[:at]
        ):
            return False
        whole = join(before, after)
        if whole is None:
            return False
        owner[-1] = whole
        return True


def _is_repeated(block: Block, table: Table) -> bool:
    """A line above the rest of a table that only says what it goes on with."""
    text = CONTINUED.sub("", block.text).strip(" ()（）-–—.")
    return bool(CONTINUED.search(block.text)) or (
        bool(text) and len(block.text) < 200 and text in f"{table.caption} {table.scale}"
    )


def _is_label(block: Block, table: Block) -> bool:
    """The label of a group, right above the rows with which a table goes on: "Adjustments to ...:"
    at the top of a page."""
    a, b = block.box, table.box
    if a is None or b is None or not block.text.endswith(":") or len(block.text) > LONGEST_LABEL:
        return False
    return abs(a[0] - b[0]) < SHIFT and 0 <= b[1] - a[3] < a[3] - a[1] and a[3] - a[1] < ONE_LINE


def _ends_with_table(page: Page) -> bool:
    body = [b for b in page.blocks if b.kind not in ("header", "footer")]
    rest = [b for b in body if b.kind != "note"]
    if not rest or (table := rest[-1]).table is None:
        return False
    ended = any(b.box and table.box and 0 <= b.box[1] - table.box[3] < NOTE_BELOW for b in body)
    return not ended  # a table's notes stand below its end


def join(before: Table, after: Table) -> Table | None:
    """Both as one table, if the second has the first's columns; its repeated header is dropped."""
    columns = _columns(before, after)
    if columns is None:
        return None
    header = _header(before), _header(after)
    dropped = 0
    if after.header_rows and _same_header(*header, columns):
        dropped = after.header_rows
    elif after.header_rows and not _could_be_rows(after):
        return None
    shift = before.n_rows - dropped
    moved = [
        Cell(
            c.row + shift, columns[c.column], c.text, c.row_span,
            columns[c.column + c.column_span - 1] - columns[c.column] + 1,
            False, c.page, c.box, c.ref, c.value, c.formula,
        )
        for c in after.cells
        if c.row >= dropped
    ]  # fmt: skip
    return msgspec.structs.replace(
        before,
        cells=(*before.cells, *moved),
        n_rows=before.n_rows + after.n_rows - dropped,
        parts=(*before.parts, *after.parts),
        scale=before.scale or after.scale,
    )


def _header(table: Table) -> dict[tuple[int, int], str]:
    return {(c.row, c.column): c.text for c in table.cells if c.row < table.header_rows}


def _same_header(
    a: dict[tuple[int, int], str], b: dict[tuple[int, int], str], columns: dict[int, int]
) -> bool:
    there = {CONTINUED.sub("", t).strip(" ()") for t in a.values()}
    here = {CONTINUED.sub("", t).strip(" ()") for t in b.values()}
    if any(any(c.isdigit() for c in text) for text in here - there):
        return False  # another date
    return len(here & there) >= 0.7 * len(here)


def _could_be_rows(table: Table) -> bool:
    """Whether what looks like a header may be labels at the top of the page: none stands right
    of the first column."""
    return all(c.column == 0 for c in table.cells if c.row < table.header_rows)


def _columns(before: Table, after: Table) -> dict[int, int] | None:
    """For each column of the second table the first's column that it stands below."""
    theirs, ours = _spans(before), _spans(after)
    if not theirs or not ours:
        return None
    if before.kind == after.kind == "ruled" and before.n_columns == after.n_columns:
        a, b = before.box, after.box
        close = a and b and abs(a[0] - b[0]) < SHIFT and abs(a[2] - b[2]) < SHIFT
        return {i: i for i in range(after.n_columns)} if close else None
    columns: dict[int, int] = {}
    for column, (x0, x1) in sorted(ours.items()):
        best = min(theirs, key=lambda c: _off(theirs[c], (x0, x1)))
        if _off(theirs[best], (x0, x1)) > SHIFT or best in columns.values():
            return None
        columns[column] = best
    for column in range(after.n_columns):
        columns.setdefault(column, column)
    rising = list(columns[c] for c in sorted(columns))
    if any(a >= b for a, b in pairwise(rising)) or rising[-1] >= before.n_columns:
        return None
    if len(theirs) - len(ours) > max(1, len(theirs) // 3):
        return None
    return columns


def _off(a: tuple[float, float], b: tuple[float, float]) -> float:
    """How far apart two columns stand: figures meet at the right, labels at the left."""
    return min(abs(a[0] - b[0]), abs(a[1] - b[1]), abs(a[0] + a[1] - b[0] - b[1]) / 2)


def _spans(table: Table) -> dict[int, tuple[float, float]]:
    spans: dict[int, tuple[float, float]] = {}
    for cell in table.cells:
        if cell.box is None or cell.column_span > 1:
            continue
        box: Box = cell.box
        x0, x1 = spans.get(cell.column, (box[0], box[2]))
        spans[cell.column] = min(x0, box[0]), max(x1, box[2])
    return spans
