"""A table as rows of labels and columns of figures, and the sections above a row."""

from tenth.documents.model import Cell, Table
from tenth.reader.grid import Grid, Row, Sections, grids
from tenth.reader.model import Place


def table(rows: list[list[str]], header_rows: int = 1, spans: dict | None = None) -> Table:
    cells = tuple(
        Cell(i, k, text, 1, (spans or {}).get((i, k), 1), i < header_rows, page=1,
             box=(50.0 + 100 * k, 10.0 * i, 90.0 + 100 * k, 10.0 * i + 8))
        for i, row in enumerate(rows)
        for k, text in enumerate(row)
        if text
    )  # fmt: skip
    return Table(cells, len(rows), max(map(len, rows)), header_rows, page=1)


def only(*given, **more) -> Grid:
    (grid,) = grids(table(*given, **more))
    return grid


def test_headers_of_every_level_stand_above_their_columns():
    grid = only([["", "Year ended", ""], ["(in millions)", "2023", "2022"], ["Sales", "7", "6"]],
                header_rows=2, spans={(0, 1): 2})  # fmt: skip
    assert [header.text for header in grid.headers.values()] == [
        "Year ended 2023", "Year ended 2022",
    ]  # fmt: skip
    assert [cell.text for cell in grid.scale_cells] == ["(in millions)"] and grid.corner == ""
    assert [(row.label, sorted(row.figures)) for row in grid.rows] == [("Sales", [1, 2])]


def test_years_further_down_begin_another_piece():
    pieces = list(grids(table([
        ["", "2023", "2022"], ["Sales", "7", "6"], ["", "2021", "2020"], ["Sales", "5", "4"],
    ])))  # fmt: skip
    assert [[header.text for header in piece.headers.values()] for piece in pieces] == [
        ["2023", "2022"], ["2021", "2020"],
    ]  # fmt: skip
    assert [[row.figures[1].text for row in piece.rows] for piece in pieces] == [["7"], ["5"]]


def test_a_table_of_words_has_no_grid():
    assert list(grids(table([["Name", "Place"], ["Acme", "Here"], ["Bolt", "There"]]))) == []


def test_a_dash_is_a_figure_and_a_word_is_none():
    grid = only([["", "2023", "2022"], ["Sales", "—", "see note"], ["Cost", "1", "2"]])
    assert sorted(grid.rows[0].figures) == [1]


def row(label: str, indent: float | None) -> Row:
    return Row(0, label, Place(), indent)


def test_indents_tell_which_headings_stand_above_a_row():
    sections = Sections()
    assert sections.heading(row("Assets:", 10)) == ()
    assert sections.heading(row("Current assets:", 20)) == ("Assets:",)
    assert sections.line(row("Cash", 30)) == ("Assets:", "Current assets:")
    assert sections.line(row("Land", 20)) == ("Assets:", "Current assets:")
    assert sections.line(row("Total assets", 10)) == ("Assets:",)
    assert sections.heading(row("Liabilities:", 10)) == ()


def test_a_total_ends_its_section_where_nothing_is_indented():
    sections = Sections()
    sections.heading(row("流动资产：", None))
    assert sections.line(row("货币资金", None)) == ("流动资产：",)
    assert sections.line(row("流动资产合计", None)) == ("流动资产：",)
    assert sections.line(row("其他", None)) == ()
