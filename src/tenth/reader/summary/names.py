"""What the summary calls metrics, units and periods, in English and Chinese."""

from datetime import date
from typing import Literal

from tenth.reader.model import Fact, Period

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Form = Literal["percent", "times", "days", "number"]

TITLES = {
    "Revenues": ("Revenue", "营业收入"),
    "TotalOperatingRevenue": ("Total operating revenue", "营业总收入"),
    "CostOfRevenue": ("Cost of revenue", "营业成本"),
    "GrossProfit": ("Gross profit", "毛利"),
    "ResearchAndDevelopmentExpense": ("Research and development", "研发费用"),
    "SellingGeneralAndAdministrativeExpense": (
        "Selling, general and administrative",
        "销售及管理费用",
    ),
    "OperatingExpenses": ("Operating expenses", "营业费用"),
    "OperatingIncomeLoss": ("Operating income", "营业利润"),
    "IncomeTaxExpenseBenefit": ("Income tax", "所得税费用"),
    "NetIncomeLoss": ("Net income", "净利润"),
    "NetIncomeLossAttributableToParent": (
        "Net income attributable to the parent",
        "归属于母公司股东的净利润",
    ),
    "EarningsPerShareBasic": ("Earnings per share, basic", "基本每股收益"),
    "EarningsPerShareDiluted": ("Earnings per share, diluted", "稀释每股收益"),
    "EarningsPerShareBasicAndDiluted": ("Earnings per share", "每股收益"),
    "NetCashProvidedByUsedInOperatingActivities": ("Operating cash flow", "经营活动现金流量净额"),
    "CashAndCashEquivalentsAtCarryingValue": ("Cash and cash equivalents", "货币资金"),
    "ShortTermInvestments": ("Short-term investments", "短期投资"),
    "AccountsReceivableNetCurrent": ("Accounts receivable", "应收账款"),
    "InventoryNet": ("Inventories", "存货"),
    "Assets": ("Total assets", "资产总计"),
    "Liabilities": ("Total liabilities", "负债合计"),
    "LongTermDebtNoncurrent": ("Long-term debt", "长期借款"),
    "LongTermDebt": ("Long-term debt", "长期借款"),
    "StockholdersEquity": ("Shareholders' equity", "股东权益"),
    "gross_margin": ("Gross margin", "毛利率"),
    "operating_margin": ("Operating margin", "营业利润率"),
    "net_margin": ("Net margin", "净利率"),
    "revenue_growth": ("Revenue growth", "营业收入增长率"),
    "segment_share": ("Share of revenue", "收入占比"),
    "customer_revenue_lost": (
        "Last year's revenue with customers that vanished",
        "消失客户上年占收入比",
    ),
    "customer_retained": ("Share of revenue with customers of the year before", "留存客户占收入比"),
    "customer_new": ("Share of revenue with new customers", "新增客户占收入比"),
    "customer_top_1": ("Largest customer's share of revenue", "第一大客户占比"),
    "customer_top_5": ("Five largest customers' share of revenue", "前五大客户占比"),
    "supplier_purchases_lost": (
        "Last year's purchases from suppliers that vanished",
        "消失供应商上年占采购比",
    ),
    "supplier_top_1": ("Largest supplier's share of purchases", "第一大供应商占比"),
    "supplier_top_5": ("Five largest suppliers' share of purchases", "前五大供应商占比"),
    "free_cash_flow": ("Free cash flow", "自由现金流"),
    "total_debt": ("Debt", "有息负债"),
    "net_debt": ("Net debt", "净负债"),
}
FORMS: tuple[tuple[Form, tuple[str, ...]], ...] = (  # the first that a figure's name holds
    ("days", ("days", "cycle")),
    ("number", ("concentration",)),
    ("percent", ("growth", "margin", "share", "rate", "return", "lost", "retained", "new", "top_",
                 "capex", "liabilities_to")),
    ("times", ("ratio", "turnover", "multiplier", "coverage", "_to_", "conversion")),
)  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SPANS = (  # days, in English, in Chinese: fiscal quarters have 12 to 17 weeks, years 52 or 53
    (80, 120, "Three months to", "三个月"),
    (160, 200, "Six months to", "六个月"),
    (240, 290, "Nine months to", "九个月"),
    (350, 378, "Year to", "一年"),
)


def title(metric: str, language: Language, label: str = "") -> str:
    """How a metric is called; one without a name by its label as printed."""
    base, _, member = metric.partition("[")
    if base not in TITLES:
        return label or metric
    name = TITLES[base][language == "zh"]
    return f"{name}: {member.rstrip(']')}" if member else name


def title_of_fact(fact: Fact, language: Language) -> str:
    return title(fact.metric, language, fact.label)


def form_of(metric: str) -> Form:
    """How a figure of unit "pure" is shown."""
    name = metric.partition("[")[0].lower()
    for form, parts in FORMS:
        if any(part in name for part in parts):
            return form
    return "number"


def days_in(period: Period) -> int:
    """From the first to the last day, both included; 0 where there is no start."""
    if not period.start or not period.end:
        return 0
    return (date.fromisoformat(period.end) - date.fromisoformat(period.start)).days + 1


def span(period: Period) -> int:
    """Which of SPANS it is, -1 for another or an instant."""
    days = days_in(period)
    return next((k for k, (least, most, *_) in enumerate(SPANS) if least <= days <= most), -1)


def is_year_before(earlier: Period, later: Period) -> bool:
    """Whether they are of one kind and length, to within a week, and their ends a year apart."""
    if not earlier.end or not later.end or bool(earlier.start) != bool(later.start):
        return False
    apart = (date.fromisoformat(later.end) - date.fromisoformat(earlier.end)).days
    return abs(apart - 365) <= 8 and abs(days_in(later) - days_in(earlier)) <= 8


def within(period: Period, language: Language) -> str:
    """ "three months to Jul 1, 2023": within a sentence."""
    name = period_name(period, language)
    return name[:1].lower() + name[1:] if period.end and name[:3] not in MONTHS else name


def day(iso: str, language: Language) -> str:
    """ "Jul 1, 2023", "2023年7月1日"."""
    of = date.fromisoformat(iso)
    if language == "zh":
        return f"{of.year}年{of.month}月{of.day}日"
    return f"{MONTHS[of.month - 1]} {of.day}, {of.year}"


def period_name(period: Period, language: Language) -> str:
    """ "Three months to Jul 1, 2023", "At Sep 24, 2022"."""
    if not period.end:
        return "Period unknown" if language == "en" else "期间未知"
    end = day(period.end, language)
    if period.is_instant:
        return f"At {end}" if language == "en" else end
    which = span(period)
    if which >= 0:
        _, _, en, zh = SPANS[which]
        return f"{en} {end}" if language == "en" else f"截至{end}的{zh}"
    start = day(period.start, language)
    return f"{start} to {end}" if language == "en" else f"{start}至{end}"
