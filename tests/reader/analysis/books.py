"""Reports of made-up companies, as the tests of the analysis need them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from tenth.reader.analysis import figures_of
from tenth.reader.model import Cover, Fact, Figure, Period, Place, Report, StatementKind, Unit
from tests.reader.made import LAST_Q3, NOW, Q3, YEAR_END, Row, report, statement

Y2021 = Period("2021-01-01", "2021-12-31")
Y2022 = Period("2022-01-01", "2022-12-31")
Y2023 = Period("2023-01-01", "2023-12-31")
INCOME: list[Row] = [
    ("Net sales", "Revenues", ["$1,000", "$800"]),
    ("Cost of sales", "CostOfRevenue", ["600", "500"]),
    ("Gross margin", "GrossProfit", ["400", "300"]),
    ("Research and development", "ResearchAndDevelopmentExpense", ["150", "140"]),
    ("Operating income", "OperatingIncomeLoss", ["250", "160"]),
    ("Interest expense", "InterestExpense", ["(20)", "(16)"]),
    ("Other", "", ["5", "6"]),
    ("Net income", "NetIncomeLoss", ["200", "(25)"]),
    ("Net income per share, diluted", "EarningsPerShareDiluted", ["2.00", "(0.25)"]),
]
BALANCE: list[Row] = [
    ("Current assets:", "", []),
    ("Cash", "CashAndCashEquivalentsAtCarryingValue", ["300", "250"]),
    ("Marketable securities", "MarketableSecuritiesCurrent", ["100", "150"]),
    ("Receivables", "AccountsReceivableNetCurrent", ["250", "200"]),
    ("Inventories", "InventoryNet", ["150", "100"]),
    ("Total current assets", "AssetsCurrent", ["800", "700"]),
    ("Other assets", "", ["1,200", "1,100"]),
    ("Total assets", "Assets", ["2,000", "1,800"]),
    ("Liabilities:", "", []),
    ("Payables", "AccountsPayableCurrent", ["120", "110"]),
    ("Term debt, current", "LongTermDebtCurrent", ["80", "70"]),
    ("Total current liabilities", "LiabilitiesCurrent", ["400", "380"]),
    ("Term debt", "LongTermDebtNoncurrent", ["420", "450"]),
    ("Total liabilities", "Liabilities", ["1,000", "980"]),
    ("Shareholders' equity", "StockholdersEquity", ["1,000", "820"]),
]
CASH: list[Row] = [
    ("Net income", "NetIncomeLoss", ["200", "(25)"]),
    ("Operating cash flow", "NetCashProvidedByUsedInOperatingActivities", ["260", "90"]),
    ("Capital expenditure", "PaymentsToAcquirePropertyPlantAndEquipment", ["(60)", "(50)"]),
]

FIRST = {"F": "18%", "G": "15%", "A": "9%", "B": "7%", "C": "6%"}
SECOND = {"A": "14%", "B": "12%", "C": "10%", "D": "8%", "E": "6%"}
NAMES = {"Acme Ltd": "20%", "Bolt Inc.": "12%", "Crane plc": "10%"}


def quarter() -> Report:
    """A quarter of Acme with a balance sheet and cash flows."""
    flows = [Q3, LAST_Q3]
    return report(
        statement("income", INCOME, flows, table=1),
        statement("balance", BALANCE, [NOW, YEAR_END], table=2),
        statement("cash", CASH, flows, table=3),
    )


def only(rows: Iterable[Row], periods: Sequence[Period], document: str, kind="income") -> Report:
    return report(statement(kind, list(rows), list(periods), document=document))


def figures(*reports: Report, **how) -> tuple[Figure, ...]:
    return figures_of(reports, all_facts(reports), **how)


def all_facts(reports: Iterable[Report]) -> dict[str, Fact]:
    return {fact.id: fact for report in reports for fact in report.facts}


def find(figures: Iterable[Figure], metric: str, period: Period) -> Figure:
    (one,) = [one for one in figures if one.metric == metric and one.period == period]
    return one


def value(figures: Iterable[Figure], metric: str, period: Period) -> Decimal:
    return find(figures, metric, period).value


def metrics(figures: Iterable[Figure]) -> set[str]:
    return {one.metric for one in figures}


def with_fact(report: Report, label: str, **changes) -> Report:
    """The report with changes to every fact of that label."""
    facts = tuple(
        msgspec.structs.replace(fact, **changes) if fact.label == label else fact
        for fact in report.facts
    )
    return msgspec.structs.replace(report, facts=facts)


def listed(
    document: str,
    years: Mapping[Period, Mapping[str, str]],
    side: str = "Customer",
    entity: str = "Acme Corporation",
) -> Report:
    """A document that reports on the first of the years and lists shares in percent, or amounts
    ("$120"), by name; "" is a figure that is unknown."""
    facts = []
    sha256 = hashlib.sha256(document.encode()).hexdigest()
    kind: StatementKind = "customers" if side == "Customer" else "suppliers"
    for k, (period, shares) in enumerate(years.items()):
        for i, (name, text) in enumerate(shares.items()):
            unit: Unit = "currency" if "$" in text else "pure"
            what = ("Revenue" if side == "Customer" else "Purchases") if "$" in text else "Share"
            plain = text.strip("$%")
            amount = Decimal(plain) / (1 if "$" in text else 100) if plain else None
            id_ = hashlib.sha256(f"{document}:{side}:{k}:{i}".encode()).hexdigest()[:12]
            facts.append(
                Fact(id_, entity, f"{side}{what}[{name}]", name, period, amount, unit,
                     "USD" if "$" in text else "", 1, "ok" if plain else "unknown", document,
                     sha256, Place(1, (0.0, 12.0 * i, 50.0, 12.0 * i + 10)), text, (), kind, 1, i,
                     k + 1)
            )  # fmt: skip
    cover = Cover(entity, "10-K", next(iter(years)))
    return Report(document, sha256, "pdf", cover, tuple(facts))


def labels(shares: dict[str, str]) -> dict[str, str]:
    return {f"Customer {name}": share for name, share in shares.items()}


def one_document() -> Report:
    """The article's own case: first and second in 2022, gone in 2023, in one annual report."""
    now = {**SECOND, "F": "0%", "G": "0%"}
    before = {**FIRST, "D": "3%", "E": "2%"}
    return listed("2023.pdf", {Y2023: labels(now), Y2022: labels(before)})
