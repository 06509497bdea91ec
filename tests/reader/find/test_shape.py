"""Tables without geometry, read as they are meant."""

from tenth.documents.native import header_rows, table_of
from tenth.reader.find import ranked_cells
from tenth.reader.find.candidates import candidates_of


def sheet(rows: list[list[str]]):
    return table_of(rows, 1, header_rows(rows))


def best(rows: list[list[str]], question: str, period: str = "") -> str:
    return ranked_cells([sheet(rows)], question, period)[0].cell.text


def test_centred_headers_stand_over_each_repetition_of_the_columns():
    rows = [
        ["", "", "2023", "", "2022"],
        ["", "High", "Low", "High", "Low"],
        ["First quarter", "$14", "$9", "$12", "$7"],
    ]
    assert best(rows, "the high price in the first quarter of 2023", "2023") == "$14"
    assert best(rows, "the high price in the first quarter of 2022", "2022") == "$12"


def test_a_table_below_a_table_has_its_own_header():
    rows = [
        ["", "", "As of June 30, 2023"],
        ["", "Cost", "Fair value"],
        ["Bonds", "10", "11"],
        ["Total", "10", "11"],
        ["", "", "As of June 30, 2022"],
        ["", "Cost", "Fair value"],
        ["Bonds", "20", "21"],
        ["Total", "20", "21"],
    ]
    assert best(rows, "the fair value of bonds", "June 30, 2022") == "21"
    assert best(rows, "the cost of bonds", "June 30, 2023") == "10"


def test_a_heading_over_the_figures_is_the_label_of_its_row():
    rows = [
        ["(Dollars in millions)", "2023", "2022"],
        ["", "Revenues:", ""],
        ["Americas", "$18", "$17"],
        ["", "Expenses:", ""],
        ["Americas", "9", "8"],
    ]
    assert best(rows, "the expenses of the Americas", "2023") == "9"
    assert best(rows, "the revenues of the Americas", "2022") == "$17"


def test_a_first_row_of_ranges_names_the_columns():
    rows = [["Days past due", "1-90", "91-180", ">180", "Total"], ["Low", "13", "12", "11", "36"],
            ["High", "5", "4", "3", "12"]]  # fmt: skip
    assert best(rows, "91-180 days past due in low risk") == "12"


def test_cells_keep_the_places_that_they_have_in_the_table():
    rows = [["", "2023"], ["Sales", "1"], ["", "2022"], ["Sales", "2"]]
    table = sheet(rows)
    for one in candidates_of(0, table):
        assert rows[one.cell.row][one.cell.column] == one.cell.text


def test_the_total_of_what_is_asked_for_is_below_it_or_beside_it():
    below = [["", "2023"], ["Loans due, current", "2"], ["Loans due, other", "3"], ["Total", "5"]]
    assert best(below, "What are total loans due?", "2023") == "5"
    beside = [["", "One year", "Later", "Total"], ["Leases", "1", "2", "3"],
              ["Debt", "4", "5", "9"], ["Total", "5", "7", "12"]]  # fmt: skip
    assert best(beside, "What are total leases?") == "3"
    assert best(beside, "In which part are leases the largest?") != "3"


def test_net_property_is_property_net():
    rows = [["", "2023"], ["Property and equipment", "9"], ["Property and equipment, net", "5"]]
    assert best(rows, "the change in net property and equipment", "2023") == "5"


def test_words_in_parentheses_tell_two_labels_apart():
    rows = [["", "2023"], ["Cash flow (before tax)", "9"], ["Cash flow", "5"]]
    assert best(rows, "the cash flow", "2023") == "5"
    assert best(rows, "the cash flow before tax", "2023") == "9"


def test_the_change_of_a_share_is_of_two_percentages():
    rows = [["", "2023", "% of total"], ["Asia", "$533", "38%"], ["Europe", "315", "22%"]]
    assert best(rows, "the change in the percentage of sales from Asia") == "38%"
    assert best(rows, "the percentage change in sales from Asia", "2023") == "$533"


def test_what_stands_between_two_balances_is_of_the_year_that_ends_there():
    rows = [
        ["", "Shares"],
        ["Outstanding at June 30, 2021", "10"],
        ["Granted", "1"],
        ["Outstanding at June 30, 2022", "11"],
        ["Granted", "2"],
        ["Outstanding at June 30, 2023", "13"],
    ]
    assert best(rows, "How many shares were granted in 2023?") == "2"
    assert best(rows, "How many shares were granted in 2022?") == "1"


def test_a_dash_is_no_answer_where_there_is_a_figure():
    rows = [["", "Assets", "Liabilities"], ["Goodwill", "—", "1,187"], ["Inventory", "15", "—"]]
    assert best(rows, "How much is goodwill?") == "1,187"


def test_a_first_row_of_years_is_a_header_though_one_has_a_footnote():
    rows = [["", "2021", "2022", "20231"], ["Net income", "$7", "$8", "$9"],
            ["Interest", "4", "5", "6"]]  # fmt: skip
    assert best(rows, "the interest in 2022", "2022") == "5"
    assert best(rows, "the interest in 2022", "") != "2022"


def test_what_stands_left_of_the_figures_in_two_columns_is_one_label():
    rows = [
        ["Details", "Date", "Shares"],
        ["Balance", "1 July 2021", "130"],
        ["Issued", "3 August 2021", "5"],
        ["Balance", "30 June 2022", "135"],
    ]
    assert best(rows, "the balance of shares on 30 June 2022") == "135"
    assert best(rows, "the balance of shares on 1 July 2021") == "130"


def test_a_lone_header_over_named_columns_stands_over_all_of_them():
    rows = [
        ["", "", "", "Internal credit risk rating", ""],
        ["June 30, 2023", "1 to 4", "5 to 6", "7 and higher", "Total"],
        ["Leases", "1", "2", "3", "6"],
        ["Loans", "4", "5", "7", "16"],
        ["Total", "5", "7", "10", "22"],
    ]
    assert best(rows, "the difference in the total between leases and loans", "") in ("6", "16")
    assert best(rows, "the total for leases", "June 30, 2023") == "6"
    rows = [
        ["", "", "Percent change", ""],
        ["", "2023", "Actual", "2022"],
        ["Asia", "$9", "4%", "$8"],
        ["Africa", "7", "5%", "6"],
    ]
    assert best(rows, "the revenue in Asia in 2023", "2023") == "$9"


def test_what_stands_below_all_sections_names_what_they_are_parts_of():
    rows = [
        ["", "2023"],
        ["Current:", ""],
        ["Federal", "26"],
        ["Total current", "26"],
        ["Deferred:", ""],
        ["Federal", "35"],
        ["Total deferred", "35"],
        ["Provision for income taxes", "61"],
    ]
    assert best(rows, "the current federal provision for income taxes", "2023") == "26"
    assert best(rows, "the deferred federal provision for income taxes", "2023") == "35"
    assert best(rows, "the provision for income taxes", "2023") == "61"


def test_of_rows_with_one_label_the_first_answers_whose_heading_nobody_asks_for():
    rows = [
        ["", "2023"],
        ["Adjustments to gross profit:", ""],
        ["Share-based pay", "5"],
        ["Adjustments:", ""],
        ["Share-based pay", "7"],
    ]
    assert best(rows, "the share-based pay", "2023") == "5"
