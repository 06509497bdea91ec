"""The search for the lines that a total is made of, among those that no other total has taken.

Any figure is the sum of some others by chance, if enough are tried. So a fit counts only if the
figures it explains have more digits than the trials could bring about, and the more so the less
its label says that it is a sum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product
from math import log10

from tenth.reader.model import Part
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


@dataclass(frozen=True)
class Fit:
    """What a total is made of; `off` are the columns in which it is not."""

    parts: tuple[Part, ...]
    off: tuple[int, ...] = ()
    rounded: tuple[int, ...] = ()  # columns that are equal within rounding alone


@dataclass
class Trials:
    """Counts what was tried for one total."""

    total: Item
    columns: list[int] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.columns = [i for i, value in enumerate(self.total.values) if value is not None]

    def may_fit(self, run: Sequence[Item], signs: Sequence[int], coarsest: Decimal) -> bool:
        """A quick look at one column, before all are added up."""
        self.count += 1
        column = self.columns[0]
        found = sum(s * (i.values[column] or NONE) for i, s in zip(run, signs, strict=True))
        return abs(found - (self.total.values[column] or NONE)) <= coarsest * len(run) / 2

    def fit(self, run: Sequence[Item], signs: Sequence[int]) -> Fit:
        off, rounded = [], []
        for column in self.columns:
            found, ulp = NONE, self.total.ulps[column]
            for item, sign in zip(run, signs, strict=True):
                found += sign * (item.values[column] or NONE)
                ulp = max(ulp, item.ulps[column])
            difference = abs(found - (self.total.values[column] or NONE))
            if difference > ulp * len(run) / 2:
                off.append(column)
            elif difference:
                rounded.append(column)
        parts = tuple(Part(i.line, s) for i, s in zip(run, _zero_signs(run, signs), strict=True))
        return Fit(parts, tuple(off), tuple(rounded))

    def digits(self, fit: Fit) -> float:
        """How many digits of the total the fit explains, less those that the trials may have."""
        told: dict[Decimal, float] = {}  # a figure that stands in two columns tells once
        for column in self.columns:
            value, ulp = self.total.values[column], self.total.ulps[column]
            if value and column not in fit.off:
                room = len(fit.parts) + 1 if column in fit.rounded else 1
                told[abs(value)] = max(0.0, log10(float(abs(value) / ulp) / room))
        return sum(told.values()) - log10(max(1, self.count))


def search(total: Item, stack: Sequence[Item]) -> Fit | None:
    """The best whole fit of a run that ends the stack: plain sums before signs before gaps."""
    trials = Trials(total)
    if total.is_zero or not stack:
        return None
    coarsest = max(item.ulps[trials.columns[0]] for item in (total, *stack[-LONGEST:]))
    for stage in (_plain, _signed, _with_gaps, _any_signs):
        fits = []
        for run, signs, floor in stage(total, stack):
            if not trials.may_fit(run, signs, coarsest):
                continue
            fit = trials.fit(run, signs)
            most_exact = 2 * len(fit.rounded) < len(trials.columns) or len(trials.columns) == 1
            if not fit.off and most_exact and trials.digits(fit) >= floor:
                fits.append((bool(fit.rounded), not run[0].opens, len(run), run, fit))
        if fits:
            *_, run, fit = min(fits, key=lambda found: found[:3])
            return _with_zeros(run, fit, stack)
    return None


def near(total: Item, stack: Sequence[Item]) -> Fit | None:
    """The best fit that holds in some columns and not in all, where the label says it is a sum:
    what makes a contradiction. No guess where a column lacks a figure."""
    trials, fits = Trials(total), []
    if not (total.kind and stack) or len(trials.columns) < 2:
        return None
    for stage in (_plain, _signed):
        for run, signs, _ in stage(total, stack):
            trials.count += 1
            fit = trials.fit(run, signs)
            good = [c for c in trials.columns if c not in fit.off]
            if len(fit.off) > max(1, len(good) - 1) or not good or set(fit.rounded) & set(good):
                continue
            whole = all(
                i.values[bad] is not None or all(i.values[c] is None for c in good)
                for bad in fit.off
                for i in run
            )
            if whole and trials.digits(fit) >= (0.5 if run[0].opens else 2.0):
                fits.append((len(fit.off), not run[0].opens, len(run), run, fit))
    if not fits:
        return None
    *_, run, fit = min(fits, key=lambda found: found[:3])
    return _with_zeros(run, fit, stack)


Candidate = tuple[Sequence[Item], Sequence[int], float]  # run, signs, digits it must explain


def _runs(
    stack: Sequence[Item], shortest: int = 2, longest: int = LONGEST
) -> Iterator[Sequence[Item]]:
    for length in range(shortest, min(longest, len(stack)) + 1):
        yield stack[-length:]


def _plain(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """Sums of all, and of all but what the labels deduct."""
    last = next((item for item in reversed(stack) if not item.optional), stack[-1])
    if total.kind == "total" and last.opens and not last.kind:
        yield (last,), (1,), 1.0
    for run in _runs(stack, longest=LONGEST if total.kind else LONGEST_UNNAMED):
        floor = {"total": 0.5 if run[0].opens else 1.0, "derived": 1.0, "": 3.0}[total.kind]
        if not total.kind and (len(_told(total)) < 2 or sum(not i.is_zero for i in run) < 2):
            continue
        if any(item.less for item in run):
            yield run, [-1 if item.less else 1 for item in run], floor
        yield run, [1] * len(run), floor


def _signed(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """The first line less the others; less those that are costs; as "减：" and "加：" say."""
    if not total.kind:
        return
    for run in _runs(stack):
        floor = 1.0 if len(run) == 2 or len(_told(total)) > 1 else 2.0
        for signs in _usual_signs(run):
            yield run, signs, floor


def _usual_signs(run: Sequence[Item]) -> Iterator[Sequence[int]]:
    if run[0].context == 1 and any(item.context < 0 for item in run):
        yield [item.context for item in run]
    yield [1] + [-1] * (len(run) - 1)
    costs = [1] + [-1 if item.cost else 1 for item in run[1:]]
    if -1 in costs and 1 in costs[1:]:
        yield costs


def _with_gaps(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """Runs without what may be part of a "其中：", then without a line or two."""
    if not total.kind or len(_told(total)) < 2:
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


def _any_signs(total: Item, stack: Sequence[Item]) -> Iterator[Candidate]:
    """The last resort of an income statement that mixes gains, losses and "减："."""
    if not total.kind or len(_told(total)) < 2:
        return
    for run in _runs(stack, longest=LONGEST_GAPPED):
        for kept in (run, *without_optional(run)):
            if 1 < len(kept) <= LONGEST_FREE:
                for rest in product((1, -1), repeat=len(kept) - 1):
                    yield kept, (1, *rest), 4.0


def without_optional(run: Sequence[Item]) -> Iterator[list[Item]]:
    """The run without some of its lines that may be parts of another, the most first."""
    optional = [k for k, item in enumerate(run) if item.optional][:LONGEST_FREE]
    for size in range(len(optional), 0, -1):
        for dropped in combinations(optional, size):
            yield [item for k, item in enumerate(run) if k not in dropped]


def _told(item: Item) -> set[Decimal]:
    return {value for value in item.values if value}


def _zero_signs(run: Sequence[Item], signs: Sequence[int]) -> list[int]:
    """A line of zeros tells no sign by its figures: what its label or its neighbours say."""
    others = {s for i, s in zip(run[1:], signs[1:], strict=True) if not i.is_zero}
    usual = -1 if others == {-1} else 1
    return [
        sign if k == 0 or not item.is_zero else (-1 if item.less else usual)
        for k, (item, sign) in enumerate(zip(run, signs, strict=True))
    ]


def _with_zeros(run: Sequence[Item], fit: Fit, stack: Sequence[Item]) -> Fit:
    """Lines of zeros that stand above a plain sum, under the same heading, belong to it too."""
    first, before = run[0], []
    if any(part.sign < 0 for part in fit.parts) or first.opens:
        return fit
    for item in reversed(stack[: stack.index(first)]):
        if not item.is_zero or item.kind:
            break
        before.insert(0, Part(item.line, -1 if item.less else 1))
        if item.opens:
            break
    return Fit((*before, *fit.parts), fit.off, fit.rounded)
