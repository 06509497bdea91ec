"""Which metric a label means in its section and statement, its unit, how outputs call it."""

import re
from collections.abc import Sequence
from typing import Literal

from tenth.documents.currencies import PRINTED
from tenth.reader.labels import forms, plain, shown
from tenth.reader.model import StatementKind, Unit
from tenth.reader.segments import NO_MEMBER, name_part
from tenth.reader.vocabulary import Metric, Vocabulary, all_metrics, of_statement

__all__ = [
    "Metric", "all_metrics", "count_of", "counts_column", "heads_counts", "metric", "name_lines",
    "name_metric", "sections_of", "title_of", "unit_of",
]  # fmt: skip

Language = Literal["en", "zh"]
_PROFIT = re.compile(r"(?:operating profit|profit from operations|operating result)\b")
_INCOME = re.compile(r"(?:total )?operating income\b")
_ADJUSTED = re.compile(  # a measure of its own, where costs may exclude what is shown apart
    r"\b(?:income|loss|earnings|profit)\b.*\bexcluding\b(?!.*(?:non-?controlling|minorit))",
    re.IGNORECASE,
)


def name_metric(label: str, section: Sequence[str], kind: StatementKind) -> str:
    """The metric that a label means under its headings (outermost first) in a kind of statement,
    a member in brackets; "" where that is not clear.

    A heading holds until its total: what stands after "Total current assets" has to come without
    "Current assets". In running text ("text") a label means what all statements agree on."""
    if kind == "text":
        found = {name_metric(label, (), one) for one in ("income", "cash", "balance", "other")}
        return found.pop() if len(found := found - {""}) == 1 else ""
    if kind == "segments":
        return name_part(label, section)
    if _ADJUSTED.search(label):
        return ""
    vocabulary = of_statement(kind)
    headings = sections_of(section, kind)
    if _PERCENT_MARK.search(label):
        return vocabulary.named([f"{plain(label)} %"], headings)
    return vocabulary.named(forms(label), headings) or _member(label, headings, vocabulary)


def name_lines(lines: Sequence[tuple[str, Sequence[str]]], kind: StatementKind) -> list[str]:
    """The metrics of a statement's rows, each a label and its headings, in order. What a label
    alone leaves open, the rows around it settle: a total of operating expenses that begins with
    the cost of sales is of all costs and expenses; a total of stockholders' equity below the
    noncontrolling interests includes them."""
    names = [name_metric(label, section, kind) for label, section in lines]
    costs = any(
        name.partition("[")[0] == "CostOfRevenue"
        and {"operating", "costs"} & set(sections_of(section, kind)[:1])
        for name, (_, section) in zip(names, lines, strict=True)
    )
    profit = any(_PROFIT.match(plain(label)) for label, _ in lines)
    including = "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest"
    minority = False
    for i, name in enumerate(names):
        if kind == "income" and name == "OperatingExpenses" and costs:
            names[i] = "CostsAndExpenses"
        if profit and name == "OperatingIncomeLoss" and _INCOME.match(plain(lines[i][0])):
            names[i] = ""  # revenue and other income, above an operating profit
        if kind == "balance" and name == "StockholdersEquity" and minority:
            names[i] = including
        minority = minority or name == "MinorityInterest"
    return _cash_whole(names, [label for label, _ in lines])


def _cash_whole(names: list[str], labels: Sequence[str]) -> list[str]:
    """Where cash with the restricted is told, cash without it is a part of that."""
    held = [name.startswith(_CASH_HELD) and "increase" not in name.casefold() for name in names]
    restricted = ["restricted" in label.casefold() for label in labels]
    if not any(h and r for h, r in zip(held, restricted, strict=True)):
        return names
    own = [bool(re.search(r"\bcash\b", label, re.IGNORECASE)) for label in labels]
    return [
        "" if h and c and not r else name
        for name, h, r, c in zip(names, held, restricted, own, strict=True)
    ]


_CASH_HELD = "CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents"


def sections_of(section: Sequence[str], kind: StatementKind) -> list[str]:
    """The kinds of the headings above a row, innermost first: "current_assets", "eps", ..."""
    known = of_statement(kind).sections
    found = []
    for heading in reversed(section):
        text = plain(heading)
        for name, patterns in known:
            if any(pattern.search(text) for pattern in patterns):
                found.append(name)
                break
    return found


def _member(label: str, headings: list[str], vocabulary: Vocabulary) -> str:
    text = plain(label)
    for pattern, name in vocabulary.member_like:
        if match := pattern.fullmatch(text):
            return f"{name}[{match[1].capitalize()}]"
    member = shown(label)
    if not headings or headings[0] not in vocabulary.members or not member:
        return ""
    return "" if NO_MEMBER.search(text) else f"{vocabulary.members[headings[0]]}[{member}]"


def metric(name: str) -> Metric:
    """The entry of a metric or of its member. Raises ValueError where there is none."""
    found = all_metrics().get(name.partition("[")[0])
    if found is None:
        raise ValueError(f"the vocabulary has no metric {name!r}; metrics.toml lists them")
    return found


def title_of(name: str, language: Language = "en") -> str:
    """How outputs call a metric; a member after a colon; the name itself where it is unknown."""
    base, _, member = name.partition("[")
    found = all_metrics().get(base)
    if found is None:
        return name
    title = found.title_zh if language == "zh" else found.title_en
    if not member:
        return title
    return title + ("：" if language == "zh" else ": ") + member.removesuffix("]")


_SHARES = re.compile(
    r"\b(number|average|weighted) .*\bshares\b|\bnumber of (\w+ ){0,2}units (outstanding|issued)\b|"
    r"\bshares (outstanding|issued|authorized|used)\b|"
    r"\baverage (\w+ ){0,4}(stock|units|adss?|depositary (shares|receipts)) outstanding\b|"
    r"^(common |basic |diluted )?shares\b|股数|股本数|\(股\)|dilutive effect|"
    r"^anti ?dilutive (?!effect)|dilutive potential (common )?shares|effect of dilutive securities|"
    r"\bbeneficial(ly)? own(ed|ership)\b"
)
_NO_COUNT = re.compile(  # "Treasury stock, at cost; shares held: 925 million": what they cost
    r"\d par value\b|\bpar value(?: of)? \W?\.?\d|\bno par\b|\bat cost\b"
    r"|\b(?:authorized|issued|outstanding|held)\W{1,3}\d"
    r"|\d(?: (?:million|thousand|billion))?(?: (?:\w+ ){0,2})?shares\b"
    r"|^(?:common |basic |diluted )?shares\b(?! (?:outstanding|issued|authorized|used))"
)
_PART = re.compile(r"basic|diluted|(?:\w+ )?(?:from )?(?:continuing|discontinued) operations")
_USED_FOR = re.compile(  # "Net income used in computing earnings per share"
    r"\b(?:income|loss|profit|earnings|numerator)\b.*\b(?:used (?:in|for|to)|purposes? of|comput\w+"
    r"|calculat\w+)\b.*\bper (?:\w+ ){0,3}share\b"
)
_PER_SHARE = re.compile(r"\bper (\w+ ){0,3}share\d?\b|每股|\beps\b|元/股")
_RATED = (  # what has a rate, and is money
    r"(?:swaps?|caps?|collars?|locks?|contracts?|agreements?|derivatives?|hedg\w+|instruments?"
    r"|options?|forwards?|changes?|movements?|fluctuations?|notes?|debt|loans?|borrowings?"
    r"|securities|bonds?|mortgages?|deposits?|liabilit\w+|assets?)\b"
)
_PURE = re.compile(
    r"\bpercentage\b(?! rents?\b)|\bpercent\b|(?<![\d½¼¾])(?<!\d )%|"  # no "4.5% notes"
    rf"(?<!exchange )(?<!exchange-)\brate\b(?! (?:\w+ )?{_RATED})|"
    r"\bratio\b|\bas a % |占.*(比例|比重)|率$|率\(|倍数|"
    r"\((?:倍|x)\)|^p/?[eb]\b|市[盈净]率|^ev/ebitda|"
    r"\b(in|of) years\b|\(years\)|(?<!\d )\bdays\b|\blease term\b|员工|人数|headcount|"
    r"\bemployees\b(?=$| \()"
)
_RATE = re.compile(r"\brate\b")
_AMOUNT_PRINTED = re.compile(r"[(-]?\d{1,3}(?:,\d{3})+\)?|\(\d{3}\)")  # as no rate is
_PERCENT_MARK = re.compile(r"[(（]\s*[%％]\s*[)）]")
_AMOUNT = re.compile(  # "dividends declared ($0.13 per share)", "dividends, $0.13 per share"
    r"[(（][^()（）]*\d[^()（）]*[)）]|[$€£] ?\d[\d.,]* (?:per|a) (?:\w+ ){0,2}share\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(  # not "Treasury shares", which may be what they cost
    r"(?:number of )?shares?(?: of (?:\w+ )?(?:common )?stock)?(?: (?:issued|outstanding|held)"
    r"(?: and outstanding)?)?|number(?: of (?:\w+ ){1,2}shares)?|股数|股份数[量目]?"
)
_COMPUTING = re.compile(r"\b(average|number|weighted)\b.*\bshares\b.*\b(comput|calculat|determin)")
_COUNTS = {
    "EarningsPerShareBasic": "WeightedAverageNumberOfSharesOutstandingBasic",
    "EarningsPerShareDiluted": "WeightedAverageNumberOfDilutedSharesOutstanding",
    "EarningsPerShareBasicAndDiluted": "WeightedAverageNumberOfShareOutstandingBasicAndDiluted",
}
_CENTS = re.compile(r"(?<![\d,])\d{0,3}\.\d{2,4}\b|^\W*$")
_MONEY = re.compile(rf"{PRINTED}|元")


def unit_of(label: str, section: Sequence[str], kind: StatementKind, verbatim: str) -> Unit:
    """The unit of a figure by its own print, its metric, its label, then its headings."""
    if re.search(r"[%％]|\bbps\b|基点", verbatim):
        return "pure"
    name = name_metric(label, section, kind)
    if name in _COUNTS and counts_shares(section, verbatim):
        return "shares"
    if name and not (metric(name).unit == "currency" and _is_per_share(section, verbatim)):
        return metric(name).unit
    money = bool(_MONEY.search(verbatim))
    bare = _AMOUNT.sub(" ", label).strip() or label
    money = money or kind == "cash"  # shares that are bought, sold, withheld: what was paid
    for text in (forms(bare)[-1], *(plain(heading) for heading in reversed(section))):
        if kind == "balance" and _NO_COUNT.search(text):
            continue
        if unit := _told(text, money):
            if (
                unit == "pure"
                and _RATE.search(text)
                and _AMOUNT_PRINTED.fullmatch(verbatim.strip())
            ):
                return "currency"  # "Tax at the standard rate of 19%": (5,199)
            is_whole = unit == "currency/share" and _USED_FOR.search(text)
            return "currency" if is_whole and not _CENTS.search(verbatim) else unit
    if _PERCENT_MARK.search(label):  # plain() takes that off
        return "pure"
    return "currency"


def count_of(name: str) -> str:
    """The metric of the shares that an amount per share was made of; "" where there is none."""
    return _COUNTS.get(name, "")


def counts_column(header: Sequence[str]) -> bool:
    """Whether a column of a statement of equity counts shares: "Common Stock | Shares"."""
    return bool(header) and bool(_COUNTED.fullmatch(plain(header[-1])))


def heads_counts(heading: str) -> bool:
    """Whether a heading is one of counts of shares: "Weighted average shares outstanding:"."""
    return bool(_SHARES.search(plain(heading)))


def counts_shares(section: Sequence[str], verbatim: str) -> bool:
    """Whether a figure below "Weighted average shares used in computing:" is of shares although
    its own label is that of an amount per share: no money, and no cents."""
    told = bool(section) and bool(_COMPUTING.search(plain(section[-1])))
    return told and not _MONEY.search(verbatim) and not _CENTS.search(verbatim)


def _is_per_share(section: Sequence[str], verbatim: str) -> bool:
    """ "Income from continuing operations 0.53" below "Basic earnings per share:", or below
    "Basic" that stands below "Earnings per share"."""
    headings = [plain(heading) for heading in section]
    while len(headings) > 1 and _PART.fullmatch(headings[-1]):
        headings.pop()
    told = bool(headings) and bool(_PER_SHARE.search(headings[-1]))
    return told and bool(_CENTS.search(verbatim))


def _told(text: str, money: bool) -> Unit | None:
    if not money and _SHARES.search(text):
        return "shares"
    if _PER_SHARE.search(text):
        return "currency/share"
    if not money and _PURE.search(text):
        return "pure"
    return None
