"""Which of a company's facts and figures are shown: its latest report beside the year before."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tenth.reader.analysis.spans import is_year_before
from tenth.reader.model import Fact, Figure, Ledger, Period, Report
from tenth.reader.summary.names import span

MAIN = ("income", "balance", "cash", "comprehensive", "equity", "segments", "other")
FLOWS: tuple[tuple[str, ...], ...] = (  # a row each: the first of them that a company has
    ("Revenues", "TotalOperatingRevenue"),
    ("GrossProfit",),
    ("gross_margin",),
    ("OperatingIncomeLoss",),
    ("operating_margin",),
    ("NetIncomeLoss",),
    ("net_margin",),
    ("EarningsPerShareDiluted", "EarningsPerShareBasicAndDiluted", "EarningsPerShareBasic"),
    ("NetCashProvidedByUsedInOperatingActivities",),
    ("free_cash_flow",),
)
STOCKS: tuple[tuple[str, ...], ...] = (
    ("CashAndCashEquivalentsAtCarryingValue",),
    ("total_debt", "debt", "LongTermDebt", "LongTermDebtNoncurrent"),
    ("net_debt",),
    ("InventoryNet",),
    ("Assets",),
    (
        "StockholdersEquity",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
    ),
)
NOTABLE = frozenset(
    (
        "Revenues", "TotalOperatingRevenue", "CostOfRevenue", "GrossProfit", "OperatingExpenses",
        "ResearchAndDevelopmentExpense", "SellingGeneralAndAdministrativeExpense",
        "OperatingIncomeLoss", "NetIncomeLoss", "NetIncomeLossAttributableToParent",
        "NetCashProvidedByUsedInOperatingActivities", "free_cash_flow", "InventoryNet",
        "AccountsReceivableNetCurrent", "CashAndCashEquivalentsAtCarryingValue",
        "LongTermDebtNoncurrent", "total_debt", "Assets",
    )
)  # fmt: skip
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


def companies(ledger: Ledger) -> list[Company]:
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


def flows_of(report: Report) -> list[tuple[Period, Period | None]]:
    """The periods of its income statement up to the report's end, the shortest first, each with
    the one a year before; those of its cash flows where it has no income statement."""
    end = end_of(report)
    for kind in ("income", "cash"):
        periods = sorted({f.period for f in report.facts if f.statement == kind and f.period.start})
        by_span: dict[int, Period] = {}
        for period in periods:
            if period.end == end and span(period) >= 0:
                by_span.setdefault(span(period), period)
        if by_span:
            return [
                (period, next((p for p in periods if is_year_before(p, period)), None))
                for _, period in sorted(by_span.items())
            ]
    return []


def stocks_of(report: Report) -> tuple[Period, Period | None] | None:
    """The balance sheet's day and the one that it is compared with."""
    for statement in report.statements:
        if statement.kind == "balance":
            days = sorted(
                {c.period for c in statement.columns if c.period.is_instant}, reverse=True
            )
            if days:
                return days[0], days[1] if len(days) > 1 else None
    return None


def mixes_of(report: Report) -> list[list[tuple[Fact, Fact | None]]]:
    """Tables that break revenue down, each member with its figure a year before."""
    flows = flows_of(report)
    if not flows:
        return []
    now, before = flows[0]
    found, told = [], []
    for statement in report.statements:
        rows: list[tuple[Fact, Fact | None]] = []
        own = [f for f in report.facts if f.table == statement.table and is_known(f)
               and f.metric.startswith(("Revenues[", "TotalOperatingRevenue["))]  # fmt: skip
        seen: set[str] = set()
        for fact in sorted((f for f in own if f.period == now), key=lambda f: (f.row, f.column)):
            if fact.metric not in seen:
                seen.add(fact.metric)
                prior = next(
                    (f for f in own if f.metric == fact.metric and f.period == before), None
                )
                rows.append((fact, prior))
        members = {fact.metric for fact, _ in rows}
        if len(rows) > 1 and members not in told:  # the same parts again, in another table
            told.append(members)
            found.append(rows)
    return found


def history_of(company: Company) -> list[Fact]:
    """Revenue of each quarter (or half, or year) there is, oldest first, each by the report that is
    on it where there is one."""
    best: dict[int, dict[str, Fact]] = {}
    ends_of: dict[str, str] = {}  # of the report that a fact is of
    for report in reversed(company.reports):
        end = end_of(report)
        periods = {f.period for f in report.facts if f.statement == "income" and f.period.start}
        for period in sorted(periods):
            fact = next((f for m in FLOWS[0] if (f := company.fact_of(report, m, period))), None)
            if fact is None or not fact.value or span(period) < 0:
                continue
            ends = best.setdefault(span(period), {})
            known = ends.get(period.end)
            if known is None or _fitness(fact, end) > _fitness(known, ends_of[known.id]):
                ends[period.end], ends_of[fact.id] = fact, end
    if not best:
        return []
    ends = max(sorted(best.items()), key=lambda item: len(item[1]))[1]
    return [fact for _, fact in sorted(ends.items())]


def _fitness(fact: Fact, end: str) -> tuple[bool, bool]:
    """Of its own report, and in a currency that is said."""
    return fact.period.end == end, bool(fact.currency)
