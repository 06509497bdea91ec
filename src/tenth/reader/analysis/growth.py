"""Growth: a period against the same one a year before, a quarter against the one before it."""

from collections.abc import Callable

from tenth.reader.analysis.book import Blocked, Book
from tenth.reader.analysis.catalogue import GROWING, QUARTER, YEAR
from tenth.reader.analysis.concepts import alternatives, is_revenue, split
from tenth.reader.analysis.figure import Term
from tenth.reader.analysis.spans import days_in, in_words, is_quarter_before, is_year_before
from tenth.reader.model import Period

Earlier = Callable[[Period, Period], bool]


def add_growth(book: Book) -> None:
    for name, concept in GROWING.items():
        for ending, is_before in ((YEAR, is_year_before), (QUARTER, is_quarter_before)):
            for now in book.periods(concept):
                for metric in alternatives(concept):
                    if _grown(book, name + ending, metric, now, is_before):
                        break
    for metric in [metric for metric in book.terms if is_revenue(split(metric)[0])]:
        member = split(metric)[1]
        for now in book.periods(metric) if member else ():
            _grown(book, f"revenue{YEAR}[{member}]", metric, now, is_year_before)
            _grown(book, f"revenue{QUARTER}[{member}]", metric, now, is_quarter_before)


def _grown(book: Book, name: str, metric: str, now: Period, is_before: Earlier) -> bool:
    """Whether the metric, under this very name, is there for both periods, or printed but not
    agreed on. From nothing or from a loss there is no growth."""
    try:
        pair = pair_of(book, metric, now, is_before)
    except Blocked:
        return True
    if pair is None:
        return False
    later, earlier = pair
    note = f"against {in_words(earlier.period)}"
    if abs(days_in(later.period) - days_in(earlier.period)) > 3:
        note += f", of {days_in(earlier.period)} days where this has {days_in(later.period)}"
    terms = {"now": later, "before": earlier}
    book.make(name, now, "pure", "(now - before) / before", terms, note)
    return True


def pair_of(book: Book, metric: str, now: Period, is_before: Earlier) -> tuple[Term, Term] | None:
    """The figure of a period and of the one before it; None where either is missing. Raises
    Blocked, also where two periods could be the one before."""
    later = book.exact(metric, now)
    if later is None:
        return None
    if any(name == metric and is_before(period, now) for name, period in book.blocked):
        raise Blocked
    found = [term for period, term in book.terms[metric].items() if is_before(period, now)]
    if len(found) > 1:
        raise Blocked
    return (later, found[0]) if found else None
