"""Quarters against year-to-date figures: two periods that follow each other make a third."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, product

from tenth.reader.checks.evidence import ZERO, factor, name_of, plain, record, slip, source, told
from tenth.reader.checks.keys import ambiguous, by_key, is_balance_in_a_flow, without_parent
from tenth.reader.checks.totals import Term, judge_sum
from tenth.reader.checks.world import World
from tenth.reader.model import Conflict, Contradiction, Fact, Period
from tenth.reader.sums import printed_step

FLOWS = ("income", "comprehensive", "cash")


@dataclass(frozen=True)
class Three:
    first: Fact
    rest: Fact
    whole: Fact

    @property
    def facts(self) -> tuple[Fact, Fact, Fact]:
        return self.first, self.rest, self.whole

    @property
    def expected(self) -> Decimal:
        return (self.first.value or ZERO) + (self.rest.value or ZERO)

    @property
    def over(self) -> Decimal:
        return self.expected - (self.whole.value or ZERO)

    def adds_up(self) -> bool:
        """Within a printed step for each figure: columns are rounded so that they foot, so a line
        of theirs may be a whole step off. Amounts in two currencies are not compared."""
        if len({fact.currency for fact in self.facts}) > 1:
            return True
        return abs(self.over) <= max(map(printed_step, self.facts)) * len(self.facts)

    def right(self) -> Iterator[tuple[Fact, Decimal]]:
        """What each would have to be by the other two."""
        for fact, sign in zip(self.facts, (-1, -1, 1), strict=True):
            yield fact, (fact.value or ZERO) + sign * self.over


def quarter_breaks(world: World) -> Iterator[Contradiction]:
    """A line of the income or cash flow statement whose periods do not add up, whichever report's
    figures are taken."""
    flows = [
        fact
        for fact in world.mine()
        if fact.statement in FLOWS and fact.unit == "currency" and fact.period.start
        if not is_balance_in_a_flow(fact)
    ]
    for group in by_key(flows).values():
        facts = without_parent(group, world)
        if not ambiguous(facts):
            yield from _of_line(facts, world)
    yield from _four_quarters(flows, world)


def _of_line(group: list[Fact], world: World) -> Iterator[Contradiction]:
    periods: dict[Period, list[Fact]] = {}
    for fact in group:
        periods.setdefault(fact.period, []).append(fact)
    for whole in sorted(periods):
        for first in sorted(periods):
            rest = Period(_after(first.end), whole.end)
            if first.start != whole.start or first.end >= whole.end or rest not in periods:
                continue
            tried = [Three(*t) for t in product(periods[first], periods[rest], periods[whole])]
            if not any(three.adds_up() for three in tried):
                yield _break(tried[0], periods, world)


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _four_quarters(flows: Sequence[Fact], world: World) -> Iterator[Contradiction]:
    """A report's table of its four quarters against its year. Quarters may be restated without a
    word, so only a slip counts."""
    years = {(fact.sha256, fact.metric, fact.period): fact for fact in reversed(flows)}
    rows: dict[tuple[str, int, int], list[Fact]] = {}
    for fact in world.mine():
        if fact.metric and fact.unit == "currency" and fact.period.start and fact.value is not None:
            rows.setdefault((fact.sha256, fact.table, fact.row), []).append(fact)
    for row in rows.values():
        row.sort(key=lambda fact: fact.period)
        follow = all(_after(a.period.end) == b.period.start for a, b in pairwise(row))
        span = Period(row[0].period.start, row[-1].period.end)
        year = years.get((row[0].sha256, row[0].metric, span))
        if len(row) == 4 and follow and year is not None and year.currency == row[0].currency:
            yield from judge_sum("quarters", year, [Term(fact, 1) for fact in row])


def _break(three: Three, periods: Mapping[Period, Sequence[Fact]], world: World) -> Contradiction:
    first, rest, whole = three.facts
    kind, why = _slipped(three, periods) or _in_the_reports(three, world)
    note = (
        f"{name_of(whole)}: {source(first)} for {told(first.period)} and {source(rest)} for "
        f"{told(rest.period)} make {plain(three.expected)}, but {source(whole)} is printed for "
        f"{told(whole.period)}: {why}."
    )
    return record(kind, "quarters", (whole, first, rest), three.expected, whole.value, note)


def _slipped(three: Three, periods: Mapping[Period, Sequence[Fact]]) -> tuple[Conflict, str] | None:
    """A wrong unit, or another period's figure."""
    for fact, right in three.right():
        if k := factor(fact.value or ZERO, right):
            return "unit", f"{fact.verbatim} seems to be off by a factor of {10**k:,}"
    for part in (three.first, three.rest):
        if part.value and part.value == three.whole.value:
            return "period", f"the figure of {told(part.period)} stands for the whole"
    for fact, right in three.right():
        for period, others in periods.items():
            beside = [o for o in others if (o.sha256, o.table) == (fact.sha256, fact.table)]
            if period != fact.period and right and any(o.value == right for o in beside):
                return "period", f"{plain(right)} is printed beside it, for {told(period)}"
    return None


def _in_the_reports(three: Three, world: World) -> tuple[Conflict, str]:
    ids = {fact.id for fact in three.facts}
    if any(fact.restated for fact in three.facts):
        return "restatement", "one of the reports says that it was restated"
    if ids & world.broken:
        return "real", "the figures around one of them do not add up"
    if len({fact.sha256 for fact in three.facts}) > 1 and ids <= world.sound:
        return "restatement", "each agrees with the sums of its own report"
    for fact, right in three.right():
        if slip(fact.value or ZERO, right, printed_step(fact)):
            return "real", f"{fact.verbatim} would have to be {plain(right)}"
    return "real", "nothing in the reports explains it"
