"""Counts of shares that a caption puts in thousands although they are whole, or the reverse.

Profit and its amount per share tell of how many shares there are. Where a statement's own scale
makes a thousand times as many, its caption contradicts its figures: the scale is the one that
agrees with them, or unknown where none does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from tenth.reader.figures import parse_figure
from tenth.reader.model import Fact, Period

_COUNTS = (
    "WeightedAverageNumberOfSharesOutstandingBasic",
    "WeightedAverageNumberOfShareOutstandingBasicAndDiluted",
    "WeightedAverageNumberOfDilutedSharesOutstanding",
)
_PER_SHARE = (  # without dilution where it is printed
    ("EarningsPerShareBasic", "EarningsPerShareBasicAndDiluted"), ("EarningsPerShareDiluted",),
)  # fmt: skip
_PROFITS = ("NetIncomeLossAvailableToCommonStockholdersBasic", "NetIncomeLoss", "ProfitLoss")
_LEAST = {1: Decimal(10**5), 10**3: Decimal(10**2), 10**6: Decimal(0)}  # as printed in a scale
_SMALLEST = Decimal("0.01")  # amount per share that is not all rounding
_NEAR, _FAR = 3, 100  # times as many: rounding and preferred shares; shares of several kinds
Key = tuple[str, Period]  # of an entity


def with_sure_counts(facts: Iterable[Fact]) -> list[Fact]:
    """The facts of a document, counts of shares in the scale that profit per share agrees with."""
    facts = list(facts)
    told = _told(facts)
    counts: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.unit == "shares" and fact.table and _printed(fact):
            counts[fact.table].append(fact)
    sure: dict[str, Fact] = {}
    for own in counts.values():
        found = _sure(own, told) if own[0].statement != "equity" else _of_equity(own, told)
        sure |= {fact.id: fact for fact in found}
    return [sure.get(fact.id, fact) for fact in facts]


def _told(facts: Iterable[Fact]) -> dict[Key, list[Decimal]]:
    """How many shares an entity had in a period, by its profit and profit per share."""
    values: dict[Key, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.statement == "income" and fact.value:
            values[fact.entity, fact.period][fact.metric].append(abs(fact.value))
    told: dict[Key, list[Decimal]] = {}
    for key, own in values.items():
        profits = [value for name in _PROFITS for value in own[name]]
        each = next((found for names in _PER_SHARE if (found := _large(own, names))), [])
        told[key] = [profit / one for profit in profits for one in each]
    return told


def _large(own: dict[str, list[Decimal]], names: Sequence[str]) -> list[Decimal]:
    return [value for name in names for value in own[name] if value >= _SMALLEST]


def _sure(own: Sequence[Fact], told: dict[Key, list[Decimal]]) -> list[Fact]:
    """The facts of one table that do not stay as they are."""
    found = {
        fact.id: _scale(fact, counts)
        for fact in own
        if fact.metric in _COUNTS and (counts := told.get((fact.entity, fact.period)))
    }
    judged = [fact for fact in own if fact.id in found]
    if any(fact.scale is None for fact in judged):  # nothing says it
        return [_in_scale(fact, found[fact.id]) for fact in judged if fact.scale is None]
    wrong = [fact for fact in judged if found[fact.id] != fact.scale]
    if not wrong:
        return []
    scales = {found[fact.id] for fact in judged}
    if len(wrong) < len(judged) or len(scales) > 1:
        return [_in_scale(fact, None) for fact in wrong]
    scale = scales.pop()  # the table's, for what its caption says of them and no other place
    sources = [_said(fact) for fact in wrong]
    return [_in_scale(fact, scale) for fact in own if _said(fact) in sources]


def _of_equity(own: Sequence[Fact], told: dict[Key, list[Decimal]]) -> list[Fact]:
    """The columns of shares of a statement of equity, told by what is outstanding at the ends of
    periods: at most a hundred times, or a hundredth of, what there are on average."""
    ends: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for (entity, period), counts in told.items():
        ends[entity, period.end] += counts
    held: dict[tuple[str, str], Fact] = {}  # the class of most shares at an end
    for fact in sorted(own, key=lambda one: abs(_printed(one))):
        if ends.get((fact.entity, fact.period.end)):
            held[fact.entity, fact.period.end] = fact
    found = {_scale(fact, ends[key]) for key, fact in held.items()}
    said = {fact.scale for fact in held.values()}
    if len(said) != 1 or found == said or not held:
        return []
    scale = found.pop() if len(found) == 1 else None
    return [_in_scale(fact, scale) for fact in own if fact.scale in said]  # also in none


def _scale(fact: Fact, counts: Sequence[Decimal]) -> int | None:
    """The scale in which a fact is about one of `counts`; its own where that is so, or where no
    scale fits and it is not far off."""
    printed = abs(_printed(fact))
    if fact.scale and _is_near(printed * fact.scale, counts, _NEAR):
        return fact.scale
    fit = [scale for scale, least in _LEAST.items()
           if printed >= least and (scale > 1 or printed % 1 == 0)
           and _is_near(printed * scale, counts, _NEAR)]  # fmt: skip
    if len(fit) == 1:
        return fit[0]
    return fact.scale if fact.scale and _is_near(printed * fact.scale, counts, _FAR) else None


def _printed(fact: Fact) -> Decimal:
    """The figure before its scale; 0 where it carries one of its own, or is none."""
    found = parse_figure(fact.verbatim)
    return found.value if found and found.value and not found.has_own_unit else Decimal(0)


def _is_near(count: Decimal, counts: Sequence[Decimal], times: int) -> bool:
    return any(one / times < count < one * times for one in counts)


def _said(fact: Fact) -> tuple[int | None, tuple[str, ...]]:
    return fact.scale, tuple(said.text for said in fact.said if said.what == "scale")


def _in_scale(fact: Fact, scale: int | None) -> Fact:
    """Without the word that its figures contradict."""
    said = tuple(one for one in fact.said if one.what != "scale")
    if scale is None:
        return msgspec.structs.replace(fact, value=None, scale=None, status="unknown", said=said)
    value = _printed(fact) * scale
    value = value.quantize(Decimal(1)) if value % 1 == 0 else value
    status = "ok" if fact.label and fact.period.end else fact.status
    return msgspec.structs.replace(fact, value=value, scale=scale, status=status, said=said)
