"""PDF: PDFium's characters, lines and fills as the ink of a page; each page is read by itself."""

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tenth.config import ReadConfig
from tenth.documents.ink import Draft, Ink, Word
from tenth.documents.layout import read_layout
from tenth.documents.model import Box, Page
from tenth.documents.pdf_paths import Matrix, drawn
from tenth.documents.refusal import Refused
from tenth.documents.shown import as_shown
from tenth.documents.turning import Lying, upright

MIN_SIZE = 1.5  # points: nobody reads smaller print
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
HYPHENS = (0x02, 0xFFFE, 0xAD)  # PDFium's own marks for one at a line's end, and the soft one
INVISIBLE = 3  # the text render mode
WORD_GAP = 0.6  # of the font's size: wider apart, characters are not one word


def count_pages(path: Path, config: ReadConfig) -> int:
    """How many pages the PDF has. Raises Refused."""
    with _opened(path) as pdf:
        count = len(pdf)
    if count > config.max_pages:
        raise Refused(f"{path.name}: {count} pages, over the limit max_pages of {config.max_pages}")
    if count == 0:
        raise Refused(f"{path.name}: a PDF without pages")
    return count


def read_pages(
    path: Path, numbers: Iterable[int], config: ReadConfig, on_ocr: Callable[[int], None]
) -> Iterator[Draft]:
    """These pages, each for itself; one that PDFium cannot load is a failed one."""
    with _opened(path) as pdf:
        for number in numbers:
            try:
                page = pdf[number - 1]
            except pypdfium2.PdfiumError:
                yield Draft(Page(number=number, source="failed", reason="PDFium cannot load it"))
                continue
            with closing(page):
                ink = _with_ocr(page, number, ink_of(page), config, on_ocr)
                yield as_shown(read_layout(ink, number, config.tables), ink)


def render(page: pypdfium2.PdfPage, dpi: float) -> Any:
    """The page as a PIL image."""
    bitmap = page.render(scale=dpi / 72)  # pyright: ignore[reportArgumentType]
    try:
        return bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()


def _with_ocr(
    page: pypdfium2.PdfPage,
    number: int,
    ink: Ink,
    config: ReadConfig,
    on_ocr: Callable[[int], None],
) -> Ink:
    """The page's ink by OCR where its text layer cannot be trusted and OCR reads more."""
    if config.ocr == "never":
        return ink
    from tenth.documents.quality import trouble

    reason = "asked for" if config.ocr == "always" else trouble(ink)
    if not reason:
        return ink
    from tenth.documents.ocr import RENDER_DPI, better, read_image

    on_ocr(number)
    dpi = min(RENDER_DPI, 72 * math.sqrt(config.max_pixels / max(1.0, ink.width * ink.height)))
    return better(ink, read_image(render(page, dpi), dpi / 72, reason, config))


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        said = str(error)
        if "assword" in said:
            raise Refused(f"{path.name}: the PDF is encrypted with a password") from None
        raise Refused(f"{path.name}: not a PDF that can be read ({said.rstrip('.')})") from None
    with closing(pdf):
        yield pdf


def ink_of(page: pypdfium2.PdfPage) -> Ink:
    """The page's ink, turned so that most of its words stand upright (see `Ink.shown`).

    What a reader cannot see (outside the page, tiny, in no ink at all) is left out.
    """
    to_shown, width, height = _shown(page)
    rules, fills, images = drawn(page, to_shown)
    words = [
        item
        for item in _Characters(page, to_shown, images).words()
        if item.word.x1 > 0 and item.word.y1 > 0 and item.word.x0 < width and item.word.y0 < height
    ]
    bare = Ink(width, height, rules=tuple(rules), fills=tuple(fills), images=tuple(images))
    return upright(bare, words)


def _shown(page: pypdfium2.PdfPage) -> tuple[Matrix, float, float]:
    """From the page's own space to points from the top left as it is shown, and its size there."""
    box: Any = page.get_cropbox() or page.get_mediabox()
    left, bottom, right, top = box
    rotation = page.get_rotation()
    if rotation == 90:
        matrix = Matrix(0, 1, 1, 0, -bottom, -left)
    elif rotation == 180:
        matrix = Matrix(-1, 0, 0, 1, right, -bottom)
    elif rotation == 270:
        matrix = Matrix(0, -1, -1, 0, top, right)
    else:
        matrix = Matrix(1, 0, 0, -1, -left, top)
    width, height = page.get_size()
    return matrix, width, height


class _Characters:
    """PDFium's characters, in the file's order, to words and their angle."""

    def __init__(self, page: pypdfium2.PdfPage, to_shown: Matrix, images: list[Box]):
        self.page, self.to_shown, self.images = page, to_shown, images
        self.text = page.get_textpage()
        self.styles: dict[int, _Style] = {}

    def words(self) -> Iterator[Lying]:
        raw, handle = pdfium, self.text.raw
        get_unicode, get_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
        get_object, get_origin = raw.FPDFText_GetTextObject, raw.FPDFText_GetCharOrigin
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        at = [ctypes.byref(value) for value in (left, right, bottom, top)]
        x, y = ctypes.c_double(), ctypes.c_double()
        origin = ctypes.byref(x), ctypes.byref(y)
        word = _Growing()
        high = 0
        try:
            for i in range(raw.FPDFText_CountChars(handle)):
                code = get_unicode(handle, i)
                if 0xD800 <= code < 0xDC00:
                    high = code
                    continue
                if 0xDC00 <= code < 0xE000 and high:
                    code, high = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00, 0
                if code in HYPHENS:
                    code = 0x2D
                elif code < 0x20 and code not in (0x09, 0x0A, 0x0D):
                    code = 0xFFFD  # a glyph that no character is known of
                if chr(code).isspace() or 0x200B <= code <= 0x200F:
                    yield from self._ended(word)
                    word = _Growing()
                    continue
                get_box(handle, i, *at)
                get_origin(handle, i, *origin)
                box = self.to_shown.box(left.value, bottom.value, right.value, top.value)
                style = self._style(ctypes.addressof(get_object(handle, i).contents), i)
                base = self.to_shown.point(x.value, y.value)
                if word.text and not word.goes_on(box, base, style):
                    yield from self._ended(word)
                    word = _Growing()
                word.add(LIGATURES.get(code) or chr(code), box, base, style)
            yield from self._ended(word)
        finally:
            self.text.close()

    def _ended(self, word: "_Growing") -> Iterator[Lying]:
        style = word.style
        if not word.text or style is None or style.size < MIN_SIZE:
            return
        if style.invisible and not any(_touches(word.box, image) for image in self.images):
            return
        yield Lying(word.done(), style.angle, word.base)

    def _style(self, key: int, index: int) -> "_Style":
        style = self.styles.get(key)
        if style is None:
            style = self.styles[key] = _Style(self.text.raw, index, self.to_shown)
        return style


class _Style:
    """What all characters of one text object share."""

    def __init__(self, handle: Any, index: int, to_shown: Matrix):
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(handle, index, matrix)
        shown = Matrix(matrix.a, matrix.b, matrix.c, matrix.d, 0, 0).then(to_shown)
        stretch = math.hypot(shown.c, shown.d)
        size = pdfium.FPDFText_GetFontSize(handle, index) * (stretch or 1.0)
        self.size = abs(size)
        # the direction of writing, clockwise from rightwards, as y grows downwards
        self.angle = round(math.degrees(math.atan2(shown.b, shown.a)) / 90) * 90 % 360
        buffer = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        length = pdfium.FPDFText_GetFontInfo(handle, index, buffer, 128, ctypes.byref(flags))
        name = buffer.value.decode("latin-1") if 0 < length <= 128 else ""
        self.font = name.partition("+")[2] or name
        lowered = self.font.lower()
        self.bold = any(word in lowered for word in ("bold", "black", "heavy", "demi")) or (
            pdfium.FPDFText_GetFontWeight(handle, index) >= 600
        )
        text_object = pdfium.FPDFText_GetTextObject(handle, index)
        self.invisible = pdfium.FPDFTextObj_GetTextRenderMode(text_object) == INVISIBLE


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
        x0, y0, x1, y1 = self.box
        style = self.style
        return Word(self.text, x0, y0, x1, y1, style.size, self.base[1], style.bold, style.font)


def _touches(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
