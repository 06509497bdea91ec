"""The figures a board asks for first, and the metrics that carry them, best first."""

from tenth.reader.model import Period
from tenth.reader.workbook.book import Book

CARRIERS: dict[str, tuple[str, ...]] = {
    "revenue": (
        "Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax", "SalesRevenueNet",
        "RevenueFromContractWithCustomerIncludingAssessedTax", "TotalOperatingRevenue",
    ),
    "gross_profit": ("GrossProfit",),
    "operating_income": ("OperatingIncomeLoss",),
    "net_income": (
        "NetIncomeLoss", "NetIncomeLossAttributableToParent", "ProfitLoss",
        "NetIncomeLossAvailableToCommonStockholdersBasic",
    ),
    "eps": ("EarningsPerShareDiluted", "EarningsPerShareBasicAndDiluted", "EarningsPerShareBasic"),
    "operating_cash_flow": (
        "NetCashProvidedByUsedInOperatingActivities",
        "NetCashProvidedByUsedInOperatingActivitiesContinuingOperations",
    ),
    "capex": (
        "PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets",
        "CapitalExpenditure",
    ),
    "cash_held": (
        "CashAndCashEquivalentsAtCarryingValue", "Cash",
        "CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents",
    ),
    "equity_held": (
        "StockholdersEquity",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
    ),
    "assets": ("Assets",),
    "liabilities_and_equity": ("LiabilitiesAndStockholdersEquity",),
}  # fmt: skip
# borrowings as balance sheets list them; trade notes (应付票据) and leases alone are not among them
DEBT = (
    "ShortTermBorrowings", "CommercialPaper", "DebtCurrent", "LongTermDebtCurrent",
    "LongTermDebtNoncurrent", "LongTermDebt", "LongTermBankBorrowings", "BondsPayable",
    "ConvertibleDebtNoncurrent", "ConvertibleNotesPayable", "LongTermNotesPayable",
    "LongTermLineOfCredit", "LongTermDebtAndCapitalLeaseObligations",
    "LongTermDebtAndCapitalLeaseObligationsCurrent",
)  # fmt: skip


def carrier(book: Book, entity: str, name: str, period: Period) -> str:
    """The fact on a statement sheet that carries a main figure; "" where none does."""
    for metric in CARRIERS[name]:
        fact = book.by_metric.get((entity, metric, period))
        if fact:
            return fact
    return ""
