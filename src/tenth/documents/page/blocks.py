"""Lines of text to blocks: paragraphs, headings, list items, notes, in reading order."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from tenth.documents.model import Block, BlockKind, union
from tenth.documents.numbers import MARK, is_scale
from tenth.documents.page.ink import Ink
from tenth.documents.page.lines import Row, joined

BULLET = re.compile(r"^(?:[•●○◦▪■□–‣∙·➢➤✓✔❖*]|[-—])$")
ITEM = re.compile(
    r"^(?:\(?(?:[0-9]{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]"
    r"|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)$"
)


SAME_SIZE, SAME_SIZE_READ = 0.12, 0.2  # OCR measures sizes by a few pixels


@dataclass(frozen=True)
class Style:
    """What is usual on a page: the size of its running text."""

    size: float
    same: float = SAME_SIZE  # lines of one paragraph differ by no more, as a share of their size

    @classmethod
    def of(cls, ink: Ink) -> "Style":
        same = SAME_SIZE_READ if ink.source == "ocr" else SAME_SIZE
        sizes = sorted((w.size, len(w.text)) for w in ink.words)
        half, seen = sum(n for _, n in sizes) / 2, 0
        for size, n in sizes:
            seen += n
            if seen >= half:
                return cls(size, same)
        return cls(10.0, same)


def blocks_of(
    rows: list[Row],
    number: int,
    style: Style,
    zone: tuple[float, float, float],
    after_table: bool,
) -> list[Block]:
    """The blocks that these rows make. `zone`: from where to where it reaches, and its pitch."""
    if not rows:
        return []
    left, right, pitch = zone
    groups: list[list[Row]] = []
    for run, edge in _tight_runs(rows, pitch, right):
        groups.append([run[0]])
        for row in run[1:]:
            if _goes_on(groups[-1], row, left, edge, style.same):
                groups[-1].append(row)
            else:
                groups.append([row])
    blocks: list[Block] = []
    for group in groups:
        notes = after_table and all(block.kind == "note" for block in blocks)
        blocks.append(_block(group, number, style, left, notes))
    return blocks


def usual_pitch(runs: list[list[Row]]) -> float:
    """Baseline to baseline within paragraphs, as a multiple of the font's size."""
    pitches = [
        (b.base - a.base) / b.size
        for rows in runs
        for a, b in itertools.pairwise(rows)
        if abs(a.size - b.size) < 0.5 and 0.9 < (b.base - a.base) / b.size < 2.2
    ]
    if len(pitches) < 4:
        return min([*pitches, 1.35])
    return sorted(pitches)[len(pitches) // 3]


def _tight_runs(rows: list[Row], pitch: float, right: float) -> Iterator[tuple[list[Row], float]]:
    """Lines as close as those of one paragraph, and the right edge that a run's lines reach for."""
    runs: list[list[Row]] = []
    for row in rows:
        before = runs[-1][-1] if runs else None
        if before is not None and (
            0 <= row.base - before.base <= (pitch + 0.28) * max(row.size, before.size)
        ):
            runs[-1].append(row)
        else:
            runs.append([row])
    usual = max((r.x1 for run in runs if len(run) > 1 for r in run), default=right)
    for run in runs:
        yield run, max(r.x1 for r in run) if len(run) > 2 else usual


def _goes_on(group: list[Row], row: Row, left: float, right: float, same: float) -> bool:
    """Whether a line belongs to the paragraph of the lines right above it."""
    before, first = group[-1], group[0]
    size = max(row.size, before.size)
    if abs(row.size - before.size) > same * size or row.bold != before.bold:
        return False
    if _marker(row) or _says_scale(row):
        return False
    word = row.segments[0].words[0]
    needed = (word.x1 - word.x0) + 0.9 * size + 0.04 * (right - left)
    full = right - before.x1 < needed  # there was no room for the next line's first word
    if _marker(first) and len(group) == 1:
        return row.x0 > first.x0 + 0.5 or before.x1 > right - 3 * size or full
    centred = abs(row.x0 + row.x1 - before.x0 - before.x1) < 6 and abs(row.x0 - before.x0) > 3
    if centred and before.x0 - left > size:
        return right - left - (before.x1 - before.x0) < needed
    indent = row.x0 - (group[1].x0 if len(group) > 1 else before.x0)
    if indent > 0.9 * size and (len(group) > 1 or abs(before.x0 - left) > size):
        return False
    return full


def _says_scale(row: Row) -> bool:
    """(in thousands), below a title; in a sentence that ends so, a colon or a stop follows."""
    bracketed = row.text[0] in "(（" and row.text[-1] in ")）"
    return (bracketed or row.text[0] == "单") and is_scale(row.text)


def _marker(row: Row) -> str:
    """The bullet or number that a list item's line begins with."""
    first = row.segments[0].words[0].text
    if BULLET.match(first) and len(row.segments[0].words) + len(row.segments) > 2:
        return first
    if ITEM.match(first) and len(row.segments[0].words) + len(row.segments) > 2:
        return first
    return first[0] if first[0] in "•●▪■➢➤❖✓" and len(first) > 1 else ""


def _block(group: list[Row], number: int, style: Style, left: float, after_table: bool) -> Block:
    text = joined([row.text for row in group])
    box = union(row.box for row in group)
    kind, level = _kind(group, text, style, left, after_table)
    return Block(kind, text, number, box, level)


def _kind(
    group: list[Row], text: str, style: Style, left: float, after_table: bool
) -> tuple[BlockKind, int]:
    size = median(row.size for row in group)
    bold = all(row.bold for row in group)
    words = [w.text for row in group for s in row.segments for w in s.words]
    small = size < 0.93 * style.size
    if MARK.match(words[0]) and (small or after_table):
        return "note", 0
    short = len(text) < 200 and len(group) <= 3 and not text.endswith((".", ";", "。", "；", ","))
    if size > 1.14 * style.size and short and any(c.isalpha() for c in text):
        return "heading", 1 if size > 1.6 * style.size else 2
    if bold and short and any(c.isalpha() for c in text):
        return "heading", 3
    if _marker(group[0]):
        return "list", min(5, int((group[0].x0 - left) / 14))
    return "paragraph", 0
