"""Chinese sentences that say a figure plainly: "2023年公司实现营业收入12.3亿元"."""

import re
from collections.abc import Iterator

from tenth.reader.model import Cover

Found = tuple[str, str, str, int, bool]  # label, period, figure, where it begins, of the whole

_UNIT = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千)"
_MONEY = r"(?:元|人民币|美元|港元|港币|欧元|日元|英镑|新台币)"
_FIGURE = re.compile(
    r"(?P<figure>(?:人民币 ?)?[-－−]?\d[\d,，]*(?:\.\d+)? ?"
    rf"(?:{_UNIT} ?{_MONEY}|元/股|元每股|元(?![/／])|[%％]))"
)
_ASIDE = re.compile(r"[（(][^（）()]*(?:同比|环比|增长|下降|增加|减少)[^（）()]*[）)]")
_CLAUSE = re.compile(r"[，。；;：:！？、\n]|,(?!\d{3})")
_YEAR = r"20\d\d ?年"
_PERIOD = re.compile(
    rf"截至 ?{_YEAR} ?\d{{1,2}} ?月 ?\d{{1,2}} ?日止?(?:[三六九]个月|年度)?"
    rf"|{_YEAR} ?\d{{1,2}} ?月 ?\d{{1,2}} ?日"
    rf"|{_YEAR} ?\d{{1,2}} ?[-–—至到] ?\d{{1,2}} ?月(?:份)?"
    rf"|{_YEAR}?(?:前[一二三四]季度|第?[一二三四]季度|上半年|下半年|半年度?|H[12])"
    rf"|20\d\d ?Q[1-4]|{_YEAR}(?:全年|度)?|报告期末|报告期内|报告期|本期末|期末"
)
_VERB = r"(?:累计|共计|合计|合并|全年|共|总共|分别)*(?:实现|完成|取得|录得|达成|确认)?(?:了)?"
_WHO = r"(?:本公司|公司|本集团|集团|我们|母公司)?"
_IS = re.compile(r"(?:分别)?(?:为|达到?|是|共计|合计|总计|实现)?(?:人民币)?$")
_BEFORE = re.compile(rf"(?:其中|同时|此外|另外|整体|整体上|经审计)?[，]?{_WHO}(?:合并)?{_VERB}")
_INVERSE = re.compile(r"亏损|净流出|损失额|减少额")
_NOT_PLAIN = re.compile(
    r"预计|预测|预期|有望|目标|计划|将达|约|超过|超|近|不超过|不低于|以上|左右|如果|假设|若|拟"
    r"|指引|或将|可达|行业|市场规模|全国|全球"
)
_OTHERS = re.compile(r"子公司|参股|板块|分部|事业部|业务实现|产品实现|行业|可比公司")
_COMPANY = re.compile(r"[\u3400-\u9fff（）()]{2,}?(?:有限责任公司|有限公司)")
_OURS = re.compile(r"(?:本公司|公司|本集团|集团|本行|我们)")


def claims_zh(sentence: str, cover: Cover) -> Iterator[Found]:
    """What a sentence plainly says, clause by clause. A clause without a period of its own is of
    the one that the sentence named last; "报告期" is the cover's own."""
    sentence = _ASIDE.sub(lambda found: " " * len(found.group()), sentence)
    period, whole, start, of_others = "", False, 0, False
    for end in [*(found.start() for found in _CLAUSE.finditer(sentence)), len(sentence)]:
        clause, begin = sentence[start:end], start
        start = end + 1
        named = _PERIOD.findall(clause)
        if _OTHERS.search(clause) or _is_another(clause, cover):
            of_others = True  # and what follows, until the company itself is named again
        elif _OURS.search(clause):
            of_others = False
        if len(named) > 1 or of_others:
            period = "" if len(named) > 1 else named[0] if named else period
            whole = False
            continue
        if re.search(r"上年|去年|同期|上期|较|比", clause) and not named:
            continue  # compares with what another clause said
        period = named[0] if named else period
        whole = whole or bool(re.search(r"公司|集团|我们", clause)) or period.startswith("报告期")
        figures = list(_FIGURE.finditer(clause))
        if len(figures) != 1 or not period or _NOT_PLAIN.search(clause):
            continue
        label = _label(clause[: figures[0].start()])
        said = _period(period, cover)
        if label and said and not _INVERSE.search(label):
            at = begin + figures[0].start("figure")
            yield label, said, figures[0]["figure"].strip(), at, whole or bool(named)


def _is_another(clause: str, cover: Cover) -> bool:
    """Whether a clause names a company by its full name that is not the document's own."""
    names = [found.lstrip("，、及和与") for found in _COMPANY.findall(clause)]
    own = cover.entity
    return bool(own) and any(name not in own and own not in name for name in names)


def _label(before: str) -> str:
    """What stands between the period, who and did, and the figure; "" where more than that does."""
    text = re.sub(r"\s+", "", _PERIOD.sub("", before))
    text = _IS.sub("", text)
    found = _BEFORE.match(text)
    label = text[found.end() :] if found else text
    return label.lstrip("的内末").rstrip("：:") if re.fullmatch(r"[^\d]{2,24}", label) else ""


def _period(period: str, cover: Cover) -> str:
    """The period as `parse_period` reads it: the report's own is the cover's."""
    if not period.startswith(("报告期", "本期", "期末")):
        return period
    if not cover.period.end or not cover.period.start:
        return ""
    if period.endswith("末"):
        return cover.period.end
    return f"{_day(cover.period.start)}至{_day(cover.period.end)}"


def _day(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"
