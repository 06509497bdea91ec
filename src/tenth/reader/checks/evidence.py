"""What every check needs: do two printed figures agree, which slip explains a difference, how a
contradiction is written down."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePosixPath

from tenth.reader.model import Column, Conflict, Contradiction, Fact, Line, Period
from tenth.reader.sums import printed_step

ZERO = Decimal(0)
FACTORS = range(1, 10)  # 10^1 lies between 千 and 万, 10^9 between one and a billion
TELLING = 3  # significant digits from which on the same digits are no chance

CHANGE = re.compile(
    r"\bchanges?\b|\bgrowth\b|\bincrease|\bdecrease|\binc\b|\bdec\b|\bvariance\b|\bvariation\b"
    r"|\bdifference\b|\bbetter\b|\bworse\b|同比|环比|增减|增长|变动|变化",
    re.IGNORECASE,
)


def is_change(column: Column) -> bool:
    """A column of changes: what is better may stand in it as positive, so it need not add up."""
    return bool(CHANGE.search(column.header)) and not column.period.end


def agree(one: Fact, other: Fact) -> bool:
    """Equal as far as both are printed: 81.8 billion and 81,797 million are. A sentence may cut
    off what a table rounds, and a table may round up what its column needs to add up. Unknown
    values contradict nothing."""
    if one.value is None or other.value is None:
        return True
    steps = printed_step(one), printed_step(other)
    return abs(one.value - other.value) <= (max(steps) if steps[0] != steps[1] else ZERO)


def is_telling(value: Decimal | None, least: int = TELLING) -> bool:
    """So many digits that the same ones elsewhere are no chance."""
    digits = "" if value is None else "".join(map(str, value.as_tuple().digits))
    return len(digits.strip("0")) >= least


def factor(one: Decimal | None, other: Decimal | None) -> int | None:
    """k where one figure is the other times 10^k or 10^-k, up to the sign; else None."""
    if one is None or other is None:
        return None
    small, large = sorted((abs(one), abs(other)))
    if not small or not is_telling(small):
        return None
    return next((k for k in FACTORS if small.scaleb(k) == large), None)


def slip(printed: Decimal, right: Decimal, step: Decimal) -> str:
    """Which slip makes `printed` of `right`: a sign, a scale, a digit, two digits changed about;
    "" for none of these. Zeros have no slips: a dash is not a typing error."""
    if not printed or not right or printed == right:
        return ""
    if printed == -right:
        return "sign"
    if (printed > 0) != (right > 0):
        return ""
    if any(
        min(abs(printed), abs(right)).scaleb(k) == max(abs(printed), abs(right)) for k in FACTORS
    ):
        return "scale"
    one, other = (str(int(abs(value) / (step or 1))) for value in (printed, right))
    if len(one) != len(other):
        return ""
    wrong = [k for k, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 1:
        return "digit"
    about = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    if about and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]:
        return "digits changed about"
    return ""


def source(fact: Fact) -> str:
    """ "36,413 (acme-2023.pdf, page 3)", "36,413 (acme-2023.xlsx, Income!B7)" """
    place = fact.place
    where = place.ref if place.ref and place.box is None else f"page {place.page}"
    return f"{fact.verbatim} ({PurePosixPath(fact.document).name}, {where})"


def said_scale(fact: Fact) -> str:
    """ "(in millions)", as printed; "" where it stands with the figure or nowhere."""
    return next((said.text for said in fact.said if said.what == "scale"), "")


def name_of(fact: Fact) -> str:
    return fact.label or fact.metric or "a line without a name"


def figure(line: Line, column: int, facts: Mapping[str, Fact]) -> Fact | None:
    """The fact in a statement's column, counted from 0; a heading has none."""
    return facts.get(line.facts[column]) if column < len(line.facts) else None


def told(period: Period) -> str:
    return period.end if period.is_instant else f"{period.start} to {period.end}"


def plain(value: Decimal) -> str:
    """A figure for a sentence: 36413000000 as "36,413,000,000"."""
    return f"{value.normalize():,f}"


def record(
    kind: Conflict,
    check: str,
    facts: Sequence[Fact],
    expected: Decimal | None,
    found: Decimal | None,
    note: str,
) -> Contradiction:
    """Of the first fact's entity, metric and period; the id is of the check and all its facts."""
    first, ids = facts[0], tuple(dict.fromkeys(fact.id for fact in facts))
    name = hashlib.sha256("\n".join((check, *sorted(ids))).encode()).hexdigest()[:12]
    return Contradiction(
        name, kind, check, first.entity, first.metric or first.label, first.period, ids,
        expected, found, " ".join(note.split()),
    )  # fmt: skip


def unique(found: Iterable[Contradiction]) -> tuple[Contradiction, ...]:
    """Each once, what is surely wrong first, then by entity, period and metric."""
    order = ("unit", "period", "real", "restatement", "scope")
    by_id = {one.id: one for one in found}
    return tuple(
        sorted(
            by_id.values(),
            key=lambda c: (order.index(c.kind), c.entity, c.period, c.metric, c.check, c.id),
        )
    )
