"""A PDF page's words: by character, with their ink, or by line where text is enough."""

import ctypes
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium

from tenth.documents.model import Box
from tenth.documents.numbers import PLACED
from tenth.documents.page.ink import Word
from tenth.documents.page.turning import Lying
from tenth.documents.pdf.ligatures import LOST, with_ligatures
from tenth.documents.pdf.paths import IDENTITY, Matrix

MIN_SIZE = 1.5  # points: nobody reads smaller print
_STAND_FOR = {  # what characters stand for that are not themselves
    **{code: "\ufffd" for code in range(0x20) if chr(code) not in "\t\n\r"},  # unknown glyphs
    **{code: " " for code in range(0x200B, 0x2010)},  # a space ends a word
    **dict.fromkeys((0x02, 0xFFFE, 0xAD), "-"),  # PDFium's marks of a line's end, the soft hyphen
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl",
}  # fmt: skip
INVISIBLE = 3  # the text render mode
WHITE = 250  # of 255, in all three colours
SMALL = 0.8  # of the print beside it: so small may be raised, or a note's mark
NO_INK = 0.005  # of the type size: no stroke is as thin
TOUCHING = 0.05  # of a character's height: as close as two digits of one number are
_NUMERIC = frozenset("0123456789.,")
WORD_GAP = 0.6  # of the font's size: wider apart, characters are not one word


class _Style(NamedTuple):
    """What the characters of one font, size and direction share."""

    size: float
    angle: int  # of writing, clockwise from rightwards, as y grows downwards
    font: str
    bold: bool
    invisible: bool
    white: bool


class Characters:
    """PDFium's characters in the file's order."""

    def __init__(
        self, page: pypdfium2.PdfPage, to_shown: Matrix, fills: list[Box], images: list[Box]
    ):
        self.to_shown, self.fills, self.images = to_shown, fills, images
        self.color = [ctypes.c_uint() for _ in range(4)]
        self.color_at = [ctypes.byref(value) for value in self.color]
        self.text = page.get_textpage()
        self.handle = self.text.raw
        self.fonts: dict[int, tuple[str, bool]] = {}
        self.styles: dict[tuple[Any, ...], _Style] = {}
        self.matrix = pdfium.FS_MATRIX()
        self.corners = [ctypes.c_double() for _ in range(6)]
        self.corners_at = [ctypes.byref(value) for value in self.corners]

    def words(self) -> list[Lying]:
        """All words with the box of their ink."""
        try:
            return _legible(list(self._words()))
        finally:
            self.text.close()

    def lines(self) -> list[Lying]:
        """The same words line by line, at a tenth of the cost: only the ends of each line are
        measured, and the words between share out its length. Where no word's place matters, the
        first word and the rest of the line, as if it were one word."""
        try:
            lines = list(self._lines())
        finally:
            self.text.close()
        near = _beside_small_print(lines)
        return _legible(
            [
                item
                for line, small in zip(lines, near, strict=True)
                for item in line.shared_out(whole=not small)
            ]
        )

    def _words(self) -> Iterator[Lying]:
        handle = self.handle
        get_unicode, get_box = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharBox
        get_object, get_origin = pdfium.FPDFText_GetTextObject, pdfium.FPDFText_GetCharOrigin
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        at = [ctypes.byref(value) for value in (left, right, bottom, top)]
        x, y = ctypes.c_double(), ctypes.c_double()
        origin = ctypes.byref(x), ctypes.byref(y)
        to_box, to_point = self.to_shown.box, self.to_shown.point
        word = _Growing()
        high, last_object = 0, 0
        style: _Style | None = None
        for i in range(pdfium.FPDFText_CountChars(handle)):
            code = get_unicode(handle, i)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code, high = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00, 0
            text = _STAND_FOR.get(code) or chr(code)
            if text.isspace():
                if not (word.text and self._within_number(i, word.text[-1])):
                    yield from self._ended(word)
                    word = _Growing()
                continue
            get_box(handle, i, *at)
            get_origin(handle, i, *origin)
            item = get_object(handle, i)
            address = ctypes.addressof(item.contents)
            if style is None or address != last_object:
                style, last_object = self._style(item, i), address
            box = to_box(left.value, bottom.value, right.value, top.value)
            if _has_no_ink(box, style):
                box = self._loose_box(i)
            base = to_point(x.value, y.value)
            if word.text and not word.goes_on(box, base, style):
                yield from self._ended(word)
                word = _Growing()
            word.add(text, box, base, style)
        yield from self._ended(word)

    def _within_number(self, at: int, before: str) -> bool:
        """Whether the library made up a space between digits that stand as close as their font sets
        them: the ink of a narrow "1" in small type is far from its neighbours'."""
        handle = self.handle
        first, last = at, at
        while pdfium.FPDFText_IsGenerated(handle, first) == 1:
            first -= 1
        while pdfium.FPDFText_IsGenerated(handle, last) == 1:
            last += 1
        after = pdfium.FPDFText_GetUnicode(handle, last)
        if not first < at < last or before not in _NUMERIC or chr(after) not in _NUMERIC:
            return False
        a, b = self._loose(first), self._loose(last)
        return abs(b.left - a.right) < TOUCHING * abs(a.top - a.bottom)

    def _loose(self, index: int) -> Any:
        """A character's advance, and the height of its line."""
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self.handle, index, ctypes.byref(box))
        return box

    def _loose_box(self, index: int) -> Box:
        box = self._loose(index)
        return self.to_shown.box(box.left, box.bottom, box.right, box.top)

    def _ended(self, word: "_Growing") -> Iterator[Lying]:
        style = word.style
        if not word.text or style is None or style.size < MIN_SIZE:
            return
        if style.invisible and not any(_touches(word.box, image) for image in self.images):
            return
        if style.white and not any(_touches(word.box, b) for b in (*self.fills, *self.images)):
            return  # white on white
        yield Lying(word.done(), style.angle, word.base)

    def _style(self, item: Any, index: int) -> _Style:
        matrix = self.matrix
        pdfium.FPDFText_GetMatrix(self.handle, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self.handle, index)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        pdfium.FPDFPageObj_GetFillColor(item, *self.color_at)
        red, green, blue, _ = self.color
        white = min(red.value, green.value, blue.value) >= WHITE
        font = ctypes.addressof(pdfium.FPDFTextObj_GetFont(item).contents)
        key = (font, size, mode, white, matrix.a, matrix.b, matrix.c, matrix.d)
        style = self.styles.get(key)
        if style is None:
            shown = Matrix(matrix.a, matrix.b, matrix.c, matrix.d, 0, 0).then(self.to_shown)
            if not all(map(math.isfinite, (*shown, size))):
                shown, size = IDENTITY, 0.0  # it stands nowhere, and is not seen
            angle = round(math.degrees(math.atan2(shown.b, shown.a)) / 90) * 90 % 360
            stretch = math.hypot(shown.c, shown.d) or 1.0
            name, bold = self._font(font, index)
            style = _Style(abs(size) * stretch, angle, name, bold, mode == INVISIBLE, white)
            self.styles[key] = style
        return style

    def _font(self, key: int, index: int) -> tuple[str, bool]:
        if key not in self.fonts:
            buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
            length = pdfium.FPDFText_GetFontInfo(
                self.handle, index, buffer, 128, ctypes.byref(flags)
            )
            name = buffer.value.decode("latin-1") if 0 < length <= 128 else ""
            name = name.partition("+")[2] or name
            heavy = any(word in name.lower() for word in ("bold", "black", "heavy", "demi"))
            weight = pdfium.FPDFText_GetFontWeight(self.handle, index)
            self.fonts[key] = name, heavy or weight >= 600
        return self.fonts[key]

    def _lines(self) -> Iterator["_Line"]:
        count = pdfium.FPDFText_CountChars(self.handle)
        text = self.text.get_text_range(0, count, errors="replace") if count else ""
        at = 0
        for line in text.splitlines(keepends=True):
            # PDFium counts UTF-16 units
            length = len(line) if line.isascii() else len(line.encode("utf-16-le")) // 2
            body = line.strip()
            if body:
                first = at + len(line) - len(line.lstrip())
                last = at + length - 1 - (len(line) - len(line.rstrip()))
                if made := self._line(body, min(first, count - 1), min(last, count - 1)):
                    yield made
            at += length

    def _line(self, text: str, first: int, last: int) -> "_Line | None":
        """The line whose first and last characters have these numbers, if one can see it."""
        item = pdfium.FPDFText_GetTextObject(self.handle, first)
        if not item:
            return None
        style = self._style(item, first)
        if style.size < MIN_SIZE or style.invisible:
            return None
        (ax0, ay0, ax1, ay1), base = self._measured(first, style)
        bx0, by0, bx1, by1 = self._box(last, style)
        box = min(ax0, bx0), min(ay0, by0), max(ax1, bx1), max(ay1, by1)
        return _Line(text, box, base, style)

    def _measured(self, index: int, style: _Style) -> tuple[Box, tuple[float, float]]:
        x, y = self.corners[4:]
        pdfium.FPDFText_GetCharOrigin(self.handle, index, *self.corners_at[4:])
        return self._box(index, style), self.to_shown.point(x.value, y.value)

    def _box(self, index: int, style: _Style) -> Box:
        left, right, bottom, top = self.corners[:4]
        pdfium.FPDFText_GetCharBox(self.handle, index, *self.corners_at[:4])
        box = self.to_shown.box(left.value, bottom.value, right.value, top.value)
        return self._loose_box(index) if _has_no_ink(box, style) else box


def _has_no_ink(box: Box, style: _Style) -> bool:
    """Of a character whose font neither the file nor this machine has, PDFium knows the advance
    alone: a box one thousandth of the type's size high."""
    x0, y0, x1, y1 = box
    return min(x1 - x0, y1 - y0) < NO_INK * style.size


class _Line(NamedTuple):
    """A line of text as PDFium gives it, measured at its ends."""

    text: str
    box: Box
    base: tuple[float, float]
    style: _Style

    def shared_out(self, whole: bool) -> list[Lying]:
        """Its words, its length shared out among their characters. With `whole` the first one and
        all others as one, but where signs close up to numbers, or words join or change places."""
        parts = self.text.split(" ")
        if whole and len(parts) > 2 and self.style.angle == 0 and not PLACED.search(self.text):
            parts = [parts[0], " ".join(parts[1:])]
        x0, y0, x1, y1 = self.box
        style, long, made, at = self.style, max(1, len(self.text)), [], 0
        for part in parts:
            text = part if part.isascii() and part.isprintable() else part.translate(_STAND_FOR)
            if text := text.strip():
                a, b = at / long, (at + len(part)) / long
                if style.angle in (90, 270):
                    box = (x0, y0 + a * (y1 - y0), x1, y0 + b * (y1 - y0))
                else:
                    box = (x0 + a * (x1 - x0), y0, x0 + b * (x1 - x0), y1)
                word = Word(text, *box, style.size, self.base[1], style.bold, style.font)
                made.append(Lying(word, style.angle, self.base))
            at += len(part) + 1
        return made


def _beside_small_print(lines: list[_Line]) -> list[bool]:
    """For each line whether smaller print stands within its height, which may hang on a word."""
    largest = max((line.style.size for line in lines), default=0.0)
    small = [
        (line.style.size, (line.box[1] + line.box[3]) / 2)
        for line in lines
        if line.style.size < SMALL * largest
    ]
    if not small:
        return [False] * len(lines)
    return [
        any(
            size < SMALL * line.style.size
            and -1.1 * line.style.size < middle - line.base[1] < 0.35 * line.style.size
            for size, middle in small
        )
        for line in lines
    ]


def _legible(items: list[Lying]) -> list[Lying]:
    if not any(LOST in item.word.text for item in items):
        return items
    texts = with_ligatures([item.word.text for item in items])
    return [
        item._replace(word=msgspec.structs.replace(item.word, text=text))
        for item, text in zip(items, texts, strict=True)
    ]


class _Growing:
    """A word that is being put together."""

    __slots__ = ("base", "box", "last", "style", "text")

    def __init__(self) -> None:
        self.text = ""
        self.style: _Style | None = None

    def goes_on(self, box: Box, base: tuple[float, float], style: _Style) -> bool:
        """Whether a character stands right behind the last one, on the same baseline."""
        if self.style is None or style.angle != self.style.angle:
            return False
        along, across = (1, 0) if style.angle in (90, 270) else (0, 1)
        if abs(base[across] - self.base[across]) > 0.15 * max(style.size, self.style.size):
            return False
        forward = style.angle in (0, 90)
        gap = box[along] - self.last[along + 2] if forward else self.last[along] - box[along + 2]
        return -1.5 * style.size < gap < WORD_GAP * style.size

    def add(self, text: str, box: Box, base: tuple[float, float], style: _Style) -> None:
        if not self.text:
            self.box, self.base, self.style = box, base, style
        else:
            a, b = self.box, box
            self.box = min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
        self.text += text
        self.last = box

    def done(self) -> Word:
        assert self.style is not None
        style = self.style
        return Word(self.text, *self.box, style.size, self.base[1], style.bold, style.font)


def _touches(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
