"""A page's ink, by text layer or OCR, to its blocks and tables in reading order."""

from tenth.documents.model import Block, Box, Page, Table
from tenth.documents.numbers import DASHES
from tenth.documents.page.blocks import Style, blocks_of, usual_pitch
from tenth.documents.page.borderless import borderless_grids
from tenth.documents.page.ink import Draft, Ink, Word
from tenth.documents.page.lines import Row, rows_of
from tenth.documents.page.printed_pages import printed_pages
from tenth.documents.page.ruled import ruled_grids
from tenth.documents.page.table_rows import Grid
from tenth.documents.page.zones import zones_of

PLACEHOLDER = "\0"  # stands for a drawn table among the words, so that it takes its place


def read_layout(ink: Ink, number: int, tables: bool = True) -> Draft:
    """Page `number` (from 1) as its ink shows it; without `tables`, their rows are text."""
    grids, words = ruled_grids(ink, number) if tables else ([], list(ink.words))
    style = Style.of(ink)
    stand_ins = [_stand_in(grid, k, style) for k, grid in enumerate(grids)]
    blocks: list[Block] = []
    found: list[Table] = []
    for side in printed_pages([*words, *stand_ins], ink.width, ink.height):
        for zone in zones_of(side):
            _read_zone(zone, ink, number, tables, grids, style, blocks, found)
    for word in ink.apart:
        box = word.x0, word.y0, word.x1, word.y1
        blocks.append(Block("paragraph", word.text, number, box))
    page = Page(
        number=number,
        blocks=tuple(blocks),
        width=round(ink.width, 2),
        height=round(ink.height, 2),
        source=ink.source,
        reason=ink.reason,
    )
    return Draft(page, tuple(found))


def _stand_in(grid: Grid, k: int, style: Style) -> Word:
    x0, y0, x1, y1 = grid.box
    return Word(f"{PLACEHOLDER}{k}", x0, y0, x1, y1, style.size, y0 + 0.8 * style.size)


def _read_zone(
    zone: list[Word],
    ink: Ink,
    number: int,
    tables: bool,
    drawn: list[Grid],
    style: Style,
    blocks: list[Block],
    found: list[Table],
) -> None:
    """Appends the zone's blocks and tables."""
    rows = rows_of([w for w in zone if not w.text.startswith(PLACEHOLDER)])
    if ink.source == "ocr":
        rows = [row for row in rows if not _is_line(row)]
    parts: list[tuple[float, Grid | list[Row]]] = [
        (w.y0, drawn[int(w.text[1:])]) for w in zone if w.text.startswith(PLACEHOLDER)
    ]
    in_table: set[int] = set()
    if tables:
        lines = [(r.x0, r.y0, r.x1, r.y1) for r in ink.rules if r.horizontal]
        for item in borderless_grids(rows, lines, list(ink.fills), number):
            parts.append((rows[item.first].y0, item.grid))
            in_table.update(range(item.first, item.last + 1))
    runs = _runs(rows, in_table, [y for y, _ in parts])
    parts += runs
    pitch = usual_pitch([run for _, run in runs])
    reach = min(w.x0 for w in zone), max(w.x1 for w in zone), pitch
    for _, part in sorted(parts, key=lambda part: part[0]):
        if isinstance(part, Grid):
            blocks.append(Block("table", "", number, part.box, table=len(found)))
            found.append(_table(part, number))
        else:
            after_table = bool(blocks) and blocks[-1].table is not None
            blocks.extend(blocks_of(part, number, style, reach, after_table))


def _is_line(row: Row) -> bool:
    """Dashes side by side and nothing else: to OCR the pieces of a line below headings."""
    return len(row.segments) > 1 and all(s.text in DASHES for s in row.segments)


def _runs(rows: list[Row], in_table: set[int], tops: list[float]) -> list[tuple[float, list[Row]]]:
    """The rows outside tables, parted where a table begins."""
    runs: list[tuple[float, list[Row]]] = []
    open_run = False
    for i, row in enumerate(rows):
        if i in in_table:
            open_run = False
            continue
        last = runs[-1][1][-1] if runs and open_run else None
        if last is not None and not any(last.y0 < top <= row.y0 for top in tops):
            runs[-1][1].append(row)
        else:
            runs.append((row.y0, [row]))
        open_run = True
    return runs


def _table(grid: Grid, number: int) -> Table:
    box: Box = grid.box
    return Table(
        cells=tuple(grid.cells),
        n_rows=grid.n_rows,
        n_columns=grid.n_columns,
        header_rows=grid.header_rows,
        page=number,
        box=box,
        parts=((number, box),),
        kind="ruled" if grid.ruled else "borderless",
    )
