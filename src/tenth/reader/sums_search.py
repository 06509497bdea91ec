"""The search for the lines that a total is made of, among those that no other total has taken.

Any figure is the sum of some others by chance, if enough are tried. So a fit counts only if the
figures it explains have more digits than the trials could bring about, and the more so the less
its label says that it is a sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import log10

from tenth.reader.model import Part
from tenth.reader.sums_candidates import (
    LONGEST,
    NONE,
    Item,
    any_signs,
    plain,
    signed,
    with_gaps,
)


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
    for stage in (plain, signed, with_gaps, any_signs):
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
    for stage in (plain, signed):
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
