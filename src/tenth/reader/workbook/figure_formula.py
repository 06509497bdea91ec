"""A ledger figure's formula, read from its text, over the cells that show its inputs."""

import ast
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from tenth.reader.workbook.book import Shown
from tenth.reader.workbook.expressions import (
    Call,
    Expression,
    Negative,
    Number,
    Operation,
    Ref,
    Span,
)

_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_CALLS = {"sum": "SUM", "avg": "AVERAGE", "average": "AVERAGE", "mean": "AVERAGE", "abs": "ABS",
          "min": "MIN", "max": "MAX"}  # fmt: skip
_TYPED = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-"})
ONE = Decimal(1)


def formula_over(text: str, inputs: Mapping[str, Shown]) -> Expression | None:
    """In whole units, as the ledger's formula is: cells in millions are multiplied where that does
    not cancel out. None where the text is not arithmetic over the inputs."""
    tree = _parsed(text, inputs)
    if tree is None:
        return None
    scales = {shown.cell: shown.scale for shown in inputs.values()}
    common = {scale for scale in scales.values() if scale != 1}
    if not common:
        return tree
    if len(common) == 1:
        scale = common.pop()
        power = _power(tree, scales)
        if power is not None:
            return times(tree, scale**power)
    return _spread(tree, scales)


def times(expression: Expression, factor: Decimal) -> Expression:
    """Multiplied, or divided where that is the whole number."""
    if factor == 1:
        return expression
    if factor < 1 and (1 / factor) == (1 / factor).to_integral_value():
        return Operation("/", expression, Number(1 / factor))
    return Operation("*", expression, Number(factor))


def _parsed(text: str, inputs: Mapping[str, Shown]) -> Expression | None:
    """Names may hold anything, brackets too: they are replaced before the text is parsed."""
    cells: dict[str, Ref] = {}
    names = sorted(inputs, key=lambda name: (-len(name), name))
    if names:
        pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)

        def stand_in(found: re.Match[str]) -> str:
            cells.setdefault(f"_{names.index(found[0])}", inputs[found[0]].cell)
            return f"_{names.index(found[0])}"

        text = re.sub(pattern, stand_in, text)
    text = text.translate(_TYPED).replace("^", "**").strip()
    try:
        return _read(ast.parse(text, mode="eval").body, text, cells)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _read(node: ast.expr, text: str, cells: Mapping[str, Ref]) -> Expression:
    """Raises ValueError where a node is not arithmetic over the cells."""
    match node:
        case ast.Name(name) if name in cells:
            return cells[name]
        case ast.Constant(value) if type(value) in (int, float):
            try:
                return Number(Decimal(ast.get_source_segment(text, node) or ""))
            except InvalidOperation:
                raise ValueError(text) from None
        case ast.BinOp(left, sign, right) if type(sign) in _SIGNS:
            a, b = _read(left, text, cells), _read(right, text, cells)
            return Operation(_SIGNS[type(sign)], a, b)
        case ast.UnaryOp(ast.USub(), operand):
            return Negative(_read(operand, text, cells))
        case ast.UnaryOp(ast.UAdd(), operand):
            return _read(operand, text, cells)
        case ast.Call(ast.Name(name), [_, *_] as arguments, []) if name in _CALLS:
            return Call(_CALLS[name], tuple(_read(one, text, cells) for one in arguments))
    raise ValueError(text)


def _power(tree: Expression, scales: Mapping[Ref, Decimal]) -> int | None:
    """To which power of the cells' scale the result is too small; None where terms differ."""
    match tree:
        case Ref():
            return int(scales[tree] != 1)
        case Number():
            return 0
        case Negative(of):
            return _power(of, scales)
        case Call(_, arguments):
            powers = {_power(one, scales) for one in arguments}
            return powers.pop() if len(powers) == 1 else None
        case Operation(sign, left, right):
            a, b = _power(left, scales), _power(right, scales)
            if a is None or b is None:
                return None
            if sign in "+-":
                return a if a == b else None
            if sign == "^":
                return 0 if a == b == 0 else None
            return a + b if sign == "*" else a - b
    return None


def _spread(tree: Expression, scales: Mapping[Ref, Decimal]) -> Expression:
    """Every cell multiplied by its own scale."""
    match tree:
        case Ref():
            return times(tree, scales[tree])
        case Negative(of):
            return Negative(_spread(of, scales))
        case Call(name, arguments):
            return Call(name, tuple(_spread(one, scales) for one in arguments))
        case Operation(sign, left, right):
            return Operation(sign, _spread(left, scales), _spread(right, scales))
        case Number() | Span():
            return tree
