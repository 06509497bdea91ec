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
    r"^(?:total |average |cumulative |approximate )*number of (?!.*\b(?:shares?|stock)\b)"
)


def counted(*texts: str) -> int | None:
    """What a printed figure is to be multiplied by where its label or header says that it counts
    things; None where neither does."""
    for text in ("".join(plain(text).split()) for text in texts):
        if found := _COUNTED.search(text):
            return SCALES.get(found["scale"], 1)
        if _NUMBER_OF.search(text):
            return 1
    return None


def is_number_of(*texts: str) -> bool:
    """Whether a label or a header says that things are counted, but not in what: "Number of RSUs",
    "Total number of stores"; shares are told by themselves."""
    return any(_NUMBER_OF_EN.search(plain(text).lower()) for text in texts)


def scale_of_counts(scales: Scales | None) -> int | None:
    """By what to multiply counts in a table of money: "(in thousands)" is said of all of it,
    "(dollars in thousands)" of money alone; None where it is not sure."""
    if scales is None:
        return 1
    if scales.follow:
        return None
    return scales.shares or 1
