"""What the sheets show: statements merged, totals live or marked, comparison, ratios, customers."""

from decimal import Decimal

import msgspec
import pytest

from tenth.reader.model import Cover, Fact, Figure, Input, Ledger, Period, Report
from tenth.reader.workbook import looks
from tenth.reader.workbook.book import AMBER, Book, Cell, Logic, Sheet
from tenth.reader.workbook.expressions import text_of
from tenth.reader.workbook.write import plan_workbook
from tests.reader.made import LAST_Q3, NOW, Q3, Row, report, statement
from tests.reader.workbook.companies import (
    INCOME,
    INCOME_PARTS,
    acme,
    fact_of,
    ledger,
    margin,
    with_parts,
)

Y22, Y23 = Period("2022-01-01", "2022-12-31"), Period("2023-01-01", "2023-12-31")


def row_of(sheet: Sheet, label: str) -> int:
    rows = [row for (row, column), cell in sheet.cells.items()
            if column == 0 and cell.content == label]  # fmt: skip
    assert rows, f"{sheet.name} has no {label!r}"
    return rows[0]


def cell_under(sheet: Sheet, label: str, head: str, head_row: int = 5) -> Cell | None:
    column = next(at for (row, at), cell in sheet.cells.items()
                  if row == head_row and cell.content == head)  # fmt: skip
    return sheet.cells.get((row_of(sheet, label), column))


def formula(cell: Cell | None, sheet: Sheet) -> str:
    assert cell is not None and not isinstance(cell.content, str | int | Decimal)
    return (
        cell.content.text if isinstance(cell.content, Logic) else text_of(cell.content, sheet.name)
    )


def value(book: Book, sheet: Sheet, label: str, head: str, head_row: int = 5) -> Decimal | None:
    column = next(at for (row, at), cell in sheet.cells.items()
                  if row == head_row and cell.content == head)  # fmt: skip
    return book.value(sheet.name, row_of(sheet, label), column)


def test_a_total_that_is_not_the_sum_of_its_parts_stays_as_printed_and_is_marked() -> None:
    rows = [*INCOME[:3], ("Total net sales", "Revenues", ["1,010", "800"]), *INCOME[4:]]
    made = report(with_parts(statement("income", rows, [Q3, LAST_Q3]), INCOME_PARTS))
    sheet = plan_workbook(Ledger((made,))).sheets["Acme Income"]
    wrong = cell_under(sheet, "Total net sales", "Sep 30, 2023")
    assert wrong is not None and wrong.content == 1010
    assert wrong.style.fill == AMBER and "do not add up" in wrong.note
    right = cell_under(sheet, "Total net sales", "Sep 30, 2022")
    assert formula(right, sheet) == "SUM(C8:C9)"


def test_a_total_that_is_off_by_rounding_stays_as_printed_and_says_so() -> None:
    rows: list[Row] = [("A", "", ["10"]), ("B", "", ["20"]), ("C", "", ["31"])]
    made = report(with_parts(statement("income", rows, [Q3]), {2: [(0, 1), (1, 1)]}))
    cell = plan_workbook(Ledger((made,))).sheets["Acme Income"].cells[8, 2]
    assert cell.content == 31 and not cell.style.fill and "rounding" in cell.tip


def test_percents_without_their_sign_are_shown_as_percents() -> None:
    rows: list[Row] = [("North", "", ["10%"]), ("South", "", ["15"])]
    made, facts = statement("segments", rows, [Q3], scale=1)
    facts = [
        msgspec.structs.replace(fact, unit="pure", currency="", value=Decimal(value))
        for fact, value in zip(facts, ("0.10", "0.15"), strict=True)
    ]
    sheet = plan_workbook(Ledger((report((made, facts)),))).sheets["Acme Segments"]
    assert [sheet.cells[row, 2].style.number for row in (6, 7)] == [
        "#,##0%_);(#,##0%);#,##0%_)"
    ] * 2
    assert [sheet.cells[row, 1].content for row in (6, 7)] == ["%", "%"]


def test_a_total_whose_parts_were_restated_later_is_not_called_wrong() -> None:
    rows: list[Row] = [("A", "", ["10"]), ("B", "", ["20"]), ("Total", "", ["30"])]
    old = report(with_parts(statement("income", rows, [Q3], document="old.pdf"),
                            {2: [(0, 1), (1, 1)]}))  # fmt: skip
    old = msgspec.structs.replace(old, cover=Cover("Acme Corporation", "10-Q", LAST_Q3))
    new = report(statement("income", [("A", "", ["12"]), ("B", "", ["20"])], [Q3]))
    sheet = plan_workbook(Ledger((new, old))).sheets["Acme Income"]
    total = sheet.cells[8, 2]
    assert total.content == 30 and not total.style.fill
    assert "restated in a later document" in total.tip


def test_a_total_that_changed_its_name_is_one_row() -> None:
    rows: list[Row] = [("A", "", ["10"]), ("B", "", ["20"]), ("Total income", "", ["30"])]
    renamed = [*rows[:2], ("Total income (expense)", "", ["30"])]
    made = [
        report(with_parts(statement("income", one, [period], document=name),
                          {2: [(0, 1), (1, 1)]}))
        for one, period, name in ((rows, Q3, "new.pdf"), (renamed, LAST_Q3, "old.pdf"))
    ]  # fmt: skip
    sheet = plan_workbook(Ledger(tuple(made))).sheets["Acme Income"]
    labels = [cell.content for (_, column), cell in sheet.cells.items() if column == 0]
    assert sum(str(label).startswith("Total income") for label in labels) == 1


def test_totals_that_need_each_other_are_not_both_formulas() -> None:
    rows: list[Row] = [("A", "", ["10"]), ("B", "", ["20"]), ("C", "", ["30"])]
    parts = {2: [(0, 1), (1, 1)], 0: [(2, 1), (1, -1)]}
    book = plan_workbook(Ledger((report(with_parts(statement("income", rows, [Q3]), parts)),)))
    sheet = book.sheets["Acme Income"]
    assert formula(sheet.cells[6, 2], sheet) == "C9-C8"
    assert sheet.cells[8, 2].content == 30


def test_a_contradicted_fact_is_coloured_and_says_where_to_look() -> None:
    made, facts = statement("income", INCOME[1:3], [Q3])
    facts[0] = msgspec.structs.replace(facts[0], status="contradicted")
    sheet = plan_workbook(Ledger((report((made, facts)),))).sheets["Acme Income"]
    assert sheet.cells[6, 2].style.fill == AMBER
    assert "Contradictions" in sheet.cells[6, 2].note


def test_documents_are_merged_line_by_line_in_the_order_of_the_latest() -> None:
    sheet = plan_workbook(ledger()).sheets["Acme Income"]
    labels = [sheet.cells[row, 0].content for row in range(6, 11)]
    assert labels == ["Net sales:", "Products", "Licences", "Services", "Total net sales"]
    licences = cell_under(sheet, "Licences", "Sep 30, 2022")
    assert licences is not None and licences.content == 7


def test_the_later_document_wins_and_the_earlier_figure_is_listed_with_its_source() -> None:
    book = plan_workbook(ledger())
    sheet = book.sheets["Acme Income"]
    shown = cell_under(sheet, "Products", "Sep 30, 2022")
    assert shown is not None and shown.content == 500
    at = row_of(sheet, "Products · Quarter ended Sep 30, 2022")
    earlier = sheet.cells[at, 2]
    assert earlier.content == 510
    assert book.facts[earlier.fact].document == "reports/acme-half.pdf"
    assert formula(sheet.cells[at, 3], sheet) == "C8"
    assert book.value(sheet.name, at, 4) == -10


def test_lines_that_changed_their_words_are_found_by_their_metric() -> None:
    sheet = plan_workbook(ledger()).sheets["Acme Cash flow"]
    labels = [cell.content for (_, column), cell in sheet.cells.items() if column == 0]
    assert "Purchases of property" in labels
    assert "Purchases of property and plant" not in labels


def test_margins_and_growth_are_formulas_and_a_negative_base_has_no_growth() -> None:
    book = plan_workbook(ledger())
    sheet = book.sheets["Acme Income"]
    assert formula(cell_under(sheet, "Gross margin", "Sep 30, 2023"), sheet) == "SUM(D11:D12)"
    assert value(book, sheet, "Net margin", "Sep 30, 2023") == Decimal("0.15")
    growth = cell_under(sheet, "Revenue growth on a year before", "Sep 30, 2023")
    assert formula(growth, sheet) == "D11/C11-1"
    profit = cell_under(sheet, "Net income growth on a year before", "Sep 30, 2023")
    assert profit is not None and profit.content == "n.m."


def test_a_quarters_cash_flow_is_the_year_to_date_less_the_half_year() -> None:
    book = plan_workbook(ledger())
    sheet = book.sheets["Comparison"]
    head = row_of(sheet, "Operating cash flow")
    columns = {cell.content: at for (row, at), cell in sheet.cells.items() if row == head}
    cell = sheet.cells[head + 1, columns["Q3 2023"]]
    assert formula(cell, sheet) == "'Acme Cash flow'!E7-'Acme Cash flow'!C7"
    assert book.value(sheet.name, head + 1, columns["Q3 2023"]) == 130
    assert cell.style.italic
    free = row_of(sheet, "Free cash flow")
    assert book.value(sheet.name, free + 1, columns["Q3 2023"]) == 120


def test_fiscal_periods_stand_in_the_calendar_quarter_of_their_last_day() -> None:
    late = Period("2023-05-01", "2023-07-30")
    made = report(statement("income", INCOME, [late], entity="Nova Inc.", document="n.pdf"))
    sheet = plan_workbook(Ledger((acme(), made))).sheets["Comparison"]
    head = row_of(sheet, "Last day of the fiscal period")
    columns = {cell.content: at for (row, at), cell in sheet.cells.items() if row == head}
    assert sheet.cells[head + 2, columns["Q2 2023"]].content == "Jul 30, 2023"
    assert sheet.cells[head + 1, columns["Q3 2023"]].content == "Sep 30, 2023"


def test_companies_of_other_scales_are_converted_by_formula() -> None:
    small = report(
        statement("income", [("Revenue", "Revenues", ["2,500,000"])], [Q3], entity="Kilo Ltd.",
                  document="k.pdf", scale=1000)
    )  # fmt: skip
    book = plan_workbook(Ledger((acme(), small)))
    sheet = book.sheets["Comparison"]
    row = row_of(sheet, "Revenue") + 2
    at = max(column for (one, column) in sheet.cells if one == row)
    assert formula(sheet.cells[row, at], sheet) == "'Kilo Income'!C7/1000"
    assert book.value(sheet.name, row, at) == 2500


def test_a_figure_is_its_formula_over_the_statements_with_its_text_beside_it() -> None:
    book = plan_workbook(ledger())
    sheet = book.sheets["Acme Ratios"]
    cell = sheet.cells[6, 2]
    assert formula(cell, sheet) == "'Acme Income'!D13/'Acme Income'!D11"
    assert sheet.cells[6, 4].content == "GrossProfit / Revenues"
    assert book.value(sheet.name, 6, 2) == Decimal("0.45")


def figure(id: str, given: list[Input], text: str, result: str) -> Figure:
    return Figure(id, "Acme Corporation", "gross_margin", Q3, Decimal(result), "pure", "", text,
                  tuple(given))  # fmt: skip


def test_a_figure_whose_formula_gives_another_value_is_not_shown_nor_what_is_built_on_it() -> None:
    made = acme()
    good = margin(made)
    bad = figure("bad", list(good.inputs), "Revenues / GrossProfit", "0.45")
    on_bad = figure("on bad", [Input("x", "bad", Decimal("0.45"))], "x * 2", "0.9")
    unread = figure("unread", list(good.inputs), "GrossProfit of Revenues", "0.45")
    book = plan_workbook(Ledger((made,), (good, on_bad, bad, unread)))
    sheet = book.sheets["Acme Ratios"]
    shown = [sheet.cells[row, 2].content for row in range(6, 10)]
    assert [one for one in shown if one == "not shown"] == ["not shown"] * 3


def test_a_figure_may_stand_on_a_figure_that_comes_later() -> None:
    made = acme()
    good = margin(made)
    double = figure("double", [Input("m", good.id, good.value)], "m * 2", "0.9")
    book = plan_workbook(Ledger((made,), (double, good)))
    sheet = book.sheets["Acme Ratios"]
    assert "not shown" not in [cell.content for cell in sheet.cells.values()]


def test_an_input_outside_the_statements_is_taken_from_the_sources() -> None:
    made = acme()
    sales = fact_of(made, "Revenues", Q3)
    loose = Fact("loose", "Acme Corporation", "Backlog", "backlog", Q3, Decimal(50), "currency",
                 "USD", 1, "ok", made.document, made.sha256, sales.place, "$50")  # fmt: skip
    made = msgspec.structs.replace(made, facts=(*made.facts, loose))
    given = [Input("b", "loose", Decimal(50)), Input("r", sales.id, sales.value or Decimal(0))]
    # 50 over 1,000 million
    book = plan_workbook(Ledger((made,), (figure("f", given, "b / r", "0.00000005"),)))
    sheet = book.sheets["Acme Ratios"]
    row = book.used["loose"] + 5
    assert formula(sheet.cells[6, 2], sheet) == f"'Sources'!G{row}/'Acme Income'!D10/1000000"


@pytest.fixture
def customers() -> Book:
    """Fox and Gull are gone in 2023, Heron is new; the later report lists Fox with a dash."""
    reports: list[Report] = []
    for year, shares in (
        (Y22, {"Fox Stores": "30%", "Gull Trading": "20%", "Ash Retail": "10%"}),
        (Y23, {"Ash Retail": "12%", "Heron Markets": "15%", "Fox Stores": "—"}),
    ):
        rows: list[Row] = [(name, f"CustomerShare[{name}]", [text])
                           for name, text in shares.items()]  # fmt: skip
        made, facts = statement("customers", rows, [year], document=f"{year.end}.pdf", scale=1)
        facts = [
            msgspec.structs.replace(
                fact, unit="pure", currency="", value=(fact.value or Decimal(0)) / 100
            )
            for fact in facts
        ]
        one = report((made, facts))
        cover = Cover("Acme Corporation", "annual report", year, "en", "USD")
        reports.append(msgspec.structs.replace(one, cover=cover))
    return plan_workbook(Ledger(tuple(reversed(reports))))


def test_customers_who_stayed_went_and_came_are_told_by_formulas(customers: Book) -> None:
    sheet = customers.sheets["Customers"]
    status = {
        sheet.cells[row, 0].content: cell.content.value
        for (row, column), cell in sheet.cells.items()
        if column == 5 and isinstance(cell.content, Logic)
    }
    assert status == {
        "Fox Stores": "no longer named", "Gull Trading": "no longer named", "Ash Retail": "stayed",
        "Heron Markets": "new",
    }  # fmt: skip
    row = row_of(sheet, "Fox Stores")
    assert formula(sheet.cells[row, 5], sheet) == (
        f'IF(AND(N(C{row + 1})>0,N(D{row + 1})>0),"stayed",'
        f'IF(N(C{row + 1})>0,"no longer named",IF(N(D{row + 1})>0,"new","")))'
    )


def test_the_share_lost_is_the_sum_of_those_who_went(customers: Book) -> None:
    sheet = customers.sheets["Customers"]
    row = row_of(sheet, "Lost: those no longer named, in the year before")
    assert formula(sheet.cells[row, 2], sheet) == "SUM(C8,C9)"
    assert customers.value(sheet.name, row, 2) == Decimal("0.5")


def test_every_documents_list_is_shown_with_its_sources(customers: Book) -> None:
    sheet = customers.sheets["Customers"]
    titles = [cell.content for (_, column), cell in sheet.cells.items() if column == 0]
    assert "Acme — customers as listed · 2022-12-31.pdf" in titles
    inputs = [cell for cell in sheet.cells.values() if isinstance(cell.content, Decimal)]
    assert inputs and all(cell.fact for cell in inputs)


def test_a_parent_companys_own_balance_sheet_is_a_table_of_its_own() -> None:
    rows: list[Row] = [("货币资金", "CashAndCashEquivalentsAtCarryingValue", ["100"]),
                       ("资产总计", "Assets", ["400"])]  # fmt: skip
    own: list[Row] = [("货币资金", "CashAndCashEquivalentsAtCarryingValue", ["10"]),
                      ("资产总计", "Assets", ["40"])]  # fmt: skip
    parent, facts = statement("balance", own, [NOW], table=1)
    parent = msgspec.structs.replace(parent, title="母公司资产负债表")
    made = report((parent, facts), statement("balance", rows, [NOW], table=2))
    book = plan_workbook(Ledger((made,)))
    fact = book.by_metric["acmecorporation", "Assets", NOW]
    assert book.facts[fact].value == Decimal(400_000_000)
    assert "母公司资产负债表" in [
        cell.content for cell in book.sheets["Acme Balance"].cells.values()
    ]


def test_matrices_without_periods_in_their_columns_are_not_merged() -> None:
    rows: list[Row] = [("Net income", "", ["5", "6"]), ("Balance", "", ["15", "16"])]
    reports = []
    for name in ("a.pdf", "b.pdf"):
        made, facts = statement("equity", rows, [Period(), Period()], document=name)
        columns = tuple(
            msgspec.structs.replace(one, header=header)
            for one, header in zip(made.columns, ("Common stock", "Total"), strict=True)
        )
        reports.append(report((msgspec.structs.replace(made, columns=columns), facts)))
    sheet = plan_workbook(Ledger(tuple(reports))).sheets["Acme Equity"]
    labels = [cell.content for (_, column), cell in sheet.cells.items() if column == 0]
    assert labels.count("Net income") == 2


def test_amounts_beside_their_shares_of_the_whole_each_have_their_own_form() -> None:
    made, facts = statement("segments", [("Sensors", "Revenues[Sensors]", ["1,000", "46.36"])],
                            [Q3, Period("", "2023-09-30")])  # fmt: skip
    share = msgspec.structs.replace(facts[1], unit="pure", currency="", scale=1,
                                    value=Decimal("0.4636"), period=Q3)  # fmt: skip
    sheet = plan_workbook(Ledger((report((made, [facts[0], share])),))).sheets["Acme Segments"]
    row = row_of(sheet, "Sensors")
    shown = {cell.content: cell.style.number for (at, _), cell in sheet.cells.items()
             if at == row and isinstance(cell.content, Decimal)}  # fmt: skip
    assert sheet.cells[row, 1].content == "USD m"
    assert {value: "%" in number for value, number in shown.items()} == {
        1000: False, Decimal("0.4636"): True,
    }  # fmt: skip


def test_a_row_of_equity_is_of_money_though_its_first_column_counts_shares() -> None:
    made, facts = statement("equity", [("Net income", "", ["2,466", "12,453"])],
                            [Q3, Period("", "2023-09-30")])  # fmt: skip
    count = msgspec.structs.replace(facts[0], unit="shares", currency="")
    sheet = plan_workbook(Ledger((report((made, [count, facts[1]])),))).sheets["Acme Equity"]
    assert sheet.cells[row_of(sheet, "Net income"), 1].content == "USD m"


@pytest.mark.parametrize("text", ["客户名称" * 40, "A customer " * 30])
def test_a_title_is_no_wider_than_its_columns(text):
    short = looks.fitted(text, 80.0)
    assert looks.text_width(short, bold=True) <= 82 and short.endswith("…")
    assert looks.fitted("Customers", 80.0) == "Customers"
