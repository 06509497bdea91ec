"""Which sentences of a report are quoted: verbatim ones that carry its figures and their causes."""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from tenth.documents.model import Document
from tenth.reader.model import Fact, Figure, Period, Place, Report
from tenth.reader.summary.choose import NOTABLE, flows_of, mixes_of
from tenth.reader.summary.company import Company, is_growth, is_known
from tenth.reader.summary.sections import Sentence, sentences_of

MOST, MOST_OF_A_METRIC = 8, 2
FIGURE, CAUSE, METRIC, DISCUSSED = 3, 2, 1, 1  # points; a sentence needs
NEEDED = 4
SAYS = {  # how metrics are called in sentences, besides their label in the statements
    "Revenues": ("revenue", "revenues", "net sales", "total net sales", "营业收入", "营收",
                 "总收入"),
    "GrossProfit": ("gross profit", "gross margin", "毛利", "毛利率"),
    "OperatingIncomeLoss": ("operating income", "operating loss", "operating profit", "营业利润"),
    "NetIncomeLoss": ("net income", "net loss", "net profit", "净利润"),
    "NetIncomeLossAttributableToParent": ("归属于上市公司股东的净利润", "归母净利润"),
    "CostOfRevenue": ("cost of revenue", "cost of sales", "营业成本"),
    "OperatingExpenses": ("operating expenses", "total operating expenses"),
    "ResearchAndDevelopmentExpense": ("research and development", "r&d", "研发费用", "研发投入"),
    "SellingGeneralAndAdministrativeExpense": ("selling, general and administrative", "sg&a",
                                              "mg&a", "marketing, general and administrative"),
    "NetCashProvidedByUsedInOperatingActivities": ("operating activities", "from operations",
                                                  "经营活动产生的现金流量净额", "经营现金流"),
    "InventoryNet": ("inventory", "inventories", "存货"),
    "IncomeTaxExpenseBenefit": ("income tax", "effective tax rate", "所得税"),
}  # fmt: skip
QUOTED = {"en": "Quoted sentence", "zh": "原文摘录"}
_CAUSE = re.compile(
    r"\b(due (primarily |mainly |largely |in part )?to|driven (primarily |mainly )?by|because of|"
    r"as a result of|resulting from|attributable to|reflect(s|ed|ing)|owing to|led by|"
    r"(partially |in part )?offset)\b|"
    r"主要系|主要由于|由于|得益于|主要是|原因是|主要原因|所致|影响|带动",
    re.I,
)
_AMOUNT = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)\s?(trillion|billion|crore|million|lakh|thousand|万亿|百万|千万|亿|万|千)?",
    re.I,
)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|％|percent\b)", re.I)
_SCALES = {"trillion": 12, "billion": 9, "crore": 7, "million": 6, "lakh": 5, "thousand": 3,
           "万亿": 12, "亿": 8, "千万": 7, "百万": 6, "万": 4, "千": 3}  # fmt: skip
_ALIKE = 0.6


class _Known(msgspec.Struct):
    """What a metric is called and what is known of it."""

    metric: str
    names: list[re.Pattern[str]]
    amounts: list[Decimal]
    rates: list[Decimal]


def quotes_of(company: Company, document: Document) -> list[Fact]:
    """The sentences to quote from the company's latest report, in the order of the document, each
    as a fact without a value: `verbatim` is the sentence, `place` its paragraph."""
    report = company.latest
    known = _known(company)
    texts = [f for f in report.facts if f.statement == "text" and is_known(f)]
    scored = []
    for position, sentence in enumerate(sentences_of(document)):
        score, rank, metric = _score(sentence, known, texts)
        if score >= NEEDED:
            scored.append((-score, rank, position, metric, sentence))
    scored.sort(key=lambda item: item[:3])
    chosen: list[tuple[int, str, Sentence]] = []
    for _, _, position, metric, sentence in scored:
        of_metric = sum(other == metric for _, other, _ in chosen)
        if of_metric < MOST_OF_A_METRIC and not _is_told(sentence, [s for *_, s in chosen]):
            chosen.append((position, metric, sentence))
        if len(chosen) == MOST:
            break
    return [
        _quoted(sentence, report, company.name)
        for _, _, sentence in sorted(chosen, key=lambda c: c[0])
    ]


def _score(sentence: Sentence, known: list[_Known], texts: list[Fact]) -> tuple[int, int, str]:
    """Its points, the rank of the metric that it is about (the first is the weightiest), and that
    metric; 0 where it names none."""
    text = sentence.text.lower()
    named = [
        (rank, item) for rank, item in enumerate(known) if any(n.search(text) for n in item.names)
    ]
    told = [f for f in texts if f.place.page == sentence.block.page and f.verbatim in sentence.text]
    if not named:
        return (FIGURE + DISCUSSED * sentence.discussed if told else 0), len(known), ""
    matching = [(rank, item) for rank, item in named if _holds(text, item)]
    rank, item = (matching or named)[0]
    main = any(i.metric in NOTABLE for _, i in named)
    score = FIGURE * bool(matching or told) + CAUSE * bool(_CAUSE.search(text))
    return score + METRIC * main + DISCUSSED * sentence.discussed, rank, item.metric


def _holds(text: str, known: _Known) -> bool:
    """Whether a figure of the metric, its change or its rate stands in the sentence."""
    for found in _PERCENT.finditer(text):
        value, step = _number(found[1])
        if any(abs(abs(rate) * 100 - value) <= step / 2 for rate in known.rates):
            return True
    for found in _AMOUNT.finditer(text):
        value, step = _number(found[1])
        scale = Decimal(10) ** _SCALES.get((found[2] or "").lower(), 0)
        if value and any(
            abs(abs(amount) - value * scale) <= step * scale / 2 for amount in known.amounts
        ):
            return True
    return False


def _number(text: str) -> tuple[Decimal, Decimal]:
    value = Decimal(text.replace(",", ""))
    exponent = value.as_tuple().exponent
    return value, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _known(company: Company) -> list[_Known]:
    """The metrics that a sentence may be about: those of the statements, then parts of revenue."""
    report = company.latest
    flows = flows_of(report)
    found: dict[str, _Known] = {}
    labels: dict[str, set[str]] = {}
    for fact in report.facts:
        if fact.metric in NOTABLE and fact.statement in ("income", "balance", "cash"):
            labels.setdefault(fact.metric, set()).add(fact.label)
    for metric in (*SAYS, *sorted(labels.keys() - SAYS.keys())):
        made = any(company.value([metric], period) for period, _ in flows)  # printed or derived
        if made or metric in labels:
            names = [*SAYS.get(metric, ()), *sorted(labels.get(metric, ()))]
            found[metric] = _Known(metric, [_named(name) for name in names], [], [])
    for rows in mixes_of(report):
        for fact, _ in rows:
            member = fact.metric.partition("[")[2].rstrip("]")
            if len(member) > 1 and member.lower() not in ("other", "total", "其他"):
                found.setdefault(fact.metric, _Known(fact.metric, [_named(member)], [], []))
    for item in found.values():
        _add_amounts(item, company, flows)
    _add_rates(found, company.figures, company.facts, {period for period, _ in flows})
    return list(found.values())


def _add_amounts(item: _Known, company: Company, flows: list[tuple[Period, Period | None]]) -> None:
    """Of each period, of the one before it, and what lies between them."""
    for now, before in flows:
        own = [company.value([item.metric], period) for period in (now, before) if period]
        values = [one.value for one in own if one is not None and one.value is not None]
        item.amounts += values
        if len(values) == 2:
            item.amounts.append(values[0] - values[1])


def _add_rates(
    found: Mapping[str, _Known],
    figures: list[Figure],
    facts: Mapping[str, Fact],
    periods: set[Period],
) -> None:
    for figure in figures:
        if figure.period in periods and figure.inputs and figure.unit == "pure":
            first = facts.get(figure.inputs[0].id)
            ours = is_growth(figure) or figure.metric.endswith("_margin")
            if ours and first is not None and first.metric in found:
                found[first.metric].rates.append(figure.value)


def _named(name: str) -> re.Pattern[str]:
    plain = re.escape(name.lower().strip(" :："))
    chinese = any("\u4e00" <= c <= "\u9fff" for c in name)
    return re.compile(plain if chinese else rf"(?<!\w){plain}(?!\w)")


def _is_told(sentence: Sentence, chosen: list[Sentence]) -> bool:
    """Whether one that says nearly the same is among them."""
    own = _words(sentence.text)
    return any(
        len(own & other) > _ALIKE * min(len(own), len(other))
        for other in (_words(one.text) for one in chosen)
    )


def _words(text: str) -> set[str]:
    if any("\u4e00" <= c <= "\u9fff" for c in text):
        return {text[i : i + 2] for i in range(len(text) - 1)}
    return set(re.findall(r"[\w$%.]+", text.lower()))


def _quoted(sentence: Sentence, report: Report, entity: str) -> Fact:
    block = sentence.block
    key = f"{report.sha256}:{block.page}:{block.box}:{sentence.text}"
    id_ = "q" + hashlib.sha256(key.encode()).hexdigest()[:15]
    return Fact(
        id_, entity, "", QUOTED[report.cover.language], Period(), None, "pure", "", None, "ok",
        report.document, report.sha256, Place(block.page, block.box), sentence.text,
        statement="text",
    )  # fmt: skip
