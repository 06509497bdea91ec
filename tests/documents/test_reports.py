"""Made-up reports are read as well as the documents room promises: cells, positions, order."""

import pytest

from tenth.documents.read import read_document
from tests.documents.reports.fonts import hei_file
from tests.documents.reports.generator import make
from tests.documents.reports.scores import Score, score, total

BARS = {
    "ruled": 0.98, "borderless": 0.96, "pages": 0.96, "wide": 0.96, "merged": 0.96,
    "columns": 0.96, "rotated": 0.96, "cropped": 0.96, "chinese": 0.96,
    "docx": 0.98, "xlsx": 0.98,
}  # fmt: skip
SCANS = {"scanned": 0.90, "chinese-scanned": 0.90}
APPROXIMATE = "chinese"  # its font is not embedded: where the ink is depends on the machine


def read_all(kind: str, seeds: range, folder) -> Score:
    reports = [make(kind, seed, folder) for seed in seeds]
    return total(score(report, read_document(report.path)) for report in reports)


@pytest.mark.parametrize("kind", BARS)
def test_cells_are_found_at_their_row_and_column(kind, tmp_path):
    result = read_all(kind, range(200, 208), tmp_path)
    assert result.f1 >= BARS[kind], result.line()


@pytest.mark.parametrize("kind", [k for k in BARS if k not in ("docx", "xlsx", APPROXIMATE)])
def test_cells_stand_within_two_points_and_blocks_in_their_order(kind, tmp_path):
    result = read_all(kind, range(208, 216), tmp_path)
    assert result.near.total and result.near.share >= 0.98, result.line()
    assert result.order.total and result.order.share >= 0.98, result.line()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", SCANS)
def test_scans_are_read(kind, tmp_path):
    if kind == "chinese-scanned" and not hei_file():
        pytest.skip("no CJK font with outlines on this machine (fonts-wqy-microhei)")
    result = read_all(kind, range(200, 204), tmp_path)
    assert result.f1 >= SCANS[kind], result.line()
    assert result.near.share >= 0.98 and result.order.share >= 0.98, result.line()


def test_sheets_keep_references_values_and_formulas(tmp_path):
    result = read_all("xlsx", range(208, 216), tmp_path)
    for tally in (result.refs, result.values, result.formulas):
        assert tally.total and tally.share >= 0.98, result.line()
