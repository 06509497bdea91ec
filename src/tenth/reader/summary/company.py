"""A company of the ledger: its reports, its figures, and which of them say a metric of a period."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tenth.reader.model import Fact, Figure, Ledger, Period, Report

MAIN = ("income", "balance", "cash", "comprehensive", "equity", "segments", "other")
YEAR_GROWTH = "_growth"  # what figures against the year before are named with
SHARE = "segment_share"

Value = Fact | Figure
Key = tuple[str, Period]


@dataclass
class Company:
    """One entity's reports, oldest first, and what was made of them."""

    name: str
    facts: dict[str, Fact]  # of the whole ledger, by id
    reports: list[Report] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    _kept: dict[str, dict[Key, list[Fact]]] = field(default_factory=dict)

    @property
    def latest(self) -> Report:
        return self.reports[-1]

    def value(self, metrics: Iterable[str], period: Period) -> Value | None:
        """The first of the metrics that there is for the period, the latest report's own first."""
        for metric in metrics:
            for report in reversed(self.reports):
                if fact := self.fact_of(report, metric, period):
                    return fact
            for figure in self.figures:
                if figure.metric == metric and figure.period == period:
                    return figure
        return None

    def fact_of(self, report: Report, metric: str, period: Period) -> Fact | None:
        """The report's fact, the one of its main statement first; None where it has none or its
        value is unknown."""
        own = self._index(report).get((metric, period), [])
        return min(
            own, key=lambda f: (MAIN.index(f.statement), f.table, f.row, f.column), default=None
        )

    def growth(self, now: Value, before: Value) -> Figure | None:
        """By how much the one is above the other, where the ledger says so."""
        for figure in self.figures:
            if figure.period == now.period and is_growth(figure):
                first, second = figure.inputs[0], figure.inputs[1]
                if self._is(first.id, now) and self._is(second.id, before):
                    return figure
        return None

    def share(self, part: Fact) -> Figure | None:
        """Which share of its total the part is, where the ledger says so."""
        for figure in self.figures:
            ours = figure.metric.startswith(SHARE + "[") and figure.period == part.period
            if ours and figure.inputs and self._is(figure.inputs[0].id, part):
                return figure
        return None

    def _is(self, id_: str, value: Value) -> bool:
        """Whether an input is this one, or the same figure printed elsewhere."""
        if id_ == value.id:
            return True
        fact = self.facts.get(id_)
        same = fact and (fact.metric, fact.period) == (value.metric, value.period)
        return bool(same and value.metric and fact and fact.value == value.value)

    def _index(self, report: Report) -> dict[Key, list[Fact]]:
        if report.document not in self._kept:
            index: dict[Key, list[Fact]] = {}
            for fact in report.facts:
                if is_known(fact) and fact.metric and fact.statement in MAIN:
                    index.setdefault((fact.metric, fact.period), []).append(fact)
            self._kept[report.document] = index
        return self._kept[report.document]


def is_known(fact: Fact) -> bool:
    return fact.value is not None and fact.status != "unknown"


def is_growth(figure: Figure) -> bool:
    """Against the year before, of two inputs."""
    base = figure.metric.partition("[")[0]
    return base.endswith(YEAR_GROWTH) and figure.unit == "pure" and len(figure.inputs) == 2


def companies_of(ledger: Ledger) -> list[Company]:
    """In the order of their first document; a report that names no company stands by itself, one
    without facts not at all."""
    found: dict[str, Company] = {}
    facts = ledger.facts()
    for report in ledger.reports:
        if not report.facts:
            continue
        name = report.cover.entity or next((f.entity for f in report.facts if f.entity), "")
        name = name or report.document
        found.setdefault(name, Company(name, facts)).reports.append(report)
    for company in found.values():
        company.reports.sort(key=lambda r: (end_of(r), r.document))
    for figure in ledger.figures:
        if figure.entity in found:
            found[figure.entity].figures.append(figure)
    return list(found.values())


def end_of(report: Report) -> str:
    """The last day that the report is on."""
    if report.cover.period.end:
        return report.cover.period.end
    ends = [c.period.end for s in report.statements if s.kind == "income" for c in s.columns]
    return max(ends, default="")
