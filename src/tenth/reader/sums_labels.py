"""What a line's wording says about adding up: a total, a row counted elsewhere, a deduction."""

import re
from typing import Literal

from tenth.reader.model import Line

Sum = Literal["total", "derived", ""]  # says "total"; a result by name or metric; neither

_TOTAL = re.compile(r"\b(?:sub)?total\b|合计|总计|小计|总额|共计", re.IGNORECASE)
_DERIVED = re.compile(
    r"""^(?:\W*(?:consolidated|group|adjusted)\s+)?(?:
        (?:net|gross|operating|comprehensive|pre-?tax)\W+(?:\(?\w+\)?\W+){0,2}?
            (?:income|loss|profit|margin|earnings|result|expenses?|cash|increase|decrease|change
            |sales|revenues?|assets|unrealized|debt|deficit|surplus)\b
        |(?:income|\(?loss\)?|profit|earnings|results?)\W+(?:\(?\w+\)?\W+){0,2}?
            (?:before|from|after|attributable|for\ the|available)\b
        |(?:profit|loss|earnings|ebitda?|ebit|margin)\b
        |(?:net\ )?(?:\(?(?:increase|decrease|change)\)?\W+(?:\w+\W+)?)+(?:in|of)\ (?:\w+\ )?cash
        |cash\ (?:flows?\ )?(?:\w+\ ){0,2}?(?:generated|provided|used|from)
        |other\ (?:comprehensive\ )?(?:income|loss|expense)
        )
        |\bend(?:ing)?\W+(?:of\W+(?:the\W+)?(?:\w+\W+)?(?:period|year|quarter)|balances?)
        |\bat\ (?:the\ )?end\b|\bbalances?\b.*\d{4}|^(?:total\ )?(?:closing|ending)\b
        |\battributable\ to\b|\bavailable\ to\b
        |净额|净利润|净亏损|营业利润|营业亏损|毛利|净资产|净增加额|净减少额|期末|年末|税前利润
        |除税[前后]|利润总额|归属于""",
    re.IGNORECASE | re.VERBOSE,
)
_DERIVED_METRICS = re.compile(
    r"^(?:GrossProfit|OperatingIncomeLoss|ProfitLoss|NetIncomeLoss.*|OperatingExpenses"
    r"|IncomeLossFromContinuingOperations.*|ComprehensiveIncomeNetOfTax.*|Assets\w*"
    r"|Liabilities\w*|StockholdersEquity\w*|CostsAndExpenses|NonoperatingIncome\w*"
    r"|NetCashProvidedByUsedIn\w+|CashCashEquivalents\w*PeriodIncreaseDecrease\w*)$"
)
_REST = re.compile(  # of a total that others share: what the minority has
    r"attributable to (?:the )?(?:non-?controlling|minority)|少数股东", re.IGNORECASE
)
_MEMO = re.compile(r"^\W*(?:其中|of which|including\b|includes\b|thereof\b|memo\b)", re.IGNORECASE)
_LESS = re.compile(r"^[\W\d一二三四五六七八九十]*(?:less\b|deduct\b|减[:：]?)", re.IGNORECASE)
_MORE = re.compile(r"^[\W\d一二三四五六七八九十]*(?:add\b|plus\b|加[:：]?)", re.IGNORECASE)
_COST = re.compile(
    r"\b(?:costs?|expenses?|expenditures?|provision|tax(?:es)?|charges?|losses|depreciation"
    r"|amortization|impairment|research|selling|marketing|administrative|dividends?)\b"
    r"|成本|费用|税|支出|损失|流出",
    re.IGNORECASE,
)


def sum_kind(line: Line) -> Sum:
    """What its label, or else its metric, says it is. A row of figures without a label is a total:
    it is how notes close a column."""
    if _REST.search(line.label) or is_deduction(line.label) or is_memo(line.label):
        return ""
    if not line.label.strip() or _TOTAL.search(line.label):
        return "total"
    if _DERIVED.search(line.label) or _DERIVED_METRICS.match(line.metric):
        return "derived"
    return ""


def is_memo(label: str) -> bool:
    """Part of the row above, not added again: "其中：", "of which"."""
    return bool(_MEMO.match(label))


def is_deduction(label: str) -> bool:
    return bool(_LESS.match(label))


def is_addition(label: str) -> bool:
    return bool(_MORE.match(label))


def is_cost(label: str) -> bool:
    """What is taken off an income, unless it says that a loss is printed as negative."""
    return bool(_COST.search(label)) and "填列" not in label
