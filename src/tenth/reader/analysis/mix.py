"""Segments: each one's share of revenue, how that changed, and what it earns on its revenue."""

from tenth.reader.analysis.book import Blocked, Book
from tenth.reader.analysis.catalogue import METRICS
from tenth.reader.analysis.concepts import CONCEPTS, is_revenue, split
from tenth.reader.analysis.figure import value_of
from tenth.reader.analysis.growth import pair_of
from tenth.reader.analysis.spans import in_words, is_year_before
from tenth.reader.model import Period


def add_mix(book: Book) -> None:
    for metric in [metric for metric in book.terms if is_revenue(split(metric)[0])]:
        member = split(metric)[1]
        if not member:
            continue
        for period in book.periods(metric):
            _add_share(book, metric, member, period)
        for period in book.periods(f"segment_share[{member}]"):
            _add_change(book, member, period)
        for period in book.periods(metric):
            _add_margin(book, metric, member, period)


def _add_share(book: Book, metric: str, member: str, period: Period) -> None:
    """Of the company's revenue; a part that is negative or larger than it, such as eliminations or
    sales between segments, is no share of it."""
    try:
        part, whole = book.exact(metric, period), book.first(CONCEPTS["Revenues"], period)
    except Blocked:
        return
    if part is None or whole is None or not 0 <= value_of(part) <= value_of(whole[1]):
        return
    terms = {"part": part, "whole": whole[1]}
    _make(book, "segment_share", member, period, terms, "")


def _add_change(book: Book, member: str, period: Period) -> None:
    try:
        pair = pair_of(book, f"segment_share[{member}]", period, is_year_before)
    except Blocked:
        return
    if pair is not None:
        now, before = pair
        note = f"against {in_words(before.period)}; a fraction, 0.01 is one percentage point"
        _make(book, "segment_share_change", member, period, {"now": now, "before": before}, note)


def _add_margin(book: Book, metric: str, member: str, period: Period) -> None:
    try:
        revenue = book.exact(metric, period)
        income = book.exact(f"OperatingIncomeLoss[{member}]", period)
    except Blocked:
        return
    if revenue is not None and income is not None:
        terms = {"income": income, "revenue": revenue}
        _make(book, "segment_margin", member, period, terms, "")


def _make(book: Book, name: str, member: str, period: Period, terms: dict, note: str) -> None:
    metric = METRICS[name]
    book.make(f"{name}[{member}]", period, metric.unit, metric.formula, terms, note)
