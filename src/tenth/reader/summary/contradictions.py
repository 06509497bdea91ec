"""contradictions.md: figures that cannot both be right, both with their page, by kind."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, get_args

from tenth.reader.checks import told_in
from tenth.reader.model import Conflict, Contradiction, Fact, Ledger
from tenth.reader.summary.names import Language, period_name, title, within
from tenth.reader.summary.notes import Link, PageLink, Parts, place_name
from tenth.reader.summary.write import template, tidy

ORDER: Sequence[Conflict] = ("real", "unit", "period", "scope", "restatement")
assert set(ORDER) == set(get_args(Conflict))
WORDS: dict[Language, dict[str, Any]] = {
    "en": {
        "conflicts": "Contradictions",
        "checked": "These checks were made on every document:",
        "none": "No contradictions were found.",
        "value": "value",
        "expected": "By the others it should be",
        "found": "it is",
        "unknown": "unknown",
        "checks": (
            "balance sheet: assets against liabilities and equity",
            "cash flow: its parts against the change in cash, its end against the balance sheet",
            "totals against the sum of their lines, shares against the whole",
            "quarters against the year to date",
            "growth rates as printed against the figures that they follow from",
            "the same figure wherever it is printed, within one report and across reports",
            "scales and units against the same figure elsewhere",
        ),
        "kinds": {
            "real": (
                "They cannot both be right",
                "Same company, metric, period and unit; different values.",
            ),
            "unit": (
                "Units or scales differ",
                "The digits agree and the scale or the unit does not.",
            ),
            "period": (
                "Periods differ",
                "The figures agree where one of the periods is read differently.",
            ),
            "scope": ("Scopes differ", "The figures do not count the same things."),
            "restatement": (
                "Restated",
                "A later report prints another figure for the same period.",
            ),
        },
    },
    "zh": {
        "conflicts": "矛盾",
        "checked": "对每份文件都做了以下检查：",
        "none": "没有发现矛盾。",
        "value": "数值",
        "expected": "由其他数字推算应为",
        "found": "实为",
        "unknown": "未知",
        "checks": (
            "资产负债表：资产与负债及权益之和",
            "现金流量表：各部分与现金净变动，期末现金与资产负债表",
            "合计数与各项之和，占比与总额",
            "各季度与年初至今累计数",
            "所列增长率与其依据的数字",
            "同一数字在表格与正文、同一报告与不同报告中的各处记载",
            "单位与量级，对照其他各处的同一数字",
        ),
        "kinds": {
            "real": ("两者不可能同时正确", "公司、项目、期间和单位都相同，数值不同。"),
            "unit": ("单位或量级不同", "数字一致，单位或量级不一致。"),
            "period": ("期间不同", "若其中一个期间另作理解，两者一致。"),
            "scope": ("口径不同", "两个数字的统计范围不同。"),
            "restatement": ("重述", "后一报告对同一期间给出了另一数字。"),
        },
    },
}


def contradictions_md(ledger: Ledger, page_link: PageLink, language: str = "auto") -> str:
    """Markdown of all contradictions; it says so when there are none, and what was checked.
    `language` is "en", "zh" or "auto", that of most reports."""
    told: Language = "zh" if language == "zh" else "en"
    if language == "auto" and ledger.reports:
        chinese = sum(report.cover.language == "zh" for report in ledger.reports)
        told = "zh" if 2 * chinese > len(ledger.reports) else "en"
    words, facts = WORDS[told], ledger.facts()
    kinds = []
    for kind in ORDER:
        own = sorted((c for c in ledger.contradictions if c.kind == kind), key=_order)
        if own:
            name, about = words["kinds"][kind]
            items = [_item(one, facts, page_link, told) for one in own]
            kinds.append({"title": name, "about": about, "conflicts": items})
    return tidy(template("contradictions.md.j2").render(words=words, kinds=kinds))


def _order(one: Contradiction) -> tuple:
    return one.entity, one.period, one.metric, one.check, one.id


def _item(
    one: Contradiction, facts: dict[str, Fact], page_link: PageLink, language: Language
) -> dict[str, Any]:
    own = [facts[id_] for id_ in one.facts if id_ in facts]
    label = own[0].label if own else ""
    what = ", ".join(filter(None, (one.entity, title(one.metric, language, label))))
    colon = "：" if language == "zh" else ": "
    sides = [_side(fact, page_link, language) for fact in own]
    printed = {fact.value for fact in own}
    if one.expected is not None and one.found is not None and one.expected not in printed:
        words = WORDS[language]
        comma = "，" if language == "zh" else ", "
        sides.append([f"{words['expected']} {_plain(one.expected)}{comma}{words['found']} "
                      f"{_plain(one.found)}"])  # fmt: skip
    return {
        "title": f"{what}{colon}{period_name(one.period, language)}",
        "note": told_in(one.note, language),
        "sides": sides,
    }


def _side(fact: Fact, page_link: PageLink, language: Language) -> Parts:
    words = WORDS[language]
    value = (
        words["unknown"] if fact.value is None else f"{_plain(fact.value)} {fact.currency}".strip()
    )
    place = place_name(fact.document, fact.place.page, fact.place.ref, language)
    what = f"{fact.label}, {within(fact.period, language)}; {words['value']} {value}"
    return [f"“{fact.verbatim}” ({what}), ", Link(place, page_link(fact))]


def _plain(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{whole if whole == value else value.normalize():,f}"
