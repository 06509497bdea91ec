"""What the ledger's derived figures are called and how they are shown."""

import re
from decimal import Decimal

from tenth.reader.workbook import looks
from tenth.reader.workbook.words import WORDS, word

_TIMES = re.compile(
    r"ratio|turnover|multiplier|coverage|leverage|to_equity|to_assets|multiple|debt_to"
)
_DAYS = re.compile(r"(^|_)days(_|$)")
_NAMES: dict[str, tuple[str, str]] = {
    "return_on_equity": ("Return on equity", "净资产收益率"),
    "return_on_assets": ("Return on assets", "总资产收益率"),
    "asset_turnover": ("Asset turnover", "总资产周转率"),
    "equity_multiplier": ("Equity multiplier", "权益乘数"),
    "current_ratio": ("Current ratio", "流动比率"),
    "quick_ratio": ("Quick ratio", "速动比率"),
    "cash_ratio": ("Cash ratio", "现金比率"),
    "debt_to_equity": ("Debt to equity", "产权比率"),
    "debt_to_assets": ("Debt to assets", "资产负债率"),
    "liabilities_to_assets": ("Liabilities to assets", "资产负债率"),
    "interest_coverage": ("Interest coverage", "利息保障倍数"),
    "cash_conversion": ("Cash conversion", "净现比"),
    "net_debt": ("Net debt", "净负债"),
    "working_capital": ("Working capital", "营运资本"),
}  # fmt: skip


def figure_name(metric: str, language: str) -> str:
    """ "revenue_growth" is "Revenue growth"; a member in brackets stays."""
    name, bracket, member = metric.partition("[")
    if name in _NAMES:
        shown = _NAMES[name][language == "zh"]
    elif name in WORDS:
        shown = word(name, language)
    else:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").strip()
        shown = words[:1].upper() + words[1:]
    return f"{shown} [{member}" if bracket else shown


def is_share(metric: str, unit: str) -> bool:
    """Shown in percent: a figure without a unit that is no multiple and no number of days."""
    name = metric.partition("[")[0].lower()
    return unit == "pure" and not _DAYS.search(name) and not _TIMES.search(name)


def figure_format(metric: str, unit: str) -> str:
    name = metric.partition("[")[0].lower()
    if unit == "currency/share":
        return looks.PER_SHARE
    if unit != "pure":
        return looks.number_format(0)
    if _DAYS.search(name):
        return looks.DAYS
    return looks.TIMES if _TIMES.search(name) else looks.PERCENT


def figure_unit(metric: str, unit: str, currency: str, scale: Decimal, language: str) -> str:
    if unit != "pure":
        return looks.unit_words(unit, currency, scale, language)
    if _DAYS.search(metric.partition("[")[0].lower()):
        return word("days", language)
    return "%" if is_share(metric, unit) else "x"
