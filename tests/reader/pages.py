"""Small documents made of lines, for tests of what the reader finds in text."""

from collections.abc import Sequence

from tenth.documents.model import Block, Cell, Document, Page, Table


def page_of(*lines: str, number: int = 1) -> Page:
    """A page whose lines stand 14 points apart; a line that begins with "# " is a heading."""
    blocks = []
    for i, line in enumerate(lines):
        heading = line.startswith("# ")
        box = (72.0, 60.0 + 14 * i, 500.0, 70.0 + 14 * i)
        kind = "heading" if heading else "paragraph"
        blocks.append(Block(kind, line.removeprefix("# "), number, box, int(heading)))
    return Page(number, tuple(blocks), 612.0, 792.0)


def table_of(
    rows: Sequence[Sequence[str]], page: int = 1, scale: str = "", caption: str = ""
) -> Table:
    cells = tuple(
        Cell(
            r,
            c,
            text,
            header=r == 0,
            page=page,
            box=(100.0 * c, 20.0 * r, 100.0 * c + 80, 20.0 * r + 10),
        )
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    )
    box = (0.0, 0.0, 500.0, 20.0 * len(rows))
    return Table(cells, len(rows), max(map(len, rows)), 1, caption, scale, page, box)


def document_of(*pages: Page, tables: Sequence[Table] = (), kind: str = "pdf") -> Document:
    return Document(kind, pages, tuple(tables))
