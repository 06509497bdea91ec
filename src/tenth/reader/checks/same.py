"""The same figure in two places, of one report or of two, and why the two differ."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from tenth.reader.checks.evidence import (
    ZERO,
    agree,
    factor,
    is_telling,
    name_of,
    plain,
    record,
    said_scale,
    slip,
    source,
    told,
)
from tenth.reader.checks.keys import ambiguous, by_key, plain_label, rank, scope_of, without_parent
from tenth.reader.checks.world import World
from tenth.reader.model import Conflict, Contradiction, Fact, Period
from tenth.reader.sums import printed_step

RESTATED = re.compile(
    r"\b(?:restated|recast(?:ed)?|reclassified|as revised|as adjusted)\b|重述|追溯调整|调整后",
    re.IGNORECASE,
)
SPLIT = 3  # ten and a hundred shares for one there are, a thousand would be a unit
MOVED = 4  # digits by which one period's figure is known to stand in another's place


@dataclass(frozen=True)
class Pair:
    earlier: Fact
    later: Fact
    kind: Conflict
    why: str
    usual: Fact | None = None  # the one of the two that most documents say
    votes: str = ""  # "3 of 4 documents say 199,912,000"

    @property
    def sides(self) -> tuple[Fact, Fact]:
        """What was found, and what it should be by the others: by most documents, or, without a
        majority, by the later one."""
        if self.usual is self.earlier:
            return self.later, self.earlier
        return self.earlier, self.later


def same_facts(world: World) -> Iterator[Contradiction]:
    pairs: list[Pair] = []
    for group in by_key(world.mine()).values():
        facts = without_parent(group, world)
        if not ambiguous(facts):
            pairs += _pairs(facts, world)
    yield from _written(pairs)


def _pairs(group: list[Fact], world: World) -> Iterator[Pair]:
    periods: dict[Period, list[Fact]] = {}
    for fact in group:
        periods.setdefault(fact.period, []).append(fact)
    for period, same in sorted(periods.items()):
        same.sort(key=lambda fact: (world.order.get(fact.sha256, 0), rank(fact)))
        others = [fact for fact in group if fact.period != period]
        usual, votes = _majority(same)
        for earlier, later in _unlike(same, usual):
            kind, why = classify(earlier, later, others, world)
            right, told_by = (usual, votes) if usual else _in_sums(earlier, later, world)
            yield Pair(earlier, later, kind, why, right, told_by)


def _majority(same: Sequence[Fact]) -> tuple[Fact | None, str]:
    """The figure that more than half of the documents say, two at least, and how many do."""
    votes = [len({other.sha256 for other in same if _same(other, fact)}) for fact in same]
    most, documents = max(votes), len({fact.sha256 for fact in same})
    if most * 2 <= documents or most < 2:
        return None, ""
    usual = same[votes.index(most)]
    return usual, f"{most} of {documents} documents say {plain(usual.value or ZERO)}"


def _in_sums(earlier: Fact, later: Fact, world: World) -> tuple[Fact | None, str]:
    """The one that alone agrees with the sums of its own report."""
    for one, other in ((earlier, later), (later, earlier)):
        if one.id in world.sound and other.id in world.broken:
            return one, f"only {one.verbatim} agrees with the sums of its report"
    return None, ""


def _unlike(same: list[Fact], usual: Fact | None) -> list[tuple[Fact, Fact]]:
    """Each figure that differs from the usual one, beside it; without one, beside the figure before
    it."""
    if usual is not None:
        k = same.index(usual)
        odd = [(j, fact) for j, fact in enumerate(same) if not _same(fact, usual)]
        return [(usual, fact) if j > k else (fact, usual) for j, fact in odd]
    pairs, last = [], same[0]
    for fact in same[1:]:
        if not _same(last, fact):
            pairs.append((last, fact))
            last = fact
    return pairs


def _same(one: Fact, other: Fact) -> bool:
    """Amounts in two currencies are no contradiction, unless they are the same amount; nor is the
    same amount with another sign: a provision beside a benefit of another label, what one report
    takes away again."""
    if (
        "text" in (one.statement, other.statement)
        and (one.value or ZERO) * (other.value or ZERO) < 0
    ):
        # "interest expense was $493 million" where the statement prints (493)
        other = msgspec.structs.replace(other, value=-(other.value or ZERO))
    if one.value and one.value == -(other.value or ZERO):
        in_one = one.sha256 == other.sha256
        return in_one or plain_label(one.label) != plain_label(other.label)
    if _in_two_currencies(one, other):
        return not (one.value == other.value and is_telling(one.value))
    return agree(one, other)


def _in_two_currencies(one: Fact, other: Fact) -> bool:
    """A workbook that does not say its currency may mean the one that the report says."""
    return bool(one.currency and other.currency) and one.currency != other.currency


def classify(
    earlier: Fact, later: Fact, others: Sequence[Fact], world: World
) -> tuple[Conflict, str]:
    """Why two figures of the same thing differ. `others`: the same thing in other periods."""
    if _in_two_currencies(earlier, later):
        return "unit", f"the same amount in {earlier.currency} and in {later.currency}"
    shared_out = earlier.unit in ("shares", "currency/share") and _compared(later, world)
    k = factor(earlier.value, later.value)
    if k and not (shared_out and k < SPLIT):
        said = [said_scale(fact) for fact in (earlier, later)]
        scales = f", one “{said[0]}”, the other “{said[1]}”" if all(said) else ""
        return "unit", f"they differ by a factor of {10**k:,}{scales}"
    scopes = [scope_of(fact, world) for fact in (earlier, later)]
    if scopes[0] != scopes[1]:
        part = earlier if scopes[0] else later
        return "scope", f"{source(part)} is of {scopes[0] or scopes[1]}"
    if later.restated or RESTATED.search(f"{later.label} {world.title(later)}"):
        return "restatement", "the later report says that it was restated"
    if shared_out:
        return "restatement", "the later report counts its shares anew"
    for wrong in (later, earlier):
        if moved := next((fact for fact in others if _moved(fact, wrong)), None):
            return "period", f"{wrong.verbatim} is the figure of {told(moved.period)}"
    if {earlier.id, later.id} & world.broken:
        return "real", "the figures around one of them do not add up"
    return _untold(earlier, later, world)


def _untold(earlier: Fact, later: Fact, world: World) -> tuple[Conflict, str]:
    """Of two figures that nothing tells apart: do those around them hold?"""
    sound = {earlier.id, later.id} <= world.sound
    if sound and earlier.sha256 == later.sha256:
        return "scope", "each agrees with the sums around it: one may be of a part, or the parent's"
    if _compared(later, world):
        if sound:
            return "restatement", "each agrees with the sums of its own report"
        if not slip(earlier.value or ZERO, later.value or ZERO, printed_step(later)):
            return "restatement", "the later report gives another figure for the earlier period"
    return "real", "nothing in the reports explains it"


def _moved(fact: Fact, wrong: Fact) -> bool:
    """`wrong` is what stands elsewhere for another period."""
    elsewhere = (fact.sha256, fact.table, fact.column) != (wrong.sha256, wrong.table, wrong.column)
    return elsewhere and fact.value == wrong.value and is_telling(wrong.value, MOVED)


def _compared(later: Fact, world: World) -> bool:
    """It stands in a column of an earlier period than the one its report is on."""
    cover = world.covers.get(later.sha256, Period())
    return bool(cover.end) and later.period.end < cover.end


def _written(pairs: Sequence[Pair]) -> Iterator[Contradiction]:
    """One for each pair, or for all lines of two columns that differ in the same way."""
    groups: dict[tuple[str, ...], list[Pair]] = {}
    for pair in pairs:
        two = (pair.earlier, pair.later)
        place = [f"{fact.sha256}:{fact.table}:{fact.column}" for fact in two]
        if pair.kind == "unit":
            place.append(pair.why)
        if pair.kind == "real":
            place.append(pair.later.id)
        groups.setdefault((pair.kind, *place), []).append(pair)
    for group in groups.values():
        group.sort(key=lambda pair: rank(pair.later))
        first, more = group[0], len(group) - 1
        also = {0: "", 1: "; so does one more line of the two"}.get(
            more, f"; so do {more} more lines of the two"
        )
        note = (
            f"{name_of(first.earlier)}, {told(first.later.period)}, is {source(first.earlier)} "
            f"and {source(first.later)}: {first.why}{also}{first.votes and '; ' + first.votes}."
        )
        ids = [fact for pair in group for fact in pair.sides]
        found, expected = first.sides
        yield record(first.kind, "same fact", ids, expected.value, found.value, note)
