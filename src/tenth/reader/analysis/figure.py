"""A figure from its formula and inputs, and the same figure computed once more."""

import ast
import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal

from tenth.reader.analysis.formula import evaluate, parsed
from tenth.reader.model import Fact, Figure, Input, Period, Unit

Term = Fact | Figure


def value_of(term: Term) -> Decimal:
    """Raises ValueError where it is a fact without a value."""
    if term.value is None:
        raise ValueError(f"fact {term.id} ({term.label!r}) has no value; it cannot be an input")
    return term.value


def figure(
    entity: str,
    currency: str,
    metric: str,
    period: Period,
    unit: Unit,
    formula: str,
    terms: Mapping[str, Term],
    note: str = "",
) -> Figure | None:
    """What the formula comes to over its terms; None where a divisor is not above zero, for then
    the figure says nothing. Raises ValueError where the formula has other names than the terms."""
    values = {name: value_of(term) for name, term in terms.items()}
    if any(evaluate(divisor, values) <= 0 for divisor in divisors(formula)):
        return None
    inputs = tuple(Input(name, term.id, values[name]) for name, term in terms.items())
    own = currency if unit in ("currency", "currency/share") else ""
    return Figure(
        _id(entity, metric, period, own, inputs), entity, metric, period,
        evaluate(formula, values), unit, own, formula, inputs, note,
    )  # fmt: skip


def divisors(formula: str) -> list[str]:
    """All that a formula divides by, as formulas."""
    tree = parsed(formula)
    return [
        ast.unparse(node.right)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    ]


def recomputed(figure: Figure, lookup: Callable[[str], Decimal]) -> Decimal:
    """The figure's value from its formula, its inputs' values asked of `lookup` by their ids; what
    is stored beside the formula is not looked at. Raises ValueError where the formula cannot be
    computed, and whatever `lookup` raises for an id that it does not know."""
    return evaluate(figure.formula, {one.name: lookup(one.id) for one in figure.inputs})


def all_recomputed(
    figures: Mapping[str, Figure], fact_value: Callable[[str], Decimal]
) -> dict[str, Decimal]:
    """Every figure by id down to facts, of which `fact_value` gives the values: a figure on other
    figures rests on their recomputed values. Raises ValueError where figures rest on each other in
    a circle."""
    done: dict[str, Decimal] = {}
    under_way: set[str] = set()

    def value(id_: str) -> Decimal:
        if id_ not in figures:
            return fact_value(id_)
        if id_ not in done:
            if id_ in under_way:
                raise ValueError(f"figure {id_} rests on itself")
            under_way.add(id_)
            done[id_] = recomputed(figures[id_], value)
        return done[id_]

    for id_ in figures:
        value(id_)
    return done


def _id(entity: str, metric: str, period: Period, currency: str, inputs: tuple[Input, ...]) -> str:
    said = [entity, metric, period.start, period.end, currency, [one.id for one in inputs]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]
