"""Customers and suppliers: how much hangs on few, who they were in each year, whom it lost."""

from collections import Counter

from tenth.reader.model import Fact, Figure, Period
from tenth.reader.summary.company import Company, end_of, is_known
from tenth.reader.summary.names import (
    Language,
    group_name,
    is_group,
    member_of,
    span,
    title,
    within,
)
from tenth.reader.summary.notes import Notes, Parts
from tenth.reader.summary.outstanding import filled
from tenth.reader.summary.words import WORDS

EVERY_YEAR = ("customer_revenue_lost", "supplier_purchases_lost")
LAST_YEAR = (
    "customer_retained", "customer_new", "customer_top_1", "customer_top_5", "supplier_top_1",
    "supplier_top_5",
)  # fmt: skip
ORDER = ("customer_revenue_lost", *LAST_YEAR[:4], "supplier_purchases_lost", *LAST_YEAR[4:])
LISTS = (("CustomerShare", "CustomerRevenue"), ("SupplierShare", "SupplierPurchases"))
MOST_YEARS, MOST_NAMES = 3, 12
Row = tuple[str, list[Fact | None]]


def partners_of(company: Company, notes: Notes) -> list[Parts]:
    """What was lost in each year, newest first, and of the latest report's year what stayed, what
    is new and what share the largest have."""
    found, end = [], end_of(company.latest)
    for metric in ORDER:
        own = [f for f in company.figures if f.metric == metric and f.inputs]
        own.sort(key=lambda figure: (figure.period.end, figure.id), reverse=True)
        for figure in own:
            if metric not in EVERY_YEAR and figure.period.end != end:
                continue
            found.append(
                filled(
                    WORDS[notes.language]["customer"],
                    metric=title(figure.metric, notes.language),
                    value=notes.figure(figure),
                    period=within(figure.period, notes.language),
                    who=who(figure, notes.language),
                )
            )
    return found


def who(figure: Figure, language: Language) -> str:
    """Whom it is made of, as its note begins: ": F, G"; "" where it does not name them."""
    named = figure.metric.endswith(("_lost", "_retained", "_new"))
    names = figure.note.partition(";")[0].strip() if named else ""
    return ("：" if language == "zh" else ": ") + names if names else ""


def lists_of(company: Company, language: Language) -> list[tuple[str, list[Period], list[Row]]]:
    """The lists of customers and of suppliers: the metric, the years, newest first, and a row for
    each name in the order of the newest year, groups of them last."""
    found = []
    for metrics in LISTS:
        for metric in metrics:
            table = _list(company, metric, language)
            if table:
                found.append((metric, *table))
                break
    return found


def _list(
    company: Company, metric: str, language: Language
) -> tuple[list[Period], list[Row]] | None:
    best: dict[tuple[str, Period], Fact] = {}
    for report in reversed(company.reports):  # the latest says it best
        for fact in report.facts:
            if fact.metric.startswith(f"{metric}[") and is_known(fact) and fact.period.end:
                best.setdefault((fact.metric, fact.period), fact)
    told = Counter(span(period) for _, period in best)  # periods of one length: the fullest
    length = max(told, key=lambda which: (told[which], -which), default=-1)
    years = sorted({p for _, p in best if span(p) == length}, key=lambda p: p.end, reverse=True)
    years = years[:MOST_YEARS]
    names = dict.fromkeys(name for name, period in best if period in years)

    def weight(name: str) -> tuple:
        shares = [-(fact.value or 0) if (fact := best.get((name, y))) else 1 for y in years]
        return is_group(member_of(name)), *shares, name

    rows: list[Row] = []
    for name in sorted(names, key=weight)[:MOST_NAMES]:
        own, member = [best.get((name, year)) for year in years], member_of(name)
        if member == "others":  # as printed: "All other customers"
            member = next(fact.label for fact in own if fact) or group_name(member, language)
        elif is_group(member):  # printed as 合计, it would look like one more of them
            member = group_name(member, language)
        rows.append((member, own))
    return (years, rows) if rows else None
