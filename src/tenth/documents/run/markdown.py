"""Writes a document as Markdown, page by page as it comes, for people and language models."""

import re
from collections.abc import Iterable, Iterator

from tenth.documents.model import Block, Chart, Page, Table

ROWS = 500  # of a table in one piece
NUMBERED = re.compile(r"\d{1,9}[.)]\s")
# What would turn a paragraph's line into something else
SPECIAL = re.compile(
    r"^([ ]{0,3})(#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|`{3}|~{3}|<|(?:[-*_][ \t]*){2,}$|=+[ \t]*$)",
    re.MULTILINE,
)
SPECIAL_NUMBER = re.compile(r"^([ ]{0,3}\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
LINE_ENDS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
RECENT = 6  # blocks above a table that may be its caption


def to_markdown(
    pages: Iterable[tuple[Page, tuple[Table, ...]]], charts: Iterable[Chart]
) -> Iterator[str]:
    """Pieces to be written one after the other.

    Each page brings the tables that begin on it, in the order in which `Block.table` counts them.
    Running headers and footers are left out.
    """
    left: dict[int, list[Chart]] = {}
    for chart in charts:
        left.setdefault(chart.page, []).append(chart)
    first = 0
    for page, tables in pages:
        if marker := _marker(page):
            yield f"<!-- {marker} -->\n\n"
        yield from _blocks(page, dict(enumerate(tables, first)))
        first += len(tables)
        for chart in left.pop(page.number, ()):
            yield from _chart(chart)
    for rest in left.values():
        for chart in rest:
            yield from _chart(chart)


def _marker(page: Page) -> str:
    """Nothing for the one page of a format that has none."""
    real = page.number > 1 or page.name or any(block.page for block in page.blocks)
    if page.source == "failed":
        text = f"page {page.number}: not read: {page.reason}"
    elif real or page.width:
        text = f"page {page.number}" + (f": {page.name}" if page.name else "")
    else:
        return ""
    return re.sub(r"-(?=-|$)|>", "", _one_line(text, " ")).rstrip()  # no end of a comment


def _blocks(page: Page, tables: dict[int, Table]) -> Iterator[str]:
    blocks = [b for b in page.blocks if b.kind not in ("header", "footer")]
    level = -1  # of the list item above, if there is one
    for i, block in enumerate(blocks):
        if level >= 0 and block.kind != "list":
            yield "\n"
        if block.kind == "list" and block.text:
            level = min(block.level, level + 1)
            yield _item(block.text, level) + "\n"
            continue
        level = -1
        if block.table is not None:
            if (table := tables.pop(block.table, None)) is not None:
                near = blocks[max(0, i - RECENT) : i + 2]
                yield from _table(table, " ".join(" ".join(b.text.split()) for b in near))
        elif block.text:
            yield _text(block) + "\n\n"
    if level >= 0:
        yield "\n"
    for table in tables.values():  # that no block names
        yield from _table(table, "")


def _text(block: Block) -> str:
    if block.kind == "heading":
        return "#" * min(6, max(1, block.level)) + " " + _one_line(block.text, " ")
    if block.kind == "code":
        longest = max(map(len, re.findall(r"`+", block.text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}\n{block.text}\n{fence}"
    if block.kind == "formula":
        return f"$$\n{block.text}\n$$"
    if block.kind == "note":
        return "\n".join(f"> {line}".rstrip() for line in _plain(block.text).split("\n"))
    return _plain(block.text)


def _plain(text: str) -> str:
    return SPECIAL_NUMBER.sub(r"\1\\\2", SPECIAL.sub(r"\1\\\2", text))


def _item(text: str, level: int) -> str:
    indent = " " * 4 * level
    mark = "" if NUMBERED.match(text) else "- "
    lines = text.split("\n")
    hanging = indent + " " * (len(mark) or 3)
    body = [lines[0], *(hanging + _plain(line.strip()) for line in lines[1:])]
    return indent + mark + "\n".join(body)


def _table(table: Table, near: str) -> Iterator[str]:
    """With its caption and scale line, unless they stand `near` it as text."""
    for line in (table.caption, table.scale):
        if line and " ".join(line.split()) not in near:
            yield _plain(_one_line(line, " ")) + "\n\n"
    rows = table.grid()
    if rows and table.n_columns:
        yield from _pipes(rows, header=table.header_rows > 0)


def _pipes(rows: list[list[str]], header: bool) -> Iterator[str]:
    """A pipe table; Markdown wants a header, so that one without has an empty one."""
    lines = [_row(rows[0] if header else [""] * len(rows[0])), _row(["---"] * len(rows[0]))]
    for start in range(int(header), len(rows), ROWS):
        lines += map(_row, rows[start : start + ROWS])
        yield "\n".join(lines) + "\n"
        lines = []
    yield "".join(line + "\n" for line in lines) + "\n"


def _row(cells: list[str]) -> str:
    texts = (_one_line(cell.strip(), "<br>").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(texts)} |"


def _one_line(text: str, between: str) -> str:
    return LINE_ENDS.sub(between, text.strip())


def _chart(chart: Chart) -> Iterator[str]:
    title = _one_line(chart.title, " ")
    where = f" ({chart.ref})" if chart.ref else ""
    yield f"Chart, {chart.kind}{': ' if title else ''}{title}{where}\n\n"
    if not chart.series:
        return
    rows = [["", *(name for name, _ in chart.series)]]
    for i in range(max([len(chart.categories), *(len(values) for _, values in chart.series)])):
        category = chart.categories[i] if i < len(chart.categories) else str(i + 1)
        values = (values[i] if i < len(values) else None for _, values in chart.series)
        rows.append([category, *("" if v is None else f"{v:.15g}" for v in values)])
    yield from _pipes(rows, header=True)
