"""Tables that are no statement: revenue by segment, product, region; customers; suppliers."""

import re
from collections.abc import Sequence

from tenth.reader.labels import plain
from tenth.reader.model import StatementKind

_PART = (
    r"(reportable |operating |business |geographic |major |significant |similar )*"
    r"(segments?|products?|categor|geograph|countr|regions?|markets?|services?|brands?|channels?|"
    r"platforms?|types?|sources?|lines? of business|groups? of|specialized|end markets?|"
    r"customer (type|location)|business)"
)
BY_PART = re.compile(
    r"(?<!unearned )(?<!deferred )(?<!cost of )"
    r"\b(revenues?|net sales|sales|operating (income|profit))\b"
    rf".{{0,60}}\b(by|disaggregat\w+|classified|based on)\b.{{0,30}}?\b{_PART}|"
    r"\b(segments?|geographic) (revenues?|net sales|sales|operating (income|profit)|results|"
    r"information|data)\b|"
    r"\binformation (by|on|about) (reportable |operating |geographic )*segments?|"
    r"(主营业务|营业收入|收入|分部).{0,12}(分行业|分产品|分地区|分部|构成|按)|^分(行业|产品|地区|部)"
)
_PLACES = re.compile(r"geograph|\bcountr|\bregions?\b|\bsegments?\b|地区|分部")
_SEGMENT_ROWS = re.compile(
    r"(total )?(operating |reportable )?segments? (net )?(revenues?|sales).*"
)
_MEASURES = re.compile(
    r"(total )?(?P<what>(net )?(sales|revenues?)|operating (income|profit|loss)|营业收入|分部利润)"
)
_QUARTERS = re.compile(r"\b(first|second|q[1-4]|quarters?)\b|季度")
_PER_SHARE = re.compile(r"\bper (\w+ )?share\b|每股")
_COMPANIES = re.compile(r"\b(parent|guarantors?|subsidiar\w+|issuer)\b")
_OTHERS_WITH = re.compile(  # customers of whom nobody is listed
    r"contracts? with customers|customers?[ -](relationships?|deposits?|contracts?|lists?|advances|"
    r"incentives?|programs?|funds?|financing|receivables?|accounts?|technology|related|type)|"
    r"(advances?|due|deposits|receivables?|payables?) (from|to) (customers?|suppliers?|vendors?)|"
    r"from (external )?customers|customers? were located|vendor non ?trade|"
    r"客户(贷款|存款|资金|保证金)"
)
_ORDER = r"(?:[a-z]|[ivx]{1,4}|\d{1,2}|one|two|three|four|five)"
_MANY = (
    r"\b(top|largest|major|significant|principal|key|individual|concentrat\w*|main|single|five|ten)"
    r"\b"
)
_AFTER = r"\b(over|exceed\w*|account\w*|represent\w*|compris\w*|with|that|concentrat\w*)\b"
_MEASURED = re.compile(
    r"%|percent|占|比例|\bshare of|revenue|sales|purchases|procurement|采购|销售|金额|收入"
)


def _listing(who: str, han: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What a title, a header and a label say where customers, or suppliers, are listed."""
    title = re.compile(
        rf"{_MANY}.{{0,40}}\b{who}\b|\b{who}\b.{{0,20}}({_AFTER}|10 ?%)|"
        rf"10 ?%.{{0,60}}\b{who}\b|^(note \d+\s*[,.]? )?{who}$|"
        rf"前.{{0,2}}[名大].{{0,2}}{han}|(主要|重大|前.){han}|^{han}$"
    )
    header = re.compile(rf"(name of )?(the )?{who}( names?)?|{han}(名称|单位)?.{{0,4}}")
    label = re.compile(
        rf"{who} (no )?{_ORDER}|{han}[a-z0-9一二三四五甲乙丙丁]|第[一二三四五][名大]{han}?"
    )
    return title, header, label


_LISTINGS: tuple[tuple[StatementKind, tuple[re.Pattern[str], ...]], ...] = (
    ("suppliers", _listing(r"(?:suppliers?|vendors?)", "供应商")),
    ("customers", _listing(r"(?:customers?|clients?|distributors?)", "客户")),
)


def kind_by_subject(text: str, header: Sequence[str], labels: Sequence[str]) -> StatementKind:
    """The kind of a table that is no statement, by its title in its plain form, its header and the
    labels of its rows; "other" where it is neither by parts nor of customers or suppliers."""
    first = " ".join(plain(one) for one in header)
    names = [plain(one) for one in labels]
    if _is_by_part(text, first, names):
        return "segments"
    if not _MEASURED.search(_OTHERS_WITH.sub("", f"{text} {first}")):
        return "other"
    for kind, (title, heading, label) in _LISTINGS:
        said = title.search(_OTHERS_WITH.sub("", text))
        said = said or any(heading.fullmatch(plain(one)) for one in header)
        if said or any(label.fullmatch(name) for name in names):
            return kind
    return "other"


def _is_by_part(text: str, first: str, names: Sequence[str]) -> bool:
    """Whether a table gives revenue or income by segment, product or region: its title or header
    says so, or it repeats such rows once for each."""
    if (BY_PART.search(text) or BY_PART.search(first)) and "reconcil" not in text:
        return True
    if any(_SEGMENT_ROWS.fullmatch(name) for name in names):
        return True
    measures = [match for name in names if (match := _MEASURES.fullmatch(name))]
    if _QUARTERS.search(first) or any(_PER_SHARE.search(name) for name in names):
        return False  # the same rows for each year's quarters
    repeated = len(measures) > len({match[0] for match in measures})
    if _PLACES.search(f"{text} {' '.join(names)}") or _MEASURES.match(text):
        repeated = len(measures) > len({match["what"] for match in measures})  # and their total
    said = not text or _PLACES.search(f"{text} {' '.join(names)}") or _MEASURES.match(text)
    return bool(repeated and said and not _COMPANIES.search(first))
