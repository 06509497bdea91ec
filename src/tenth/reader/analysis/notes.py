"""The notes of figures in Chinese: the ledger keeps them in English, clause by clause."""

import re

_PERIOD = r"(\d{4}-\d\d-\d\d(?: to \d{4}-\d\d-\d\d)?|an unknown period)"
# Clauses as the analysis writes them; braces take the groups, periods among them in Chinese
_CLAUSES: tuple[tuple[str, str], ...] = (
    (rf"{_PERIOD} against {_PERIOD}", "{0}与{1}相比"),
    (rf"against {_PERIOD}", "与{0}相比"),
    (rf"against {_PERIOD}, of (\d+) days where this has (\d+)",
     "与{0}相比，前者{1}天，本期{2}天"),
    (r"a fraction, 0\.01 is one percentage point", "以小数表示，0.01为一个百分点"),
    (rf"{_PERIOD} less {_PERIOD}", "{0}减去{1}"),
    (rf"{_PERIOD} less {_PERIOD}, of two filings", "{0}减去{1}，取自两份文件"),
    (rf"trailing twelve months: {_PERIOD}, plus {_PERIOD}, less {_PERIOD}",
     "最近十二个月：{0}，加{1}，减{2}"),
    (r"trailing twelve months: four quarters", "最近十二个月：四个季度之和"),
    (r"of the (\d+) listed in (.+)", "{1}所列{0}家"),
    (r"the others are not known, so it is at least this", "其余未知，故为下限"),
    (r"as listed in (.+)", "据{0}所列"),
    (r"rank (\d+|None) to (\d+|None)", "排名由{0}到{1}"),
    (r"the lists of two documents, by name", "按名称比对两份文件的名单"),
    (r"a label such as Customer A is only the same within one document",
     "“客户A”之类的代号仅在同一文件内有效"),
    (r"with the names that the earlier document lists", "含较早文件所列名称"),
    (r"both years from one document, those that it lists", "两年均据同一文件所列"),
    (r"not printed", "文件未列示"),
    (r"revenue less cost of revenue", "营业收入减营业成本"),
    (r"over (\d+) days, not annualised, on the balance at their end",
     "{0}天期间，未年化，按期末余额计算"),
    (r"on the balance at the end of (\d+) days", "按{0}天期末余额计算"),
    (r"at the end of the period", "按期末余额计算"),
    (r"operating cash flow less capital expenditure", "经营活动现金流减资本支出"),
    (r"current assets less inventories", "流动资产减存货"),
    (r"what counts as cash is what the formula names", "现金范围见公式"),
    (r"debt is what the balance sheet has on lines of its own, without leases",
     "有息负债为资产负债表单列项目，不含租赁"),
    (r"diluted, weighted average", "按稀释加权平均股数计算"),
)  # fmt: skip
_KNOWN = tuple((re.compile(pattern), chinese) for pattern, chinese in _CLAUSES)


def note_in(note: str, language: str) -> str:
    """A figure's note in a language; clauses that are no words of ours, as names are, stay."""
    if language != "zh":
        return note
    return "；".join(map(_clause, note.split("; "))) if note else ""


def _clause(clause: str) -> str:
    for pattern, chinese in _KNOWN:
        if found := pattern.fullmatch(clause):
            return chinese.format(*map(_period, found.groups()))
    return clause.replace(", ", "、")


def _period(text: str) -> str:
    if text == "an unknown period":
        return "未知期间"
    return re.sub(rf"^{_PERIOD}$", lambda found: found[0].replace(" to ", "至"), text)
