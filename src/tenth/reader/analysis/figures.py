"""All figures of an archive, in the order in which they are read."""

from collections.abc import Iterable, Mapping, Sequence

from tenth.reader.analysis.book import Book, Usable, books, document_order
from tenth.reader.analysis.catalogue import METRICS
from tenth.reader.analysis.common_size import Statements, common_size
from tenth.reader.analysis.concentration import add_concentration
from tenth.reader.analysis.concepts import partner_in, split
from tenth.reader.analysis.debt import add_debt, unnamed_debt
from tenth.reader.analysis.growth import add_growth
from tenth.reader.analysis.mix import add_mix
from tenth.reader.analysis.quarters import add_quarters, add_trailing_years
from tenth.reader.analysis.ratios import add_dupont, add_ratios, add_tax_rates
from tenth.reader.model import Contradiction, Fact, Figure, Report

_ORDER = {name: number for number, name in enumerate(METRICS)}


def figures_of(
    reports: Sequence[Report],
    facts: Mapping[str, Fact],
    contradictions: Iterable[Contradiction] = (),
) -> tuple[Figure, ...]:
    """Every figure that the facts give, each id once, by company and currency, then as in the
    catalogue, with quarters and trailing years first. Facts that are unknown serve for none;
    contradicted ones only where `contradictions` has nothing but a restatement against them."""
    contradictions = tuple(contradictions)
    usable, order = Usable(contradictions), document_order(reports)
    unnamed = unnamed_debt(reports, facts)
    statements = Statements(reports)
    partners = {id_: fact for id_, fact in facts.items() if partner_in(fact)}
    found: dict[str, Figure] = {}
    for book in books(reports, facts, contradictions):
        _fill(book, unnamed)
        add_concentration(book, partners, order, usable)
        for one in (*book.made.values(), *common_size(book, statements, facts, usable)):
            found.setdefault(one.id, one)
    return tuple(sorted(found.values(), key=_place))


def _fill(book: Book, unnamed: set[tuple[str, str]]) -> None:
    """In the order in which they need each other."""
    add_quarters(book)
    add_trailing_years(book)
    add_debt(book, unnamed)
    add_ratios(book)
    add_dupont(book)
    add_tax_rates(book)
    add_growth(book)
    add_mix(book)


def _place(one: Figure) -> tuple:
    name, member = split(one.metric)
    own = one.currency or ""
    return (one.entity, _ORDER.get(name, -1), name, member, one.period.end, one.period.start, own,
            one.id)  # fmt: skip
