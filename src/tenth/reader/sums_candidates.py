"""Which lines a total may be made of, the most usual first: runs that end right above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from tenth.reader.sums_labels import Sum

NONE = Decimal(0)
# How many lines back a sum may begin, so that long tables cost no more than many short ones
LONGEST = 80
LONGEST_UNNAMED = 40  # where no label says that it is a sum
LONGEST_GAPPED = 16
LONGEST_FREE = 8  # lines whose signs may be any
DROPPED = 2  # lines that a run may leave out


@dataclass(frozen=True)
class Item:
    """A line of figures of one unit. A value is None where the column has no figure."""

    line: int
    values: tuple[Decimal | None, ...]
    ulps: tuple[Decimal, ...]  # what the last printed digit is worth
    kind: Sum = ""
    less: bool = False  # its label says that it is deducted
    context: int = 1  # the sign that the last "减：" or "加：" above it sets
    cost: bool = False
    opens: bool = False  # a heading or the table's top stands right above it
    memo: bool = False  # "其中：": part of the line above
    optional: bool = False  # may be another part of the line above a "其中："

    @property
    def is_zero(self) -> bool:
        return not any(self.values)


Candidate = tuple[Sequence[Item], Sequence[int], float]  # run, signs, digits it must explain


def _runs(
    stack: Sequence[Item], shortest: int = 2, longest: int = LONGEST
) -> Iterator[Sequence[Item]]:
    for length in range(shortest, min(longest, len(stack)) + 1):
        yield stack[-length:]


def plain(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """Sums of all, and of all but what the labels deduct."""
    last = next((item for item in reversed(stack) if not item.optional), stack[-1])
    if total.kind == "total" and last.opens and not last.kind:
        yield (last,), (1,), 1.0
    for run in _runs(stack, longest=LONGEST if total.kind else LONGEST_UNNAMED):
        floor = {"total": 0.5 if run[0].opens else 1.0, "derived": 1.0, "": 3.0}[total.kind]
        if not total.kind and (len(told(total)) < 2 or sum(not i.is_zero for i in run) < 2):
            continue
        if any(item.less for item in run):
            yield run, [-1 if item.less else 1 for item in run], floor
        yield run, [1] * len(run), floor


def signed(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """The first line less the others; less those that are costs; as "减：" and "加：" say."""
    if not total.kind:
        return
    for run in _runs(stack):
        floor = 1.0 if len(run) == 2 or len(told(total)) > 1 else 2.0
        for signs in _usual_signs(run):
            yield run, signs, floor


def _usual_signs(run: Sequence[Item]) -> Iterator[Sequence[int]]:
    if run[0].context == 1 and any(item.context < 0 for item in run):
        yield [item.context for item in run]
    yield [1] + [-1] * (len(run) - 1)
    costs = [1] + [-1 if item.cost else 1 for item in run[1:]]
    if -1 in costs and 1 in costs[1:]:
        yield costs


def with_gaps(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """Runs without what may be part of a "其中：", then without a line or two."""
    if not total.kind or len(told(total)) < 2:
        return
    for run in _runs(stack, longest=LONGEST_GAPPED):
        for kept in without_optional(run):
            if len(kept) > 1:
                for signs in ([1] * len(kept), *_usual_signs(kept)):
                    yield kept, signs, 1.5
    for run in _runs(stack, 3, LONGEST_GAPPED):
        for size in range(1, min(DROPPED, len(run) - 2) + 1):
            for dropped in combinations(range(1, len(run)), size):
                if not any(run[k].kind for k in dropped):
                    kept = [item for k, item in enumerate(run) if k not in dropped]
                    for signs in ([1] * len(kept), *_usual_signs(kept)):
                        yield kept, signs, 2.0


def any_signs(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """The last resort of an income statement that mixes gains, costs and sums: only these may be
    taken off, so that a sign that slipped is not taken for meant."""
    if not total.kind or len(told(total)) < 2:
        return
    for run in _runs(stack, longest=LONGEST_GAPPED):
        for kept in (run, *without_optional(run)):
            if 1 < len(kept) <= LONGEST_FREE:
                free = [(1, -1) if i.cost or i.less or i.kind else (1,) for i in kept[1:]]
                for rest in product(*free):
                    yield kept, (1, *rest), 4.0


def without_optional(run: Sequence[Item]) -> Iterator[list[Item]]:
    """The run without some of its lines that may be parts of another, the most first."""
    optional = [k for k, item in enumerate(run) if item.optional][:LONGEST_FREE]
    for size in range(len(optional), 0, -1):
        for dropped in combinations(optional, size):
            yield [item for k, item in enumerate(run) if k not in dropped]


def told(item: Item) -> set[Decimal]:
    return {value for value in item.values if value}
