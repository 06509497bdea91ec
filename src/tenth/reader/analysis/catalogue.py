"""Every kind of figure that is made: how outputs call it, its unit and its formulas, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tenth.reader.analysis.concepts import split
from tenth.reader.model import Unit

Shown = Literal["percent", "points", "times", "days", "amount", "per share", "index"]
_UNITS: dict[Shown, Unit] = {"amount": "currency", "per share": "currency/share"}


@dataclass(frozen=True)
class Metric:
    """A kind of figure. `formulas` are tried in order; a name is a metric, or a figure that comes
    before it in the table; `days` are those of the period."""

    name: str
    en: str
    zh: str
    shown: Shown  # how a reader wants to see it; percent and points are stored as fractions
    formulas: tuple[str, ...]
    note: str = ""
    worked: bool = (
        True  # by formulas alone; else formulas say what is done, and code of its own does
    )

    @property
    def unit(self) -> Unit:
        return _UNITS.get(self.shown, "pure")

    @property
    def formula(self) -> str:
        return self.formulas[0]


_OVER = "over {days} days, not annualised, on the balance at their end"
_REVENUE, _COST = "Revenues", "CostOfRevenue"
_CASH, _INVESTED = "CashAndCashEquivalentsAtCarryingValue", "ShortTermInvestments"
_OPERATING = "NetCashProvidedByUsedInOperatingActivities"
_CAPEX = "PaymentsToAcquirePropertyPlantAndEquipment"
_RECEIVABLES, _PAYABLES = "AccountsReceivableNetCurrent", "AccountsPayableCurrent"
_SHARES = "WeightedAverageNumberOfDilutedSharesOutstanding"
TAX = "IncomeTaxExpenseBenefit"
BEFORE_TAX = (
    "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest"
)
_NO_LEASES = "debt is what the balance sheet has on lines of its own, without leases"

_MARGINS = (
    Metric("GrossProfit", "Gross profit", "毛利", "amount", (f"{_REVENUE} - {_COST}",),
           "not printed; revenue less cost of revenue"),
    Metric("gross_margin", "Gross margin", "毛利率", "percent", (f"GrossProfit / {_REVENUE}",)),
    Metric("operating_margin", "Operating margin", "营业利润率", "percent",
           (f"OperatingIncomeLoss / {_REVENUE}",)),
    Metric("net_margin", "Net margin", "净利率", "percent", (f"NetIncomeLoss / {_REVENUE}",)),
    Metric("research_share", "Research and development / revenue", "研发费用率", "percent",
           (f"ResearchAndDevelopmentExpense / {_REVENUE}",)),
    Metric("effective_tax_rate", "Effective tax rate", "实际税率", "percent",
           (f"{TAX} / {BEFORE_TAX}",), worked=False),
)  # fmt: skip
_DUPONT = (
    Metric("dupont_net_margin", "DuPont: net margin", "杜邦：净利率", "percent",
           (f"NetIncomeLoss / {_REVENUE}",), worked=False),
    Metric("dupont_asset_turnover", "DuPont: asset turnover", "杜邦：资产周转率", "times",
           (f"{_REVENUE} / Assets",), _OVER, worked=False),
    Metric("dupont_equity_multiplier", "DuPont: leverage", "杜邦：权益乘数", "times",
           ("Assets / StockholdersEquity",), "at the end of the period", worked=False),
    Metric("return_on_equity", "Return on equity", "净资产收益率", "percent",
           ("dupont_net_margin * dupont_asset_turnover * dupont_equity_multiplier",), _OVER,
           worked=False),
    Metric("return_on_assets", "Return on assets", "总资产收益率", "percent",
           ("NetIncomeLoss / Assets",), _OVER),
)  # fmt: skip
_CASH_CONVERSION = (
    Metric("cash_conversion", "Operating cash flow / net income", "净利润现金含量", "times",
           (f"{_OPERATING} / NetIncomeLoss",)),
    Metric("free_cash_flow", "Free cash flow", "自由现金流", "amount",
           (f"{_OPERATING} - {_CAPEX}",), "operating cash flow less capital expenditure"),
    Metric("free_cash_flow_margin", "Free cash flow / revenue", "自由现金流率", "percent",
           (f"free_cash_flow / {_REVENUE}",)),
    Metric("capex_share", "Capital expenditure / revenue", "资本开支占收入比", "percent",
           (f"{_CAPEX} / {_REVENUE}",)),
    Metric("capex_of_operating_cash", "Capital expenditure / operating cash flow",
           "资本开支占经营现金流比", "percent", (f"{_CAPEX} / {_OPERATING}",)),
    Metric("days_sales_outstanding", "Days sales outstanding", "应收账款周转天数", "days",
           (f"{_RECEIVABLES} / {_REVENUE} * days",), "on the balance at the end of {days} days"),
    Metric("days_inventory", "Days of inventory", "存货周转天数", "days",
           (f"InventoryNet / {_COST} * days",), "on the balance at the end of {days} days"),
    Metric("days_payables", "Days payables outstanding", "应付账款周转天数", "days",
           (f"{_PAYABLES} / {_COST} * days",), "on the balance at the end of {days} days"),
    Metric("cash_conversion_cycle", "Cash conversion cycle", "现金转换周期", "days",
           ("days_sales_outstanding + days_inventory - days_payables",)),
)  # fmt: skip
_LIQUIDITY = (
    Metric("current_ratio", "Current ratio", "流动比率", "times",
           ("AssetsCurrent / LiabilitiesCurrent",)),
    Metric("quick_ratio", "Quick ratio", "速动比率", "times",
           ("(AssetsCurrent - InventoryNet) / LiabilitiesCurrent",),
           "current assets less inventories"),
    Metric("cash_ratio", "Cash ratio", "现金比率", "times",
           (f"({_CASH} + {_INVESTED}) / LiabilitiesCurrent",
            "CashCashEquivalentsAndShortTermInvestments / LiabilitiesCurrent",
            f"{_CASH} / LiabilitiesCurrent"),
           "what counts as cash is what the formula names"),
)  # fmt: skip
_LEVERAGE = (
    Metric("total_debt", "Total debt", "有息负债", "amount",
           ("LongTermDebtCurrent + LongTermDebtNoncurrent",), _NO_LEASES, worked=False),
    Metric("debt_to_equity", "Debt / equity", "产权比率（有息）", "times",
           ("total_debt / StockholdersEquity",), _NO_LEASES),
    Metric("liabilities_to_assets", "Liabilities / assets", "资产负债率", "percent",
           ("Liabilities / Assets", "(LiabilitiesCurrent + LiabilitiesNoncurrent) / Assets")),
    Metric("net_debt", "Net debt", "净负债", "amount",
           (f"total_debt - {_CASH} - {_INVESTED}",
            "total_debt - CashCashEquivalentsAndShortTermInvestments", f"total_debt - {_CASH}"),
           f"{_NO_LEASES}; what counts as cash is what the formula names"),
    Metric("interest_coverage", "Operating income / interest expense", "利息保障倍数", "times",
           ("OperatingIncomeLoss / InterestExpense",)),
)  # fmt: skip
_PER_SHARE = (
    Metric("revenue_per_share", "Revenue per share", "每股营业收入", "per share",
           (f"{_REVENUE} / {_SHARES}",), "diluted, weighted average"),
    Metric("operating_cash_flow_per_share", "Operating cash flow per share", "每股经营现金流",
           "per share", (f"{_OPERATING} / {_SHARES}",), "diluted, weighted average"),
    Metric("free_cash_flow_per_share", "Free cash flow per share", "每股自由现金流", "per share",
           (f"free_cash_flow / {_SHARES}",), "diluted, weighted average"),
    Metric("book_value_per_share", "Book value per share", "每股净资产", "per share",
           ("StockholdersEquity / CommonStockSharesOutstanding",)),
)  # fmt: skip
# What growth is told of: the figure's name, the metric, how it is called
_GROWING = (
    ("revenue", _REVENUE, "Revenue", "营业收入"),
    ("gross_profit", "GrossProfit", "Gross profit", "毛利"),
    ("research", "ResearchAndDevelopmentExpense", "Research and development", "研发费用"),
    ("operating_income", "OperatingIncomeLoss", "Operating income", "营业利润"),
    ("net_income", "NetIncomeLoss", "Net income", "净利润"),
    (
        "parent_net_income",
        "NetIncomeLossAttributableToParent",
        "Net income of the parent's owners",
        "归母净利润",
    ),
    ("diluted_eps", "EarningsPerShareDiluted", "Diluted earnings per share", "稀释每股收益"),
    ("operating_cash_flow", _OPERATING, "Operating cash flow", "经营现金流"),
    ("free_cash_flow", "free_cash_flow", "Free cash flow", "自由现金流"),
    ("receivables", _RECEIVABLES, "Receivables", "应收账款"),
    ("inventory", "InventoryNet", "Inventories", "存货"),
    ("assets", "Assets", "Total assets", "总资产"),
    ("equity", "StockholdersEquity", "Equity", "股东权益"),
)
GROWING: dict[str, str] = {name: metric for name, metric, _, _ in _GROWING}
YEAR, QUARTER = "_growth", "_growth_on_quarter"
_GROWTH = tuple(
    Metric(name + ending, f"{en}, {how}", f"{zh}{how_zh}", "percent", ("(now - before) / before",),
           worked=False)
    for ending, how, how_zh in (
        (YEAR, "growth on the year before", "同比增长"),
        (QUARTER, "growth on the quarter before", "环比增长"),
    )
    for name, _, en, zh in _GROWING
)  # fmt: skip
_MIX = (
    Metric("segment_share", "Share of revenue", "收入占比", "percent", ("part / whole",),
           worked=False),
    Metric("segment_share_change", "Share of revenue, change on the year before",
           "收入占比同比变动", "points", ("now - before",), worked=False),
    Metric("segment_margin", "Operating margin of the segment", "分部营业利润率", "percent",
           ("income / revenue",), worked=False),
    Metric("share_of_revenue", "Income statement line / revenue", "占营业收入比", "percent",
           ("line / whole",), worked=False),
    Metric("share_of_assets", "Balance sheet line / total assets", "占总资产比", "percent",
           ("line / whole",), worked=False),
)  # fmt: skip
_WHOSE = (
    ("customer", "customers", "Customer", "客户", "revenue", "收入"),
    ("supplier", "suppliers", "Supplier", "供应商", "purchases", "采购"),
)
_PARTNERS = tuple(
    metric
    for one, many, en, zh, what, what_zh in _WHOSE
    for metric in (
        Metric(f"{one}_share", f"{en}'s share of {what}", f"{zh}占{what_zh}比", "percent",
               ("amount / whole",), worked=False),
        Metric(f"{one}_top_1", f"Largest {one}'s share of {what}", f"第一大{zh}占比", "percent",
               ("share_1",), worked=False),
        Metric(f"{one}_top_3", f"Three largest {many}' share of {what}", f"前三大{zh}占比",
               "percent", ("share_1 + share_2 + share_3",), worked=False),
        Metric(f"{one}_top_5", f"Five largest {many}' share of {what}", f"前五大{zh}占比",
               "percent", ("share_1 + share_2 + share_3 + share_4 + share_5",), worked=False),
        Metric(f"{one}_concentration", f"Herfindahl index of the known {many}",
               f"已知{zh}赫芬达尔指数", "index", ("share_1 * share_1 + share_2 * share_2",),
               worked=False),
        Metric(f"{one}_retained", f"Share of {what} with {many} of the year before",
               f"留存{zh}占{what_zh}比", "percent", ("share_1 + share_2",), worked=False),
        Metric(f"{one}_new", f"Share of {what} with new {many}", f"新增{zh}占{what_zh}比",
               "percent", ("share_1 + share_2",), worked=False),
        Metric(f"{one}_{what}_lost", f"Last year's {what} with {many} that vanished",
               f"消失{zh}上年占{what_zh}比", "percent", ("share_1 + share_2",), worked=False),
        Metric(f"{one}_share_change", f"{en}'s share, change on the year before",
               f"{zh}占比同比变动", "points", ("now - before",), worked=False),
    )
)  # fmt: skip

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for group in (_GROWTH, _MARGINS, _DUPONT, _CASH_CONVERSION, _LIQUIDITY, _LEVERAGE, _PER_SHARE,
                  _MIX, _PARTNERS)
    for metric in group
}  # fmt: skip


def metric_of(metric: str) -> Metric | None:
    """The table's entry of a figure's metric; None for derived quarters and trailing years, which
    keep the names of the metrics that they are made of."""
    return METRICS.get(split(metric)[0])


def readable(metric: str, language: Literal["en", "zh"] = "en") -> str:
    """ "segment_share[Products]" as "Share of revenue: Products"; what the table does not have,
    as it stands."""
    known, (name, member) = metric_of(metric), split(metric)
    title = (known.zh if language == "zh" else known.en) if known else name
    mark = "：" if language == "zh" else ": "
    return f"{title}{mark}{member}" if member else title
