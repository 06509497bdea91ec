"""Words to rows on one baseline, and rows to segments: what stands together within a row."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from tenth.documents.model import Box, union
from tenth.documents.numbers import CLOSING, is_date, is_figure, is_sign
from tenth.documents.page.ink import Word

SAME_LINE = 0.32  # of the font's size: baselines closer than that are one
FROM_FIGURE = 0.7  # a figure and the text of the next column
BESIDE = 0.55  # of the font's size: so may they stand apart where nothing is above the other
APART = 0.95  # of the font's size: a wider gap parts two segments
NUMBERS_APART = 0.45  # two figures, or two dates, are parted sooner: a cell rarely holds two
HYPHENATED = {  # a hyphen at a line's end stays behind these
    "long", "short", "non", "year", "off", "third", "first", "second", "two", "three", "four",
    "multi", "so", "well", "in", "high", "low", "up", "pre", "post", "anti", "cross", "self",
    "full", "part", "real", "on", "over", "under", "co", "ex", "fair", "tax", "debt", "cash",
    "held", "available", "right", "one", "single", "double", "mark", "quarter", "month", "day",
    "period", "end", "sub", "inter", "intra", "re", "asset", "mortgage", "share", "stock",
    "market", "income", "interest", "customer", "dollar", "equity", "credit", "foreign",
    "government", "investment", "performance", "time", "top", "world", "industry", "company",
    "mid", "best", "data", "cloud", "user", "value", "risk", "price", "cost", "rate", "back",
    "front", "follow", "start", "build", "hedge", "earnings", "revenue", "property", "sale",
    "lease", "level",
}  # fmt: skip
LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
WIDE_MARKS = "：，。；、）》"


@dataclass(slots=True)
class Segment:
    """Words of one row without a wide gap between them."""

    words: list[Word]
    text: str = ""
    box: Box = (0.0, 0.0, 0.0, 0.0)
    figure: bool = False  # a number, or the mark of none

    def __post_init__(self) -> None:
        self.box = union((w.x0, w.y0, w.x1, w.y1) for w in self.words)
        self.text = text_of(self.words)
        self.figure = is_figure(self.text)

    @property
    def x0(self) -> float:
        return self.box[0]

    @property
    def x1(self) -> float:
        return self.box[2]

    @property
    def centre(self) -> float:
        return (self.box[0] + self.box[2]) / 2

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)


@dataclass(slots=True)
class Row:
    """One baseline's segments, from left to right."""

    segments: list[Segment]
    base: float
    size: float
    y0: float = 0.0
    y1: float = 0.0
    extra: list["Row"] = field(default_factory=list)  # further lines of the same table row

    def __post_init__(self) -> None:
        self.y0 = min(s.box[1] for s in self.segments)
        self.y1 = max(s.box[3] for s in self.segments)

    @property
    def x0(self) -> float:
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        return max(s.x1 for s in self.segments)

    @property
    def box(self) -> Box:
        return union(s.box for s in self.segments)

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.segments)

    @property
    def bold(self) -> bool:
        return all(s.bold for s in self.segments)


def rows_of(words: list[Word]) -> list[Row]:
    """Rows from top to bottom. Raised or lowered small print stands in the row it belongs to."""
    lines = _baselines(words)
    rows = []
    for line in lines:
        line.sort(key=lambda w: w.x0)
        size = median([w.size for w in line])
        big = [w.base for w in line if w.size > 0.8 * size] or [w.base for w in line]
        rows.append(Row(_segments(line, size), median(big), size))
    rows.sort(key=lambda row: (row.base, row.x0))
    return rows


def _baselines(words: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    bases: list[tuple[float, float]] = []  # base and size of each line's first word
    for word in sorted(words, key=lambda w: (w.base, w.x0)):
        if lines:
            base, size = bases[-1]
            if abs(word.base - base) <= SAME_LINE * max(word.size, size):
                lines[-1].append(word)
                if word.size > size:  # small print does not say where the line is
                    bases[-1] = word.base, word.size
                continue
        lines.append([word])
        bases.append((word.base, word.size))
    return _with_small_print(lines)


def _with_small_print(lines: list[list[Word]]) -> list[list[Word]]:
    """Superscripts and subscripts put into the line beside them."""
    kept: list[list[Word]] = [[] for _ in lines]
    sizes = [max(w.size for w in line) for line in lines]
    for i, line in enumerate(lines):
        near = [
            k for k in (i - 1, i + 1, i - 2, i + 2)
            if 0 <= k < len(lines) and sizes[k] * 0.8 >= sizes[i]
        ]  # fmt: skip
        for word in line:
            home = next((k for k in near if _hangs_on(word, lines[k])), i)
            kept[home].append(word)
    return _side_by_side([line for line in kept if line])


def _side_by_side(lines: list[list[Word]]) -> list[list[Word]]:
    """Lines that stand beside one another on baselines a little apart, as one."""
    merged: list[list[Word]] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last is not None:
            near = abs(line[0].base - last[0].base) < BESIDE * min(line[0].size, last[0].size)
            apart = all(a.x1 < b.x0 or b.x1 < a.x0 for a in line for b in last)
            if near and apart:
                last.extend(line)
                continue
        merged.append(line)
    return merged


def _hangs_on(word: Word, line: list[Word]) -> bool:
    """Whether a small word stands beside a word of the line, raised or lowered a little."""
    middle = (word.y0 + word.y1) / 2
    for other in line:
        if other.size * 0.8 < word.size:
            continue
        top, bottom = other.base - 1.1 * other.size, other.base + 0.35 * other.size
        if top < middle < bottom:
            reach = 0.6 if word.x0 > other.x0 else 1.2  # a footnote's mark before its line
            gap = max(word.x0 - other.x1, other.x0 - word.x1)
            if -0.5 * other.size < gap < reach * other.size:
                return True
    return False


def _segments(line: list[Word], size: float) -> list[Segment]:
    if len(line) == 1 or _is_justified(line):
        return [Segment(line)]
    groups: list[list[Word]] = [[line[0]]]
    for k, word in enumerate(line[1:], 1):
        group = groups[-1]
        gap = word.x0 - max(w.x1 for w in group[-3:])
        figures = _opens(word.text) and is_figure(group[-1].text)
        limit = NUMBERS_APART if figures or _are_dates(group[-3:], line[k : k + 3]) else APART
        if not figures and len(group) == 1 and is_figure(group[0].text):
            limit = FROM_FIGURE
        if group[-1].text[-1] in WIDE_MARKS:
            limit += 0.6  # such a mark fills but a corner of its square
        if gap > limit * size:
            groups.append([word])
        else:
            group.append(word)
    return _with_signs(groups, size)


def _is_justified(line: list[Word]) -> bool:
    """A line of prose that is spread over its column's width: wide gaps, but all alike."""
    if len(line) < 4 or sum(w.text[0].islower() for w in line) < 0.5 * len(line):
        return False
    gaps = [b.x0 - a.x1 for a, b in pairwise(line)]
    return max(gaps) < 2.2 * median(gaps) + 1 and max(gaps) - min(gaps) < 1.2 * line[0].size


def _are_dates(*groups: list[Word]) -> bool:
    """Whether a whole date ends where another begins: headings of two columns."""
    return all(len(words) == 3 and is_date(" ".join(w.text for w in words)) for words in groups)


def _opens(text: str) -> bool:
    return is_figure(text) or is_sign(text)


def _with_signs(groups: list[list[Word]], size: float) -> list[Segment]:
    """A currency sign and its number, a number and its parenthesis or percent sign, as one."""
    segments: list[Segment] = []
    signs: list[Word] = []
    for group in groups:
        before, signs = signs, []
        if is_sign(group[-1].text):  # of the number that follows
            group, signs = group[:-1], [group[-1]]
        if before and group and (is_figure(text_of(group)) or is_figure(group[0].text)):
            segments.append(Segment([*before, *group]))
            continue
        if before:  # it had no number
            segments.append(Segment(before))
        if not group:
            continue
        last = segments[-1] if segments else None
        closes = last is not None and last.figure and CLOSING.match(text_of(group))
        if last is not None and closes and group[0].x0 - last.x1 < 1.6 * size:
            segments[-1] = Segment([*last.words, *group])
            continue
        segments.append(Segment(group))
    if signs:
        segments.append(Segment(signs))
    return segments


def text_of(words: list[Word]) -> str:
    """The words in a row, with spaces where there are gaps; signs close up to their number."""
    if any(_is_leftward(word) for word in words):
        words = _in_reading_order(words)
    text = ""
    last: Word | None = None
    for word in words:
        if last is not None and not _closes_up(last, word):
            text += " "
        text += word.text
        last = word
    return text


def _is_leftward(word: Word) -> bool:
    """Hebrew, Arabic and their like."""
    text = word.text
    return not text.isascii() and bool(LEFTWARD.search(text))


def _in_reading_order(words: list[Word]) -> list[Word]:
    """Words of a line that is written from right to left, runs of others within it kept."""
    if 2 * sum(map(_is_leftward, words)) < sum(w.text[0].isalpha() for w in words):
        return words
    ordered: list[Word] = []
    run: list[Word] = []
    for word in reversed(words):
        if _is_leftward(word):
            ordered += [*run, word]
            run = []
        else:
            run.insert(0, word)
    return ordered + run


def _closes_up(a: Word, b: Word) -> bool:
    gap = max(b.x0 - a.x1, a.x0 - b.x1)
    if is_sign(a.text) or CLOSING.match(b.text):
        return is_figure(b.text) or is_figure(a.text)
    if gap < 0.12 * max(a.size, b.size):
        return True
    reach = 1.05 if a.text[-1] in WIDE_MARKS or b.text[0] in "（《" else 0.6
    return _wide(a.text[-1]) and _wide(b.text[0]) and gap < reach * max(a.size, b.size)


def _wide(character: str) -> bool:
    """Chinese, Japanese and their punctuation, which are written without spaces."""
    code = ord(character)
    return (
        0x2E80 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFF00 <= code <= 0xFFEF
        or (0x20000 <= code <= 0x3FFFF)
    )


def joined(texts: list[str]) -> str:
    """Lines of one paragraph or cell as one text."""
    whole = ""
    for text in texts:
        if not whole or not text or (_wide(whole[-1]) and _wide(text[0])):
            whole += text
        elif whole.endswith("-") and whole[-2:-1].isalnum() and text[0].isalnum():
            whole = _hyphenated(whole, text)
        else:
            whole += " " + text
    return whole


def _hyphenated(whole: str, text: str) -> str:
    """Both as one where a hyphen ends the first; it goes where it only parted a word."""
    first = text.split(" ")[0]
    if first in ("and", "or", "to"):  # short- and long-term
        return f"{whole} {text}"
    part = whole[:-1].rpartition(" ")[2].lower()
    parted = whole[-2].isalpha() and text[0].islower() and part not in HYPHENATED
    return (whole[:-1] if parted else whole) + text
