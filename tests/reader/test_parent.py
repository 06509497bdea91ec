"""Tables of the parent company alone are none of the group's statements."""

import msgspec
import pytest

from tenth.documents.model import Block
from tenth.reader.kinds import is_parent_only
from tenth.reader.parent import with_parents
from tests.reader.pages import document_of, page_of, table_of

ROWS = [["", "2022", "2021"], ["Total assets", "1,204", "1,193"]]


def captions(*pages: list[str]) -> list[str]:
    """Of the tables, which stand where a line says "[table]"; "# " begins a heading."""
    made, tables = [], []
    for number, lines in enumerate(pages, 1):
        page = page_of(*lines, number=number)
        blocks = list(page.blocks)
        for i, block in enumerate(blocks):
            if block.text == "[table]":
                blocks[i] = Block("table", "", number, block.box, table=len(tables))
                tables.append(table_of(ROWS, number, caption="BALANCE SHEETS"))
        made.append(msgspec.structs.replace(page, blocks=tuple(blocks)))
    return [table.caption for table in with_parents(document_of(*made, tables=tables)).tables]


def test_the_head_of_a_page_says_whose_its_tables_are():
    heads = ["SCHEDULE II", "ENACT HOLDINGS, INC.", "(PARENT COMPANY ONLY)", "[table]"]
    parents, groups = captions(heads, ["ENACT HOLDINGS, INC.", "[table]"])
    assert parents == "(PARENT COMPANY ONLY) BALANCE SHEETS" and is_parent_only(parents)
    assert groups == "BALANCE SHEETS"


@pytest.mark.parametrize(
    ("heading", "next_one"),
    [
        ("# Note 36. Parent entity information", "# Note 37. Business combinations"),
        ("# Note 22: Parent Company Condensed Financial Statements", "# Note 23 - Leases"),
        ("# Note 20 - Parent Only Condensed Financial Information", "# 21. Leases"),
        ("# 十七、母公司财务报表主要项目注释", "# 十八、补充资料"),
    ],
)
def test_a_heading_is_said_of_all_tables_up_to_the_next(heading, next_one):
    lines = [["# Note 35. Leases", "[table]", heading, "Set out below", "[table]"],
             ["# (in thousands)", "# Cash flows", "[table]", next_one, "[table]"]]  # fmt: skip
    before, first, second, after = captions(*lines)
    assert is_parent_only(first) and first == second == f"{heading[2:]} BALANCE SHEETS"
    assert before == after == "BALANCE SHEETS"


@pytest.mark.parametrize(
    "line",
    ["Market for the registrant's common equity", "# 二、合并及母公司财务报表",
     "Parent and guarantors",
     "The directors of the parent company only approve what the auditors of all of the entities "
     "of the group have seen before they sign it."],
)  # fmt: skip
def test_other_words_of_a_parent_say_nothing(line):
    assert captions([line, "[table]"]) == ["BALANCE SHEETS"]
