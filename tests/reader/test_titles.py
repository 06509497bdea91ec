"""Titles above a sheet's table become its caption and its scale."""

import pytest

from tenth.documents.model import Cell, Document, Table
from tenth.reader.titles import with_titles


def sheet(rows: list[list[str]], name: str = "S", first: int = 1, **given) -> Table:
    cells = tuple(
        Cell(i, k, text, page=1, ref=f"{name}!{'ABC'[k]}{first + i}")
        for i, row in enumerate(rows)
        for k, text in enumerate(row)
        if text
    )
    return Table(cells, len(rows), max(map(len, rows)), 1, page=1, kind="native", **given)


TITLES = [["Acme Inc."], ["Balance sheet"], ["(in thousands)"]]
FIGURES = [["", "2023"], ["Cash", "1,234"]]


def titled(*tables: Table) -> Table:
    return with_titles(Document("xlsx", (), tables, ())).tables[-1]


def test_titles_are_the_caption_and_say_the_scale():
    table = titled(sheet(TITLES), sheet(FIGURES, first=5))
    assert table.caption == "Acme Inc. Balance sheet" and table.scale == "(in thousands)"


def test_a_caption_and_a_scale_of_its_own_stay():
    table = titled(sheet(TITLES), sheet(FIGURES, first=5, caption="Cash", scale="(in millions)"))
    assert (table.caption, table.scale) == ("Cash", "(in millions)")
    assert titled(sheet(TITLES), sheet(FIGURES, scale="(in millions)")).scale == "(in millions)"


@pytest.mark.parametrize(
    "above", [[["Cash", "Due"]], [["1,234"]], [[str(i) + " of many"] for i in range(9)]]
)
def test_what_is_wide_long_or_a_figure_is_no_title(above):
    assert titled(sheet(above), sheet(FIGURES, first=12)).caption == ""


def test_titles_of_another_sheet_say_nothing():
    assert titled(sheet(TITLES), sheet(FIGURES, name="T")).caption == ""
