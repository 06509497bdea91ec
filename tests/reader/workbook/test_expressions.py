"""Formulas: what a spreadsheet reads is what is calculated here."""

from decimal import Decimal

from tenth.reader.workbook.book import Shown
from tenth.reader.workbook.expressions import (
    Call,
    Negative,
    Number,
    Operation,
    Ref,
    Span,
    cell_name,
    evaluate,
    text_of,
    total,
)
from tenth.reader.workbook.figure_formula import formula_over

CELLS = {
    ("S", row, 1): Decimal(value) for row, value in enumerate((6, 4, 3, 2)) if value is not None
}
A, B, C = Ref("S", 0, 1), Ref("S", 1, 1), Ref("Other's", 2, 1)


def look(sheet: str, row: int, column: int) -> Decimal | None:
    return CELLS.get((sheet, row, column))


def test_cells_have_their_names() -> None:
    assert [cell_name(0, column) for column in (0, 25, 26, 701, 702)] == [
        "A1", "Z1", "AA1", "ZZ1", "AAA1",
    ]  # fmt: skip


def test_parentheses_stand_where_they_matter_and_only_there() -> None:
    difference = Operation("-", A, Operation("-", B, A))
    assert text_of(difference, "S") == "B1-(B2-B1)"
    assert evaluate(difference, look) == 8
    product = Operation("*", Operation("+", A, B), Operation("/", A, B))
    assert text_of(product, "S") == "(B1+B2)*(B1/B2)"
    assert evaluate(product, look) == 15
    assert text_of(Operation("+", Operation("*", A, B), B), "S") == "B1*B2+B2"
    assert text_of(Operation("-", A, Negative(B)), "S") == "B1-(-B2)"
    assert text_of(Operation("*", Number(Decimal(-2)), A), "S") == "(-2)*B1"


def test_a_quotation_mark_in_a_sheets_name_is_doubled() -> None:
    assert text_of(C, "S") == "'Other''s'!B3"


def test_what_cannot_be_calculated_has_no_value() -> None:
    assert evaluate(Operation("/", A, Number(Decimal(0))), look) is None
    assert evaluate(Operation("+", A, C), look) is None
    assert evaluate(Operation("^", Negative(A), Number(Decimal("0.5"))), look) is None


def test_functions_skip_blanks_of_a_range() -> None:
    assert evaluate(Call("SUM", (Span("S", 0, 9, 1),)), look) == 15
    assert evaluate(Call("AVERAGE", (Span("S", 0, 9, 1),)), look) == Decimal("3.75")
    assert evaluate(Call("MAX", (A, B)), look) == 6
    assert evaluate(Call("MIN", (A, B)), look) == 4


def test_a_total_names_ranges_only_where_nothing_else_stands_between() -> None:
    def blank(row: int) -> bool:
        return row == 2

    def text(rows: list[tuple[int, int]]) -> str:
        made = total(rows, "S", 1, blank)
        return text_of(made, "S") if made else ""

    assert text([(0, 1), (1, 1), (3, 1)]) == "SUM(B1:B4)"
    assert text([(0, 1), (3, 1), (5, 1)]) == "SUM(B1,B4,B6)"
    assert text([(0, 1), (5, -1)]) == "B1-B6"
    assert text([(0, 1), (4, 1)]) == "B1+B5"
    assert text([(0, -1), (4, -1)]) == "-B1-B5"
    assert text([]) == ""


def shown(row: int, scale: int) -> Shown:
    return Shown(Ref("S", row, 1), Decimal(scale), "currency", "USD")


def text_over(formula: str, **inputs: Shown) -> str:
    made = formula_over(formula, inputs)
    return text_of(made, "S") if made else ""


def test_a_scale_that_cancels_out_is_not_written() -> None:
    million = 1_000_000
    assert text_over("a / b", a=shown(0, million), b=shown(1, million)) == "B1/B2"
    assert text_over("(a - b) / b", a=shown(0, million), b=shown(1, million)) == "(B1-B2)/B2"


def test_scales_that_differ_are_multiplied_in() -> None:
    assert text_over("a / b", a=shown(0, 1_000_000), b=shown(1, 1000)) == "B1*1000000/(B2*1000)"
    assert text_over("a - b", a=shown(0, 1000), b=shown(1, 1000)) == "(B1-B2)*1000"
    assert text_over("a * b", a=shown(0, 1000), b=shown(1, 1)) == "B1*B2*1000"
    assert text_over("a + 5", a=shown(0, 1000)) == "B1*1000+5"


def test_names_with_brackets_and_other_signs_are_understood() -> None:
    inputs = {"Revenues[Products]": shown(0, 1), "Revenues": shown(1, 1)}
    made = formula_over("Revenues[Products] ÷ Revenues × 100", inputs)
    assert made is not None and text_of(made, "S") == "B1/B2*100"
    made = formula_over("avg(Revenues, Revenues[Products])", inputs)
    assert made is not None and text_of(made, "S") == "AVERAGE(B2,B1)"


def test_what_is_not_arithmetic_over_the_inputs_is_refused() -> None:
    for formula in (
        "a / c",
        "__import__('os')",
        "a if a else a",
        "a /",
        "",
        "a[0]",
        "'a'",
        "1e999x",
    ):
        assert formula_over(formula, {"a": shown(0, 1)}) is None, formula
