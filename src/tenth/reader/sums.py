"""What each total of a statement is made of, so that the workbook can add it up again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import msgspec

from tenth.reader.figures import parse_number
from tenth.reader.model import Fact, Line, Statement, Unit
from tenth.reader.sums_candidates import LONGEST, Item, without_optional
from tenth.reader.sums_labels import is_addition, is_cost, is_deduction, is_memo, sum_kind
from tenth.reader.sums_search import Fit, Trials, near, search

ZERO, THOUSAND = Decimal(0), Decimal(1000)
ROUNDED = 4  # so many figures that all end in 000 are no chance
AFTER_MEMO = 2  # rows after a "其中：" that may be its other members
MEMBERS = 24  # of a total that stands above them, at most


def with_parts(statement: Statement, facts: Mapping[str, Fact]) -> Statement:
    """The statement with the parts of its totals: each total is the signed sum of its parts in
    every column that has a figure of its unit, within half a unit of the printed precision a part
    and exactly in most. A line is a part of one total at most."""
    fits = {line: fit for line, fit in find_sums(statement, facts).items() if not fit.off}
    lines = tuple(
        msgspec.structs.replace(line, parts=fits[i].parts if i in fits else ())
        for i, line in enumerate(statement.lines)
    )
    return msgspec.structs.replace(statement, lines=lines)


MOST_LINES = 400  # of a table whose sums are looked for


def find_sums(statement: Statement, facts: Mapping[str, Fact]) -> dict[int, Fit]:
    """By line: what it is the sum of, also where that fails in some of the columns (`Fit.off`)."""
    found: dict[int, Fit] = {}
    if len(statement.lines) > MOST_LINES:
        return found
    units: tuple[Unit, ...] = ("currency", "shares", "currency/share")
    if statement.kind in ("customers", "suppliers"):
        units = (*units, "pure")  # shares of a whole; other percents do not add up
    for unit in units:
        items = line_items(statement, facts, unit)
        found = _climb(items, strict=unit == "currency/share") | found
    return found


def _climb(items: list[Item], strict: bool) -> dict[int, Fit]:
    """Goes down the lines; what a total has taken is replaced by the total. Strict: only sums that
    hold in all columns."""
    stack: list[Item] = []
    found: dict[int, Fit] = {}
    taken: set[int] = set()
    for k, item in enumerate(items):
        if item.memo and stack and stack[-1].line not in found:
            taken |= _members(stack[-1], items[k:], found)
        if item.memo or item.line in taken:
            continue
        fit = search(item, stack)
        if fit is None and item.kind and _fold(stack, found):
            fit = search(item, stack)
        if fit is None and not strict:
            fit = near(item, stack)
        if fit is not None:
            found[item.line] = fit
            first = min(part.line for part in fit.parts)
            opens = any(other.opens for other in stack if other.line == first)
            # what a run left out belongs to nothing else: a row of another kind in between
            stack = [other for other in stack if other.line < first]
            item = replace(item, opens=opens)
        stack.append(item)
        for start in range(len(stack) - 3, max(-1, len(stack) - 2 - MEMBERS), -1):
            if stack[start].line not in found and _folds(
                stack, start, len(stack) - 1 - start, found
            ):
                break
    _fold(stack, found)
    return found


def _members(total: Item, rows: list[Item], found: dict[int, Fit]) -> set[int]:
    """The lines of the "其中：" rows that add up to the total above them."""
    trials = Trials(total)
    for size in range(2, min(len(rows), MEMBERS) + 1):
        if rows[size - 1].opens:
            break
        run = [row for k, row in enumerate(rows[:size]) if k == 0 or not row.memo]
        for kept in (run, *without_optional(run)):
            if len(kept) > 1 and _is_sum(trials, kept, 3.0):
                found[total.line] = trials.fit(kept, [1] * len(kept))
                return {row.line for row in rows[:size]}
    return set()


def _fold(stack: list[Item], found: dict[int, Fit]) -> bool:
    """Takes members off the stack that stand below their total ("Net sales 100, Products 60,
    Services 40"); True if there were any."""
    before, start = len(stack), max(0, len(stack) - LONGEST)
    while start < len(stack):
        known = {item.line for item in stack[start : start + 2]} & found.keys()
        least = 1 if known else 2  # a row that repeats a total, or its total
        for size in _likely_sizes(stack[start : start + 1 + MEMBERS]):
            if size >= least and _folds(stack, start, size, found):
                break
        start += 1
    return len(stack) < before


def _likely_sizes(items: list[Item]) -> Iterator[int]:
    """How many items after the first add up to it in its first column; none past a heading."""
    column = next(k for k, value in enumerate(items[0].values) if value is not None)
    rest = items[0].values[column] or ZERO
    for size, item in enumerate(items[1:], 1):
        if item.opens and size > 1:
            return
        rest -= item.values[column] or ZERO
        if not rest:
            yield size


def _folds(stack: list[Item], start: int, size: int, found: dict[int, Fit]) -> bool:
    """Takes `size` members below stack[start] off the stack, if they add up to it."""
    total, members = stack[start], stack[start + 1 : start + 1 + size]
    trials = Trials(total)
    shares = total.line in found  # "Net income 10. Attributable to: owners 9, others 1"
    if any(member.opens for member in members[shares:]) or not _is_sum(trials, members, 4.0):
        return False
    found.setdefault(total.line, trials.fit(members, [1] * size))
    del stack[start + 1 : start + 1 + size]
    return True


def _is_sum(trials: Trials, members: list[Item], floor: float) -> bool:
    """A plain sum, exact in at least two columns."""
    signs = [1] * len(members)
    if len(trials.columns) < 2 or not trials.may_fit(members, signs, ZERO):
        return False
    fit = trials.fit(members, signs)
    return not fit.off + fit.rounded and trials.digits(fit) >= floor


def line_items(statement: Statement, facts: Mapping[str, Fact], unit: Unit) -> list[Item]:
    """The lines with figures of this unit, rows counted elsewhere left out."""
    items: list[Item] = []
    context, opens, memo = 1, True, 0
    for i, line in enumerate(statement.lines):
        own = [facts.get(fact) if fact else None for fact in line.facts]
        values = tuple(f.value if f is not None and f.unit == unit else None for f in own)
        if line.is_heading and is_memo(line.label):
            memo = AFTER_MEMO + 1  # "其中：优先股" without figures
        elif line.is_heading:
            context, opens, memo = 1, True, 0
        if all(value is None for value in values):
            continue
        kind = sum_kind(line)
        context = _context(line, bool(kind), context)
        less, more = is_deduction(line.label), is_addition(line.label)
        memo = 0 if less or more or kind else memo - 1
        items.append(
            Item(i, values, tuple(printed_step(fact) for fact in own), kind, less, context,
                 is_cost(line.label), opens, is_memo(line.label), memo > 0)
        )  # fmt: skip
        opens = False
        if items[-1].memo:
            memo = AFTER_MEMO + 1
    return items


def _context(line: Line, is_sum: bool, before: int) -> int:
    if is_deduction(line.label):
        return -1
    return 1 if is_addition(line.label) or is_sum else before


def printed_step(fact: Fact | None) -> Decimal:
    """What the last printed digit is worth: "81.8" in millions is printed to 100,000."""
    if fact is None:
        return ZERO
    step = Decimal(fact.scale or 1).scaleb(-_decimals(fact.verbatim))
    return step / 100 if fact.unit == "pure" and _in_hundredths(fact) else step


def shared_step(facts: Sequence[Fact]) -> Decimal:
    """What the last digit of the figures is worth at most: where all end in 000, as "$4,481,000",
    a company that prints whole dollars rounds them to thousands."""
    values = [fact.value for fact in facts if fact.value]
    rounded = len(values) >= ROUNDED and all(value % THOUSAND == 0 for value in values)
    return max(max(map(printed_step, facts)), THOUSAND if rounded else ZERO)


def _in_hundredths(fact: Fact) -> bool:
    """A percent, also one whose sign stands in its header: "23" for 0.23."""
    if "%" in fact.verbatim or not fact.value:
        return "%" in fact.verbatim
    number = re.search(r"\d[\d.,]*", fact.verbatim)
    return bool(number) and abs(fact.value) * 100 == parse_number(number[0].rstrip(".,"))


def _decimals(verbatim: str) -> int:
    """Digits after the decimal sign: 1 in "1,234.5", "1.234,5" and "12,5", none in "1,234" and
    "1.234.567". A point alone is a decimal sign."""
    number = re.search(r"\d[\d.,]*", verbatim)
    text = number[0].rstrip(".,") if number else ""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0 or text.count(text[last]) > 1:
        return 0
    digits = len(text) - last - 1
    groups = text[last] == "," and "." not in text and digits == 3
    return 0 if groups else digits
