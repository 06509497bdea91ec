"""The metrics that serve as inputs: the usual alternatives of each, its unit, how it is printed."""

import re

from tenth.reader.model import Fact, Unit

# The first that a company prints is taken. Names are those of metrics.toml and of us-gaap.
CONCEPTS: dict[str, tuple[str, ...]] = {
    "Revenues": (
        "Revenues",
        "RevenueFromContractWithCustomerExcludingAssessedTax",
        "RevenueFromContractWithCustomerIncludingAssessedTax",
        "SalesRevenueNet",
        "RevenuesNetOfInterestExpense",
        "TotalOperatingRevenue",
    ),
    "CostOfRevenue": ("CostOfRevenue", "CostOfGoodsAndServicesSold", "CostOfGoodsSold"),
    "NetIncomeLoss": ("NetIncomeLoss", "ProfitLoss", "NetIncomeLossAttributableToParent"),
    "EarningsPerShareDiluted": ("EarningsPerShareDiluted", "EarningsPerShareBasicAndDiluted"),
    "WeightedAverageNumberOfDilutedSharesOutstanding": (
        "WeightedAverageNumberOfDilutedSharesOutstanding",
        "WeightedAverageNumberOfShareOutstandingBasicAndDiluted",
    ),
    "NetCashProvidedByUsedInOperatingActivities": (
        "NetCashProvidedByUsedInOperatingActivities",
        "NetCashProvidedByUsedInOperatingActivitiesContinuingOperations",
    ),
    "PaymentsToAcquirePropertyPlantAndEquipment": (
        "PaymentsToAcquirePropertyPlantAndEquipment",
        "PaymentsToAcquireProductiveAssets",
    ),
    "CashAndCashEquivalentsAtCarryingValue": ("CashAndCashEquivalentsAtCarryingValue", "Cash"),
    "ShortTermInvestments": (
        "ShortTermInvestments",
        "MarketableSecuritiesCurrent",
        "AvailableForSaleSecuritiesDebtSecuritiesCurrent",
    ),
    "AccountsReceivableNetCurrent": (
        "AccountsReceivableNetCurrent",
        "ReceivablesNetCurrent",
        "NotesAndAccountsReceivable",
    ),
    "AccountsPayableCurrent": (
        "AccountsPayableCurrent",
        "AccountsPayableTradeCurrent",
        "NotesAndAccountsPayable",
    ),
    "StockholdersEquity": (
        "StockholdersEquity",
        "StockholdersEquityAttributableToParent",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
    ),
}
# Net income and the equity of the same owners: all of them, or those of the parent
OWNERS = (
    ("NetIncomeLossAttributableToParent", "StockholdersEquityAttributableToParent"),
    ("NetIncomeLossAttributableToParent", "StockholdersEquity"),
    (
        "NetIncomeLoss",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
    ),
    ("NetIncomeLoss", "StockholdersEquity"),
    ("ProfitLoss", "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest"),
)
# Printed as a plain amount by some, in parentheses by others: the amount is meant
OUTFLOWS = frozenset(
    {
        *CONCEPTS["CostOfRevenue"],
        *CONCEPTS["PaymentsToAcquirePropertyPlantAndEquipment"],
        "InterestExpense",
        "ResearchAndDevelopmentExpense",
    }
)
_SHARES = re.compile(r"^(WeightedAverageNumberOf|CommonStockShares)|SharesOutstanding$")


_PARTNER = re.compile(r"(Customer|Supplier)(Share|Revenue|Purchases)\[(.+)\]")
_NOBODY = re.compile(
    r"(?:all |the )?(?:others?|rest|remaining|total|sub-?total|top|\w+ largest|aggregate)\b.*|"
    r".*(?:合计|小计|总计|其他|其它|其余|前五|前5|前十).*",
    re.IGNORECASE,
)


def partner_in(fact: Fact) -> tuple[str, str] | None:
    """Whose figure it is, as ("customer", "Acme Ltd"); None where it is no single one's."""
    named = _PARTNER.fullmatch(fact.metric)
    if named:
        side, name = named[1].lower(), named[3]
    elif fact.statement in ("customers", "suppliers") and split(fact.metric)[1]:
        side, name = fact.statement.removesuffix("s"), split(fact.metric)[1]
    else:
        return None
    return None if _NOBODY.fullmatch(name.strip()) else (side, name)


def alternatives(name: str) -> tuple[str, ...]:
    return CONCEPTS.get(name, (name,))


def is_revenue(metric: str) -> bool:
    return metric in CONCEPTS["Revenues"]


def unit_of(metric: str) -> Unit:
    """What a fact has to be counted in to serve as this metric."""
    name, _ = split(metric)
    if "PerShare" in name and not _SHARES.match(name):
        return "currency/share"
    if _SHARES.search(name):
        return "shares"
    return "pure" if name.endswith(("Ratio", "Margin", "Rate")) else "currency"


def is_flow(metric: str) -> bool:
    """Whether amounts over parts of a year add up to the year's."""
    name, _ = split(metric)
    level = name.endswith(("AtBeginning", "AtCarryingValue")) or name in {
        "Cash",
        "CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents",
    }
    return unit_of(name) == "currency" and not level


def split(metric: str) -> tuple[str, str]:
    """ "Revenues[Products]" as ("Revenues", "Products"); without a member, ""."""
    name, bracket, member = metric.partition("[")
    return (name, member.removesuffix("]")) if bracket else (metric, "")
