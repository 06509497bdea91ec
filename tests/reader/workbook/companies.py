"""Ledgers of invented companies, for tests of the workbook."""

from decimal import Decimal

import msgspec

from tenth.reader.model import (
    Contradiction,
    Cover,
    Fact,
    Figure,
    Input,
    Ledger,
    Part,
    Period,
    Report,
    Statement,
)
from tests.reader.made import LAST_Q3, NOW, Q3, YEAR_END, Row, report, statement

NINE = Period("2023-01-01", "2023-09-30")
HALF = Period("2023-01-01", "2023-06-30")
INCOME: list[Row] = [
    ("Net sales:", "", []),
    ("Products", "Revenues[Products]", ["$600", "$500"]),
    ("Services", "Revenues[Services]", ["400", "300"]),
    ("Total net sales", "Revenues", ["1,000", "800"]),
    ("Cost of sales", "CostOfRevenue", ["(550)", "(480)"]),
    ("Gross margin", "GrossProfit", ["450", "320"]),
    ("Operating expenses", "OperatingExpenses", ["250", "200"]),
    ("Operating income", "OperatingIncomeLoss", ["200", "120"]),
    ("Net income", "NetIncomeLoss", ["$150", "$(90)"]),
    ("Diluted earnings per share", "EarningsPerShareDiluted", ["$1.50", "$(0.90)"]),
]
INCOME_PARTS = {3: [(1, 1), (2, 1)], 5: [(3, 1), (4, 1)], 7: [(5, 1), (6, -1)]}
BALANCE: list[Row] = [
    ("Cash and cash equivalents", "CashAndCashEquivalentsAtCarryingValue", ["$100", "$90"]),
    ("Other assets", "OtherAssets", ["300", "260"]),
    ("Total assets", "Assets", ["400", "350"]),
    ("Long-term debt", "LongTermDebtNoncurrent", ["150", "140"]),
    ("Total stockholders’ equity", "StockholdersEquity", ["250", "210"]),
    ("Total liabilities and stockholders’ equity", "LiabilitiesAndStockholdersEquity",
     ["$400", "$350"]),
]  # fmt: skip
BALANCE_PARTS = {2: [(0, 1), (1, 1)], 5: [(3, 1), (4, 1)]}
CASH: list[Row] = [
    ("Cash from operations", "NetCashProvidedByUsedInOperatingActivities", ["330"]),
    ("Purchases of property", "PaymentsToAcquirePropertyPlantAndEquipment", ["(30)"]),
]

Made = tuple[Statement, list[Fact]]


def with_parts(made: Made, parts: dict[int, list[tuple[int, int]]]) -> Made:
    lines = list(made[0].lines)
    for i, own in parts.items():
        lines[i] = msgspec.structs.replace(lines[i], parts=tuple(Part(*one) for one in own))
    return msgspec.structs.replace(made[0], lines=tuple(lines)), made[1]


def acme() -> Report:
    return report(
        with_parts(statement("income", INCOME, [Q3, LAST_Q3]), INCOME_PARTS),
        with_parts(statement("balance", BALANCE, [NOW, YEAR_END], table=2), BALANCE_PARTS),
        statement("cash", CASH, [NINE], table=3),
    )


def acme_before() -> Report:
    """The half-year's report: cash flow to date, and sales of a year ago printed otherwise."""
    rows: list[Row] = [
        ("Net sales:", "", []),
        ("Products", "Revenues[Products]", ["510"]),
        ("Licences", "", ["7"]),
        ("Services", "Revenues[Services]", ["300"]),
    ]
    cash: list[Row] = [
        ("Cash from operations", "NetCashProvidedByUsedInOperatingActivities", ["200"]),
        ("Purchases of property and plant", "PaymentsToAcquirePropertyPlantAndEquipment",
         ["(20)"]),
    ]  # fmt: skip
    made = report(
        statement("income", rows, [LAST_Q3], document="reports/acme-half.pdf"),
        statement("cash", cash, [HALF], document="reports/acme-half.pdf", table=3),
    )
    cover = Cover("Acme Corporation", "10-Q", HALF, "en", "USD")
    return msgspec.structs.replace(made, cover=cover)


def fact_of(ledger_or_report: Report, metric: str, period: Period) -> Fact:
    for fact in ledger_or_report.facts:
        if fact.metric == metric and fact.period == period:
            return fact
    raise AssertionError(f"no {metric}")


def margin(made: Report) -> Figure:
    gross, sales = fact_of(made, "GrossProfit", Q3), fact_of(made, "Revenues", Q3)
    inputs = (
        Input("GrossProfit", gross.id, gross.value or Decimal(0)),
        Input("Revenues", sales.id, sales.value or Decimal(0)),
    )
    return Figure("figure-1", "Acme Corporation", "gross_margin", Q3, Decimal("0.45"), "pure", "",
                  "GrossProfit / Revenues", inputs)  # fmt: skip


def ledger() -> Ledger:
    """Acme's two reports, a figure and a contradiction."""
    now = acme()
    sales, before = fact_of(now, "Revenues", Q3), fact_of(now, "Revenues", LAST_Q3)
    against = Contradiction("c-1", "real", "same fact", "Acme Corporation", "Revenues", Q3,
                            (sales.id, before.id), before.value, sales.value,
                            "They differ.")  # fmt: skip
    return Ledger((now, acme_before()), (margin(now),), (against,))
