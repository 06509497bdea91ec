"""Which of a company's facts and figures are shown: its latest report beside the year before."""

from tenth.reader.analysis.spans import is_year_before
from tenth.reader.model import Fact, Period, Report
from tenth.reader.summary.company import Company, end_of, is_known
from tenth.reader.summary.names import span

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
