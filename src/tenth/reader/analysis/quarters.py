"""Quarters that no filing prints, from periods to date; years that end with any quarter."""

from tenth.reader.analysis.book import Book
from tenth.reader.analysis.concepts import is_flow
from tenth.reader.analysis.figure import Term
from tenth.reader.analysis.spans import (
    days_in,
    follows,
    in_words,
    is_year_before,
    length_of,
    next_day,
    rest_of,
)
from tenth.reader.model import Fact, Period


def add_quarters(book: Book) -> None:
    """Six months less the first quarter, nine months less six, the year less nine, where all that
    is needed is printed and the quarter itself is not."""
    for metric in sorted(book.terms):
        if not is_flow(metric):
            continue
        printed = sorted(
            ((period, term) for period, term in book.terms[metric].items() if period.start),
            key=lambda item: (item[0].end, item[0].start),
        )
        for longer, whole in printed:
            for shorter, part in reversed(printed):  # the longest that leaves a quarter comes first
                left = rest_of(longer, shorter)
                if left and left not in book.terms[metric] and (metric, left) not in book.blocked:
                    _add_rest(book, metric, left, whole, part)


def _add_rest(book: Book, metric: str, left: Period, whole: Term, part: Term) -> None:
    note = f"{in_words(whole.period)} less {in_words(part.period)}"
    if isinstance(whole, Fact) and isinstance(part, Fact) and whole.document != part.document:
        note += ", of two filings"
    terms = {"to_date": whole, "before": part}
    book.make(metric, left, "currency", "to_date - before", terms, note)


def add_trailing_years(book: Book) -> None:
    """Twelve months to the end of a quarter: last year, plus this year to date, less the same part
    of last year; else the sum of four quarters that follow each other."""
    for metric in sorted(book.terms):
        if not is_flow(metric):
            continue
        terms = dict(book.terms[metric])
        taken = {period.end for period in terms if length_of(period) == "year"}
        ordered = sorted((p for p in terms if p.start), key=lambda p: (p.end, -days_in(p)))
        for now in ordered:
            if now.end not in taken and _add_trailing(book, metric, terms, ordered, now):
                taken.add(now.end)


def _add_trailing(
    book: Book, metric: str, terms: dict[Period, Term], ordered: list[Period], now: Period
) -> bool:
    for year in ordered:
        if length_of(year) == "year" and follows(year, now):
            for before in ordered:
                if before.start == year.start and is_year_before(before, now):
                    return _add_rolled(book, metric, terms, (year, now, before))
    return length_of(now) == "quarter" and _add_summed(book, metric, terms, ordered, now)


def _add_rolled(
    book: Book, metric: str, terms: dict[Period, Term], periods: tuple[Period, Period, Period]
) -> bool:
    year, now, before = periods
    start = next_day(before.end)
    note = (f"trailing twelve months: {in_words(year)}, plus {in_words(now)}, less "
            f"{in_words(before)}")  # fmt: skip
    named = {"year": terms[year], "to_date": terms[now], "to_date_before": terms[before]}
    return _trailing(
        book, metric, Period(start, now.end), "year + to_date - to_date_before", named, note
    )


def _add_summed(
    book: Book, metric: str, terms: dict[Period, Term], ordered: list[Period], now: Period
) -> bool:
    quarters = [now]
    while len(quarters) < 4:
        earlier = [p for p in ordered if length_of(p) == "quarter" and follows(p, quarters[0])]
        if len(earlier) != 1:
            return False
        quarters.insert(0, earlier[0])
    named = {f"quarter_{k}": terms[quarter] for k, quarter in enumerate(quarters, 1)}
    note = "trailing twelve months: four quarters"
    period = Period(quarters[0].start, now.end)
    return _trailing(book, metric, period, " + ".join(named), named, note)


def _trailing(
    book: Book, metric: str, period: Period, formula: str, terms: dict[str, Term], note: str
) -> bool:
    if length_of(period) != "year" or (metric, period) in book.blocked:
        return False
    return book.make(metric, period, "currency", formula, terms, note) is not None
