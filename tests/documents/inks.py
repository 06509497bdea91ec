"""Ink made by hand, for the tests of the page room: words on baselines, lines, whole pages."""

from collections import Counter

from tenth.documents.model import Block, Table
from tenth.documents.page.ink import Draft, Ink, Rule, Word

SPACE = 0.28  # of the font's size


def advance(text: str, size: float) -> float:
    return sum(size if c >= "\u2e80" else 0.5 * size for c in text)


def words(x: float, base: float, text: str, size: float = 10, bold: bool = False) -> list[Word]:
    """The words of `text` from `x` on, their baseline at `base`."""
    made = []
    for part in text.split(" "):
        wide = advance(part, size)
        box = (x, base - 0.72 * size, x + wide, base + 0.2 * size)
        made.append(Word(part, *box, size, base, bold))
        x += wide + SPACE * size
    return made


def ending(x: float, base: float, text: str, size: float = 10, bold: bool = False) -> list[Word]:
    """The words of `text` up to `x`."""
    wide = sum(advance(part, size) for part in text.split(" ")) + SPACE * size * text.count(" ")
    return words(x - wide, base, text, size, bold)


def centred(x: float, base: float, text: str, size: float = 10, bold: bool = False) -> list[Word]:
    half = (x - ending(x, base, text, size)[0].x0) / 2
    return ending(x + half, base, text, size, bold)


def prose(x: float, base: float, lines: list[str], pitch: float = 13) -> list[Word]:
    return [w for k, line in enumerate(lines) for w in words(x, base + k * pitch, line)]


def lines(xs: list[float], ys: list[float]) -> list[Rule]:
    """A whole grid."""
    flat = [Rule(xs[0], y, xs[-1], y) for y in ys]
    return flat + [Rule(x, ys[0], x, ys[-1]) for x in xs]


def page(*parts: list[Word], rules: list[Rule] = (), fills=()) -> Ink:  # type: ignore[assignment]
    return Ink(612, 792, tuple(w for part in parts for w in part), tuple(rules), tuple(fills))


def statement(
    top: float, rows: list[tuple[str, ...]], label: float = 72, rights: tuple[float, ...] = ()
) -> list[Word]:
    """Labels, and figures that end at `rights`; a row each 15 points. Texts may be ""."""
    made = []
    for k, (name, *figures) in enumerate(rows):
        base = top + 15 * k
        made += words(label, base, name) if name else []
        for x, figure in zip(rights, figures, strict=False):
            made += ending(x, base, figure) if figure else []
    return made


def texts(draft: Draft) -> list[str]:
    """All that the draft says, of blocks and cells."""
    told = [block.text for block in draft.page.blocks]
    return told + [cell.text for table in draft.tables for cell in table.cells]


def letters(parts: list[str]) -> Counter[str]:
    """How often each character is in these, spaces and hyphens apart."""
    return Counter(c for part in parts for c in part if not c.isspace() and c != "-")


def kinds(draft: Draft) -> list[str]:
    return [block.kind for block in draft.page.blocks]


def said(draft: Draft) -> list[str]:
    return [block.text for block in draft.page.blocks if block.table is None]


def check_table(table: Table) -> None:
    """No two cells cover the same square, and none reaches out of the table."""
    squares: dict[tuple[int, int], str] = {}
    for cell in table.cells:
        assert cell.row >= 0 and cell.column >= 0 and cell.row_span > 0 and cell.column_span > 0
        assert cell.row + cell.row_span <= table.n_rows, cell
        assert cell.column + cell.column_span <= table.n_columns, cell
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                assert (row, column) not in squares, (cell, squares[row, column])
                squares[row, column] = cell.text
    assert 0 <= table.header_rows <= table.n_rows
    assert all(cell.header == (cell.row < table.header_rows) for cell in table.cells)


def blocks_and_tables(draft: Draft) -> list[tuple[Block, Table]]:
    return [(b, draft.tables[b.table]) for b in draft.page.blocks if b.table is not None]
