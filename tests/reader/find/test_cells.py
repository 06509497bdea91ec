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


def test_a_day_in_the_label_chooses_the_row_and_opening_balances_stand_back():
    rows = [["", "2023", "2022"], ["At 1 April", "5", "4"], ["At 31 March", "6", "5"]]
    options = [table(rows)]
    assert ranked_cells(options, "outstanding at 31 March", "2023")[0].cell.text == "6"
    assert ranked_cells(options, "outstanding at April 1st", "2022")[0].cell.text == "4"
    assert ranked_cells(options, "outstanding options", "2023")[0].cell.text == "6"


def test_a_year_in_the_label_chooses_the_row_where_columns_have_years_too():
    rows = [["", "2023", "2022"], ["Notes due 2025", "5", "4"], ["Notes due 2027", "6", "7"]]
    assert ranked_cells([table(rows)], "the notes due in 2027", "2023")[0].cell.text == "6"


def test_non_current_is_not_current():
    rows = [["", "2023"], ["Assets, non-current", "5"], ["Assets, current", "6"]]
    assert ranked_cells([table(rows)], "current assets", "2023")[0].cell.text == "6"
    assert ranked_cells([table(rows)], "non-current assets", "2023")[0].cell.text == "5"


def test_changes_are_of_the_years_and_in_the_unit_that_are_asked_for():
    rows = [
        ["", "2023", "2022", "2023 over 2022", "% Change", "2022 over 2021"],
        ["Sales", "$60", "$50", "$10", "20%", "$3"],
    ]
    sales = [table(rows)]
    assert ranked_cells(sales, "How much did sales increase from 2022 to 2021?")[0].cell.text == (
        "$3"
    )
    percent = "By what percentage did sales increase from 2022 to 2023?"
    assert ranked_cells(sales, percent)[0].cell.text == "20%"


def test_a_slip_of_the_pen_is_the_word_of_the_table():
    rows = [["", "2023"], ["Warrants issued", "5"], ["Warrants outstanding", "6"]]
    assert ranked_cells([table(rows)], "warrants oustanding", "2023")[0].cell.text == "6"


def test_the_unit_that_is_asked_for_chooses_the_column():
    rows = [["", "2023 M", "2023 $M"], ["Share capital", "1,251", "5,828"]]
    assert ranked_cells([table(rows)], "share capital in $M", "2023")[0].cell.text == "5,828"


def test_a_row_of_percentages_needs_no_word_for_percent_but_a_column_beside_amounts_does():
    rows = [["", "2023", "% of sales"], ["Cost", "5", "50%"], ["Expected volatility", "30%", "31%"]]
    assert ranked_cells([table(rows)], "expected volatility", "2023")[0].cell.text == "30%"
    assert ranked_cells([table(rows)], "cost", "")[0].cell.text == "5"


def test_a_column_without_a_header_has_that_of_its_left_neighbour():
    rows = [["", "2023", "", "2022", ""], ["Sales", "60", "100%", "50", "100%"]]
    share = ranked_cells([table(rows)], "sales in percent", "2022")[0]
    assert (share.cell.text, share.cell.column) == ("100%", 4)


def test_a_sum_without_a_label_is_its_sections():
    hit = ranked_cells([SALES], "By how much did cost of sales differ?", "2023")[0]
    assert (hit.cell.text, hit.row) == ("30", "total Cost of sales:")


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


def test_the_greatest_and_the_least_are_found_by_their_figures():
    fees = table([["", "2023", "2022"], ["Ann", "$1,060", "8"], ["Bo", "(2,000)", "9"],
                  ["Cy", "553", "30"], ["Total", "(387)", "47"]])  # fmt: skip

    def found(question: str, period: str = "2023") -> str:
        return ranked_cells([fees], question, period)[0].cell.text

    assert found("Who was paid the highest fees?") == "$1,060"
    assert found("Who was paid the lowest fees?") == "(2,000)"
    assert found("the sum of the top 2 fees", "2022") == "30"
    assert found("the most recent fees of Bo") == "(2,000)"


def test_two_letters_turned_about_in_a_short_word_are_a_slip():
    rates = table([["", "2023"], ["On-net", "700"], ["ARPU, on-net", "5"]])
    assert ranked_cells([rates], "the on-net APRU", "2023")[0].cell.text == "5"


def test_a_percentage_change_of_a_margin_is_of_amounts():
    margins = table([["", "2023", "2023"], ["Sales", "$90", "100%"], ["Gross margin", "40", "44%"]])
    assert (
        ranked_cells([margins], "the percentage change of gross margin", "2023")[0].cell.text
        == "40"
    )
    assert ranked_cells([margins], "the change of gross margin", "2023")[0].cell.text == "44%"
