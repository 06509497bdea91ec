"""Figures looked up where they are said to stand, by another way than they were found."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from tenth.documents.run.stored import stored_documents
from tenth.reader.locators import bare, unresolved
from tenth.reader.model import Fact, Period, Place
from tenth.reader.pages import Sources
from tests.reader.reading import sample, sample_again


def fact(verbatim: str, value: str | None, ref: str, scale: int | None = 1000) -> Fact:
    number = None if value is None else Decimal(value)
    return Fact("f0", "Acme", "", "Sales", Period("", "2023-12-31"), number, "currency", "USD",
                scale, "ok", "a.xlsx", "", Place(1, None, ref), verbatim)  # fmt: skip


@pytest.fixture
def book(tmp_path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "it's ours"
    sheet["B2"], sheet["B3"], sheet["B4"], sheet["B5"] = 1234.5, "1 234", 0.125, True
    made.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


RIGHT = [
    ("1,234.5", "1234500", "'it''s ours'!B2"), ("1,234.5", "1234.5", "it's ours!B2"),
    ("1234", "1234000", "it's ours!B3"), ("12.5%", "0.125", "it's ours!B4"),
    ("1,234.5", None, "it's ours!B2"),
]  # fmt: skip
WRONG = [
    ("1,234.6", "1234600", "it's ours!B2"), ("1,234.5", "1234500", "it's ours!B9"),
    ("1,234.5", "1234500", "Elsewhere!B2"), ("12345", "12345000", "it's ours!B3"),
    ("1", "1", "it's ours!B5"),
]  # fmt: skip


@pytest.mark.parametrize("verbatim, value, ref", RIGHT)
def test_a_cell_that_holds_the_figure_resolves(book, verbatim, value, ref):
    assert list(unresolved(book, "xlsx", [fact(verbatim, value, ref)])) == []


@pytest.mark.parametrize("verbatim, value, ref", WRONG)
def test_a_cell_that_does_not_hold_the_figure_does_not(book, verbatim, value, ref):
    (found,) = unresolved(book, "xlsx", [fact(verbatim, value, ref)])
    assert found[0].place.ref == ref and found[1]


def test_spaces_and_kinds_of_dashes_make_no_other_figure():
    assert bare("(1 234)\n") == "(1234)" and bare("\u2212 5") == bare("\u20135") == "-5"


def test_all_figures_of_a_page_resolve_and_none_does_a_line_lower(tmp_path):
    archive, out = sample()
    stored = next(one for one in stored_documents(out) if one.kind == "pdf")
    facts = [one for one in sample_again().ledger.facts().values() if one.sha256 == stored.sha256]
    with Sources([archive], tmp_path / "spool") as sources:
        file = sources.file(stored.sha256)
        assert facts and list(unresolved(file, "pdf", facts)) == []
        moved = [_lower(one) for one in facts]
        lost = len(list(unresolved(file, "pdf", moved)))
    assert lost > 0.9 * len(facts)


def test_a_page_whose_crop_box_reaches_beyond_it_is_looked_up_as_it_is_shown(tmp_path):
    archive, out = sample()
    stored = next(one for one in stored_documents(out) if one.kind == "pdf")
    facts = [one for one in sample_again().ledger.facts().values() if one.sha256 == stored.sha256]
    with Sources([archive], tmp_path / "spool") as sources:
        pdf = pypdfium2.PdfDocument(sources.file(stored.sha256))
        for page in pdf:
            x0, y0, x1, y1 = page.get_mediabox()
            page.set_cropbox(x0 - 18, y0 - 18, x1 + 18, y1 + 18)
        pdf.save(tmp_path / "wide.pdf")
    assert facts and list(unresolved(tmp_path / "wide.pdf", "pdf", facts)) == []


def _lower(one: Fact) -> Fact:
    x0, y0, x1, y1 = one.place.box or (0, 0, 0, 0)
    place = Place(one.place.page, (x0, y0 + 200, x1, y1 + 200))
    values = {name: getattr(one, name) for name in Fact.__struct_fields__} | {"place": place}
    return Fact(**values)


def test_formats_that_have_neither_boxes_nor_cells_are_not_looked_up(tmp_path):
    assert list(unresolved(tmp_path / "none.html", "html", [fact("1", "1", "table 1!B2")])) == []
