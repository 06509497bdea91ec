"""Can a page's text layer be trusted? If not, one line says why, and OCR reads the page."""

import math
import re
import unicodedata
from collections import Counter
from functools import cache

import numpy as np

from tenth.documents.model import Box
from tenth.documents.page.ink import Ink

COVERED = 0.5  # of the page by images, where nothing else stands on it: a scan
FEW_WORDS = 30  # fewer than these over images ...
NEARLY_ALL = 0.75  # ... of this much of the page: a stamp or a page number over a scan
BROKEN = 0.1  # of the characters may mean nothing: bullets and brackets of symbol fonts
ENOUGH = 200  # characters before letter statistics say anything

# Letters in a thousand of running text, English, German, French and Spanish mixed: no language in
# Latin letters is far from it, a permuted or shifted alphabet is.
LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (84, 16, 33, 42, 142, 15, 18, 27, 76, 4, 5, 47, 27, 76, 64, 23, 5, 67, 70, 73, 37, 10, 8, 3,
         9, 5),
        strict=True,
    )
)  # fmt: skip
INKED = np.zeros(256, dtype=int)  # what may be a letter, by its code
INKED[0x21:0x7F] = INKED[0xA1:0x100] = 1
ODD_CHARACTER = 0.5  # in a thousand: what is not a letter, when letters are weighed against it
DIVERGED = 1.0  # bits between these frequencies and a page's; languages stay under 0.5
# from a label to its figures: they say nothing of how letters are spread
LEADERS = re.compile(r"(?:([._·…\-])\s?)(?:\1\s?){3,}")
FARTHEST = 64  # characters are tried to be shifted by, up and down
SHIFT_GAIN = 1.0  # bits a character that undoing a shift must gain
SHIFTED_WELL = -4.9  # bits a character that the text then has; English has about -4.3
MOJIBAKE = 0.4  # of the characters in U+00A1..00FF; Icelandic has 0.15

# In Chinese and Japanese text a third of the ideographs and more are among these; in a permuted
# font one in a hundred.
COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想"
    "实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文"
    "体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立"
    "及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做"
    "接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难"
    "且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争"
    "運営業會計資產負債權益單股東東國際經濟發電機關報時間長門問開點進過對動現實後來為無與學萬億元額率增减"
)


def trouble(ink: Ink) -> str:
    """Why the text layer of a page cannot be trusted; "" where it can."""
    text = LEADERS.sub(" ", " ".join(word.text for word in ink.words))
    words = text.split()  # text alone is read by line
    covered = coverage(ink)
    if not words:
        return "no text layer" if covered >= COVERED else ""
    if len(ink.words) < FEW_WORDS and covered >= NEARLY_ALL:
        return f"a text layer of {len(ink.words)} words over an image of the page"
    return _broken_characters(words) or _unlikely_letters(words)


def coverage(ink: Ink) -> float:
    """How much of the page images cover, overlaps counted once: of 40 x 40 points on it."""
    if not ink.width or not ink.height or not ink.images:
        return 0.0
    steps = [(i + 0.5) / 40 for i in range(40)]
    inside = sum(
        any(_holds(box, x * ink.width, y * ink.height) for box in ink.images)
        for x in steps
        for y in steps
    )
    return inside / 1600


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _broken_characters(words: list[str]) -> str:
    """Characters that stand for nothing: a font without a map to Unicode, or with a false one."""
    # A symbol that stands alone is a bullet or a checkbox, however many there are.
    text = "".join([word for word in words if len(word) > 1])
    cids = re.findall(r"\(cid:\d+\)", text)
    rest = re.sub(r"\(cid:\d+\)", "", text) if cids else text
    sound = rest.isprintable() and "\ufffd" not in rest  # as nearly all is
    bad = len(cids) + (0 if sound else sum(map(_means_nothing, rest)))
    n = len(cids) + len(rest)
    if n >= 20 and bad > BROKEN * n:
        return f"garbled text layer: {bad} of {n} characters mean nothing"
    high = len(re.findall("[\u00a1-\u00ff]", text))
    if n >= 50 and high > MOJIBAKE * n:
        return "garbled text layer: bytes of another encoding read as Latin letters"
    return ""


def _means_nothing(c: str) -> bool:
    # Co: private use; Cc: control; Cn: unassigned. U+FFFD stands for what could not be decoded.
    return c == "\ufffd" or (unicodedata.category(c) in ("Co", "Cc", "Cn") and not c.isspace())


def _unlikely_letters(words: list[str]) -> str:
    """Letters that no language uses so: a font whose map to Unicode is shifted or permuted."""
    text = "".join(words)
    shift = _shift(text)
    if shift:
        return f"garbled text layer: its characters are shifted by {shift:+d}"
    # Words in small letters alone: codes, numbers, names and formulas have their own statistics.
    # Each once: a column of "yes" and "no" has its own, too.
    lower: Counter[str] = Counter()
    for word, times in Counter(words).items():
        word = word.strip("().,;:'\"")
        if len(word) > 2 and word.isalpha() and word.islower():
            lower[word] += times
    letters = Counter(_plain("".join(lower)))
    counts = {c: k for c, k in letters.items() if c in LETTERS}
    n = sum(counts.values())
    said = sum(len(word) * times for word, times in lower.items())
    mostly = said > 0.3 * len(text)  # else they are bits of formulas or of code
    if n >= ENOUGH and mostly:
        diverged = sum(k / n * math.log2(k / n * 1000 / LETTERS[c]) for c, k in counts.items())
        if diverged > DIVERGED:
            return "garbled text layer: its letters are those of no language"
    ideographs = re.findall("[\u4e00-\u9fff]", text)
    if len(ideographs) >= ENOUGH and not re.search("[\u3040-\u30ff]", text):
        common = sum(c in COMMON for c in ideographs)
        if common < 0.12 * len(ideographs):
            return "garbled text layer: its ideographs are those of no text"
    return ""


def _plain(text: str) -> str:
    """Without accents."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _shift(text: str) -> int:
    """By how much the characters of a text in Latin letters are shifted; 0 where they are not.

    Fonts embedded without a map often show glyph numbers: "The" comes out as "7KH", 29 below.
    """
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    counts = np.bincount(units, minlength=256)[:256] * INKED
    n = int(counts.sum())
    numbers = counts[ord("0") : ord("9") + 1].sum() > 0.4 * n  # they can be shifted to letters
    if n < ENOUGH or n < 0.8 * len(text) or np.count_nonzero(counts) < 15 or numbers:
        return 0
    share = counts / n
    likelihood = _bits() @ share
    own, best = float(likelihood[FARTHEST]), int(likelihood.argmax())
    gained = float(likelihood[best])
    return FARTHEST - best if gained > SHIFTED_WELL and gained > own + SHIFT_GAIN else 0


@cache
def _bits() -> np.ndarray:
    """What a character (column) says under `LETTERS`, in bits, once it is moved by a shift (row),
    from -FARTHEST on."""
    of_code = np.full(256 + 2 * FARTHEST, math.log2(ODD_CHARACTER / 1000))
    for letter, frequency in LETTERS.items():
        for c in (letter, letter.upper()):
            of_code[FARTHEST + ord(c)] = math.log2(frequency / 1000)
    return np.stack([of_code[k : k + 256] for k in range(2 * FARTHEST + 1)])
