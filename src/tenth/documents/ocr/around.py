"""Signs that OCR confuses, told apart by the words around them."""

import re

import msgspec

from tenth.documents.ocr.numerals import CURRENCY, NUMERIC
from tenth.documents.page.ink import Word

MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
COMMAS = re.compile(r"[($€£¥-]*[1-9]\d{0,2}(?:,\d{3})+\)?")  # thousands
POINTS = re.compile(r"[($€£¥-]*[1-9]\d{0,2}(?:\.\d{3})+\)?")  # the same, or three decimals
BELOW = 2.0  # points: numbers of one column end so close to one another
ENOUGH = 3  # numbers that show how thousands are written, and that a column has no decimals


def mended_by_others(words: list[Word]) -> list[Word]:
    """The words of a page with a comma in dates and thousands, and a currency sign before a number,
    where OCR took it for something else."""
    for mend in (_currency, _date, _thousands):
        words = [_with_text(word, mend(word, words)) for word in words]
    return words


def _with_text(word: Word, text: str) -> Word:
    return word if text == word.text else msgspec.structs.replace(word, text=text)


def _currency(word: Word, words: list[Word]) -> str:
    """A sign that is alone on its line but for the number after, or begins a number's line."""
    if word.gap > 0:
        return word.text
    if word.text in CURRENCY and NUMERIC.fullmatch(_next(word, words)):
        return CURRENCY[word.text]
    dollars = sum(w.text[0] == "$" for w in words)
    amount = re.fullmatch(r"S[(\d][\d,.()]*", word.text) and dollars > 1
    return "$" + word.text[1:] if amount else word.text


def _date(word: Word, words: list[Word]) -> str:
    """September 30. 2020, the year perhaps on the next line of a heading."""
    if not re.fullmatch(r"[0-3]?\d\.", word.text):
        return word.text
    month = max(
        (w for w in words if w.x0 < word.x0 and _is_beside(word, w)),
        key=lambda w: w.x0,
        default=word,
    )
    below = (
        w.text for w in words
        if 0 < w.base - word.base < 1.6 * word.size and month.x0 < w.x1 and w.x0 < word.x1
    )  # fmt: skip
    dated = MONTH.fullmatch(month.text) and any(map(YEAR.fullmatch, (_next(word, words), *below)))
    return word.text[:-1] + "," if dated else word.text


def _thousands(word: Word, words: list[Word]) -> str:
    """1.234 on a page whose thousands have commas, in a column of whole numbers."""
    if not POINTS.fullmatch(word.text):
        return word.text
    numbers = [w for w in words if NUMERIC.fullmatch(w.text) and w is not word]
    points = [w for w in numbers if POINTS.fullmatch(w.text)]
    commas = sum(bool(COMMAS.fullmatch(w.text)) for w in numbers)
    column = [w for w in numbers if w not in points and _ends_below(w, word)]
    whole = len(column) >= ENOUGH and not any("." in w.text for w in column)
    sure = whole and commas >= max(ENOUGH, 2 * len(points))
    return word.text.replace(".", ",") if sure else word.text


def _ends_below(word: Word, other: Word) -> bool:
    """Whether two numbers end at one edge, with a bracket or but for it."""
    bracket = 0.33 * word.size
    a, b = ((w.x1, w.x1 - bracket) if w.text.endswith(")") else (w.x1,) for w in (word, other))
    return any(abs(x - y) < BELOW for x in a for y in b)


def _next(word: Word, words: list[Word]) -> str:
    after = [w for w in words if w.x0 > word.x0 and _is_beside(word, w)]
    return min(after, key=lambda w: w.x0).text if after else ""


def _is_beside(word: Word, other: Word) -> bool:
    return other.y0 < (word.y0 + word.y1) / 2 < other.y1
