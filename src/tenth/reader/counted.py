"""Figures that count things in a table of money: "本期销售量（吨）", "研发人员数量（人）"."""

import re

from tenth.reader.figures import SCALES, plain
from tenth.reader.scales import Scales

_THINGS = (
    r"吨|公斤|千克|克|升|件|台|辆|套|只|头|羽|人|名|户|家|个|次|间|座|艘|架|张|部|箱|瓶|盒|支|米|平方米|公里"
    r"|亩|千瓦时|度|片|块|条|颗|股东|tonnes?|tons?|units?|pieces|kWh|MWh|GWh|MW|GW"
)
_COUNTED = re.compile(rf"\((?P<scale>[百千万亿]*)(?:{_THINGS})\)$", re.IGNORECASE)
_NUMBER_OF = re.compile(r"(?:数量|人数|户数|家数|员工总数)$")
_NUMBER_OF_EN = re.compile(
    r"^(?:total |average |cumulative |approximate )*number of "
    r"(?!.*\b(?:shares?|stock|units? (?:outstanding|issued))\b)"
)
_ANY_NUMBER = re.compile(r"\bnumber of\b", re.IGNORECASE)
_LIKE_SHARES = re.compile(r"\b(?:rsu|psu|option|award|warrant|right|unit|ads|adr)s?\b")
_SMALL = re.compile(r"\bnumber of (?:days|weeks|months|years|hours|employees|people|persons)\b")


def counted(*texts: str) -> int | None:
    """What a printed figure is to be multiplied by where its label or header says that it counts
    things; None where neither does."""
    for text in ("".join(plain(text).split()) for text in texts):
        if found := _COUNTED.search(text):
            return SCALES.get(found["scale"], 1)
        if _NUMBER_OF.search(text):
            return 1
    return None


def counts_any(*texts: str) -> bool:
    """Whether a label or a header says that things or shares are counted."""
    return counted(*texts) is not None or any(_ANY_NUMBER.search(text) for text in texts)


def is_number_of(*texts: str) -> bool:
    """Whether a label or a header says that things are counted, but not in what: "Number of RSUs",
    "Total number of stores"; shares are told by themselves."""
    return any(_NUMBER_OF_EN.search(plain(text).lower()) for text in texts)


def scale_of_counts(scales: Scales | None, *texts: str) -> int | None:
    """By what to multiply what a table of money counts: "(in thousands)" is said of awards as of
    shares, "(dollars in thousands)" of money alone; None where it is not sure, as of stores."""
    if scales is None or any(_SMALL.search(plain(text).lower()) for text in texts):
        return 1
    if scales.follow:
        return None
    if any(_LIKE_SHARES.search(plain(text).lower()) for text in texts):
        return scales.shares or 1
    return 1 if scales.shares in (None, 1) else None
