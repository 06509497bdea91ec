"""Shares of customers and suppliers that sentences state: "Customer A represented 22% of revenue".

Only sentences built in a few plain ways; what is over a threshold ("10% or more") or of receivables
is left. Customers that a sentence does not name are called as it calls them: "one customer".
"""

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from tenth.documents.model import Document
from tenth.reader.cover import currency_meant
from tenth.reader.customers_columns import ROLES, of_cover, top
from tenth.reader.customers_periods import periods_listed
from tenth.reader.figures import parse_figure
from tenth.reader.model import Cover, Fact, Period, Place, Said
from tenth.reader.passages import paragraphs_of, sentences_in
from tenth.reader.periods import parse_period
from tenth.reader.tables import fact_id

LONGEST = 900  # characters of a sentence: longer ones are lists that lost their marks


class Claim(msgspec.Struct, frozen=True):
    """One figure of one customer or supplier, as a sentence says it."""

    side: str  # "customers", "suppliers"
    name: str
    figure: str
    start: int  # of the figure, in its sentence
    period: str  # "" where the sentence names none


def facts_said(document: Document, cover: Cover, sha256: str, member: str) -> Iterator[Fact]:
    """The facts of a document's running text, each at its paragraph's place."""
    for paragraph in paragraphs_of(document):
        end = 0
        for sentence in sentences_in(paragraph.text):
            start = paragraph.text.find(sentence, end)
            end = start + len(sentence)
            if len(sentence) > LONGEST or not any(char.isdigit() for char in sentence):
                continue
            is_han = any("一" <= char <= "鿿" for char in sentence)
            for claim in claims_zh(sentence) if is_han else claims_en(sentence):
                where = Place(ref=f"{paragraph.place.locator}|{start + claim.start}")
                fact = _fact(claim, sentence, paragraph.place, cover)
                if fact is not None:
                    yield msgspec.structs.replace(
                        fact, id=fact_id(sha256, where), document=member, sha256=sha256
                    )


def _fact(claim: Claim, sentence: str, place: Place, cover: Cover) -> Fact | None:
    printed = parse_figure(claim.figure)
    if printed is None or printed.value is None or printed.bound:
        return None
    role = ROLES[claim.side]
    scale = 1 if printed.percent else printed.own_scale
    if not printed.percent and scale is None:
        scale = 1 if printed.value >= 10_000 and printed.currency else None
    if claim.period:
        period: Period = parse_period([claim.period], cover, False)
        said: tuple[Said, ...] = (Said("period", claim.period, place),)
    else:
        period, said = of_cover(cover)
    value: Decimal | None = printed.scaled(scale)
    known = value is not None and bool(period.end)
    metric = role.share if printed.percent else role.amount
    return Fact(
        "", cover.entity, f"{metric}[{claim.name}]", claim.name, period, value,
        "pure" if printed.percent else "currency",
        "" if printed.percent else currency_meant(printed.currency, cover), scale,
        "ok" if known else "unknown", "", "", place, claim.figure,
        (Said("label", claim.name, place), *said, Said("section", sentence, place)),
        claim.side,  # type: ignore[arg-type]
    )  # fmt: skip


# English

_PCT = r"\d{1,3}(?:\.\d+)? ?(?:%|percent\b)"
_MONEY = r"(?:US\$|HK\$|[$€£¥]) ?\d[\d,]*(?:\.\d+)? ?(?:thousand|million|billion)?"
_AND = r"(?:, and |, | and )"
_PCTS = rf"(?P<pcts>{_PCT}(?:{_AND}(?:approximately |about )?{_PCT})*)"
_VERB = (
    r"(?:is estimated to (?:have )?|each |individually |together |collectively |in aggregate )*"
    r"(?:represent(?:ed|s)?|account(?:ed|s)? for|comprise[ds]?|contribut(?:ed|es)|"
    r"constitut(?:ed|es)|generated|made up|were|was)"
    r"(?: (?:approximately|about|an aggregate of|a total of|a combined|for))*"
)
_OF_REVENUE = (
    r"of (?:our |the Company['’]s |its |the )?"
    r"(?:total |consolidated |net |annual |gross |worldwide )*(?:revenues?|sales)"
    r"(?! (?:growth|from|outside|of|in (?!(?:the )?(?:fiscal|each|both|first|second|third|fourth|20))))"
)
_OF_PURCHASES = (
    r"of (?:our |the Company['’]s |its |the )?(?:total |net |annual |raw material |inventory |"
    r"material )*(?:purchases|procurement|cost of (?:sales|revenues?|goods sold))"
)
_SUBJECT = r"(?P<who>[^,;%$]{2,100}?)"
_CLAUSE = re.compile(
    rf"(?:^|, |; |\band |\bthat |\()(?:(?:our |the )?(?:net )?(?:sales|revenues?|purchases) "
    rf"(?:to|from) )?{_SUBJECT}(?:, or (?P<called>[^,]{{2,40}}),)?"
    rf"(?:, (?:which|who) [^,;%]{{3,120}},)? {_VERB} "
    rf"(?:(?P<money>{_MONEY}),? or )?(?:approximately |about )?{_PCTS},? (?P<of>{_OF_REVENUE}|"
    rf"{_OF_PURCHASES})",
    re.I,
)
_OPENING = re.compile(r"^(?:(?:I|i)n|(?:F|f)or|(?:D|d)uring)\s+(?P<period>[^%;]{4,120}?), ")
_WORTH = re.compile(
    r"(?:represent|account|compris|contribut|constitut|generated|made up|w(?:as|ere) )[^%]*?"
    r"\d ?(?:%|percent)[^%]*(?:%[^%]*)?\b(?:revenues?|sales|purchases|procurement|cost of)\b",
    re.I,
)
_NEGATIVE = re.compile(r"\b(no|none|not|nor|neither|without)\b", re.I)
_THRESHOLD = re.compile(r"\b(or more|or greater|more than|greater than|at least|in excess of|"
                        r"exceed\w*|over|less than|up to|below|under)\b", re.I)  # fmt: skip
_KNOWN_ROLE = re.compile(
    r"\b(customers?|clients?|distributors?|resellers?|retailers?|partners?|OEMs?|CSP|"
    r"cloud service provider|suppliers?|vendors?|manufacturers?)\b",
    re.I,
)
_PLACES = re.compile(
    r"\b(countr|region|outside|inside|united states|china|europe|asia|international|domestic|"
    r"segments?|products?|services?(?! provider)|channel|russia|foreign|export|licens\w+|"
    r"subscriptions?|expenses?|costs?|revenues?)\b|^(which|it|they|that|this|these|those|we|he)\b",
    re.I,
)
_NUMBERS = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_COUNTED = re.compile(
    r"(?:our )?(?P<n>one|two|three|four|five|a)\b(?! (?:second|third|fourth)).*"
    r"\b(?P<role>customers?|distributors?|suppliers?|vendors?|clients?|resellers?)$",
    re.I,
)
_GROUP = re.compile(
    r"(?:our |the )?(?:top (?P<top>\w+)|(?P<largest>\w+) largest)\b.*"
    r"\b(customers|distributors|suppliers|vendors)$",
    re.I,
)
_PROPER = re.compile(r"(?:[A-Z][\w.&'’-]*|of|and|&|the|de)(?: (?:[A-Z][\w.&'’-]*|of|&|the|de))*")
_LEAD = re.compile(
    r"^(?:(?:for example|and|or|while|whereas),? |(?:our |the )?(?:net )?"
    r"(?:sales|revenues?|purchases) (?:to|from) |our (?!top|\w+ largest|largest))+",
    re.I,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def claims_en(sentence: str) -> Iterator[Claim]:
    """What an English sentence says of customers' or suppliers' shares."""
    if not _WORTH.search(sentence):
        return
    opening = _OPENING.match(sentence)
    at = opening.end() if opening else 0
    clauses = list(_CLAUSE.finditer(sentence[at:]))
    ends = [*(clause.start() for clause in clauses[1:]), len(sentence) - at]
    for found, end in zip(clauses, ends, strict=False):
        tail = sentence[at + found.end() : at + end]
        who = " ".join(found["who"].split())
        if _NEGATIVE.search(who) or _THRESHOLD.search(found[0]):
            continue
        side = "suppliers" if re.fullmatch(_OF_PURCHASES, found["of"], re.I) else "customers"
        listed = periods_listed(tail) or (periods_listed(opening["period"]) if opening else [])
        names = _names(found["called"] or who, side)
        figures = [
            (m[0], at + found.start("pcts") + m.start()) for m in re.finditer(_PCT, found["pcts"])
        ]
        yield from _paired(side, names, figures, listed, bool(re.search(r"\d", tail)))
        if found["money"] and len(names) == 1 and len(listed) <= 1:
            start = at + found.start("money")
            yield Claim(side, names[0], found["money"].strip(), start, (listed or [""])[0])


def _paired(
    side: str, names: list[str], figures: list[tuple[str, int]], listed: list[str], digits: bool
) -> Iterator[Claim]:
    """Which figure is whose and of when: one customer over some periods, or some customers in one.
    Where numbers do not match, nothing is said."""
    if not names or (digits and not listed):
        return  # a period that is not understood
    periods = listed or [""]
    if len(names) == 1 and len(figures) == len(periods):
        for (figure, start), period in zip(figures, periods, strict=True):
            yield Claim(side, names[0], figure, start, period)
    elif len(names) == len(figures) and len(periods) == 1:
        for (figure, start), name in zip(figures, names, strict=True):
            yield Claim(side, name, figure, start, periods[0])


def _names(who: str, side: str) -> list[str]:
    """The customers that a subject names, or what it calls the one that it does not; none where
    it is not a customer, or not clear."""
    who = _LEAD.sub("", who)
    if group := _GROUP.fullmatch(who):
        count = group["top"] or group["largest"]
        return [name] if (name := top(count)) else []
    if counted := _COUNTED.fullmatch(who):
        number = _NUMBERS[counted["n"].lower()]
        role = counted["role"].removesuffix("s")
        if number == 1:
            who = re.sub(r"^(our|a) ", "", who, flags=re.I)
            return [who[0].lower() + who[1:]]
        return [f"{word} {role}" for word in _ORDINALS[:number]]
    parts = [part.strip() for part in re.split(r", and | and |, ", who)]
    named = [_KNOWN_ROLE.search(part) or _PROPER.fullmatch(part) for part in parts]
    if not all(named) or any(_PLACES.search(part) for part in parts):
        return []
    if any(len(part) > 60 for part in parts):
        return []
    plural = any(re.search(r"\b(customers|suppliers|vendors|distributors)\b", p) for p in parts)
    return (
        [] if plural else [re.sub(r"^(?:a|an) (?=[a-z])", "", part, flags=re.I) for part in parts]
    )


# Chinese

_AMOUNT_ZH = r"(?:人民币)?\d[\d,]*(?:\.\d+)?\s*(?:万|亿|百万|千)?元"
_PCT_ZH = r"\d{1,3}(?:\.\d+)?\s*[%％]"
_NAME_ZH = (
    r"(?:前(?P<top>[二三四五十2-9]|10|二十)[名大位]?|(?P<name>第[一二三四五][名大]?|"
    r"[^，。；、,\s]{2,24}?))"
)
_ZH = re.compile(
    rf"(?:对|向|其中[,，]?)?{_NAME_ZH}(?P<role>客户|供应商)?[A-Z甲乙丙丁一二三四五]?(?:的)?(?:合计|总)?"
    r"(?P<what>销售金?额|销售收入|营业收入|采购金?额|采购)(?:合计|总计|总额|金额|约)*(?:为|是|达)?\s*"
    rf"(?P<amount>{_AMOUNT_ZH})?\s*[,，]?\s*占(?:公司|本公司|发行人)?(?:当期|本期|同期|全年)?(?:年度)?"
    r"(?:销售|采购|营业|主营业务)(?:总额|收入|成本|金额)(?:总额)?(?:的)?(?:比例|比重)?(?:约)?(?:为|的|达)?\s*"
    rf"(?P<pct>{_PCT_ZH})"
)
_LABEL_ZH = re.compile(r"(?:第[一二三四五][名大])?(?:客户|供应商)(?:[A-Z甲乙丙丁一二三四五])?")
_DATE_ZH = re.compile(
    r"(?:19|20)\d\d\s*年(?:度|半年度|上半年|前三季度|第[一二三四]季度|1[-—~至]\d月)?"
)
_RELATED = re.compile(r"关联方?")


def claims_zh(sentence: str) -> Iterator[Claim]:
    """What a Chinese sentence says of customers' or suppliers' shares."""
    for found in _ZH.finditer(sentence):
        if _RELATED.search(found[0]):
            continue
        side = "suppliers" if "采购" in found["what"] else "customers"
        name = _name_zh(found)
        dates = _DATE_ZH.findall(sentence[: found.start("what")])
        if not name or len(set(_DATE_ZH.findall(sentence))) > 1:
            continue  # of several years: which figure is of which is not for guessing
        period = dates[-1] if dates else ""
        if found["amount"]:
            yield Claim(side, name, found["amount"], found.start("amount"), period)
        yield Claim(side, name, found["pct"], found.start("pct"), period)


def _name_zh(found: re.Match[str]) -> str:
    if found["top"]:
        return top(found["top"]) if found["role"] else ""
    text = found[0][: found.start("what") - found.start()]
    text = re.sub(r"^(?:对|向|其中[,，]?)|(?:的|合计|总)+$", "", text)
    if _LABEL_ZH.fullmatch(text) or re.fullmatch(r".{2,20}(公司|集团|银行|厂|局|中心)", text):
        return text
    return ""
