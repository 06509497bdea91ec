"""Common-size statements: each income line over revenue, each balance line over total assets."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tenth.reader.analysis.book import Book, Usable, document_order
from tenth.reader.analysis.catalogue import METRICS
from tenth.reader.analysis.concepts import CONCEPTS, split
from tenth.reader.analysis.figure import figure
from tenth.reader.analysis.names import normal
from tenth.reader.analysis.trust import facts_of_the_parent
from tenth.reader.model import Fact, Figure, Line, Period, Report, Statement, StatementKind

_WHOLES: dict[StatementKind, tuple[str, tuple[str, ...]]] = {
    "income": ("share_of_revenue", CONCEPTS["Revenues"]),
    "balance": ("share_of_assets", ("Assets",)),
}
Place = tuple[StatementKind, Period]


class Statements:
    """Those of every company, and which of their facts are the parent company's alone."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.order = document_order(reports)
        self.of_parent = {id_ for report in reports for id_ in facts_of_the_parent(report)}
        self.of: dict[str, list[Statement]] = defaultdict(list)
        for report in reports:
            for statement in report.statements:
                if statement.kind in _WHOLES and statement.entity:
                    self.of[normal(statement.entity)].append(statement)


def common_size(
    book: Book, statements: Statements, facts: Mapping[str, Fact], usable: Usable
) -> Iterable[Figure]:
    """Line by line as printed, unmapped ones too, each period from the latest document that has a
    statement of it."""
    best: dict[Place, tuple[tuple, Statement, int]] = {}
    for statement in statements.of.get(book.key, ()):
        for k, column in enumerate(statement.columns):
            whole = _whole(statement, k, facts, statements.of_parent)
            if whole is None or whole.currency != book.currency:
                continue
            place = statement.kind, column.period
            rank = statements.order[statement.document], -statement.table, -k
            if place not in best or rank > best[place][0]:
                best[place] = rank, statement, k
    for _, statement, k in best.values():
        yield from _column(book, statement, k, facts, statements.of_parent, usable)


def _whole(
    statement: Statement, k: int, facts: Mapping[str, Fact], of_parent: set[str]
) -> Fact | None:
    """What the column's lines are shares of."""
    for metric in _WHOLES[statement.kind][1]:
        found = [fact for line in statement.lines
                 if line.metric == metric and (fact := _fact(line, k, facts))]  # fmt: skip
        if found:
            return found[0] if len(found) == 1 and found[0].id not in of_parent else None
    return None


def _column(
    book: Book,
    statement: Statement,
    k: int,
    facts: Mapping[str, Fact],
    of_parent: set[str],
    usable: Usable,
) -> Iterable[Figure]:
    whole = _whole(statement, k, facts, of_parent)
    name = _WHOLES[statement.kind][0]
    if whole is None or whole.value is None or not usable(whole) or whole.currency != book.currency:
        return
    names = _names(statement)
    for line, member in zip(statement.lines, names, strict=True):
        fact = _fact(line, k, facts)
        if (
            fact is not None
            and fact.value is not None
            and usable(fact)
            and (fact.unit, fact.currency, fact.period)
            == ("currency", whole.currency, whole.period)
        ):
            terms = {"line": fact, "whole": whole}
            one = figure(book.entity, book.currency, f"{name}[{member}]", whole.period, "pure",
                         METRICS[name].formula, terms)  # fmt: skip
            if one is not None:
                yield one


def _fact(line: Line, k: int, facts: Mapping[str, Fact]) -> Fact | None:
    return facts.get(line.facts[k]) if k < len(line.facts) else None


def _names(statement: Statement) -> list[str]:
    """What each line is called: its metric, else its label; with the headings above it, and at last
    its number, where another line is called the same."""
    plain = [_metric(line) or line.label for line in statement.lines]
    below = [": ".join((*(one.rstrip(":：") for one in line.section), name))
             for line, name in zip(statement.lines, plain, strict=True)]  # fmt: skip
    once, apart = Counter(plain), Counter(below)
    return [
        name if once[name] == 1 else long if apart[long] == 1 else f"{long}, line {number}"
        for number, (name, long) in enumerate(zip(plain, below, strict=True), 1)
    ]


def _metric(line: Line) -> str:
    """A member in brackets would not stand well within brackets."""
    name, member = split(line.metric)
    return f"{name}: {member}" if member else name
