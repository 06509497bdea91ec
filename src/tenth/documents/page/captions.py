"""What stands above (or right below) a table: its title, and the line that says the scale."""

import re
from collections.abc import Iterable

import msgspec

from tenth.documents.model import Block, Cell, Table
from tenth.documents.numbers import CURRENCY, is_figure, is_nothing, is_scale, is_year, scale_in

ABOVE = 6  # so many blocks above a table may be its title
LED = 4  # so many, the sentence that leads to it and lines of its header
LINES, SHORT = 3, 60  # of a title at a page's end, and the characters of each
LINES_APART = 13.0  # points: further apart, lines are not those of one title
NEAR = 50.0  # points between a table and its title, and between the title's lines
FAR = 120.0  # between a table and the scale that ends a title, where nothing else is between
BELOW_SCALE = re.compile(  # but for a title's last lines
    r"\(?(?:un)?audited\)?|\(?subject to reclassi\S{1,2}cation\)?", re.IGNORECASE
)
NUMBERED = re.compile(
    r"^(?:table|exhibit|chart|表|图表)\s*[A-Z]?[\d一二三四五六七八九十]", re.IGNORECASE
)
# "The following tables show ... (in millions)"
SEVERAL = re.compile(r"\b(?:following|below)\b[^.]{0,40}\btables\b|\btables below\b", re.IGNORECASE)
NUMBERED_NOTE = re.compile(r"^(?:note|item)\s+\d+", re.IGNORECASE)
STATEMENT = re.compile(
    r"\bstatements? of\b|\bbalance sheets?\b|\b(?:income|cash flows?) statements?\b",
    re.IGNORECASE,
)
CONTINUED = re.compile(r"\bcont(?:inued|['’]?d)\b|续", re.IGNORECASE)
_NOTES = re.compile(r"\b(?:accompanying|integral part|see) .*notes\b|\bnotes to\b", re.IGNORECASE)
_SIGNS = re.compile(rf"{CURRENCY}(?: {CURRENCY})*")  # "$ $", below the years
SENTENCE = re.compile(r"(?<=[.;。；])(?<![ .][A-Z]\.)\s+(?=[A-Z(\"“]|[^\x00-\x7f])")


def with_captions(
    blocks: Iterable[Block], tables: Iterable[Table]
) -> tuple[list[Block], list[Table]]:
    """Tables with their caption and scale; the blocks these came from become captions."""
    blocks, tables = list(blocks), list(tables)
    if not tables:
        return blocks, tables
    for_all = ""  # the scale that one sentence says for the tables that follow it
    for i, block in enumerate(blocks):
        if block.table is None:
            if said := SEVERAL.search(block.text):
                for_all = scale_in(block.text[said.start() :])
            elif NUMBERED_NOTE.match(block.text):
                for_all = ""
            continue
        table = tables[block.table]
        lines, sentence = _above(blocks, i)
        if not lines and not sentence and table.header_rows:
            lines = _far_above(blocks, i)
        scale = _scale([blocks[k].text for k in lines] + [sentence], table)
        scale = scale or _scale_led_with(blocks, i)
        scale = scale or (for_all if _has_amounts(table) else "")
        title = [blocks[k].text for k in lines if not is_scale(blocks[k].text)]
        table, title = _with_years(table, [blocks[k] for k in lines], title)
        if not title and not sentence and i + 1 < len(blocks) and _is_below(block, blocks[i + 1]):
            title = [blocks[i + 1].text]
            blocks[i + 1] = msgspec.structs.replace(blocks[i + 1], kind="caption")
        for k in lines:
            blocks[k] = msgspec.structs.replace(blocks[k], kind="caption", level=0)
        caption = " ".join(title) or sentence
        tables[block.table] = msgspec.structs.replace(table, caption=caption, scale=scale)
    return blocks, tables


def title_at_end(blocks: Iterable[Block]) -> list[Block]:
    """The lines at a page's end that are the title of a statement which the next page goes on
    with, and may end with its years: where a page of the print ends later than the statement's.
    Or three short ones, the last of which says the scale: 合并现金流量表, 2020年, 单位：元."""
    lines: list[Block] = []
    for block in reversed([b for b in blocks if b.kind not in ("header", "footer")]):
        if block.table is not None or len(lines) == ABOVE or not _is_title(block):
            break
        lines.insert(0, block)
        if STATEMENT.search(block.text):
            if CONTINUED.search(block.text) or _years(lines[-1]):
                return lines
            break
    lines = lines[-LINES:]
    is_short = len(lines) == LINES and max(len(line.text) for line in lines) <= SHORT
    is_title = is_short and not any(_NOTES.search(line.text) for line in lines)
    return lines if is_title and is_scale(lines[-1].text) else []


def _years(block: Block) -> list[str]:
    """ "2022 2021", the heads of a table's columns on one line; else none."""
    parts = block.text.split()
    return parts if len(parts) > 1 and all(map(is_year, parts)) else []


def with_title_before(
    blocks: Iterable[Block], tables: list[Table], lines: list[Block]
) -> list[Table]:
    """The page's first table with the title that stands at the end of the page before, if it is
    the first of the page and has none of its own."""
    body = [block for block in blocks if block.kind not in ("header", "footer")]
    if not lines or not body or body[0].table != 0 or tables[0].caption or tables[0].scale:
        return tables
    years = _years(lines[-1])
    texts = [line.text for line in (lines[:-1] if years else lines)]
    title = " ".join(text for text in texts if not is_scale(text))
    first = msgspec.structs.replace(tables[0], caption=title, scale=_scale(texts, tables[0]))
    return [_headed(first, years, lines[-1]), *tables[1:]]


def _with_years(table: Table, lines: list[Block], title: list[str]) -> tuple[Table, list[str]]:
    """The table with the years of its title's last lines as heads, where a gap parts these from
    its rows; the title without them."""
    heads = next((line for line in lines if _years(line)), None)
    headed = _headed(table, _years(heads), heads) if heads else table
    if heads is None or headed is table:
        return table, title
    return headed, [t for t in title if t != heads.text and not _SIGNS.fullmatch(t)]


def _headed(table: Table, years: list[str], line: Block) -> Table:
    """With the years above its columns of amounts, where it has none and there are as many."""
    figures = [c for c in table.cells if c.column and is_figure(c.text)]
    amounts = [c for c in figures if not c.text.endswith("%")]  # none above a change in percent
    columns = sorted({c.column for c in amounts or figures})
    if table.header_rows or not years or len(columns) != len(years):
        return table
    heads = [Cell(0, column, text, header=True, page=line.page, box=line.box)
             for column, text in zip(columns, years, strict=True)]  # fmt: skip
    moved = [msgspec.structs.replace(cell, row=cell.row + 1) for cell in table.cells]
    return msgspec.structs.replace(
        table, cells=(*heads, *moved), n_rows=table.n_rows + 1, header_rows=1
    )


def _has_amounts(table: Table) -> bool:
    """Not percentages or years alone."""
    figures = [c.text for c in table.cells if is_figure(c.text) and not is_nothing(c.text)]
    amounts = [text for text in figures if not is_year(text) and not text.endswith("%")]
    return 2 * len(amounts) > len(figures)


def _above(blocks: list[Block], i: int) -> tuple[list[int], str]:
    """The blocks of the title above block `i`, top to bottom; or the sentence that leads to it."""
    lines: list[int] = []
    below = blocks[i]
    for k in range(i - 1, max(-1, i - 1 - ABOVE), -1):
        block = blocks[k]
        if block.table is not None or not _is_close(block, below, blocks[i]):
            break
        titled = any(_is_worded(blocks[n]) for n in lines)
        if titled and below.box and block.box and below.box[1] - block.box[3] > LINES_APART:
            break  # another title
        if not _is_title(block):
            if not any(_is_worded(blocks[n]) for n in lines):
                return lines, _last_sentence(block)
            break
        lines.insert(0, k)
        below = block
        if NUMBERED.match(block.text):
            break
    return lines, ""


def _is_worded(line: Block) -> bool:
    """Whether a title's line is one of its words: no scale, no years or signs of columns."""
    return not (is_scale(line.text) or _years(line) or _SIGNS.fullmatch(line.text))


def _far_above(blocks: list[Block], i: int) -> list[int]:
    """The blocks of a title that ends with the scale or names a statement, though a wide gap parts
    it from the table."""
    last = i - 1
    while last > 0 and BELOW_SCALE.fullmatch(blocks[last].text.strip()):
        last -= 1
    if last < 0 or not (_names_statement(blocks[last]) or (last and is_scale(blocks[last].text))):
        return []
    first = last
    while first and last - first < ABOVE and _leads_to(blocks[first - 1], blocks[first]):
        first -= 1
    over = all(_is_over(blocks[k], blocks[i], FAR) for k in range(last, i))
    whole = first < last or _names_statement(blocks[last])
    return list(range(first, i)) if over and whole else []


def _names_statement(block: Block) -> bool:
    return block.kind == "heading" and bool(STATEMENT.search(block.text))


def _leads_to(block: Block, below: Block) -> bool:
    """Whether a heading's next line is the block below it."""
    return block.kind == "heading" and _is_over(block, below, LINES_APART)


def _is_over(block: Block, below: Block, apart: float) -> bool:
    """Whether a block stands above another, not beside it, and so near."""
    a, b = block.box, below.box
    if a is None or b is None:
        return False
    return -6 < b[1] - a[3] < apart and a[0] < b[2] and a[2] > b[0]


def _is_close(block: Block, below: Block, table: Block) -> bool:
    if block.box is None or below.box is None or table.box is None:
        return False
    gap = below.box[1] - block.box[3]
    # The scale stands at the right end of the text's column, however narrow the table is.
    over = block.box[0] < table.box[2] or is_scale(block.text)
    return -6 < gap < NEAR and over and block.box[2] > table.box[0]


def _is_title(block: Block) -> bool:
    if block.kind in ("heading", "caption") or scale_in(block.text) == block.text:
        return True
    if block.kind != "paragraph" or len(block.text) > 160:
        return False
    ended = block.text.endswith((".", ":", "。", "：", ";", "；"))
    return not ended or bool(NUMBERED.match(block.text)) or is_scale(block.text)


def _last_sentence(block: Block) -> str:
    last = SENTENCE.split(block.text)[-1]
    if block.kind not in ("paragraph", "list") or len(last) > 400:
        return ""
    return last if last.endswith((":", "：")) or scale_in(last) else ""


def _scale_led_with(blocks: list[Block], i: int) -> str:
    """The scale of the sentence that leads to block `i`, past lines of its header that were read
    as text: "... for the year ended November 30, 2022 (in thousands):"."""
    for k in range(i - 1, max(-1, i - 1 - LED), -1):
        if blocks[k].table is not None:
            break
        text = blocks[k].text.rstrip()
        if text.endswith((":", "：")):
            return scale_in(SENTENCE.split(text)[-1])
    return ""


def _is_below(table: Block, block: Block) -> bool:
    if not NUMBERED.match(block.text) or table.box is None or block.box is None:
        return False
    return 0 < block.box[1] - table.box[3] < NEAR and len(block.text) < 600


def _scale(texts: list[str], table: Table) -> str:
    """The scale said closest to the table: above it from below, then in its header and labels."""
    for text in reversed(texts):
        if scale := scale_in(text):
            return text if is_scale(text) else scale
    for cell in table.cells:
        if cell.row > max(table.header_rows, 1):
            break
        of_all = cell.column == 0 or 2 * cell.column_span >= table.n_columns - 1
        if (of_all or cell.text[:1] in "(（") and (scale := scale_in(cell.text)):
            return cell.text if is_scale(cell.text) else scale
    return ""
