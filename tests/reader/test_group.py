"""A group's statement with its company's columns beside: whose figures are whose, and of when."""

from tenth.reader.group import parents
from tenth.reader.model import Period
from tests.reader.test_tables import by_label, table
from tests.reader.test_whole import facts

A, B = Period("2021-04-01", "2022-03-31"), Period("2020-04-01", "2021-03-31")
HEAD = [["for the year ended 31 March 2022", "Group", "", "Company", ""],
        ["", "31 March 2022", "31 March 2021", "31 March 2022", "31 March 2021"]]  # fmt: skip
CASH = [
    *HEAD,
    ["Cash flows from operating activities"],
    ["Receipts from customers", "30", "40", "5", "6"],
    ["Net cash from operating activities", "10", "20", "1", "2"],
    ["Net cash from investing activities", "(3)", "(4)", "-", "-"],
    ["Net cash from financing activities", "5", "6", "7", "8"],
    ["Total cash movement for the year", "12", "22", "8", "10"],
    ["Cash at the beginning of the year", "40", "18", "13", "3"],
    ["Total cash and cash equivalents", "52", "40", "21", "13"],
]
TITLE = "Group and Company Statements of Cash Flows"


def test_columns_of_the_company_are_those_beside_its_groups():
    assert parents({1: ("Group", A), 2: ("Group", B), 3: ("Company", A), 4: ("Company", B)}) == {
        3,
        4,
    }
    assert parents({1: ("Group", A), 2: ("", B), 3: ("Company £", A), 4: ("", B)}) == {3, 4}
    assert not parents({1: ("Group", A), 2: ("Group", B), 3: ("Company", A)})
    assert not parents({1: ("Pretax", A), 2: ("Net", A)}) and not parents({1: ("", A)})


def test_a_statement_of_both_is_the_groups_and_dated_by_its_caption():
    for spans in ({(0, 1): 2, (0, 3): 2}, {(0, 3): 2}):  # "Group" read above the first alone
        found = by_label(facts(table(CASH, "(£ in millions)", 2, TITLE, spans)))
        flows = found["Net cash from operating activities"]
        assert {f.statement for f in flows} == {"cash"}
        assert [f.period for f in flows] == [A, B, A, B]
        assert [bool(f.metric) for f in flows] == [True, True, False, False]
        opening = found["Cash at the beginning of the year"]
        assert [f.period for f in opening] == [
            Period("", "2021-03-31"),
            Period("", "2020-03-31"),
        ] * 2
        held = found["Total cash and cash equivalents"]
        assert [f.period for f in held] == [Period("", "2022-03-31"), Period("", "2021-03-31")] * 2
        assert flows[2].section[-1].startswith("Company")


def test_cash_that_changes_is_no_cash_that_is_held():
    rows = [
        *CASH[:-1],
        ["(Increase) decrease in:"],
        [" Cash and cash equivalents", "1", "2", "3", "4"],
    ]
    found = by_label(facts(table(rows, "(£ in millions)", 2, TITLE, {(0, 1): 2, (0, 3): 2})))
    assert [f.period for f in found["Cash and cash equivalents"]] == [A, B, A, B]


def test_the_companys_own_balance_sheet_is_of_days_and_not_the_groups():
    rows = [["", "2022", "2021"], ["Investments", "70", "60"], ["Total assets", "90", "80"],
            ["Trade and other receivables", "1", "2"], ["Total liabilities", "20", "30"],
            ["Total equity and liabilities", "90", "80"]]  # fmt: skip
    found = by_label(facts(table(rows, "(£ in millions)", 1, "Company statement of financial "
                                 "position as at 31 March 2022")))["Total assets"]  # fmt: skip
    assert [f.period for f in found] == [Period("", "2022-03-31"), Period("", "2021-03-31")]
    assert {f.statement for f in found} == {"other"}
