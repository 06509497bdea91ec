"""Figures of the catalogue that a formula over one period and its closing balance gives."""

import re

from tenth.reader.analysis.book import Blocked, Book
from tenth.reader.analysis.catalogue import BEFORE_TAX, METRICS, TAX, Metric
from tenth.reader.analysis.concepts import OUTFLOWS, OWNERS, alternatives
from tenth.reader.analysis.figure import Term, value_of
from tenth.reader.analysis.formula import names_in
from tenth.reader.analysis.spans import days_in
from tenth.reader.model import Period

_NAME = re.compile(r"[A-Za-z_]\w*")
ALL_OVER_PARENT = ("NetIncomeLoss", "StockholdersEquity")


def add_ratios(book: Book) -> None:
    """All of the catalogue that is worked out by its formulas, in its order, for every period for
    which its inputs are there."""
    for metric in METRICS.values():
        if metric.worked:
            for period in _periods(book, metric):
                add_ratio(book, metric, period)


def _periods(book: Book, metric: Metric) -> list[Period]:
    """Those of the figures over time in the formulas; of balances, where there are no others."""
    names = [name for formula in metric.formulas for name in names_in(formula) if name != "days"]
    periods = book.periods(*names)
    flows = [period for period in periods if period.start]
    return flows or periods


def add_ratio(book: Book, metric: Metric, period: Period) -> None:
    """The first formula all of whose inputs are there; nothing where one is printed but documents
    do not agree on it, for another formula would hide that."""
    if period in book.terms.get(metric.name, ()) or (metric.name, period) in book.blocked:
        return
    try:
        for formula in metric.formulas:
            filled = fill(book, formula, period)
            if filled is not None:
                written, terms = filled
                note = metric.note.format(days=days_in(period))
                book.make(metric.name, period, metric.unit, written, terms, note)
                return
    except Blocked:
        return


def fill(
    book: Book, formula: str, period: Period, exact: tuple[str, ...] = ()
) -> tuple[str, dict[str, Term]] | None:
    """The formula in the names of what was found, and the terms; None where something is missing.
    A payment that is printed as a minus has it turned; names in `exact` have no alternatives.
    Raises Blocked."""
    terms: dict[str, Term] = {}
    written: dict[str, str] = {"days": str(days_in(period))}
    for name in names_in(formula):
        if name == "days":
            if not days_in(period):
                return None
            continue
        options = (name,) if name in exact else alternatives(name)
        found = book.first(options, period)
        if found is None and period.start:
            found = book.first(options, Period("", period.end))  # the balance at its end
        if found is None:
            return None
        own, term = found
        terms[own] = term
        written[name] = f"(-{own})" if own in OUTFLOWS and value_of(term) < 0 else own
    return _NAME.sub(lambda match: written[match[0]], formula), terms


def add_dupont(book: Book) -> None:
    """Return on equity as net margin x asset turnover x leverage, of the owners of the parent
    where their share is printed, else of all."""
    for period in book.periods("Revenues"):
        if not period.start or period in book.terms.get("return_on_equity", ()):
            continue
        minorities = book.terms.get("MinorityInterest", {}).get(Period("", period.end))
        for income, equity in OWNERS:
            if minorities and value_of(minorities) and (income, equity) == ALL_OVER_PARENT:
                continue  # the income of all owners over the equity of some
            try:
                if _add_dupont(book, period, income, equity):
                    break
            except Blocked:
                break


def _add_dupont(book: Book, period: Period, income: str, equity: str) -> bool:
    parts = ("dupont_net_margin", "dupont_asset_turnover", "dupont_equity_multiplier")
    formulas = (f"{income} / Revenues", "Revenues / Assets", f"Assets / {equity}")
    filled = [fill(book, formula, period, (income, equity)) for formula in formulas]
    if any(one is None for one in filled):
        return False
    for name, one in zip(parts, filled, strict=True):
        assert one is not None
        metric = METRICS[name]
        note = metric.note.format(days=days_in(period))
        if book.make(name, period, metric.unit, *one, note) is None:
            return True  # without equity or revenue above zero there is no other way either
    terms = {name: book.terms[name][period] for name in parts}
    metric = METRICS["return_on_equity"]
    note = metric.note.format(days=days_in(period))
    book.make(metric.name, period, metric.unit, metric.formula, terms, note)
    return True


def add_tax_rates(book: Book) -> None:
    """Income tax over income before it. Some print the tax as an expense, some as what is taken
    off ("benefit (provision)"): which, is told by the net income that it leads to, and where it
    leads to neither nearly, there is no rate."""
    metric = METRICS["effective_tax_rate"]
    for period in book.periods(TAX):
        try:
            tax, before = book.exact(TAX, period), book.exact(BEFORE_TAX, period)
            after = book.first(alternatives("NetIncomeLoss"), period)
        except Blocked:
            continue
        if tax is None or before is None or after is None:
            continue
        plus, left = value_of(before) + value_of(tax), value_of(after[1])
        minus = value_of(before) - value_of(tax)
        if min(abs(plus - left), abs(minus - left)) > abs(value_of(tax)) / 2:
            continue
        written = f"(-{TAX})" if abs(plus - left) < abs(minus - left) else TAX
        terms = {TAX: tax, BEFORE_TAX: before}
        book.make(metric.name, period, metric.unit, f"{written} / {BEFORE_TAX}", terms)
