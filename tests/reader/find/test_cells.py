"""The one cell that answers."""

import pytest

from tenth.reader.find import ranked_cells
from tests.reader.find.made import table

SALES = table(
    [
        ["", "2023", "2022", "Change"],
        ["Net sales:", "", "", ""],
        ["Products", "$60", "$50", "20%"],
        ["Services", "40", "30", "33%"],
        ["Total net sales", "100", "80", "25%"],
        ["Cost of sales:", "", "", ""],
        ["Products", "$20", "$18", "11%"],
        ["Services", "10", "9", "11%"],
        ["", "30", "27", "11%"],
    ]
)
ZH = table(
    [
        ["项目", "2023年", "2022年"],
        ["营业收入", "1,000", "900"],
        ["营业成本", "600", "550"],
        ["净利润", "150", "140"],
    ]
)


@pytest.mark.parametrize(
    ("question", "period", "text"),
    [
        ("What were total net sales in 2023?", "2023", "100"),
        ("What were total net sales in 2022?", "2022", "80"),
        ("What were net sales of services?", "2022", "30"),
        ("What was the cost of sales of services in 2023?", "2023", "10"),
        ("What was total cost of sales?", "2022", "27"),
        ("What was the percentage change in total net sales?", "2023", "100"),
        ("By how many percent did net sales of products change?", "", "20%"),
        ("Which part had the highest net sales?", "2023", "$60"),
    ],
)
def test_row_heading_and_period_choose_the_cell(question, period, text):
    assert ranked_cells([SALES], question, period)[0].cell.text == text


@pytest.mark.parametrize(
    ("question", "period", "text"),
    [("净利润是多少", "2023年", "150"), ("营业收入", "2022年", "900"), ("成本", "2022年", "550")],
)
def test_chinese_tables_answer_chinese_questions(question, period, text):
    assert ranked_cells([ZH], question, period)[0].cell.text == text


def test_periods_that_are_rows_choose_the_row():
    rows = [["", "High", "Low"], ["2023", "$14", "$9"], ["2022", "$12", "$7"]]
    hit = ranked_cells([table(rows)], "What was the lowest price, the low?", "2022")[0]
    assert hit.cell.text == "$7"


def test_the_caption_tells_tables_apart():
    rows = [["", "2023"], ["Total", "1"]]
    tables = [table(rows, caption="Inventories"), table(rows, caption="Leases")]
    assert ranked_cells(tables, "total lease payments", "2023")[0].table == 1


def test_of_equal_cells_the_first_is_taken_and_an_empty_table_has_none():
    rows = [["", "One", "Two"], ["x", "1", "2"], ["x", "3", "4"]]
    hits = ranked_cells([table(rows)], "something else", "")
    assert [hit.cell.text for hit in hits] == ["1", "2", "3", "4"]
    assert ranked_cells([table([["", "a"], ["b", "c"]])], "b", "") == []
    assert ranked_cells([], "b", "") == []


@pytest.mark.parametrize("question", ["", "?", "x" * 10_000, "'; DROP TABLE --", "(" * 300])
def test_hostile_questions_do_no_harm(question):
    assert len(ranked_cells([SALES], question, question, 3)) == 3
