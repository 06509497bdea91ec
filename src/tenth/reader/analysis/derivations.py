"""Derivations as people write them, "[($7.3+6.8)/2] - 44.1%", computed like any formula."""

import ast
import re
from decimal import Decimal

from tenth.documents.currencies import PRINTED
from tenth.reader.analysis.formula import FUNCTIONS, evaluate, names_in, parsed

_SIGNS = str.maketrans(
    "[]{}（）【】［］｛｝×✕·÷∕⁄−–—－＋，．％０１２３４５６７８９",
    "()()()()()()***///----+,.%0123456789",
)
_CURRENCY = re.compile(rf"{PRINTED}|人民币")
_NUMBER = r"((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))"
_TIMES = re.compile(r"(?<=[0-9)%])\s*[xX]\s*(?=[0-9(.])")
_SEPARATOR = re.compile(r"(?<=[0-9]),(?=[0-9])")
_SEPARATOR_IN_A_CALL = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_ALONE = re.compile(rf"(?<!\w)\(\s*{_NUMBER}\s*(%?)\s*\)\s*(%?)")
_POWERS = {
    "%": -2, "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
    "百万元": 6, "千万元": 7, "十亿元": 9, "千元": 3, "万元": 4, "亿元": 8, "百万": 6, "千万": 7,
    "十亿": 9, "千": 3, "万": 4, "亿": 8, "元": 0,
}  # fmt: skip
_SCALED = re.compile(rf"{_NUMBER}\s*({'|'.join(_POWERS)})s?", re.IGNORECASE)


def evaluate_derivation(text: str) -> Decimal:
    """What a written derivation comes to. Currency signs, separators of thousands and square
    brackets are read past, a percent is a fraction, "million" multiplies, a number alone in
    brackets is negative as in a statement. Raises ValueError where it is not arithmetic."""
    return evaluate(as_formula(text), {})


def percent_points(text: str) -> Decimal:
    """The same in percent: a ratio or what is written with % times a hundred, but a sum,
    difference or mean of bare figures ("4.00 - 1.90") as it is, for they were percents. Raises
    ValueError as `evaluate_derivation` does."""
    formula = as_formula(text)
    value = evaluate(formula, {})
    bare = _is_level(parsed(formula)) and "%" not in text.translate(_SIGNS)
    return value if bare else evaluate("value * 100", {"value": value})


def as_formula(text: str) -> str:
    """A derivation in the words of `evaluate`. Raises ValueError where it cannot be read."""
    formula = _CURRENCY.sub("", text.translate(_SIGNS))
    called = any(name in formula for name in FUNCTIONS)
    formula = (_SEPARATOR_IN_A_CALL if called else _SEPARATOR).sub("", formula)
    formula = _TIMES.sub(" * ", formula)
    formula = _ALONE.sub(lambda found: f"(-{found[1]}{found[2] or found[3]})", formula)
    formula = " ".join(_SCALED.sub(_scaled, formula).split())
    try:
        readable = not names_in(formula)
    except ValueError:
        readable = False
    if not readable:
        raise ValueError(f"derivation {text!r} is not arithmetic that can be read")
    return formula


def _scaled(found: re.Match[str]) -> str:
    power = _POWERS[found[2].lower()]
    return f"({found[1]} {'*' if power >= 0 else '/'} {10 ** abs(power)})"


def _is_level(node: ast.expr) -> bool:
    """Whether it has the unit of its operands: sums, differences and their means."""
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            return _is_level(left) and _is_level(right)
        case ast.BinOp(left, ast.Div(), right):
            return _is_level(left) and _is_count(right, len(_terms(left)))
        case ast.UnaryOp(_, operand):
            return _is_level(operand)
        case ast.Call(_, arguments, _):
            return all(map(_is_level, arguments))
    return isinstance(node, ast.Constant)


def _terms(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            return _terms(left) + _terms(right)
    return [node]


def _is_count(node: ast.expr, n_terms: int) -> bool:
    """The divisor of a mean: as many as there are terms, counted or worked out (2019-2017+1)."""
    return n_terms > 1 and evaluate(ast.unparse(node), {}) == n_terms
