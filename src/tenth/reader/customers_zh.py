"""What a Chinese sentence says of customers' and suppliers' shares."""

import re
from collections.abc import Iterator

from tenth.reader.customers_columns import Claim, top

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
    text = re.sub(r"^(?:.*[对向]|其中[,，]?)|(?:的|合计|总)+$", "", text)
    if _LABEL_ZH.fullmatch(text) or re.fullmatch(r".{2,20}(公司|集团|银行|厂|局|中心)", text):
        return text
    return ""
