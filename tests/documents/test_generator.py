"""The made-up reports hold what their gold says, as independent readers see it."""

import re

import pypdfium2
import pytest

from tests.documents.reports.generator import MAKERS, make

TEXT_KINDS = [kind for kind in MAKERS if kind not in ("docx", "xlsx") and "scanned" not in kind]


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
    first, second = make(kind, 3, tmp_path / "a"), make(kind, 3, tmp_path / "b")
    assert first.tables == second.tables and first.blocks == second.blocks
    assert make(kind, 4, tmp_path / "c").tables != first.tables


@pytest.mark.parametrize("kind", list(MAKERS))
def test_gold_cells_stand_within_their_table_and_do_not_overlap(kind, tmp_path):
    for table in make(kind, 5, tmp_path).tables:
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
