"""Formulas as trees: one tree gives both the text that a spreadsheet calculates and its value."""

from collections.abc import Callable
from decimal import Decimal

import msgspec


class Ref(msgspec.Struct, frozen=True):
    """A cell; rows and columns count from 0."""

    sheet: str
    row: int
    column: int


class Span(msgspec.Struct, frozen=True):
    """Cells of one column, from the first row to the last, both included."""

    sheet: str
    first: int
    last: int
    column: int


class Number(msgspec.Struct, frozen=True):
    value: Decimal


class Operation(msgspec.Struct, frozen=True):
    """`left + right`, with one of + - * / ^."""

    sign: str
    left: "Expression"
    right: "Expression"


class Negative(msgspec.Struct, frozen=True):
    of: "Expression"


class Call(msgspec.Struct, frozen=True):
    """SUM, AVERAGE, ABS, MIN or MAX."""

    name: str
    arguments: tuple["Expression", ...]


Expression = Ref | Span | Number | Operation | Negative | Call
Lookup = Callable[[str, int, int], Decimal | None]  # a cell's number; None: it has none

FUNCTIONS = ("SUM", "AVERAGE", "ABS", "MIN", "MAX")
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}


def column_name(column: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def cell_name(row: int, column: int) -> str:
    return f"{column_name(column)}{row + 1}"


def quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def text_of(expression: Expression, home: str) -> str:
    """Without the leading "="; cells of the sheet `home` are named without their sheet."""
    return _text(expression, home, 0)


def _text(expression: Expression, home: str, rank: int) -> str:
    match expression:
        case Ref(sheet, row, column):
            return _prefix(sheet, home) + cell_name(row, column)
        case Span(sheet, first, last, column):
            ends = f"{cell_name(first, column)}:{cell_name(last, column)}"
            return _prefix(sheet, home) + ends
        case Number(value):
            text = f"{value:f}"
            return f"({text})" if value < 0 else text
        case Negative(of):
            # Excel's unary minus binds before ^: the parentheses say what is meant
            text = "-" + _text(of, home, 3)
            return f"({text})" if rank else text
        case Call(name, arguments):
            return f"{name}({','.join(_text(one, home, 0) for one in arguments)})"
        case Operation(sign, left, right):
            own = _RANK[sign]
            text = _text(left, home, own - 1) + sign + _text(right, home, own)
            return f"({text})" if own <= rank else text


def _prefix(sheet: str, home: str) -> str:
    return "" if sheet == home else quoted(sheet) + "!"


def evaluate(expression: Expression, lookup: Lookup) -> Decimal | None:
    """None where a cell it needs has no number, or a divisor is 0."""
    match expression:
        case Ref(sheet, row, column):
            return lookup(sheet, row, column)
        case Span():
            return None  # a range stands only inside a function
        case Number(value):
            return value
        case Negative(of):
            value = evaluate(of, lookup)
            return None if value is None else -value
        case Call(name, arguments):
            return _call(name, arguments, lookup)
        case Operation(sign, left, right):
            a, b = evaluate(left, lookup), evaluate(right, lookup)
            return None if a is None or b is None else _operate(sign, a, b)


def _operate(sign: str, a: Decimal, b: Decimal) -> Decimal | None:
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    if sign == "*":
        return a * b
    if sign == "/":
        return a / b if b else None
    return a**b if a > 0 or (a < 0 and b == b.to_integral_value()) else None


def _call(name: str, arguments: tuple[Expression, ...], lookup: Lookup) -> Decimal | None:
    values: list[Decimal] = []
    for one in arguments:
        if isinstance(one, Span):  # blanks and texts of a range do not count, as in a spreadsheet
            found = (lookup(one.sheet, row, one.column) for row in range(one.first, one.last + 1))
            values += [value for value in found if value is not None]
            continue
        value = evaluate(one, lookup)
        if value is None:
            return None
        values.append(value)
    if name == "SUM":
        return sum(values, Decimal(0))
    if not values or name not in FUNCTIONS:
        return None
    if name == "AVERAGE":
        return sum(values, Decimal(0)) / len(values)
    if name == "ABS":
        return abs(values[0])
    return min(values) if name == "MIN" else max(values)


def leaves(expression: Expression) -> list[Ref]:
    """The cells it names, those of ranges one by one."""
    match expression:
        case Ref():
            return [expression]
        case Span(sheet, first, last, column):
            return [Ref(sheet, row, column) for row in range(first, last + 1)]
        case Number():
            return []
        case Negative(of):
            return leaves(of)
        case Call(_, arguments):
            return [leaf for one in arguments for leaf in leaves(one)]
        case Operation(_, left, right):
            return leaves(left) + leaves(right)


def total(
    rows: list[tuple[int, int]], sheet: str, column: int, blank: Callable[[int], bool]
) -> Expression | None:
    """The signed sum of (row, sign) in one column: neighbours as a range, whose other rows have to
    be `blank`. None for no rows."""
    plus = sorted(row for row, sign in rows if sign > 0)
    runs: list[list[int]] = []
    for row in plus:
        if runs and all(blank(between) for between in range(runs[-1][-1] + 1, row)):
            runs[-1].append(row)
        else:
            runs.append([row])
    pieces: list[Expression] = [
        Span(sheet, run[0], run[-1], column) if len(run) > 1 else Ref(sheet, run[0], column)
        for run in runs
    ]
    whole: Expression | None = None
    if len(pieces) > 2 or any(isinstance(piece, Span) for piece in pieces):
        whole = Call("SUM", tuple(pieces))
    elif pieces:
        whole = pieces[0]
        for piece in pieces[1:]:
            whole = Operation("+", whole, piece)
    for row in sorted(row for row, sign in rows if sign < 0):
        cell = Ref(sheet, row, column)
        whole = Negative(cell) if whole is None else Operation("-", whole, cell)
    return whole
