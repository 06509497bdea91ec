"""Figures of the ledger that no document prints, by name: growth, margins, ratios."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from tenth.reader.analysis.catalogue import METRICS, QUARTER, YEAR
from tenth.reader.analysis.concepts import split
from tenth.reader.find.companies import company_key
from tenth.reader.find.likeness import words_of
from tenth.reader.find.reporting import period_of
from tenth.reader.find.scope import Scoped
from tenth.reader.find.words import normal, terms
from tenth.reader.model import Cover, Figure, Period
from tenth.reader.periods import months_of

# What they are called besides, by ;
ALSO: Mapping[str, str] = {
    "gross_margin": "gross profit margin; gross profit rate; 毛利率",
    "operating_margin": "operating income margin; ebit margin; 营业利润率",
    "net_margin": "net income margin; net profit margin; profit margin; 净利率; 净利润率",
    "research_share": "r&d intensity; r&d ratio; research and development share; 研发占比",
    "free_cash_flow_margin": "free cash flow margin; fcf margin",
    "return_on_equity": "roe; 净资产收益率; 权益回报率",
    "return_on_assets": "roa; 总资产收益率; 资产回报率",
    "free_cash_flow": "fcf; 自由现金流",
    "current_ratio": "liquidity ratio; 流动比率",
    "quick_ratio": "acid test; 速动比率",
    "debt_to_equity": "gearing; leverage ratio; debt to equity; 产权比率",
    "liabilities_to_assets": "debt ratio; liabilities to assets; 资产负债率",
    "interest_coverage": "interest cover; 利息保障倍数",
    "days_sales_outstanding": "dso; 应收账款周转",
    "days_inventory": "dio; inventory days; 存货周转",
    "days_payables": "dpo; payable days; 应付账款周转",
    "capex_share": "capex ratio; capex to revenue; capital intensity",
    "effective_tax_rate": "tax rate; 实际税率; 有效税率",
    "diluted_eps_growth": "eps growth; 每股收益同比增长",
    "parent_net_income_growth": "归母净利润增长",
}
_GREW = re.compile(
    r"\b(?:grow(?:n|s|ing|th)?|grew|yoy|year[- ]over[- ]year|increased?|chang\w+)\b", re.I
)
_ON_QUARTER = re.compile(r"\b(?:qoq|quarter[- ]o(?:n|ver)[- ]quarter|sequential\w*)\b|环比", re.I)
_HAN_GREW = re.compile("同比|环比|增长率|增速|增幅|增长|变动")
QUARTER_MONTHS, YEAR_MONTHS = 3, 12


def asked_metrics(question: str) -> list[str]:
    """The kinds of figures that a question names, the longest names first; of two names one within
    the other only the longer counts."""
    text = normal(question)
    said = set(words_of(text))
    grew = bool(_GREW.search(text) or _HAN_GREW.search(text))
    if grew:
        said |= {"growth"}
    ending = QUARTER if _ON_QUARTER.search(text) else YEAR
    found: dict[str, frozenset[str]] = {}
    for name, keys in _names().items():
        if name.endswith((QUARTER, YEAR)) and not (grew and name.endswith(ending)):
            continue
        said_keys = [key for key in keys if _is_said(key, said, text)]
        if said_keys:
            found[name] = frozenset().union(*said_keys)
    return [
        name
        for name, key in sorted(found.items(), key=lambda item: -len(item[1]))
        if not any(_is_within(key, other) for other in found.values())
    ]


def _is_within(key: frozenset[str], other: frozenset[str]) -> bool:
    """The words of one name among those of another; 毛利 in 毛利率."""
    return key < other or (
        key != other
        and all(any(word in longer for longer in other) for word in key)
        and not any(word.isascii() for word in key)
    )


def _is_said(key: frozenset[str], said: set[str], text: str) -> bool:
    return all(word in said if word.isascii() else word in text for word in key)


@cache
def _names() -> Mapping[str, tuple[frozenset[str], ...]]:
    """Each kind of figure with the sets of words that name it; of Chinese names the name itself."""
    found = {}
    for name, metric in METRICS.items():
        en = re.sub(r" on the (?:year|quarter) before$", "", metric.en)
        zh = re.sub("(?:同比|环比)增长$", "", metric.zh)
        called = [en, *ALSO.get(name, "").split(";")]
        keys = [frozenset(words_of(one.strip())) - {"of", "the", "and", "to"} for one in called]
        keys = [key for key in keys if key and all(word.isascii() for word in key)]
        han = [one.strip() for one in (zh, *called) if not one.strip().isascii()]
        found[name] = (*keys, *(frozenset([normal(one)]) for one in han))
    return found


class Figures:
    """The figures of a ledger, asked by name, company and period."""

    def __init__(self, figures: Sequence[Figure]):
        self._figures = list(figures)
        self.by_id = {figure.id: figure for figure in self._figures}

    def ranked(
        self, question: str, scoped: Scoped, covers: Sequence[Cover], top: int
    ) -> list[Figure]:
        """Those that the question names, of its companies; of its periods where there are any of
        these, the latest first."""
        asked = asked_metrics(question)
        wanted = {
            company_key(cover.entity)
            for cover, factor in zip(covers, scoped.factors, strict=True)
            if factor
        }
        found = [
            (asked.index(name), one)
            for one in self._figures
            if company_key(one.entity) in wanted and (name := split(one.metric)[0]) in asked
        ]
        periods = {
            period_of(when, cover)
            for when in scoped.periods
            for cover in covers
            if company_key(cover.entity) in wanted
        } - {Period()}
        fitting = [pair for pair in found if any(_same(pair[1].period, own) for own in periods)]
        fitting = fitting or [
            pair for pair in found if pair[1].period.end in {own.end for own in periods}
        ]
        chosen = fitting or found
        quarter = bool(set(terms(question)) & set(terms("quarter quarterly")))
        chosen.sort(key=lambda pair: _months_apart(pair[1], quarter))
        chosen.sort(key=lambda pair: pair[1].period.end, reverse=True)
        chosen.sort(key=lambda pair: pair[0])
        return [one for _, one in chosen[:top]]


def _same(period: Period, asked: Period) -> bool:
    return period.end == asked.end and (not asked.start or period.start in ("", asked.start))


def _months_apart(figure: Figure, quarter: bool) -> int:
    wanted = QUARTER_MONTHS if quarter else YEAR_MONTHS
    return abs((months_of(figure.period) or wanted) - wanted)
