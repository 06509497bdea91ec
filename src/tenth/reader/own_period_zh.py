"""Figures of a Chinese report's own period that print none: 分产品情况, 研发投入情况表.

The rules of disclosure give these tables no years: what is compared with the year before (营业收入
比上年增减) is of the period reported on, and so is what calls itself 本期.
"""

import re
from collections.abc import Mapping, Sequence

from tenth.reader.fiscal import ANNUAL
from tenth.reader.grid import Header, Row
from tenth.reader.model import Cover, Period, Said
from tenth.reader.periods import is_change

OWN_FORMS = (*ANNUAL, "half-year report")
_COMPARED = re.compile(r"(?:比|较)上年|同比")
_MEASURE = re.compile(
    r"(?:主营业务|营业)?(?:收入|成本|毛利|利润)|毛利率(?:[(（]%[)）])?|(?:生产|销售)量"
)
_THIS = re.compile(r"^本(?:报告)?期")
_OF_RESEARCH = re.compile(r"^研发投入(?:合计|总额|资本化)")


def compared_periods(headers: Mapping[int, Header], cover: Cover) -> dict[int, tuple[Said, ...]]:
    """The columns of this period, each with the header that compares it with the last one."""
    if cover.form not in OWN_FORMS or not cover.period.start or cover.language != "zh":
        return {}
    changes = [
        Said("period", header.text, header.places[-1])
        for header in headers.values()
        if header.places and is_change(header.text) and _COMPARED.search(header.text)
    ]
    if not changes:
        return {}
    return {
        column: (changes[0],)
        for column, header in headers.items()
        if header.texts and _MEASURE.fullmatch("".join(header.texts[-1].split()))
    }


def labelled_period(row: Row, rows: Sequence[Row], header: str, cover: Cover) -> Period:
    """The period of a line without a header that says of itself or with those beside it that it is
    of this period: 本期费用化研发投入, and the 研发投入合计 below it."""
    if header or cover.form not in OWN_FORMS or cover.language != "zh":
        return Period()
    is_total = _OF_RESEARCH.match(row.label) and any(_THIS.match(one.label) for one in rows)
    return cover.period if _THIS.match(row.label) or is_total else Period()
