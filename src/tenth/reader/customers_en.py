"""What an English sentence says of customers' and suppliers' shares."""

import re
from collections.abc import Iterator

from tenth.reader.customers_columns import Claim, top
from tenth.reader.customers_periods import periods_listed

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
    r"(?! (?:growth|from|outside|of|"
    r"in (?!(?:the )?(?:fiscal|each|both|first|second|third|fourth|20))))"
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
_OPENING = re.compile(r"(?:in|for|during|as|with)\b", re.I)
_SOLD = re.compile(r"(?:and )?(?:our |the )?(?:net )?(?:sales|purchases) (?:to|from)\b", re.I)
_WORTH = re.compile(
    r"(?:represent|account|compris|contribut|constitut|generated|made up|w(?:as|ere) )[^%]{0,90}?"
    r"\d ?(?:%|percent).{0,120}?\b(?:revenues?|sales|purchases|procurement|cost of)\b",
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
    r"\b(countr|region|outside|inside|united states|u\.?s\.?$|china|europe|asia|"
    r"americas?|emea|apac|"
    r"japan|germany|france|korea|taiwan|hong kong|singapore|india|canada|mexico|brazil|africa|"
    r"united kingdom|middle east|australia|ireland|israel|netherlands|italy|spain|switzerland|"
    r"international|domestic|"
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
    clauses = list(_CLAUSE.finditer(sentence))
    ends = [*(clause.start() for clause in clauses[1:]), len(sentence)]
    before = sentence[: clauses[0].start()] if clauses else ""
    opening = before if _OPENING.match(before) else ""
    for found, end in zip(clauses, ends, strict=False):
        tail = sentence[found.end() : end]
        who = " ".join(found["who"].split())
        if _NEGATIVE.search(who) or _THRESHOLD.search(found[0]):
            continue
        side = "suppliers" if re.fullmatch(_OF_PURCHASES, found["of"], re.I) else "customers"
        listed = periods_listed(tail) or periods_listed(opening)
        sold = bool(_KNOWN_ROLE.search(sentence) or _SOLD.match(found[0].lstrip(", ")))
        names = _names(found["called"] or who, sold)
        figures = [
            (m[0], found.start("pcts") + m.start()) for m in re.finditer(_PCT, found["pcts"])
        ]
        yield from _paired(side, names, figures, listed, bool(re.search(r"\d", tail)))
        if found["money"] and len(names) == 1 and len(listed) <= 1:
            start = found.start("money")
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


def _names(who: str, sold: bool) -> list[str]:
    """The customers that a subject names, or what it calls the one that it does not; none where
    it is not a customer, or not clear. `sold`: the sentence says that it is one."""
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
    named = [_KNOWN_ROLE.search(part) or (sold and _PROPER.fullmatch(part)) for part in parts]
    if not all(named) or any(_PLACES.search(part) for part in parts):
        return []
    if any(len(part) > 60 for part in parts):
        return []
    plural = any(re.search(r"\b(customers|suppliers|vendors|distributors)\b", p) for p in parts)
    return (
        [] if plural else [re.sub(r"^(?:a|an) (?=[a-z])", "", part, flags=re.I) for part in parts]
    )
