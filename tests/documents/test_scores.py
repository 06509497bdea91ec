"""The scores give full marks to the gold itself, and see each kind of fault."""

from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.documents.reports.generator import make
from tests.documents.reports.peers import markdown_tables
from tests.documents.reports.scores import score
from tests.documents.reports.texts import amount, plain


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return make("borderless", 3, tmp_path_factory.mktemp("scores"))


def found_of(report, tables=None, blocks=None):
    """The gold as a reader would give it."""
    page = SimpleNamespace(number=1, blocks=report.blocks if blocks is None else blocks)
    return SimpleNamespace(tables=report.tables if tables is None else tables, pages=[page])


def changed(report, change):
    """The report's tables, each cell replaced by `change(cell)`, dropped where that is None."""
    tables = deepcopy(report.tables)
    for table in tables:
        table.cells = [new for cell in table.cells if (new := change(cell))]
    return found_of(report, tables)


def test_the_gold_itself_has_full_marks(report):
    result = score(report, found_of(report))
    assert result.f1 == result.linked_f1 == 1
    tallies = (result.near, result.order, result.whole, result.header_rows, result.captions)
    assert all(tally.share == 1 for tally in tallies)


def test_boxes_three_points_off_are_not_near(report):
    def move(cell):
        return replace(cell, box=(cell.box[0] + 3, *cell.box[1:]))

    result = score(report, changed(report, move))
    assert result.f1 == 1 and result.near.share == 0


def test_a_lost_column_costs_recall_and_a_wrong_digit_its_cell(report):
    lost = score(report, changed(report, lambda c: c if c.column else None))
    assert lost.recall.share < 0.8 and lost.linked_f1 < 1
    wrong = score(report, changed(report, lambda c: replace(c, text=c.text.replace("1", "7"))))
    assert wrong.f1 < 1 and wrong.linked_f1 < 1


def test_a_row_too_many_costs_the_strict_score_but_hardly_the_linked_one(report):
    tables = deepcopy(report.tables)
    for table in tables:
        first = replace(table.cells[0], text="a caption", row=0, column=0, column_span=1)
        table.cells = [first, *(replace(cell, row=cell.row + 1) for cell in table.cells)]
    result = score(report, found_of(report, tables))
    assert result.f1 < 0.2 and result.linked_f1 > 0.95


def test_a_table_that_was_not_there_costs_precision(report):
    result = score(report, found_of(report, [*report.tables, deepcopy(report.tables[0])]))
    assert result.recall.share == 1 and result.precision.share < 1


def test_blocks_in_the_wrong_order_or_merged_are_seen(report):
    assert score(report, found_of(report, blocks=report.blocks[::-1])).order.share < 0.5
    text = " ".join(block.text for block in report.blocks)
    merged = [replace(report.blocks[0], kind="paragraph", text=text)]
    assert score(report, found_of(report, blocks=merged)).order.share < 0.1


def test_signs_and_brackets_belong_to_their_number():
    assert plain("$   1,234") == plain("$1,234") and plain("( 56 )") == plain("(56)")
    assert plain("1,234") != plain("1234") and plain("Net income") != plain("Netincome")
    assert amount("$ (1,234)") == amount("-1234") and amount("12.5%") == amount("0.125")
    assert amount("Total (1)") == plain("Total (1)")


def test_markdown_tables_are_taken_apart():
    text = "x\n| a | b |\n| --- | ---: |\n| 1 | NaN |\n\n| c |\n|---|\n"
    cells = [[cell["text"] for cell in table["cells"]] for table in markdown_tables(text)]
    assert cells == [["a", "b", "1"], ["c"]]
