"""The made-up reports hold what their gold says, as independent readers see it."""

import re

import docx
import numpy as np
import openpyxl
import pypdfium2
import pytest

from tests.documents.reports.fonts import hei_file
from tests.documents.reports.generator import MAKERS, make

TEXT_KINDS = [kind for kind in MAKERS if kind not in ("docx", "xlsx") and "scanned" not in kind]


def made(kind, seed, folder):
    if kind == "chinese-scanned" and not hei_file():
        pytest.skip("no CJK font with outlines on this machine (fonts-wqy-microhei)")
    return make(kind, seed, folder)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_at(document, page: int, box) -> str:
    """What PDFium has within a box given from the top left of the page as shown."""
    shown = document[page - 1]
    width, height = shown.get_size()
    x0, y0, x1, y1 = box
    turned = {
        0: (x0, height - y1, x1, height - y0),
        90: (y0, x0, y1, x1),
        180: (width - x1, y0, width - x0, y1),
        270: (height - y1, width - x1, height - y0, width - x0),
    }[shown.get_rotation()]
    left, bottom = shown.get_cropbox()[:2]
    left_bottom_right_top = [v + (left, bottom)[i % 2] for i, v in enumerate(turned)]
    return shown.get_textpage().get_text_bounded(*left_bottom_right_top)


@pytest.mark.parametrize("kind", TEXT_KINDS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_text_at_a_gold_box_is_the_gold_text(kind, seed, tmp_path):
    report = make(kind, seed, tmp_path)
    document = pypdfium2.PdfDocument(report.path)
    assert [page.get_size() for page in document] == [
        pytest.approx((page.width, page.height), abs=0.1) for page in report.pages
    ]
    assert report.tables
    for table in report.tables:
        for cell in table.cells:
            assert squeezed(text_at(document, cell.page, cell.box)) == squeezed(cell.text)
    for block in report.blocks:
        if block.table is None:
            assert squeezed(text_at(document, block.page, block.box)) == squeezed(block.text)
    document.close()


@pytest.mark.parametrize("kind", list(MAKERS))
def test_a_seed_gives_the_same_report_twice(kind, tmp_path):
    first, second = made(kind, 3, tmp_path / "a"), made(kind, 3, tmp_path / "b")
    assert first.tables == second.tables and first.blocks == second.blocks
    assert make(kind, 4, tmp_path / "c").tables != first.tables


@pytest.mark.parametrize("kind", list(MAKERS))
def test_gold_cells_stand_within_their_table_and_do_not_overlap(kind, tmp_path):
    for table in made(kind, 5, tmp_path).tables:
        taken = set()
        for cell in table.cells:
            assert cell.text.strip()
            own = {
                (cell.row + r, cell.column + c)
                for r in range(cell.row_span)
                for c in range(cell.column_span)
            }
            assert not own & taken
            taken |= own
            assert cell.header == (cell.row < table.header_rows)
        assert max(r for r, _ in taken) < table.n_rows
        assert max(c for _, c in taken) < table.n_columns


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("kind", ["scanned", "chinese-scanned"])
def test_a_scan_has_no_text_and_its_headings_ink_where_the_gold_says(kind, seed, tmp_path):
    report = made(kind, seed, tmp_path)
    document = pypdfium2.PdfDocument(report.path)
    zoom = 4
    pictures = [np.asarray(page.render(scale=zoom, grayscale=True).to_pil()) for page in document]
    assert all(not page.get_textpage().get_text_range() for page in document)
    headings = [block for block in report.blocks if block.kind == "heading"]
    for block in headings:
        x0, y0, x1, y1 = (round(v * zoom) for v in block.box)
        around = 4 * zoom
        ink = pictures[block.page - 1][y0 - around : y1 + around, x0 - around : x1 + around] < 128
        rows, columns = np.nonzero(ink.any(1))[0], np.nonzero(ink.any(0))[0]
        seen = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) / zoom
        expected = np.array([around, around, around + x1 - x0, around + y1 - y0]) / zoom
        assert np.abs(seen - expected).max() < 1.5
    document.close()


@pytest.mark.parametrize("seed", range(5))
def test_openpyxl_reads_the_gold_of_sheets(seed, tmp_path):
    report = make("xlsx", seed, tmp_path)
    books = [openpyxl.load_workbook(report.path, data_only=flag) for flag in (True, False)]
    for cell in (cell for table in report.tables for cell in table.cells):
        sheet, place = cell.ref.split("!")
        value, formula = (book[sheet][place].value for book in books)
        assert value == (pytest.approx(cell.value) if isinstance(cell.value, float) else cell.text)
        assert formula == (cell.formula or value)
    assert any(cell.formula for table in report.tables for cell in table.cells)


@pytest.mark.parametrize("seed", range(5))
def test_python_docx_reads_the_gold_of_documents(seed, tmp_path):
    report = make("docx", seed, tmp_path)
    document = docx.Document(str(report.path))
    assert len(document.tables) == len(report.tables)
    for table, gold in zip(document.tables, report.tables, strict=True):
        assert (len(table.rows), len(table.columns)) == (gold.n_rows, gold.n_columns)
        filled = set()
        for cell in gold.cells:
            first = table.cell(cell.row, cell.column)
            last = table.cell(cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
            assert first.text == cell.text and first._tc is last._tc
            filled.add(first._tc)
        texts = {cell._tc: cell.text for row in table.rows for cell in row.cells}
        assert all(not text for tc, text in texts.items() if tc not in filled)
