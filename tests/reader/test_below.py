"""The second piece of a page's table has the header of the first, where both are one."""

import msgspec

from tenth.documents.model import Document, Table
from tenth.reader.below import with_headers
from tenth.reader.model import Cover
from tests.reader.test_tables import by_label, facts, table

COVER = Cover("海岳股份", "research report", currency="CNY", language="zh", said=())
HEAD = [["资产负债表（百万元）", "2022A", "2023A"], ["货币资金", "1,230", "1,452"]]
REST = [["流动负债合计", "830", "971"], ["资产总计", "2,000", "2,100"]]


def moved(piece: Table, by: float) -> Table:
    cells = tuple(
        msgspec.structs.replace(c, box=(c.box[0], c.box[1] + by, c.box[2], c.box[3] + by))
        for c in piece.cells
        if c.box
    )
    return msgspec.structs.replace(piece, cells=cells, box=(40.0, 100.0 + by, 560.0, 122.0 + by))


def headers_of(gap: float, caption: str = "") -> list[str]:
    first = moved(table(HEAD, scale="", header_rows=1), 0.0)
    second = moved(table(REST, scale="", header_rows=0, caption=caption), 22.0 + gap)
    made = with_headers(Document("pdf", tables=(first, second))).tables[1]
    return [cell.text for cell in made.cells if cell.row < made.header_rows]


def test_a_piece_right_below_another_has_its_header():
    assert headers_of(gap=8.0) == ["资产负债表（百万元）", "2022A", "2023A"]


def test_a_piece_far_below_or_with_a_title_has_none():
    assert headers_of(gap=60.0) == []
    assert headers_of(gap=8.0, caption="现金流量表") == []


def test_figures_below_keep_their_rows_and_get_the_scale_and_years():
    first = moved(table(HEAD, scale="", header_rows=1), 0.0)
    second = moved(table(REST, scale="", header_rows=0), 30.0)
    (_, made) = with_headers(Document("pdf", tables=(first, second))).tables
    mainland = msgspec.structs.replace(COVER, form="annual report")
    found = by_label(facts(made, mainland))
    assert [fact.row for fact in found["资产总计"]] == [1, 1]
    assert {fact.scale for fact in found["流动负债合计"]} == {1_000_000}
