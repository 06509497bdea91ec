"""Formulas as text: read by Python's own parser, computed in decimals, and nothing else runs."""

import ast
from collections.abc import Callable, Iterator, Mapping
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

# 28 digits are more than any filing prints; fixed, so that a value is the same on every machine
CONTEXT = Context(
    prec=28, rounding=ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation, Overflow]
)
LONGEST = 10_000  # characters
FUNCTIONS = ("avg", "sum")
ALLOWED = "+ - * / ( ), numbers, names, sum() and avg()"
_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: CONTEXT.add,
    ast.Sub: CONTEXT.subtract,
    ast.Mult: CONTEXT.multiply,
    ast.Div: CONTEXT.divide,
}


def evaluate(formula: str, values: Mapping[str, Decimal]) -> Decimal:
    """What a formula comes to. Raises ValueError that names the formula and what is wrong with it:
    a name without a value, a division by zero, anything that is not arithmetic."""
    tree = parsed(formula)
    try:
        return plain(_value(tree, formula, values))
    except DecimalException as error:
        what = "divides by zero" if _by_zero(error) else "has no value in decimals"
        raise ValueError(f"formula {formula!r} {what}") from None
    except RecursionError:
        raise ValueError(f"formula {formula[:60]!r}... is nested too deeply") from None


def names_in(formula: str) -> tuple[str, ...]:
    """The names that need a value, each once, in the order in which they stand. Raises ValueError
    as `evaluate` does."""
    nodes = sorted(_names(parsed(formula)), key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(node.id for node in nodes))


def parsed(formula: str) -> ast.expr:
    """The formula as a tree. Raises ValueError."""
    if len(formula) > LONGEST:
        raise ValueError(f"formula {formula[:60]!r}... is longer than {LONGEST} characters")
    try:
        return ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"formula {formula!r} cannot be read; it may hold {ALLOWED}") from None


def plain(value: Decimal) -> Decimal:
    """The same value without trailing zeros and without a power of ten above one."""
    value = value.normalize(CONTEXT)
    if not value:
        return Decimal(0)  # without a sign: "-0" would be another text for the same figure
    _, _, exponent = value.as_tuple()
    whole = isinstance(exponent, int) and exponent > 0
    return value.quantize(Decimal(1), context=_WIDE) if whole else value


_WIDE = Context(prec=400)  # room for a power of ten written out in full


def _by_zero(error: DecimalException) -> bool:
    """0 / 0 is an invalid operation to decimals, with the division among its arguments."""
    return isinstance(error, ZeroDivisionError) or "DivisionUndefined" in str(error)


def _names(tree: ast.expr) -> Iterator[ast.Name]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            yield node


def _value(node: ast.expr, formula: str, values: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATIONS:
            operate = _OPERATIONS[type(operator)]
            return operate(_value(left, formula, values), _value(right, formula, values))
        case ast.UnaryOp(ast.USub(), operand):
            return CONTEXT.minus(_value(operand, formula, values))
        case ast.UnaryOp(ast.UAdd(), operand):
            return _value(operand, formula, values)
        case ast.Constant(value) if type(value) in (int, float):
            return _number(node, formula)
        case ast.Name(name):
            if name not in values:
                given = ", ".join(values) or "nothing"
                raise ValueError(f"formula {formula!r} has {name!r}; it is given {given}")
            return values[name]
        case ast.Call(ast.Name(name), [_, *_] as arguments, []) if name in FUNCTIONS:
            terms = [_value(argument, formula, values) for argument in arguments]
            return _called(name, terms)
    shown = ast.get_source_segment(formula.strip(), node) or formula
    raise ValueError(f"formula {formula!r} has {shown!r}; it may hold {ALLOWED}")


def _called(name: str, terms: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for term in terms:
        total = CONTEXT.add(total, term)
    return CONTEXT.divide(total, Decimal(len(terms))) if name == "avg" else total


def _number(node: ast.expr, formula: str) -> Decimal:
    """From its digits: 0.1 as a float is not a tenth."""
    digits = ast.get_source_segment(formula.strip(), node) or ""
    try:
        return Decimal(digits)
    except DecimalException:
        raise ValueError(f"formula {formula!r} has {digits!r}; write it in plain digits") from None
