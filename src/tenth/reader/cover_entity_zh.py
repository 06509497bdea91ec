"""Whose a Chinese document is: the name on its cover, or the one beside the code of its shares."""

import re
from collections.abc import Collection, Sequence

from tenth.reader.passages import Passage

_HAN_SPACE = re.compile(r"(?<=[\u3400-\u9fff（）()]) +(?=[\u3400-\u9fff（）()])")
_HAN_LABEL = re.compile(
    r"(?:公司(?:的)?(?:法定)?(?:中文)?名称|发行人(?:名称)?|企业名称|编制单位)\s*[:：]?\s*"
    r"(?P<name>[\u3400-\u9fffA-Za-z·（）()]{2,40}?公司)"
)
_HAN_NAME = re.compile(
    r"^(?P<name>[\u3400-\u9fffA-Za-z·（）()]{2,40}?公司)"
    r"\s*(?:[(（](?:股票|证券|公司)代码\s*[:：]?\s*\d+[)）])?"
    r"\s*(?:(?:19|20)\d\d.*报告.*|(?:年度|半年度|季度).*报告.*|(?:19|20)\d\d ?年.*)?$"
)
_HAN_BANK = re.compile(
    r"审计|会计师|证券有限|证券股份|律师|评估|事务所|交易所|代码|评级|股价|目标价|收盘|指数"
)
_CODE = r"\d{5,6}(?:[.．](?:SH|SZ|SS|BJ|HK))?(?:\s*(?:CH|HK))?"
_SHORT = r"(?:\*?ST)?[\u3400-\u9fffA-Z·]{2,10}(?:-[SUWHA]{1,2})?"  # a name as exchanges print it
_HAN_CODE = re.compile(rf"(?P<name>{_SHORT})\s*[(（]\s*{_CODE}\s*[)）]")
_ONLY_CODE = re.compile(rf"^(?P<name>{_SHORT})\s*[(（]?\s*{_CODE}\s*[)）]?$")
_STOCK_CODE = re.compile(r"(?<![\d.])\d{5,6}[.．](?:SH|SZ|SS|BJ|HK)\b")
_BEFORE_NAME = re.compile(
    rf"(?P<code>{_STOCK_CODE.pattern})\s*(?=\S{{0,4}}[\u3400-\u9fff]{{2}})(?P<name>{_SHORT})(?=\*|\s|$)"
)
_SPACED = re.compile(
    r"(?<![\u3400-\u9fff])(?:[\u3400-\u9fff] ){2,}[\u3400-\u9fff](?![\u3400-\u9fff])"
)


def han_entity(lines: Sequence[Passage], form: str) -> tuple[str, Passage | None]:
    """The entity as printed and where; "" where none is named, or several might be meant."""
    apart = [Passage(one.strip(), line.place) for line in lines for one in line.text.split("\n")]
    if form == "research report":
        return _beside_code([Passage(_closed(line.text), line.place) for line in apart])
    closed = [Passage(_HAN_SPACE.sub("", line.text), line.place) for line in apart]
    for pattern in (_HAN_NAME, _HAN_LABEL, _HAN_CODE):
        names: dict[str, Passage] = {}
        for line in closed:
            found = pattern.match(line.text) if pattern is _HAN_NAME else pattern.search(line.text)
            if found and not _HAN_BANK.search(found["name"]):
                names.setdefault(found["name"], Passage(found["name"], line.place))
        first = next(iter(names.values()), None)
        if first is not None and (len(names) == 1 or pattern is not _HAN_CODE):
            return first.text, first
    return "", None


def _closed(text: str) -> str:
    """ "贵 州 茅 台" as one word; words with a space between them are left two."""
    return _SPACED.sub(lambda found: found.group().replace(" ", ""), text)


def _beside_code(lines: Sequence[Passage]) -> tuple[str, Passage | None]:
    """The company that a broker writes about: named with its code on a line of its own, or alone
    on the first pages; else the one beside the first page's only code, in a table of its peers."""
    first = [line for line in lines if line.place.page <= 1]
    codes = {code for line in first for code in _STOCK_CODE.findall(line.text)}
    for found in (
        _named(first, _ONLY_CODE),
        _named(lines, _HAN_CODE),
        _named(lines, _BEFORE_NAME, codes) if len(codes) == 1 else {},
    ):
        if len(found) == 1:
            return next(iter(found.items()))
    return "", None


def _named(
    lines: Sequence[Passage], pattern: re.Pattern[str], codes: Collection[str] = ()
) -> dict[str, Passage]:
    names: dict[str, Passage] = {}
    for line in lines:
        for found in pattern.finditer(line.text):
            of_code = not codes or found["code"] in codes
            if of_code and not _HAN_BANK.search(found["name"]):
                names.setdefault(found["name"], Passage(found["name"], line.place))
    return names
