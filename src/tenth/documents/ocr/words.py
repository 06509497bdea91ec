"""Lines as OCR reads them become words: split where the ink has gaps, boxes that hug it."""

import re
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np

from tenth.documents.model import Box, union
from tenth.documents.ocr.numerals import DASHES, dash, joins, mended
from tenth.documents.ocr.scan import Pieces, grouped
from tenth.documents.page.ink import Word

COLUMN_GAP = 0.7  # of a line's box: a wider gap without a space ends a word all the same
WIDE_GAP = 1.1  # ... beside ideographs, whose punctuation is mostly blank
CAPITAL, SMALL, IDEOGRAPH = 0.74, 0.53, 0.88  # height over the font's size
DESCENT = 0.21  # what goes below the baseline
TALL, DEEP = re.compile(r"[^acegmnopqrsuvwxyz.,:;\-–—]"), re.compile(r"[gjpqy()\[\]{}|]")
TORN = 0.2  # of the font's size: pieces of one number are no farther apart
TIGHT = 0.08  # ... and those of one word; a space has 0.2 and more
MOST_OVERLOOKED = 60  # groups of ink on a page: more are a drawing
CORNER = 0.5  # of a line's height: lines that share less of their length stand side by side
SAME_SIZE = 0.1  # sizes that differ by less are one


@dataclass
class Line:
    """A line of print on the upright page, in its pixels."""

    box: Box
    text: str
    centres: list[float]  # x of each character of `text` that is no space
    vertical: bool = False  # written upwards or downwards: its words are not told apart


def parted(lines: list[Line]) -> list[Line]:
    """Lines whose boxes do not overlap: each character's ink is in one of them."""
    for i, upper in enumerate(lines):
        for lower in lines[i + 1 :]:
            a, b = (upper, lower) if _middle(upper) <= _middle(lower) else (lower, upper)
            overlap = a.box[3] - b.box[1]
            wide = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
            beside = wide < CORNER * min(a.box[3] - a.box[1], b.box[3] - b.box[1])
            if overlap <= 0 or beside or not a.box[1] < b.box[1] or not a.box[3] < b.box[3]:
                continue
            cut = a.box[3] - overlap / 2
            a.box, b.box = (*a.box[:3], cut), (b.box[0], cut, *b.box[2:])
    return lines


def overlooked(lines: list[Line], ink: Pieces, shape: tuple[int, ...]) -> tuple[np.ndarray, float]:
    """Boxes of ink as high as print in no line: single digits and dashes, which detection misses.

    With them the common height of a line.
    """
    if not lines:
        return np.zeros((0, 4)), 0.0
    x0, y0, x1, y1 = np.array([line.box for line in lines]).T
    common = float(np.median(y1 - y0))
    b = ink.boxes
    x, y = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
    reach = 0.15 * common  # as in _inside
    taken = (x[:, None] >= x0 - reach) & (x[:, None] <= x1 + reach)
    taken &= (y[:, None] >= y0) & (y[:, None] <= y1)
    wide, high = b[:, 2] - b[:, 0], b[:, 3] - b[:, 1]
    printed = (np.maximum(wide, high) > 0.25 * common) & (high < 1.2 * common) & (wide < 3 * common)
    groups = grouped(b[printed & ~taken.any(axis=1)], 0.5 * common, shape)
    middle = (groups[:, 1] + groups[:, 3]) / 2
    beside = ((middle[:, None] > y0) & (middle[:, None] < y1)).any(axis=1)
    groups = groups[beside & (groups[:, 3] - groups[:, 1] < 1.4 * common)]
    return groups if len(groups) <= MOST_OVERLOOKED else groups[:0], common


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def evened(words: list[Word]) -> list[Word]:
    """Words of the few sizes that a page has, the commonest first: measuring finds many."""
    sizes = np.array([word.size for word in words])
    letters = np.array([len(word.text) for word in words])
    alike = np.abs(sizes[:, None] / sizes[None, :] - 1) <= SAME_SIZE
    even = sizes.copy()
    left = np.ones(len(words), bool)
    while left.any():
        near = alike & left
        chosen = near[(near @ letters * left).argmax()]
        even[chosen] = np.average(sizes[chosen], weights=letters[chosen])
        left &= ~chosen
    return [
        msgspec.structs.replace(word, size=float(size))
        for word, size in zip(words, even, strict=True)
    ]


def words_of(line: Line, ink: Pieces, scale: float) -> list[Word]:
    """The words of a line, in points."""
    height = line.box[3] - line.box[1]
    inside = _inside(line, ink)
    base, size = _body(line, inside)
    if line.vertical:
        box = union(inside.tolist()) if len(inside) else line.box
        text = line.text.strip()
        x0, y0, x1, y1 = (v / scale for v in box)
        return [Word(text, x0, y0, x1, y1, size=(x1 - x0) / CAPITAL, base=y1)]
    gaps = _gaps(inside)
    tokens = _tokens(line, gaps, height)
    cuts = [_cut(before[2], after[1], gaps) for before, after in pairwise(tokens)]
    words: list[Word] = []
    for (text, first, last), left, right in zip(
        tokens, [line.box[0] - height, *cuts], [*cuts, line.box[2] + height], strict=True
    ):
        box = _hug(inside, left, right) or _guessed(line, first, last, height)
        if text in DASHES:
            text = dash(box[2] - box[0], box[3] - box[1], size) or text
        x0, y0, x1, y1 = (v / scale for v in box)
        gap = x0 - words[-1].x1 if words else 0.0
        word = Word(mended(text), x0, y0, x1, y1, size / scale, base / scale, gap=gap)
        if words and _torn(words[-1], word):
            word = _joined(words.pop(), word)
        words.append(word)
    return words


def _inside(line: Line, ink: Pieces) -> np.ndarray:
    """The pieces of the line's characters."""
    x0, y0, x1, y1 = line.box
    height = y1 - y0
    reach = 0 if line.vertical else 0.15 * height  # detection may cut the last parenthesis
    found = ink.within(x0 - reach, y0, x1 + reach, y1)
    if line.vertical:
        return found
    high, wide = found[:, 3] - found[:, 1], found[:, 2] - found[:, 0]
    return found[(high <= 1.25 * height) & (wide <= 4 * height)]


def _body(line: Line, inside: np.ndarray) -> tuple[float, float]:
    """The baseline's y and the font's size, in pixels."""
    _, y0, _, y1 = line.box
    body = inside[inside[:, 3] - inside[:, 1] > 0.3 * (y1 - y0)]
    if not len(body):
        return y1 - 0.2 * (y1 - y0), 0.75 * (y1 - y0)
    if any(map(_ideograph, line.text)):  # their pieces are strokes: the line's height counts
        high = np.percentile(body[:, 3], 90) - np.percentile(body[:, 1], 10)
        return float(np.median(body[:, 3])), float(high) / IDEOGRAPH
    tall = CAPITAL if TALL.search(line.text) else SMALL
    if 2 * len(body) <= len(line.centres):  # letters that touch: their words say how deep they go
        top, bottom = float(body[:, 1].min()), float(body[:, 3].max())
        below = DESCENT if DEEP.search(line.text) else 0.0
        size = (bottom - top) / (tall + below)
        return bottom - below * size, size
    bottoms = body[:, 3]
    # Where most end is the baseline; parentheses and commas go below it.
    near = np.abs(bottoms[:, None] - bottoms[None, :]) <= 0.05 * (y1 - y0)
    base = float(bottoms[(near @ (body[:, 2] - body[:, 0])).argmax()])
    standing = body[np.abs(bottoms - base) <= 0.05 * (y1 - y0)]
    high = standing[:, 3] - standing[:, 1]
    return base, float(high[high > 0.88 * high.max()].mean()) / tall  # by many, to part of a pixel


def _gaps(inside: np.ndarray) -> list[tuple[float, float]]:
    """Where no ink stands along the line, from left to right."""
    gaps = []
    end = None
    for x0, _, x1, _ in sorted(inside.tolist()):
        if end is not None and x0 > end:
            gaps.append((end, x0))
        end = x1 if end is None else max(end, x1)
    return gaps


def _tokens(
    line: Line, gaps: list[tuple[float, float]], height: float
) -> list[tuple[str, float, float]]:
    """Text between spaces and column gaps, with the x of its first and last character."""
    tokens: list[tuple[str, float, float]] = []
    centres = iter(line.centres)
    fresh = True
    for c in line.text:
        if c.isspace():
            fresh = True
            continue
        x = next(centres)
        text, first, last = ("", x, x) if fresh else tokens.pop()
        limit = WIDE_GAP if _ideograph(c) or _ideograph(text[-1:]) else COLUMN_GAP
        if text and _widest(last, x, gaps) > limit * height:
            tokens.append((text, first, last))
            text, first = "", x
        tokens.append((text + c, first, x))
        fresh = False
    return tokens


def _widest(left: float, right: float, gaps: list[tuple[float, float]]) -> float:
    """The width of the widest gap that lies, by its middle, between two characters."""
    return max((b - a for a, b in gaps if left <= (a + b) / 2 <= right), default=0.0)


def _cut(left: float, right: float, gaps: list[tuple[float, float]]) -> float:
    """Where to part two tokens: in the widest gap between their nearest characters."""
    between = [(b - a, (a + b) / 2) for a, b in gaps if left <= (a + b) / 2 <= right]
    return max(between)[1] if between else (left + right) / 2


def _hug(inside: np.ndarray, left: float, right: float) -> Box | None:
    middle = (inside[:, 0] + inside[:, 2]) / 2
    own = inside[(middle >= left) & (middle < right)]
    return union(own.tolist()) if len(own) else None


def _guessed(line: Line, first: float, last: float, height: float) -> Box:
    """Where no ink was found: print on a shade, mostly. From the characters' middles."""
    half, margin = 0.25 * height, 0.15 * height
    return first - half, line.box[1] + margin, last + half, line.box[3] - margin


def _torn(left: Word, right: Word) -> bool:
    """Whether a space was read where there is none."""
    if left.text[-1].isalnum() and right.text[0].isalnum():
        return right.gap < TIGHT * right.size
    return right.gap < TORN * right.size and joins(left.text, right.text)


def _joined(left: Word, right: Word) -> Word:
    x0, y0, x1, y1 = union((w.x0, w.y0, w.x1, w.y1) for w in (left, right))
    text = mended(left.text + right.text)
    return Word(text, x0, y0, x1, y1, right.size, right.base, gap=left.gap)


def _ideograph(c: str) -> bool:
    return "\u2e80" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" or "\uac00" <= c <= "\ud7af"
