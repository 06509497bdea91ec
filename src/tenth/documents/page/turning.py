"""Pages whose print lies on its side or upside down, turned so that it stands upright."""

from typing import NamedTuple

import msgspec

from tenth.documents.model import Box, union
from tenth.documents.page.ink import Ink, Rule, Shown, Word

LEAST_CROSSED = 2  # words of the text
Matrix = tuple[float, float, float, float, float, float]  # as in Shown


class Lying(NamedTuple):
    """A word as it is on the page: written at `angle` degrees, clockwise, from a point of its
    baseline on."""

    word: Word
    angle: int
    start: tuple[float, float]


def upright(ink: Ink, words: list[Lying]) -> Ink:
    """The ink (without words yet) with these, turned so that most of them stand upright.

    Words in other directions come last, each run of them as one; runs over the others' lines or
    up the margin are kept apart. `Ink.shown` leads back.
    """
    letters = {angle: 0 for angle in (0, 90, 180, 270)}
    for item in words:
        letters[item.angle] += len(item.word.text)
    angle = max(letters, key=lambda a: letters[a])
    if angle == 0:
        aside = [item.word for item in words if item.angle != 0]
        kept = [item.word for item in words if item.angle == 0]
        beside, apart = _parted(_runs(aside), kept)
        return msgspec.structs.replace(ink, words=(*kept, *beside), apart=tuple(apart))
    there, back, width, height = _ways(angle, ink.width, ink.height)
    turned = [_turned(item, there) for item in words if item.angle == angle]
    aside = [_turned(item, there) for item in words if item.angle != angle]
    beside, apart = _parted(_runs(aside), turned)
    return Ink(
        width=width,
        height=height,
        words=(*turned, *beside),
        apart=tuple(apart),
        rules=tuple(Rule(*_box((r.x0, r.y0, r.x1, r.y1), there)) for r in ink.rules),
        fills=tuple(_box(box, there) for box in ink.fills),
        images=tuple(_box(box, there) for box in ink.images),
        source=ink.source,
        reason=ink.reason,
        shown=Shown(ink.width, ink.height, back),
    )


def _parted(runs: list[Word], upright: list[Word]) -> tuple[list[Word], list[Word]]:
    """Those that stand among the text, as a column's head, and those apart from its lines: across
    them, as the watermark of a stock exchange, or up the page's margin."""
    parts: tuple[list[Word], list[Word]] = [], []
    left, right = min((w.x0 for w in upright), default=0), max((w.x1 for w in upright), default=0)
    for run in runs:
        crossed = sum(
            run.x0 < w.x1 and w.x0 < run.x1 and run.y0 < w.y1 and w.y0 < run.y1 for w in upright
        )
        apart = crossed >= LEAST_CROSSED or run.x0 >= right or run.x1 <= left
        parts[apart].append(run)
    return parts


def _ways(angle: int, width: float, height: float) -> tuple[Matrix, Matrix, float, float]:
    """From the page as shown to the upright one and back, and the upright one's size."""
    if angle == 90:  # written downwards: turned a quarter anticlockwise
        return (0, 1, 0, -1, 0, width), (0, -1, width, 1, 0, 0), height, width
    if angle == 180:
        there = (-1, 0, width, 0, -1, height)
        return there, there, width, height
    return (0, -1, height, 1, 0, 0), (0, 1, 0, -1, 0, height), height, width  # written upwards


def _point(x: float, y: float, m: Matrix) -> tuple[float, float]:
    return m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]


def _box(box: Box, m: Matrix) -> Box:
    ax, ay = _point(box[0], box[1], m)
    bx, by = _point(box[2], box[3], m)
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _turned(item: Lying, m: Matrix) -> Word:
    word = item.word
    x0, y0, x1, y1 = _box((word.x0, word.y0, word.x1, word.y1), m)
    base = _point(*item.start, m)[1]
    return Word(word.text, x0, y0, x1, y1, word.size, base, word.bold, word.font)


def _runs(words: list[Word]) -> list[Word]:
    """Words written upwards or downwards beside upright text: each run of them as one word."""
    runs: list[list[Word]] = []
    for word in words:
        if runs and abs(runs[-1][-1].x0 - word.x0) < word.size:
            runs[-1].append(word)
        else:
            runs.append([word])
    joined = []
    for run in runs:
        x0, y0, x1, y1 = union((w.x0, w.y0, w.x1, w.y1) for w in run)
        text = " ".join(w.text for w in run)
        joined.append(Word(text, x0, y0, x1, y1, run[0].size, y1, run[0].bold, run[0].font))
    return joined
