"""Metrics of a part of a company: "Americas" under "Net sales", "Net sales" under "Americas"."""

import re
from collections.abc import Sequence

from tenth.reader.labels import forms, plain, shown
from tenth.reader.vocabulary import of_statement

NO_MEMBER = re.compile(
    r"\b(costs?|expenses?|income|loss(es)?|profit|margin|tax(es)?|depreciation|amortization|"
    r"interest|gains?|research|administrative|selling|marketing|impairments?|restructuring|total|"
    r"percentage|change|earnings|provision)\b|[利税费]|合计|总计|成本|小计"
)
_NOBODY = re.compile(
    r"(months|years?|weeks|quarters?) ended|reconcil|\btotal\b|consolidated|percent|change|"
    r"^(operating |reportable )?segments?$|^in (millions|thousands)|intersegment|eliminat|"
    r"as follows|following|合计|小计|抵销|分部$|^(按|分)|构成|情况"
)
_LONGEST = 80  # of a member's name; what is longer is a sentence
_LEAD = re.compile(
    r"^(the )?(following |below )?tables? (below )?(shows?|presents?|summariz\w+|sets? forth|"
    r"provides?|disaggregates?) (information (pertaining|relating) to )?(a summary of |our |the "
    r"companys )*|^(operating |reportable )?segments? |^our |^total "
)
_BY = re.compile(
    r",?\s*\b(by|disaggregat\w+|classified|attribut\w+|from external)\b.*$|"
    r"(构成|整体情况|情况|分(行业|产品|地区|部|渠道)).*$"
)
_HOUSE = re.compile(r"^.*(公司|年度报告|情况)(?=.)")  # "某某公司 营业收入构成"
_TOTAL = re.compile(r"(total|合计|小计|总计|consolidated)")
_WHOLE = re.compile(r"^(consolidated|total|合计|group$)")
_DATED = re.compile(r"(months|years?|weeks|quarters?) ended|年度|季度")
_HOW = re.compile(r"^[分按].{1,8}$|^by \w+")  # 分产品: how it is parted, not a part
_OF_SEGMENTS = re.compile(r"segment|分部")


def name_part(label: str, section: Sequence[str]) -> str:
    """The metric of a row in a table by segment, product or region: the member is the label or a
    heading (a column's, where the parts stand side by side). Bare only where the row says that it
    is the company's total; "" where that is not clear."""
    vocabulary = of_statement("segments")
    own = vocabulary.named(forms(label), [])
    titles = [plain(heading) for heading in section]
    at = next((i for i in range(len(titles) - 1, -1, -1) if _subject(titles[i])), -1)
    if own and (at < 0 or _subject(titles[at]) == own):
        if at >= 0 and _TOTAL.match(plain(label)) and not _OF_SEGMENTS.search(plain(label)):
            return own  # "Total net sales" ends "Net sales:", whatever stands between
        return _own(own, label, section[at + 1 :])
    if own or at < 0:
        return own and ""
    return _member(_subject(titles[at]), label, section[at + 1 :])


def is_subject(title: str) -> bool:
    """Whether a table's title says what its figures are, such as "Net sales by region": then it is
    the outermost heading of the rows for `name_part`."""
    return bool(_subject(plain(title)))


def _own(name: str, label: str, section: Sequence[str]) -> str:
    """A row that names its metric: of the member above it, else of all."""
    members = [shown(heading) for heading in section if _is_member(plain(heading))]
    if members:
        return f"{name}[{' / '.join(members)}]"
    text = plain(label)
    if _OF_SEGMENTS.search(text):
        return ""  # before what is between segments, or without what is in none
    above = [plain(heading) for heading in section]
    undated = [heading for heading in above if not _DATED.search(heading)]
    if undated and all(_WHOLE.search(heading) for heading in undated):
        return name
    total = bool(_TOTAL.match(text)) or text.endswith("合计")
    return name if total and undated == above else ""  # in a dated part only its column says


def _member(name: str, label: str, above: Sequence[str]) -> str:
    """A row that names a member, or the total of those above it, under a heading of a metric."""
    text = plain(label)
    above = [heading for heading in above if not _HOW.search(plain(heading))]
    path = [shown(heading) for heading in above if _is_member(plain(heading))]
    if len(path) < len(above) and any(not _WHOLE.search(plain(one)) for one in above):
        return ""
    if not text or _TOTAL.match(text):
        if path:
            return f"{name}[{' / '.join(path)}]"
        return name if _TOTAL.fullmatch(text) else ""
    return f"{name}[{' / '.join([*path, shown(label)])}]" if _is_member(text) else ""


def _is_member(text: str) -> bool:
    if not text or len(text) > _LONGEST:
        return False
    return not (_NOBODY.search(text) or NO_MEMBER.search(text) or _subject(text))


def _subject(text: str) -> str:
    """The metric a heading is about: "Net sales by category", "Operating segment revenue"."""
    labels = of_statement("segments").labels
    before = ""
    while text != before:
        if text in labels:
            return labels[text]
        before, text = text, _LEAD.sub("", text).strip()
    text = _HOUSE.sub("", _BY.sub("", text)).strip()
    words = text.split()
    if len(words) > 1 and len(set(words)) == 1:
        text = words[0]  # a heading that stands twice, over the table and before it
    return labels.get(text, "")
