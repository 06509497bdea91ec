"""The notes of contradictions in Chinese: the ledger keeps them in English."""

import re

_DAY = r"\d{4}-\d\d-\d\d"
_PERIOD = rf"((?:{_DAY} to )?{_DAY})"
_SOURCE = r"(.+? \(.+?, (?:page \d+|[^,()]+)\))"  # "36,413 (acme-2023.pdf, page 3)"
_NUMBER = r"(-?[\d,.]+(?: %)?)"
# Sentences as the checks write them; braces take the groups
_SENTENCES: tuple[tuple[str, str], ...] = (
    (rf"(.+), {_PERIOD}, is {_SOURCE} and {_SOURCE}: (.+)", "{0}，{1}：{2}与{3}不一致：{4}"),
    (rf"The balance sheet does not balance: (.+?) is {_SOURCE}, (.+?) is {_SOURCE}",
     "资产负债表不平衡：{0}为{1}，{2}为{3}"),
    (rf"Cash on {_PERIOD} is {_SOURCE} in the cash flow statement \((.+)\) and {_SOURCE} in the "
     "balance sheet", "{0}的现金在现金流量表（{2}）中为{1}，在资产负债表中为{3}"),
    (rf"The change of (.+) is printed as {_SOURCE}, but from {_SOURCE} to {_SOURCE} it is "
     rf"{_NUMBER}", "{0}的变动列为{1}，但由{2}到{3}应为{4}"),
    (rf"(.+) is printed as {_SOURCE}, but {_SOURCE} of (.+) over {_SOURCE} shares is {_NUMBER} a "
     "share", "{0}列为{1}，但{3}{2}除以{4}股为每股{5}"),
    (rf"(.+?): {_SOURCE} for {_PERIOD} and {_SOURCE} for {_PERIOD} make {_NUMBER}, but {_SOURCE} "
     rf"is printed for {_PERIOD}: (.+)", "{0}：{2}的{1}与{4}的{3}合计{5}，但{7}列为{6}：{8}"),
    (rf"(.+?) is printed as {_SOURCE}, but (.+) make {_NUMBER}(; .+)?",
     "{0}列为{1}，但{2}合计{3}{4}"),
)  # fmt: skip
_CLAUSES: tuple[tuple[str, str], ...] = (
    (r"they differ by a factor of ([\d,]+), one “(.*)”, the other “(.*)”",
     "两者相差{0}倍，一处写“{1}”，另一处写“{2}”"),
    (r"they differ by a factor of ([\d,]+)", "两者相差{0}倍"),
    (r"the same amount in (\w+) and in (\w+)", "同一金额分别以{0}和{1}计"),
    (rf"{_SOURCE} is of (.+)", "{0}的口径为{1}"),
    (r"the later report says that it was restated", "后一报告说明已重述"),
    (r"one of the reports says that it was restated", "其中一份报告说明已重述"),
    (r"the later report counts its shares anew", "后一报告重新计算了股数"),
    (rf"(.+) is the figure of {_PERIOD}", "{0}是{1}的数字"),
    (rf"the figure of {_PERIOD} stands for the whole", "{0}的数字被用作全期数字"),
    (rf"(.+) is printed beside it, for {_PERIOD}", "{0}就列在旁边，属于{1}"),
    (r"the figures around one of them do not add up", "其中一处与周围数字加总不符"),
    (r"each agrees with the sums of its own report", "两者各与本报告的加总相符"),
    (
        r"each agrees with the sums around it: one may be of a part, or the parent's",
        "两者各与其周围的加总相符，其一可能属于某一部分或母公司",
    ),
    (r"the later report gives another figure for the earlier period",
     "后一报告对前期给出了另一数字"),
    (r"nothing in the reports explains it", "报告未作解释"),
    (r"so does one more line of the two", "另有1行同样如此"),
    (r"so do (\d+) more lines of the two", "另有{0}行同样如此"),
    (r"(\d+) of (\d+) documents say (.+)", "{1}份文件中有{0}份为{2}"),
    (r"only (.+) agrees with the sums of its report", "只有{0}与其报告的加总相符"),
    (r"(.+) seems to be off by a factor of ([\d,]+)", "{0}似乎相差{1}倍"),
    (r"(.+) would have to be (.+)", "{0}应为{1}"),
)  # fmt: skip
_MAKE = 6  # the sentence that lists what a total is made of


def told_in(note: str, language: str) -> str:
    """A contradiction's note in a language; one that no check of ours writes stays as it is."""
    if language != "zh":
        return note
    text = note.removesuffix(".")
    for number, (pattern, chinese) in enumerate(_SENTENCES):
        if found := re.fullmatch(pattern, text):
            groups = [_clauses(group or "") for group in found.groups()]
            if number == _MAKE:
                groups[2] = groups[2].replace("less ", "减").replace(", ", "、")
            return _places(chinese.format(*groups)) + "。"
    return note


def _clauses(text: str) -> str:
    return "；".join(map(_clause, text.split("; ")))


def _clause(text: str) -> str:
    for pattern, chinese in _CLAUSES:
        if found := re.fullmatch(pattern, text):
            return chinese.format(*found.groups())
    return text


def _places(text: str) -> str:
    text = re.sub(r", page (\d+)\)", r"，第\1页)", text)
    return re.sub(rf"({_DAY}) to ({_DAY})", r"\1至\2", text)
