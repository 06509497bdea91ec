"""The facts that may serve as inputs, one for each company, metric and period.

Where documents print the same figure the latest one's is taken, by the period on its cover. A
figure that is contradicted, other than by a restatement, is taken by nobody, and nothing in its
place.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tenth.reader.analysis.concepts import alternatives, partner_in, split, unit_of
from tenth.reader.analysis.figure import Term, figure
from tenth.reader.analysis.names import normal
from tenth.reader.analysis.spans import is_dated
from tenth.reader.analysis.trust import digit_of, left_out, same_amount
from tenth.reader.model import Contradiction, Fact, Figure, Period, Report, Unit

# A statement knows better than a note, a table better than a sentence
_RANKS = {"income": 0, "balance": 0, "cash": 0, "segments": 1, "comprehensive": 1, "equity": 2,
          "customers": 2, "suppliers": 2, "other": 3, "text": 4}  # fmt: skip
_AMENDED = re.compile(r"/A\b|amended|更正|修订", re.IGNORECASE)


class Blocked(Exception):
    """What is asked for is printed, but documents do not agree on it."""


@dataclass
class Book:
    """One company's inputs in one currency: facts, and figures as they are made."""

    entity: str  # as the latest document prints it
    currency: str
    key: str  # what the documents' spellings of the name have in common
    terms: dict[str, dict[Period, Term]] = field(default_factory=lambda: defaultdict(dict))
    blocked: set[tuple[str, Period]] = field(default_factory=set)
    made: dict[str, Figure] = field(default_factory=dict)

    def exact(self, metric: str, period: Period) -> Term | None:
        """Raises Blocked."""
        if (metric, period) in self.blocked:
            raise Blocked
        return self.terms[metric].get(period) if metric in self.terms else None

    def first(self, metrics: Iterable[str], period: Period) -> tuple[str, Term] | None:
        """The first of them that is printed, with its name. Raises Blocked."""
        for metric in metrics:
            term = self.exact(metric, period)
            if term is not None:
                return metric, term
        return None

    def periods(self, *names: str) -> list[Period]:
        """All those for which one of the metrics is there."""
        found = {period for name in names for metric in alternatives(name)
                 for period in self.terms.get(metric, ())}  # fmt: skip
        return sorted(found, key=lambda period: (period.end, period.start))

    def make(
        self,
        metric: str,
        period: Period,
        unit: Unit,
        formula: str,
        terms: Mapping[str, Term],
        note: str = "",
    ) -> Figure | None:
        """Makes a figure and keeps it as an input for others; None where it says nothing."""
        one = figure(self.entity, self.currency, metric, period, unit, formula, terms, note)
        if one is not None:
            self.made.setdefault(one.id, one)
            self.terms[metric].setdefault(period, one)
        return one


def books(
    reports: Sequence[Report],
    facts: Mapping[str, Fact],
    contradictions: Iterable[Contradiction] = (),
) -> tuple[Book, ...]:
    """A book for every company and currency, in the order of their names."""
    order = document_order(reports)
    usable = Usable(contradictions)
    not_own = left_out(reports)
    printed: dict[str, dict[str, dict[tuple[str, Period], list[Fact]]]] = {}
    names: dict[str, tuple[tuple, str]] = {}
    for fact in facts.values():
        partner = partner_in(fact) is not None
        if fact.id in not_own or not (partner or _serves(fact)):
            continue
        key = entity_key(fact)
        names[key] = max(names.get(key, ((), "")), (order.get(fact.document, ()), fact.entity))
        by_currency = printed.setdefault(key, {})
        cells = by_currency.setdefault(fact.currency, defaultdict(list))
        if not partner:  # who buys and who sells is told apart in partners.py
            cells[fact.metric, fact.period].append(fact)
    found = []
    for key in sorted(printed):
        shared = printed[key].pop("", {})  # shares, and money in a currency that nobody says
        for currency in sorted(printed[key]) or [""]:
            book = Book(names[key][1], currency, key)
            for (metric, period), options in (printed[key].get(currency) or shared).items():
                _choose(book, metric, period, options, order, usable)
            for (metric, period), options in shared.items():
                if unit_of(metric) in ("shares", "pure") and currency:
                    _choose(book, metric, period, options, order, usable)
            found.append(book)
    return tuple(found)


def entity_key(fact: Fact) -> str:
    """Facts that no place gives a company are one another's in one document only."""
    return normal(fact.entity) if fact.entity else f"\0{fact.document}"


def document_order(reports: Iterable[Report]) -> dict[str, tuple[str, bool]]:
    """What the later of two documents has more of: the end of its cover's period, without one that
    of its latest figure; an amendment comes after what it amends."""
    return {
        report.document: (
            report.cover.period.end or max((fact.period.end for fact in report.facts), default=""),
            bool(_AMENDED.search(report.cover.form)),
        )
        for report in reports
    }


class Usable:
    """Which facts may serve: ok ones, and those that nothing but a restatement contradicts."""

    def __init__(self, contradictions: Iterable[Contradiction]) -> None:
        self.restated: set[str] = set()
        worse: set[str] = set()
        for one in contradictions:
            (self.restated if one.kind == "restatement" else worse).update(one.facts)
        self.restated -= worse

    def __call__(self, fact: Fact) -> bool:
        return fact.status == "ok" or (fact.status == "contradicted" and fact.id in self.restated)


def _serves(fact: Fact) -> bool:
    known = bool(fact.metric) and fact.value is not None and is_dated(fact.period)
    return (
        known
        and fact.status != "unknown"
        and fact.statement in _RANKS
        and fact.unit == unit_of(split(fact.metric)[0])
    )


def _choose(
    book: Book,
    metric: str,
    period: Period,
    options: list[Fact],
    order: Mapping[str, tuple[str, bool]],
    usable: Usable,
) -> None:
    """Of facts that say the same the one to take, or that none is."""
    latest = max(order.get(fact.document, ("", False)) for fact in options)
    options = [fact for fact in options if order.get(fact.document, ("", False)) == latest]
    options = [fact for fact in options if fact.restated] or options
    best = min(_RANKS[fact.statement] for fact in options)
    options = [fact for fact in options if _RANKS[fact.statement] == best]
    fact = finest(options)
    if fact is None or not all(map(usable, options)):
        book.blocked.add((metric, period))
    else:
        book.terms[metric][period] = fact


def finest(options: Sequence[Fact]) -> Fact | None:
    """The fact with the most digits where all others are roundings of it; else None."""
    ordered = sorted(options, key=lambda one: (digit_of(one), one.document, one.table, one.row,
                                               one.column, one.id))  # fmt: skip
    first = ordered[0]
    return first if all(same_amount(first, other) for other in ordered[1:]) else None
