"""Small charts of a few periods: bars and a line, as places in an inline SVG, each one a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenth.reader.model import Fact, Figure, Period
from tenth.reader.summary.amounts import of_fact
from tenth.reader.summary.names import MONTHS, Language, title, title_of_fact
from tenth.reader.summary.notes import Notes, Ref

WIDTH, HEIGHT = 360, 190  # of the SVG, in its own units
TOP, BOTTOM, SIDE = 26, 36, 6  # room for figures above and periods below


@dataclass(frozen=True)
class Mark:
    """A bar or a dot with its figure above it and its period below."""

    ref: Ref
    x: float  # of its middle
    y: float  # of its top
    height: float  # of a bar
    width: float
    above: float  # where its figure stands
    periods: tuple[str, str]


@dataclass(frozen=True)
class Chart:
    kind: str  # "bars" or "line"
    title: str
    unit: str  # "US$ billion"
    marks: tuple[Mark, ...]
    base: float  # y of zero, or of the foot
    path: str = ""  # of a line


def bars(facts: Sequence[Fact], notes: Notes) -> Chart:
    """Revenue, a bar a period, from zero."""
    values = [fact.value or Decimal(0) for fact in facts]
    top, low = max(max(values), Decimal(0)), min(min(values), Decimal(0))
    room = HEIGHT - TOP - BOTTOM
    base = TOP + room * float(top / (top - low))
    step = (WIDTH - 2 * SIDE) / len(facts)
    unit = _unit([of_fact(fact, notes.language) for fact in facts])
    marks = []
    for k, (fact, value) in enumerate(zip(facts, values, strict=True)):
        length = room * float(abs(value) / (top - low))
        y = base - length if value >= 0 else base
        shown = of_fact(fact, notes.language)
        ref = notes.fact(fact, text=_bare(shown) if unit else shown)
        x, below = SIDE + step * (k + 0.5), _below(fact.period, notes.language)
        marks.append(Mark(ref, *_rounded(x, y, length, step * 0.66, y - 5), below))
    name = title_of_fact(facts[-1], notes.language)
    return Chart("bars", name, unit, tuple(marks), round(base, 2))


def lines(points: Sequence[tuple[Period, Figure]], notes: Notes) -> Chart:
    """A margin, a dot a period."""
    values = [figure.value for _, figure in points]
    top, low = max(values), min(values)
    spread = (top - low) or Decimal(1)
    room = HEIGHT - TOP - BOTTOM - 22  # a figure may stand below its dot
    step = (WIDTH - 2 * SIDE) / len(points)
    marks = []
    for k, (period, figure) in enumerate(points):
        x = SIDE + step * (k + 0.5)
        y = TOP + room * float((top - figure.value) / spread)
        ref = notes.figure(figure)
        above = y + 17 if _dips(values, k) else y - 8
        below = _below(period, notes.language)
        marks.append(Mark(ref, *_rounded(x, y, 0.0, step, above), below))
    path = " ".join(f"{'L' if k else 'M'}{mark.x} {mark.y}" for k, mark in enumerate(marks))
    name = title(points[-1][1].metric, notes.language)
    return Chart("line", name, "", tuple(marks), float(HEIGHT - BOTTOM), path)


def _rounded(*values: float) -> tuple[float, float, float, float, float]:
    x, y, height, width, above = (round(value, 2) for value in values)
    return x, y, height, width, above


def _dips(values: Sequence[Decimal], k: int) -> bool:
    """Whether the line comes from above and goes up again, so that there is room below."""
    around = values[max(0, k - 1) : k] + values[k + 1 : k + 2]  # type: ignore[operator]
    return 2 * values[k] < sum(around, Decimal(0)) * 2 / len(around)


def _unit(shown: list[str]) -> str:
    """What all have around their digits: "US$ billion"; "" where they differ."""
    around = {_around(text) for text in shown}
    return around.pop() if len(around) == 1 else ""


def _around(text: str) -> str:
    digits = [k for k, c in enumerate(text) if c.isdigit()]
    return f"{text[: digits[0]].lstrip('−')}{text[digits[-1] + 1 :]}" if digits else text


def _bare(text: str) -> str:
    digits = [k for k, c in enumerate(text) if c.isdigit()]
    sign = "−" if text.startswith("−") else ""
    return sign + text[digits[0] : digits[-1] + 1]


def _below(period: Period, language: Language) -> tuple[str, str]:
    """Month and year of its last day."""
    last = date.fromisoformat(period.end)
    if language == "zh":
        return f"{last.month}月", f"{last.year}年"
    return MONTHS[last.month - 1], str(last.year)
